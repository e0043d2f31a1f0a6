"""The SQL of other nodes' key pages, on ``catalogue.db``. Functions never commit."""

from __future__ import annotations

import aiosqlite
import msgspec

from kith_protocol.day import Day
from kith_protocol.urls import Origin

SQL_PUT_KEY_PAGE = """
INSERT INTO key_pages (node, prefix, week, fetched_day, bytes)
VALUES (:node, :prefix, :week, :fetched_day, :raw)
ON CONFLICT (node, prefix) DO UPDATE SET
    week = excluded.week, fetched_day = excluded.fetched_day, bytes = excluded.bytes
"""
SQL_GET_KEY_PAGE = """
SELECT node, prefix, week, fetched_day, bytes FROM key_pages
WHERE node = :node AND prefix = :prefix AND week = :week
"""
SQL_LIST_KEY_PAGES = """
SELECT node, prefix, week, fetched_day, bytes FROM key_pages
WHERE node > :node OR (node = :node AND prefix > :prefix)
ORDER BY node, prefix LIMIT :limit
"""
SQL_LIST_KEY_PAGE_SIZES = """
SELECT node, prefix, length(bytes) FROM key_pages ORDER BY week, fetched_day LIMIT 1000000
"""
SQL_DELETE_KEY_PAGE = "DELETE FROM key_pages WHERE node = :node AND prefix = :prefix"
SQL_DELETE_OLD_KEY_PAGES = "DELETE FROM key_pages WHERE week < :week"


class KeyPageRow(msgspec.Struct, frozen=True):
    """A page as it was fetched and verified.

    Attributes:
        node: whose offers.
        prefix: bits.
        week: the Monday of the week in which it was fetched.
        fetched_day: of the last fetch.
        raw: as ``kith_protocol.key_pages`` spells it, a split included.
    """

    node: Origin
    prefix: str
    week: Day
    fetched_day: Day
    raw: bytes


async def put_page(connection: aiosqlite.Connection, row: KeyPageRow) -> None:
    """Keep *row* in place of an earlier one."""
    await connection.execute(SQL_PUT_KEY_PAGE, msgspec.structs.asdict(row))


async def get_page(
    connection: aiosqlite.Connection, node: Origin, prefix: str, *, week: Day
) -> KeyPageRow | None:
    """Return the page that was fetched in *week*, or None."""
    values = {"node": node, "prefix": prefix, "week": week}
    rows = list(await connection.execute_fetchall(SQL_GET_KEY_PAGE, values))
    return KeyPageRow(*rows[0]) if rows else None


async def list_pages(
    connection: aiosqlite.Connection, *, after: tuple[Origin, str] = ("", ""), limit: int
) -> list[KeyPageRow]:
    """Return at most *limit* pages beyond (node, prefix) *after*."""
    values = {"node": after[0], "prefix": after[1], "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_KEY_PAGES, values)
    return [KeyPageRow(*row) for row in rows]


async def list_sizes(connection: aiosqlite.Connection) -> list[tuple[Origin, str, int]]:
    """Return node, prefix and number of bytes of every page, oldest first."""
    rows = await connection.execute_fetchall(SQL_LIST_KEY_PAGE_SIZES)
    return [(row[0], row[1], row[2]) for row in rows]


async def delete_page(connection: aiosqlite.Connection, node: Origin, prefix: str) -> None:
    """Forget one page."""
    await connection.execute(SQL_DELETE_KEY_PAGE, {"node": node, "prefix": prefix})


async def delete_old_pages(connection: aiosqlite.Connection, *, week: int) -> None:
    """Forget what was fetched before *week*."""
    await connection.execute(SQL_DELETE_OLD_KEY_PAGES, {"week": week})
