"""What somebody learns of knocks and conversations who takes the disks of both nodes.

What happened there is ``kith_testing.sealed_scene``. Everything is searched for everything that
is in anybody's vault, and tried to be opened with the keys that lie beside it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from kith_crypto.aead import decrypt
from kith_crypto.envelope import parse_envelope
from kith_crypto.errors import KithError
from kith_crypto.hpke import open_sealed
from kith_crypto.objects import community_id
from kith_crypto.recognition import derive_who
from kith_crypto.seals import KIND_ENVELOPE, KIND_OFFER, KIND_PROFILE, open_seal, quarter_of
from kith_crypto.tokens import open_session
from kith_crypto.vault import open_chunk
from kith_testing.sealed_scene import Left, play
from kith_testing.secret_book import SecretBook
from kith_testing.seized_folder import SeizedFolder

pytestmark = pytest.mark.e2e

ENDINGS = ("killed", "stopped")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    return asyncio.run(play(tmp_path_factory.mktemp("left")))


# --- bytes ---------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_from_any_vault_is_on_either_disk(left: Left, ending: str) -> None:
    for folder in left.folders(ending):
        assert folder.find(left.secret) == set()


def test_nodes_print_nothing_from_any_vault(left: Left) -> None:
    assert left.secret.search(left.said) == set()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_search_finds_boxes_where_they_are_on_purpose(left: Left, ending: str) -> None:
    for folder in left.folders(ending):
        found = folder.find(left.present)
        assert ("values of objects.db", "box (raw)") in found
        assert not any("members.db" in name for name, _ in found)


def test_every_kind_of_secret_was_looked_for(left: Left) -> None:
    assert left.secret.kinds() >= {
        "answers.opening",
        "answers.words",
        "auth",
        "block.who",
        "conversation key",
        "device",
        "file",
        "knock.answer.words",
        "knock.box_seed",
        "knock.seed",
        "knock.words.card.pseudonym",
        "knocked.core",
        "knocked.who",
        "lane.announced",
        "lane.lane",
        "login name",
        "name of a record of page",
        "note.session",
        "note.text",
        "offer.box_seed",
        "offer.weeks.seed",
        "page.messages.body",
        "page.messages.hash",
        "passphrase",
        "persona.content.pseudonym",
        "proofs.proofs.frank_key",
        "recovery code",
        "reply key",
        "seed.lane",
        "seed.seed",
        "talk.box_seed",
        "talk.conversation",
        "talk.peer_key",
        "talk.seed",
        "text",
        "thanks.text",
        "vault key",
    }
    assert len(left.secret) > 500


@pytest.mark.parametrize("ending", ENDINGS)
def test_envelopes_wait_in_boxes_and_in_the_queue(left: Left, ending: str) -> None:
    here, there = left.folders(ending)
    held = [folder.blobs("objects.db", "envelopes", "bytes") for folder in (here, there)]
    assert len(held[0]) >= 2  # from the other node and from a neighbour
    assert len(held[1]) >= 1
    if ending == "killed":
        assert len(there.blobs("catalogue.db", "posted", "bytes")) == 1


def test_after_a_peaceful_close_and_leaving_nothing_of_the_account_is_left(left: Left) -> None:
    for ending in ENDINGS:
        for folder in left.folders(ending):
            in_rows = {
                what for name, what in folder.find(left.gone) if name.startswith("values")
            }
            assert in_rows == set()
    for folder in left.folders("stopped"):
        assert folder.find(left.gone) == set()


@pytest.mark.parametrize("ending", ENDINGS)
def test_ids_of_members_are_in_one_file_of_their_own_node_only(left: Left, ending: str) -> None:
    folders = left.folders(ending)
    for own, folder in product(folders, folders):
        book = SecretBook()
        for member in own.blobs("members.db", "members", "id"):
            book.keep("member", member)
        assert len(book) >= 3
        found = {name for name, _ in folder.find(book)}
        expected = (
            {"members.db", "members.db-wal", "values of members.db"} if own is folder else set()
        )
        assert found <= expected
        assert own is not folder or "values of members.db" in found


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_has_a_value_in_common_with_the_members(left: Left, ending: str) -> None:
    for folder in left.folders(ending):
        members = _long_values(folder, "members.db")
        assert len(members) > 20
        for other in ("objects.db", "catalogue.db"):
            assert not members & _long_values(folder, other)


@pytest.mark.parametrize("ending", ENDINGS)
def test_handles_are_where_envelopes_leave_and_nowhere_else(left: Left, ending: str) -> None:
    for folder in left.folders(ending):
        book = SecretBook()
        for handle in folder.blobs("catalogue.db", "posted", "handle"):
            book.keep("handle", handle)
        assert len(book) >= 5
        assert {name.removesuffix("-wal") for name, _ in folder.find(book)} <= {
            "catalogue.db",
            "values of catalogue.db",
        }


def _long_values(folder: SeizedFolder, database: str) -> set[bytes]:
    found = (
        value.encode() if isinstance(value, str) else value for value in folder.values(database)
    )
    # Names of roles and states are words of the format.
    return {value for value in found if isinstance(value, bytes) and len(value) >= 10}


# --- the server's own keys -------------------------------------------------------------


def _opened(attempts: Iterator[Callable[[], object]]) -> list[object]:
    """Return what could be opened."""
    found = []
    for attempt in attempts:
        with suppress(KithError, ValueError):
            found.append(attempt())
    return found


def _own_keys(folder: SeizedFolder) -> dict[str, bytes]:
    """Return all the server's keys of 32 bytes, whatever they are for."""
    return {
        name: key
        for pattern in ("*.key", "*.seed", "*/*.key")
        for name, key in folder.keys(pattern).items()
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_week_keys_unwrap_own_seals_only_and_no_key_of_the_server_opens_those(
    left: Left, ending: str
) -> None:
    folders = left.folders(ending)
    unwrapped = []
    for folder, actor in zip(folders, left.actors, strict=True):
        raws = folder.blobs("objects.db", "envelopes", "bytes")
        raws += folder.blobs("catalogue.db", "posted", "bytes")
        rows = folder.rows("objects.db", "envelopes")
        origin = actor.removesuffix("/actor")
        foreign = {row["bytes"] for row in rows if row["peer"] != origin}
        weeks = folder.keys("week/*.key")
        assert weeks
        for raw, key in product(raws, weeks.values()):
            wrapped = parse_envelope(raw).wrapped_seal
            seals = _opened(iter([partial(decrypt, key, wrapped)]))
            if raw in foreign:
                assert seals == []
            unwrapped += [(folder, actor, seal) for seal in seals if isinstance(seal, bytes)]
    assert unwrapped  # a neighbour's: the node has stamped and holds it
    for folder, actor, seal in unwrapped:
        assert _open_seals(folder, actor, [seal], KIND_ENVELOPE) == []


def _open_seals(
    folder: SeizedFolder, actor: str, seals: list[bytes], kind: int
) -> list[object]:
    day = int(Path(next(iter(folder.keys("session/*.key")))).stem)
    return _opened(
        partial(
            open_seal,
            key,
            seal,
            kind=kind,
            community=community_id(actor),
            epoch=quarter_of(day),
        )
        for key, seal in product(_own_keys(folder).values(), seals)
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_key_of_the_server_opens_what_else_is_stored(left: Left, ending: str) -> None:
    for folder, actor in zip(left.folders(ending), left.actors, strict=True):
        keys = _own_keys(folder)
        assert len(keys) >= 5
        owners = folder.blobs("objects.db", "seals", "seal")
        for kind in (KIND_OFFER, KIND_PROFILE):
            assert _open_seals(folder, actor, owners, kind) == []
        chunks = folder.rows("members.db", "vault_chunks")
        assert chunks
        everything = [
            value
            for database in ("members.db", "objects.db", "catalogue.db")
            for value in folder.values(database)
            if isinstance(value, bytes)
        ]
        for key in keys.values():
            assert not _opened(
                partial(open_chunk, key, int(str(row["chunk"])), _bytes(row["bytes"]))
                for row in chunks
            )
            assert not _opened(
                partial(decrypt, key, value) for value in everything if len(value) < 3000
            )
            assert not _opened(partial(open_session, key, value) for value in everything)
            assert not _opened(
                partial(open_sealed, key, parse_envelope(raw).sealed, info=b"")
                for raw in folder.blobs("objects.db", "envelopes", "bytes")
            )


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_who_key_finds_nobody_because_nothing_it_makes_is_stored(
    left: Left, ending: str
) -> None:
    folders = left.folders(ending)
    offers = [one for folder in folders for one in folder.blobs("objects.db", "offers", "id")]
    assert offers
    book = SecretBook()
    for folder in folders:
        for key, member, offer in product(
            folder.keys("who/*.key").values(),
            folder.blobs("members.db", "members", "id"),
            offers,
        ):
            book.keep("who", derive_who(key, member_id=member, offer_id=offer))
    assert len(book) >= 5
    for folder in folders:
        assert folder.find(book) == set()
