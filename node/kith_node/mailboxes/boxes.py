"""What owners do with their boxes: open, keep, fetch, acknowledge, close.

A box belongs to whoever holds its key. The member is known only in the moment of opening one,
for a quota in memory. What other nodes put into boxes is ``intake``.

Source: SPEC.md, section on mailboxes; docs/privacy.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import MalformedError
from kith_node.http.quota import Quota
from kith_node.http.route import MemberId
from kith_node.mailboxes import store
from kith_node.mailboxes.store import BoxRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.box_page import count_fitting, encode_box_page, item_bytes
from kith_protocol.day import DAY_S, day_of, month_of
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.sealed_api import BoxBody

# An offer may last a year, and clients add some months so that the month says little.
MAX_MONTHS = 15
ENVELOPE_DAYS = 30
KNOCK_DAYS = 14

CHUNK = 500


class Boxes:
    """Opens, empties and closes boxes."""

    def __init__(
        self, objects: Database, *, quota: Quota, clock: Clock, created: Callable[[], None]
    ) -> None:
        """Take the open ``objects.db`` and the rest.

        *created* is called after each creation: the file is to be rebuilt within the hour.
        """
        self._objects = objects
        self._quota = quota
        self._clock = clock
        self._created = created

    async def create(
        self, body: BoxBody, *, address: bytes, key: VerifyKey, member: MemberId
    ) -> bool:
        """Open a box and return whether it is new.

        Args:
            body: its kind and the month until which it is kept.
            address: 16 bytes, the hash of *key*.
            key: the box key.
            member: goes, hashed, into the quota; nowhere else.

        Raises:
            MalformedError: the month is over, or too far away.
            ConflictError: the address is there with another kind or month.
            TooManyError: the member's quota is used up.
        """
        self._check_month(body.renew_by)
        row = BoxRow(address, key, body.kind, body.renew_by)
        async with self._objects.transaction() as connection:
            present = await store.get_box(connection, address)
            if present is not None and present != row:
                raise ConflictError("the box is there with another kind or month")
            if present is None:
                await store.insert_box(connection, row)
                self._quota.charge(member)
        if present is None:
            self._created()
        return present is None

    async def renew(self, address: bytes, *, renew_by: int) -> None:
        """Keep the box until that month is over.

        Raises:
            MalformedError: the month is over, or too far away.
            NotFoundError: there is no such box.
        """
        self._check_month(renew_by)
        async with self._objects.transaction() as connection:
            if not await store.set_month(connection, address, renew_by=renew_by):
                raise NotFoundError("no such box")

    async def fetch(self, address: bytes) -> bytes:
        """Return a page (``box_page``) of what lies in the box; nothing is deleted or noted.

        Raises:
            NotFoundError: there is no such box.
        """
        async with self._objects.read() as connection:
            if await store.get_box(connection, address) is None:
                raise NotFoundError("no such box")
            held = await store.list_held(connection, address)
            count = count_fitting(
                [item_bytes(node=one.peer, envelope_bytes=one.size_bytes) for one in held]
            )
            items = await store.list_items(connection, address, limit=count)
        return encode_box_page(items, has_more=count < len(held))

    async def acknowledge(self, address: bytes, ids: Sequence[bytes]) -> None:
        """Delete envelopes that their owner has stored; unknown ids are no error."""
        async with self._objects.transaction() as connection:
            await store.delete_envelopes(connection, address, ids)

    async def close(self, address: bytes) -> None:
        """Delete the box and what is in it; nothing happens where it is gone already."""
        async with self._objects.transaction() as connection:
            await store.delete_box(connection, address)

    async def close_knock_boxes(self, addresses: Iterable[bytes]) -> None:
        """Delete those of *addresses* that take knocks: the offers that name them have ended.

        A box for replies is left alone: whoever learns its address could name it in a bundle.
        """
        async with self._objects.transaction() as connection:
            for address in addresses:
                box = await store.get_box(connection, address)
                if box is not None and box.kind == "knock":
                    await store.delete_box(connection, address)

    async def run_upkeep(self) -> float:
        """Drop boxes and envelopes whose time is over; return the seconds until tomorrow."""
        now = self._clock.now()
        today = day_of(now)
        async with self._objects.transaction() as connection:
            await store.delete_old_envelopes(
                connection, before=today - ENVELOPE_DAYS, knocks_before=today - KNOCK_DAYS
            )
        while True:
            async with self._objects.transaction() as connection:
                ended = await store.list_ended_boxes(
                    connection, month=month_of(today), limit=CHUNK
                )
                for address in ended:
                    await store.delete_box(connection, address)
            if len(ended) < CHUNK:
                return float(DAY_S - now % DAY_S)

    def _check_month(self, renew_by: int) -> None:
        month = month_of(day_of(self._clock.now()))
        if not month <= renew_by <= month + MAX_MONTHS:
            raise MalformedError("a month that is over or too far away", pointer="/renewBy")
