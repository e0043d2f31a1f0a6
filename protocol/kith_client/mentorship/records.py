"""What a mentorship keeps in its member's vault beside the messages, and nobody else sees.

Notes and goals of one's own, answers to check-ins, and what was thanked for. Agreements,
sessions and what is shared are messages of the conversation and need no records.
"""

from __future__ import annotations

import msgspec

from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import Feeling, GoalState

NOTE_KIND = "note"
GOAL_KIND = "goal"
ANSWERS_KIND = "answers"
THANKS_KIND = "thanks"
FORGOTTEN_KIND = "forgotten"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all records here; shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class NoteRecord(_Kept, frozen=True):
    """A note for oneself.

    Attributes:
        conversation: 16 bytes.
        text: at most 4000 characters.
        session: that it is about, 16 bytes, or empty.
        day: of its last change.
    """

    conversation: bytes
    text: str
    session: bytes = b""
    day: int = 0


class GoalRecord(_Kept, frozen=True):
    """A goal for oneself.

    Attributes:
        conversation: 16 bytes.
        text: at most 200 characters.
        state: open, reached or dropped.
    """

    conversation: bytes
    text: str
    state: GoalState = "open"


class AnswersRecord(_Kept, frozen=True):
    """What one answered to a check-in, or found at the closing.

    Attributes:
        conversation: 16 bytes.
        number: of the check-in; 0 for the closing.
        day: on which it was answered.
        feeling: empty at the closing.
        words: in the order of what was asked.
        opening: 32 bytes that open the commitment; empty where it stays with oneself.
    """

    conversation: bytes
    number: int
    day: int
    feeling: Feeling | str = ""
    words: tuple[str, ...] = ()
    opening: bytes = b""

    @property
    def answers(self) -> Answers:
        """What was answered."""
        return Answers(self.number, self.feeling, self.words)


class ThanksRecord(_Kept, frozen=True):
    """A thanks that a mentor was given; it stays when the conversation goes.

    Attributes:
        text: what it says; empty once it was thrown away.
        may_show: whether whoever gave it lets it be shown to others.
        day: on which it came.
    """

    text: str
    may_show: bool
    day: int


class ForgottenRecord(_Kept, frozen=True):
    """That a conversation was deleted on the day wished for; goes after 52 days.

    Attributes:
        day: on which it was.
    """

    day: int
