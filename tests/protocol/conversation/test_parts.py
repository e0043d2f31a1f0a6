"""Long things in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import MalformedError, TooLargeError
from kith_protocol.conversation.bodies import Part, encode_body, read_body
from kith_protocol.conversation.parts import (
    MAX_FILE_BYTES,
    PART_BYTES,
    join_parts,
    split_file,
)
from kith_testing.rng import SeededRng

RNG = SeededRng(4)


def split(data: bytes) -> tuple[Part, ...]:
    return split_file(data, name="a.bin", media="", rng=RNG)


@given(st.integers(1, 4 * PART_BYTES), st.randoms(use_true_random=False))
def test_parts_in_any_order_and_twice_make_the_whole(size: int, random: object) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    parts = list(split(data))
    parts += parts[:1]
    random.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis' Random
    assert join_parts(parts) == data


def test_the_largest_file_fits_the_most_parts() -> None:
    parts = split(bytes(MAX_FILE_BYTES))
    assert len(parts) == 47
    assert all(read_body(encode_body(part, ack={}, turn=None)).body == part for part in parts)
    assert join_parts(parts) == bytes(MAX_FILE_BYTES)


@pytest.mark.parametrize("size", [0, MAX_FILE_BYTES + 1])
def test_refuses_what_is_empty_or_too_long(size: int) -> None:
    with pytest.raises(TooLargeError):
        split(bytes(size))


def test_refuses_parts_that_do_not_belong_together() -> None:
    one, two, three = split(bytes(PART_BYTES * 2) + b"end")
    other = split(b"other" + bytes(PART_BYTES * 2))
    cases: tuple[tuple[Part, ...], ...] = (
        (),
        (one, two),
        (one, three),
        (two, three),
        (one, other[1], three),
        (one, two, three, replace(two, data="AAAA")),
        (replace(one, data="AAAA"), two, three),
        (one, two, replace(three, hash=other[2].hash)),
    )
    for parts in cases:
        with pytest.raises(MalformedError):
            join_parts(parts)
