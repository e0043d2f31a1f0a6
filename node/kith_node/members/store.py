"""All SQL of the members room, on ``members.db``.

Functions take a connection first, answer one question and never commit. No statement orders
members by anything but their random ids, and none lists them.
"""

from __future__ import annotations

from typing import Final

import aiosqlite
import msgspec

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"

SQL_INSERT_MEMBER = """
INSERT INTO members (id, auth_hash, recovery_hash, slots, role, state, epoch)
VALUES (:id, :auth_hash, :recovery_hash, :slots, :role, :state, :epoch)
"""
SQL_SELECT_MEMBER = """
SELECT id, auth_hash, recovery_hash, slots, role, state, epoch FROM members WHERE id = :id
"""
# One lookup for passphrase and recovery code alike: SQLite answers it from the two unique
# indexes.
SQL_SELECT_MEMBER_BY_HASH = """
SELECT id, auth_hash, recovery_hash, slots, role, state, epoch FROM members
WHERE auth_hash = :hash OR recovery_hash = :hash LIMIT 1
"""
SQL_UPDATE_CREDENTIALS = """
UPDATE members
SET auth_hash = :auth_hash, recovery_hash = :recovery_hash, slots = :slots, epoch = :epoch
WHERE id = :id
"""
SQL_UPDATE_EPOCH = "UPDATE members SET epoch = :epoch WHERE id = :id"
SQL_UPDATE_STATE = "UPDATE members SET state = :state, epoch = :epoch WHERE id = :id"
SQL_DELETE_MEMBER = "DELETE FROM members WHERE id = :id"
SQL_COUNT_MEMBERS = "SELECT count(*) FROM members"

SQL_INSERT_INVITE = "INSERT INTO invites (hash) VALUES (:hash)"
SQL_DELETE_INVITE = "DELETE FROM invites WHERE hash = :hash"
SQL_DELETE_INVITES = "DELETE FROM invites"
SQL_COUNT_INVITES = "SELECT count(*) FROM invites"
SQL_LIST_INVITES = "SELECT hash FROM invites ORDER BY hash LIMIT :limit"
SQL_LIST_INVITES_BETWEEN = """
SELECT hash FROM invites WHERE hash >= :low AND hash <= :high ORDER BY hash LIMIT :limit
"""


class Member(msgspec.Struct, frozen=True):
    """One row of ``members``. Its ``repr`` shows nothing.

    Attributes:
        id: 16 random bytes.
        auth_hash: SHA-256 of ``auth``, 32 bytes.
        recovery_hash: SHA-256 of ``rauth``, 32 bytes.
        slots: the wrapped vault key as JSON.
        role: one of ``kith_protocol.invite.ROLES``.
        state: ``ACTIVE`` or ``SUSPENDED``.
        epoch: 8 random bytes; sessions of another epoch are over.
    """

    id: bytes
    auth_hash: bytes
    recovery_hash: bytes
    slots: bytes
    role: str
    state: str
    epoch: bytes

    def __repr__(self) -> str:
        return "Member(...)"


async def insert_member(connection: aiosqlite.Connection, member: Member) -> None:
    """Add *member*.

    Raises:
        sqlite3.IntegrityError: its id or one of its verifiers is there already.
    """
    await connection.execute(SQL_INSERT_MEMBER, msgspec.structs.asdict(member))


async def get_member(connection: aiosqlite.Connection, member_id: bytes) -> Member | None:
    """Return the member with this id."""
    return await _one_member(connection, SQL_SELECT_MEMBER, {"id": member_id})


async def find_member(connection: aiosqlite.Connection, verifier: bytes) -> Member | None:
    """Return the member one of whose two verifiers is *verifier*, 32 bytes."""
    return await _one_member(connection, SQL_SELECT_MEMBER_BY_HASH, {"hash": verifier})


async def replace_credentials(connection: aiosqlite.Connection, member: Member) -> None:
    """Write the verifiers, slots and epoch of *member*.

    Raises:
        sqlite3.IntegrityError: a verifier is somebody else's.
    """
    await connection.execute(
        SQL_UPDATE_CREDENTIALS,
        {
            "id": member.id,
            "auth_hash": member.auth_hash,
            "recovery_hash": member.recovery_hash,
            "slots": member.slots,
            "epoch": member.epoch,
        },
    )


async def set_epoch(
    connection: aiosqlite.Connection, member_id: bytes, *, epoch: bytes
) -> bool:
    """Put a new epoch; return whether there is such a member."""
    cursor = await connection.execute(SQL_UPDATE_EPOCH, {"id": member_id, "epoch": epoch})
    return cursor.rowcount == 1


async def set_state(
    connection: aiosqlite.Connection, member_id: bytes, *, state: str, epoch: bytes
) -> bool:
    """Put a new state and epoch; return whether there is such a member."""
    values = {"id": member_id, "state": state, "epoch": epoch}
    cursor = await connection.execute(SQL_UPDATE_STATE, values)
    return cursor.rowcount == 1


async def delete_member(connection: aiosqlite.Connection, member_id: bytes) -> None:
    """Remove the member's row."""
    await connection.execute(SQL_DELETE_MEMBER, {"id": member_id})


async def count_members(connection: aiosqlite.Connection) -> int:
    """Return the number of members, suspended ones included."""
    return await _count(connection, SQL_COUNT_MEMBERS)


async def insert_invite(connection: aiosqlite.Connection, invite_hash: bytes) -> None:
    """Add an open invite by its hash, 32 bytes."""
    await connection.execute(SQL_INSERT_INVITE, {"hash": invite_hash})


async def delete_invite(connection: aiosqlite.Connection, invite_hash: bytes) -> bool:
    """Remove the invite; return whether it was open."""
    cursor = await connection.execute(SQL_DELETE_INVITE, {"hash": invite_hash})
    return cursor.rowcount == 1


async def delete_invites(connection: aiosqlite.Connection) -> int:
    """Remove all invites; return how many were open."""
    cursor = await connection.execute(SQL_DELETE_INVITES)
    return cursor.rowcount


async def count_invites(connection: aiosqlite.Connection) -> int:
    """Return the number of open invites."""
    return await _count(connection, SQL_COUNT_INVITES)


async def list_invites(connection: aiosqlite.Connection, *, limit: int) -> tuple[bytes, ...]:
    """Return at most *limit* hashes of open invites, in order of hash."""
    rows = await connection.execute_fetchall(SQL_LIST_INVITES, {"limit": limit})
    return tuple(row[0] for row in rows)


async def find_invites(
    connection: aiosqlite.Connection, *, head: bytes, limit: int
) -> tuple[bytes, ...]:
    """Return at most *limit* hashes of open invites that begin with *head*."""
    padding = 32 - len(head)
    values = {"low": head + b"\x00" * padding, "high": head + b"\xff" * padding, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_INVITES_BETWEEN, values)
    return tuple(row[0] for row in rows)


async def _one_member(
    connection: aiosqlite.Connection, sql: str, values: dict[str, bytes]
) -> Member | None:
    async with connection.execute(sql, values) as cursor:
        row = await cursor.fetchone()
    return None if row is None else Member(*row)


async def _count(connection: aiosqlite.Connection, sql: str) -> int:
    async with connection.execute(sql) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
