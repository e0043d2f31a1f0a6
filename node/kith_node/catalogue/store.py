"""The SQL of the catalogue: released offers, own and remote, in the order of their changes.

A removal keeps the row without its bytes and gives it a new serial, so that whoever tails the
serials sees it. Checking what may come in (proof, life, tombstones, policy) is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import sqlite3

    import aiosqlite

MAX_LIVE_OF_AUTHOR = 200_000  # SPEC.md, section on limits: live offers of one peer

SQL_PUT_OBJECT = """
INSERT INTO catalogue_objects (id, author, revision, end_day, hidden, bytes, serial)
VALUES (:id, :author, :revision, :end_day, :hidden, :raw,
    (SELECT coalesce(max(serial), 0) + 1 FROM catalogue_objects))
ON CONFLICT (id) DO UPDATE SET
    author = excluded.author, revision = excluded.revision, end_day = excluded.end_day,
    hidden = excluded.hidden, bytes = excluded.bytes, serial = excluded.serial
WHERE excluded.revision > catalogue_objects.revision OR catalogue_objects.bytes IS NULL
"""
SQL_DROP_OBJECT = """
UPDATE catalogue_objects
SET bytes = NULL, serial = (SELECT max(serial) + 1 FROM catalogue_objects)
WHERE id = :id AND bytes IS NOT NULL
"""
SQL_DROP_AUTHOR = """
UPDATE catalogue_objects SET bytes = NULL, serial = changed.serial
FROM (
    SELECT position,
        (SELECT max(serial) FROM catalogue_objects) + row_number() OVER () AS serial
    FROM catalogue_objects WHERE author = :author AND bytes IS NOT NULL
) AS changed
WHERE catalogue_objects.position = changed.position
"""
SQL_HIDE_AUTHOR = """
UPDATE catalogue_objects SET hidden = :hidden, serial = changed.serial
FROM (
    SELECT position,
        (SELECT max(serial) FROM catalogue_objects) + row_number() OVER () AS serial
    FROM catalogue_objects
    WHERE author = :author AND bytes IS NOT NULL AND hidden <> :hidden
) AS changed
WHERE catalogue_objects.position = changed.position
"""
SQL_EXPIRE_BEFORE = """
UPDATE catalogue_objects SET bytes = NULL, serial = changed.serial
FROM (
    SELECT position,
        (SELECT max(serial) FROM catalogue_objects) + row_number() OVER () AS serial
    FROM catalogue_objects WHERE end_day <= :day AND bytes IS NOT NULL
) AS changed
WHERE catalogue_objects.position = changed.position
"""
# The newest row stays: the next serial is counted from it.
SQL_DELETE_GONE = """
DELETE FROM catalogue_objects
WHERE bytes IS NULL AND serial < :serial
    AND serial < (SELECT max(serial) FROM catalogue_objects)
"""
SQL_SELECT_NEWEST_SERIAL = "SELECT coalesce(max(serial), 0) FROM catalogue_objects"
SQL_SELECT_OBJECTS_AFTER = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial
FROM catalogue_objects WHERE serial > :serial ORDER BY serial LIMIT :limit
"""
SQL_SELECT_OBJECT_BY_ID = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial
FROM catalogue_objects WHERE id = :id
"""
SQL_SELECT_OBJECTS_BY_POSITION = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial
FROM catalogue_objects WHERE position IN (SELECT value FROM json_each(:positions))
    AND bytes IS NOT NULL AND hidden = 0
"""
SQL_SELECT_LIVE_IDS_OF = """
SELECT id FROM catalogue_objects
WHERE author = :author AND bytes IS NOT NULL ORDER BY id LIMIT :limit
"""

SQL_COUNT_BY_AUTHOR = """
SELECT author, count(*) FROM catalogue_objects INDEXED BY catalogue_objects_by_author
WHERE bytes IS NOT NULL GROUP BY author ORDER BY author LIMIT :limit
"""


class CatalogueRow(msgspec.Struct, frozen=True):
    """One offer as stored.

    Attributes:
        position: where the index keeps it; an offer keeps its position when it changes.
        id: its URL.
        author: the actor that announced it.
        revision: from 1.
        end_day: the first day on which it is gone.
        is_hidden: its author is a limited peer; members do not see it.
        raw: JCS bytes of the signed object, or None once it is gone.
        serial: number of its last change.
    """

    position: int
    id: str
    author: str
    revision: int
    end_day: int
    is_hidden: bool
    raw: bytes | None
    serial: int


async def put_object(
    connection: aiosqlite.Connection,
    *,
    id: str,  # noqa: A002 - the column's and the protocol's word
    author: str,
    revision: int,
    end_day: int,
    hidden: bool,
    raw: bytes,
) -> bool:
    """Store an offer and return whether anything changed.

    False if the same or a higher revision is here. A gone offer comes back with any revision:
    what must not come back is known by its tombstone, which the caller has looked for.

    Args:
        connection: inside a transaction of ``catalogue.db``.
        id: URL of the offer.
        author: actor of its author.
        revision: from 1.
        end_day: the first day on which it is gone.
        hidden: the author is a limited peer.
        raw: JCS bytes of the signed object, verified.
    """
    values = {
        "id": id,
        "author": author,
        "revision": revision,
        "end_day": end_day,
        "hidden": int(hidden),
        "raw": raw,
    }
    return await _change(connection, SQL_PUT_OBJECT, values) > 0


async def drop_object(connection: aiosqlite.Connection, id: str) -> bool:  # noqa: A002
    """Remove one offer and return whether it was here."""
    return await _change(connection, SQL_DROP_OBJECT, {"id": id}) > 0


async def drop_author(connection: aiosqlite.Connection, author: str) -> int:
    """Remove all offers of *author* and return how many there were."""
    return await _change(connection, SQL_DROP_AUTHOR, {"author": author})


async def hide_author(connection: aiosqlite.Connection, author: str, *, hidden: bool) -> int:
    """Hide or show all offers of *author* and return how many that changed."""
    values = {"author": author, "hidden": int(hidden)}
    return await _change(connection, SQL_HIDE_AUTHOR, values)


async def expire_before(connection: aiosqlite.Connection, day: int) -> int:
    """Remove all offers whose end has come on *day* and return how many there were."""
    return await _change(connection, SQL_EXPIRE_BEFORE, {"day": day})


async def delete_gone(connection: aiosqlite.Connection, *, before_serial: int) -> int:
    """Delete the rows of gone offers that every index has seen; return how many.

    Args:
        connection: inside a transaction of ``catalogue.db``.
        before_serial: only changes older than this one.
    """
    return await _change(connection, SQL_DELETE_GONE, {"serial": before_serial})


async def newest_serial(connection: aiosqlite.Connection) -> int:
    """Return the number of the last change, 0 if there was none."""
    async with connection.execute(SQL_SELECT_NEWEST_SERIAL) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def objects_after(
    connection: aiosqlite.Connection, serial: int, limit: int
) -> list[CatalogueRow]:
    """Return at most *limit* rows that changed after *serial*, oldest change first."""
    values = {"serial": serial, "limit": limit}
    async with connection.execute(SQL_SELECT_OBJECTS_AFTER, values) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def object_by_id(
    connection: aiosqlite.Connection,
    id: str,  # noqa: A002
) -> CatalogueRow | None:
    """Return the row of one offer, hidden and gone ones included, or None."""
    async with connection.execute(SQL_SELECT_OBJECT_BY_ID, {"id": id}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def objects_by_position(
    connection: aiosqlite.Connection, positions: Sequence[int]
) -> dict[int, CatalogueRow]:
    """Return the rows at *positions* (at most some hundreds) that members may see."""
    values = {"positions": json.dumps(list(positions))}
    async with connection.execute(SQL_SELECT_OBJECTS_BY_POSITION, values) as cursor:
        return {row[0]: _row(row) for row in await cursor.fetchall()}


async def live_ids_of(
    connection: aiosqlite.Connection, author: str, *, limit: int = MAX_LIVE_OF_AUTHOR
) -> list[str]:
    """Return the ids of the offers of *author* that are here, hidden ones included, sorted."""
    values = {"author": author, "limit": limit}
    async with connection.execute(SQL_SELECT_LIVE_IDS_OF, values) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def count_by_author(connection: aiosqlite.Connection, *, limit: int) -> dict[str, int]:
    """Return how many live offers each author has, at most *limit* authors."""
    async with connection.execute(SQL_COUNT_BY_AUTHOR, {"limit": limit}) as cursor:
        return {str(author): int(count) for author, count in await cursor.fetchall()}


async def _change(
    connection: aiosqlite.Connection, statement: str, values: Mapping[str, object]
) -> int:
    async with connection.execute(statement, values) as cursor:
        return cursor.rowcount


def _row(row: sqlite3.Row) -> CatalogueRow:
    position, offer_id, author, revision, end_day, hidden, raw, serial = row
    return CatalogueRow(
        position, offer_id, author, revision, end_day, bool(hidden), raw, serial
    )
