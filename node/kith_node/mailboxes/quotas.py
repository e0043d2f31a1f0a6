"""How much a box holds, and what goes when it is full. Pure, but for one counter in memory.

A box holds 256 envelopes and 4 MiB: the largest file (2 MiB in 33 envelopes) and a month of
eight messages a day, which is as long as an envelope is kept anyway. In a box for *replies*
there is one honest sender; when it is full, what comes is not kept, so that what lies there
stays readable in order. Into a box for *knocks* anybody may write whose node may: there a node
fills at most a quarter and hands in 20 knocks a day, so that it takes several hostile nodes to
fill it, and when it is full the oldest knock of the node with most in it goes first.

Nobody is told that an envelope was not kept: a box's owner is the only one who may learn that
the box exists. Source: SPEC.md, section on mailboxes.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import Final

import msgspec

from kith_crypto.tokens import keyed_hash
from kith_protocol.day import Day
from kith_protocol.sealed_api import BoxKind

MAX_ENVELOPES = 256
MAX_BOX_BYTES = 4 * 1024 * 1024
SHARES: Final = 4  # of a box for knocks one node fills one
KNOCKS_A_DAY = 20
MAX_COUNTED = 100_000


class Held(msgspec.Struct, frozen=True):
    """An envelope in a box, without its bytes.

    Attributes:
        id: 16 bytes.
        day: on which it came.
        peer: origin of the node that delivered it.
        size_bytes: of the envelope.
    """

    id: bytes
    day: int
    peer: str
    size_bytes: int


def make_room(
    held: Sequence[Held], arriving: Held, *, kind: BoxKind
) -> tuple[bytes, ...] | None:
    """Return the ids that have to go so that *arriving* fits, or None if it is not kept.

    Args:
        held: what lies in the box, without *arriving*.
        arriving: what came.
        kind: of the box.
    """
    if kind == "reply":
        return () if _fits([*held, arriving]) else None
    own = [one for one in held if one.peer == arriving.peer]
    if not _fits([*own, arriving], shares=SHARES):
        return None
    kept, gone = list(held), []
    while not _fits([*kept, arriving]):
        counts = Counter(one.peer for one in kept)
        loudest = max(counts, key=lambda peer: (counts[peer], peer))
        first = min(
            (one for one in kept if one.peer == loudest), key=lambda one: (one.day, one.id)
        )
        kept.remove(first)
        gone.append(first.id)
    return tuple(gone)


def _fits(held: Sequence[Held], *, shares: int = 1) -> bool:
    size = sum(one.size_bytes for one in held)
    return len(held) <= MAX_ENVELOPES // shares and size <= MAX_BOX_BYTES // shares


class KnockCounts:
    """Counts knocks of one day by delivering node and box, under a hash keyed by the process.

    Emptying a box makes room in it, but no room for more knocks of the same day. A restart
    begins anew.
    """

    def __init__(self, key: bytes, *, max_counted: int = MAX_COUNTED) -> None:
        """Take the process's key."""
        self._key = key
        self._max_counted = max_counted
        self._day = Day(0)
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def take(self, peer: str, box: bytes, *, today: Day) -> bool:
        """Count one knock and return whether it is among the day's first ``KNOCKS_A_DAY``."""
        if today != self._day:
            self._day = today
            self._counts.clear()
        name = keyed_hash(self._key, box + peer.encode())
        count = self._counts.get(name, 0) + 1
        self._counts[name] = min(count, KNOCKS_A_DAY + 1)
        self._counts.move_to_end(name)
        while len(self._counts) > self._max_counted:
            self._counts.popitem(last=False)
        return count <= KNOCKS_A_DAY
