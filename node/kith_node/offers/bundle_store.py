"""The SQL of key bundles, on ``objects.db``. Functions never commit."""

from __future__ import annotations

import aiosqlite

SQL_UPSERT_BUNDLE = """
INSERT INTO bundles (offer, week, bytes) VALUES (:offer, :week, :bytes)
ON CONFLICT (offer, week) DO UPDATE SET bytes = :bytes
"""
# Only of offers that others can see: signed, and at home in the catalogue.
SQL_LIST_BUNDLES = """
SELECT bundles.offer, bundles.bytes FROM bundles JOIN offers ON offers.id = bundles.offer
WHERE bundles.week = :week AND bundles.offer > :after AND offers.state != 'withdrawn'
AND NOT EXISTS (
    SELECT 1 FROM unreleased WHERE unreleased.offer = offers.id AND unreleased.kind = 'create'
)
ORDER BY bundles.offer LIMIT :limit
"""
SQL_DELETE_PAST_BUNDLES = "DELETE FROM bundles WHERE week < :week"


async def put_bundle(
    connection: aiosqlite.Connection, offer_id: bytes, *, week: int, raw: bytes
) -> None:
    """Keep *raw*, 1333 bytes, as the offer's bundle of the week that begins on day *week*."""
    await connection.execute(SQL_UPSERT_BUNDLE, {"offer": offer_id, "week": week, "bytes": raw})


async def list_bundles(
    connection: aiosqlite.Connection, *, week: int, after: bytes, limit: int
) -> tuple[tuple[bytes, bytes], ...]:
    """Return (offer id, bundle) of released offers for one week, in order of id."""
    values = {"week": week, "after": after, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_BUNDLES, values)
    return tuple((row[0], row[1]) for row in rows)


async def delete_past_bundles(connection: aiosqlite.Connection, *, week: int) -> None:
    """Remove bundles of weeks before the one that begins on day *week*."""
    await connection.execute(SQL_DELETE_PAST_BUNDLES, {"week": week})
