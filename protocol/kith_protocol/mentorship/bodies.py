"""The messages of a mentorship: one struct for each type of body.

Most are a *step* in the history of a *thing*: the agreement, one session, one goal, one note.
``thing`` names it (16 random bytes of whoever began it; there is one agreement, so it needs
none), ``after`` is the hash of the step that this one follows, empty for the first one of a
thing. Which steps may follow which, and what they lead to, is said in ``steps`` and in the
module of each thing.

Times of sessions are minutes since 1970-01-01 UTC. No time zone is ever sent: ``offset`` says
what the writer's clock shows at that moment, if they choose to say so.

Source: SPEC.md, section on mentorships.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from kith_protocol.conversation.body import Blob16, Blob32, BodyStruct, KnockText, ShortWords
from kith_protocol.offer_content import TopicId

MAX_GOALS = 8
MAX_SLOTS = 5
MAX_REFLECTIONS = 6
MAX_NOTE_CHARACTERS = 4000
MAX_DAY = 100_000
MAX_MINUTE = MAX_DAY * 24 * 60
MAX_OFFSET_MINUTES = 14 * 60

Cadence = Literal["once", "weekly", "fortnightly", "monthly", "as-needed"]
GoalState = Literal["open", "reached", "dropped"]
Feeling = Literal["fine", "unsure", "help"]
SessionEnding = Literal["declined", "cancelled", "took-place"]

Day = Annotated[int, msgspec.Meta(ge=0, le=MAX_DAY)]
Minute = Annotated[int, msgspec.Meta(ge=0, le=MAX_MINUTE)]
Offset = Annotated[int, msgspec.Meta(ge=-MAX_OFFSET_MINUTES, le=MAX_OFFSET_MINUTES)]
NoteText = Annotated[str, msgspec.Meta(max_length=MAX_NOTE_CHARACTERS)]
First = Literal[""]


class Terms(BodyStruct, frozen=True):
    """What two people agree on. Everything may be left open.

    Attributes:
        goals: what it is for, at most 8.
        cadence: how often they meet.
        sessions: how many times; 0 leaves it open.
        minutes: how long each time; 0 leaves it open.
        channel: where they talk, in words.
        boundaries: what is off limits.
        confidentiality: what stays between them.
        limits: what does not, and who is told.
        ending: how they end, and what they do when it does not work.
        review_day: on which they look back or end, in days since 1970-01-01; 0 for none.
    """

    goals: Annotated[tuple[ShortWords, ...], msgspec.Meta(max_length=MAX_GOALS)] = ()
    cadence: Cadence = "as-needed"
    sessions: Annotated[int, msgspec.Meta(ge=0, le=200)] = 0
    minutes: Annotated[int, msgspec.Meta(ge=0, le=600)] = 0
    channel: ShortWords = ""
    boundaries: KnockText = ""
    confidentiality: KnockText = ""
    limits: KnockText = ""
    ending: KnockText = ""
    review_day: Day = 0


class AgreementProposal(BodyStruct, frozen=True, tag_field="type", tag="agreement"):
    """Proposes terms, first ones or others than those agreed or proposed."""

    terms: Terms
    after: Blob32 | First = ""


class AgreementAnswer(BodyStruct, frozen=True, tag_field="type", tag="agreement-answer"):
    """Accepts the terms that the other side proposed, or says no to a proposal of any side."""

    accepted: bool
    after: Blob32


class Slot(BodyStruct, frozen=True):
    """When a session could be.

    Attributes:
        start: minute since 1970-01-01 UTC.
        minutes: how long.
        offset: minutes by which the writer's clock is ahead of UTC then; absent if they keep
            it to themselves.
    """

    start: Minute
    minutes: Annotated[int, msgspec.Meta(ge=5, le=600)]
    offset: Offset | None = None


class SessionProposal(BodyStruct, frozen=True, tag_field="type", tag="session"):
    """Proposes times for a session, first ones or others than those picked or proposed."""

    thing: Blob16
    slots: Annotated[tuple[Slot, ...], msgspec.Meta(min_length=1, max_length=MAX_SLOTS)]
    words: ShortWords = ""
    after: Blob32 | First = ""


class SessionPick(BodyStruct, frozen=True, tag_field="type", tag="session-pick"):
    """Picks one of the times the other side has proposed.

    Attributes:
        start: of the slot.
        offset: of the picker's clock then, as in ``Slot``.
    """

    thing: Blob16
    after: Blob32
    start: Minute
    offset: Offset | None = None


class SessionEnd(BodyStruct, frozen=True, tag_field="type", tag="session-end"):
    """Says no to proposed times, cancels a session, or notes that it took place."""

    thing: Blob16
    after: Blob32
    how: SessionEnding
    words: ShortWords = ""


class Goal(BodyStruct, frozen=True, tag_field="type", tag="goal"):
    """A shared goal, as it is from now on.

    Attributes:
        topics: what it is about, at most 4; what was learned can be offered on.
    """

    thing: Blob16
    text: Annotated[ShortWords, msgspec.Meta(min_length=1)]
    state: GoalState = "open"
    topics: Annotated[tuple[TopicId, ...], msgspec.Meta(max_length=4)] = ()
    after: Blob32 | First = ""


class Note(BodyStruct, frozen=True, tag_field="type", tag="note"):
    """A note that both see and either may change; without text it is put away.

    Attributes:
        session: that it is about, or empty.
    """

    thing: Blob16
    text: NoteText
    session: Blob16 | First = ""
    after: Blob32 | First = ""


class CheckIn(BodyStruct, frozen=True, tag_field="type", tag="check-in"):
    """Says that the writer has answered a check-in, and commits to the answer.

    Attributes:
        number: which one, from 1.
        commitment: see ``blind``.
    """

    number: Annotated[int, msgspec.Meta(ge=1, le=999)]
    commitment: Blob32


class Closing(BodyStruct, frozen=True, tag_field="type", tag="closing"):
    """Ends the mentorship, for both, with no need of a reason or an answer.

    Attributes:
        words: as one likes.
        kept_until: day on which the writer wishes both to delete what was said; 0 for no wish.
        commitment: to what the writer found looking back, or empty; see ``blind``.
    """

    words: KnockText = ""
    kept_until: Day = 0
    commitment: Blob32 | First = ""


class Reveal(BodyStruct, frozen=True, tag_field="type", tag="reveal"):
    """Opens a commitment, once both sides have made theirs.

    Attributes:
        number: of the check-in; 0 for the closing.
        opening: 32 random bytes.
        feeling: answer to a check-in.
        words: to a check-in at most one text, at a closing one for each question.
    """

    number: Annotated[int, msgspec.Meta(ge=0, le=999)]
    opening: Blob32
    feeling: Feeling | First = ""
    words: Annotated[tuple[KnockText, ...], msgspec.Meta(max_length=MAX_REFLECTIONS)] = ()


class Thanks(BodyStruct, frozen=True, tag_field="type", tag="thanks"):
    """From a mentee to a mentor, to whom it belongs.

    Attributes:
        may_show: whether the mentor may show it to others.
    """

    text: Annotated[KnockText, msgspec.Meta(min_length=1)]
    may_show: bool = False


class PassedOn(BodyStruct, frozen=True, tag_field="type", tag="passed-on"):
    """Tells that the writer now offers to others what they learned here; names no offer."""

    words: ShortWords = ""


MentorshipBody: TypeAlias = (
    "AgreementProposal | AgreementAnswer | SessionProposal | SessionPick | SessionEnd | Goal"
    " | Note | CheckIn | Closing | Reveal | Thanks | PassedOn"
)

MENTORSHIP_BODIES: tuple[type[MentorshipBody], ...] = (
    AgreementProposal,
    AgreementAnswer,
    SessionProposal,
    SessionPick,
    SessionEnd,
    Goal,
    Note,
    CheckIn,
    Closing,
    Reveal,
    Thanks,
    PassedOn,
)
