from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.base58 import (
    MAX_BYTES,
    MAX_CHARACTERS,
    encode_base58btc,
    parse_base58btc,
)
from kith_crypto.errors import MalformedError


def test_every_published_pair_converts_both_ways(load_vectors: Any) -> None:
    for pair in load_vectors("multikey.json")["base58btc"]:
        raw = bytes.fromhex(pair["hex"])
        assert encode_base58btc(raw) == pair["base58"]
        assert parse_base58btc(pair["base58"]) == raw


@given(st.binary(max_size=80))
def test_decoding_undoes_encoding(data: bytes) -> None:
    assert parse_base58btc(encode_base58btc(data)) == data


@given(st.text(max_size=20) | st.text("1zA0OIl", max_size=20))
def test_any_text_gives_its_own_bytes_or_an_error(text: str) -> None:
    try:
        data = parse_base58btc(text)
    except MalformedError:
        return
    assert encode_base58btc(data) == text


def test_the_longest_value_fits() -> None:
    data = b"\xff" * MAX_BYTES
    assert parse_base58btc(encode_base58btc(data)) == data


def test_refuses_long_text_before_the_quadratic_work() -> None:
    with pytest.raises(MalformedError):
        parse_base58btc("z" * (MAX_CHARACTERS + 1))


def test_encoding_too_much_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode_base58btc(bytes(MAX_BYTES + 1))
