import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_crypto.hpke import sealing_public_key
from kith_protocol.keyholders_file import (
    MAX_FILE_BYTES,
    encode_keyholders_file,
    parse_keyholders_file,
)
from kith_testing.wire_documents import ASH_KEY, ELM_KEY

SEEDS = {8107: bytes(32), 8108: bytes(range(32))}
RAW = encode_keyholders_file(ASH_KEY, SEEDS)


def test_the_file_holds_the_public_keys_of_each_quarter() -> None:
    keyholders = parse_keyholders_file(RAW)
    assert keyholders.identity == ASH_KEY.verify_key
    assert keyholders.sealing_keys == {
        epoch: sealing_public_key(seed) for epoch, seed in SEEDS.items()
    }
    assert keyholders.quarters[8107].epoch == 8107


def test_no_private_key_is_in_the_file() -> None:
    for seed in (*SEEDS.values(), ASH_KEY.seed):
        assert seed not in RAW
        assert seed.hex().encode() not in RAW


def test_a_quarters_key_stands_for_its_quarter_only() -> None:
    for old, new in ((b"8107", b"8106"), (b'"version":1', b'"version":2')):
        with pytest.raises(MalformedError):
            parse_keyholders_file(RAW.replace(old, new))
    document = msgspec.json.decode(RAW)
    document["quarters"] = []
    with pytest.raises(MalformedError):
        parse_keyholders_file(msgspec.json.encode(document))


def test_further_quarters_stand_beside_those_that_are_kept() -> None:
    kept = parse_keyholders_file(RAW).quarters.values()
    raw = encode_keyholders_file(ASH_KEY, {8109: bytes([7] * 32)}, kept=kept)
    renewed = parse_keyholders_file(raw)
    assert list(renewed.quarters) == [8107, 8108, 8109]
    assert renewed.quarters[8107] == parse_keyholders_file(RAW).quarters[8107]
    for identity, epoch in ((ELM_KEY, 8109), (ASH_KEY, 8108)):
        with pytest.raises(ValueError, match="other keyholders"):
            encode_keyholders_file(identity, {epoch: bytes(32)}, kept=kept)


def test_a_file_that_is_too_long_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        parse_keyholders_file(RAW + b" " * MAX_FILE_BYTES)


@given(st.binary(max_size=60) | st.integers(0, len(RAW) - 1).map(lambda end: RAW[:end]))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(KithError):
        parse_keyholders_file(raw)
