"""The SQL of envelopes on their way, on ``catalogue.db``. Functions never commit."""

from __future__ import annotations

import aiosqlite
import msgspec

from kith_protocol.day import Day
from kith_protocol.sealed_api import EnvelopeState
from kith_protocol.urls import Origin

SQL_ADD_POSTED = """
INSERT OR IGNORE INTO posted (handle, peer, state, day, is_slow, mark, bytes)
VALUES (:handle, :peer, 'queued', :day, :is_slow, :mark, :raw)
"""
SQL_GET_POSTED = "SELECT state, day, mark FROM posted WHERE handle = :handle"
SQL_GET_POSTED_BYTES = """
SELECT bytes FROM posted WHERE handle = :handle AND state = 'queued'
"""
SQL_LIST_QUEUED = """
SELECT handle, peer, is_slow FROM posted WHERE state = 'queued' LIMIT 1000000
"""
SQL_SETTLE_POSTED = """
UPDATE posted SET state = :state, bytes = NULL WHERE handle = :handle AND state = 'queued'
"""
SQL_GIVE_UP_POSTED = """
UPDATE posted SET state = 'failed', bytes = NULL WHERE state = 'queued' AND day < :day
"""
SQL_FORGET_POSTED = "DELETE FROM posted WHERE day < :day"


class Posted(msgspec.Struct, frozen=True):
    """An envelope that was handed in.

    Attributes:
        state: where it is.
        day: on which it was handed in.
        mark: tells the same call again from another one.
    """

    state: EnvelopeState
    day: Day
    mark: bytes


class Waiting(msgspec.Struct, frozen=True):
    """An envelope in the queue.

    Attributes:
        handle: 16 bytes.
        peer: origin of the node that it goes to.
        is_slow: it may take its time.
    """

    handle: bytes
    peer: Origin
    is_slow: bool


async def add_posted(
    connection: aiosqlite.Connection, waiting: Waiting, *, day: Day, mark: bytes, raw: bytes
) -> bool:
    """Store an envelope and return whether its handle was new.

    Args:
        connection: inside a transaction.
        waiting: handle, peer and pace.
        day: today.
        mark: 16 bytes.
        raw: the stamped envelope.
    """
    values = {
        "handle": waiting.handle,
        "peer": waiting.peer,
        "is_slow": int(waiting.is_slow),
        "day": day,
        "mark": mark,
        "raw": raw,
    }
    async with connection.execute(SQL_ADD_POSTED, values) as cursor:
        return cursor.rowcount == 1


async def get_posted(connection: aiosqlite.Connection, handle: bytes) -> Posted | None:
    """Return what is known of *handle*, or None."""
    rows = list(await connection.execute_fetchall(SQL_GET_POSTED, {"handle": handle}))
    return Posted(*rows[0]) if rows else None


async def get_bytes(connection: aiosqlite.Connection, handle: bytes) -> bytes | None:
    """Return the envelope of *handle* while it waits, else None."""
    rows = list(await connection.execute_fetchall(SQL_GET_POSTED_BYTES, {"handle": handle}))
    return rows[0][0] if rows else None


async def list_queued(connection: aiosqlite.Connection) -> list[Waiting]:
    """Return all that waits, in an order that says nothing (that of random handles)."""
    rows = await connection.execute_fetchall(SQL_LIST_QUEUED)
    return [Waiting(handle, peer, bool(is_slow)) for handle, peer, is_slow in rows]


async def settle(connection: aiosqlite.Connection, handle: bytes, state: EnvelopeState) -> None:
    """Say what became of *handle*; its bytes go."""
    await connection.execute(SQL_SETTLE_POSTED, {"handle": handle, "state": state})


async def give_up_before(connection: aiosqlite.Connection, day: int) -> None:
    """Fail all that was handed in before *day* and still waits."""
    await connection.execute(SQL_GIVE_UP_POSTED, {"day": day})


async def forget_before(connection: aiosqlite.Connection, day: int) -> None:
    """Forget all that was handed in before *day*."""
    await connection.execute(SQL_FORGET_POSTED, {"day": day})
