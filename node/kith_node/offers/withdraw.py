"""Ending offers: by their owner, by stewards, or because their time is over.

A withdrawal leaves at once, in three steps that a crash may repeat: the row is marked
(``objects.db``), the withdrawal goes to the outbox (``catalogue.db``), the row vanishes with
its seal and bundles. What never left vanishes in one step and nothing is said. An offer whose
time is over needs no message: everybody drops it by its date. In every case the boxes that its
bundles name are closed first, so that no knock comes for what has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import aiosqlite

from kith_crypto.seals import KIND_OFFER
from kith_node.offers import bundle_store, store
from kith_node.offers.outbox import Outbox, Withdrawn
from kith_node.offers.store import OfferRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.api import Receipt, ReceiptsAnswer
from kith_protocol.day import DAY_S, day_of, week_of
from kith_protocol.errors import NotFoundError
from kith_protocol.release import leaves_at_once
from kith_protocol.urls import Origin, offer_url

CHUNK = 500

CloseBoxes = Callable[[Iterable[bytes]], Awaitable[None]]


class Endings:
    """Withdraws offers and drops those that are over."""

    def __init__(
        self,
        objects: Database,
        *,
        origin: Origin,
        outbox: Outbox,
        close_boxes: CloseBoxes,
        turn: asyncio.Lock,
        clock: Clock,
    ) -> None:
        """Take the open ``objects.db``, the room's *turn* and what other rooms do."""
        self._objects = objects
        self._origin = origin
        self._outbox = outbox
        self._close_boxes = close_boxes
        self._turn = turn
        self._clock = clock

    async def withdraw(self, offer_id: bytes) -> bool:
        """Let the offer vanish, here and, where it had left, everywhere.

        Returns:
            Whether there was one: a repeated withdrawal does nothing.
        """
        async with self._turn:
            await self._close_boxes_of([offer_id])
            async with self._objects.transaction() as connection:
                row = await store.get_offer(connection, offer_id)
                if row is None:
                    return False
                if row.state == "draft" and not leaves_at_once(row.change):
                    await _erase(connection, offer_id)
                    return True
                await store.set_state(connection, offer_id, "withdrawn")
                await store.put_change(connection, offer_id, "withdraw")
            await self._let_go((row,))
        return True

    async def remove(self, offer_id: bytes) -> None:
        """Withdraw an offer by a steward's decision; nobody learns whose it was.

        Raises:
            NotFoundError: there is none.
        """
        if not await self.withdraw(offer_id):
            raise NotFoundError("no such offer")

    async def finish(self) -> None:
        """Repeat the last two steps of withdrawals that were interrupted."""
        async with self._turn:
            while True:
                async with self._objects.read() as connection:
                    rows = await store.list_waiting(
                        connection, state="withdrawn", after=store.FIRST, limit=CHUNK
                    )
                if not rows:
                    return
                await self._let_go(rows)

    async def receipts(self, offer_id: bytes) -> ReceiptsAnswer:
        """Return what peers said of the withdrawal of an offer."""
        found = await self._outbox.receipts(offer_url(self._origin, offer_id))
        return ReceiptsAnswer(tuple(Receipt(peer, state) for peer, state in found))

    async def run_expiry(self) -> float:
        """Drop offers and bundles whose time is over; return the seconds until tomorrow."""
        now = self._clock.now()
        today = day_of(now)
        async with self._turn:
            async with self._objects.read() as connection:
                ended = await store.list_ended_offers(connection, today)
            await self._close_boxes_of(ended)
            async with self._objects.transaction() as connection:
                await store.delete_ended_seals(connection, today, kind=KIND_OFFER)
                await store.delete_ended_offers(connection, today)
                await bundle_store.delete_past_bundles(connection, week=week_of(today))
        return float(DAY_S - now % DAY_S)

    async def _let_go(self, rows: Iterable[OfferRow]) -> None:
        gone = [(row.id, row.end_day) for row in rows]
        # Again: bundles may have come until the offers were marked.
        await self._close_boxes_of(one for one, _ in gone)
        await self._outbox.append(
            [Withdrawn(offer_url(self._origin, one), end_day) for one, end_day in gone]
        )
        async with self._objects.transaction() as connection:
            for one, _ in gone:
                await _erase(connection, one)

    async def _close_boxes_of(self, offers: Iterable[bytes]) -> None:
        boxes: set[bytes] = set()
        async with self._objects.read() as connection:
            for offer in offers:
                boxes |= {*await bundle_store.list_boxes_of_offer(connection, offer)}
        await self._close_boxes(boxes)


async def _erase(connection: aiosqlite.Connection, offer_id: bytes) -> None:
    await store.delete_seal(connection, offer_id, kind=KIND_OFFER)
    await store.delete_offer(connection, offer_id)
