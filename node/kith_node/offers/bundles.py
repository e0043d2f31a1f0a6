"""Key bundles: for each week of an offer's life, where knocks go, signed by the offer key.

Others read them in pages that hold many offers (``kith_protocol.key_pages``), never singly.
Bundles of weeks that are over are dropped daily (``withdraw.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_node.offers import bundle_store, store
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.bundle import BUNDLE_BYTES, Bundle, check_bundle, parse_bundle
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import NotFoundError

PAGE = 1000


class Bundles:
    """Takes the bundles of offers and hands out those of one week."""

    def __init__(self, objects: Database, *, clock: Clock) -> None:
        self._objects = objects
        self._clock = clock

    async def put(self, offer_id: bytes, encoded: Sequence[str]) -> None:
        """Keep the bundles in *encoded*, each in place of an earlier one for its week.

        Args:
            offer_id: 16 bytes.
            encoded: base64url of 1333 bytes each.

        Raises:
            MalformedError: not bundles, two for one week, or a week after the offer's end.
            CryptoError: a key or signature is refused.
            WrongOwnerError: a bundle of another offer.
            ExpiredError: a bundle of a past week.
            NotFoundError: there is no such offer.
        """
        raws = [parse_base64url(text, size=BUNDLE_BYTES) for text in encoded]
        bundles = [parse_bundle(raw) for raw in raws]
        if len({bundle.week for bundle in bundles}) != len(bundles):
            raise MalformedError("two bundles for one week", pointer="/bundles")
        async with self._objects.transaction() as connection:
            row = await store.get_offer(connection, offer_id)
            if row is None or row.state == "withdrawn":
                raise NotFoundError("no such offer")
            for bundle, raw in zip(bundles, raws, strict=True):
                self._check(bundle, offer_id, end_day=row.end_day)
                await bundle_store.put_bundle(connection, offer_id, week=bundle.week, raw=raw)

    async def of_week(
        self, week: Day, *, after: bytes = b""
    ) -> tuple[tuple[bytes, bytes], ...]:
        """Return (offer id, bundle) of released offers, at most ``PAGE``, in order of id.

        Args:
            week: a Monday.
            after: the last id of the page before.
        """
        async with self._objects.read() as connection:
            return await bundle_store.list_bundles(
                connection, week=week, after=after, limit=PAGE
            )

    async def ids_of_week(self, week: Day) -> tuple[bytes, ...]:
        """Return the ids of all offers that ``of_week`` would return, in order."""
        async with self._objects.read() as connection:
            return await bundle_store.list_bundle_ids(connection, week=week)

    async def knock_boxes(self) -> tuple[bytes, ...]:
        """Return the boxes, 16 bytes each, that own bundles name."""
        async with self._objects.read() as connection:
            return await bundle_store.list_knock_boxes(connection)

    def _check(self, bundle: Bundle, offer_id: bytes, *, end_day: int) -> None:
        today = day_of(self._clock.now())
        # The offer is over when its end begins, so the day before is the last that counts.
        last_week = week_of(Day(end_day - 1))
        check_bundle(bundle, offer=offer_id, first_week=week_of(today), last_week=last_week)
