from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError
from kith_crypto.tokens import (
    TOKEN_BYTES,
    Session,
    keyed_hash,
    open_session,
    reader_pass,
    seal_session,
)

KEY = bytes(range(32))


def _seal(
    member_id: bytes = b"m" * 16, epoch: bytes = b"e" * 8, device: bytes = b"d" * 8
) -> bytes:
    return seal_session(KEY, member_id=member_id, epoch=epoch, device=device, nonce=bytes(12))


def test_the_session_vector_seals_and_opens(load_vectors: Any) -> None:
    vector = load_vectors("kith_keys.json")["session"]
    day_key, member_id, epoch, device, nonce, token = (
        bytes.fromhex(vector[part])
        for part in ("day_key", "member_id", "epoch", "device", "nonce", "token")
    )
    made = seal_session(day_key, member_id=member_id, epoch=epoch, device=device, nonce=nonce)
    assert made == token
    assert open_session(day_key, token) == Session(member_id, epoch, device)


def test_opens_only_whole_under_its_own_day_key() -> None:
    token = _seal()
    assert len(token) == TOKEN_BYTES
    attempts = [(bytes(32), token), (KEY, token[:-1]), (KEY, token + b"\0"), (KEY, b"")]
    for position in range(TOKEN_BYTES):
        tampered = bytearray(token)
        tampered[position] ^= 0x80
        attempts.append((KEY, bytes(tampered)))
    for key, text in attempts:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            open_session(key, text)


@given(st.binary(max_size=80))
def test_any_bytes_are_refused(token: bytes) -> None:
    with pytest.raises(DecryptionError):
        open_session(KEY, token)


@pytest.mark.parametrize("sizes", [(15, 8, 8), (16, 9, 8), (16, 8, 7)])
def test_parts_of_another_size_are_mistakes_in_the_program(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="member id"):
        _seal(bytes(sizes[0]), bytes(sizes[1]), bytes(sizes[2]))


def test_a_session_shows_nothing_when_printed() -> None:
    assert repr(open_session(KEY, _seal())) == "Session(...)"


def test_reader_passes_are_those_of_the_vectors_and_change_daily(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")["reader_passes"]
    passes = [reader_pass(bytes.fromhex(v["secret"]), v["day"]).hex() for v in vectors]
    assert passes == [v["reader_pass"] for v in vectors]
    assert len(set(passes)) == 2


def test_a_keyed_hash_is_that_of_the_vector_and_needs_the_key(load_vectors: Any) -> None:
    vector = load_vectors("kith_keys.json")["keyed_hash"]
    key, value = bytes.fromhex(vector["key"]), bytes.fromhex(vector["value"])
    assert keyed_hash(key, value).hex() == vector["hash"]
    assert keyed_hash(KEY, value) != keyed_hash(key, value)
