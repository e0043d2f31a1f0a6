from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.commitment import commit, verify_commitment
from kith_crypto.errors import SignatureError

KEY = bytes(range(32))


def test_commitments_are_those_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    for name in ("knock", "answer", "message"):
        key, core, commitment = (
            bytes.fromhex(vectors[name][part]) for part in ("frank_key", "core", "commitment")
        )
        assert commit(key, core) == commitment
        verify_commitment(commitment, key, core)


@given(st.binary(max_size=50), st.integers(0, 10_000))
def test_a_commitment_opens_to_its_core_under_its_key_only(core: bytes, bit: int) -> None:
    commitment = commit(KEY, core)
    verify_commitment(commitment, KEY, core)
    other_key, other_commitment = bytearray(KEY), bytearray(commitment)
    other_key[bit % 32] ^= 1
    other_commitment[bit % 32] ^= 1
    for attempt in [
        (commitment, bytes(other_key), core),
        (bytes(other_commitment), KEY, core),
        (commitment[:-1], KEY, core),
        (commitment, KEY, core + b"\0"),
    ]:
        with pytest.raises(SignatureError):
            verify_commitment(*attempt)


@pytest.mark.parametrize("size", [0, 31, 33, 64, 65])
def test_a_key_of_another_size_never_opens_anything(size: int) -> None:
    """HMAC takes a key and the same with zeros behind it for equal; here there is one size."""
    with pytest.raises(ValueError, match="32 bytes"):
        commit(bytes(size), b"core")
    with pytest.raises(ValueError, match="32 bytes"):
        verify_commitment(commit(bytes(32), b"core"), bytes(size), b"core")
