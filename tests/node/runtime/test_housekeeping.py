"""The three files stay clean: logs are emptied, two files rebuilt, other processes noticed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from kith_node.runtime.housekeeping import (
    CHECKPOINT_RETRY_S,
    CHECKPOINT_S,
    NOTICE_S,
    REBUILD_S,
    Housekeeping,
    Notice,
)
from kith_node.storage.database import Database
from kith_node.storage.stores import Stores, open_stores
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng
from kith_testing.seized import Cell, cells

HOUR_S = 3600
DAY_S = 86_400
CREATED = 100
TEXT = b"a text that its owner takes back"
INSERT_OFFER = """
INSERT INTO offers (id, key, bytes, end_day, state) VALUES (:id, :key, :bytes, 20000, 'draft')
"""
INSERT_INVITE = "INSERT INTO invites (hash) VALUES (:hash)"


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def create(stores: Stores, count: int = CREATED, seed: int = 1) -> None:
    """Let *count* people join and publish, in an order that is not that of their ids."""
    rng = SeededRng(seed)
    for _ in range(count):
        async with stores.members.transaction() as connection:
            await connection.execute(INSERT_INVITE, {"hash": rng.bytes(32)})
        async with stores.objects.transaction() as connection:
            row = {"id": rng.bytes(16), "key": rng.bytes(32), "bytes": rng.bytes(2000)}
            await connection.execute(INSERT_OFFER, row)


async def lying(database: Database, table: str) -> list[Cell]:
    """Return where the rows of *table* lie, in order of their keys."""
    await database.checkpoint()
    found = [cell for cell in cells(database.path) if cell.tree == table]
    assert len(found) >= CREATED
    return found


async def are_rebuilt(stores: Stores) -> tuple[bool, bool]:
    """Return whether rows lie in order of their keys, for members and for objects."""
    pages: dict[int, list[int]] = {}
    for cell in await lying(stores.members, "invites"):
        pages.setdefault(cell.page, []).append(cell.offset)
    # Pages are filled from their end; what does not fit goes to the next free page.
    is_members = all(row == sorted(row, reverse=True) for row in pages.values())
    overflow = [cell.overflow for cell in await lying(stores.objects, "offers")]
    return is_members, overflow == sorted(overflow)


async def test_a_checkpoint_removes_what_was_erased_from_the_disk(
    stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    def is_on_disk() -> bool:
        return any(TEXT in path.read_bytes() for path in tmp_path.iterdir())

    rng = SeededRng()
    async with stores.objects.transaction() as connection:
        row = {"id": rng.bytes(16), "key": rng.bytes(32), "bytes": TEXT}
        await connection.execute(INSERT_OFFER, row)
    async with stores.objects.transaction() as connection:
        await connection.execute("DELETE FROM offers")
    assert is_on_disk()  # in the log, for a minute at most
    assert await Housekeeping(stores, clock=clock).run_checkpoint() == CHECKPOINT_S
    assert CHECKPOINT_S <= 60
    assert not is_on_disk()
    assert {path.stat().st_size for path in tmp_path.glob("*-wal")} == {0}


async def test_a_checkpoint_that_meets_a_reader_lets_writers_go_on_and_is_repeated(
    stores: Stores, clock: FakeClock
) -> None:
    housekeeping = Housekeeping(stores, clock=clock)
    await create(stores, 1)
    async with stores.objects.read() as connection:
        await connection.execute_fetchall("SELECT count(*) FROM offers")
        await create(stores, 1, seed=2)
        async with asyncio.timeout(5):
            assert await housekeeping.run_checkpoint() == CHECKPOINT_RETRY_S
            await create(stores, 1, seed=3)
    assert await housekeeping.run_checkpoint() == CHECKPOINT_S


async def test_within_an_hour_of_a_creation_places_tell_nothing(
    stores: Stores, clock: FakeClock
) -> None:
    housekeeping = Housekeeping(stores, clock=clock)
    assert await housekeeping.run_rebuild() == REBUILD_S
    assert REBUILD_S < HOUR_S
    await create(stores)
    housekeeping.mark_created()
    assert await are_rebuilt(stores) == (False, False)
    await housekeeping.run_rebuild()
    assert await are_rebuilt(stores) == (True, True)


async def test_nothing_is_rebuilt_for_nothing(stores: Stores, clock: FakeClock) -> None:
    housekeeping = Housekeeping(stores, clock=clock)
    await housekeeping.run_rebuild()
    await create(stores)
    clock.advance(HOUR_S)
    await housekeeping.run_rebuild()  # nobody said that something was created
    assert await are_rebuilt(stores) == (False, False)


async def test_both_files_are_rebuilt_daily(stores: Stores, clock: FakeClock) -> None:
    housekeeping = Housekeeping(stores, clock=clock)
    await housekeeping.run_rebuild()
    await create(stores)
    clock.advance(DAY_S)
    await housekeeping.run_rebuild()
    assert await are_rebuilt(stores) == (True, True)


async def test_after_a_crash_the_first_run_rebuilds(stores: Stores, clock: FakeClock) -> None:
    await create(stores)
    await Housekeeping(stores, clock=clock).run_rebuild()
    assert await are_rebuilt(stores) == (True, True)


async def test_a_failed_rebuild_is_due_again(stores: Stores, clock: FakeClock) -> None:
    housekeeping = Housekeeping(stores, clock=clock)
    await create(stores)
    async with stores.objects.transaction() as connection:
        await connection.execute_fetchall("PRAGMA busy_timeout=10")  # the test need not wait
    with closing(sqlite3.connect(stores.objects.path)) as other:
        other.execute("BEGIN IMMEDIATE")  # another process writes
        with pytest.raises(sqlite3.OperationalError):
            await housekeeping.run_rebuild()
    await housekeeping.run_rebuild()
    assert await are_rebuilt(stores) == (True, True)


async def test_a_clean_stop_leaves_rebuilt_files_and_empty_logs(
    stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    await create(stores)
    await Housekeeping(stores, clock=clock).finish()
    assert {path.stat().st_size for path in tmp_path.glob("*-wal")} == {0}
    assert await are_rebuilt(stores) == (True, True)


async def test_another_process_is_noticed_and_ones_own_writing_is_not(stores: Stores) -> None:
    woken = []
    notice = Notice({stores.objects: lambda: woken.append("objects")})
    assert await notice.run() == NOTICE_S
    await create(stores, 1)
    await notice.run()
    assert woken == []
    with closing(sqlite3.connect(stores.objects.path)) as other, other:
        row = {"id": b"i" * 16, "key": b"k" * 32, "bytes": b"{}"}
        other.execute(INSERT_OFFER, row)
    await notice.run()
    await notice.run()
    assert woken == ["objects"]
