"""The SQL of members' vaults, on ``members.db``.

Functions take a connection first, answer one question and never commit. Deleting a member's row
takes the chunks along (``ON DELETE CASCADE``).
"""

from __future__ import annotations

from collections.abc import Mapping

import aiosqlite

SQL_SELECT_CHUNK = """
SELECT bytes FROM vault_chunks WHERE member = :member AND chunk = :chunk
"""
SQL_UPSERT_CHUNK = """
INSERT INTO vault_chunks (member, chunk, bytes) VALUES (:member, :chunk, :bytes)
ON CONFLICT (member, chunk) DO UPDATE SET bytes = :bytes
"""
SQL_DELETE_CHUNK = "DELETE FROM vault_chunks WHERE member = :member AND chunk = :chunk"
SQL_DELETE_CHUNKS = "DELETE FROM vault_chunks WHERE member = :member"
# Lengths stand in the rows' heads: no chunk is read for this.
SQL_MEASURE_VAULT = """
SELECT count(*), coalesce(sum(length(bytes)), 0) FROM vault_chunks WHERE member = :member
"""


async def get_chunk(
    connection: aiosqlite.Connection, member_id: bytes, chunk: int
) -> bytes | None:
    """Return the chunk's bytes, or None."""
    values = {"member": member_id, "chunk": chunk}
    async with connection.execute(SQL_SELECT_CHUNK, values) as cursor:
        row = await cursor.fetchone()
    return None if row is None else bytes(row[0])


async def put_chunks(
    connection: aiosqlite.Connection, member_id: bytes, chunks: Mapping[int, bytes]
) -> None:
    """Write *chunks*; an empty one is deleted.

    Raises:
        sqlite3.IntegrityError: there is no such member.
    """
    for chunk, raw in chunks.items():
        values: dict[str, object] = {"member": member_id, "chunk": chunk}
        if raw:
            await connection.execute(SQL_UPSERT_CHUNK, values | {"bytes": raw})
        else:
            await connection.execute(SQL_DELETE_CHUNK, values)


async def delete_chunks(connection: aiosqlite.Connection, member_id: bytes) -> None:
    """Remove the whole vault."""
    await connection.execute(SQL_DELETE_CHUNKS, {"member": member_id})


async def measure_vault(connection: aiosqlite.Connection, member_id: bytes) -> tuple[int, int]:
    """Return how many chunks the vault has and how many bytes they are together."""
    async with connection.execute(SQL_MEASURE_VAULT, {"member": member_id}) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
