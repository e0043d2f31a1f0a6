"""Releases: what waits leaves in one shuffled batch, dated that day, to everybody alike.

A release is three steps, each of which a crash may repeat:

1. in one transaction of ``objects.db``, what is due is dated and signed; a repeat finds the
   signed bytes and takes those, so that one revision has one form;
2. the signed objects go to the outbox in shuffled order (``catalogue.db``), which takes each
   revision once;
3. what waited is put behind (``objects.db``).

When a release is due, and what goes into it, is ``kith_protocol.release``. How long something
has waited is held in memory only: after a restart the count begins anew.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import aiosqlite

from kith_crypto.randomness import Rng
from kith_node.offers import store
from kith_node.offers.documents import parse_own, read_offer
from kith_node.offers.outbox import Announced, Outbox
from kith_node.offers.signing import Identity, sign_draft
from kith_node.offers.store import OfferRow, State
from kith_node.offers.timetable import Timetable
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.chance import shuffle
from kith_protocol.day import Day, day_of

CHUNK = 500


class Releases:
    """Brings what waits to the outbox, and lets nobody in between its steps."""

    def __init__(
        self,
        objects: Database,
        *,
        identity: Identity,
        outbox: Outbox,
        timetable: Timetable,
        turn: asyncio.Lock,
        clock: Clock,
        rng: Rng,
        development: bool,
    ) -> None:
        """Take the open ``objects.db``, the room's *turn* and what federation does."""
        self._objects = objects
        self._identity = identity
        self._outbox = outbox
        self._timetable = timetable
        self._turn = turn
        self._clock = clock
        self._rng = rng
        self._development = development
        self._is_settled = False  # a crash may have left a release half done

    async def run_release(self) -> float:
        """Release what is due; return the seconds until something may be."""
        async with self._turn:
            await self._settle()
            today = day_of(self._clock.now())
            waiting = [row for row in await self._list("draft") if row.end_day > today]
            due, delay_s = self._timetable.decide(
                # A withdrawal never waits; the type says that it might.
                {
                    row.id: row.change
                    for row in waiting
                    if row.change and row.change != "withdraw"
                }
            )
            if due:
                self._is_settled = False
                await self._sign(due)
                await self._settle()
            return delay_s

    @contextlib.asynccontextmanager
    async def settled(self) -> AsyncIterator[None]:
        """Hold the room's turn, with no release between its steps."""
        async with self._turn:
            await self._settle()
            yield

    async def _sign(self, offer_ids: Sequence[bytes]) -> None:
        """Step 1."""
        today = day_of(self._clock.now())
        for start in range(0, len(offer_ids), CHUNK):
            async with self._objects.transaction() as connection:
                for offer_id in offer_ids[start : start + CHUNK]:
                    await self._sign_one(connection, offer_id, today=today)

    async def _sign_one(
        self, connection: aiosqlite.Connection, offer_id: bytes, *, today: Day
    ) -> None:
        # Read anew: another process may have withdrawn it.
        row = await store.get_offer(connection, offer_id)
        if row is None or row.state != "draft" or row.end_day <= today:
            return
        draft = read_offer(row, development=self._development).draft
        # A clock that was put back must not turn the dates around.
        updated = Day(max(today, draft.updated_day or 0))
        raw = sign_draft(self._identity, offer_id, draft, updated=updated)
        await store.update_offer(
            connection, offer_id, raw=raw, end_day=draft.end_day, state="signed"
        )

    async def _settle(self) -> None:
        """Steps 2 and 3 of whatever has been signed."""
        if self._is_settled:
            return
        rows = shuffle(await self._list("signed"), self._rng)
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            await self._outbox.append([self._announce(row) for row in chunk])
            async with self._objects.transaction() as connection:
                for row in chunk:
                    await store.delete_released_change(connection, row.id)
        self._is_settled = True

    def _announce(self, row: OfferRow) -> Announced:
        offer = parse_own(row.raw, development=self._development)
        return Announced(
            object_id=offer.id,
            revision=offer.revision,
            end_day=offer.end_day,
            raw=row.raw,
            is_new=row.change == "create",
        )

    async def _list(self, state: State) -> tuple[OfferRow, ...]:
        found: list[OfferRow] = []
        after = store.FIRST
        async with self._objects.read() as connection:
            while True:
                rows = await store.list_waiting(
                    connection, state=state, after=after, limit=CHUNK
                )
                found += rows
                if len(rows) < CHUNK:
                    return tuple(found)
                after = rows[-1].id
