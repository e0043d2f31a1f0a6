import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.envelope import (
    ENVELOPE_HEAD_BYTES,
    MAX_DAY,
    MAX_ENVELOPE_BYTES,
    SEALED_SIZES,
    UNSTAMPED_HEAD_BYTES,
    Envelope,
    Unstamped,
    encode_envelope,
    encode_unstamped,
    parse_envelope,
    parse_unstamped,
)
from kith_crypto.errors import MalformedError, RemoteError

UNSTAMPED = Unstamped(b"b" * 16, b"c" * 32, b"s" * 4096)
ENVELOPE = Envelope(b"b" * 16, b"c" * 32, 20_780, b"w" * 1228, b"t" * 64, b"s" * 4096)


def test_the_envelopes_of_the_vectors_are_read_and_written(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    for name, size in [("knock", 9537), ("answer", 9537), ("message", 5441)]:
        raw = bytes.fromhex(vectors[name]["envelope"])
        envelope = parse_envelope(raw)
        assert len(raw) == size
        assert encode_envelope(envelope) == raw
        assert envelope.box.hex() == vectors[name]["box"]
        assert envelope.commitment.hex() == vectors[name]["commitment"]
        assert envelope.day == vectors["day"]
        handed_in = Unstamped(envelope.box, envelope.commitment, envelope.sealed)
        assert parse_unstamped(encode_unstamped(handed_in)) == handed_in


def test_there_are_five_sizes_of_an_envelope() -> None:
    assert (ENVELOPE_HEAD_BYTES, UNSTAMPED_HEAD_BYTES, MAX_ENVELOPE_BYTES) == (1345, 49, 66881)
    sizes = [
        len(encode_envelope(replace(ENVELOPE, sealed=bytes(size)))) for size in SEALED_SIZES
    ]
    assert sizes == [5441, 9537, 17729, 34113, 66881]


@pytest.mark.parametrize(
    "size", [0, 1, 49, 1345, 1344, 1345 + 2048, 5440, 5442, 1345 + 131072, 1345 + 12288]
)
def test_refuses_every_other_size(size: int) -> None:
    with pytest.raises(MalformedError):
        parse_envelope(b"\x01" + bytes(size)[1:])
    with pytest.raises(MalformedError):
        parse_unstamped(b"\x01" + bytes(size)[1:])


@pytest.mark.parametrize("version", [0, 2, 255])
def test_refuses_another_version(version: int) -> None:
    with pytest.raises(MalformedError):
        parse_envelope(bytes((version,)) + encode_envelope(ENVELOPE)[1:])
    with pytest.raises(MalformedError):
        parse_unstamped(bytes((version,)) + encode_unstamped(UNSTAMPED)[1:])


def test_the_last_day_is_read_and_the_next_refused() -> None:
    raw = encode_envelope(replace(ENVELOPE, day=MAX_DAY))
    assert parse_envelope(raw).day == MAX_DAY
    with pytest.raises(MalformedError):
        parse_envelope(raw[:49] + (MAX_DAY + 1).to_bytes(4, "big") + raw[53:])


@given(st.binary(max_size=100), st.sampled_from(SEALED_SIZES), st.binary(min_size=1))
def test_any_bytes_are_an_envelope_in_one_spelling_or_refused(
    start: bytes, size: int, fill: bytes
) -> None:
    for total in (ENVELOPE_HEAD_BYTES + size, UNSTAMPED_HEAD_BYTES + size, len(start)):
        raw = (start + fill * (total // len(fill) + 1))[:total]
        with contextlib.suppress(RemoteError):
            assert encode_envelope(parse_envelope(raw)) == raw
        with contextlib.suppress(RemoteError):
            assert encode_unstamped(parse_unstamped(raw)) == raw


@pytest.mark.parametrize(
    "parts",
    [
        {"box": bytes(15)},
        {"commitment": bytes(33)},
        {"day": -1},
        {"day": MAX_DAY + 1},
        {"wrapped_seal": bytes(1227)},
        {"stamp": bytes(63)},
        {"sealed": bytes(4095)},
    ],
)
def test_parts_of_another_size_are_mistakes_in_the_program(parts: Any) -> None:
    with pytest.raises(ValueError):
        encode_envelope(replace(ENVELOPE, **parts))


@pytest.mark.parametrize("parts", [{"box": b""}, {"commitment": b""}, {"sealed": b""}])
def test_so_they_are_in_what_is_handed_in(parts: Any) -> None:
    with pytest.raises(ValueError):
        encode_unstamped(replace(UNSTAMPED, **parts))
