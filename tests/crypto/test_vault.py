from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError, TooLargeError
from kith_crypto.signin import unwrap_vault_key, wrap_vault_key
from kith_crypto.vault import (
    LARGEST_CHUNK_BYTES,
    MAX_RECORDS_BYTES,
    derive_chunk_key,
    derive_device_key,
    derive_passkey_wrap,
    open_chunk,
    record_place,
    seal_chunk,
)

KEY = bytes(range(32))
NONCE = bytes(12)
REFUSED = r"\Acannot be opened\Z"


def test_keys_and_places_are_those_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_vault.json")
    vault_key = bytes.fromhex(vectors["vault_key"])
    assert derive_device_key(vault_key).hex() == vectors["device_key"]
    for vector in vectors["passkeys"]:
        wrap = derive_passkey_wrap(
            bytes.fromhex(vector["prf_first"]),
            credential_id=bytes.fromhex(vector["credential_id"]),
        )
        assert wrap.hex() == vector["wrap"]
    assert {name: record_place(name) for name in vectors["places"]} == vectors["places"]


def test_the_chunks_of_the_vectors_are_sealed_and_opened(load_vectors: Any) -> None:
    vectors = load_vectors("kith_vault.json")
    vault_key = bytes.fromhex(vectors["vault_key"])
    assert len(vectors["chunks"]) == 3
    for vector in vectors["chunks"]:
        sealed, records = bytes.fromhex(vector["sealed"]), bytes.fromhex(vector["records"])
        assert derive_chunk_key(vault_key, vector["chunk"]).hex() == vector["key"]
        made = seal_chunk(
            vault_key,
            vector["chunk"],
            records,
            nonce=bytes.fromhex(vector["nonce"]),
            at_least=vector["at_least"],
        )
        assert made == sealed
        assert open_chunk(vault_key, vector["chunk"], sealed) == records


def test_the_refused_chunks_of_the_vectors_do_not_open(load_vectors: Any) -> None:
    vectors = load_vectors("kith_vault.json")
    vault_key = bytes.fromhex(vectors["vault_key"])
    assert len(vectors["refused_chunks"]) == 6
    for name, sealed in vectors["refused_chunks"].items():
        with pytest.raises(DecryptionError, match=REFUSED):
            pytest.fail(f"{name}: {open_chunk(vault_key, 1, bytes.fromhex(sealed))!r}")


@given(st.binary(max_size=3000), st.integers(0, 65535), st.sampled_from([1024, 2048, 4096]))
def test_a_chunk_hides_its_length_and_comes_back(
    records: bytes, chunk: int, at_least: int
) -> None:
    sealed = seal_chunk(KEY, chunk, records, nonce=NONCE, at_least=at_least)
    assert len(sealed) == max(at_least, 1024, 2 ** (len(records) + 31).bit_length())
    assert open_chunk(KEY, chunk, sealed) == records


@given(st.integers(0, 1023), st.integers(0, 7))
def test_any_changed_bit_is_refused(position: int, bit: int) -> None:
    sealed = bytearray(seal_chunk(KEY, 1, b"records", nonce=NONCE))
    sealed[position] ^= 1 << bit
    with pytest.raises(DecryptionError, match=REFUSED):
        open_chunk(KEY, 1, bytes(sealed))


def test_opens_with_its_own_key_number_and_length_only() -> None:
    sealed = seal_chunk(KEY, 1, b"records", nonce=NONCE)
    for key, chunk, text in [
        (bytes(32), 1, sealed),
        (KEY, 2, sealed),
        (KEY, 1, sealed[:-1]),
        (KEY, 1, sealed + b"\0"),
        (KEY, 1, sealed[:512]),
        (KEY, 1, sealed * 2),
        (KEY, 1, b""),
    ]:
        with pytest.raises(DecryptionError, match=REFUSED):
            open_chunk(key, chunk, text)


@given(st.binary(max_size=40) | st.binary(min_size=1024, max_size=1024))
def test_any_bytes_are_refused_as_a_chunk(sealed: bytes) -> None:
    with pytest.raises(DecryptionError):
        open_chunk(KEY, 0, sealed)


def test_the_largest_chunk_is_sealed_and_more_refused() -> None:
    assert MAX_RECORDS_BYTES == 4 * 1024 * 1024 - 32
    sealed = seal_chunk(KEY, 0, bytes(MAX_RECORDS_BYTES), nonce=NONCE)
    assert len(sealed) == LARGEST_CHUNK_BYTES
    assert open_chunk(KEY, 0, sealed) == bytes(MAX_RECORDS_BYTES)
    with pytest.raises(TooLargeError):
        seal_chunk(KEY, 0, bytes(MAX_RECORDS_BYTES + 1), nonce=NONCE)


def test_every_key_is_another_one() -> None:
    keys = {derive_chunk_key(KEY, chunk) for chunk in range(300)}
    passkeys = {derive_passkey_wrap(KEY, credential_id=bytes(size)) for size in (1, 2, 1023)}
    assert len(keys | passkeys | {derive_device_key(KEY)}) == 304


def test_a_passkeys_slot_holds_the_vault_key_like_any_other() -> None:
    wrap = derive_passkey_wrap(bytes(32), credential_id=b"id")
    slot = wrap_vault_key(KEY, wrap, nonce=NONCE)
    assert len(slot) == 60
    assert unwrap_vault_key(slot, wrap) == KEY
    with pytest.raises(DecryptionError, match=REFUSED):
        unwrap_vault_key(slot, derive_passkey_wrap(bytes(32), credential_id=b"other"))


def test_parts_of_another_size_are_mistakes_in_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        derive_device_key(bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        open_chunk(bytes(33), 0, bytes(1024))
    for chunk in (-1, 65536):
        with pytest.raises(ValueError, match="no such chunk"):
            seal_chunk(KEY, chunk, b"", nonce=NONCE)
    for at_least in (0, 512, 1025, 2 * LARGEST_CHUNK_BYTES):
        with pytest.raises(ValueError, match="powers of two"):
            seal_chunk(KEY, 0, b"", nonce=NONCE, at_least=at_least)
    for prf, credential in ((bytes(31), b"id"), (bytes(32), b""), (bytes(32), bytes(1024))):
        with pytest.raises(ValueError, match="passkey"):
            derive_passkey_wrap(prf, credential_id=credential)
