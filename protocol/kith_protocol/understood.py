"""What free text was taken to mean, and the query that it makes.

``TopicFinder.understand`` makes an ``Understanding``; a node and a device both turn it into a
query here, so that the same words find the same offers wherever they are searched.

What somebody chose explicitly wins. Understood topics are added behind the chosen ones. Words
are preferred where there is a topic to look for, else at least one of them is required. Ways
are preferred where there is a topic or a word, else required: "teach me" alone must not list
the whole catalogue. Text of which nothing is understood finds nothing (``Query.is_lost``),
since whatever it would list could only be something else.

Left to the caller: the finder. Source: SPEC.md, section on search.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from kith_protocol.api import Meaning, UnderstoodAnswer
from kith_protocol.offer_content import Way
from kith_protocol.query import MAX_TOPICS, MAX_WORDS, Query


class Piece(msgspec.Struct, frozen=True):
    """A part of a text that names topics.

    Attributes:
        text: the part, as typed.
        topics: what it is taken to mean: usually one, several if they are equally right.
        others: further meanings, to be offered as a choice; none of them in *topics*.
    """

    text: str
    topics: tuple[str, ...]
    others: tuple[str, ...] = ()


class Understanding(msgspec.Struct, frozen=True):
    """What a text was taken to mean.

    Attributes:
        pieces: the parts that name topics, in the order of the text.
        ways: ways of helping that it names.
        words: what is left of it, as ``words_of`` makes it.
        did_you_mean: topics that something in it may be a wrong spelling of, nearest first.
    """

    pieces: tuple[Piece, ...] = ()
    ways: tuple[Way, ...] = ()
    words: tuple[str, ...] = ()
    did_you_mean: tuple[str, ...] = ()


class Understands(Protocol):
    """Whoever can tell what a text means; ``topic_finder.TopicFinder`` does."""

    def understand(self, text: str, *, languages: Sequence[str]) -> Understanding:
        """Return what *text* means to a reader of *languages*, best first."""
        ...


def understand_query(
    query: Query, finder: Understands
) -> tuple[Query, UnderstoodAnswer | None]:
    """Return *query* with its text understood, and what to tell about that.

    Args:
        query: as it was asked.
        finder: says what text means; not asked if there is none.
    """
    if not query.text:
        return query, None
    understanding = finder.understand(query.text, languages=query.languages)
    understood = understood_query(query, understanding)
    return understood, _answer(understood, understanding)


def understood_query(query: Query, understanding: Understanding) -> Query:
    """Return *query* with what its text was understood to mean; see the module."""
    meant = (topic for piece in understanding.pieces for topic in piece.topics)
    topics = tuple(dict.fromkeys((*query.topics, *meant)))[:MAX_TOPICS]
    words = understanding.words[:MAX_WORDS]
    ways = () if query.ways else understanding.ways
    has_subject = bool(topics or words)
    return replace(
        query,
        topics=topics,
        words=words,
        ways=query.ways if has_subject else query.ways or ways,
        preferred_ways=ways if has_subject else (),
        is_lost=not has_subject and not understanding.ways,
    )


def _answer(query: Query, understanding: Understanding) -> UnderstoodAnswer:
    return UnderstoodAnswer(
        topics=query.topics,
        meanings=tuple(
            Meaning(piece.text, piece.topics, piece.others) for piece in understanding.pieces
        ),
        ways=understanding.ways,
        words=query.words,
        did_you_mean=tuple(
            topic for topic in understanding.did_you_mean if topic not in query.topics
        ),
    )
