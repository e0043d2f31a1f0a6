"""A whole mentorship, read from the messages of its conversation.

There is nothing beside the messages: whoever has the same ones reads the same mentorship, from
their own side. Messages that are not legal where they stand change nothing.

A mentorship is over as soon as either side has closed it, or ended the conversation, whatever
else was on its way; what was to come is then cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec

from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import parse_base64url
from kith_protocol.conversation.bodies import Close, Freeze
from kith_protocol.conversation.events import Entry, Shown
from kith_protocol.mentorship.agreement import Agreement, AgreementRules, view_agreement
from kith_protocol.mentorship.blind import CLOSING_ROUND, BlindRound, rounds_of, view_round
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    MentorshipBody,
    Note,
    PassedOn,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Thanks,
)
from kith_protocol.mentorship.goals import (
    GoalRules,
    NoteRules,
    SharedGoal,
    SharedNote,
    view_goal,
    view_note,
)
from kith_protocol.mentorship.sessions import Session, SessionRules, view_session
from kith_protocol.mentorship.steps import Rules, Settled, Step, settle

Stage = Literal["talking", "proposed", "agreed", "closed"]
S = TypeVar("S")

_AGREEMENT = (AgreementProposal, AgreementAnswer)
_SESSION = (SessionProposal, SessionPick, SessionEnd)


class ClosingState(msgspec.Struct, frozen=True):
    """The end of a mentorship.

    Attributes:
        minute: of the first word of it, by the clock of whoever wrote that.
        mine: what one has said oneself; None while one has not.
        theirs: what the other side has said.
        kept_until: day on which both delete what was said: the earlier wish; 0 for none.
        looking_back: what both found, shown once both have said.
    """

    minute: int
    mine: Closing | None
    theirs: Closing | None
    kept_until: int
    looking_back: BlindRound


class Thank(msgspec.Struct, frozen=True):
    """A thanks. Its ``repr`` shows nothing.

    Attributes:
        hash: of the message.
        minute: by the mentee's clock.
        text: what it says.
        may_show: whether the mentor may show it to others.
    """

    hash: bytes
    minute: int
    text: str
    may_show: bool

    def __repr__(self) -> str:
        return "Thank(...)"


class Mentorship(msgspec.Struct, frozen=True):
    """A mentorship as one side sees it. Its ``repr`` shows nothing.

    Attributes:
        stage: how far it is; ``talking`` while no terms are proposed.
        agreement: the terms.
        sessions: by time, those without one last.
        goals: shared ones, in the order of their names, which are random.
        notes: shared ones, by time, without those put away.
        check_ins: rounds in which either side has answered, by number.
        closing: None until somebody has closed it.
        thanks: of the mentee, by time.
        passed_on: what the mentor, or the mentee, was told of it.
    """

    stage: Stage
    agreement: Agreement
    sessions: tuple[Session, ...]
    goals: tuple[SharedGoal, ...]
    notes: tuple[SharedNote, ...]
    check_ins: tuple[BlindRound, ...]
    closing: ClosingState | None
    thanks: tuple[Thank, ...]
    passed_on: tuple[PassedOn, ...]

    def __repr__(self) -> str:
        return "Mentorship(...)"


def read_mentorship(entries: Iterable[Entry], *, conversation: bytes, role: int) -> Mentorship:
    """Return the mentorship that the messages of a conversation make.

    Args:
        entries: all of them, in any order.
        conversation: its id, 16 bytes.
        role: one's own.
    """
    entries = tuple(entries)
    return read_steps(
        steps_of(entries, role=role),
        conversation=conversation,
        role=role,
        ended_minute=min(
            (
                one.minute
                for one in entries
                if isinstance(one, Shown) and isinstance(one.body, Close | Freeze)
            ),
            default=None,
        ),
    )


def steps_of(entries: Iterable[Entry], *, role: int) -> tuple[Step, ...]:
    """Return the messages of a mentorship among *entries*.

    Args:
        entries: of the conversation.
        role: one's own.
    """
    other = ROLE_MENTEE + ROLE_MENTOR - role
    return tuple(
        Step(entry.hash, role if entry.is_own else other, entry.minute, entry.body)
        for entry in entries
        if isinstance(entry, Shown) and isinstance(entry.body, MENTORSHIP_BODIES)
    )


def read_steps(
    steps: Iterable[Step], *, conversation: bytes, role: int, ended_minute: int | None
) -> Mentorship:
    """Return the mentorship that *steps* make.

    Args:
        steps: in any order.
        conversation: 16 bytes.
        role: one's own.
        ended_minute: when either side first ended or paused the conversation, or None.
    """
    steps = tuple({step.hash: step for step in steps}.values())
    closing = _read_closing(steps, conversation, role)
    ends = [ended_minute, None if closing is None else closing.minute]
    over_minute = min((minute for minute in ends if minute is not None), default=None)
    agreement = view_agreement(settle(_of(steps, _AGREEMENT), AgreementRules()), role=role)
    return Mentorship(
        stage=_stage(agreement, is_over=over_minute is not None),
        agreement=agreement,
        sessions=_read_sessions(steps, role, over_minute),
        goals=tuple(
            view_goal(thing, settled, role=role)
            for thing, settled in things_of(_of(steps, (Goal,)), GoalRules())
        ),
        notes=_read_notes(steps, role),
        check_ins=tuple(
            view_round(number, found, conversation=conversation, role=role)
            for number, found in sorted(rounds_of(steps).items())
            if any(isinstance(step.body, CheckIn) for step in found)
        ),
        closing=closing,
        thanks=_read_thanks(steps),
        passed_on=tuple(
            step.body for step in _in_time(steps) if isinstance(step.body, PassedOn)
        ),
    )


def things_of(steps: Iterable[Step], rules: Rules[S]) -> list[tuple[bytes, Settled[S]]]:
    """Return all things of one kind, by name.

    Args:
        steps: all of that kind.
        rules: what they mean.
    """
    groups: dict[bytes, list[Step]] = {}
    for step in steps:
        groups.setdefault(thing_of(step.body), []).append(step)
    found = ((thing, settle(groups[thing], rules)) for thing in sorted(groups))
    return [(thing, settled) for thing, settled in found if settled is not None]


def thing_of(body: MentorshipBody) -> bytes:
    """Return what names the thing that *body* is a step of; nothing for the agreement."""
    return parse_base64url(getattr(body, "thing", ""))


def _of(steps: Iterable[Step], kinds: tuple[type[MentorshipBody], ...]) -> list[Step]:
    return [step for step in steps if isinstance(step.body, kinds)]


def _in_time(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.minute, step.hash))


def _stage(agreement: Agreement, *, is_over: bool) -> Stage:
    if is_over:
        return "closed"
    if agreement.terms is not None:
        return "agreed"
    return "talking" if agreement.proposed is None else "proposed"


def _read_sessions(
    steps: Iterable[Step], role: int, over_minute: int | None
) -> tuple[Session, ...]:
    found = [
        view_session(thing, settled, role=role, over_minute=over_minute)
        for thing, settled in things_of(_of(steps, _SESSION), SessionRules())
    ]
    return tuple(sorted(found, key=_when))


def _when(session: Session) -> tuple[bool, int, bytes]:
    slot = session.picked or next(iter(session.proposed), None)
    return slot is None, 0 if slot is None else slot.start, session.thing


def _read_notes(steps: Iterable[Step], role: int) -> tuple[SharedNote, ...]:
    found = [
        view_note(thing, settled, role=role)
        for thing, settled in things_of(_of(steps, (Note,)), NoteRules())
    ]
    kept = [note for note in found if note.text or note.rivals]
    return tuple(sorted(kept, key=lambda note: (note.minute, note.thing)))


def _read_closing(
    steps: tuple[Step, ...], conversation: bytes, role: int
) -> ClosingState | None:
    closings = [(step, step.body) for step in _in_time(steps) if isinstance(step.body, Closing)]
    if not closings:
        return None
    wishes = [body.kept_until for _, body in closings if body.kept_until]
    return ClosingState(
        minute=closings[0][0].minute,
        mine=next((body for step, body in closings if step.role == role), None),
        theirs=next((body for step, body in closings if step.role != role), None),
        kept_until=min(wishes, default=0),
        looking_back=view_round(CLOSING_ROUND, steps, conversation=conversation, role=role),
    )


def _read_thanks(steps: Iterable[Step]) -> tuple[Thank, ...]:
    return tuple(
        Thank(step.hash, step.minute, step.body.text, step.body.may_show)
        for step in _in_time(steps)
        if isinstance(step.body, Thanks) and step.role == ROLE_MENTEE
    )
