"""What the demonstration publishes: which offer in which community, all chosen by the seed.

Real lists of skills come first: in an order that the seed shuffles, each goes to the next
community and becomes one offer, or two where it names more topics than an offer may. A list
without languages is in its community's first one. How help is given is not in the lists and
chosen by the seed. Made-up offers over the whole vocabulary fill up what is missing; some of
those are marked to be withdrawn or to expire while the demonstration runs. Left to the caller:
accounts, publishing, time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from kith_node.demo.chooser import Chooser
from kith_node.demo.offers import make_offers
from kith_node.demo.tags import SkillRow, load_rows
from kith_protocol.offer_content import Format, OfferContent, Way
from kith_protocol.vocabulary import Vocabulary

MAX_NODES = 10
MIN_OFFERS = 40
MIN_DOOMED = 3
MAX_ACCOUNTS = 100
ACCOUNTS_PER_COMMUNITY = 8
MAX_TOPICS = 4  # of one offer

_SHOWN_DAYS = (30, 60, 90)
_WAYS: tuple[Way, ...] = ("advise", "teach", "practise", "review")
_FORMATS: tuple[Format, ...] = ("chat", "voice", "video")

Fate = Literal["stays", "withdrawn", "expires"]


class Community(msgspec.Struct, frozen=True):
    """One community.

    Attributes:
        name: says nothing about whom it is for.
        languages: most common first.
    """

    name: str
    languages: tuple[str, ...]


COMMUNITIES = (
    Community("Harbour", ("en", "ar")),
    Community("Mirador", ("es", "pt", "en")),
    Community("Lanterne", ("fr", "it", "en")),
    Community("Werkhof", ("de", "tr", "pl")),
    Community("Pristan", ("ru", "zh", "ja", "en")),
    Community("Varanda", ("pt", "en")),
    Community("Cortile", ("it", "en")),
    Community("Zagroda", ("pl", "en")),
    Community("Engawa", ("ja", "en")),
    Community("Avlu", ("tr", "ar")),
)


class PlacedRow(msgspec.Struct, frozen=True):
    """A real list of skills in its community.

    Attributes:
        number: names it within the plan.
        community: position of its community.
        topics: all of them, 1 to 5.
        languages: never empty.
    """

    number: int
    community: int
    topics: tuple[str, ...]
    languages: tuple[str, ...]


class Planned(msgspec.Struct, frozen=True):
    """An offer to be published.

    Attributes:
        community: position of its community.
        account: position of its owner within the community.
        content: what it says.
        days: how long it stands.
        row: number of the list that it comes from, ``None`` if it is made up.
        fate: what becomes of it while the demonstration runs.
    """

    community: int
    account: int
    content: OfferContent
    days: int
    row: int | None = None
    fate: Fate = "stays"


class Plan(msgspec.Struct, frozen=True):
    """Everything that is going to be published.

    Attributes:
        communities: as many as there are nodes.
        accounts: how many each community has.
        rows: the real lists used.
        offers: in the order of communities, real ones first.
    """

    communities: tuple[Community, ...]
    accounts: int
    rows: tuple[PlacedRow, ...]
    offers: tuple[Planned, ...]


def make_plan(
    vocabulary: Vocabulary,
    *,
    nodes: int,
    offers: int,
    seed: int,
    rows: Sequence[SkillRow] | None = None,
) -> Plan:
    """Return a plan; the same arguments give the same plan.

    Args:
        vocabulary: for the made-up offers.
        nodes: 1 to ``MAX_NODES``.
        offers: in all, at least ``MIN_OFFERS``; at most two thirds of them are real.
        seed: any number.
        rows: lists of skills; by default all that are shipped.
    """
    communities = COMMUNITIES[:nodes]
    accounts = min(ACCOUNTS_PER_COMMUNITY, MAX_ACCOUNTS // nodes)
    chooser = Chooser(seed)
    shuffled = chooser.shuffle(load_rows() if rows is None else rows, "rows")
    placed = _place_rows(shuffled, communities, most=offers * 2 // 3)
    real = [offer for row in placed for offer in _offers_of(row, accounts, chooser)]
    missing = offers - len(real)
    made_up = [
        offer
        for place, community in enumerate(communities)
        for offer in _make_up(
            vocabulary, community, place, _share(missing, nodes, place), accounts, seed
        )
    ]
    planned = (*real, *_doom(made_up, most=max(MIN_DOOMED, offers // 100)))
    ordered = tuple(sorted(planned, key=lambda offer: offer.community))
    return Plan(communities, accounts, placed, ordered)


def split_topics(topics: Sequence[str]) -> list[tuple[str, ...]]:
    """Return *topics* in as few parts of at most ``MAX_TOPICS``, as even as can be."""
    parts = -(-len(topics) // MAX_TOPICS)
    size = -(-len(topics) // parts)
    return [tuple(topics[start : start + size]) for start in range(0, len(topics), size)]


def _place_rows(
    rows: Sequence[SkillRow], communities: Sequence[Community], *, most: int
) -> tuple[PlacedRow, ...]:
    """Return the first of *rows*, together at most *most* offers, dealt out in turn."""
    placed: list[PlacedRow] = []
    taken = 0
    for number, row in enumerate(rows):
        taken += len(split_topics(row.topics))
        if taken > most:
            break
        place = number % len(communities)
        languages = row.languages or communities[place].languages[:1]
        placed.append(PlacedRow(number, place, row.topics, languages))
    return tuple(placed)


def _offers_of(row: PlacedRow, accounts: int, chooser: Chooser) -> list[Planned]:
    """Return the offers of one list; they have the same owner."""
    ways = chooser.some(_WAYS, 1 + chooser.below(2, "ways", row.number), "way", row.number)
    formats = chooser.some(
        _FORMATS, 1 + chooser.below(3, "formats", row.number), "format", row.number
    )
    account = chooser.below(accounts, "account", row.number)
    return [
        Planned(
            community=row.community,
            account=account,
            content=OfferContent(
                topics=topics, languages=row.languages[:6], ways=ways, formats=formats
            ),
            days=chooser.pick(_SHOWN_DAYS, "days", row.number),
            row=row.number,
        )
        for topics in split_topics(row.topics)
    ]


def _make_up(
    vocabulary: Vocabulary,
    community: Community,
    place: int,
    count: int,
    accounts: int,
    seed: int,
) -> list[Planned]:
    # Another seed for each, or all communities would begin with the same topics.
    chooser = Chooser(seed * MAX_NODES + place)
    contents = make_offers(
        vocabulary, count, seed * MAX_NODES + place, languages=community.languages
    )
    return [
        Planned(place, at % accounts, content, chooser.pick(_SHOWN_DAYS, "made-up days", at))
        for at, content in enumerate(contents)
    ]


def _share(count: int, nodes: int, place: int) -> int:
    """Return how many of *count* fall to the community at *place*."""
    return count // nodes + (1 if place < count % nodes else 0)


def _doom(offers: Sequence[Planned], *, most: int) -> list[Planned]:
    """Return *offers*, every so often one marked to be withdrawn and one to expire."""
    step = max(2, len(offers) // most)
    doomed: list[Planned] = []
    for at, offer in enumerate(offers):
        if at % step == 0:
            doomed.append(msgspec.structs.replace(offer, fate="withdrawn"))
        elif at % step == 1:
            doomed.append(msgspec.structs.replace(offer, fate="expires", days=1))
        else:
            doomed.append(offer)
    return doomed
