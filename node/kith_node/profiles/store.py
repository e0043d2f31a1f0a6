"""All SQL of the profiles room, on ``objects.db``. Functions never commit.

Every list is in order of id, which is a hash. Deleting a profile's row takes the offers shown
under it along (``ON DELETE CASCADE``); an offer that vanishes leaves profiles the same way.
"""

from __future__ import annotations

import aiosqlite
import msgspec

from kith_crypto.ed25519 import VerifyKey

SQL_INSERT_PROFILE = """
INSERT INTO profiles (id, key, bytes, listed, end_day)
VALUES (:id, :key, :raw, :is_listed, :end_day)
"""
SQL_SELECT_PROFILE = "SELECT id, key, bytes, listed, end_day FROM profiles WHERE id = :id"
SQL_LIST_PROFILES = """
SELECT id, key, bytes, listed, end_day FROM profiles
WHERE id > :after AND listed = 1 AND end_day > :today ORDER BY id LIMIT :limit
"""
SQL_UPDATE_PROFILE = """
UPDATE profiles SET bytes = :raw, listed = :is_listed, end_day = :end_day WHERE id = :id
"""
SQL_DELETE_PROFILE = "DELETE FROM profiles WHERE id = :id"
SQL_LIST_ENDED_PROFILES = "SELECT id FROM profiles WHERE end_day <= :today LIMIT :limit"

SQL_UPSERT_SHOWN = """
INSERT INTO shown_offers (profile, offer, profile_signature, offer_signature)
VALUES (:profile, :offer, :profile_signature, :offer_signature)
ON CONFLICT (profile, offer) DO UPDATE
SET profile_signature = :profile_signature, offer_signature = :offer_signature
"""
SQL_LIST_SHOWN = """
SELECT offer FROM shown_offers WHERE profile = :profile ORDER BY offer LIMIT :limit
"""
SQL_DELETE_SHOWN = "DELETE FROM shown_offers WHERE profile = :profile AND offer = :offer"

FIRST = b""  # before every id


class ProfileRow(msgspec.Struct, frozen=True):
    """A profile as stored.

    Attributes:
        id: 16 bytes.
        key: the profile key.
        raw: its ``ProfileContent`` as JSON.
        is_listed: 1 if members find it in the list, 0 if by link only.
        end_day: days since the Unix epoch; it is over when this day begins.
    """

    id: bytes
    key: VerifyKey
    raw: bytes
    is_listed: int
    end_day: int


async def insert_profile(connection: aiosqlite.Connection, row: ProfileRow) -> None:
    """Add a profile.

    Raises:
        sqlite3.IntegrityError: the id is taken.
    """
    await connection.execute(SQL_INSERT_PROFILE, msgspec.structs.asdict(row))


async def get_profile(connection: aiosqlite.Connection, profile_id: bytes) -> ProfileRow | None:
    """Return the profile with this id."""
    async with connection.execute(SQL_SELECT_PROFILE, {"id": profile_id}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else ProfileRow(*row)


async def list_profiles(
    connection: aiosqlite.Connection, *, after: bytes, today: int, limit: int
) -> tuple[ProfileRow, ...]:
    """Return at most *limit* listed, live profiles whose id is beyond *after*."""
    values = {"after": after, "today": today, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_PROFILES, values)
    return tuple(ProfileRow(*row) for row in rows)


async def update_profile(connection: aiosqlite.Connection, row: ProfileRow) -> None:
    """Replace the profile's content, listing and end."""
    values = {
        "id": row.id,
        "raw": row.raw,
        "is_listed": row.is_listed,
        "end_day": row.end_day,
    }
    await connection.execute(SQL_UPDATE_PROFILE, values)


async def delete_profile(connection: aiosqlite.Connection, profile_id: bytes) -> None:
    """Remove the profile."""
    await connection.execute(SQL_DELETE_PROFILE, {"id": profile_id})


async def list_ended(
    connection: aiosqlite.Connection, today: int, *, limit: int
) -> tuple[bytes, ...]:
    """Return ids of at most *limit* profiles that are over on *today*."""
    values = {"today": today, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_ENDED_PROFILES, values)
    return tuple(row[0] for row in rows)


async def put_shown(
    connection: aiosqlite.Connection,
    *,
    profile_id: bytes,
    offer_id: bytes,
    profile_signature: bytes,
    offer_signature: bytes,
) -> None:
    """Let an offer stand under a profile by the word of both keys."""
    await connection.execute(
        SQL_UPSERT_SHOWN,
        {
            "profile": profile_id,
            "offer": offer_id,
            "profile_signature": profile_signature,
            "offer_signature": offer_signature,
        },
    )


async def list_shown(
    connection: aiosqlite.Connection, profile_id: bytes, *, limit: int
) -> tuple[bytes, ...]:
    """Return the ids of at most *limit* offers that stand under a profile."""
    values = {"profile": profile_id, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_SHOWN, values)
    return tuple(row[0] for row in rows)


async def delete_shown(
    connection: aiosqlite.Connection, *, profile_id: bytes, offer_id: bytes
) -> None:
    """Take an offer away from a profile."""
    values = {"profile": profile_id, "offer": offer_id}
    await connection.execute(SQL_DELETE_SHOWN, values)
