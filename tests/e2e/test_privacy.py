"""What somebody learns who takes a busy node's disk: the bytes, the values, the places of rows.

Two communities are kept busy by everything that members can do so far, then ended in three
ways:

* ``killed``: with SIGKILL in the middle of it. The write-ahead log still holds what was erased
  since the last checkpoint, at most a minute ago, and the place of a row still tells when it
  was made. Nothing that must never be stored is there.
* ``rebuilt``: started again and killed again. Starting empties the logs and rebuilds the files:
  what was erased is gone, and places tell nothing.
* ``stopped``: started, used some more, and stopped as a steward would.

What may be stored at all is listed, column by column, in tests/node/storage/test_schema.py.
"""

import asyncio
import base64
import dataclasses
import gzip
import json
import re
import shutil
import sqlite3
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import DecryptionError
from kith_crypto.objects import offer_id, profile_id
from kith_crypto.tokens import open_session
from kith_node.runtime.config import Release
from kith_node.runtime.logs import ALLOWED_KEYS
from kith_testing.analyst import Clues, Finding, match, read_clues
from kith_testing.community import PASSPHRASE, federation
from kith_testing.crowd import Books, Crowd, crowd_at, new_invites
from kith_testing.node import OPEN, open_local_node
from kith_testing.processes import NodeProcess
from kith_testing.rng import SeededRng
from kith_testing.secret_book import SecretBook
from kith_testing.seized import Value, tables, values
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

MEMBERS = 50
LATER_MEMBERS = 4
MEMBERS_ELSEWHERE = 5
MANY_MEMBERS = 200
AT_ONCE = 6
ENDINGS = ("killed", "rebuilt", "stopped")
AFTER_CHECKPOINT = ("rebuilt", "stopped")
Ending = Callable[[NodeProcess], Awaitable[None]]
MAX_DAY = 50_000  # in the year 2106; a time in seconds is far beyond


@dataclasses.dataclass(frozen=True, slots=True)
class Busy:
    """What is left of two busy nodes.

    Attributes:
        folder: holds ``{ending}/{number of the node}``, each a copy of a data directory.
        said: everything both have printed.
        owners: of the first node: offers that were there before the first kill, to members.
        profiles: the same for profiles.
    """

    folder: Path
    books: Books
    said: bytes
    owners: Mapping[bytes, bytes]
    profiles: Mapping[bytes, bytes]

    def directories(self, ending: str) -> list[Path]:
        return sorted((self.folder / ending).iterdir())

    def first(self, ending: str) -> Path:
        return self.folder / ending / "0"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Busy:
    return asyncio.run(be_busy(tmp_path_factory.mktemp("busy")))


async def be_busy(folder: Path) -> Busy:
    books, rng = Books(), SeededRng(23)
    async with federation(folder / "nodes", 2) as nodes:
        here, there = nodes
        async with (
            crowd_at(
                there.url, await new_invites(there, MEMBERS_ELSEWHERE), rng=rng, books=books
            ) as others,
            crowd_at(here.url, await new_invites(here, MEMBERS), rng=rng, books=books) as crowd,
        ):
            await use_all(others)
            await use_all(crowd)
            await join_properly(here, books)
            await wait_exchanged(nodes)
            owners, profiles = who_owns_what(here, crowd)
        await end_all(nodes, NodeProcess.kill, folder / "killed")
        for node in nodes:
            await node.start()
        await wait_tidied(nodes, folder / "killed")
        await end_all(nodes, NodeProcess.kill, folder / "rebuilt")
        for node in nodes:
            await node.start()
        later = await new_invites(here, LATER_MEMBERS)
        async with crowd_at(here.url, later, rng=rng, books=books) as crowd:
            await use_all(crowd)
        await end_all(nodes, NodeProcess.stop, folder / "stopped")
        said = b"".join(node.said() for node in nodes)
    return Busy(folder, books, said, owners, profiles)


async def use_all(crowd: Crowd) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def use(number: int) -> None:
        async with gate:
            await crowd.use(crowd.people[number], number)

    async with asyncio.TaskGroup() as group:
        for number in range(len(crowd.people)):
            group.create_task(use(number))


async def join_properly(node: NodeProcess, books: Books) -> None:
    """Join, sign in, change the passphrase and recover as the client does it."""
    [link] = await new_invites(node, 1)
    name, passphrase = "plover-of-the-marsh", "the passphrase before"
    joined = await Member.join(link, name=name, passphrase=passphrase)
    async with joined.member as member:
        recovery = await member.account.change_passphrase(name, PASSPHRASE)
        keyring_key = member.keys
        assert keyring_key.community is not None
        books.never.keep("auth", keyring_key.community.auth)
    recovered = await Member.recover(node.url, words=recovery, name=name, passphrase=PASSPHRASE)
    async with recovered.member as member:
        await member.account.get()
    for what, value in {
        "login name": name,
        "passphrase": passphrase,
        "recovery code": joined.recovery,
        "recovery code used": recovery,
        "last recovery code": recovered.recovery,
    }.items():
        books.never.keep(what, value)
    books.never.keep("passphrase", PASSPHRASE)


async def wait_exchanged(nodes: list[NodeProcess]) -> None:
    """Wait until each node holds what the other has released, and nothing waits anywhere."""

    async def is_exchanged() -> bool:
        live = [live_offers(node.data / "catalogue.db") for node in nodes]
        return live[0] == live[1] and not any(letters(node.data) for node in nodes)

    await until(is_exchanged, "both hold the same")


def live_offers(path: Path) -> set[str]:
    rows = rows_of(path, "catalogue_objects")
    return {str(row["id"]) for row in rows if row["bytes"] is not None}


def letters(data: Path) -> int:
    return len(rows_of(data / "catalogue.db", "letters"))


def rows_of(path: Path, table: str) -> list[dict[str, Value]]:
    [found] = [
        [dict(zip(columns, row, strict=True)) for row in rows]
        for name, columns, rows in tables(path)
        if name == table
    ]
    return found


async def wait_tidied(nodes: list[NodeProcess], before: Path) -> None:
    """Wait for the first runs of the jobs, which empty the logs and rebuild two files."""

    async def is_tidied() -> bool:
        return all(
            is_rebuilt(node.data / "members.db", before / str(number))
            and is_rebuilt(node.data / "objects.db", before / str(number))
            and is_begun_anew(node.data / "catalogue.db", before / str(number))
            for number, node in enumerate(nodes)
        )

    await until(is_tidied, "the logs are empty and the files rebuilt")


def is_rebuilt(path: Path, before: Path) -> bool:
    return not log_of(path) and schema_version(path) > schema_version(
        opened_copy(before / path.name)
    )


def is_begun_anew(path: Path, before: Path) -> bool:
    """Return whether the log has been emptied since: it has another salt then."""
    log = log_of(path)
    return not log or log[16:24] != log_of(before / path.name)[16:24]


def log_of(path: Path) -> bytes:
    return path.with_name(f"{path.name}-wal").read_bytes()


def schema_version(path: Path) -> int:
    """Return a number that grows when the file is rebuilt."""
    with closing(sqlite3.connect(path)) as connection:
        [(version,)] = connection.execute("PRAGMA schema_version")
    return int(version)


async def end_all(nodes: list[NodeProcess], end: Ending, copy: Path) -> None:
    for number, node in enumerate(nodes):
        await end(node)
        shutil.copytree(node.data, copy / str(number))


def who_owns_what(
    node: NodeProcess, crowd: Crowd
) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    """Return the truth that no file tells: only a token and the day's key say who it was."""
    keys = [path.read_bytes() for path in (node.data / "keys" / "session").glob("*.key")]
    members = {id(person): member_of(person.token, keys) for person in crowd.people}
    owners = {one.offer: members[id(one)] for one in crowd.people if one.offer}
    profiles = {one.profile: members[id(one)] for one in crowd.people if one.profile}
    return owners, profiles


def member_of(token: bytes, keys: list[bytes]) -> bytes:
    for key in keys:  # at midnight there are two
        with suppress(DecryptionError):
            return open_session(key, token).member_id
    raise AssertionError("a token of no day")


# --- bytes ---------------------------------------------------------------------


def everything_in(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file, and each value of each row, which a file may hold in pieces."""
    files = [path for path in sorted(directory.rglob("*")) if path.is_file()]
    assert {path.name for path in files} >= {"members.db", "objects.db", "catalogue.db"}
    for path in files:
        yield path.name, path.read_bytes()
    for path in files:
        if path.suffix == ".db":
            whole = [
                value.encode() if isinstance(value, str) else value
                for value in values(opened_copy(path))
                if isinstance(value, (str, bytes))
            ]
            yield f"values of {path.name}", b"\0".join(whole)


def opened_copy(path: Path) -> Path:
    """Return a copy that may be opened: opening a file moves its log into it."""
    ending = path.parent.parent
    folder = ending.with_name(f"{ending.name}-opened") / path.parent.name
    if not folder.exists():
        shutil.copytree(path.parent, folder)
    return folder / path.name


def found_in(directory: Path, book: SecretBook) -> set[tuple[str, str]]:
    return {
        (name, what) for name, data in everything_in(directory) for what in book.search(data)
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_secret_is_anywhere_on_the_disk(busy: Busy, ending: str) -> None:
    for directory in busy.directories(ending):
        assert found_in(directory, busy.books.never) == set()


@pytest.mark.parametrize("ending", AFTER_CHECKPOINT)
def test_what_was_erased_is_gone_from_every_node(busy: Busy, ending: str) -> None:
    for directory in busy.directories(ending):
        assert found_in(directory, busy.books.erased) == set()


def test_pulling_the_plug_leaves_what_was_just_erased_where_objects_are_and_nowhere_else(
    busy: Busy,
) -> None:
    for directory in busy.directories("killed"):
        places = {name for name, _ in found_in(directory, busy.books.erased)}
        # Rows are gone in any case; the bytes stay until the next checkpoint.
        assert places <= {
            f"{file}{end}" for file in ("objects.db", "catalogue.db") for end in ("", "-wal")
        }


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_search_finds_what_is_there_on_purpose(busy: Busy, ending: str) -> None:
    found = found_in(busy.first(ending), busy.books.public)
    assert ("values of objects.db", "offer (raw)") in found
    assert ("values of objects.db", "pseudonym (raw)") in found
    assert ("values of catalogue.db", "offer (raw)") in found
    # Profiles are for the community's own members.
    assert not any(
        name.endswith("catalogue.db") and "pseudonym" in what for name, what in found
    )


def test_every_kind_of_secret_was_looked_for(busy: Busy) -> None:
    assert busy.books.never.kinds() == {
        "auth",
        "box key",
        "capability signature",
        "client address",
        "client network",
        "device",
        "invite",
        "invite code",
        "last recovery code",
        "login name",
        "offer key",
        "passphrase",
        "profile key",
        "reader pass",
        "recovery auth",
        "recovery code",
        "recovery code used",
        "search term",
        "session token",
        "user agent",
        "vault key",
        "week key",
        "wrapping key",
    }
    assert busy.books.erased.kinds() == {
        "changed pseudonym",
        "edited text",
        "withdrawn pseudonym",
        "withdrawn text",
    }
    assert len(busy.books.never) > 1000


SECRET = b"plover in the reeds"


@pytest.mark.parametrize(
    "planted",
    [
        SECRET,
        SECRET.hex().encode(),
        SECRET.hex().upper().encode(),
        base64.b64encode(b"before" + SECRET + b"after"),
        base64.b64encode(b"before." + SECRET + b"after"),
        base64.urlsafe_b64encode(b"before>>" + SECRET + b"after"),
        SECRET.decode().encode("utf-16-le"),
        zlib.compress(b"before" + SECRET + b"after"),
        gzip.compress(b"before" + base64.b64encode(SECRET)),
    ],
)
@pytest.mark.parametrize("shift", range(8))
def test_a_planted_secret_is_found_however_it_is_written(planted: bytes, shift: int) -> None:
    book = SecretBook()
    book.keep("secret", SECRET.decode())
    noise = SeededRng(1).bytes(1000 + shift)
    assert book.search(noise) == set()
    assert book.search(noise + planted + noise)


def test_nodes_say_nothing_about_anybody(busy: Busy) -> None:
    for book in (busy.books.never, busy.books.erased, busy.books.public):
        assert book.search(busy.said) == set()
    for line in busy.said.splitlines():
        if not line.startswith(b"kith: ready at http://localhost:"):
            assert set(json.loads(line)) <= ALLOWED_KEYS


# --- values --------------------------------------------------------------------


def long_values(path: Path) -> set[bytes]:
    found = (
        value.encode() if isinstance(value, str) else value
        for value in values(opened_copy(path))
    )
    return {value for value in found if isinstance(value, bytes) and len(value) >= 8}


@pytest.mark.parametrize("ending", ENDINGS)
def test_members_and_objects_have_no_value_in_common(busy: Busy, ending: str) -> None:
    for directory in busy.directories(ending):
        members, objects = (
            long_values(directory / name) for name in ("members.db", "objects.db")
        )
        assert len(members) > 4 * MEMBERS_ELSEWHERE
        assert not members & objects
        # Nor is a value of one inside a value of the other, however written.
        for values_of_one, others in ((members, "objects"), (objects, "members")):
            book = SecretBook()
            for value in values_of_one:
                book.keep("value", value)
            for name, data in everything_in(directory):
                if others in name:
                    assert book.search(data) == set()


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_value_is_finer_than_a_day(busy: Busy, ending: str) -> None:
    for directory in busy.directories(ending):
        for path in directory.glob("*.db"):
            numbers = [value for value in values(opened_copy(path)) if isinstance(value, int)]
            assert max(numbers, default=0) < MAX_DAY
            for value in long_values(path):
                assert not re.search(rb"\d\d-\d\dT(?!00:00:00Z)", value)
                assert not re.search(rb"(?<!\d)1[789]\d{8}(?!\d)", value)


# --- places --------------------------------------------------------------------


def clues_of(directory: Path, objects: Iterable[bytes]) -> Clues:
    """Return all clues to *objects* in the two files that hold some."""
    things = {one: one for one in objects}
    texts = {encode_base64url(one).encode(): one for one in things}
    own = read_clues(directory / "objects.db", things)
    return {**own, **read_clues(directory / "catalogue.db", texts)}


def who_owns_it(directory: Path, owners: Mapping[bytes, bytes]) -> Finding:
    """Return the best guess at *owners*, the members of objects."""
    members = read_clues(directory / "members.db", {one: one for one in owners.values()})
    finding = match(members, clues_of(directory, owners), owners)
    assert finding.tries > 50
    return finding


@pytest.mark.parametrize("ending", AFTER_CHECKPOINT)
def test_an_analyst_of_a_busy_node_matches_no_better_than_chance(
    busy: Busy, ending: str
) -> None:
    for owners in (busy.owners, busy.profiles):
        assert len(owners) > MEMBERS // 2
        finding = who_owns_it(busy.first(ending), owners)
        assert abs(finding.correlation) < finding.chance(false_alarm=1e-4), finding


@dataclasses.dataclass(frozen=True, slots=True)
class Lonely:
    """One node in this process, whose members came and published one after the other.

    With fixed random bytes and so many members that also a faint trace would be seen.

    Attributes:
        folder: holds ``killed``, ``rebuilt`` and ``stopped``.
        owners: offers to members.
        profiles: profiles to members.
    """

    folder: Path
    owners: Mapping[bytes, bytes]
    profiles: Mapping[bytes, bytes]

    @property
    def together(self) -> dict[bytes, bytes]:
        """Offers to the profiles of their owners."""
        profile_of = {member: profile for profile, member in self.profiles.items()}
        return {offer: profile_of[member] for offer, member in self.owners.items()}


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Lonely:
    return asyncio.run(be_lonely(tmp_path_factory.mktemp("lonely")))


async def be_lonely(folder: Path) -> Lonely:
    owners, profiles = {}, {}
    config = replace(OPEN, release=Release())  # as communities have it: five at a time
    async with open_local_node(folder / "node", seed=5, config=config) as local:
        node, data = local.node, folder / "node" / "data"
        for number in range(MANY_MEMBERS):
            caller = number.to_bytes(16, "big")
            joined = await node.members.accounts.register(
                await local.registration(), caller=caller
            )
            member = (await node.members.sessions.open(joined.token)).member_id
            key, other_key = (SigningKey.generate(local.rng).verify_key for _ in range(2))
            offer, profile = offer_id(key), profile_id(other_key)
            await node.offers.publisher.publish(
                local.offer_body(), offer_id=offer, key=key, member=member, role="member"
            )
            await node.profiles.publish(
                local.profile_body(),
                profile_id=profile,
                key=other_key,
                member=member,
                role="member",
            )
            await node.offers.run_release()
            owners[offer], profiles[profile] = member, member
        # Nobody writes now: the files are what SIGKILL would leave.
        shutil.copytree(data, folder / "killed")
        await node.housekeeping.run_rebuild()
        await node.housekeeping.run_checkpoint()
        shutil.copytree(data, folder / "rebuilt")
        await node.stop()
        shutil.copytree(data, folder / "stopped")
    return Lonely(folder, owners, profiles)


@pytest.mark.parametrize("ending", AFTER_CHECKPOINT)
def test_an_analyst_finds_not_even_a_trace_among_many(lonely: Lonely, ending: str) -> None:
    for owners in (lonely.owners, lonely.profiles):
        finding = who_owns_it(lonely.folder / ending, owners)
        assert abs(finding.correlation) < finding.chance(false_alarm=0.01), finding


@pytest.mark.parametrize("ending", AFTER_CHECKPOINT)
def test_an_analyst_cannot_tell_which_objects_are_of_one_person(
    lonely: Lonely, ending: str
) -> None:
    directory = lonely.folder / ending
    profiles = read_clues(directory / "objects.db", {one: one for one in lonely.profiles})
    finding = match(profiles, clues_of(directory, lonely.owners), lonely.together)
    assert abs(finding.correlation) < finding.chance(false_alarm=0.01), finding


def test_the_same_analyst_reads_what_was_made_since_the_last_rebuild(lonely: Lonely) -> None:
    directory = lonely.folder / "killed"
    profiles = read_clues(directory / "objects.db", {one: one for one in lonely.profiles})
    finding = match(profiles, clues_of(directory, lonely.owners), lonely.together)
    assert abs(finding.correlation) > 0.9, finding


def test_the_same_analyst_reads_tables_that_number_their_rows(
    lonely: Lonely, tmp_path: Path
) -> None:
    for name, ids in (("members", lonely.owners.values()), ("objects", lonely.owners)):
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection, connection:
            connection.execute("CREATE TABLE things (id BLOB PRIMARY KEY, bytes BLOB) STRICT")
            rows = [(one, bytes(300)) for one in ids]
            connection.executemany("INSERT INTO things VALUES (?, ?)", rows)
    members = read_clues(tmp_path / "members.db", {one: one for one in lonely.owners.values()})
    objects = read_clues(tmp_path / "objects.db", {one: one for one in lonely.owners})
    finding = match(members, objects, lonely.owners)
    assert finding.correlation == pytest.approx(1.0)
