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


class ExportedTerms(Exported, frozen=True):
    """What two people agreed on, or one proposed; see ``mentorship.bodies.Terms``."""

    goals: tuple[str, ...] = ()
    cadence: str = "as-needed"
    sessions: int = 0
    minutes: int = 0
    channel: str = ""
    boundaries: str = ""
    confidentiality: str = ""
    limits: str = ""
    ending: str = ""
    review_day: int | None = None


class ExportedSession(Exported, frozen=True):
    """A session.

    Attributes:
        minute: when it begins, as agreed.
        minutes: how long it is.
        proposed: when it could begin.
    """

    id: str
    state: str
    minute: int | None = None
    minutes: int | None = None
    proposed: tuple[int, ...] = ()


class ExportedGoal(Exported, frozen=True):
    """A goal, shared or for oneself."""

    text: str
    state: str
    topics: tuple[str, ...] = ()
    is_private: bool = False


class ExportedNote(Exported, frozen=True):
    """A note, shared or for oneself.

    Attributes:
        session: id of the one it is about, or empty.
    """

    text: str
    session: str = ""
    is_private: bool = False


class ExportedAnswers(Exported, frozen=True):
    """Answers to a check-in, or what was found at the closing, of one side.

    Attributes:
        number: of the check-in; 0 for the closing.
    """

    number: int
    feeling: str = ""
    words: tuple[str, ...] = ()
    is_mine: bool = True


class ExportedMentorship(Exported, frozen=True):
    """What two people made of a conversation.

    Attributes:
        stage: how far it came.
        kept_until: day on which it is deleted.
        terms: in force.
        proposed: that wait for an answer.
        closing_words: of both sides.
        thanks: of the mentee.
    """

    stage: str
    kept_until: int | None = None
    terms: ExportedTerms | None = None
    proposed: ExportedTerms | None = None
    sessions: tuple[ExportedSession, ...] = ()
    goals: tuple[ExportedGoal, ...] = ()
    notes: tuple[ExportedNote, ...] = ()
    answers: tuple[ExportedAnswers, ...] = ()
    closing_words: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()


class ExportedWish(Exported, frozen=True):
    """What one looks for: the parameters of a search."""

    query: dict[str, str]
    name: str = ""
    standing: bool = True


class ExportedThanks(Exported, frozen=True):
    """What one was thanked for."""

    text: str
    may_show: bool
    day: int


class ExportedConversation(Exported, frozen=True):
    """A conversation with everything that was said in it, in the order of its showing."""

    id: str
    role: Literal["mentee", "mentor"]
    offer: str
    node: str
    state: str
    card: ExportedCard | None = None
    mentorship: ExportedMentorship | None = None
    messages: tuple[ExportedMessage, ...] = ()


class ExportedCircleTerms(Exported, frozen=True):
    """What a circle agrees on; see ``circle.roster.CircleTerms``."""

    purpose: str
    begins: int
    ends: int
    purge_days: int
    places: int
    rules: str = ""
    rhythm: str = ""


class ExportedCircleSession(Exported, frozen=True):
    """A session of a circle.

    Attributes:
        attends: what one said of coming oneself: ``yes``, ``maybe``, ``no`` or nothing.
    """

    minute: int
    minutes: int
    where: str = ""
    is_cancelled: bool = False
    attends: str = ""


class ExportedWords(Exported, frozen=True):
    """What somebody said in a circle.

    Attributes:
        name: by which the circle knows them; empty if it is not known any more.
    """

    is_mine: bool
    name: str
    minute: int
    text: str


class ExportedCircle(Exported, frozen=True):
    """A circle with everything that was said in it, in the order of its showing.

    Attributes:
        my_name: by which the circle knows one.
        purge_day: day on which it is deleted, if that is known.
        members: names of all who have a seat, oneself among them.
        farewell: words that came with one's removal.
    """

    id: str
    my_name: str
    state: str
    terms: ExportedCircleTerms | None = None
    purge_day: int | None = None
    members: tuple[str, ...] = ()
    sessions: tuple[ExportedCircleSession, ...] = ()
    words: tuple[ExportedWords, ...] = ()
    farewell: str = ""


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
    circles: tuple[ExportedCircle, ...] = ()
    wishes: tuple[ExportedWish, ...] = ()
    thanks: tuple[ExportedThanks, ...] = ()
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
