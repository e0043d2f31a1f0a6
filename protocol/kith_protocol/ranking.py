"""The one place that says in which order offers answer a query.

Nodes and devices follow it to the same results (``protocol/vectors/ranking.json``). All numbers
are integers. ``rank`` is the plain, slow form; a node's index has to agree with it. Which
offers answer at all is in ``matching.py``, why in ``reasons.py``.

**Score.** The sum of

========= ==================================================================================
room      20000 if it has room: whatever is full comes after whatever is not
topics    for each topic asked: 1000 if the offer names it; 600, 400, 300 if it names one that
          lies one, two, three or more levels below; the nearest counts
near      100 once, if it names a near relative of a topic asked that it does not reach
words     36 for each that occurs in it, at most 108
knows     60 for each topic that the asker knows and the offer reaches, at most 120; not for
          topics asked, nor for what lies above these
language  144 for the first language asked, 36 less for each later one, at least 36; the first
          one that fits counts
ways      40 for each that was asked or preferred and is offered
formats   36 for each
when      36 for each; 18 if the offer does not say; nothing if it says others
level     the same
answers   10 within days, 5 within a week
updated   8 if at most 14 days ago, 4 if at most 45
========= ==================================================================================

Two things hold by these numbers. What is only near comes after everything that names a topic
asked, but for room: all lines below it together make a difference of 798 at most (words 108,
knows 120, language 108, ways 120, formats, when and level 108 each, answers 10, updated 8),
luck 31, and 1000 - 100 is more. And luck outweighs answers and updated together, so that
neither keeps the same few on top, but nothing else: by itself it never undoes a better fit.

**Order.** By score and luck, highest first. Luck is 0 to 31 points that change daily and with
what is looked for and where, so that offers that fit equally well take turns. In one number,
the lower comes first: ``rotation - 2**27 * score``, where the upper five bits of *rotation*,
``mix32(crc32(id) ^ seed)``, are the lack of luck. *Seed* is ``mix32(mix32(mix32(day) ^
crc32(subject)) ^ crc32(community))``; *subject* are the topics, those known, and the words,
each group sorted and joined by blanks, the three joined by line feeds; *community* is the actor
of the one in which it is asked. Who asks is no part of it. Equals come by the ``crc32`` of the
id's bytes in reverse, then by the id, lower first. CRC-32 is that of RFC 1952 §8 over UTF-8;
``mix32`` is below. The day is today, or the cursor's where that is today or yesterday. Only the
first 1000 are listed.

Measured over the real lists of mentors that the demonstration uses (``make bench``, one day /
thirty days), the share of the first five places that go to the most used twentieth of offers,
and of people who find a right offer among them:

======================================== =============== ===============
rule                                     most used 5 %   right found
======================================== =============== ===============
no rotation                              0.329 / 0.329   0.903 / 0.903
equal scores turn, by day alone          0.336 / 0.318   0.903 / 0.903
equal scores turn, by seed               0.319 / 0.318   0.903 / 0.902
luck, by day alone                       0.315 / 0.220   0.903 / 0.901
luck, by seed                            0.224 / 0.216   0.903 / 0.902
twice as much luck, by seed              0.201 / 0.196   0.903 / 0.902
======================================== =============== ===============

No order could find more than 0.906. More luck would be a little more even, but would undo the
order of languages, ways and the like.

**Diversity.** The order is then dealt into blocks of 50: a block takes, in order, the offers of
which it does not yet hold three of the same community; if that does not fill it, the first of
those passed over follow. Those left begin the next block. Offers with room are dealt first,
those without afterwards by themselves. Pages are cut from the dealt list.

A node that finds very many offers ranks only a window of them (``window_start``); a device
ranks all it has.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence

import msgspec

from kith_protocol.api import Reason
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.matching import (
    common,
    is_match,
    known_topics,
    near_named,
    reached_topics,
    spoken,
)
from kith_protocol.query import MAX_OFFSET, MAX_TOPICS, Query
from kith_protocol.reasons import explain

ROOM = 20_000
TOPIC_BY_DISTANCE = (1000, 600, 400, 300)
NEAR = 100
WORD = 36
MOST_WORDS = 3
KNOWN = 60
MOST_KNOWN = 2
LANGUAGE_FIRST = 144
LANGUAGE_STEP = 36
WAY = 40
FORMAT = 36
PREFERENCE = 36
UNSAID = 18
ANSWERS = {"days": 10, "week": 5}
FRESH = ((14, 8), (45, 4))

# No score reaches this: room, all topics exact, and less than 10,000 for all the rest.
MAX_SCORE = ROOM + MAX_TOPICS * TOPIC_BY_DISTANCE[0] + 10_000
# What is above these bits of a rotation, six of 32, counts like points.
LUCK_SHIFT = 27
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
    offers: Iterable[Listed], query: Query, *, hierarchy: Hierarchy, day: int, community: str
) -> list[Ranked]:
    """Return the answer to *query*, all pages of it, best first; at most ``MAX_RANKED``.

    Args:
        offers: the catalogue in any order, each id once.
        query: what is asked; its limit and offset are left to ``page_of``.
        hierarchy: of the vocabulary.
        day: today.
        community: actor of the community in which it is asked.
    """
    shown = ranking_day(query, day)
    seed = rotation_seed(query, shown, community)
    scored = [
        (score_offer(offer, query, hierarchy=hierarchy, day=shown), offer)
        for offer in offers
        if is_match(offer, query, hierarchy=hierarchy, day=day)
    ]
    scored.sort(key=lambda pair: (*place_of(pair[1].id, pair[0], seed), pair[1].id))
    scored = scored[:MAX_RANKED]
    communities = [offer.community for _, offer in scored]
    dealt = spread(communities, sum(offer.room == "open" for _, offer in scored))
    return [
        Ranked(offer.id, score, explain(offer, query, hierarchy=hierarchy))
        for score, offer in (scored[place] for place in dealt)
    ]


def page_of(ranked: Sequence[Ranked], query: Query) -> Sequence[Ranked]:
    """Return the page of *ranked* that *query* asks for."""
    offset = query.after.offset if query.after is not None else 0
    return ranked[offset : offset + query.limit]


def score_offer(offer: Listed, query: Query, *, hierarchy: Hierarchy, day: int) -> int:
    """Return the score of an *offer* that matches *query*; see **Score**."""
    words = len(common(query.words, offer.words))
    known = len(known_topics(offer, query, hierarchy))
    return (
        (ROOM if offer.room == "open" else 0)
        + _topic_score(offer, query, hierarchy)
        + (NEAR if near_named(offer, query, hierarchy) else 0)
        + WORD * min(words, MOST_WORDS)
        + KNOWN * min(known, MOST_KNOWN)
        + _language_score(offer, query)
        + WAY * len(common((*query.ways, *query.preferred_ways), offer.ways))
        + FORMAT * len(common(query.formats, offer.formats))
        + _preference_score(query.when, offer.when)
        + _preference_score(query.level, offer.level)
        + ANSWERS.get(offer.answers or "", 0)
        + _fresh_score(day - offer.updated)
    )


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


def rotation_seed(query: Query, day: int, community: str) -> int:
    """Return what turns the order of offers that fit about as well; see **Order**.

    Args:
        query: what is asked; only what it is about matters, so that the order stays when
            somebody adds a filter.
        day: whose order is read.
        community: actor of the community in which it is asked.
    """
    groups = (query.topics, query.knows, query.words)
    subject = "\n".join(" ".join(sorted(group)) for group in groups)
    return mix32(mix32(mix32(day) ^ _crc32(subject)) ^ _crc32(community))


def place_of(offer_id: str, score: int, seed: int) -> tuple[int, int]:
    """Return the two numbers by which an offer is ordered, lower first; see **Order**."""
    first, second = offer_hash(offer_id)
    return mix32(first ^ seed) - (score << LUCK_SHIFT), second


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


def _crc32(text: str) -> int:
    return zlib.crc32(text.encode())


def _topic_score(offer: Listed, query: Query, hierarchy: Hierarchy) -> int:
    reached = reached_topics(offer, hierarchy)
    furthest = len(TOPIC_BY_DISTANCE) - 1
    return sum(
        TOPIC_BY_DISTANCE[min(reached[topic], furthest)]
        for topic in query.topics
        if topic in reached
    )


def _language_score(offer: Listed, query: Query) -> int:
    known = spoken(offer)
    for place, language in enumerate(query.languages):
        if language in known:
            return language_points(place)
    return 0


def language_points(place: int) -> int:
    """Return the score of the language at *place* (from 0) of those asked."""
    return max(LANGUAGE_FIRST - LANGUAGE_STEP * place, LANGUAGE_STEP)


def _preference_score(asked: Sequence[str], offered: Sequence[str]) -> int:
    if not asked:
        return 0
    return PREFERENCE * len(common(asked, offered)) if offered else UNSAID


def _fresh_score(age_days: int) -> int:
    return next((points for most, points in FRESH if age_days <= most), 0)
