"""The SQL of what was released and received: outbox, tombstones, receipts, known revisions.

Objects themselves lie in the catalogue's table of the same file, so that one transaction can
hold an object and what is known about it.
"""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite
import msgspec

from kith_node.catalogue.store import SQL_DROP_OBJECT, SQL_PUT_OBJECT

SQL_LAST_SEQUENCE = "SELECT coalesce(max(sequence), 0) FROM outbox"
SQL_GET_ENTRY = """
SELECT sequence, object, revision, kind, end_day, activity FROM outbox WHERE object = :object
"""
SQL_DELETE_ENTRY = "DELETE FROM outbox WHERE object = :object"
SQL_ADD_ENTRY = """
INSERT INTO outbox (object, revision, kind, end_day, activity)
VALUES (:object, :revision, :kind, :end_day, :activity)
"""
SQL_LIST_ENTRIES = """
SELECT sequence, object, revision, kind, end_day, activity
FROM outbox WHERE sequence > :after AND end_day > :today ORDER BY sequence LIMIT :limit
"""
SQL_PUT_TOMBSTONE = """
INSERT INTO tombstones (object, author, end_day) VALUES (:object, :author, :end_day)
ON CONFLICT (object) DO UPDATE SET end_day = max(end_day, excluded.end_day)
"""
SQL_GET_TOMBSTONE = "SELECT author, end_day FROM tombstones WHERE object = :object"
SQL_COUNT_TOMBSTONES = "SELECT count(*) FROM tombstones WHERE author = :author"
# One statement, as each costs a change of threads.
SQL_LOOK_UP = """
SELECT 'known', id, revision, end_day FROM catalogue_objects
WHERE id IN (SELECT value FROM json_each(:objects)) AND bytes IS NOT NULL
UNION ALL
SELECT 'withdrawn', object, 0, end_day FROM tombstones
WHERE object IN (SELECT value FROM json_each(:objects))
UNION ALL
SELECT 'outlived', object, revision, end_day FROM outlived
WHERE object IN (SELECT value FROM json_each(:objects))
UNION ALL
SELECT 'author', json_extract(peering, '$.standing'), 0, 0 FROM peers
WHERE actor = :author AND is_open = 1
"""
SQL_PUT_OUTLIVED = """
INSERT INTO outlived (object, revision, end_day) VALUES (:object, :revision, :end_day)
ON CONFLICT (object) DO UPDATE SET
    revision = max(revision, excluded.revision), end_day = max(end_day, excluded.end_day)
"""
SQL_COUNT_LIVE = """
SELECT count(*) FROM catalogue_objects
WHERE author = :author AND kind = :kind AND bytes IS NOT NULL
"""
SQL_ADD_RECEIPTS = """
INSERT OR IGNORE INTO receipts (object, peer, state, end_day, delete_id)
SELECT :object, actor,
    CASE WHEN is_open = 1 THEN 'pending' ELSE 'unreachable' END,
    :end_day, :delete_id
FROM peers WHERE is_open = 1 OR sent >= :sequence
"""
SQL_CONFIRM_RECEIPT = """
UPDATE receipts SET state = 'confirmed' WHERE delete_id = :delete_id AND peer = :peer
"""
SQL_GIVE_UP_RECEIPTS = """
UPDATE receipts SET state = 'unreachable' WHERE peer = :peer AND state = 'pending'
"""
SQL_LIST_RECEIPTS = """
SELECT peer, state FROM receipts WHERE object = :object ORDER BY peer LIMIT 10000
"""
SQL_PURGE_OUTBOX = "DELETE FROM outbox WHERE end_day <= :today"
SQL_PURGE_TOMBSTONES = "DELETE FROM tombstones WHERE end_day <= :today"
SQL_PURGE_OUTLIVED = "DELETE FROM outlived WHERE end_day <= :today"
SQL_PURGE_RECEIPTS = "DELETE FROM receipts WHERE end_day <= :today"

_PURGES = (SQL_PURGE_OUTBOX, SQL_PURGE_TOMBSTONES, SQL_PURGE_OUTLIVED, SQL_PURGE_RECEIPTS)
_ids = msgspec.json.Encoder()


class Entry(msgspec.Struct, frozen=True):
    """One line of the outbox: the newest activity of an object.

    Attributes:
        sequence: its place in the order of release.
        object: id of the object.
        revision: of the object; for a withdrawal that of what was withdrawn.
        kind: ``create``, ``update`` or ``delete``.
        end_day: first day on which nobody needs the line any more.
        activity: bytes as they are sent.
    """

    sequence: int
    object: str
    revision: int
    kind: str
    end_day: int
    activity: bytes


class Version(msgspec.Struct, frozen=True):
    """A revision of an object and the first day on which it is gone."""

    revision: int
    end_day: int


class Before(msgspec.Struct):
    """What was known when a request came; the intake changes it while it applies the items.

    Attributes:
        known: live objects by id.
        withdrawn: ids of withdrawn objects.
        outlived: replaced versions that would outlive their successor, by object.
        standing: of the author; None: it is no peer, or paused.
    """

    known: dict[str, Version]
    withdrawn: set[str]
    outlived: dict[str, Version]
    standing: str | None


class Grave(msgspec.Struct, frozen=True):
    """A withdrawn object: its id, its author, the last day any announcement of it named."""

    object: str
    author: str
    end_day: int


class Outlived(msgspec.Struct, frozen=True):
    """A replaced revision that would have lived until *end_day*, longer than its successor."""

    object: str
    revision: int
    end_day: int


class Received(msgspec.Struct, frozen=True):
    """A verified object of a peer as it is stored; ``hidden`` is 1 for a limited peer."""

    id: str
    author: str
    revision: int
    end_day: int
    hidden: int
    raw: bytes
    kind: int


async def last_sequence(connection: aiosqlite.Connection) -> int:
    """Return the sequence of the newest line, 0 if there is none."""
    rows = list(await connection.execute_fetchall(SQL_LAST_SEQUENCE))
    return int(rows[0][0])


async def get_entry(connection: aiosqlite.Connection, object_id: str) -> Entry | None:
    """Return the line of an object, or None."""
    rows = list(await connection.execute_fetchall(SQL_GET_ENTRY, {"object": object_id}))
    return Entry(*rows[0]) if rows else None


async def replace_entry(connection: aiosqlite.Connection, entry: Entry) -> None:
    """Put *entry* at the end in place of the object's older line; its sequence is ignored."""
    await connection.execute(SQL_DELETE_ENTRY, {"object": entry.object})
    await connection.execute(SQL_ADD_ENTRY, msgspec.structs.asdict(entry))


async def list_entries(
    connection: aiosqlite.Connection, after: int, today: int, limit: int
) -> list[Entry]:
    """Return the lines after sequence *after* that end after *today*, in order.

    Args:
        connection: of ``catalogue.db``.
        after: a sequence, 0 for the start.
        today: whole days since 1970-01-01.
        limit: how many at most.
    """
    values = {"after": after, "today": today, "limit": limit}
    return [Entry(*row) for row in await connection.execute_fetchall(SQL_LIST_ENTRIES, values)]


async def put_tombstones(connection: aiosqlite.Connection, tombstones: Sequence[Grave]) -> None:
    """Keep withdrawn objects from coming back before their last end."""
    values = [msgspec.structs.asdict(one) for one in tombstones]
    await connection.executemany(SQL_PUT_TOMBSTONE, values)


async def tombstone_author(connection: aiosqlite.Connection, object_id: str) -> str | None:
    """Return who withdrew *object_id*, or None if nobody did."""
    rows = list(await connection.execute_fetchall(SQL_GET_TOMBSTONE, {"object": object_id}))
    return str(rows[0][0]) if rows else None


async def count_tombstones(connection: aiosqlite.Connection, author: str) -> int:
    """Return how many withdrawals of *author* are remembered."""
    rows = list(await connection.execute_fetchall(SQL_COUNT_TOMBSTONES, {"author": author}))
    return int(rows[0][0])


async def look_up(
    connection: aiosqlite.Connection, author: str, objects: Sequence[str]
) -> Before:
    """Return what is known of *objects* (at most some hundreds) and of their author."""
    values = {"objects": _ids.encode(objects), "author": author}
    before = Before({}, set(), {}, None)
    for sort, name, revision, end_day in await connection.execute_fetchall(SQL_LOOK_UP, values):
        match sort:
            case "known":
                before.known[name] = Version(revision, end_day)
            case "withdrawn":
                before.withdrawn.add(name)
            case "outlived":
                before.outlived[name] = Version(revision, end_day)
            case _:
                before.standing = name
    return before


async def put_outlived(connection: aiosqlite.Connection, outlived: Sequence[Outlived]) -> None:
    """Remember replaced revisions, so that they don't come back when their successor ends."""
    values = [msgspec.structs.asdict(one) for one in outlived]
    await connection.executemany(SQL_PUT_OUTLIVED, values)


async def put_received(connection: aiosqlite.Connection, received: Sequence[Received]) -> None:
    """Store verified objects; one that is here with the same or a higher revision stays."""
    values = [msgspec.structs.asdict(one) for one in received]
    await connection.executemany(SQL_PUT_OBJECT, values)


async def drop_objects(connection: aiosqlite.Connection, objects: Sequence[str]) -> None:
    """Remove objects from the catalogue."""
    await connection.executemany(SQL_DROP_OBJECT, [{"id": one} for one in objects])


async def count_live(connection: aiosqlite.Connection, author: str, kind: int) -> int:
    """Return how many objects of one *kind* are live that *author* announced."""
    values = {"author": author, "kind": kind}
    rows = list(await connection.execute_fetchall(SQL_COUNT_LIVE, values))
    return int(rows[0][0])


async def add_receipts(
    connection: aiosqlite.Connection,
    object_id: str,
    *,
    delete_id: str,
    sequence: int,
    end_day: int,
) -> None:
    """Open a receipt for every peer that had the object announced to it.

    Args:
        connection: inside a transaction.
        object_id: of the withdrawn object.
        delete_id: of the activity that withdraws it.
        sequence: of the announcement that the withdrawal replaces.
        end_day: until when the receipts are kept.
    """
    values = {
        "object": object_id,
        "delete_id": delete_id,
        "sequence": sequence,
        "end_day": end_day,
    }
    await connection.execute(SQL_ADD_RECEIPTS, values)


async def confirm_receipt(connection: aiosqlite.Connection, delete_id: str, peer: str) -> None:
    """Note that *peer* has said it dropped what *delete_id* withdrew."""
    await connection.execute(SQL_CONFIRM_RECEIPT, {"delete_id": delete_id, "peer": peer})


async def give_up_receipts(connection: aiosqlite.Connection, peer: str) -> None:
    """Note that *peer* is not going to answer what is still pending."""
    await connection.execute(SQL_GIVE_UP_RECEIPTS, {"peer": peer})


async def list_receipts(
    connection: aiosqlite.Connection, object_id: str
) -> list[tuple[str, str]]:
    """Return peer and state of each receipt of one withdrawn object."""
    rows = await connection.execute_fetchall(SQL_LIST_RECEIPTS, {"object": object_id})
    return [(row[0], row[1]) for row in rows]


async def purge(connection: aiosqlite.Connection, today: int) -> None:
    """Forget everything whose last day is over.

    Args:
        connection: inside a transaction.
        today: whole days since 1970-01-01.
    """
    for statement in _PURGES:
        await connection.execute(statement, {"today": today})
