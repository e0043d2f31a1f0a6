"""What a vocabulary makes of topics that it does not have: in queries, counts and an index.

A community topic of somewhere else, and one that went out of use, counts as another one here
(``Vocabulary.nearest``). Offers are found under that; so whoever asks for the topic asks for
that, and counts name what can be asked for. Source: SPEC.md, section on topics.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from kith_protocol.api import FacetsAnswer
from kith_protocol.community_topics import community_topics_of
from kith_protocol.listed import Listed
from kith_protocol.query import Query
from kith_protocol.vocabulary import COMMUNITY_PREFIX, Vocabulary


def place_query(query: Query, vocabulary: Vocabulary) -> Query:
    """Return *query* with each topic as the one that it counts as, none twice.

    A topic without a place stays: nothing answers to it.
    """
    return replace(
        query,
        topics=_placed(query.topics, vocabulary),
        knows=_placed(query.knows, vocabulary),
    )


def place_counts(counts: FacetsAnswer, vocabulary: Vocabulary) -> FacetsAnswer:
    """Return *counts* of topics in use only.

    What is left out has been counted for the topic it counts as, too.
    """
    topics = {
        topic: count
        for topic, count in counts.topics.items()
        if vocabulary.nearest(topic) == topic
    }
    return replace(counts, topics=topics)


def place_listed(offer: Listed, vocabulary: Vocabulary) -> Listed:
    """Return *offer* with one name for all community topics of elsewhere with one place.

    It answers the same queries with the same score. An index has a place for each topic, and
    others can make up ids without end.
    """
    if not community_topics_of(offer.topics):
        return offer
    topics = tuple(_named_by_place(topic, vocabulary) for topic in offer.topics)
    return replace(offer, topics=topics)


def _named_by_place(topic: str, vocabulary: Vocabulary) -> str:
    place = vocabulary.nearest(topic)
    if place is None or vocabulary.is_known(topic):
        return topic
    return f"{COMMUNITY_PREFIX}{place}.*"  # no topic is called so; above it lies the same


def _placed(topics: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(vocabulary.nearest(topic) or topic for topic in topics))
