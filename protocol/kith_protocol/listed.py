"""An offer as search sees it: the members that matching and ranking read, and nothing else.

``read_listed`` trusts its bytes: they are an offer that was verified and checked by
``offer.parse_offer`` before, on receipt or after download. Source: SPEC.md, section on search.
"""

from __future__ import annotations

import msgspec

from kith_crypto.errors import MalformedError
from kith_protocol.day import parse_day
from kith_protocol.offer_content import Answers, Format, Level, Room, Way, When


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


_decoder = msgspec.json.Decoder(_Wire)


def read_listed(raw: bytes) -> Listed:
    """Return what search needs of the offer whose verified bytes are *raw*.

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
    )
