"""One SQLite file: a single writer that groups transactions into commits, and a few readers.

``transaction()`` returns from its block only after the COMMIT that holds its changes, so
whatever is answered after it is durable (WAL, ``synchronous=FULL``). Transactions that wait at
the same moment share one commit; each is a savepoint of its own, so that a failing one takes
nothing else with it. What is left to the caller: SQL (the rooms' ``store.py``) and which file
holds what (docs/privacy.md: no transaction spans two files).

Source: sqlite.org/wal.html, sqlite.org/lang_savepoint.html.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path

import aiosqlite

from kith_node.storage.migrations import Migration, apply_migrations

READERS = 2
BUSY_TIMEOUT_MS = 10_000
# How long a checkpoint waits for readers while nobody can write; it is tried again soon.
CHECKPOINT_TIMEOUT_MS = 250
QUERY_LIMIT_S = 5.0
# SQLite calls the guard after this many of its virtual machine's steps; small enough to stop
# within milliseconds.
GUARD_STEPS = 100_000

_SQL_TIMEOUT = f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"
_SQL_TIMEOUT_OF_CHECKPOINT = f"PRAGMA busy_timeout={CHECKPOINT_TIMEOUT_MS}"

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",  # nothing of a member's is spilled to a temporary directory
    _SQL_TIMEOUT,
)


class _Reader:
    """A reading connection whose statements are stopped at its deadline."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection
        self.deadline = math.inf

    def is_late(self) -> int:
        """Return 1 (stop) after the deadline; called by SQLite in the connection's thread."""
        return int(time.monotonic() > self.deadline)


class Database:
    """One open file, made by ``open_database``.

    ``close`` it when done: the threads of its connections keep the process alive.
    """

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, readers: Sequence[_Reader]
    ) -> None:
        self.path = path
        self._writer = writer
        self._readers: asyncio.Queue[_Reader] = asyncio.Queue()
        self._all_readers = tuple(readers)
        for reader in readers:
            self._readers.put_nowait(reader)
        self._turn = asyncio.Lock()
        self._waiting: list[asyncio.Future[None]] = []
        self._is_open = False
        self._committer: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield the writer inside a savepoint; return after the commit that holds it.

        Raises:
            sqlite3.Error: the block or the commit failed; nothing of the block is kept.
        """
        async with self._turn:
            try:
                async with self._savepoint():
                    yield self._writer
                committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.append(committed)
            finally:
                # Also where the block failed: what it began locks out other processes.
                self._wake_committer()
        await asyncio.shield(committed)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield a reader with a stable view of the file; hold it no longer than one request."""
        reader = await self._readers.get()
        try:
            reader.deadline = time.monotonic() + QUERY_LIMIT_S
            try:
                await _to_its_end(reader.connection.execute("BEGIN"))
                yield reader.connection
            finally:
                await _to_its_end(reader.connection.rollback())
        finally:
            self._readers.put_nowait(reader)

    async def data_version(self) -> int:
        """Return a number that changes when another process has written to the file.

        Asked of the writer: the number belongs to a connection, and only for this one are the
        commits of this process not counted.
        """
        async with self._writer.execute("PRAGMA data_version") as cursor:
            row = await cursor.fetchone()
        assert row is not None
        return int(row[0])

    async def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it.

        Returns:
            False if a reader was in the way: try again.
        """
        async with self._quiet() as writer:
            return await _empty_log(writer)

    async def rebuild(self) -> None:
        """Write the whole file anew: page order no longer tells the order of creation."""
        async with self._quiet() as writer:
            await writer.execute("VACUUM")
            await _empty_log(writer)

    async def close(self) -> None:
        """Commit what waits and close every connection."""
        if self._committer is not None:
            await asyncio.gather(self._committer, return_exceptions=True)
        for reader in self._all_readers:
            await reader.connection.close()
        await self._writer.close()

    @contextlib.asynccontextmanager
    async def _quiet(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._turn:
            await self._commit()
            yield self._writer

    @contextlib.asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        await _to_its_end(self._begin())
        try:
            yield
        except BaseException:
            await _to_its_end(self._undo())
            raise
        await _to_its_end(self._writer.execute("RELEASE one"))

    async def _begin(self) -> None:
        if not self._is_open:
            await self._writer.execute("BEGIN IMMEDIATE")
            self._is_open = True
        await self._writer.execute("SAVEPOINT one")

    async def _undo(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute("ROLLBACK TO one")
            await self._writer.execute("RELEASE one")
            return
        # A full disk makes SQLite roll the whole transaction back, with everything that waited
        # in it.
        waiting, self._waiting = self._waiting, []
        self._is_open = False
        _settle(waiting, sqlite3.OperationalError("the transaction was rolled back"))

    def _wake_committer(self) -> None:
        if self._committer is None or self._committer.done():
            self._committer = asyncio.ensure_future(self._commit_in_turn())

    async def _commit_in_turn(self) -> None:
        # The lock is first come, first served: transactions that already wait join this commit,
        # later ones the next.
        async with self._turn:
            await self._commit()

    async def _commit(self) -> None:
        if not self._is_open:
            return
        waiting, self._waiting = self._waiting, []
        self._is_open = False
        try:
            await self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                await self._writer.execute("ROLLBACK")
            _settle(waiting, error)
        else:
            _settle(waiting, None)


async def _empty_log(writer: aiosqlite.Connection) -> bool:
    """Move the log into the file and empty it; return False if a reader was in the way."""
    # All rows are fetched: a statement that is not at its end would hinder a VACUUM.
    await writer.execute_fetchall(_SQL_TIMEOUT_OF_CHECKPOINT)
    try:
        [row] = await writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        await writer.execute_fetchall(_SQL_TIMEOUT)
    return bool(row[0] == 0)


async def _to_its_end(work: Awaitable[object]) -> None:
    """Await *work* even if the caller is cancelled: nothing stays half begun or undone."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


def _settle(waiting: Sequence[asyncio.Future[None]], error: sqlite3.Error | None) -> None:
    for future in waiting:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


async def open_database(
    path: Path, migrations: Sequence[Migration], *, readers: int = READERS
) -> Database:
    """Open *path*, bring its schema up to date and return it.

    Args:
        path: the file; made (0600) where missing.
        migrations: all that this release knows, in order.
        readers: number of reading connections.

    Raises:
        SchemaError: the file is newer than this release, or was changed by hand.
        sqlite3.Error: it is no database or cannot be written.
    """
    path.touch(mode=0o600)  # noqa: ASYNC240 - once, before anything is served
    writer = await _connect(path)
    try:
        await apply_migrations(writer, migrations)
        opened = [await _connect_reader(path) for _ in range(readers)]
    except BaseException:
        await writer.close()
        raise
    return Database(path, writer, opened)


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    for pragma in _PRAGMAS:
        await connection.execute(pragma)
    return connection


async def _connect_reader(path: Path) -> _Reader:
    connection = await _connect(path)
    await connection.execute("PRAGMA query_only=ON")
    reader = _Reader(connection)
    await connection.set_progress_handler(reader.is_late, GUARD_STEPS)
    return reader
