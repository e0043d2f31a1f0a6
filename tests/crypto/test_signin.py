from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.aead import encrypt
from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.signin import (
    Recovery,
    SignIn,
    derive_recovery,
    derive_sign_in,
    unwrap_vault_key,
    verifier,
    wrap_vault_key,
)

COMMUNITY = b"c" * 16
KEY = bytes(range(32))
NONCE = bytes(12)


def test_signing_in_derives_the_vector(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")
    vector = vectors["sign_in"]
    derived = derive_sign_in(
        vector["same_name"],  # another case and other compatibility forms
        vector["normalised_passphrase"],
        community=bytes.fromhex(vectors["community"]["id"]),
    )
    assert vector["name"] != vector["same_name"] != vector["folded_name"]
    assert vector["passphrase"] != vector["normalised_passphrase"]
    assert derived.auth.hex() == vector["auth"]
    assert derived.wrap.hex() == vector["wrap"]
    assert verifier(derived.auth).hex() == vector["verifier"]


def test_the_case_of_a_passphrase_matters(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")
    vector = vectors["sign_in"]
    derived = derive_sign_in(
        vector["name"],
        vector["passphrase"].swapcase(),
        community=bytes.fromhex(vectors["community"]["id"]),
    )
    assert derived.auth.hex() != vector["auth"]


def test_recovery_derives_the_vector(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")
    vector = vectors["recovery"]
    community = bytes.fromhex(vectors["community"]["id"])
    derived = derive_recovery(bytes.fromhex(vector["code"]), community=community)
    assert derived.rauth.hex() == vector["rauth"]
    assert derived.rwrap.hex() == vector["rwrap"]
    assert verifier(derived.rauth).hex() == vector["verifier"]
    elsewhere = derive_recovery(bytes.fromhex(vector["code"]), community=COMMUNITY)
    assert elsewhere.rauth != derived.rauth


def test_slots_are_those_of_the_vectors(load_vectors: Any) -> None:
    for vector in load_vectors("kith_keys.json")["slots"]:
        key, vault_key, nonce, slot = (
            bytes.fromhex(vector[part])
            for part in ("wrapping_key", "vault_key", "nonce", "slot")
        )
        assert wrap_vault_key(vault_key, key, nonce=nonce) == slot
        assert unwrap_vault_key(slot, key) == vault_key


def test_a_slot_opens_only_whole_with_its_key() -> None:
    slot = wrap_vault_key(bytes(32), KEY, nonce=NONCE)
    attempts = [(slot, bytes(32)), (slot[:-1], KEY), (slot + b"\0", KEY), (b"", KEY)]
    for position in range(len(slot)):
        tampered = bytearray(slot)
        tampered[position] ^= 1
        attempts.append((bytes(tampered), KEY))
    for text, key in attempts:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            unwrap_vault_key(text, key)


def test_a_slot_that_holds_something_else_is_refused() -> None:
    with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
        unwrap_vault_key(encrypt(KEY, b"short", nonce=NONCE), KEY)


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_as_a_slot(slot: bytes) -> None:
    with pytest.raises(DecryptionError):
        unwrap_vault_key(slot, KEY)


@pytest.mark.parametrize("text", ["", "x" * 513, "a\0b", "a\n", "\ud800", "\U000e0fff"])
def test_refuses_names_and_passphrases_that_devices_could_read_differently(text: str) -> None:
    with pytest.raises(UsageError, match="name"):
        derive_sign_in(text, "fine", community=COMMUNITY)
    with pytest.raises(UsageError, match="passphrase"):
        derive_sign_in("fine", text, community=COMMUNITY)


def test_wrong_sizes_are_mistakes_in_the_program() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        derive_sign_in("name", "phrase", community=b"short")
    with pytest.raises(ValueError, match="16 bytes"):
        derive_recovery(bytes(16), community=b"short")
    with pytest.raises(ValueError, match="16 bytes"):
        derive_recovery(bytes(15), community=COMMUNITY)
    with pytest.raises(ValueError, match="32 bytes"):
        wrap_vault_key(bytes(31), KEY, nonce=NONCE)


def test_secrets_show_nothing_when_printed() -> None:
    assert repr(SignIn(KEY, KEY)) == "SignIn(...)"
    assert repr(Recovery(KEY, KEY)) == "Recovery(...)"
