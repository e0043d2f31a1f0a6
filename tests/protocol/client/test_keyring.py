"""The key file: opens by its passphrase or its vault key, and by nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_client.errors import KeyringBusyError, NoKeyringError, WrongPassphraseError
from kith_client.keyfile import hold_lock, read_private, write_private
from kith_client.keyring import (
    MIN_PADDED_BYTES,
    Keyring,
    encode_records,
    parse_records,
)
from kith_client.records import CommunityRecord, PassRecord, Records, VaultState
from kith_crypto.errors import UsageError
from kith_testing.rng import SeededRng

PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"
VAULT_KEY = bytes(range(32))

_days = st.integers(0, 100_000)
_seeds = st.binary(min_size=32, max_size=32)
_ids = st.binary(min_size=16, max_size=16)
_vaults = st.builds(
    VaultState,
    device=_ids,
    lines=st.binary(max_size=200),
    unsent=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    seen=_days,
    hashes=st.lists(_seeds, max_size=3).map(tuple),
    sizes=st.lists(_days, max_size=3).map(tuple),
)
_records = st.builds(
    Records,
    community=st.none()
    | st.builds(
        CommunityRecord, node=st.just("https://n.example"), actor=st.text(), auth=_seeds
    ),
    reader_pass=st.none() | st.builds(PassRecord, value=st.text(max_size=50), day=_days),
    vault=_vaults,
)

FULL = Records(
    community=CommunityRecord(
        node="https://kith.example", actor="https://kith.example/actor", auth=b"\x77" * 32
    )
)


@dataclasses.dataclass(frozen=True)
class Stored:
    path: Path
    raw: bytes


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Return a saved keyring; making one takes a derivation, so the module shares it."""
    path = tmp_path_factory.mktemp("home") / "deep" / "keys"
    keyring = Keyring.create(path, passphrase=PASSPHRASE, vault_key=VAULT_KEY, rng=SeededRng())
    keyring.records = FULL
    keyring.save()
    return Stored(path, path.read_bytes())


def test_opens_by_its_passphrase(stored: Stored) -> None:
    keyring = Keyring.open(stored.path, passphrase=PASSPHRASE, rng=SeededRng())
    assert keyring.records == FULL
    assert keyring.vault_key == VAULT_KEY


def test_opens_by_its_vault_key(stored: Stored) -> None:
    keyring = Keyring.open_with_key(stored.path, vault_key=VAULT_KEY, rng=SeededRng())
    assert keyring.records == FULL


@pytest.mark.parametrize("passphrase", ["gravel-otter-lamp-violin-pear-mos", "", "x" * 600])
def test_any_other_passphrase_is_one_error(stored: Stored, passphrase: str) -> None:
    with pytest.raises(WrongPassphraseError):
        Keyring.open(stored.path, passphrase=passphrase, rng=SeededRng())


def test_is_for_its_owner_alone(stored: Stored) -> None:
    assert stored.path.stat().st_mode & 0o777 == 0o600
    assert stored.path.parent.stat().st_mode & 0o777 == 0o700


def test_shows_nothing_of_what_is_in_it(stored: Stored) -> None:
    assert len(stored.raw) == MIN_PADDED_BYTES + 86 + 28
    for secret in (b"kith.example", b"\x77" * 8, VAULT_KEY, PASSPHRASE.encode()):
        assert secret not in stored.raw


def test_every_save_is_encrypted_anew(stored: Stored, tmp_path: Path) -> None:
    keyring = Keyring.open_with_key(stored.path, vault_key=VAULT_KEY, rng=SeededRng(5))
    assert keyring.to_bytes()[86:] != keyring.to_bytes()[86:]


@pytest.mark.parametrize("place", [0, 9, 12, 30, 85, 86, 100, 9000, -1])
def test_a_changed_byte_anywhere_is_noticed(stored: Stored, tmp_path: Path, place: int) -> None:
    raw = bytearray(stored.raw)
    raw[place] ^= 1
    path = tmp_path / "keys"
    path.write_bytes(raw)
    with pytest.raises((WrongPassphraseError, UsageError)):
        Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng())


@pytest.mark.parametrize("size", [0, 5, 50, 86, 100, 4096])
def test_a_torn_file_is_noticed(stored: Stored, tmp_path: Path, size: int) -> None:
    path = tmp_path / "keys"
    path.write_bytes(stored.raw[:size])
    with pytest.raises(WrongPassphraseError):
        Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng())


def test_a_crash_while_writing_leaves_the_old_file(stored: Stored, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(stored.raw)
    path.with_name("keys.new").write_bytes(stored.raw[:300])  # as a crash leaves it
    keyring = Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng())
    assert keyring.records == FULL
    keyring.records = Records()
    keyring.save()
    assert not path.with_name("keys.new").exists()
    again = Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng())
    assert again.records == Records()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    write_private(path, b"old")
    path.with_name("keys.new").mkdir()  # nothing can be written there
    with pytest.raises(UsageError):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("version", "said"), [(1, "before the first release"), (3, "later version")]
)
def test_another_version_says_so(
    stored: Stored, tmp_path: Path, version: int, said: str
) -> None:
    path = tmp_path / "keys"
    path.write_bytes(stored.raw[:9] + bytes((version,)) + stored.raw[10:])
    with pytest.raises(UsageError, match=said):
        Keyring.open(path, passphrase=PASSPHRASE, rng=SeededRng())


def test_a_new_vault_key_and_passphrase_shut_the_old_ones_out(
    stored: Stored, tmp_path: Path
) -> None:
    path = tmp_path / "keys"
    path.write_bytes(stored.raw)
    keyring = Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng(7))
    keyring.replace_vault_key(b"\x01" * 32, passphrase="another six words entirely")
    keyring.save()
    with pytest.raises(WrongPassphraseError):
        Keyring.open_with_key(path, vault_key=VAULT_KEY, rng=SeededRng())
    with pytest.raises(WrongPassphraseError):
        Keyring.open(path, passphrase=PASSPHRASE, rng=SeededRng())
    opened = Keyring.open(path, passphrase="another six words entirely", rng=SeededRng())
    assert opened.records == FULL


def test_does_not_overwrite_keys(stored: Stored) -> None:
    with pytest.raises(UsageError, match="already"):
        Keyring.create(stored.path, passphrase=PASSPHRASE, vault_key=VAULT_KEY, rng=SeededRng())


def test_missing_keys_are_their_own_error(tmp_path: Path) -> None:
    with pytest.raises(NoKeyringError):
        read_private(tmp_path / "keys")


def test_one_program_at_a_time_has_the_keys(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "keys"), pytest.raises(KeyringBusyError):
        hold_lock(tmp_path / "keys").__enter__()
    with hold_lock(tmp_path / "keys"):
        pass


def test_nothing_shows_secrets_by_accident() -> None:
    keyring = Keyring.create(None, passphrase=PASSPHRASE, vault_key=VAULT_KEY, rng=SeededRng())
    keyring.records = FULL
    assert repr(keyring) == "Keyring(...)"
    assert repr(FULL) == "Records(...)"
    assert "w" not in repr(FULL.community)


@settings(max_examples=50)
@given(_records)
def test_records_come_back_as_they_were(records: Records) -> None:
    padded = encode_records(records)
    assert parse_records(padded) == records
    assert len(padded) >= MIN_PADDED_BYTES
    assert len(padded).bit_count() == 1


@settings(max_examples=100)
@given(
    st.binary(max_size=300)
    | st.sampled_from([b"{}", b'{"vault":{}}', b'{"vault":[1]}', b'{"vault":null}'])
)
def test_any_content_gives_records_or_the_one_error(content: bytes) -> None:
    padded = _with_content(content)
    try:
        records = parse_records(padded)
    except WrongPassphraseError:
        return
    assert encode_records(records) == padded


@pytest.mark.parametrize(
    "change",
    [
        lambda padded: padded[:-1] + b"\x01",  # padding that says something
        lambda padded: padded + bytes(len(padded)),  # more padding than needed
        lambda padded: _with_content(b'{"community":null,"community":null}'),
        lambda padded: _with_content(b'{"other":1}'),
        lambda padded: _with_content(b'{ "vault":{}}'),
        lambda padded: _with_content(b"[" * 5000),
    ],
)
def test_content_has_one_spelling(change: object) -> None:
    assert callable(change)
    with pytest.raises(WrongPassphraseError):
        parse_records(change(encode_records(Records())))


def test_grows_by_powers_of_two() -> None:
    vault = VaultState(lines=bytes(20_000))
    padded = encode_records(msgspec.structs.replace(FULL, vault=vault))
    assert len(padded) == 2 * MIN_PADDED_BYTES


def _with_content(content: bytes) -> bytes:
    padded = len(content).to_bytes(4, "big") + content
    return padded + bytes(MIN_PADDED_BYTES - len(padded))
