"""Do wishes find mentors? Leave-one-out over real lists of skills, with a plain rule beside it.

**Wish.** From a real list of at least three topics one is taken out, chosen by the seed. Its
person is taken to look for a mentor in that topic (*wanted*) and to know the others (*have*).
The wish is asked in the person's own community, in the person's languages, for the wanted topic
and its near relatives; who also knows what one knows already is preferred.

**Right** is an offer that comes from somebody else, names the wanted topic itself (nothing
above or below it), names at least one topic that the person has, and shares a language. Naming
the wanted topic alone is not enough: any search for that topic would pass. Naming only what the
person has is wrong, so that who merely resembles the person pushes right offers out of sight.

**Hit at 5**: one of the first five offers that are not the person's own is right. Beside it
stands the same for *popularity*, which shows everybody the same kind of offers: the five in the
person's languages whose topics are named most often in all offers together. Some wishes have no
right offer anywhere; the share that has one is the most that any order can reach.

What this does not show: whether people would get on. The lists are those of people who offer;
nobody has published a list of what mentees ask for. The two offers of one long list count as
one person's. Source: Kith's own definition; leave-one-out as in evaluating recommendations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from kith_node.demo.chooser import Chooser
from kith_node.demo.plan import PlacedRow
from kith_protocol.listed import Listed
from kith_protocol.query import Query, primary_language

MIN_TOPICS = 3
TOP = 5


class Wish(msgspec.Struct, frozen=True):
    """What somebody looks for.

    Attributes:
        row: number of the list that it comes from.
        community: position of the community in which it is asked.
        wanted: the topic that was taken out.
        have: the others.
        languages: of the person.
    """

    row: int
    community: int
    wanted: str
    have: tuple[str, ...]
    languages: tuple[str, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What became of one wish.

    Attributes:
        has_right: whether a right offer exists anywhere.
        first_right: position of the community of the first right one of the first five, or
            ``None`` if none is.
        is_popular_hit: whether popularity would have shown a right one.
    """

    wish: Wish
    has_right: bool
    first_right: int | None
    is_popular_hit: bool


class Score(msgspec.Struct, frozen=True):
    """Shares of all wishes, 0 to 1.

    Attributes:
        wishes: how many.
        hit_at_5: with a right offer among the first five.
        hit_at_5_popularity: the same for popularity.
        reachable: with a right offer anywhere.
        cross_community_share: whose first right hit is of another community than the wish.
    """

    wishes: int
    hit_at_5: float
    hit_at_5_popularity: float
    reachable: float
    cross_community_share: float


def derive_wishes(rows: Iterable[PlacedRow], *, seed: int) -> list[Wish]:
    """Return one wish for each of *rows* that has at least ``MIN_TOPICS`` topics."""
    chooser = Chooser(seed)
    wishes: list[Wish] = []
    for row in rows:
        if len(row.topics) < MIN_TOPICS:
            continue
        wanted = chooser.pick(row.topics, "wanted", row.number)
        have = tuple(topic for topic in row.topics if topic != wanted)
        wishes.append(Wish(row.number, row.community, wanted, have, row.languages))
    return wishes


def query_of(wish: Wish, *, limit: int) -> Query:
    """Return what the node is asked for *wish*."""
    return Query(
        topics=(wish.wanted,),
        near=True,
        knows=wish.have,
        languages=wish.languages,
        limit=limit,
    )


def is_right(offer: Listed, wish: Wish) -> bool:
    """Return whether *offer*, somebody else's, is right for *wish*; see **Right**."""
    return (
        wish.wanted in offer.topics
        and not set(wish.have).isdisjoint(offer.topics)
        and _shares_language(offer, wish)
    )


class Judge:
    """Judges results against everything that all communities offer."""

    def __init__(
        self,
        offers: Mapping[str, Listed],
        *,
        row_of: Mapping[str, int],
        actors: Sequence[str],
    ) -> None:
        """Take the whole catalogue.

        Args:
            offers: id to offer.
            row_of: id to the number of its list, for those that come from one.
            actors: of the communities, by position.
        """
        self._offers = offers
        self._row_of = row_of
        self._communities = {actor: place for place, actor in enumerate(actors)}
        named = Counter(topic for offer in offers.values() for topic in offer.topics)
        self._by_popularity = sorted(
            offers.values(),
            key=lambda offer: (-sum(named[topic] for topic in offer.topics), offer.id),
        )

    def own_of(self, wish: Wish) -> Collection[str]:
        """Return the ids of the offers of the person who wishes."""
        return {offer_id for offer_id, row in self._row_of.items() if row == wish.row}

    def judge(self, wish: Wish, found: Iterable[str]) -> Outcome:
        """Return what became of *wish*.

        Args:
            wish: that was asked.
            found: ids in the order of the answer, the person's own included.
        """
        own = self.own_of(wish)
        others = [offer_id for offer_id in found if offer_id not in own][:TOP]
        right = [
            self._communities[self._offers[offer_id].community]
            for offer_id in others
            if is_right(self._offers[offer_id], wish)
        ]
        return Outcome(
            wish=wish,
            has_right=any(
                is_right(offer, wish) and offer.id not in own for offer in self._by_popularity
            ),
            first_right=right[0] if right else None,
            is_popular_hit=any(is_right(offer, wish) for offer in self._popular(wish, own)),
        )

    def _popular(self, wish: Wish, own: Collection[str]) -> list[Listed]:
        shown = (
            offer
            for offer in self._by_popularity
            if offer.id not in own and _shares_language(offer, wish)
        )
        return [offer for offer, _ in zip(shown, range(TOP), strict=False)]


def add_up(outcomes: Sequence[Outcome]) -> Score:
    """Return the shares; all are 0 where there was no wish."""
    return Score(
        wishes=len(outcomes),
        hit_at_5=_share(outcome.first_right is not None for outcome in outcomes),
        hit_at_5_popularity=_share(outcome.is_popular_hit for outcome in outcomes),
        reachable=_share(outcome.has_right for outcome in outcomes),
        cross_community_share=_share(
            outcome.first_right not in (None, outcome.wish.community) for outcome in outcomes
        ),
    )


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return round(sum(given) / len(given), 4) if given else 0.0


def _shares_language(offer: Listed, wish: Wish) -> bool:
    spoken = {primary_language(tag) for tag in offer.languages}
    return any(primary_language(tag) in spoken for tag in wish.languages)
