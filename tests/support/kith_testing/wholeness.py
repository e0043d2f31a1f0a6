"""What holds in a node's files at any instant, so also after its process was killed.

Looked at in a copy: opening a file would mend what the node itself has to mend.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import parse_base64url
from kith_crypto.seals import KIND_OFFER, KIND_PROFILE
from kith_crypto.strict_json import parse_json_object
from kith_protocol.day import Day, week_of
from kith_protocol.limits import MAX_ACTIVITY_BYTES
from kith_testing.seized import Value

SQL_BUNDLES = """
SELECT max(week), min(week), count(*), offers.end_day
FROM bundles LEFT JOIN offers ON offers.id = bundles.offer GROUP BY bundles.offer
"""

FILES = ("members", "objects", "catalogue")


class Files:
    """The three files of a copied data directory, open for reading."""

    def __init__(self, folder: Path) -> None:
        self._open = {file: sqlite3.connect(folder / f"{file}.db") for file in FILES}

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()

    def ask(self, file: str, sql: str) -> list[tuple[Value, ...]]:
        """Return the rows that *sql* finds in *file*."""
        return self._open[file].execute(sql).fetchall()

    def pairs(self, file: str, sql: str) -> dict[Value, Value]:
        """Return a query's two columns as a dictionary; the first has no repeats."""
        rows = self.ask(file, sql)
        found = {row[0]: row[1] for row in rows}
        assert len(found) == len(rows), f"repeated: {sql}"
        return found

    def ids(self, file: str, sql: str) -> set[Value]:
        """Return a query's only column as a set."""
        return {row[0] for row in self.ask(file, sql)}


@contextlib.contextmanager
def copy_of(data: Path) -> Iterator[Files]:
    """Yield a copy of the files in *data*, whose node is not running."""
    with tempfile.TemporaryDirectory() as folder:
        for path in data.glob("*.db*"):
            shutil.copy(path, folder)
        files = Files(Path(folder))
        try:
            yield files
        finally:
            files.close()


def check_whole(files: Files, actor: str) -> None:
    """Check that nothing in *files*, of the node that is *actor*, is half done.

    A release or withdrawal that was interrupted between its steps is not half done as long as
    the node knows that it has to go on.
    """
    for file in FILES:
        assert files.ask(file, "PRAGMA integrity_check") == [("ok",)]
        assert files.ask(file, "PRAGMA foreign_key_check") == []
    _check_objects(files)
    _check_outbox(files, actor)
    _check_release(files, actor)


def _check_objects(files: Files) -> None:
    offers = files.pairs("objects", "SELECT id, state FROM offers")
    waiting = files.pairs("objects", "SELECT offer, kind FROM unreleased")
    seals = "SELECT object FROM seals WHERE kind = "
    assert files.ids("objects", f"{seals}{KIND_OFFER}") == set(offers)
    assert files.ids("objects", f"{seals}{KIND_PROFILE}") == files.ids(
        "objects", "SELECT id FROM profiles"
    )
    for last, first, count, end_day in files.ask("objects", SQL_BUNDLES):
        # All weeks of an offer come together; those that are over go at midnight.
        assert isinstance(last, int)
        assert isinstance(first, int)
        assert isinstance(end_day, int)
        assert last == week_of(Day(end_day - 1))
        assert count == (last - first) // 7 + 1
    assert set(waiting) <= set(offers)
    for offer, state in offers.items():
        if state == "draft":
            assert waiting.get(offer) in {"create", "update", "room"}
        if state == "withdrawn":
            assert waiting.get(offer) == "withdraw"


def _check_outbox(files: Files, actor: str) -> None:
    own = f"FROM catalogue_objects WHERE author = '{actor}' AND bytes IS NOT NULL"
    live = files.pairs("catalogue", f"SELECT id, bytes {own}")
    said: dict[Value, bytes] = {}
    deleted = set()
    for name, kind, raw in files.ask("catalogue", "SELECT object, kind, activity FROM outbox"):
        assert isinstance(raw, bytes)
        activity = parse_json_object(raw, max_bytes=MAX_ACTIVITY_BYTES)
        if kind == "delete":
            deleted.add(name)
        else:
            said[name] = canonical_bytes(activity["object"])
    assert said == live  # what is shown at home is what others are told
    graves = files.ids("catalogue", f"SELECT object FROM tombstones WHERE author = '{actor}'")
    assert deleted <= graves
    gone = files.ids("catalogue", "SELECT object FROM tombstones")
    assert not gone & files.ids(
        "catalogue", "SELECT id FROM catalogue_objects WHERE bytes IS NOT NULL"
    )


def _check_release(files: Files, actor: str) -> None:
    own = f"FROM catalogue_objects WHERE author = '{actor}' AND bytes IS NOT NULL"
    live = files.pairs("catalogue", f"SELECT id, bytes {own}")
    released = files.ids(
        "objects",
        "SELECT bytes FROM offers WHERE state = 'signed' AND id NOT IN "
        "(SELECT offer FROM unreleased)",
    )
    assert released <= set(live.values())
    # Nothing is announced that its owner could not take back any more.
    stored = files.ids("objects", "SELECT id FROM offers")
    assert {parse_base64url(str(url).rpartition("/")[2]) for url in live} <= stored
