"""Every statement of the room is valid, and none walks through a table unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.federation import peer_store, store
from kith_node.federation.outbox import Withdrawn
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode

# Small tables, or statements that stewards and the hourly upkeep ask.
SCANS = {
    "SQL_LIST_PEERS",
    "SQL_COUNT_CLOSED",
    "SQL_LIST_BEHIND",
    "SQL_LIST_ADDRESSEES",
    "SQL_DELETE_LETTERS_BEFORE",
    "SQL_LIST_AUDIT",
    "SQL_ADD_RECEIPTS",
}
STATEMENTS = {
    name: sql
    for module in (store, peer_store)
    for name, sql in vars(module).items()
    if name.startswith("SQL_")
}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(tmp_path / "catalogue.db", load_migrations("catalogue"))
    yield database
    await database.close()


@pytest.mark.parametrize("name", sorted(STATEMENTS))
async def test_a_statement_fits_the_schema_and_finds_its_rows_by_an_index(
    database: Database, name: str
) -> None:
    sql = STATEMENTS[name]
    values = dict.fromkeys(re.findall(r":([a-z_]+)", sql), 1)
    async with database.read() as connection:
        plan = await connection.execute_fetchall(f"EXPLAIN QUERY PLAN {sql}", values)
    scanned = [
        row[3]
        for row in plan
        if row[3].startswith("SCAN ") and "CONSTANT" not in row[3] and "json_each" not in row[3]
    ]
    if name not in SCANS:
        assert scanned == []


async def test_upkeep_forgets_what_has_come_to_its_end(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1, days=10), here.announced(2, days=50))
    await here.announce(Withdrawn(here.offer_id(1), here.today + 10))
    await there.stop()
    await there.announce(there.announced(1))
    async with here.database.transaction() as connection:
        letter = peer_store.NewLetter(there.actor, "x", b"{}", here.today)
        await peer_store.add_letters(connection, [letter])

    async def counts() -> list[int]:
        async with here.database.read() as connection:
            found = []
            for table in ("outbox", "tombstones", "receipts", "letters"):
                rows = list(await connection.execute_fetchall(f"SELECT count(*) FROM {table}"))
                found.append(int(rows[0][0]))
            return found

    await here.federation.upkeep.run_upkeep()
    assert await counts() == [2, 1, 1, 1]
    clock.advance(8 * 86_400)
    await here.federation.upkeep.run_upkeep()
    assert await counts() == [2, 1, 1, 0]
    clock.advance(2 * 86_400)
    assert await here.federation.upkeep.run_upkeep() == 3600.0
    assert await counts() == [1, 0, 0, 0]


async def test_an_identifier_is_never_used_twice_in_the_log(here: PeerNode) -> None:
    await here.announce(here.announced(1, days=1))
    async with here.database.transaction() as connection:
        first = await store.last_sequence(connection)
        await store.purge(connection, here.today + 1)
    await here.announce(here.announced(2))
    async with here.database.read() as connection:
        assert await store.last_sequence(connection) == first + 1
