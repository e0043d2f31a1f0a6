"""The SQL of the catalogue: released offers and resources, own and remote, as they changed.

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

OFFER, RESOURCE = 0, 1
"""Kinds of objects."""

MAX_LIVE_OF_AUTHOR = 200_000  # SPEC.md, section on limits: live offers of one peer

SQL_PUT_OBJECT = """
INSERT INTO catalogue_objects (id, author, revision, end_day, hidden, bytes, kind, serial)
VALUES (:id, :author, :revision, :end_day, :hidden, :raw, :kind,
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
SELECT position, id, author, revision, end_day, hidden, bytes, serial, kind
FROM catalogue_objects WHERE serial > :serial ORDER BY serial LIMIT :limit
"""
SQL_SELECT_OBJECT_BY_ID = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial, kind
FROM catalogue_objects WHERE id = :id
"""
SQL_SELECT_OBJECTS_BY_POSITION = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial, kind
FROM catalogue_objects WHERE position IN (SELECT value FROM json_each(:positions))
    AND bytes IS NOT NULL AND hidden = 0
"""
SQL_SELECT_LIVE_IDS_OF = """
SELECT id FROM catalogue_objects
WHERE author = :author AND bytes IS NOT NULL AND kind = 0 ORDER BY id LIMIT :limit
"""
SQL_SELECT_LIVE_RESOURCES = """
SELECT position, id, author, revision, end_day, hidden, bytes, serial, kind
FROM catalogue_objects INDEXED BY catalogue_objects_resources
WHERE kind = 1 AND bytes IS NOT NULL AND hidden = 0 AND end_day > :today AND id > :after
    AND author = :author
ORDER BY id LIMIT :limit
"""
SQL_SELECT_RESOURCE_AUTHORS = """
SELECT DISTINCT author FROM catalogue_objects INDEXED BY catalogue_objects_resources
WHERE kind = 1 AND bytes IS NOT NULL ORDER BY author
"""

SQL_SELECT_RESOURCES_STATE = """
SELECT coalesce(max(serial), 0), count(bytes) FROM catalogue_objects
INDEXED BY catalogue_objects_resources_by_serial WHERE kind = 1
"""
SQL_COUNT_BY_AUTHOR = """
SELECT author, count(*) FROM catalogue_objects INDEXED BY catalogue_objects_by_author
WHERE bytes IS NOT NULL AND kind = 0 GROUP BY author ORDER BY author LIMIT :limit
"""


class CatalogueRow(msgspec.Struct, frozen=True):
    """One object as stored.

    Attributes:
        position: where the index keeps it; an object keeps its position when it changes.
        id: its URL.
        author: the actor that announced it.
        revision: from 1.
        end_day: the first day on which it is gone.
        is_hidden: its author is a limited peer; members do not see it.
        raw: JCS bytes of the signed object, or None once it is gone.
        serial: number of its last change.
        kind: ``OFFER`` or ``RESOURCE``.
    """

    position: int
    id: str
    author: str
    revision: int
    end_day: int
    is_hidden: bool
    raw: bytes | None
    serial: int
    kind: int = OFFER


async def put_object(
    connection: aiosqlite.Connection,
    *,
    id: str,  # noqa: A002 - the column's and the protocol's word
    author: str,
    revision: int,
    end_day: int,
    hidden: bool,
    raw: bytes,
    kind: int = OFFER,
) -> bool:
    """Store an object and return whether anything changed.

    False if the same or a higher revision is here. A gone object comes back with any revision:
    what must not come back is known by its tombstone, which the caller has looked for.

    Args:
        connection: inside a transaction of ``catalogue.db``.
        id: its URL.
        author: actor of its author.
        revision: from 1.
        end_day: the first day on which it is gone.
        hidden: the author is a limited peer.
        raw: JCS bytes of the signed object, verified.
        kind: ``OFFER`` or ``RESOURCE``.
    """
    values = {
        "id": id,
        "author": author,
        "revision": revision,
        "end_day": end_day,
        "hidden": int(hidden),
        "raw": raw,
        "kind": kind,
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


async def resource_authors(connection: aiosqlite.Connection) -> list[str]:
    """Return whose resources are here, sorted."""
    async with connection.execute(SQL_SELECT_RESOURCE_AUTHORS) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def state_of_resources(connection: aiosqlite.Connection) -> tuple[int, int]:
    """Return the last change of a resource and how many are here.

    Together they are new after each change: what is gone may take the newest number with it,
    and then there are fewer.
    """
    async with connection.execute(SQL_SELECT_RESOURCES_STATE) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


async def live_resources(
    connection: aiosqlite.Connection, author: str, *, today: int, after: str, limit: int
) -> list[CatalogueRow]:
    """Return resources of *author* that members may see on *today*, by id.

    Args:
        connection: of ``catalogue.db``.
        author: an actor.
        today: whole days since 1970-01-01.
        after: the last id of the page before, empty at first.
        limit: how many at most.
    """
    values = {"author": author, "today": today, "after": after, "limit": limit}
    async with connection.execute(SQL_SELECT_LIVE_RESOURCES, values) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


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
    position, name, author, revision, end_day, hidden, raw, serial, kind = row
    return CatalogueRow(
        position, name, author, revision, end_day, bool(hidden), raw, serial, kind
    )
