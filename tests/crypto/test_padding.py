import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError, TooLargeError
from kith_crypto.padding import bucket_bytes, frame, is_bucket, unframe


@pytest.mark.parametrize(
    ("needed", "size"), [(0, 16), (16, 16), (17, 32), (32, 32), (33, 64), (64, 64)]
)
def test_the_smallest_size_that_holds_it_is_chosen(needed: int, size: int) -> None:
    assert bucket_bytes(needed, smallest=16, largest=64) == size


def test_nothing_holds_more_than_the_largest_size() -> None:
    with pytest.raises(TooLargeError):
        bucket_bytes(65, smallest=16, largest=64)


def test_sizes_are_powers_of_two_within_their_bounds() -> None:
    sizes = [size for size in range(200) if is_bucket(size, smallest=16, largest=64)]
    assert sizes == [16, 32, 64]


@given(st.binary(max_size=60))
def test_a_frame_hides_the_length_and_gives_back_the_data(data: bytes) -> None:
    framed = frame(data, 64)
    assert len(framed) == 64
    assert unframe(framed) == data


def test_what_does_not_fit_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="fit"):
        frame(bytes(61), 64)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 10, 59, 60])
def test_any_changed_byte_of_length_or_padding_is_refused_or_gives_other_data(
    length: int,
) -> None:
    framed = frame(b"\xff" * length, 64)
    for position in [*range(4), *range(4 + length, 64)]:
        changed = bytearray(framed)
        changed[position] ^= 0x80
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            unframe(bytes(changed))


@pytest.mark.parametrize("framed", [b"", b"\0\0\0", b"\0\0\0\x01", b"\xff" * 8])
def test_refuses_frames_that_are_too_short(framed: bytes) -> None:
    with pytest.raises(DecryptionError):
        unframe(framed)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_frame_in_one_way_or_refused(framed: bytes) -> None:
    try:
        data = unframe(framed)
    except DecryptionError:
        return
    assert frame(data, len(framed)) == framed
