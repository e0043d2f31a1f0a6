"""An offer as search sees it: the members that matching and ranking read, and nothing else.

``read_listed`` trusts its bytes: they are an offer that was verified and checked by
``offer.parse_offer`` before, on receipt or after download. Source: SPEC.md, section on search.

**Words.** Of what an offer says of itself, ``MAX_WORDS_LISTED`` different words at most can be
found, so that a long text costs no more than a short one. Each language has an equal share of
them; within it the summary comes before the content. Languages come in the order of their tags.
Of what is written without blanks the first ``MAX_STRETCH_CHARACTERS`` count: nobody can ask for
anything longer, and a few characters can unfold into very long words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from kith_crypto.errors import MalformedError
from kith_protocol.day import parse_day
from kith_protocol.offer_content import Answers, Format, Level, Room, Way, When
from kith_protocol.query import MAX_TEXT_CHARACTERS
from kith_protocol.words import is_cjk, words_of

MAX_WORDS_LISTED = 96
MAX_STRETCH_CHARACTERS = MAX_TEXT_CHARACTERS
_KEPT_CHARACTERS = 24  # few words are longer, and what is comes seldom twice


class Listed(msgspec.Struct, frozen=True):
    """One offer of the catalogue.

    Attributes:
        id: the offer's URL.
        community: the actor that announced it.
        updated: day of the last change.
        end_day: the first day on which it is gone.
        topics: concept ids, 1 to 4.
        languages: BCP 47 tags, 1 to 6.
        ways: 1 to 3.
        formats: 1 to 4.
        when: 0 to 3.
        level: 0 to 3.
        room: whether another mentee fits.
        answers: how soon the owner usually answers, if they say so.
        words: of its summary and content; see **Words**.
    """

    id: str
    community: str
    updated: int
    end_day: int
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    ways: tuple[Way, ...]
    formats: tuple[Format, ...]
    when: tuple[When, ...] = ()
    level: tuple[Level, ...] = ()
    room: Room = "open"
    answers: Answers | None = None
    words: frozenset[str] = frozenset()


_NAMES = {
    "community": "attributedTo",
    "end": "endTime",
    "topics": "kith:topics",
    "languages": "kith:languages",
    "ways": "kith:ways",
    "formats": "kith:formats",
    "when": "kith:when",
    "level": "kith:level",
    "room": "kith:room",
    "answers": "kith:answers",
    "summary": "summaryMap",
    "content": "contentMap",
}


class _Wire(msgspec.Struct, frozen=True, rename=_NAMES):
    id: str
    community: str
    updated: str
    end: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    ways: tuple[Way, ...]
    formats: tuple[Format, ...]
    when: tuple[When, ...] = ()
    level: tuple[Level, ...] = ()
    room: Room = "open"
    answers: Answers | None = None
    summary: dict[str, str] = {}
    content: dict[str, str] = {}


_decoder = msgspec.json.Decoder(_Wire)


def read_listed(raw: bytes, *, with_words: bool = False) -> Listed:
    """Return what search needs of the offer whose verified bytes are *raw*.

    Args:
        raw: JCS bytes of the object.
        with_words: whether its words are needed; making them costs more than all the rest.

    Raises:
        MalformedError: *raw* is no offer, which verified bytes always are.
    """
    try:
        wire = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError("not an offer") from error
    return Listed(
        wire.id,
        wire.community,
        parse_day(wire.updated),
        parse_day(wire.end),
        wire.topics,
        wire.languages,
        wire.ways,
        wire.formats,
        wire.when,
        wire.level,
        wire.room,
        wire.answers,
        list_words(wire.summary, wire.content) if with_words else frozenset(),
    )


def list_words(summary: Mapping[str, str], content: Mapping[str, str]) -> frozenset[str]:
    """Return the words by which an offer is found; see **Words**.

    Args:
        summary: language to text.
        content: language to text.
    """
    languages = sorted({*summary, *content})
    share = MAX_WORDS_LISTED // len(languages) if languages else 0
    found: set[str] = set()
    for language in languages:
        found |= _first_words((summary.get(language, ""), content.get(language, "")), share)
    return frozenset(found)


def _first_words(texts: Iterable[str], most: int) -> set[str]:
    found: set[str] = set()
    for text in texts:
        # Piece by piece, to stop as soon as there are enough: no word goes across a blank.
        for piece in text.split():
            words = _words_of_piece(piece[:MAX_STRETCH_CHARACTERS])
            if len(found) + len(words) <= most:
                found.update(words)
                continue
            for word in words:
                if len(found) == most:
                    return found
                found.add(word)
    return found


def _words_of_piece(piece: str) -> tuple[str, ...]:
    # What is written without blanks is a whole sentence: it would fill memory for nothing.
    is_kept = len(piece) <= _KEPT_CHARACTERS and not is_cjk(max(piece))
    return _kept_words_of(piece) if is_kept else words_of(piece)


# Folding is slow, and a million offers are made of some thousands of words over and over.
@lru_cache(maxsize=32_768)
def _kept_words_of(piece: str) -> tuple[str, ...]:
    return words_of(piece)
