"""All SQL of the mailboxes, on ``objects.db``. Functions never commit.

Boxes are never listed: each is asked for by its address. An envelope's id is a hash of its
bytes, so that the same one lies in a box once, and so that order of id says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite
import msgspec

from kith_crypto.ed25519 import VerifyKey
from kith_node.mailboxes.quotas import Held
from kith_protocol.box_page import BoxItem
from kith_protocol.day import Day
from kith_protocol.sealed_api import BoxKind

SQL_INSERT_BOX = """
INSERT INTO mailboxes (address, key, kind, renew_by)
VALUES (:address, :key, :kind, :renew_by)
"""
SQL_SELECT_BOX = "SELECT address, key, kind, renew_by FROM mailboxes WHERE address = :address"
SQL_SET_MONTH = "UPDATE mailboxes SET renew_by = :renew_by WHERE address = :address"
SQL_DELETE_BOX = "DELETE FROM mailboxes WHERE address = :address"
SQL_DELETE_ENVELOPES_OF_BOX = "DELETE FROM envelopes WHERE box = :box"
SQL_LIST_ENDED_BOXES = "SELECT address FROM mailboxes WHERE renew_by < :month LIMIT :limit"

# The same envelope again is written anew, so that it takes as long as another one; SQLite would
# leave out an UPDATE to what is there already.
SQL_PUT_ENVELOPE = """
INSERT OR REPLACE INTO envelopes (box, id, day, peer, bytes) VALUES (
    :box, :id,
    coalesce((SELECT day FROM envelopes WHERE box = :box AND id = :id), :day),
    :peer, :bytes
)
"""
SQL_HAS_ENVELOPE = "SELECT 1 FROM envelopes WHERE box = :box AND id = :id"
SQL_DELETE_ENVELOPE = "DELETE FROM envelopes WHERE box = :box AND id = :id"
SQL_LIST_HELD = """
SELECT id, day, peer, length(bytes) FROM envelopes
WHERE box = :box ORDER BY day, id LIMIT :limit
"""
SQL_LIST_ITEMS = """
SELECT id, day, peer, bytes FROM envelopes WHERE box = :box ORDER BY day, id LIMIT :limit
"""
SQL_DELETE_OLD_ENVELOPES = "DELETE FROM envelopes WHERE day < :day"
SQL_DELETE_OLD_KNOCKS = """
DELETE FROM envelopes WHERE day < :day
AND EXISTS (SELECT 1 FROM mailboxes WHERE address = envelopes.box AND kind = 'knock')
"""

MAX_HELD = 1000  # more than any box holds


class BoxRow(msgspec.Struct, frozen=True):
    """A mailbox as stored.

    Attributes:
        address: 16 bytes, the hash of *key*.
        key: owns it.
        kind: what it takes.
        renew_by: months since January 1970; the box goes when this one is over.
    """

    address: bytes
    key: VerifyKey
    kind: BoxKind
    renew_by: int


async def insert_box(connection: aiosqlite.Connection, box: BoxRow) -> None:
    """Add a box.

    Raises:
        sqlite3.IntegrityError: the address is taken.
    """
    await connection.execute(SQL_INSERT_BOX, msgspec.structs.asdict(box))


async def get_box(connection: aiosqlite.Connection, address: bytes) -> BoxRow | None:
    """Return the box at *address*."""
    async with connection.execute(SQL_SELECT_BOX, {"address": address}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else BoxRow(*row)


async def set_month(connection: aiosqlite.Connection, address: bytes, *, renew_by: int) -> bool:
    """Keep the box until that month is over; return whether there is one."""
    values = {"address": address, "renew_by": renew_by}
    cursor = await connection.execute(SQL_SET_MONTH, values)
    return cursor.rowcount > 0


async def delete_box(connection: aiosqlite.Connection, address: bytes) -> None:
    """Remove a box and what is in it."""
    await connection.execute(SQL_DELETE_BOX, {"address": address})
    await connection.execute(SQL_DELETE_ENVELOPES_OF_BOX, {"box": address})


async def list_ended_boxes(
    connection: aiosqlite.Connection, *, month: int, limit: int
) -> tuple[bytes, ...]:
    """Return addresses of at most *limit* boxes that were to be renewed before *month*."""
    values = {"month": month, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_ENDED_BOXES, values)
    return tuple(row[0] for row in rows)


async def has_envelope(connection: aiosqlite.Connection, box: bytes, item_id: bytes) -> bool:
    """Return whether this envelope lies in the box already."""
    async with connection.execute(SQL_HAS_ENVELOPE, {"box": box, "id": item_id}) as cursor:
        return await cursor.fetchone() is not None


async def put_envelope(connection: aiosqlite.Connection, box: bytes, item: BoxItem) -> None:
    """Write an envelope; one that lies there already keeps its day."""
    values = {
        "box": box,
        "id": item.id,
        "day": item.day,
        "peer": item.node,
        "bytes": item.envelope,
    }
    await connection.execute(SQL_PUT_ENVELOPE, values)


async def delete_envelopes(
    connection: aiosqlite.Connection, box: bytes, ids: Iterable[bytes]
) -> None:
    """Remove envelopes of one box; unknown ids are no error."""
    values = [{"box": box, "id": one} for one in ids]
    await connection.executemany(SQL_DELETE_ENVELOPE, values)


async def list_held(connection: aiosqlite.Connection, box: bytes) -> tuple[Held, ...]:
    """Return what lies in a box, without the bytes: oldest day first, then by id."""
    values = {"box": box, "limit": MAX_HELD}
    rows = await connection.execute_fetchall(SQL_LIST_HELD, values)
    return tuple(Held(*row) for row in rows)


async def list_items(
    connection: aiosqlite.Connection, box: bytes, *, limit: int
) -> tuple[BoxItem, ...]:
    """Return the first *limit* envelopes in the order of ``list_held``."""
    rows = await connection.execute_fetchall(SQL_LIST_ITEMS, {"box": box, "limit": limit})
    return tuple(BoxItem(row[0], Day(row[1]), row[2], row[3]) for row in rows)


async def delete_old_envelopes(
    connection: aiosqlite.Connection, *, before: int, knocks_before: int
) -> None:
    """Remove what came before these days, into any box and into those for knocks."""
    await connection.execute(SQL_DELETE_OLD_ENVELOPES, {"day": before})
    await connection.execute(SQL_DELETE_OLD_KNOCKS, {"day": knocks_before})
