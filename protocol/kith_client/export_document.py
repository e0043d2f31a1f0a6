"""The form of an export: everything a member has, as one JSON document.

    {"format": "kith-export", "version": 1, "day": …, "community": …, "personas": […], …}

Days are whole days, minutes whole minutes since 1970-01-01 UTC; ids and bytes are base64url
without padding. Absent members are empty or do not apply. Left out on purpose are keys, which
would let whoever finds the file speak for its owner, and what proves messages to others
(commitment keys, signatures, stamps and seals): an export is for remembering, not for proving.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Exported(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Base of all parts of an export; their ``repr`` shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class ExportedPersona(Exported, frozen=True):
    """A persona, or a published profile.

    Attributes:
        picture: 16 hexadecimal digits from which clients draw the picture.
        end_day: of a profile, the first day on which it is gone.
    """

    pseudonym: str
    pronouns: str = ""
    about: str = ""
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    picture: str = ""
    end_day: int | None = None


class ExportedOffer(Exported, frozen=True):
    """An offer of one's own.

    Attributes:
        texts: language and text, for summary and content alike.
    """

    url: str
    state: str
    end_day: int
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    ways: tuple[str, ...]
    formats: tuple[str, ...]
    texts: tuple[tuple[str, str], ...] = ()


class ExportedCard(Exported, frozen=True):
    """What the other side showed of themselves."""

    pseudonym: str
    pronouns: str = ""
    about: str = ""
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class ExportedKnock(Exported, frozen=True):
    """A knock, made or got."""

    is_mine: bool
    offer: str
    state: str
    text: str
    day: int
    card: ExportedCard | None = None


class ExportedMessage(Exported, frozen=True):
    """One message.

    Attributes:
        kind: ``text``, ``card``, ``answer``, ``file``, ``freeze``, ``close`` or another type.
        file: the bytes of a file, base64url.
    """

    is_mine: bool
    minute: int
    kind: str
    text: str = ""
    file_name: str = ""
    file_bytes: int = 0
    file: str = ""


class ExportedConversation(Exported, frozen=True):
    """A conversation with everything that was said in it, in the order of its showing."""

    id: str
    role: Literal["mentee", "mentor"]
    offer: str
    node: str
    state: str
    card: ExportedCard | None = None
    messages: tuple[ExportedMessage, ...] = ()


class ExportedBlock(Exported, frozen=True):
    """Somebody who was blocked: one of those who knocked at an offer."""

    offer: str
    day: int


class Export(Exported, frozen=True):
    """Everything of one member."""

    community: str
    node: str
    day: int
    personas: tuple[ExportedPersona, ...] = ()
    offers: tuple[ExportedOffer, ...] = ()
    profiles: tuple[ExportedPersona, ...] = ()
    knocks: tuple[ExportedKnock, ...] = ()
    conversations: tuple[ExportedConversation, ...] = ()
    blocked: tuple[ExportedBlock, ...] = ()


class ExportFile(Exported, frozen=True, omit_defaults=False):
    """The document as it is written."""

    export: Export
    format: Literal["kith-export"] = "kith-export"
    version: Literal[1] = 1


def encode_export(export: Export) -> bytes:
    """Return *export* as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(ExportFile(export)), indent=2) + b"\n"


def parse_export(raw: bytes) -> Export:
    """Return what ``encode_export`` wrote.

    Raises:
        msgspec.DecodeError: it is no export.
    """
    return msgspec.json.decode(raw, type=ExportFile).export
