"""What other rooms may ask about own offers: whose key, and whether others can see it."""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite

from kith_crypto.ed25519 import VerifyKey
from kith_node.offers import store
from kith_node.runtime.system import Clock
from kith_protocol.day import day_of
from kith_protocol.urls import Origin, offer_url


class Lookup:
    """Looks up live offers inside the caller's transaction on ``objects.db``."""

    def __init__(self, *, origin: Origin, clock: Clock) -> None:
        self._origin = origin
        self._clock = clock

    async def key_of(
        self, connection: aiosqlite.Connection, offer_id: bytes
    ) -> VerifyKey | None:
        """Return the key of a live offer, released or not, or None."""
        row = await store.get_offer(connection, offer_id)
        return row.key if row is not None and self._is_live(row) else None

    async def released_urls(
        self, connection: aiosqlite.Connection, offer_ids: Iterable[bytes]
    ) -> tuple[str, ...]:
        """Return the addresses of those offers that are live and have been released."""
        urls = []
        for offer_id in offer_ids:
            row = await store.get_offer(connection, offer_id)
            if row is not None and self._is_live(row) and row.change != "create":
                urls.append(offer_url(self._origin, offer_id))
        return tuple(urls)

    def _is_live(self, row: store.OfferRow) -> bool:
        return row.state != "withdrawn" and row.end_day > day_of(self._clock.now())
