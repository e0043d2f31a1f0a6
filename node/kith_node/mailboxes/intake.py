"""Taking in what nodes deliver, without telling them anything about boxes.

Refusals come in order of cost: who delivers, size and form, day, stamp. After that the answer
is the same whatever happens, and it takes as long: every envelope is written and committed;
what has no box, or no room in it, is deleted in the same transaction. That an envelope came is
told to all clients alike, whether or not there was a box.

Source: SPEC.md, section on mailboxes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.envelope import MAX_ENVELOPE_BYTES, Envelope, parse_envelope
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_crypto.stamp import verify_stamp
from kith_node.mailboxes import store
from kith_node.mailboxes.quotas import Held, KnockCounts, make_room
from kith_node.mailboxes.store import BoxRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.box_page import ITEM_ID_BYTES, BoxItem
from kith_protocol.day import Day, day_of
from kith_protocol.errors import ExpiredError
from kith_protocol.urls import Origin

# A queue gives up after seven days, and clocks differ.
STAMP_PAST_DAYS = 8
STAMP_FUTURE_DAYS = 1


class Senders(Protocol):
    """Knows which nodes may deliver (the federation room)."""

    async def stamp_keys(self, node: Origin) -> Sequence[VerifyKey]:
        """Return the keys that stamps of *node* are verified with.

        Raises:
            NotAPeerError: it may not deliver envelopes.
            UnavailableError: its keys cannot be had now.
        """
        ...


class Intake:
    """Puts envelopes into boxes."""

    def __init__(
        self,
        objects: Database,
        *,
        senders: Senders,
        counts: KnockCounts,
        clock: Clock,
        arrived: Callable[[], None],
    ) -> None:
        """Take the open ``objects.db`` and the rest; *arrived* is called for each envelope."""
        self._objects = objects
        self._senders = senders
        self._counts = counts
        self._clock = clock
        self._arrived = arrived

    async def deliver(self, node: Origin, raw: bytes, *, box: bytes | None = None) -> None:
        """Take an envelope, wherever it is for.

        Args:
            node: the origin of the node that delivers it; our own for members' own envelopes.
            raw: its bytes.
            box: the address that it was sent to, if it stands elsewhere too.

        Raises:
            NotAPeerError: *node* may not deliver envelopes.
            UnavailableError: its keys cannot be had now.
            TooLargeError: it is too large.
            MalformedError: it is none, is for another box, or is stamped on a day to come.
            ExpiredError: it was stamped too long ago.
            SignatureError: the stamp is not of *node*.
        """
        keys = await self._senders.stamp_keys(node)
        if len(raw) > MAX_ENVELOPE_BYTES:
            raise TooLargeError(f"{len(raw)} bytes")
        envelope = parse_envelope(raw)
        if box is not None and box != envelope.box:
            raise MalformedError("the envelope is for another box")
        today = day_of(self._clock.now())
        if envelope.day < today - STAMP_PAST_DAYS:
            raise ExpiredError("stamped too long ago")
        if envelope.day > today + STAMP_FUTURE_DAYS:
            raise MalformedError("stamped on a day to come")
        await self._keep(verify_stamp(envelope, keys).envelope, raw, node=node, today=today)
        self._arrived()

    async def _keep(self, envelope: Envelope, raw: bytes, *, node: Origin, today: Day) -> None:
        item = BoxItem(id=sha256(raw)[:ITEM_ID_BYTES], day=today, node=node, envelope=raw)
        async with self._objects.transaction() as connection:
            # The same statements in every case: their cost would tell whether there is a box.
            is_there = await store.has_envelope(connection, envelope.box, item.id)
            await store.put_envelope(connection, envelope.box, item)
            box = await store.get_box(connection, envelope.box)
            held = await store.list_held(connection, envelope.box)
            gone = () if is_there else self._without_place(box, held, item)
            await store.delete_envelopes(connection, envelope.box, gone)

    def _without_place(
        self, box: BoxRow | None, held: Sequence[Held], item: BoxItem
    ) -> Sequence[bytes]:
        """Return the ids of what has no place: others to make room, or the item itself."""
        if box is None:
            return [item.id]
        is_knock = box.kind == "knock"
        if is_knock and not self._counts.take(item.node, box.address, today=item.day):
            return [item.id]
        others = [one for one in held if one.id != item.id]
        arriving = Held(item.id, item.day, item.node, len(item.envelope))
        gone = make_room(others, arriving, kind=box.kind)
        return [item.id] if gone is None else gone
