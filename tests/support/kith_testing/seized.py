"""What somebody reads who has a node's files in their hands: bytes, values, places of rows.

Places are read from the pages themselves. Source: sqlite.org/fileformat2.html §1.6, §2.1,
§4 (write-ahead log).
"""

from __future__ import annotations

import dataclasses
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_INTERIOR = {2: "index", 5: "table"}
_LEAVES = {10: "index", 13: "table"}

Value = bytes | str | int | float | None


def tables(path: Path) -> Iterator[tuple[str, tuple[str, ...], list[tuple[Value, ...]]]]:
    """Yield name, columns and all rows of each table of the database at *path*."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in names.fetchall():
            cursor = connection.execute(f"SELECT * FROM {name}")
            yield name, tuple(column[0] for column in cursor.description), cursor.fetchall()


def values(path: Path) -> Iterator[Value]:
    """Yield every value of every row, whole even where it is spread over pages."""
    for _, _, rows in tables(path):
        for row in rows:
            yield from row


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """Where one row lies.

    Attributes:
        tree: name of the table or index.
        page: from 1.
        offset: within the page; SQLite fills pages from their end.
        number: the how-manieth of its tree.
        size: of the whole row, bytes.
        overflow: first page of what did not fit, 0 if all did.
        rowid: number of the row, 0 where rows have none.
        local: what lies on the page.
    """

    tree: str
    page: int
    offset: int
    number: int
    size: int
    overflow: int
    rowid: int
    local: bytes


def cells(path: Path) -> list[Cell]:
    """Return where every row of the database at *path* lies.

    Args:
        path: a file without a write-ahead log, or what it holds is not seen.
    """
    data = path.read_bytes()
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        roots = connection.execute(
            "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"
        ).fetchall()
    return [cell for name, root in roots for cell in _Tree(data, name).walk(root)]


def wal_order(path: Path, wanted: bytes) -> int:
    """Return when *wanted* first came into the write-ahead log of *path*; -1: it is not there.

    A log that is begun anew overwrites its older frames from the start; those that it has not
    reached yet have other salts.
    """
    file = path.with_name(path.name + "-wal")
    log = file.read_bytes() if file.exists() else b""
    position = log.find(wanted)
    if position < 0:
        return -1
    frame_bytes = 24 + int.from_bytes(log[8:12], "big")
    frame = 32 + (position - 32) // frame_bytes * frame_bytes
    is_newest = log[frame + 8 : frame + 16] == log[16:24]
    return position + len(log) * is_newest


class _Tree:
    """One b-tree."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._page_bytes = int.from_bytes(data[16:18], "big")
        self._usable = self._page_bytes - data[20]
        self._count = 0

    def walk(self, page: int) -> Iterator[Cell]:
        """Yield the cells of the tree below *page* in order."""
        start = (page - 1) * self._page_bytes
        head = start + (100 if page == 1 else 0)
        kind = self._data[head]
        count = int.from_bytes(self._data[head + 3 : head + 5], "big")
        pointers = head + (12 if kind in _INTERIOR else 8)
        for index in range(count):
            (offset,) = struct.unpack_from(">H", self._data, pointers + 2 * index)
            if kind in _INTERIOR:
                (child,) = struct.unpack_from(">I", self._data, start + offset)
                yield from self.walk(child)
            if kind != 5:  # inner pages of tables hold no rows
                yield self._cell(kind, page, offset, start + offset)
        if kind in _INTERIOR:
            (child,) = struct.unpack_from(">I", self._data, head + 8)
            yield from self.walk(child)

    def _cell(self, kind: int, page: int, offset: int, at: int) -> Cell:
        if kind in _INTERIOR:
            at += 4
        size, at = _varint(self._data, at)
        rowid = 0
        if kind == 13:
            rowid, at = _varint(self._data, at)
        local = self._local_bytes(size, is_table=kind == 13)
        overflow = 0
        if local < size:
            (overflow,) = struct.unpack_from(">I", self._data, at + local)
        self._count += 1
        return Cell(
            tree=self._name,
            page=page,
            offset=offset,
            number=self._count,
            size=size,
            overflow=overflow,
            rowid=rowid,
            local=self._data[at : at + local],
        )

    def _local_bytes(self, size: int, *, is_table: bool) -> int:
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if size <= most:
            return size
        least = (usable - 12) * 32 // 255 - 23
        kept = least + (size - least) % (usable - 4)
        return kept if kept <= most else least


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise AssertionError("a varint has at most 9 bytes")
