"""All SQL of the offers room, on ``objects.db``: offers, what waits for release, seals.

Functions take a connection first, answer one question and never commit. Bundles are in
``bundle_store.py``. Every list is in order of id, which is a hash. Deleting an offer's row
takes all that refers to it along (``ON DELETE CASCADE``), but for its seal.
"""

from __future__ import annotations

from typing import Literal

import aiosqlite
import msgspec

from kith_crypto.ed25519 import VerifyKey

State = Literal["draft", "signed", "withdrawn"]
Change = Literal["create", "update", "room", "withdraw"]

SQL_INSERT_OFFER = """
INSERT INTO offers (id, key, bytes, end_day, state)
VALUES (:id, :key, :bytes, :end_day, 'draft')
"""
SQL_SELECT_OFFER = """
SELECT offers.id, offers.key, offers.bytes, offers.end_day, offers.state, unreleased.kind
FROM offers LEFT JOIN unreleased ON unreleased.offer = offers.id
WHERE offers.id = :id
"""
SQL_LIST_OFFERS = """
SELECT offers.id, offers.key, offers.bytes, offers.end_day, offers.state, unreleased.kind
FROM offers LEFT JOIN unreleased ON unreleased.offer = offers.id
WHERE offers.id > :after AND offers.state != 'withdrawn' ORDER BY offers.id LIMIT :limit
"""
SQL_LIST_WAITING = """
SELECT offers.id, offers.key, offers.bytes, offers.end_day, offers.state, unreleased.kind
FROM unreleased JOIN offers ON offers.id = unreleased.offer
WHERE offers.state = :state AND offers.id > :after ORDER BY offers.id LIMIT :limit
"""
SQL_UPDATE_OFFER = """
UPDATE offers SET bytes = :bytes, end_day = :end_day, state = :state WHERE id = :id
"""
SQL_UPDATE_STATE = "UPDATE offers SET state = :state WHERE id = :id"
SQL_DELETE_OFFER = "DELETE FROM offers WHERE id = :id"
SQL_LIST_ENDED_OFFERS = "SELECT id FROM offers WHERE end_day <= :today LIMIT 100000"
SQL_DELETE_ENDED_OFFERS = "DELETE FROM offers WHERE end_day <= :today"

SQL_UPSERT_CHANGE = """
INSERT INTO unreleased (offer, kind) VALUES (:offer, :kind)
ON CONFLICT (offer) DO UPDATE SET kind = :kind
"""
SQL_DELETE_CHANGE = "DELETE FROM unreleased WHERE offer = :offer"
# Another process may have begun to withdraw the offer while this one released it.
SQL_DELETE_RELEASED_CHANGE = """
DELETE FROM unreleased WHERE offer = :offer
AND EXISTS (SELECT 1 FROM offers WHERE id = :offer AND state = 'signed')
"""

SQL_UPSERT_SEAL = """
INSERT INTO seals (object, kind, seal) VALUES (:object, :kind, :seal)
ON CONFLICT (object, kind) DO UPDATE SET seal = :seal
"""
SQL_SELECT_SEAL = "SELECT seal FROM seals WHERE object = :object AND kind = :kind"
SQL_DELETE_SEAL = "DELETE FROM seals WHERE object = :object AND kind = :kind"
SQL_DELETE_ENDED_SEALS = """
DELETE FROM seals WHERE kind = :kind
AND object IN (SELECT id FROM offers WHERE end_day <= :today)
"""
SQL_LIST_SEALS = """
SELECT object, kind, seal FROM seals WHERE (object, kind) > (:object, :kind)
ORDER BY object, kind LIMIT :limit
"""
SQL_COUNT_CHANGES = "SELECT count(*) FROM unreleased"

FIRST = b""  # before every id


class OfferRow(msgspec.Struct, frozen=True):
    """An offer as stored, with the change of it that waits for release.

    Attributes:
        id: 16 bytes.
        key: the offer key.
        raw: a ``documents.Draft`` or the signed object, as ``state`` says.
        end_day: days since the Unix epoch; the offer is over when this day begins.
        state: what ``raw`` is (migration 0001).
        change: None when everything has been released.
    """

    id: bytes
    key: VerifyKey
    raw: bytes
    end_day: int
    state: State
    change: Change | None


async def insert_offer(
    connection: aiosqlite.Connection,
    *,
    offer_id: bytes,
    key: VerifyKey,
    raw: bytes,
    end_day: int,
) -> None:
    """Add an offer that has not been signed.

    Raises:
        sqlite3.IntegrityError: the id is taken.
    """
    values = {"id": offer_id, "key": key, "bytes": raw, "end_day": end_day}
    await connection.execute(SQL_INSERT_OFFER, values)


async def get_offer(connection: aiosqlite.Connection, offer_id: bytes) -> OfferRow | None:
    """Return the offer with this id."""
    async with connection.execute(SQL_SELECT_OFFER, {"id": offer_id}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else OfferRow(*row)


async def list_offers(
    connection: aiosqlite.Connection, *, after: bytes, limit: int
) -> tuple[OfferRow, ...]:
    """Return at most *limit* offers beyond *after* that are not being withdrawn."""
    rows = await connection.execute_fetchall(SQL_LIST_OFFERS, {"after": after, "limit": limit})
    return tuple(OfferRow(*row) for row in rows)


async def list_waiting(
    connection: aiosqlite.Connection, *, state: State, after: bytes, limit: int
) -> tuple[OfferRow, ...]:
    """Return at most *limit* offers in *state* of which a change waits, beyond *after*."""
    values = {"state": state, "after": after, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_WAITING, values)
    return tuple(OfferRow(*row) for row in rows)


async def count_changes(connection: aiosqlite.Connection) -> int:
    """Return how many changes wait for a release."""
    async with connection.execute(SQL_COUNT_CHANGES) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def update_offer(
    connection: aiosqlite.Connection,
    offer_id: bytes,
    *,
    raw: bytes,
    end_day: int,
    state: State,
) -> None:
    """Replace an offer's bytes."""
    values = {"id": offer_id, "bytes": raw, "end_day": end_day, "state": state}
    await connection.execute(SQL_UPDATE_OFFER, values)


async def set_state(connection: aiosqlite.Connection, offer_id: bytes, state: State) -> None:
    """Replace an offer's state."""
    await connection.execute(SQL_UPDATE_STATE, {"id": offer_id, "state": state})


async def delete_offer(connection: aiosqlite.Connection, offer_id: bytes) -> None:
    """Remove an offer with its bundles, its waiting change and its places under profiles."""
    await connection.execute(SQL_DELETE_OFFER, {"id": offer_id})


async def list_ended_offers(connection: aiosqlite.Connection, today: int) -> tuple[bytes, ...]:
    """Return the ids of offers that are over on *today*."""
    rows = await connection.execute_fetchall(SQL_LIST_ENDED_OFFERS, {"today": today})
    return tuple(row[0] for row in rows)


async def delete_ended_offers(connection: aiosqlite.Connection, today: int) -> int:
    """Remove offers that are over on *today*, as ``delete_offer`` does; return how many."""
    cursor = await connection.execute(SQL_DELETE_ENDED_OFFERS, {"today": today})
    return cursor.rowcount


async def put_change(connection: aiosqlite.Connection, offer_id: bytes, kind: Change) -> None:
    """Let *kind* wait for release in place of whatever waited."""
    await connection.execute(SQL_UPSERT_CHANGE, {"offer": offer_id, "kind": kind})


async def delete_change(connection: aiosqlite.Connection, offer_id: bytes) -> None:
    """Forget the change that waits."""
    await connection.execute(SQL_DELETE_CHANGE, {"offer": offer_id})


async def delete_released_change(connection: aiosqlite.Connection, offer_id: bytes) -> None:
    """Forget the change that waits, unless the offer is being withdrawn."""
    await connection.execute(SQL_DELETE_RELEASED_CHANGE, {"offer": offer_id})


async def put_seal(
    connection: aiosqlite.Connection, object_id: bytes, *, kind: int, seal: bytes
) -> None:
    """Keep *seal*, 1200 bytes, in place of the object's former one."""
    values = {"object": object_id, "kind": kind, "seal": seal}
    await connection.execute(SQL_UPSERT_SEAL, values)


async def get_seal(
    connection: aiosqlite.Connection, object_id: bytes, *, kind: int
) -> bytes | None:
    """Return the object's seal."""
    values = {"object": object_id, "kind": kind}
    async with connection.execute(SQL_SELECT_SEAL, values) as cursor:
        row = await cursor.fetchone()
    return None if row is None else bytes(row[0])


async def delete_seal(connection: aiosqlite.Connection, object_id: bytes, *, kind: int) -> None:
    """Remove the object's seal."""
    await connection.execute(SQL_DELETE_SEAL, {"object": object_id, "kind": kind})


async def delete_ended_seals(
    connection: aiosqlite.Connection, today: int, *, kind: int
) -> None:
    """Remove the seals of offers that are over on *today*."""
    await connection.execute(SQL_DELETE_ENDED_SEALS, {"today": today, "kind": kind})


async def list_seals(
    connection: aiosqlite.Connection, *, after: tuple[bytes, int], limit: int
) -> list[tuple[bytes, int, bytes]]:
    """Return object, kind and seal of the next owner seals, in the order of objects' ids.

    Args:
        connection: on ``objects.db``.
        after: object and kind of the last one seen, or ``(FIRST, 0)``.
        limit: the most to return.
    """
    values = {"object": after[0], "kind": after[1], "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_SEALS, values)
    return [(row[0], row[1], row[2]) for row in rows]
