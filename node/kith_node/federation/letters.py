"""Activities for single peers that other rooms have a reason to send: flags, their answers.

They are queued in one transaction with the note of who decided, and delivered like all letters.
A letter of the same id to the same peer is queued once.
"""

from __future__ import annotations

from collections.abc import Callable

from kith_crypto.canonical import canonical_bytes
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import JsonObject
from kith_node.federation import peer_store
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.peer_store import AuditLine, NewLetter
from kith_node.federation.peers import PeerBook, kind_of
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.announcements import build_update_actor
from kith_protocol.day import day_of
from kith_protocol.urls import ID_BYTES
from kith_protocol.wire import read_string


class Letters:
    """Queues activities for peers.

    Args:
        database: ``catalogue.db``.
        identity: signs them.
        peers: who is known.
        clock: says what day it is.
        rng: makes ids.
        wake: called when a letter was queued.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        peers: PeerBook,
        clock: Clock,
        rng: Rng,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._identity = identity
        self._peers = peers
        self._clock = clock
        self._rng = rng
        self._wake = wake

    async def is_open(self, actor: str) -> bool:
        """Return whether *actor* is a peer that is neither limited, paused nor blocked."""
        row = await self._peers.get(actor)
        return row is not None and kind_of(row, today=day_of(self._clock.now())) == "peer"

    async def send(
        self, actor: str, activity: JsonObject, *, audit: AuditLine | None = None
    ) -> None:
        """Queue *activity*, signed, for *actor*, and note *audit* with it."""
        letter = self._letter(actor, activity)
        async with self._database.transaction() as connection:
            await peer_store.add_letters(connection, [letter])
            if audit is not None:
                await peer_store.add_audit(connection, audit)
        self._wake()

    async def tell_of_new_actor(self) -> None:
        """Make all peers fetch our actor document again."""
        activity = build_update_actor(self._identity.origin, self._rng.bytes(ID_BYTES))
        rows = (await self._peers.all()).values()
        letters = [self._letter(row.actor, activity) for row in rows if row.is_open]
        if letters:
            async with self._database.transaction() as connection:
                await peer_store.add_letters(connection, letters)
            self._wake()

    def _letter(self, actor: str, activity: JsonObject) -> NewLetter:
        today = day_of(self._clock.now())
        raw = canonical_bytes(self._identity.sign(activity, day=today))
        return NewLetter(actor, read_string(activity, "id"), raw, today)
