"""Goals and notes that both sides share: each step says the whole thing as it is from now on.

Either side may change what either began. Where both changed one at the same time, one version
counts and those as far on are shown beside it until somebody changes it again. All of them
remain as messages.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import Goal, GoalState, MentorshipBody, Note
from kith_protocol.mentorship.steps import Settled, Step

T = TypeVar("T", bound=MentorshipBody)


class SharedGoal(msgspec.Struct, frozen=True):
    """A goal as one side sees it.

    Attributes:
        thing: names it, 16 bytes.
        text: what it is.
        state: open, reached or dropped.
        topics: what it is about.
        is_mine: who began it.
        rivals: other texts that were written at the same time as this one.
        head: hash of the step that the next one follows.
    """

    thing: bytes
    text: str
    state: GoalState
    topics: tuple[str, ...]
    is_mine: bool
    rivals: tuple[str, ...]
    head: bytes


class SharedNote(msgspec.Struct, frozen=True):
    """A note as one side sees it.

    Attributes:
        thing: names it, 16 bytes.
        text: empty once it was put away.
        session: that it is about, 16 bytes, or empty.
        minute: of its last change, by the clock of who made it.
        is_mine: who began it.
        rivals: other texts that were written at the same time as this one.
        head: hash of the step that the next one follows.
    """

    thing: bytes
    text: str
    session: bytes
    minute: int
    is_mine: bool
    rivals: tuple[str, ...]
    head: bytes


class GoalRules:
    """What the steps of a goal mean: the last one counts."""

    def begin(self, step: Step) -> Goal:
        """Return the goal."""
        return _only(step, Goal, "that is no goal")

    def follow(self, _state: Goal, step: Step) -> Goal:
        """Return the goal as it was changed."""
        return self.begin(step)

    def weigh(self, step: Step) -> tuple[int, int, int]:
        """Return only a rank, by which what was reached stays reached."""
        return 0, 0, int(isinstance(step.body, Goal) and step.body.state == "reached")


class NoteRules:
    """What the steps of a note mean: the last one counts."""

    def begin(self, step: Step) -> Note:
        """Return the note."""
        return _only(step, Note, "that is no note")

    def follow(self, _state: Note, step: Step) -> Note:
        """Return the note as it was changed."""
        return self.begin(step)

    def weigh(self, step: Step) -> tuple[int, int, int]:
        """Return only a rank, by which text wins over putting away."""
        return 0, 0, int(isinstance(step.body, Note) and bool(step.body.text))


def view_goal(thing: bytes, settled: Settled[Goal], *, role: int) -> SharedGoal:
    """Return a goal as the side with *role* sees it."""
    goal = settled.head.state
    return SharedGoal(
        thing=thing,
        text=goal.text,
        state=goal.state,
        topics=goal.topics,
        is_mine=settled.head.first.role == role,
        rivals=_rivals(goal.text, [one.state.text for one in settled.rivals]),
        head=settled.head.step.hash,
    )


def view_note(thing: bytes, settled: Settled[Note], *, role: int) -> SharedNote:
    """Return a note as the side with *role* sees it."""
    note = settled.head.state
    return SharedNote(
        thing=thing,
        text=note.text,
        session=parse_base64url(note.session),
        minute=settled.head.step.minute,
        is_mine=settled.head.first.role == role,
        rivals=_rivals(note.text, [one.state.text for one in settled.rivals]),
        head=settled.head.step.hash,
    )


def _rivals(text: str, others: list[str]) -> tuple[str, ...]:
    return tuple(sorted({other for other in others if other and other != text}))


def _only(step: Step, kind: type[T], reason: str) -> T:
    if not isinstance(step.body, kind):
        raise UsageError(reason)
    return step.body
