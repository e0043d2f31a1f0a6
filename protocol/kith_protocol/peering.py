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
we follow           → sent, send a new Follow, and  waiting → accepted, send Accept
                    Undo of one that was open;
                    peers: send the open one again
we approve          none → sent, send Follow        waiting → accepted, send Accept
we reject           -                               waiting → none, send Reject
we remove           sent, accepted → none,          waiting, accepted → none, send Reject
                    send Undo
we block            → none, silently                → none, silently
we unblock          send Undo of those that ended   send Reject of those that ended
programme differs   sent, accepted → none,          waiting, accepted → none, send Reject
                    send Undo
got Follow: taken   none → sent, send Follow;       → accepted, send Accept
                    else send the open one again
got Follow: waits   -                               none → waiting, ask a steward
got Follow: again   sent: send it again             accepted: send Accept again
got Follow: added   send the open one again         accepted: send Accept of all again
got Follow: refused -                               send Reject
got Accept          sent → accepted                 -
got Reject          sent, accepted → none           accepted → waiting, ask a steward
got Reject: crossed sent, send a new Follow         -
                    and Undo of the old one
got Undo            -                               waiting, accepted → none
got Delete          → none                          → none
==================  ==============================  =======================================

What happens to a Follow is judged first: refused if it is one that has ended already, taken if
a steward of ours wants the peering, and otherwise by policy (``closed`` refuses, ``approve``
waits, ``open`` takes; a node that was removed always waits or is refused). A steward who
followed wants the peering even if the other side said no at first: so two ``closed`` nodes meet
when both have followed. That no may be overtaken by the Follow that came after it: then it is
*crossed*, and we follow anew, once. A blocked node is not answered, and none of its activities
changes anything.

Standing: *we limit* hides what a peer sends until a steward looks, *we restore* shows it again;
*we remove* and *we block* end the peering, *we unblock* leaves the node removed and tells it
so, as *we remove* does when it is said again.

Messages may be lost, doubled or overtaken by others, and a node may be put back to an earlier
state. So Follows have ids, and whoever hears of one that it does not hold says what it holds:
an Accept of a Follow that is not open is answered by its Undo, a Reject of one by the Follow
that is open, an Undo of one by an Accept of those that are, a Follow that has ended by a Reject
(the newest 16 are remembered). When all messages have arrived, both sides agree; when some were
lost, they do after the next decision of either steward that both can hear. Sending, storing,
the check that an activity is its actor's and about us, and whether programmes are equal, are
the caller's.

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
        refusal: why nothing changed (but perhaps the memory of ended Follows), in words for
            a steward, or ``None``. There may be effects all the same.
    """

    state: Peering
    effects: tuple[Effect, ...] = ()
    refusal: str | None = None


_OurRow: TypeAlias = tuple[OurFollow, EffectKind | None]
_TheirRow: TypeAlias = tuple[TheirFollow, EffectKind | None]

_OURS: dict[tuple[str, OurFollow], _OurRow] = {
    ("we-follow", "none"): ("sent", "send-follow"),
    ("we-follow", "sent"): ("sent", "send-follow"),
    ("we-follow", "accepted"): ("sent", "send-follow"),
    ("we-remind", "accepted"): ("accepted", "send-follow"),
    ("we-approve", "none"): ("sent", "send-follow"),
    ("follow-taken", "none"): ("sent", "send-follow"),
    ("follow-taken", "sent"): ("sent", "send-follow"),
    ("follow-taken", "accepted"): ("accepted", "send-follow"),
    ("follow-again", "sent"): ("sent", "send-follow"),
    ("follow-added", "sent"): ("sent", "send-follow"),
    ("follow-added", "accepted"): ("accepted", "send-follow"),
    ("reject-crossed", "sent"): ("sent", "send-follow"),
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
    ("follow-added", "accepted"): ("accepted", "send-accept"),
    ("got-reject", "accepted"): ("waiting", "ask-steward"),
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
    ("we-remove", "removed"): ("removed", None),
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
    "reject-crossed": False,  # else two nodes could go on for ever
    "got-delete": False,
}

# When a node hears again of all that has ended: a block was silent, a message may be lost.
_TELLING = frozenset({("we-unblock", "blocked"), ("we-remove", "removed")})

# What these send is a new Follow, also where one is open: the other side may hold another.
_RENEWING = frozenset({"we-follow", "reject-crossed"})

_REFUSALS: dict[str, str] = {
    "we-approve": "it has no request that waits for an answer",
    "we-reject": "it has no request that waits for an answer; remove ends a peering",
    "we-limit": "only a peer that is not limited yet can be limited",
    "we-restore": "it is not limited",
    "we-unblock": "it is not blocked",
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
    if event.kind == "programme-differs":
        return _part(state, event.follow, new_follow)
    late = _answer_late(state, event)
    if late is not None:
        return late
    if event.kind in ("we-approve", "we-reject") and state.their_follow != "waiting":
        return Step(state, refusal=_REFUSALS[event.kind])
    if event.kind == "we-limit" and not state.is_peer:
        return Step(state, refusal=_REFUSALS[event.kind])
    return _apply(state, _judge(state, event.kind), None, new_follow)


def _judge(state: Peering, kind: EventKind) -> str:
    """Return the name of the rows for *kind* in this state."""
    if kind == "we-follow" and state.is_peer:
        return "we-remind"
    follows = (state.our_follow, state.their_follow)
    if kind == "got-reject" and state.is_wanted and follows == ("sent", "accepted"):
        return "reject-crossed"
    return kind


def _take_follow(
    state: Peering, follow: str | None, *, policy: Policy, new_follow: str
) -> Step:
    if follow is None:
        return Step(state, refusal="a Follow without id")
    if follow in state.their_ended_ids:
        # Late, or sent again because our Reject was lost: the answer is the same.
        return Step(state, (Effect("send-reject", follow),), "that Follow has ended")
    if state.their_follow == "accepted":
        verdict = "follow-again" if follow in state.their_follow_ids else "follow-added"
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
    about = None if verdict in ("follow-added", "follow-taken") else follow
    return _apply(opened, verdict, about, new_follow)


def _part(state: Peering, follow: str | None, new_follow: str) -> Step:
    """End everything with a node of another programme, and reject the Follow that told us."""
    opened = _open(state, follow) if follow else state
    done = _apply(opened, "programme-differs", None, new_follow)
    if follow not in state.their_ended_ids:
        return done
    again = Effect("send-reject", follow)  # our first Reject may have been lost
    return msgspec.structs.replace(done, effects=(again, *done.effects))


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
        return _correct(state, event)
    if event.kind == "got-undo" and event.follow is not None:
        ended = _remember(state.their_ended_ids, (event.follow,))
        left = tuple(one for one in state.their_follow_ids if one != event.follow)
        if left or event.follow not in state.their_follow_ids:
            # Its Follow may still be on the way, or another one is open: perhaps only here.
            is_open = state.their_follow == "accepted"
            effects = tuple(Effect("send-accept", one) for one in left if is_open)
            state = msgspec.structs.replace(state, their_follow_ids=left, their_ended_ids=ended)
            return Step(state, effects, "not about the Follow of theirs that is open")
    return None


def _correct(state: Peering, event: Event) -> Step:
    """Return the step for an Accept or Reject of a Follow that we do not hold."""
    effects: tuple[Effect, ...] = ()
    if event.kind == "got-accept" and event.follow is not None:
        effects = (Effect("send-undo", event.follow),)
    elif event.kind == "got-reject" and state.our_follow_id is not None:
        effects = (Effect("send-follow", state.our_follow_id),)
    return Step(state, effects, "not about a Follow of ours that is open")


def _apply(before: Peering, kind: str, follow: str | None, new_follow: str) -> Step:
    ours = _OURS.get((kind, before.our_follow))
    theirs = _THEIRS.get((kind, before.their_follow))
    standing = _STANDING.get((kind, before.standing))
    if ours is None and theirs is None and standing is None:
        return Step(before, refusal=_REFUSALS.get(kind, "there is nothing to change"))
    wanted = _WANTED.get(kind, before.is_wanted)
    if kind == "got-reject" and before.our_follow == "accepted":
        wanted = False  # they ended what had begun, so starting anew is for stewards
    after, effects = msgspec.structs.replace(before, is_wanted=wanted), list[Effect]()
    if ours is not None and ours[0] == "none":
        # The Undo goes first: a Reject makes the other side ask about a Follow that is open.
        after, sent = _move_ours(after, ours, new_follow)
        effects += sent
    if theirs is not None:
        after, sent = _move_theirs(after, theirs, follow)
        effects += sent
    if ours is not None and ours[0] != "none":
        after, sent = _start_ours(after, ours, new_follow, is_new=kind in _RENEWING)
        effects += sent
    if standing is not None:
        after = msgspec.structs.replace(after, standing=standing[0])
        effects += [Effect(standing[1])] if standing[1] else []
    if (kind, before.standing) in _TELLING:
        effects += _tell_ended(before)
    effects += _exchange(before, after, effects)
    return Step(after, tuple(effects))


def _start_ours(
    state: Peering, row: _OurRow, new_follow: str, *, is_new: bool
) -> tuple[Peering, list[Effect]]:
    """Move as *row* says, and put a new Follow in the place of an open one if *is_new*."""
    old = state.our_follow_id
    if not is_new or old is None:
        return _move_ours(state, row, new_follow)
    ended = _remember(state.our_ended_ids, (old,))
    freed = msgspec.structs.replace(state, our_follow_id=None, our_ended_ids=ended)
    after, effects = _move_ours(freed, row, new_follow)
    # The Undo comes second, so that no exchange is broken off where the old one was accepted.
    return after, [*effects, Effect("send-undo", old)]


def _tell_ended(state: Peering) -> list[Effect]:
    """Return what tells the other side of all that has ended here, as far as we remember."""
    undone = [Effect("send-undo", one) for one in state.our_ended_ids]
    return undone + [Effect("send-reject", one) for one in state.their_ended_ids]


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
    # A repeated Follow is answered by itself; a decision, or a new one, answers all.
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
