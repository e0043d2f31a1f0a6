"""When changes to offers leave the node, and together with which others.

A change that left at once would tell the hour at which somebody was there. So changes wait for
a *release*: at least five ready ones, or the oldest has waited three days. A release publishes
its changes shuffled and dated that day. Opening and closing of a room happens in the rhythm of
one person's mentorships, so it waits for up to two further releases, drawn when it is made.
Withdrawals never wait.

Of each offer at most one change waits; a further one is merged by a table:

=========  =========  =========  ================================================
waiting    + update   + room     + withdraw
=========  =========  =========  ================================================
nothing    update     room       leaves at once
create     create     create     nothing ever leaves
update     update     update     leaves at once, and nothing waits
room       update     room       leaves at once, and nothing waits
=========  =========  =========  ================================================

No time is stored with what waits: the caller holds the age of the oldest change in memory and
counts anew after a restart. Dating, signing and sending are the caller's.

Source: SPEC.md, section on releases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from kith_crypto.randomness import Rng
from kith_protocol.chance import draw_below, shuffle
from kith_protocol.day import DAY_S
from kith_protocol.errors import ConflictError

Waiting: TypeAlias = Literal["create", "update", "room"]
Change: TypeAlias = Literal["create", "update", "room", "withdraw"]


class ReleaseConfig(msgspec.Struct, frozen=True):
    """When a release happens.

    Attributes:
        changes: so many ready changes make one.
        max_age_s: so long the oldest change waits at most, seconds.
        max_room_waits: how many further releases a change of room may wait.
    """

    changes: int = 5
    max_age_s: int = 3 * DAY_S
    max_room_waits: int = 2


class Pending(msgspec.Struct, frozen=True):
    """A change that waits.

    Attributes:
        offer: the offer's id, 16 bytes.
        kind: what will be announced.
        waits: further releases it lets pass.
    """

    offer: bytes
    kind: Waiting
    waits: int = 0


class Release(msgspec.Struct, frozen=True):
    """What leaves now, in this order, and what goes on waiting."""

    leaving: tuple[Pending, ...]
    staying: tuple[Pending, ...]


_MERGE: dict[tuple[Change | None, Change], Waiting] = {
    (None, "create"): "create",
    (None, "update"): "update",
    (None, "room"): "room",
    ("create", "update"): "create",
    ("create", "room"): "create",
    ("update", "update"): "update",
    ("update", "room"): "update",
    ("room", "update"): "update",
    ("room", "room"): "room",
}


def merge(waiting: Change | None, change: Change) -> Waiting:
    """Return what waits for an offer after *change*, which is not a withdrawal.

    Args:
        waiting: what waits for it now.
        change: what its owner did.

    Raises:
        ConflictError: it is created twice, or is being withdrawn.
    """
    if (waiting, change) not in _MERGE:
        raise ConflictError(f"{change} after {waiting}")
    return _MERGE[waiting, change]


def leaves_at_once(waiting: Change | None) -> bool:
    """Return whether withdrawing an offer has to be announced; nothing waits for it then.

    What was never announced need not be withdrawn, so after ``create`` it is ``False``.
    """
    return waiting != "create"


def draw_waits(kind: Waiting, *, config: ReleaseConfig, rng: Rng) -> int:
    """Return how many further releases a new change lets pass; 0 for all but ``room``."""
    return draw_below(config.max_room_waits + 1, rng) if kind == "room" else 0


def decide_release(
    pending: Sequence[Pending], *, oldest_age_s: int, config: ReleaseConfig, rng: Rng
) -> Release | None:
    """Return the release that is due, or ``None``.

    What leaves may be empty, when only changes of room waited: then the others have come one
    release nearer, and the age counts anew.

    Args:
        pending: all that waits, in any order.
        oldest_age_s: how long the oldest of them has waited, seconds, as far as known.
        config: when releases happen.
        rng: source of the order.
    """
    ready = [change for change in pending if change.waits == 0]
    is_old = bool(pending) and oldest_age_s >= config.max_age_s
    if not is_old and len(ready) < max(config.changes, 1):
        return None
    staying = [
        Pending(offer=change.offer, kind=change.kind, waits=change.waits - 1)
        for change in pending
        if change.waits
    ]
    return Release(leaving=tuple(shuffle(ready, rng)), staying=tuple(staying))
