"""The one place that says which offers answer a query, in which order, and why.

Nodes and devices follow it to the same results (``protocol/vectors/ranking.json``). All numbers
are integers. ``rank`` is the plain, slow form; a node's index has to agree with it.

**Match.** An offer answers a query if it is live (its end day is after today) and, for each of
these that the query names, fits at least one value: *topics* (the topic itself or one above it
in the vocabulary), *languages* (compared by primary subtag), *ways*, *formats*, *communities*.
It must not be of a community in *without*, and must have room if the query says *room_only*.
*When* and *level* never exclude anybody.

**Score.** The sum of

======== ===================================================================================
room     20000 if it has room: whatever is full comes after whatever is not
topics   for each topic asked: 800 if the offer names it; 500, 300, 200 if it names one that
         lies one, two, three or more levels below; the nearest counts
language 120 for the first language asked, 20 less for each later one, at least 20; the first
         one that fits counts
ways     40 for each that was asked and is offered
formats  30 for each
when     24 for each; 12 if the offer does not say; nothing if it says others
level    the same
answers  20 within days, 10 within a week
updated  16 if at most 14 days ago, 8 if at most 45
======== ===================================================================================

**Order.** By score, highest first. Equals rotate by day, for everybody alike: the lower
``mix32(crc32(id) ^ mix32(day))`` comes first, then the lower ``crc32`` of the id's bytes in
reverse, then the lower id. CRC-32 is that of RFC 1952 §8; ``mix32`` is below. The day is today,
or the cursor's where that is today or yesterday. Only the first 1000 are listed.

**Diversity.** The order is then dealt into blocks of 50: a block takes, in order, the offers of
which it does not yet hold three of the same community; if that does not fill it, the first of
those passed over follow. Those left begin the next block. Offers with room are dealt first,
those without afterwards by themselves. Pages are cut from the dealt list.

A node that finds very many offers ranks only a window of them (``window_start``); a device
ranks all it has.

**Reasons** are codes with values; clients make the sentences. In this order, where they apply:
``topic-exact`` (topics asked and named), ``topic-under`` (topics named that lie below one asked
which is not named itself), ``language`` (those asked and spoken), ``way``, ``format``,
``when``, ``level`` (each asked and offered), ``when-differs``, ``level-differs`` (what is
offered instead), ``has-room`` or ``no-room``, ``answers``.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import msgspec

from kith_protocol.api import Reason
from kith_protocol.listed import Listed
from kith_protocol.query import MAX_OFFSET, MAX_TOPICS, Query, primary_language

Ancestors = Callable[[str], Sequence[str]]
"""The topics above a topic, nearest first; nothing for a root or an unknown one."""

ROOM = 20_000
TOPIC_BY_DISTANCE = (800, 500, 300, 200)
LANGUAGE_FIRST = 120
LANGUAGE_STEP = 20
WAY = 40
FORMAT = 30
PREFERENCE = 24
UNSAID = 12
ANSWERS = {"days": 20, "week": 10}
FRESH = ((14, 16), (45, 8))

# No score reaches this: room, all topics exact, and less than 10,000 for all the rest.
MAX_SCORE = ROOM + MAX_TOPICS * TOPIC_BY_DISTANCE[0] + 10_000
MAX_RANKED = MAX_OFFSET
BLOCK = 50
PER_COMMUNITY = 3

_U32 = 0xFFFF_FFFF


class Ranked(msgspec.Struct, frozen=True):
    """One offer in its place.

    Attributes:
        id: the offer's URL.
        score: see the module.
        reasons: why it was found.
    """

    id: str
    score: int
    reasons: tuple[Reason, ...]


def rank(
    offers: Iterable[Listed], query: Query, *, ancestors: Ancestors, day: int
) -> list[Ranked]:
    """Return the answer to *query*, all pages of it, best first; at most ``MAX_RANKED``.

    Args:
        offers: the catalogue in any order, each id once.
        query: what is asked; its limit and offset are left to ``page_of``.
        ancestors: the vocabulary's hierarchy.
        day: today.
    """
    shown = ranking_day(query, day)
    scored = [
        (-score_offer(offer, query, ancestors=ancestors, day=shown), offer)
        for offer in offers
        if is_match(offer, query, ancestors=ancestors, day=day)
    ]
    scored.sort(key=lambda pair: (pair[0], *rotation(pair[1].id, shown), pair[1].id))
    scored = scored[:MAX_RANKED]
    communities = [offer.community for _, offer in scored]
    dealt = spread(communities, sum(offer.room == "open" for _, offer in scored))
    ranked = (scored[place] for place in dealt)
    return [
        Ranked(offer.id, -negative, explain(offer, query, ancestors=ancestors))
        for negative, offer in ranked
    ]


def page_of(ranked: Sequence[Ranked], query: Query) -> Sequence[Ranked]:
    """Return the page of *ranked* that *query* asks for."""
    offset = query.after.offset if query.after is not None else 0
    return ranked[offset : offset + query.limit]


def is_match(offer: Listed, query: Query, *, ancestors: Ancestors, day: int) -> bool:
    """Return whether *offer* answers *query* on *day*; see **Match**."""
    return (
        offer.end_day > day
        and not (query.room_only and offer.room == "full")
        and offer.community not in query.without
        and _fits(query.communities, (offer.community,))
        and _fits(query.ways, offer.ways)
        and _fits(query.formats, offer.formats)
        and _fits(query.languages, map(primary_language, offer.languages))
        and _fits(query.topics, _with_ancestors(offer, ancestors))
    )


def score_offer(offer: Listed, query: Query, *, ancestors: Ancestors, day: int) -> int:
    """Return the score of an *offer* that matches *query*; see **Score**."""
    return (
        (ROOM if offer.room == "open" else 0)
        + _topic_score(offer, query, ancestors)
        + _language_score(offer, query)
        + WAY * len(_common(query.ways, offer.ways))
        + FORMAT * len(_common(query.formats, offer.formats))
        + _preference_score(query.when, offer.when)
        + _preference_score(query.level, offer.level)
        + ANSWERS.get(offer.answers or "", 0)
        + _fresh_score(day - offer.updated)
    )


def explain(offer: Listed, query: Query, *, ancestors: Ancestors) -> tuple[Reason, ...]:
    """Return why *offer* answers *query*; see **Reasons**."""
    spoken = {primary_language(tag) for tag in offer.languages}
    reasons = (
        Reason("topic-exact", _common(query.topics, offer.topics)),
        Reason("topic-under", _topics_under(offer, query, ancestors)),
        Reason("language", tuple(tag for tag in query.languages if tag in spoken)),
        Reason("way", _common(query.ways, offer.ways)),
        Reason("format", _common(query.formats, offer.formats)),
        Reason("when", _common(query.when, offer.when)),
        Reason("level", _common(query.level, offer.level)),
        Reason("when-differs", _instead(query.when, offer.when)),
        Reason("level-differs", _instead(query.level, offer.level)),
        Reason("answers", (offer.answers,) if offer.answers else ()),
    )
    said = [reason for reason in reasons if reason.values]
    room = Reason("has-room" if offer.room == "open" else "no-room")
    said.insert(len(said) - bool(offer.answers), room)
    return tuple(said)


def spread(communities: Sequence[Hashable], with_room: int) -> Iterator[int]:
    """Yield the places of *communities* in the order of **Diversity**.

    Args:
        communities: the community of each offer, in order of rank.
        with_room: how many of them, the first ones, have room.
    """
    yield from _deal(communities, range(with_room))
    yield from _deal(communities, range(with_room, len(communities)))


def ranking_day(query: Query, day: int) -> int:
    """Return the day whose order *query* reads when today is *day*."""
    if query.after is not None and day - 1 <= query.after.day <= day:
        return query.after.day
    return day


def rotation(offer_id: str, day: int) -> tuple[int, int]:
    """Return the two numbers by which equals are ordered on *day*; see **Order**."""
    first, second = offer_hash(offer_id)
    return mix32(first ^ mix32(day)), second


def offer_hash(offer_id: str) -> tuple[int, int]:
    """Return CRC-32 of the id's bytes, forwards and in reverse."""
    raw = offer_id.encode()
    return zlib.crc32(raw), zlib.crc32(raw[::-1])


def mix32(value: int) -> int:
    """Return *value* (32 bits) mixed: a bijection in which each bit moves every other.

    Source: the finaliser of MurmurHash3, which is in the public domain.
    """
    value ^= value >> 16
    value = value * 0x85EB_CA6B & _U32
    value ^= value >> 13
    value = value * 0xC2B2_AE35 & _U32
    return value ^ value >> 16


def window_start(day: int, count: int) -> int:
    """Return where among *count* matches, in the catalogue's own order, a node's window begins.

    It depends on the day alone, never on who asks, so that who is left out changes daily, and
    for everybody alike. The window runs on from there and wraps around at the end.
    """
    return mix32(day) % count


def _deal(communities: Sequence[Hashable], waiting: Sequence[int]) -> Iterator[int]:
    while waiting:
        taken: list[int] = []
        passed: list[int] = []
        counts: Counter[Hashable] = Counter()
        for nth, place in enumerate(waiting):
            if len(taken) == BLOCK:
                passed.extend(waiting[nth:])
                break
            counts[communities[place]] += 1
            is_one_too_many = counts[communities[place]] > PER_COMMUNITY
            (passed if is_one_too_many else taken).append(place)
        fill = BLOCK - len(taken)
        yield from taken
        yield from passed[:fill]
        waiting = passed[fill:]


def _fits(asked: Sequence[str], offered: Iterable[str]) -> bool:
    return not asked or any(value in asked for value in offered)


def _common(asked: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in asked if value in offered)


def _instead(asked: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    return tuple(offered) if asked and not _common(asked, offered) else ()


def _with_ancestors(offer: Listed, ancestors: Ancestors) -> Iterator[str]:
    for topic in offer.topics:
        yield topic
        yield from ancestors(topic)


def _distances(offer: Listed, ancestors: Ancestors) -> dict[str, int]:
    """Return each topic at or above the offer's, with the distance to the nearest."""
    found: dict[str, int] = {}
    for topic in offer.topics:
        for distance, above in enumerate((topic, *ancestors(topic))):
            found[above] = min(distance, found.get(above, distance))
    return found


def _topic_score(offer: Listed, query: Query, ancestors: Ancestors) -> int:
    distances = _distances(offer, ancestors)
    furthest = len(TOPIC_BY_DISTANCE) - 1
    return sum(
        TOPIC_BY_DISTANCE[min(distances[topic], furthest)]
        for topic in query.topics
        if topic in distances
    )


def _topics_under(offer: Listed, query: Query, ancestors: Ancestors) -> tuple[str, ...]:
    unnamed = [topic for topic in query.topics if topic not in offer.topics]
    return tuple(
        topic
        for topic in offer.topics
        if topic not in query.topics and any(above in unnamed for above in ancestors(topic))
    )


def _language_score(offer: Listed, query: Query) -> int:
    spoken = {primary_language(tag) for tag in offer.languages}
    for place, language in enumerate(query.languages):
        if language in spoken:
            return language_points(place)
    return 0


def language_points(place: int) -> int:
    """Return the score of the language at *place* (from 0) of those asked."""
    return max(LANGUAGE_FIRST - LANGUAGE_STEP * place, LANGUAGE_STEP)


def _preference_score(asked: Sequence[str], offered: Sequence[str]) -> int:
    if not asked:
        return 0
    return PREFERENCE * len(_common(asked, offered)) if offered else UNSAID


def _fresh_score(age_days: int) -> int:
    return next((points for most, points in FRESH if age_days <= most), 0)
