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
SQL_LIST_BUNDLE_IDS = """
SELECT bundles.offer FROM bundles JOIN offers ON offers.id = bundles.offer
WHERE bundles.week = :week AND offers.state != 'withdrawn'
AND NOT EXISTS (
    SELECT 1 FROM unreleased WHERE unreleased.offer = offers.id AND unreleased.kind = 'create'
)
ORDER BY bundles.offer LIMIT 1000000
"""
# Where the box stands in a bundle, counted from 1.
SQL_LIST_KNOCK_BOXES = "SELECT DISTINCT substr(bytes, 1254, 16) FROM bundles LIMIT 1000000"
# A box that another offer names, too, is that one's: anybody can name any box.
SQL_LIST_BOXES_OF_OFFER = """
SELECT DISTINCT substr(bytes, 1254, 16) FROM bundles
WHERE offer = :offer AND NOT EXISTS (
    SELECT 1 FROM bundles AS others
    WHERE substr(others.bytes, 1254, 16) = substr(bundles.bytes, 1254, 16)
    AND others.offer != :offer
)
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


async def list_bundle_ids(connection: aiosqlite.Connection, *, week: int) -> tuple[bytes, ...]:
    """Return the ids of released offers that have a bundle for one week, in order."""
    rows = await connection.execute_fetchall(SQL_LIST_BUNDLE_IDS, {"week": week})
    return tuple(row[0] for row in rows)


async def list_knock_boxes(connection: aiosqlite.Connection) -> tuple[bytes, ...]:
    """Return the boxes that bundles of any week name."""
    rows = await connection.execute_fetchall(SQL_LIST_KNOCK_BOXES)
    return tuple(row[0] for row in rows)


async def list_boxes_of_offer(
    connection: aiosqlite.Connection, offer_id: bytes
) -> tuple[bytes, ...]:
    """Return the boxes that bundles of this offer name, and of no other one."""
    rows = await connection.execute_fetchall(SQL_LIST_BOXES_OF_OFFER, {"offer": offer_id})
    return tuple(row[0] for row in rows)


async def delete_past_bundles(connection: aiosqlite.Connection, *, week: int) -> None:
    """Remove bundles of weeks before the one that begins on day *week*."""
    await connection.execute(SQL_DELETE_PAST_BUNDLES, {"week": week})
