"""The three files' schemas: what may be stored at all, how they change, what statements do.

Every column is listed with what it holds and why that is allowed. A new one fails here until
somebody has read docs/privacy.md with it in mind and added a line.
"""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import kith_node
from kith_node.storage.migrations import (
    SQL_CREATE_MIGRATIONS,
    File,
    Migration,
    load_migrations,
)
from kith_node.storage.stores import FILES, open_stores

Schemas = Mapping[File, sqlite3.Connection]

# What a column may hold.
RANDOM = "random bytes"
DRAWN = "random bytes that a device drew for this row alone"
HASH = "a hash"
KEY = "a public key or a signature, made by a key that belongs to one object"
SEALED = "bytes that the node cannot read"
SMALL = "one of a few words"
PUBLIC = "what its author has published"
DAY = "a whole day"
PEER = "about other nodes, never about members"
ORDER = "a number given in the order of release or arrival"
SCHEMA = "the same in every node of this release"

IN_MEMBERS = {RANDOM, HASH, SEALED, SMALL, SCHEMA}
IN_OBJECTS = {DRAWN, HASH, KEY, SEALED, SMALL, PUBLIC, DAY, PEER, SCHEMA}

MIGRATIONS = {"number": SCHEMA, "name": SCHEMA, "checksum": SCHEMA}

COLUMNS: dict[File, dict[str, dict[str, str]]] = {
    "members": {
        "migrations": MIGRATIONS,
        "members": {
            "id": RANDOM,
            "auth_hash": HASH,  # of a value that only the member's device can make
            "recovery_hash": HASH,
            "slots": SEALED,  # the vault key, wrapped on the device; always the same size
            "role": SMALL,
            "state": SMALL,
            "epoch": RANDOM,  # new bytes when raised: it counts nothing
        },
        "invites": {"hash": HASH},
        "vault_chunks": {
            "member": RANDOM,
            "chunk": SMALL,  # its number, the same few in every vault
            "bytes": SEALED,  # to the member's own key; a power of two
        },
    },
    "objects": {
        "migrations": MIGRATIONS,
        "offers": {
            "id": HASH,  # of its key
            "key": KEY,
            "bytes": PUBLIC,  # or about to be, with the next release
            "end_day": DAY,
            "state": SMALL,
        },
        "unreleased": {"offer": HASH, "kind": SMALL},
        "bundles": {"offer": HASH, "week": DAY, "bytes": KEY},
        "seals": {
            "object": HASH,
            "kind": SMALL,  # 1 offer, 2 profile
            "seal": SEALED,  # to keyholders who are elsewhere
        },
        "profiles": {
            "id": HASH,
            "key": KEY,
            "bytes": PUBLIC,  # to the community
            "listed": SMALL,
            "end_day": DAY,
        },
        "shown_offers": {
            "profile": HASH,  # the owner has published that the two belong together
            "offer": HASH,
            "profile_signature": KEY,
            "offer_signature": KEY,
        },
        "mailboxes": {
            "address": HASH,  # of its key
            "key": KEY,
            "kind": SMALL,
            "renew_by": SMALL,  # a month, chosen with some chance by the owner's device
        },
        "envelopes": {
            "box": HASH,
            "id": HASH,  # of the bytes
            "day": DAY,
            "peer": PEER,  # the node that delivered, never who wrote
            "bytes": SEALED,
        },
        "reports": {
            "id": DRAWN,
            "category": SMALL,
            "day": DAY,
            "decided_day": DAY,
            "state": SMALL,
            "answer": SMALL,
            "origin": PEER,  # the node that passed it on
            "object": PUBLIC,  # what that node says openly
            "bytes": SEALED,  # to the moderators
        },
        "applications": {
            "id": DRAWN,
            "invite": HASH,  # what is kept of it when it is opened is another hash
            "day": DAY,
            "bytes": SEALED,  # to the moderators
        },
    },
    "catalogue": {
        "migrations": MIGRATIONS,
        "peers": {
            "actor": PEER,
            "document": PEER,
            "peering": PEER,
            "is_open": PEER,
            "is_paused": PEER,
            "log_cursor": PEER,
            "sent": ORDER,
            "looked_day": DAY,
        },
        "outbox": {
            "sequence": ORDER,
            "object": PUBLIC,
            "revision": PUBLIC,
            "kind": SMALL,
            "end_day": DAY,
            "activity": PUBLIC,
        },
        "letters": {
            "number": ORDER,
            "peer": PEER,
            "activity_id": PEER,
            "activity": PEER,
            "day": DAY,
            "is_receipt": PEER,
        },
        "tombstones": {"object": PUBLIC, "author": PUBLIC, "end_day": DAY},
        "outlived": {"object": PUBLIC, "revision": PUBLIC, "end_day": DAY},
        "receipts": {
            "object": PUBLIC,
            "peer": PEER,
            "state": SMALL,
            "end_day": DAY,
            "delete_id": PUBLIC,
        },
        "audit": {
            "day": DAY,
            "role": SMALL,  # of the steward, never who
            "action": SMALL,
            "object": PUBLIC,
        },
        "catalogue_objects": {
            "position": ORDER,
            "id": PUBLIC,
            "author": PUBLIC,
            "revision": PUBLIC,
            "end_day": DAY,
            "hidden": PEER,
            "bytes": PUBLIC,
            "kind": SMALL,
            "serial": ORDER,
        },
        "posted": {
            "handle": RANDOM,  # drawn by the client for one envelope
            "peer": PEER,
            "state": SMALL,
            "day": DAY,
            "is_slow": SMALL,
            "mark": HASH,  # under a key of the week, of what was handed in: equals nothing else
            "bytes": SEALED,  # until it is gone
        },
        "introduced": {"node": PEER, "day": DAY},
        "cut_off": {"node": PEER, "day": DAY},
        "key_pages": {
            "node": PEER,
            "prefix": PUBLIC,
            "week": DAY,
            "fetched_day": DAY,
            "bytes": PUBLIC,
        },
    },
}

# A migration that nodes have applied must not change: add another one.
CHECKSUMS: dict[tuple[File, int], str] = {
    ("members", 1): ("f134eeebb7485cbb8401e332bd2dc5695de76b587975c19db557109f8fad32d3"),
    ("members", 2): ("35e179be8600760345820406239522fa9e7f9683f3479545c1cb88e4502bd9f5"),
    ("objects", 1): ("5d237af6e16b962a258e0908f09cfef28333877c1cd1c728d97905e61494ca4b"),
    ("objects", 2): ("ac27635827162a6e1a65a7ef67cadcf68d148d0c08d251d7bfaadc30c6d6e83d"),
    ("objects", 3): ("5a2b5c01f3875bdf1f9b3b21730310e40715da8eb6e7511de1fa3e75d770a4dc"),
    ("objects", 4): ("a048601a0bac4f266b77d014edea59c69f95d7255fe9dccb81a5a2b892fb2ed8"),
    ("catalogue", 1): ("331ae0aab6dd7c1dede21e457461a2ac79ee75b26851c9a5151a913ff0d0e057"),
    ("catalogue", 2): ("eae191a3a5e07084e39b6dea385620adea1983429c52b5146420af2344b58f6f"),
    ("catalogue", 3): ("248ccb7fab7246708a1e42c0f186f4335ec611142811b7e98baa917abfd2c11a"),
    ("catalogue", 4): ("41d3b75e95d3b1d1d8ff9359451f8e80fa2dda6ba0b0bf62b815dd03edc6c128"),
}

# One valid row of each table, referred ones first: it is there when a later migration comes.
ROWS: dict[str, dict[str, object]] = {
    "members": {
        "id": b"m" * 16,
        "auth_hash": b"a" * 32,
        "recovery_hash": b"r" * 32,
        "slots": b"{}",
        "role": "member",
        "state": "active",
        "epoch": b"e" * 8,
    },
    "invites": {"hash": b"i" * 32},
    "vault_chunks": {"member": b"m" * 16, "chunk": 0, "bytes": b"c" * 1024},
    "offers": {
        "id": b"o" * 16,
        "key": b"k" * 32,
        "bytes": b"{}",
        "end_day": 20_000,
        "state": "draft",
    },
    "unreleased": {"offer": b"o" * 16, "kind": "create"},
    "bundles": {"offer": b"o" * 16, "week": 19_999, "bytes": b"b" * 1333},
    "seals": {"object": b"o" * 16, "kind": 1, "seal": b"s" * 1200},
    "profiles": {
        "id": b"p" * 16,
        "key": b"k" * 32,
        "bytes": b"{}",
        "listed": 1,
        "end_day": 20_000,
    },
    "shown_offers": {
        "profile": b"p" * 16,
        "offer": b"o" * 16,
        "profile_signature": b"1" * 64,
        "offer_signature": b"2" * 64,
    },
    "mailboxes": {"address": b"x" * 16, "key": b"k" * 32, "kind": "knock", "renew_by": 700},
    "envelopes": {
        "box": b"x" * 16,
        "id": b"e" * 16,
        "day": 20_000,
        "peer": "https://a.example",
        "bytes": b"sealed",
    },
    "reports": {
        "id": b"r" * 16,
        "category": "safety",
        "day": 20_000,
        "decided_day": 20_001,
        "state": "acted",
        "answer": "",
        "origin": "",
        "object": "",
        "bytes": b"r" * 8192,
    },
    "applications": {
        "id": b"a" * 16,
        "invite": b"n" * 32,
        "day": 20_000,
        "bytes": b"a" * 8192,
    },
    "peers": {
        "actor": "https://a.example/actor",
        "document": b"{}",
        "peering": "{}",
        "is_open": 1,
        "is_paused": 0,
        "log_cursor": "",
        "sent": 1,
        "looked_day": 20_000,
    },
    "outbox": {
        "object": "https://b.example/offers/1",
        "revision": 1,
        "kind": "create",
        "end_day": 20_000,
        "activity": b"{}",
    },
    "letters": {
        "peer": "https://a.example/actor",
        "activity_id": "https://b.example/activities/1",
        "activity": b"{}",
        "day": 20_000,
        "is_receipt": 0,
    },
    "tombstones": {
        "object": "https://b.example/offers/2",
        "author": "https://b.example/actor",
        "end_day": 20_000,
    },
    "outlived": {"object": "https://a.example/offers/1", "revision": 1, "end_day": 20_000},
    "receipts": {
        "object": "https://b.example/offers/2",
        "peer": "https://a.example/actor",
        "state": "pending",
        "end_day": 20_000,
        "delete_id": "https://b.example/activities/2",
    },
    "audit": {"day": 20_000, "role": "admin", "action": "block", "object": "https://a.example"},
    "catalogue_objects": {
        "id": "https://b.example/offers/1",
        "author": "https://b.example/actor",
        "revision": 1,
        "end_day": 20_000,
        "hidden": 0,
        "bytes": b"{}",
        "kind": 1,
        "serial": 1,
    },
    "posted": {
        "handle": b"h" * 16,
        "peer": "https://a.example",
        "state": "queued",
        "day": 20_000,
        "is_slow": 1,
        "mark": b"m" * 16,
        "bytes": b"e" * 5441,
    },
    "introduced": {"node": "https://a.example", "day": 20_000},
    "cut_off": {"node": "https://b.example", "day": 20_000},
    "key_pages": {
        "node": "https://a.example",
        "prefix": "",
        "week": 19_999,
        "fetched_day": 20_000,
        "bytes": b"\x01\x00",
    },
}

# Statements that read a whole table, and why they may.
SCANS = {
    "storage.SQL_LIST_MIGRATIONS": "at start; a handful of rows",
    "members.SQL_COUNT_MEMBERS": "once a month for NodeInfo; a counter would be a column",
    "members.SQL_COUNT_INVITES": "at most 500 rows",
    "members.SQL_LIST_INVITES": "at most 500 rows, all of them wanted",
    "offers.SQL_COUNT_CHANGES": "for stewards; holds only what waits",
    "federation.SQL_LIST_PEERS": "all of them wanted, kept in memory afterwards",
    "federation.SQL_COUNT_CLOSED": "peers are few",
    "federation.SQL_LIST_BEHIND": "peers are few",
    "federation.SQL_ADD_RECEIPTS": "one row for each peer",
    "federation.SQL_LIST_ADDRESSEES": "a queue that is empty most of the time",
    "federation.SQL_DELETE_LETTERS_BEFORE": "hourly; the same queue",
    "federation.SQL_LIST_AUDIT": "newest first, ended by its limit",
    "federation.SQL_LIST_INTRODUCTIONS": "one row for each node, all of them wanted",
    "federation.SQL_DELETE_OLD_INTRODUCTIONS": "hourly; one row for each node",
    "federation.SQL_LIST_CUT_OFF": "a few nodes, all of them wanted",
    "federation.SQL_DELETE_OLD_CUT_OFF": "hourly; a few nodes",
    "envelopes.SQL_LIST_QUEUED": "at start, all of it wanted, and hourly",
    "envelopes.SQL_GIVE_UP_POSTED": "hourly; the envelopes of eight days",
    "envelopes.SQL_FORGET_POSTED": "hourly; the envelopes of eight days",
    "key_pages.SQL_LIST_KEY_PAGE_SIZES": "when a page was fetched; 64 MiB of pages at most",
    "key_pages.SQL_DELETE_OLD_KEY_PAGES": "hourly; 64 MiB of pages at most",
    "cli.SQL_LIST_TABLES": "the schema itself, for a steward's disclosure",
    "cli.SQL_LIST_COLUMNS": "the schema itself, for a steward's disclosure",
    "moderation.SQL_LIST_REPORTS": "at most 2000 rows, all of them wanted by moderators",
    "moderation.SQL_COUNT_REPORTS": "at most 2000 rows",
    "moderation.SQL_LIST_APPLICATIONS": "at most 200 rows, all of them wanted by moderators",
    "moderation.SQL_COUNT_APPLICATIONS": "at most 200 rows",
    "offers.SQL_LIST_KNOCK_BOXES": "at start and once a week, all of them wanted",
    "catalogue.SQL_SELECT_RESOURCE_AUTHORS": "when a resource has changed; an index of these",
    "catalogue.SQL_SELECT_RESOURCES_STATE": "an index of resources, of which there are few",
    "catalogue.SQL_COUNT_BY_AUTHOR": "for stewards; an index in its order",
}
# What SQLite calls a scan but is none of a table.
_NO_TABLE = re.compile(r"SCAN (\(subquery|changed$|json_each |CONSTANT ROW)")


@contextmanager
def fresh(file: File, count: int | None = None) -> Iterator[sqlite3.Connection]:
    """Yield an empty database of *file* with its first *count* migrations."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(SQL_CREATE_MIGRATIONS)
        for migration in load_migrations(file)[:count]:
            connection.executescript(migration.sql)
        yield connection


@pytest.fixture(scope="module")
def schemas() -> Iterator[Schemas]:
    with fresh("members") as members, fresh("objects") as objects, fresh("catalogue") as third:
        yield {"members": members, "objects": objects, "catalogue": third}


def columns_of(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Return table to column to declared type."""
    tables = connection.execute("PRAGMA table_list").fetchall()
    return {
        name: {
            str(row[1]): str(row[2])
            for row in connection.execute("SELECT * FROM pragma_table_info(?)", (name,))
        }
        for _, name, kind, *_ in tables
        if kind == "table" and not name.startswith("sqlite_")
    }


def statements() -> dict[str, str]:
    """Return the SQL constants of the node by the names of their rooms and their own."""
    found = {}
    for module in pkgutil.walk_packages(kith_node.__path__, "kith_node."):
        if not module.name.endswith(".__main__"):
            room = module.name.split(".")[1]
            for name, sql in vars(importlib.import_module(module.name)).items():
                if name.startswith("SQL_"):
                    found[f"{room}.{name}"] = str(sql)
    return found


STATEMENTS = statements()


def plans(schemas: Schemas, sql: str) -> dict[File, list[str]]:
    """Return file to query plan for the files whose schema *sql* fits."""
    values = dict.fromkeys(re.findall(r":([a-z_]+)", sql))
    found: dict[File, list[str]] = {}
    for file, connection in schemas.items():
        try:
            rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        except sqlite3.OperationalError:
            continue  # it belongs to another file
        found[file] = [str(row[3]) for row in rows]
    return found


# --- columns -------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_every_column_is_listed_with_what_it_may_hold(schemas: Schemas, file: File) -> None:
    there = {table: set(columns) for table, columns in columns_of(schemas[file]).items()}
    assert there == {table: set(columns) for table, columns in COLUMNS[file].items()}


@pytest.mark.parametrize("file", FILES)
def test_every_table_is_strict(schemas: Schemas, file: File) -> None:
    for _, name, kind, _, _, is_strict in schemas[file].execute("PRAGMA table_list"):
        assert is_strict or kind != "table" or name.startswith("sqlite_"), name


@pytest.mark.parametrize("file", ["members", "objects"])
def test_rows_have_no_number_where_members_and_objects_are(
    schemas: Schemas, file: File
) -> None:
    connection = schemas[file]
    for _, name, kind, _, without_rowid, _ in connection.execute("PRAGMA table_list"):
        if kind == "table" and not name.startswith("sqlite_") and name != "migrations":
            assert without_rowid, name
            # Each row lies where its key, a hash or random, puts it.
            info = connection.execute("SELECT * FROM pragma_table_info(?)", (name,))
            [first] = [row[1] for row in info if row[5] == 1]
            assert COLUMNS[file][name][first] in {HASH, RANDOM, DRAWN}


def test_members_have_no_date_and_no_counter(schemas: Schemas) -> None:
    columns = columns_of(schemas["members"])
    kinds = {
        (table, column): kind
        for table, listed in COLUMNS["members"].items()
        for column, kind in listed.items()
    }
    assert set(kinds.values()) <= IN_MEMBERS
    assert {pair for pair, kind in kinds.items() if kind == SMALL} == {
        ("members", "role"),
        ("members", "state"),
        ("vault_chunks", "chunk"),
    }
    numbers = {
        (table, column)
        for table, listed in columns.items()
        for column, kind in listed.items()
        if kind not in {"BLOB", "TEXT"}
    }
    assert numbers == {("migrations", "number"), ("vault_chunks", "chunk")}


def test_objects_hold_nothing_random_that_a_member_could_hold_too() -> None:
    kinds = {kind for listed in COLUMNS["objects"].values() for kind in listed.values()}
    assert kinds <= IN_OBJECTS


@pytest.mark.parametrize("file", FILES)
def test_days_are_whole_numbers_and_nothing_is_called_a_time(
    schemas: Schemas, file: File
) -> None:
    for table, columns in columns_of(schemas[file]).items():
        for column, kind in columns.items():
            if COLUMNS[file][table][column] == DAY:
                assert kind == "INTEGER"
                assert column.endswith(("day", "week"))
            assert not re.search(r"(^|_)(at|time|date|second|created|updated|seen)", column)


def test_only_the_catalogue_numbers_its_rows() -> None:
    for file in ("members", "objects"):
        for listed in COLUMNS[file].values():
            assert ORDER not in listed.values()


# --- migrations ----------------------------------------------------------------


def test_migrations_are_numbered_from_one_and_never_change() -> None:
    for file in FILES:
        numbers = [migration.number for migration in load_migrations(file)]
        assert numbers == list(range(1, len(numbers) + 1))
    applied = {
        (file, migration.number): migration.checksum for file, migration in all_migrations()
    }
    assert applied == CHECKSUMS


def fill(connection: sqlite3.Connection) -> dict[str, int]:
    """Put a row into every table that is there; return how many each has."""
    counts = {}
    there = columns_of(connection)
    for table in [table for table in ROWS if table in there]:
        columns = there[table]
        row = {name: value for name, value in ROWS[table].items() if name in columns}
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)
        counts[table] = 1
    return counts


def all_migrations() -> Iterator[tuple[File, Migration]]:
    for file in FILES:
        yield from ((file, migration) for migration in load_migrations(file))


@pytest.mark.parametrize(("file", "migration"), [*all_migrations()])
def test_a_migration_applies_to_a_filled_copy_of_the_one_before(
    file: File, migration: Migration
) -> None:
    with fresh(file, migration.number - 1) as connection:
        before = fill(connection)
        connection.executescript(migration.sql)
        for table, count in before.items():
            [(after,)] = connection.execute(f"SELECT count(*) FROM {table}")
            assert after == count
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("file", FILES)
def test_the_row_of_each_table_fits_the_newest_schema(schemas: Schemas, file: File) -> None:
    with fresh(file) as connection:
        assert set(fill(connection)) == set(COLUMNS[file]) - {"migrations"}


async def test_a_node_records_every_migration_with_its_checksum(tmp_path: Path) -> None:
    for _ in range(2):  # opening again changes nothing
        await (await open_stores(tmp_path)).close()
        recorded = {}
        for file in FILES:
            with closing(sqlite3.connect(tmp_path / f"{file}.db")) as connection:
                for number, checksum in connection.execute(
                    "SELECT number, checksum FROM migrations"
                ):
                    recorded[file, number] = checksum
        assert recorded == CHECKSUMS


# --- statements ----------------------------------------------------------------


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_fits_a_schema_and_scans_no_table_unlisted(
    schemas: Schemas, name: str
) -> None:
    found = plans(schemas, STATEMENTS[name])
    assert found, f"{name} fits none of the three files"
    if name in SCANS:
        return
    for file, plan in found.items():
        scans = [line for line in plan if "SCAN" in line and not _NO_TABLE.match(line)]
        assert not scans, (
            f"{name} on {file}: {scans}; give it an index or list it with a reason"
        )


def test_every_listed_scan_is_one(schemas: Schemas) -> None:
    for name in SCANS:
        plan = [line for lines in plans(schemas, STATEMENTS[name]).values() for line in lines]
        assert any("SCAN" in line for line in plan), f"{name} scans nothing any more"
