"""Forward-only schema changes, one transaction each, recorded with their checksum.

``members/``, ``objects/`` and ``catalogue/`` hold ``NNNN_name.sql`` files. A file is applied
whole or not at all. A database that knows a migration which this release doesn't, or whose
recorded checksum differs, is refused.
"""

from __future__ import annotations

import importlib.resources
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Literal

import aiosqlite
import msgspec

from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256

File = Literal["members", "objects", "catalogue"]

SQL_CREATE_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
) STRICT
"""
SQL_LIST_MIGRATIONS = (
    "SELECT number, name, checksum FROM migrations ORDER BY number LIMIT 10000"
)
SQL_INSERT_MIGRATION = (
    "INSERT INTO migrations (number, name, checksum) VALUES (:number, :name, :checksum)"
)


class SchemaError(UsageError):
    """The database's schema is not one that this release can use."""

    code = "schema"
    safe = "The database was written by another release."


class Migration(msgspec.Struct, frozen=True):
    """One schema change: its number from 1, its name, its statements."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the statements, in hexadecimal."""
        return sha256(self.sql.encode()).hex()


def load_migrations(file: File) -> tuple[Migration, ...]:
    """Return this release's migrations of one database file, in order."""
    folder = importlib.resources.files(__name__) / file
    found = []
    for entry in folder.iterdir():
        stem, _, suffix = entry.name.rpartition(".")
        if suffix == "sql":
            number, _, name = stem.partition("_")
            found.append(Migration(int(number), name, entry.read_text(encoding="utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.number))


async def apply_migrations(
    connection: aiosqlite.Connection, migrations: Sequence[Migration]
) -> None:
    """Apply what is missing, each in a transaction of its own.

    Raises:
        SchemaError: the file holds a migration unknown here, or one whose text differs.
    """
    await connection.execute(SQL_CREATE_MIGRATIONS)
    async with connection.execute(SQL_LIST_MIGRATIONS) as cursor:
        applied = {int(row[0]): (str(row[1]), str(row[2])) for row in await cursor.fetchall()}
    known = {migration.number: migration for migration in migrations}
    for number, (name, checksum) in applied.items():
        if number not in known:
            raise SchemaError(
                f"migration {number} ({name}) is newer than this release: upgrade kith-node"
            )
        if known[number].checksum != checksum:
            raise SchemaError(
                f"migration {number} ({name}) differs from the one that was applied"
            )
    for migration in migrations:
        if migration.number not in applied:
            await _apply(connection, migration)


async def _apply(connection: aiosqlite.Connection, migration: Migration) -> None:
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(migration.sql):
            await connection.execute(statement)
        await connection.execute(
            SQL_INSERT_MIGRATION,
            {
                "number": migration.number,
                "name": migration.name,
                "checksum": migration.checksum,
            },
        )
    except BaseException:
        await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")


def _statements(sql: str) -> Iterator[str]:
    # Not ``executescript``: it commits first, and a script that fails halfway would stay
    # half done.
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise SchemaError(f"a migration ends inside a statement: {pending.strip()[:40]}")
