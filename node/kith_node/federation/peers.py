"""The peers as every request asks for them: in memory, at most a moment old.

Changes made here are seen at once; those of another process (a steward at the command line)
within ``MAX_AGE_S``. Whatever is stored is decided again inside the storing transaction, so a
moment's delay lets nothing in that a block has kept out.
"""

from __future__ import annotations

from collections.abc import Mapping

from kith_node.federation.peer_store import PeerRow, list_peers
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.admission import NodeKind, classify_node
from kith_protocol.day import Day

MAX_AGE_S = 1.0


def kind_of(peer: PeerRow | None, *, today: Day) -> NodeKind:
    """Return what a node may do here; one that is paused may only speak about peering."""
    kind = classify_node(None if peer is None else peer.peering, today=today)
    is_paused = peer is not None and peer.is_paused
    return "stranger" if is_paused and kind != "blocked" else kind


class PeerBook:
    """Holds the rows of all peers by actor id."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rows: Mapping[str, PeerRow] = {}
        self._read_at: float | None = None
        self._changes = 0

    async def get(self, actor: str) -> PeerRow | None:
        """Return the row of *actor*, or None."""
        return (await self.all()).get(actor)

    async def all(self) -> Mapping[str, PeerRow]:
        """Return every row by actor id; not to be changed."""
        now = self._clock.monotonic()
        while self._read_at is None or now - self._read_at > MAX_AGE_S:
            changes = self._changes
            async with self._database.read() as connection:
                rows = await list_peers(connection)
            if changes == self._changes:  # else something was committed while we read
                self._rows = {row.actor: row for row in rows}
                self._read_at = now
        return self._rows

    def forget(self) -> None:
        """Read again at the next question; called after every commit that changed a peer."""
        self._changes += 1
        self._read_at = None
