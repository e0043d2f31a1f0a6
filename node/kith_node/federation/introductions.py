"""Nodes that we handed an envelope to: they may answer, and read key pages, for half a year.

Host and day are kept, nothing of what was handed over. What an introduced node may do is
decided by ``standing``.

Source: SPEC.md, section on peering.
"""

from __future__ import annotations

from collections.abc import Mapping

import aiosqlite

from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.admission import INTRODUCED_DAYS
from kith_protocol.day import Day, day_of
from kith_protocol.urls import Origin

SQL_NOTE_INTRODUCTION = """
INSERT INTO introduced (node, day) VALUES (:node, :day)
ON CONFLICT (node) DO UPDATE SET day = excluded.day WHERE excluded.day > introduced.day
"""
SQL_GET_INTRODUCTION = "SELECT day FROM introduced WHERE node = :node AND day >= :first"
SQL_LIST_INTRODUCTIONS = "SELECT node, day FROM introduced WHERE day >= :first LIMIT 100000"
SQL_DELETE_INTRODUCTION = "DELETE FROM introduced WHERE node = :node"
SQL_DELETE_OLD_INTRODUCTIONS = "DELETE FROM introduced WHERE day < :first"


async def delete_introduction(connection: aiosqlite.Connection, node: Origin) -> None:
    """Forget that *node* was introduced, inside the caller's transaction."""
    await connection.execute(SQL_DELETE_INTRODUCTION, {"node": node})


class Introductions:
    """Knows whom envelopes were handed over to."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        """Take the open ``catalogue.db``."""
        self._database = database
        self._clock = clock

    async def note(self, connection: aiosqlite.Connection, node: Origin) -> None:
        """Note that something was handed over to *node* today, in the caller's transaction."""
        values = {"node": node, "day": day_of(self._clock.now())}
        await connection.execute(SQL_NOTE_INTRODUCTION, values)

    async def knows(self, node: Origin) -> bool:
        """Return whether something was handed over to *node* in the last half year."""
        values = {"node": node, "first": self._first()}
        async with self._database.read() as connection:
            return bool(list(await connection.execute_fetchall(SQL_GET_INTRODUCTION, values)))

    async def all(self) -> Mapping[Origin, Day]:
        """Return all nodes that are introduced, and the last day of handing something over."""
        async with self._database.read() as connection:
            rows = await connection.execute_fetchall(
                SQL_LIST_INTRODUCTIONS, {"first": self._first()}
            )
        return {row[0]: Day(row[1]) for row in rows}

    async def forget(self) -> None:
        """Delete what is older than half a year."""
        async with self._database.transaction() as connection:
            await connection.execute(SQL_DELETE_OLD_INTRODUCTIONS, {"first": self._first()})

    def _first(self) -> int:
        return day_of(self._clock.now()) - INTRODUCED_DAYS
