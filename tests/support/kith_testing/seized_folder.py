"""Everything in the folder of a node that was taken: files as they lie, and values of rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from kith_testing.secret_book import SecretBook
from kith_testing.seized import Value, tables, values

DATABASES = frozenset({"members.db", "objects.db", "catalogue.db"})


class SeizedFolder:
    """A copy of a data directory, which stays as it was."""

    def __init__(self, path: Path) -> None:
        """Take the folder; copies that may be opened are made beside it."""
        self._path = path
        self._opened = path.with_name(f"{path.name}-opened")

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Yield each file by name, and all values of each database, whole.

        A file may hold a long value in pieces, and a log what no row holds any more.
        """
        files = [path for path in sorted(self._path.rglob("*")) if path.is_file()]
        assert {path.name for path in files} >= DATABASES
        for path in files:
            yield path.name, path.read_bytes()
        for name in sorted(DATABASES):
            yield f"values of {name}", b"\0".join(_raw(self.values(name)))

    def find(self, book: SecretBook) -> set[tuple[str, str]]:
        """Return what of *book* is where."""
        return {(name, what) for name, data in self.everything() for what in book.search(data)}

    def values(self, database: str) -> list[Value]:
        """Return every value of every row."""
        return list(values(self._copy(database)))

    def rows(self, database: str, table: str) -> list[dict[str, Value]]:
        """Return the rows of a table, by name of column."""
        [found] = [
            [dict(zip(columns, row, strict=True)) for row in rows]
            for name, columns, rows in tables(self._copy(database))
            if name == table
        ]
        return found

    def blobs(self, database: str, table: str, column: str) -> list[bytes]:
        """Return the values of one column that are bytes."""
        found = (row[column] for row in self.rows(database, table))
        return [value for value in found if isinstance(value, bytes)]

    def keys(self, pattern: str) -> dict[str, bytes]:
        """Return the server's own keys that *pattern* finds in ``keys``, by path."""
        found = (self._path / "keys").glob(pattern)
        return {str(path.relative_to(self._path)): path.read_bytes() for path in found}

    def _copy(self, database: str) -> Path:
        """Return a copy that may be opened: opening a file moves its log into it."""
        if not self._opened.exists():
            shutil.copytree(self._path, self._opened)
        return self._opened / database


def _raw(found: list[Value]) -> Iterator[bytes]:
    for value in found:
        if isinstance(value, str | bytes):
            yield value.encode() if isinstance(value, str) else value
