"""Who is shown: how the first five places of real wishes are spread over offers.

The wishes are those of the demonstration (``kith_node.demo.wishes``): real lists of skills, one
topic taken out of each, asked in the community of its person. All are asked once on each of
some days, and the first five offers that are not the person's own are counted, under several
rules of order. The scores are the same for all rules; only what decides between near-equals
differs:

* ``no rotation``: by score, then by a hash that never changes;
* ``by day``: by score, then by a hash that changes daily, for everybody alike;
* ``by day, subject, place``: the hash changes with what is looked for and where, too;
* ``luck by day`` and ``luck by day and subject``: the hash gives 0 to 31 points as well;
* ``as it is``: the rule of ``kith_protocol.ranking``: luck by day, subject and community;
* ``twice as much luck``: the same with 0 to 63 points;
* ``first form``: as the first version did, by day and with all topics of the wish asked alike.

For each rule: ``top5_share``, the share of places that go to the most used twentieth of offers
(``even`` is what nothing reaches, as some topics are wanted more than others and some languages
spoken by few); ``hit_at_5``, the share of wishes with a right offer among the five (``even``
says how many have one anywhere); ``ever_shown``, the share of offers that anybody was shown.

``run`` returns the figures; ``python tests/bench/bench_fairness.py`` prints them as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import msgspec

from kith_node.demo.chooser import Chooser
from kith_node.demo.fairness import top_share
from kith_node.demo.plan import PlacedRow, split_topics
from kith_node.demo.tags import load_rows
from kith_node.demo.wishes import TOP, Wish, derive_wishes, is_right, query_of
from kith_node.topics.loading import load_concepts
from kith_protocol import ranking
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.matching import is_match
from kith_protocol.offer_content import Answers
from kith_protocol.query import Query
from kith_protocol.vocabulary import Vocabulary

Figures = dict[str, float]
Seed = Callable[[Query, int, str], int]

TODAY = 20_779
DAYS = 30
SEED = 3
COMMUNITIES = tuple(f"https://c{number}.example/actor" for number in range(5))
LANGUAGES = ("en", "es", "fr", "de", "ru")  # where a list states none
ANSWERS: tuple[Answers | None, ...] = ("days", "week", "longer", None)
MOST_MATCHES = 60  # of one wish; the first five are never further behind
NO_LUCK = 32  # all bits of a rotation
MOST_LUCK = 1 << NO_LUCK + 1 - ranking.LUCK_SHIFT


class Found(msgspec.Struct, frozen=True):
    """One offer that answers a wish.

    Attributes:
        offer: what it says.
        score: by the rule.
        hashes: of its id.
        is_right: for the wish.
    """

    offer: Listed
    score: int
    hashes: tuple[int, int]
    is_right: bool


class Asked(msgspec.Struct, frozen=True):
    """A wish with all that answers it but the person's own."""

    query: Query
    community: str
    found: tuple[Found, ...]


class Rule(msgspec.Struct, frozen=True):
    """What decides between near-equals: a seed, and which of its bits count like points."""

    seed: Seed
    shift: int


_VOCABULARY = Vocabulary(load_concepts())
HIERARCHY = Hierarchy(_VOCABULARY.ancestors, _VOCABULARY.related)
RULES = {
    "no rotation": Rule(lambda _query, _day, _place: 0, NO_LUCK),
    "by day": Rule(lambda _query, day, _place: ranking.mix32(day), NO_LUCK),
    "by day, subject, place": Rule(ranking.rotation_seed, NO_LUCK),
    "luck by day": Rule(lambda _query, day, _place: ranking.mix32(day), ranking.LUCK_SHIFT),
    "luck by day and subject": Rule(
        lambda query, day, _place: ranking.rotation_seed(query, day, ""), ranking.LUCK_SHIFT
    ),
    "as it is": Rule(ranking.rotation_seed, ranking.LUCK_SHIFT),
    "twice as much luck": Rule(ranking.rotation_seed, ranking.LUCK_SHIFT - 1),
}


def run(days: int = DAYS) -> dict[str, Figures]:
    """Return figures by the name of the rule, over one day and over *days*."""
    rows, offers = make_offers()
    wishes = derive_wishes(rows, seed=SEED)
    asked = [_ask(wish, query_of(wish, limit=TOP), offers) for wish in wishes]
    first = [_ask(wish, _first_form(wish), offers) for wish in wishes]
    cases = [(name, rule, asked) for name, rule in RULES.items()]
    cases.append(("first form", RULES["by day"], first))
    figures: dict[str, Figures] = {}
    for name, rule, whole in cases:
        shown = [
            [_first_five(one, rule, day) for one in whole] for day in range(TODAY, TODAY + days)
        ]
        figures[name] = _figures(shown, len(offers))
    reachable = _share([any(found.is_right for found in one.found) for one in asked])
    return figures | {"even": {"top5_share": 0.05, "hit_at_5": reachable, "ever_shown": 1}}


def make_offers() -> tuple[list[PlacedRow], list[tuple[int, Listed]]]:
    """Return the lists of skills, dealt out to communities, and the offers they make.

    An offer comes with the number of its list: who wishes is not shown their own.
    """
    chooser = Chooser(SEED)
    rows, offers = [], []
    for number, row in enumerate(chooser.shuffle(load_rows(), "rows")):
        place = number % len(COMMUNITIES)
        languages = row.languages or LANGUAGES[place : place + 1]
        rows.append(PlacedRow(number, place, row.topics, languages))
        for part, topics in enumerate(split_topics(row.topics)):
            name = f"{chooser.below(10**18, 'name', number, part):022d}"
            offer = Listed(
                id=f"{COMMUNITIES[place].removesuffix('/actor')}/offers/{name}",
                community=COMMUNITIES[place],
                updated=TODAY - chooser.below(60, "updated", number),
                end_day=TODAY + 90,
                topics=topics,
                languages=languages,
                ways=("advise",),
                formats=("chat",),
                answers=chooser.pick(ANSWERS, "answers", number),
            )
            offers.append((number, offer))
    return rows, offers


def _first_form(wish: Wish) -> Query:
    return Query(topics=(wish.wanted, *wish.have), languages=wish.languages)


def _ask(wish: Wish, query: Query, offers: Sequence[tuple[int, Listed]]) -> Asked:
    matches = (
        offer
        for number, offer in offers
        if number != wish.row and is_match(offer, query, hierarchy=HIERARCHY, day=TODAY)
    )
    found = [
        Found(
            offer=offer,
            score=ranking.score_offer(offer, query, hierarchy=HIERARCHY, day=TODAY),
            hashes=ranking.offer_hash(offer.id),
            is_right=is_right(offer, wish),
        )
        for offer in matches
    ]
    found.sort(key=lambda one: -one.score)
    return Asked(query, COMMUNITIES[wish.community], tuple(found))


def _first_five(asked: Asked, rule: Rule, day: int) -> list[Found]:
    seed = rule.seed(asked.query, day, asked.community)

    def place(one: Found) -> tuple[int, int]:
        return ranking.mix32(one.hashes[0] ^ seed) - (one.score << rule.shift), one.hashes[1]

    return _dealt(sorted(_within_luck(asked.found), key=place))


def _within_luck(found: tuple[Found, ...]) -> list[Found]:
    """Return those of *found* that luck can bring among the first: fewer to sort."""
    least = found[MOST_MATCHES].score if len(found) > MOST_MATCHES else 0
    return [one for one in found if one.score >= least - MOST_LUCK]


def _dealt(ranked: list[Found]) -> list[Found]:
    dealt = ranking.spread([one.offer.community for one in ranked], len(ranked))
    return [ranked[place] for place in islice(dealt, TOP)]


def _figures(shown: Sequence[Sequence[Sequence[Found]]], offers: int) -> Figures:
    def over(days: int) -> Iterator[Sequence[Found]]:
        return (first for today in shown[:days] for first in today)

    figures: Figures = {}
    for name, days in (("", 1), (f"_{len(shown)}_days", len(shown))):
        figures |= {
            f"top5_share{name}": top_share(
                ([one.offer.id for one in first] for first in over(days)), offers=offers
            ),
            f"hit_at_5{name}": _share([any(f.is_right for f in first) for first in over(days)]),
            f"ever_shown{name}": round(
                len({one.offer.id for first in over(days) for one in first}) / offers, 4
            ),
        }
    return figures


def _share(answers: Sequence[bool]) -> float:
    return round(sum(answers) / len(answers), 4)


def main() -> None:
    """Print the table."""
    figures = run()
    columns = list(figures["as it is"])
    print(" " * 24, *(f"{name:>19}" for name in columns))
    for name, values in figures.items():
        print(f"{name:24}", *(f"{values.get(column, ''):>19}" for column in columns))


if __name__ == "__main__":
    main()
