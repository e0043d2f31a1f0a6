"""What a client hands in: one spelling, nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.envelope import SEALED_SIZES, Unstamped
from kith_crypto.errors import MalformedError
from kith_protocol.hand_in import (
    MAX_HAND_IN_BYTES,
    HandIn,
    encode_hand_in,
    parse_hand_in,
)

UNSTAMPED = Unstamped(b"b" * 16, b"c" * 32, bytes(4096))
NODE = "https://kith.example"

origins = st.sampled_from(
    [NODE, "https://a.b", "https://x.example:8443", "https://xn--a.example"]
)
hand_ins = st.builds(
    HandIn,
    to=origins,
    is_slow=st.booleans(),
    unstamped=st.builds(
        Unstamped,
        box=st.binary(min_size=16, max_size=16),
        commitment=st.binary(min_size=32, max_size=32),
        sealed=st.sampled_from(SEALED_SIZES[:2]).map(bytes),
    ),
)


@given(hand_ins)
@settings(max_examples=50)
def test_what_was_encoded_is_read_again(hand_in: HandIn) -> None:
    assert parse_hand_in(encode_hand_in(hand_in)) == hand_in


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_spelt_in_the_one_way(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_hand_in(raw)  # too short for any sealed text


@given(hand_ins, st.data())
@settings(max_examples=100)
def test_a_changed_byte_is_refused_or_means_something_else(
    hand_in: HandIn, data: st.DataObject
) -> None:
    raw = bytearray(encode_hand_in(hand_in))
    place = data.draw(st.integers(0, len(hand_in.to) + 60))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        read = parse_hand_in(bytes(raw))
    except MalformedError:
        return
    assert read != hand_in
    assert encode_hand_in(read) == bytes(raw)


@pytest.mark.parametrize("sealed", SEALED_SIZES)
def test_all_sizes_of_sealed_texts_fit(sealed: int) -> None:
    unstamped = Unstamped(b"b" * 16, b"c" * 32, bytes(sealed))
    raw = encode_hand_in(HandIn(NODE, is_slow=True, unstamped=unstamped))
    assert len(raw) <= MAX_HAND_IN_BYTES
    assert parse_hand_in(raw).is_slow


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\x02" + raw[1:],
        lambda raw: raw[:1] + b"\x02" + raw[2:],
        lambda raw: raw[:1] + b"\xff" + raw[2:],
        lambda raw: raw + b"\0",
        lambda raw: raw[:-1],
        lambda raw: raw[:2] + b"\0" + raw[3 + len(NODE) :],
        lambda raw: raw.replace(b"https", b"HTTPS"),
        lambda raw: raw.replace(b"kith.example", b"kith.exampl/"),
        lambda raw: raw.replace(b"kith.example", b"kith.ex\xc3\xa9ple"[:12]),
        lambda raw: b"",
    ],
)
def test_another_spelling_is_refused(change: Callable[[bytes], bytes]) -> None:
    raw = encode_hand_in(HandIn(NODE, is_slow=False, unstamped=UNSTAMPED))
    assert parse_hand_in(raw).to == NODE
    with pytest.raises(MalformedError):
        parse_hand_in(change(raw))


def test_loopback_is_taken_in_development_only() -> None:
    raw = encode_hand_in(HandIn("http://127.0.0.1:8471", is_slow=False, unstamped=UNSTAMPED))
    assert parse_hand_in(raw, development=True).to == "http://127.0.0.1:8471"
    with pytest.raises(MalformedError):
        parse_hand_in(raw)


def test_an_origin_that_is_too_long_cannot_be_handed_in() -> None:
    with pytest.raises(ValueError, match="255"):
        encode_hand_in(HandIn("https://" + "a" * 248, is_slow=False, unstamped=UNSTAMPED))
