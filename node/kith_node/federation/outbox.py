"""What this node has released: one line per object, its newest activity, in order of release.

A change goes into the catalogue and the outbox in one transaction, with the complete signed
activity, so every retry sends the same bytes. Withdrawing leaves a tombstone and opens a
receipt for each peer that had the object announced to it. When and in what order changes are
released is decided by the offers room.

Source: ActivityPub §5.1 (outbox), §6; SPEC.md, sections on offers and catching up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import aiosqlite
import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.catalogue.store import OFFER, RESOURCE, drop_object, put_object
from kith_node.federation import store
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.store import Entry, Grave
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.announcements import build_create, build_delete, build_update
from kith_protocol.day import Day, day_of
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.offer import parse_offer
from kith_protocol.resource import is_resource, parse_resource
from kith_protocol.tombstone import build_tombstone
from kith_protocol.wire import read_string

Notify = Callable[[], None]


class Announced(msgspec.Struct, frozen=True):
    """A new offer or resource, or a new revision of one.

    Attributes:
        object_id: its URL.
        revision: from 1.
        end_day: the first day on which it is gone.
        raw: JCS bytes of the signed object.
        is_new: whether it is announced for the first time.
    """

    object_id: str
    revision: int
    end_day: int
    raw: bytes
    is_new: bool


class Withdrawn(msgspec.Struct, frozen=True):
    """An offer or resource that its owner took back; ``end_day`` is the last one it had."""

    object_id: str
    end_day: int


Change = Announced | Withdrawn


class Outbox:
    """The log of releases.

    Args:
        database: ``catalogue.db``.
        identity: signs the activities.
        clock: says what day it is.
        on_change: called after a commit that touched the catalogue.
        wake: called when something waits to be delivered.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        clock: Clock,
        on_change: Notify,
        wake: Notify,
        development: bool = False,
    ) -> None:
        self._database = database
        self._identity = identity
        self._clock = clock
        self._on_change = on_change
        self._wake = wake
        self._development = development

    async def append(self, changes: Sequence[Change]) -> None:
        """Take *changes* in this order, in one transaction.

        Safe to repeat: an announcement whose id and revision are there already changes
        nothing, and one whose object has been withdrawn is dropped.
        """
        if not changes:
            return
        async with self._database.transaction() as connection:
            for change in changes:
                if isinstance(change, Announced):
                    await self._announce(connection, change)
                else:
                    await self._withdraw(connection, change)
        self._on_change()
        self._wake()

    async def list_after(self, after: int, limit: int) -> tuple[int, list[Entry]]:
        """Return where reading went on, and the lines after it that still matter.

        A sequence that was never reached here (this node was restored from an older copy)
        counts as the start.

        Args:
            after: the sequence up to which the reader has got everything.
            limit: how many lines at most.
        """
        today = self._today()
        async with self._database.read() as connection:
            if after > await store.last_sequence(connection):
                after = 0
            return after, await store.list_entries(connection, after, today, limit)

    async def object_bytes(self, object_id: str) -> bytes:
        """Return the signed object *object_id* as released.

        Raises:
            NotFoundError: there is no such object, or it has ended.
            WithdrawnError: it was withdrawn; holds the signed tombstone.
        """
        async with self._database.read() as connection:
            entry = await store.get_entry(connection, object_id)
        if entry is None or entry.end_day <= self._today():
            raise NotFoundError("no such object")
        activity = parse_json_object(entry.activity, max_bytes=2 * MAX_DOCUMENT_BYTES)
        raw = canonical_bytes(activity["object"])
        if entry.kind == "delete":
            raise WithdrawnError(raw)
        return raw

    async def receipts(self, object_id: str) -> list[tuple[str, str]]:
        """Return peer and state of each receipt of a withdrawn object."""
        async with self._database.read() as connection:
            return await store.list_receipts(connection, object_id)

    async def _announce(self, connection: aiosqlite.Connection, change: Announced) -> None:
        before = await store.get_entry(connection, change.object_id)
        if before is not None and (
            before.kind == "delete" or before.revision >= change.revision
        ):
            return
        if await store.tombstone_author(connection, change.object_id) is not None:
            return
        document = parse_json_object(change.raw, max_bytes=MAX_DOCUMENT_BYTES)
        object_kind = self._check_leaving(document)
        build, kind = (build_create, "create") if change.is_new else (build_update, "update")
        activity = build(self._identity.origin, document)
        await put_object(
            connection,
            id=change.object_id,
            author=self._identity.actor,
            revision=change.revision,
            end_day=change.end_day,
            hidden=False,
            raw=change.raw,
            kind=object_kind,
        )
        await self._replace(
            connection, change.object_id, change.revision, kind, change.end_day, activity
        )

    def _check_leaving(self, document: JsonObject) -> int:
        """Return the kind of *document*, checked by the same allow-list as what comes in."""
        if is_resource(document):
            parse_resource(
                document, is_known_topic=lambda _: True, development=self._development
            )
            return RESOURCE
        parse_offer(
            document,
            programme=None,
            is_known_topic=lambda _: True,
            development=self._development,
        )
        return OFFER

    async def _withdraw(self, connection: aiosqlite.Connection, change: Withdrawn) -> None:
        before = await store.get_entry(connection, change.object_id)
        if before is not None and before.kind == "delete":
            return
        end_day = max(change.end_day, before.end_day if before is not None else 0)
        await drop_object(connection, change.object_id)
        grave = Grave(change.object_id, self._identity.actor, end_day)
        await store.put_tombstones(connection, [grave])
        if before is None:  # never released: there is nothing to take back
            return
        tombstone = self._identity.sign(
            build_tombstone(self._identity.origin, change.object_id), day=self._today()
        )
        activity = build_delete(self._identity.origin, tombstone)
        await store.add_receipts(
            connection,
            change.object_id,
            delete_id=read_string(activity, "id"),
            sequence=before.sequence,
            end_day=end_day,
        )
        await self._replace(
            connection, change.object_id, before.revision, "delete", end_day, activity
        )

    async def _replace(
        self,
        connection: aiosqlite.Connection,
        object_id: str,
        revision: int,
        kind: str,
        end_day: int,
        activity: JsonObject,
    ) -> None:
        raw = canonical_bytes(self._identity.sign(activity, day=self._today()))
        await store.replace_entry(connection, Entry(0, object_id, revision, kind, end_day, raw))

    def _today(self) -> Day:
        return day_of(self._clock.now())


class WithdrawnError(GoneError):
    """The object was withdrawn; ``tombstone`` is its signed tombstone."""

    def __init__(self, tombstone: bytes) -> None:
        super().__init__("withdrawn")
        self.tombstone = tombstone
