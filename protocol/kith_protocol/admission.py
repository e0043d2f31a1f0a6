"""What another node may do here, by what it is to us.

=============  ==========  =========  =======  =======  ===========
kind of node   peering     announce   read     keys     hand in
=============  ==========  =========  =======  =======  ===========
peer           yes         yes        yes      yes      yes
limited        yes         yes        yes      yes      yes
follower       yes         -          -        -        -
introduced     yes         -          -        yes      yes
stranger       yes         -          -        -        -
blocked        -           -          -        -        -
=============  ==========  =========  =======  =======  ===========

*Peering* is Follow, Undo, and Accept or Reject of our own Follow; *announce* is every other
activity; *read* is outbox, offers and catalogue; *keys* are key pages; *hand in* are envelopes.
A node is *introduced* if an offer of it reached us through a relay that both follow, or if we
handed an envelope to it in the last half year. What a limited peer sends is kept and hidden.
Rates are the caller's.

Source: SPEC.md, section on peering.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from kith_protocol.day import Day
from kith_protocol.errors import ForbiddenError, NotAPeerError
from kith_protocol.peering import Peering

NodeKind: TypeAlias = Literal[
    "peer", "limited", "follower", "introduced", "stranger", "blocked"
]
Act: TypeAlias = Literal["peering", "announce", "read", "keys", "hand-in"]

INTRODUCED_DAYS = 183

_PEER_ACTS: frozenset[Act] = frozenset({"peering", "announce", "read", "keys", "hand-in"})
_ALLOWED: dict[NodeKind, frozenset[Act]] = {
    "peer": _PEER_ACTS,
    "limited": _PEER_ACTS,
    "follower": frozenset({"peering"}),
    "introduced": frozenset({"peering", "keys", "hand-in"}),
    "stranger": frozenset({"peering"}),
    "blocked": frozenset(),
}
_PEERING_TYPES = frozenset({"Follow", "Undo", "Accept", "Reject"})


def classify_node(
    peering: Peering | None, *, introduced: Day | None = None, today: Day
) -> NodeKind:
    """Return what a node is to us.

    Args:
        peering: what we know of it, if anything.
        introduced: the last day on which it was introduced, if it ever was.
        today: the current day.
    """
    known = Peering() if peering is None else peering
    if known.standing == "blocked":
        return "blocked"
    if known.is_peer:
        return "limited" if known.standing == "limited" else "peer"
    if introduced is not None and 0 <= today - introduced <= INTRODUCED_DAYS:
        return "introduced"
    return "follower" if known.their_follow == "accepted" else "stranger"


def act_of(activity_type: str) -> Act:
    """Return which act it is to send an activity of this type."""
    return "peering" if activity_type in _PEERING_TYPES else "announce"


def check_act(kind: NodeKind, act: Act) -> None:
    """Return if a node of this kind may do that.

    Raises:
        ForbiddenError: it is blocked.
        NotAPeerError: only a peer may.
    """
    if act in _ALLOWED[kind]:
        return
    if kind == "blocked":
        raise ForbiddenError("the node is blocked")
    raise NotAPeerError(f"{act} is not open to a {kind}")
