"""Which offers answer a query, and how many would with another choice.

**Match.** An offer answers a query if it is live (its end day is after today), not of a
community in *without*, and, for each of these that the query names, fits at least one value:
*topics* (the offer names the topic itself or one below it; with *near* also if it names a near
relative of a topic that it does not reach, see ``hierarchy.near_topics``), *languages*
(compared by primary subtag), *ways*, *formats*, *communities*. It must have room if the query
says *room_only*. In a query without topics it must have at least one of *words*. *Knows*,
*when*, *level* and *preferred_ways* never exclude anybody. To a query that ``is_lost`` nothing
answers.

**Counts.** Each group of values is counted over what answers the query without the choice of
that very group: a number says what choosing the value would bring. An offer counts for its
topics and for all above them, and for languages by their primary subtags. Leaving out topics
leaves out near relatives too and does not make words required.

This is the plain, slow form; a node's index has to agree with it. Source: SPEC.md, section on
search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kith_protocol.api import FacetsAnswer
from kith_protocol.hierarchy import Hierarchy, near_topics, only_known
from kith_protocol.listed import Listed
from kith_protocol.query import Query, primary_language


def is_match(offer: Listed, query: Query, *, hierarchy: Hierarchy, day: int) -> bool:
    """Return whether *offer* answers *query* on *day*; see **Match**."""
    return _is_eligible(offer, query, day) and all(
        fits(offer, query, hierarchy) for fits in _FITS.values()
    )


def count_facets(
    offers: Iterable[Listed], query: Query, *, hierarchy: Hierarchy, day: int
) -> FacetsAnswer:
    """Return the counts of *query*; see **Counts**.

    Args:
        offers: the catalogue in any order, each id once.
        query: what is asked.
        hierarchy: of the vocabulary.
        day: today.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in _VALUES}
    total = 0
    for offer in offers:
        if not _is_eligible(offer, query, day):
            continue
        misfits = {name for name, fits in _FITS.items() if not fits(offer, query, hierarchy)}
        total += not misfits
        for name, values in _VALUES.items():
            if misfits <= {name}:
                counts[name].update(set(values(offer, hierarchy)))
    return FacetsAnswer(
        **{name: dict(sorted(count.items())) for name, count in counts.items()}, total=total
    )


def reached_topics(offer: Listed, hierarchy: Hierarchy) -> dict[str, int]:
    """Return each topic at or above those of *offer*, with the distance to the nearest."""
    reached: dict[str, int] = {}
    for topic in offer.topics:
        for distance, above in enumerate(hierarchy.chain(topic)):
            reached[above] = min(distance, reached.get(above, distance))
    return reached


def near_named(offer: Listed, query: Query, hierarchy: Hierarchy) -> tuple[str, ...]:
    """Return the topics of *offer* that are near relatives of asked ones it does not reach."""
    if not query.near:
        return ()
    reached = reached_topics(offer, hierarchy)
    near = {
        one
        for topic, relatives in near_topics(query, hierarchy).items()
        if topic not in reached
        for one in relatives
    }
    return tuple(topic for topic in offer.topics if topic in near)


def known_topics(offer: Listed, query: Query, hierarchy: Hierarchy) -> tuple[str, ...]:
    """Return the topics that the asker only knows and *offer* reaches."""
    known = only_known(query, hierarchy)
    return common(known, reached_topics(offer, hierarchy)) if known else ()


def common(asked: Sequence[str], offered: Iterable[str]) -> tuple[str, ...]:
    """Return those of *asked*, in their order, that are among *offered*."""
    known = set(offered)
    return tuple(value for value in asked if value in known)


def spoken(offer: Listed) -> set[str]:
    """Return the primary subtags of the languages of *offer*."""
    return {primary_language(tag) for tag in offer.languages}


def _is_eligible(offer: Listed, query: Query, day: int) -> bool:
    is_live = offer.end_day > day
    return is_live and not query.is_lost and offer.community not in query.without


def _fits_topics(offer: Listed, query: Query, hierarchy: Hierarchy) -> bool:
    return (
        not query.topics
        or not reached_topics(offer, hierarchy).keys().isdisjoint(query.topics)
        or bool(near_named(offer, query, hierarchy))
    )


def _is_any(asked: Sequence[str], offered: Iterable[str]) -> bool:
    return not asked or bool(common(asked, offered))


def _fits_words(offer: Listed, query: Query, _hierarchy: Hierarchy) -> bool:
    return bool(query.topics) or _is_any(query.words, offer.words)


_FITS: dict[str, Callable[[Listed, Query, Hierarchy], bool]] = {
    "topics": _fits_topics,
    "words": _fits_words,
    "languages": lambda offer, query, _: _is_any(query.languages, spoken(offer)),
    "ways": lambda offer, query, _: _is_any(query.ways, offer.ways),
    "formats": lambda offer, query, _: _is_any(query.formats, offer.formats),
    "room": lambda offer, query, _: not query.room_only or offer.room == "open",
    "communities": lambda offer, query, _: _is_any(query.communities, (offer.community,)),
}
_VALUES: dict[str, Callable[[Listed, Hierarchy], Iterable[str]]] = {
    "topics": reached_topics,
    "languages": lambda offer, _: spoken(offer),
    "ways": lambda offer, _: offer.ways,
    "formats": lambda offer, _: offer.formats,
    "when": lambda offer, _: offer.when,
    "level": lambda offer, _: offer.level,
    "room": lambda offer, _: (offer.room,),
    "communities": lambda offer, _: (offer.community,),
}
