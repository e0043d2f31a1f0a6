"""One session: times are proposed, one is picked, moved, cancelled, or it took place.

Up to five times are proposed; the other side picks one, proposes others, or says no. An agreed
time stays agreed while other times are proposed for it, until one of those is picked: nobody
misses a session because of a proposal they have not read. Either side may cancel, at any time,
and that wins over whatever the other one did meanwhile. Once its time has come, either side may
note that it took place.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import SessionEnd, SessionPick, SessionProposal, Slot
from kith_protocol.mentorship.steps import Settled, Step

SessionState = Literal["proposed", "agreed", "cancelled", "took-place"]

_RANK_PROPOSED, _RANK_PICKED, _RANK_REFUSED = 0, 1, 2
_FINAL_TOOK_PLACE, _FINAL_CANCELLED = 1, 2


class Times(msgspec.Struct, frozen=True):
    """What the steps so far lead to.

    Attributes:
        picked: the agreed time.
        picker: role of who picked it; 0 for nobody.
        picker_offset: what the picker's clock shows then, see ``Slot``.
        moves: how often an agreed time was replaced by another one.
        proposed: times that wait to be picked from.
        proposer: role of who proposed them; 0 for nobody.
        words: said with the last step.
        ending: how it ended, or nothing.
    """

    picked: Slot | None = None
    picker: int = 0
    picker_offset: int | None = None
    moves: int = 0
    proposed: tuple[Slot, ...] = ()
    proposer: int = 0
    words: str = ""
    ending: Literal["", "cancelled", "took-place"] = ""


class Session(msgspec.Struct, frozen=True):
    """A session as one side sees it.

    Attributes:
        thing: names it, 16 bytes.
        state: ``agreed`` also while other times are proposed for it.
        picked: the agreed time, or None; kept when it is cancelled.
        is_picked_by_me: who picked it.
        picker_offset: what the picker's clock shows then, in minutes ahead of UTC, if they say.
        proposed: times to pick from, ascending.
        is_proposed_by_me: whose these are.
        words: said with the last step.
        moves: how often an agreed time was replaced by another one.
        head: hash of the step that the next one follows.
    """

    thing: bytes
    state: SessionState
    picked: Slot | None
    is_picked_by_me: bool
    picker_offset: int | None
    proposed: tuple[Slot, ...]
    is_proposed_by_me: bool
    words: str
    moves: int
    head: bytes


class SessionRules:
    """What the steps of a session mean."""

    def begin(self, step: Step) -> Times:
        """Return the state after the first proposal."""
        if not isinstance(step.body, SessionProposal):
            raise UsageError("a session begins with times to pick from")
        return self.follow(Times(), step)

    def follow(self, state: Times, step: Step) -> Times:
        """Return the state after a proposal, a pick or an ending."""
        if state.ending:
            raise UsageError(f"the session is over: {state.ending}")
        match step.body:
            case SessionProposal() as body:
                return _propose(state, body, step.role)
            case SessionPick() as body:
                return _pick(state, body, step.role)
            case SessionEnd() as body:
                return _end(state, body, step.minute)
            case _:
                raise UsageError("that is no part of a session")

    def weigh(self, step: Step) -> tuple[int, int, int]:
        """Return finality, answers and rank: cancelling is final and outranks everything."""
        if isinstance(step.body, SessionPick):
            return 0, 1, _RANK_PICKED
        if isinstance(step.body, SessionEnd):
            return _FINALITY[step.body.how], 1, _RANK_REFUSED
        return 0, 0, _RANK_PROPOSED


_FINALITY = {"declined": 0, "took-place": _FINAL_TOOK_PLACE, "cancelled": _FINAL_CANCELLED}


def view_session(
    thing: bytes, settled: Settled[Times], *, role: int, over_minute: int | None
) -> Session:
    """Return a session as the side with *role* sees it.

    Args:
        thing: names it.
        settled: what its steps lead to.
        role: one's own.
        over_minute: when the mentorship ended, and with it every session that was still to
            come; None while it goes on.
    """
    times = settled.head.state
    proposed = times.proposed if over_minute is None else ()
    return Session(
        thing=thing,
        state=_state_of(times, over_minute),
        picked=times.picked,
        is_picked_by_me=times.picker == role,
        picker_offset=times.picker_offset,
        proposed=proposed,
        is_proposed_by_me=bool(proposed) and times.proposer == role,
        words=times.words,
        moves=times.moves,
        head=settled.head.step.hash,
    )


def _state_of(times: Times, over_minute: int | None) -> SessionState:
    if times.ending:
        return times.ending
    if times.picked is not None:
        # Nobody has to note that a session took place: what lies in the past stays agreed.
        is_to_come = over_minute is not None and over_minute < times.picked.start
        return "cancelled" if is_to_come else "agreed"
    return "proposed" if times.proposed and over_minute is None else "cancelled"


def _propose(state: Times, body: SessionProposal, role: int) -> Times:
    starts = [slot.start for slot in body.slots]
    if sorted(set(starts)) != starts:
        raise UsageError("the times have to be different ones, the earliest first")
    return msgspec.structs.replace(state, proposed=body.slots, proposer=role, words=body.words)


def _pick(state: Times, body: SessionPick, role: int) -> Times:
    if not state.proposed:
        raise UsageError("no times are proposed at the moment")
    if state.proposer == role:
        raise UsageError("the other side has to pick, as these times are your own")
    found = next((slot for slot in state.proposed if slot.start == body.start), None)
    if found is None:
        raise UsageError("that time is not among those proposed")
    return msgspec.structs.replace(
        state,
        picked=found,
        picker=role,
        picker_offset=body.offset,
        moves=state.moves + (state.picked is not None),
        proposed=(),
        proposer=0,
        words="",
    )


def _end(state: Times, body: SessionEnd, minute: int) -> Times:
    rest = msgspec.structs.replace(state, proposed=(), proposer=0, words=body.words)
    if body.how == "declined":
        if not state.proposed:
            raise UsageError("no times are proposed at the moment")
        return rest
    if body.how == "took-place" and (state.picked is None or minute < state.picked.start):
        raise UsageError("a session can only have taken place once its time has come")
    return msgspec.structs.replace(rest, ending=body.how)
