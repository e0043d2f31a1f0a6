"""What may be written in a mentorship now: what is not legal is never sent.

A step has to take effect: it follows the head of its thing, by the same rules by which the
other side will read it. Everything else has a rule of its own here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kith_crypto.core import ROLE_MENTEE
from kith_crypto.errors import UsageError
from kith_protocol.conversation.events import Entry
from kith_protocol.mentorship.agreement import AgreementRules
from kith_protocol.mentorship.blind import commitments, is_opened_by, view_round
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    MentorshipBody,
    Note,
    PassedOn,
    Reveal,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Thanks,
)
from kith_protocol.mentorship.goals import GoalRules, NoteRules
from kith_protocol.mentorship.sessions import SessionRules
from kith_protocol.mentorship.state import read_mentorship, steps_of, thing_of
from kith_protocol.mentorship.steps import Rules, Step, followed, settle

S = TypeVar("S")

_AFTER_CLOSING = (Closing, Reveal, Thanks, PassedOn)


def check_writable(
    body: MentorshipBody,
    entries: Iterable[Entry],
    *,
    conversation: bytes,
    role: int,
    minute: int,
) -> None:
    """Return if *body* may be written now.

    Args:
        body: to be written.
        entries: all messages of the conversation so far.
        conversation: its id, 16 bytes.
        role: of the writer.
        minute: by the writer's clock.

    Raises:
        UsageError: it would change nothing, or not what its writer means; the text says why.
    """
    entries = tuple(entries)
    stage = read_mentorship(entries, conversation=conversation, role=role).stage
    if stage == "closed" and not isinstance(body, _AFTER_CLOSING):
        raise UsageError("the mentorship is closed; to begin anew, knock once more")
    steps = steps_of(entries, role=role)
    match body:
        case AgreementProposal() | AgreementAnswer():
            of_kind = _like(steps, (AgreementProposal, AgreementAnswer))
            _check_step(body, of_kind, AgreementRules(), role, minute)
        case SessionProposal() | SessionPick() | SessionEnd():
            of_kind = _like(steps, (SessionProposal, SessionPick, SessionEnd))
            _check_step(body, of_kind, SessionRules(), role, minute)
        case Goal():
            _check_step(body, _like(steps, (Goal,)), GoalRules(), role, minute)
        case Note():
            _check_step(body, _like(steps, (Note,)), NoteRules(), role, minute)
        case Reveal():
            _check_reveal(body, steps, conversation, role)
        case CheckIn() | Closing() | Thanks() | PassedOn():
            _check_once(body, steps, role)


def _like(steps: Iterable[Step], kinds: tuple[type[MentorshipBody], ...]) -> list[Step]:
    return [step for step in steps if isinstance(step.body, kinds)]


def _check_step(
    body: MentorshipBody, of_kind: Iterable[Step], rules: Rules[S], role: int, minute: int
) -> None:
    thing = thing_of(body)
    settled = settle([step for step in of_kind if thing_of(step.body) == thing], rules)
    # Its own hash is not known before it is sealed, and decides nothing here.
    step = Step(b"", role, minute, body)
    if settled is None:
        if followed(body):
            raise UsageError("there is nothing yet that this could follow")
        rules.begin(step)
        return
    if followed(body) != settled.head.step.hash:
        raise UsageError("it has changed meanwhile; look at it again first")
    rules.follow(settled.head.state, step)


def _check_reveal(body: Reveal, steps: Sequence[Step], conversation: bytes, role: int) -> None:
    looked_at = view_round(body.number, steps, conversation=conversation, role=role)
    if not looked_at.is_to_reveal:
        raise UsageError("answers are shown once, and only when both sides have given theirs")
    mine = commitments(steps)[body.number, role]
    if not any(is_opened_by(one, body, conversation=conversation, role=role) for one in mine):
        raise UsageError("that is not the answer you have given")


def _check_once(body: MentorshipBody, steps: Sequence[Step], role: int) -> None:
    own = [step.body for step in steps if step.role == role]
    if isinstance(body, Closing) and any(isinstance(one, Closing) for one in own):
        raise UsageError("you have closed this mentorship already")
    if isinstance(body, Thanks) and role != ROLE_MENTEE:
        raise UsageError("a thanks goes from a mentee to a mentor")
    if isinstance(body, CheckIn) and (body.number, role) in commitments(steps):
        raise UsageError("you have answered this check-in already")
    if isinstance(body, PassedOn) and body in own:
        raise UsageError("you have told them already")
