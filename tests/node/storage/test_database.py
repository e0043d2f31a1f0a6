"""The one writer: durable answers, grouped commits, nothing half applied."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.storage.database import READERS, Database, open_database
from kith_node.storage.migrations import Migration, SchemaError

SCHEMA = Migration(
    1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT;"
)
INSERT = "INSERT INTO things (name) VALUES (:name)"
NAMES = "SELECT name FROM things ORDER BY id"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "x.db", [SCHEMA])
    yield opened
    await opened.close()


async def names(database: Database) -> list[str]:
    async with database.read() as connection, connection.execute(NAMES) as cursor:
        return [str(row[0]) for row in await cursor.fetchall()]


async def insert(database: Database, name: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(INSERT, {"name": name})


def names_on_disk(database: Database) -> list[str]:
    with sqlite3.connect(database.path) as other:
        return [row[0] for row in other.execute(NAMES)]


async def test_what_was_answered_is_visible_to_another_process(database: Database) -> None:
    await insert(database, "one")
    assert names_on_disk(database) == ["one"]


async def test_transactions_that_wait_together_are_all_committed(database: Database) -> None:
    await asyncio.gather(*(insert(database, str(number)) for number in range(50)))
    assert names_on_disk(database) == [str(number) for number in range(50)]


async def test_a_failing_transaction_takes_nothing_else_with_it(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(INSERT, {"name": "never"})
            raise ValueError

    results = await asyncio.gather(
        insert(database, "before"), fail(), insert(database, "after"), return_exceptions=True
    )
    assert isinstance(results[1], ValueError)
    assert names_on_disk(database) == ["before", "after"]


async def test_a_cancelled_transaction_leaves_nothing_behind(database: Database) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as connection:
            await connection.execute(INSERT, {"name": "never"})
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await insert(database, "later")
    assert names_on_disk(database) == ["later"]


@pytest.mark.parametrize("turns", range(12))
async def test_cancelling_at_any_await_keeps_the_writer_usable(
    database: Database, turns: int
) -> None:
    task = asyncio.create_task(insert(database, "maybe"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await insert(database, "later")
    assert names_on_disk(database)[-1] == "later"


def insert_elsewhere(database: Database, name: str) -> None:
    """Write as another process does."""
    with sqlite3.connect(database.path, timeout=2.0) as other:
        other.execute(INSERT, {"name": name})


async def test_a_failed_transaction_does_not_keep_other_processes_waiting(
    database: Database,
) -> None:
    async def refuse() -> None:
        async with database.transaction() as connection:
            await connection.execute(INSERT, {"name": "never"})
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await refuse()
    await asyncio.to_thread(insert_elsewhere, database, "theirs")
    assert await names(database) == ["theirs"]


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancelled_transaction_does_not_keep_other_processes_waiting(
    database: Database, turns: int
) -> None:
    task = asyncio.create_task(insert(database, "maybe"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.to_thread(insert_elsewhere, database, "theirs")
    assert (await names(database))[-1] == "theirs"


async def test_a_reader_sees_one_moment(database: Database) -> None:
    await insert(database, "one")
    async with database.read() as connection:
        async with connection.execute(NAMES) as cursor:
            first = await cursor.fetchall()
        await insert(database, "two")
        async with connection.execute(NAMES) as cursor:
            assert await cursor.fetchall() == first
    assert await names(database) == ["one", "two"]


@pytest.mark.parametrize("turns", range(12))
async def test_cancelling_a_reader_at_any_await_keeps_it_usable(
    database: Database, turns: int
) -> None:
    for _ in range(READERS):
        task = asyncio.create_task(names(database))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    for _ in range(READERS):
        assert await names(database) == []


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.read() as connection:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await connection.execute(INSERT, {"name": "never"})


async def test_another_process_is_noticed(database: Database) -> None:
    before = await database.data_version()
    await insert(database, "here")
    assert await database.data_version() == before
    with sqlite3.connect(database.path) as other:
        other.execute(INSERT, {"name": "elsewhere"})
    assert await database.data_version() != before


async def test_rebuild_and_checkpoint_empty_the_log(database: Database) -> None:
    await asyncio.gather(*(insert(database, str(number)) for number in range(5)))
    assert await database.checkpoint()
    await database.rebuild()
    log = database.path.with_name("x.db-wal")
    assert log.stat().st_size == 0
    assert len(await names(database)) == 5


async def test_erased_bytes_are_not_left_in_the_file(database: Database) -> None:
    await insert(database, "a secret that must go")
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM things")
    await database.checkpoint()
    assert b"a secret that must go" not in database.path.read_bytes()


async def test_the_file_is_readable_by_its_owner_only(database: Database) -> None:
    assert database.path.stat().st_mode & 0o077 == 0


async def test_a_newer_schema_is_refused_with_a_clear_message(tmp_path: Path) -> None:
    second = Migration(2, "more", "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")
    await (await open_database(tmp_path / "y.db", [SCHEMA, second])).close()
    with pytest.raises(SchemaError, match="upgrade kith-node"):
        await open_database(tmp_path / "y.db", [SCHEMA])


async def test_a_changed_migration_is_refused(tmp_path: Path) -> None:
    await (await open_database(tmp_path / "y.db", [SCHEMA])).close()
    changed = Migration(1, "things", SCHEMA.sql + "-- changed")
    with pytest.raises(SchemaError, match="differs"):
        await open_database(tmp_path / "y.db", [changed])


async def test_a_failing_migration_changes_nothing(tmp_path: Path) -> None:
    broken = Migration(
        2, "broken", "CREATE TABLE a (id INTEGER) STRICT;\nCREATE TABLE a (b INTEGER);"
    )
    with pytest.raises(sqlite3.OperationalError):
        await open_database(tmp_path / "y.db", [SCHEMA, broken])
    with sqlite3.connect(tmp_path / "y.db") as other:
        tables = {row[0] for row in other.execute("SELECT name FROM sqlite_master")}
    assert tables == {"migrations", "things"}
