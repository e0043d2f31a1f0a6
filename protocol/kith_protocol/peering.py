"""Peering: how two nodes agree to exchange, and how they stop.

Two nodes are **peers** when each follows the other and both said yes. One ``Peering`` is what
one node knows of another: our Follow of them (``none``, ``sent``, ``accepted``), theirs of
us (``none``, ``waiting``, ``accepted``) and the *standing* that our stewards gave them.

An event is what a steward does, or an activity that arrived. ``step`` returns the state after
it and the effects to carry out; an event that fits no row of the tables changes nothing and
comes back with a reason. The two sides of the agreement are independent columns:

==================  ==============================  =======================================
event               our Follow                      their Follow
==================  ==============================  =======================================
we follow           none → sent, send Follow;       waiting → accepted, send Accept
                    sent: send it again
we approve          none → sent, send Follow        waiting → accepted, send Accept
we reject           -                               waiting, accepted → none, send Reject
we remove           sent, accepted → none,          waiting, accepted → none, send Reject
                    send Undo
we block            → none, silently                → none, silently
programme differs   sent, accepted → none,          waiting, accepted → none, send Reject
                    send Undo
got Follow: taken   none → sent, send Follow        → accepted, send Accept
got Follow: waits   -                               none → waiting, ask a steward
got Follow: again   -                               accepted: send Accept again
got Follow: refused -                               send Reject
got Accept          sent → accepted                 -
got Reject          sent, accepted → none           -
got Undo            -                               waiting, accepted → none
got Delete          → none                          → none
==================  ==============================  =======================================

What happens to a Follow is judged first: refused if it is one that has ended already, taken if
a steward of ours wants the peering, and otherwise by policy (``closed`` refuses, ``approve``
waits, ``open`` takes; a node that was removed always waits or is refused). A steward who
followed wants the peering even if the other side said no at first: so two ``closed`` nodes meet
when both have followed. A blocked node is not answered, and none of its activities changes
anything.

Standing: *we limit* hides what a node sends until a steward looks, *we restore* shows it again;
*we remove* and *we block* end the peering, *we unblock* leaves the node removed.

Messages may be lost for a while, doubled or overtaken by others. So Follows have ids: an answer
counts only for the Follow that is open, ids that have ended are remembered (the newest 16), a
late Accept of an ended Follow is answered by its Undo, a late Follow that was undone by a
Reject. When all messages have arrived, both sides agree. Sending, storing, the check that an
activity is its actor's and about us, and whether programmes are equal, are the caller's.

Source: ActivityPub §7.5, §7.6, §7.7 (Follow, Accept, Reject); SPEC.md, section on peering.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from kith_protocol.nodeinfo import Policy

OurFollow: TypeAlias = Literal["none", "sent", "accepted"]
TheirFollow: TypeAlias = Literal["none", "waiting", "accepted"]
Standing: TypeAlias = Literal["normal", "limited", "blocked", "removed"]
EventKind: TypeAlias = Literal[
    "we-follow",
    "we-approve",
    "we-reject",
    "we-remove",
    "we-block",
    "we-unblock",
    "we-limit",
    "we-restore",
    "programme-differs",
    "got-follow",
    "got-accept",
    "got-reject",
    "got-undo",
    "got-delete",
]
EffectKind: TypeAlias = Literal[
    "send-follow",
    "send-accept",
    "send-reject",
    "send-undo",
    "ask-steward",
    "start-exchange",
    "drop-objects",
    "hide-objects",
    "show-objects",
]

MAX_IDS = 16


class Peering(msgspec.Struct, frozen=True):
    """What one node knows of another.

    Attributes:
        our_follow: the state of our Follow.
        their_follow: the state of their Follow.
        standing: what our stewards decided.
        our_follow_id: id of our open Follow, or ``None``.
        their_follow_ids: ids of their open Follows, oldest first; normally one.
        our_ended_ids: ids of our Follows that have ended, oldest first.
        their_ended_ids: ids of their Follows that have ended, oldest first.
        is_wanted: whether a steward of ours asked for the peering or approved it.
    """

    our_follow: OurFollow = "none"
    their_follow: TheirFollow = "none"
    standing: Standing = "normal"
    our_follow_id: str | None = None
    their_follow_ids: tuple[str, ...] = ()
    our_ended_ids: tuple[str, ...] = ()
    their_ended_ids: tuple[str, ...] = ()
    is_wanted: bool = False

    @property
    def is_peer(self) -> bool:
        """Whether both Follows are accepted; a limited peer is one, a blocked node never."""
        return self.our_follow == self.their_follow == "accepted"


class Event(msgspec.Struct, frozen=True):
    """Something that happened.

    Attributes:
        kind: what.
        follow: id of the Follow that arrived, or that the activity is about; with
            ``programme-differs`` the one that made us look, if there was one.
    """

    kind: EventKind
    follow: str | None = None


class Effect(msgspec.Struct, frozen=True):
    """Something to carry out.

    Attributes:
        kind: what. ``start-exchange``: fetch what they have, deliver what we have;
            ``drop-objects``: forget what they announced.
        follow: id of the Follow to send, answer or undo.
    """

    kind: EffectKind
    follow: str | None = None


class Step(msgspec.Struct, frozen=True):
    """What an event leads to.

    Attributes:
        state: afterwards.
        effects: to be carried out, in order.
        refusal: why nothing changed (but perhaps the memory of ended Follows), or ``None``.
    """

    state: Peering
    effects: tuple[Effect, ...] = ()
    refusal: str | None = None


_OurRow: TypeAlias = tuple[OurFollow, EffectKind | None]
_TheirRow: TypeAlias = tuple[TheirFollow, EffectKind | None]

_OURS: dict[tuple[str, OurFollow], _OurRow] = {
    ("we-follow", "none"): ("sent", "send-follow"),
    ("we-follow", "sent"): ("sent", "send-follow"),
    ("we-approve", "none"): ("sent", "send-follow"),
    ("follow-taken", "none"): ("sent", "send-follow"),
    ("we-remove", "sent"): ("none", "send-undo"),
    ("we-remove", "accepted"): ("none", "send-undo"),
    ("programme-differs", "sent"): ("none", "send-undo"),
    ("programme-differs", "accepted"): ("none", "send-undo"),
    ("we-block", "sent"): ("none", None),
    ("we-block", "accepted"): ("none", None),
    ("got-accept", "sent"): ("accepted", None),
    ("got-reject", "sent"): ("none", None),
    ("got-reject", "accepted"): ("none", None),
    ("got-delete", "sent"): ("none", None),
    ("got-delete", "accepted"): ("none", None),
}

_THEIRS: dict[tuple[str, TheirFollow], _TheirRow] = {
    ("we-follow", "waiting"): ("accepted", "send-accept"),
    ("we-approve", "waiting"): ("accepted", "send-accept"),
    ("we-reject", "waiting"): ("none", "send-reject"),
    ("we-reject", "accepted"): ("none", "send-reject"),
    ("we-remove", "waiting"): ("none", "send-reject"),
    ("we-remove", "accepted"): ("none", "send-reject"),
    ("programme-differs", "waiting"): ("none", "send-reject"),
    ("programme-differs", "accepted"): ("none", "send-reject"),
    ("we-block", "waiting"): ("none", None),
    ("we-block", "accepted"): ("none", None),
    ("follow-taken", "none"): ("accepted", "send-accept"),
    ("follow-taken", "waiting"): ("accepted", "send-accept"),
    ("follow-waits", "none"): ("waiting", "ask-steward"),
    ("follow-waits", "waiting"): ("waiting", None),
    ("follow-again", "accepted"): ("accepted", "send-accept"),
    ("got-undo", "waiting"): ("none", None),
    ("got-undo", "accepted"): ("none", None),
    ("got-delete", "waiting"): ("none", None),
    ("got-delete", "accepted"): ("none", None),
}

_STANDING: dict[tuple[str, Standing], tuple[Standing, EffectKind | None]] = {
    ("we-limit", "normal"): ("limited", "hide-objects"),
    ("we-restore", "limited"): ("normal", "show-objects"),
    ("we-follow", "removed"): ("normal", None),
    ("we-approve", "removed"): ("normal", None),
    ("we-remove", "normal"): ("removed", "drop-objects"),
    ("we-remove", "limited"): ("removed", "drop-objects"),
    ("we-block", "normal"): ("blocked", "drop-objects"),
    ("we-block", "limited"): ("blocked", "drop-objects"),
    ("we-block", "removed"): ("blocked", "drop-objects"),
    ("we-unblock", "blocked"): ("removed", None),
    ("programme-differs", "normal"): ("normal", "drop-objects"),
    ("programme-differs", "limited"): ("limited", "drop-objects"),
    ("programme-differs", "removed"): ("removed", "drop-objects"),
    ("got-delete", "normal"): ("normal", "drop-objects"),
    ("got-delete", "limited"): ("limited", "drop-objects"),
    ("got-delete", "removed"): ("removed", "drop-objects"),
}

_WANTED: dict[str, bool] = {
    "we-follow": True,
    "we-approve": True,
    "we-reject": False,
    "we-remove": False,
    "we-block": False,
    "programme-differs": False,
    "got-delete": False,
}


def step(state: Peering, event: Event, *, policy: Policy, new_follow: str) -> Step:
    """Return what *event* leads to.

    Args:
        state: before it.
        event: what happened.
        policy: who may become a peer.
        new_follow: id for a Follow of ours, used if this step sends a new one.
    """
    if state.standing == "blocked" and event.kind != "we-unblock":
        return Step(state, refusal="the node is blocked")
    if event.kind == "got-follow":
        return _take_follow(state, event.follow, policy=policy, new_follow=new_follow)
    late = _answer_late(state, event)
    if late is not None:
        return late
    if event.kind == "we-approve" and state.their_follow != "waiting":
        return Step(state, refusal="no Follow of theirs is waiting")
    if event.kind == "programme-differs":
        opened = _open(state, event.follow) if event.follow else state
        return _apply(opened, event.kind, None, new_follow)
    return _apply(state, event.kind, event.follow, new_follow)


def _take_follow(
    state: Peering, follow: str | None, *, policy: Policy, new_follow: str
) -> Step:
    if follow is None:
        return Step(state, refusal="a Follow without id")
    if follow in state.their_ended_ids:
        # Late, or sent again because our Reject was lost: the answer is the same.
        return Step(state, (Effect("send-reject", follow),), "that Follow has ended")
    if state.their_follow == "accepted":
        verdict = "follow-again"
    elif state.our_follow != "none" or state.is_wanted:
        verdict = "follow-taken"
    elif policy == "closed":
        ended = _remember(state.their_ended_ids, (follow,))
        refused = msgspec.structs.replace(state, their_ended_ids=ended)
        return Step(refused, (Effect("send-reject", follow),))
    else:
        waits = policy == "approve" or state.standing == "removed"
        verdict = "follow-waits" if waits else "follow-taken"
    known = (*(one for one in state.their_follow_ids if one != follow), follow)[-MAX_IDS:]
    opened = msgspec.structs.replace(state, their_follow_ids=known)
    return _apply(opened, verdict, follow, new_follow)


def _open(state: Peering, follow: str) -> Peering:
    """Return *state* with a Follow that arrived, for it to be rejected with the others."""
    if follow in (*state.their_follow_ids, *state.their_ended_ids):
        return state
    theirs: TheirFollow = "waiting" if state.their_follow == "none" else state.their_follow
    follows = (*state.their_follow_ids, follow)
    return msgspec.structs.replace(state, their_follow=theirs, their_follow_ids=follows)


def _answer_late(state: Peering, event: Event) -> Step | None:
    """Return the step for an answer that is not about an open Follow, else ``None``."""
    if event.kind in ("got-accept", "got-reject") and event.follow != state.our_follow_id:
        if event.kind == "got-accept" and event.follow in state.our_ended_ids:
            return Step(state, (Effect("send-undo", event.follow),), "that Follow has ended")
        return Step(state, refusal="not about a Follow of ours that is open")
    if event.kind == "got-undo" and event.follow is not None:
        ended = _remember(state.their_ended_ids, (event.follow,))
        left = tuple(one for one in state.their_follow_ids if one != event.follow)
        if left or event.follow not in state.their_follow_ids:
            # Its Follow may still be on the way, or another one is open.
            state = msgspec.structs.replace(state, their_follow_ids=left, their_ended_ids=ended)
            return Step(state, refusal="not about the Follow of theirs that is open")
    return None


def _apply(before: Peering, kind: str, follow: str | None, new_follow: str) -> Step:
    ours = _OURS.get((kind, before.our_follow))
    theirs = _THEIRS.get((kind, before.their_follow))
    standing = _STANDING.get((kind, before.standing))
    if ours is None and theirs is None and standing is None:
        return Step(before, refusal=f"{kind} does not apply here")
    wanted = _WANTED.get(kind, before.is_wanted)
    if kind == "got-reject" and before.our_follow == "accepted":
        wanted = False  # they ended what had begun, so starting anew is for stewards
    after, effects = msgspec.structs.replace(before, is_wanted=wanted), list[Effect]()
    if theirs is not None:
        after, sent = _move_theirs(after, theirs, follow)
        effects += sent
    if ours is not None:
        after, sent = _move_ours(after, ours, new_follow)
        effects += sent
    if standing is not None:
        after = msgspec.structs.replace(after, standing=standing[0])
        effects += [Effect(standing[1])] if standing[1] else []
    effects += _exchange(before, after, effects)
    return Step(after, tuple(effects))


def _move_ours(state: Peering, row: _OurRow, new_follow: str) -> tuple[Peering, list[Effect]]:
    target, kind = row
    current = state.our_follow_id or new_follow
    if target == "none":
        after = msgspec.structs.replace(
            state,
            our_follow=target,
            our_follow_id=None,
            our_ended_ids=_remember(state.our_ended_ids, (current,)),
        )
    else:
        after = msgspec.structs.replace(state, our_follow=target, our_follow_id=current)
    return after, [Effect(kind, current)] if kind else []


def _move_theirs(
    state: Peering, row: _TheirRow, follow: str | None
) -> tuple[Peering, list[Effect]]:
    target, kind = row
    # A repeated Follow is answered by itself; a decision answers all that are open.
    about = state.their_follow_ids if follow is None else (follow,)
    effects = [Effect(kind, one) for one in about] if kind else []
    if target != "none":
        return msgspec.structs.replace(state, their_follow=target), effects
    after = msgspec.structs.replace(
        state,
        their_follow=target,
        their_follow_ids=(),
        their_ended_ids=_remember(state.their_ended_ids, state.their_follow_ids),
    )
    return after, effects


def _exchange(before: Peering, after: Peering, effects: list[Effect]) -> list[Effect]:
    if after.is_peer and not before.is_peer:
        return [Effect("start-exchange")]
    drop = Effect("drop-objects")
    return [drop] if before.is_peer and not after.is_peer and drop not in effects else []


def _remember(ended: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*(one for one in ended if one not in more), *more)[-MAX_IDS:]
