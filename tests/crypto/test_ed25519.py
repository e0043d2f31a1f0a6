from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.ed25519 import (
    SigningKey,
    VerifyKey,
    parse_verify_key,
    verify_ed25519,
)
from kith_crypto.errors import KeyRefusedError, SignatureError
from kith_testing.rng import SeededRng

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493


def _verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        verify_ed25519(parse_verify_key(key), signature, message)
    except (SignatureError, KeyRefusedError):
        return False
    return True


def test_every_published_signature_is_made_and_verified(load_vectors: Any) -> None:
    vectors = load_vectors("ed25519.json")["vectors"]
    assert len(vectors) == 7
    for vector in vectors:
        key = SigningKey.from_seed(bytes.fromhex(vector["secret_key"]))
        message, signature = (bytes.fromhex(vector[m]) for m in ("message", "signature"))
        assert key.verify_key.hex() == vector["public_key"], vector["name"]
        assert (key.sign(message) == signature) is (vector["expect"] == "valid")
        assert _verifies(key.verify_key, signature, message) is (vector["expect"] == "valid")
        assert not _verifies(key.verify_key, signature, message + b"\0")
        for position in range(64):
            tampered = bytearray(signature)
            tampered[position] ^= 1
            assert not _verifies(key.verify_key, bytes(tampered), message), vector["name"]


def test_every_wycheproof_case_gives_its_result(load_vectors: Any) -> None:
    cases = load_vectors("ed25519.json")["wycheproof"]
    assert len(cases) == 75
    for case in cases:
        parts = [bytes.fromhex(case[part]) for part in ("public_key", "signature", "message")]
        assert _verifies(*parts) is (case["result"] == "valid"), case["tcId"]


def test_refuses_every_key_of_small_order(load_vectors: Any) -> None:
    points = load_vectors("ed25519.json")["small_order_points"]
    assert len(points) == 8
    for point in points:
        with pytest.raises(KeyRefusedError):
            parse_verify_key(bytes.fromhex(point))


def test_the_library_alone_would_take_the_forgery(load_vectors: Any) -> None:
    """Shows why the check is ours: without it the fixed signature verifies."""
    forgery = load_vectors("ed25519.json")["small_order_forgery"]
    signature, message = (bytes.fromhex(forgery[m]) for m in ("signature_hex", "message_hex"))
    unchecked = VerifyKey(bytes.fromhex(forgery["library_accepts"][0]))
    verify_ed25519(unchecked, signature, message)
    assert not _verifies(unchecked, signature, message)


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", [*range(PRIME, 2**255), 1, PRIME - 1])
def test_refuses_non_canonical_encodings(y: int, sign: int) -> None:
    with pytest.raises(KeyRefusedError):
        parse_verify_key((y | sign).to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_refuses_a_key_of_another_length(size: int) -> None:
    with pytest.raises(KeyRefusedError):
        parse_verify_key(b"\x42" * size)


def test_refuses_a_scalar_that_is_not_reduced() -> None:
    key = SigningKey.generate(SeededRng())
    signature = key.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    malleated = signature[:32] + scalar.to_bytes(32, "little")
    with pytest.raises(SignatureError):
        verify_ed25519(key.verify_key, malleated, b"message")


@given(st.binary(min_size=30, max_size=34), st.binary(max_size=70), st.binary(max_size=5))
def test_any_bytes_verify_or_are_refused(key: bytes, signature: bytes, message: bytes) -> None:
    assert not _verifies(key, signature, message)


def test_a_key_that_is_no_point_verifies_nothing() -> None:
    no_point = parse_verify_key((2).to_bytes(32, "little"))
    with pytest.raises(SignatureError):
        verify_ed25519(no_point, bytes(64), b"")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_what_a_key_signs_it_verifies(seed: bytes, message: bytes) -> None:
    key = SigningKey.from_seed(seed)
    verify_ed25519(parse_verify_key(key.verify_key), key.sign(message), message)


def test_a_generated_key_takes_its_seed_from_the_source() -> None:
    key = SigningKey.generate(SeededRng(7))
    assert key.seed == SeededRng(7).bytes(32)
    assert SigningKey.from_seed(key.seed).verify_key == key.verify_key


def test_a_signing_key_shows_nothing_when_printed() -> None:
    key = SigningKey.generate(SeededRng())
    assert repr(key) == str(key) == "SigningKey(...)"


def test_a_seed_of_another_size_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey.from_seed(b"short")
