"""The node's keys on disk and the actor document made of them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.federation.identity import (
    ActorDocument,
    FederationOffError,
    build_revocation,
    create_identity,
    load_identity,
    set_keyholders,
)
from kith_protocol.activity import Delete, parse_activity
from kith_protocol.day import day_of
from kith_testing.clock import FakeClock
from kith_testing.peer import keyholders_file
from kith_testing.rng import SeededRng

ORIGIN = "https://node.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_identity(tmp_path / "keys", rng=SeededRng())
    return tmp_path / "keys"


def test_keys_are_written_once_and_for_the_owner_alone(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = [file.read_bytes() for file in files]
    with pytest.raises(UsageError):
        create_identity(folder, rng=SeededRng(1))
    assert [file.read_bytes() for file in files] == before


def test_what_was_written_is_loaded(folder: Path) -> None:
    one, other = (load_identity(folder, origin=ORIGIN) for _ in range(2))
    assert one.actor == "https://node.example/actor"
    assert one.signing_key.verify_key == other.signing_key.verify_key
    assert one.rsa_key.public_pem() == other.rsa_key.public_pem()
    assert "seed" not in repr(one)
    assert one.signing_key.seed.hex() not in repr(one)


def test_missing_keys_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kith init"):
        load_identity(tmp_path, origin=ORIGIN)


def test_federation_is_off_until_the_keyholders_key_is_set(folder: Path) -> None:
    clock = FakeClock()
    with pytest.raises(FederationOffError):
        load_identity(folder, origin=ORIGIN).require_keyholders()
    with pytest.raises(MalformedError):
        set_keyholders(folder, b"{}")
    set_keyholders(folder, keyholders_file(day_of(clock.now())))
    identity = load_identity(folder, origin=ORIGIN)
    identity.require_keyholders()
    assert identity.keyholders is not None


def test_the_revocation_is_a_signed_delete_of_the_actor(folder: Path) -> None:
    identity = load_identity(folder, origin=ORIGIN)
    raw = build_revocation(identity, day=day_of(FakeClock().now()))
    document = parse_json_object(raw, max_bytes=10_000)
    verify_document(document, identity.signing_key.verify_key)
    activity = parse_activity(document)
    assert isinstance(activity, Delete)
    assert activity.is_actor


def test_the_actor_document_is_made_anew_when_the_keyholders_quarter_ends(
    folder: Path,
) -> None:
    clock = FakeClock()
    set_keyholders(folder, keyholders_file(day_of(clock.now())))
    identity = load_identity(folder, origin=ORIGIN)
    document = ActorDocument(
        identity, name="Name", summary="Text", programme="adults", clock=clock
    )
    first = document.render()
    clock.advance(86_400)
    assert document.render() is first
    clock.advance(92 * 86_400)
    second = document.render()
    assert second.etag != first.etag
    assert b"kith:keyholders" in first.body
    assert b"kith:keyholders" not in second.body  # the file has no key for that quarter
