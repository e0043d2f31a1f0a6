from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KeyRefusedError, KithError, MalformedError
from kith_crypto.multikey import encode_multikey, parse_multikey


def test_the_fep_521a_key_reads_and_writes(load_vectors: Any) -> None:
    ed25519, rsa = load_vectors("multikey.json")["multikeys"]
    text = ed25519["multikey"]["publicKeyMultibase"]
    assert parse_multikey(text).hex() == ed25519["key_hex"]
    assert encode_multikey(parse_multikey(text)) == text
    with pytest.raises(MalformedError):  # only Ed25519 keys sign objects here
        parse_multikey(rsa["multikey"]["publicKeyMultibase"])


def test_refuses_every_string_the_rules_refuse(load_vectors: Any) -> None:
    cases = load_vectors("multikey.json")["must_reject_ed25519"]
    assert len(cases) == 12
    for case in cases:
        with pytest.raises((MalformedError, KeyRefusedError)):
            parse_multikey(case["value"])


@given(st.binary(min_size=32, max_size=32))
def test_decoding_undoes_encoding(seed: bytes) -> None:
    key = SigningKey.from_seed(seed).verify_key
    text = encode_multikey(key)
    assert text.startswith("z6Mk")
    assert parse_multikey(text) == key


@given(st.text(max_size=60) | st.text("z6Mk1A", max_size=60).map("z6Mk".__add__))
def test_any_text_gives_a_key_or_an_error(text: str) -> None:
    try:
        key = parse_multikey(text)
    except KithError:
        return
    assert encode_multikey(key) == text


def test_refuses_a_tampered_key_or_reads_another(load_vectors: Any) -> None:
    text = load_vectors("multikey.json")["multikeys"][0]["multikey"]["publicKeyMultibase"]
    for position in range(len(text)):
        tampered = (
            text[:position] + ("2" if text[position] != "2" else "3") + text[position + 1 :]
        )
        try:
            assert parse_multikey(tampered) != parse_multikey(text)
        except KithError:
            continue


def test_refuses_long_text_at_once() -> None:
    with pytest.raises(MalformedError):
        parse_multikey("z" * 100_000)
