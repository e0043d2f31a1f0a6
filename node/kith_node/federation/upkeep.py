"""Forgetting what has come to its end: log lines, tombstones, letters, strangers and others.

Source: docs/privacy.md, *Lifetimes*.
"""

from __future__ import annotations

from kith_node.federation import peer_store, store
from kith_node.federation.registry import Registry
from kith_node.federation.standing import Standings
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import DAY_S, day_of
from kith_protocol.limits import RETRY_GIVE_UP_S

PERIOD_S = 3600.0
LETTER_DAYS = RETRY_GIVE_UP_S // DAY_S


class Upkeep:
    """Forgets what nobody needs any more.

    Args:
        database: ``catalogue.db``.
        registry: forgets strangers.
        standings: forgets whom envelopes were exchanged with long ago.
        clock: says what day it is.
    """

    def __init__(
        self, database: Database, *, registry: Registry, standings: Standings, clock: Clock
    ) -> None:
        self._database = database
        self._registry = registry
        self._standings = standings
        self._clock = clock

    async def run_upkeep(self) -> float:
        """Forget, and return the seconds until it is worth looking again."""
        today = day_of(self._clock.now())
        async with self._database.transaction() as connection:
            await store.purge(connection, today)
            await peer_store.delete_letters_before(connection, today - LETTER_DAYS)
        await self._registry.forget_strangers()
        await self._standings.forget()
        return PERIOD_S
