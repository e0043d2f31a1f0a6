"""Pages of a mailbox: what goes in comes out, every page has one form, sizes say little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.envelope import ENVELOPE_HEAD_BYTES, MAX_ENVELOPE_BYTES, SEALED_SIZES
from kith_crypto.errors import MalformedError
from kith_protocol.box_page import (
    MAX_NODE_CHARACTERS,
    MAX_PAGE_BYTES,
    MIN_PAGE_BYTES,
    BoxItem,
    count_fitting,
    encode_box_page,
    item_bytes,
    parse_box_page,
)
from kith_protocol.day import MAX_DAY, Day

NODE = "https://node.example"
SIZES = tuple(ENVELOPE_HEAD_BYTES + sealed for sealed in SEALED_SIZES)
SMALLEST = SIZES[0]


def item(number: int = 1, *, size: int = SMALLEST, node: str = NODE) -> BoxItem:
    return BoxItem(
        id=bytes([number]) * 16, day=Day(20_000), node=node, envelope=bytes([number]) * size
    )


ITEMS = st.lists(
    st.builds(
        BoxItem,
        id=st.binary(min_size=16, max_size=16),
        day=st.integers(0, MAX_DAY).map(Day),
        node=st.sampled_from([NODE, "http://127.0.0.1:8470", "https://xn--bcher-kva.example"]),
        envelope=st.builds(
            lambda size, byte: byte * size,
            st.sampled_from(SIZES[:2]),
            st.binary(min_size=1, max_size=1),
        ),
    ),
    max_size=6,
)


@given(items=ITEMS, has_more=st.booleans())
def test_a_page_is_read_as_it_was_written(items: list[BoxItem], has_more: bool) -> None:
    page = parse_box_page(encode_box_page(items, has_more=has_more))
    assert (page.items, page.has_more) == (tuple(items), has_more)


@given(items=ITEMS, has_more=st.booleans())
def test_a_page_is_the_smallest_power_of_two_that_holds_it(
    items: list[BoxItem], has_more: bool
) -> None:
    raw = encode_box_page(items, has_more=has_more)
    used = 4 + sum(item_bytes(node=one.node, envelope_bytes=len(one.envelope)) for one in items)
    allowed = [1 << bits for bits in range(13, 19)]
    assert len(raw) == min(size for size in allowed if size >= used)


@given(raw=st.binary(max_size=600), size=st.sampled_from([MIN_PAGE_BYTES, 16_384, 600]))
def test_any_bytes_give_a_page_or_a_refusal(raw: bytes, size: int) -> None:
    whole = raw.ljust(size, b"\0")
    try:
        page = parse_box_page(whole)
    except MalformedError:
        return
    assert encode_box_page(page.items, has_more=page.has_more) == whole


@given(position=st.integers(0, MIN_PAGE_BYTES - 1), change=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_gives_another_page(position: int, change: int) -> None:
    raw = bytearray(encode_box_page([item()], has_more=False))
    before = parse_box_page(bytes(raw))
    raw[position] ^= change
    try:
        page = parse_box_page(bytes(raw))
    except MalformedError:
        return
    assert page != before


def test_an_empty_page_and_one_with_a_small_envelope_are_of_one_size() -> None:
    empty = encode_box_page([], has_more=False)
    assert len(empty) == len(encode_box_page([item()], has_more=True)) == MIN_PAGE_BYTES


def test_three_envelopes_of_the_largest_size_fit_a_page_and_a_fourth_does_not() -> None:
    largest = [item(number, size=MAX_ENVELOPE_BYTES) for number in range(4)]
    assert len(encode_box_page(largest[:3], has_more=True)) == MAX_PAGE_BYTES
    with pytest.raises(ValueError, match="more than a page"):
        encode_box_page(largest, has_more=False)


def test_counting_stops_at_the_last_byte_of_a_page() -> None:
    room = MAX_PAGE_BYTES - 4
    assert count_fitting([room]) == 1
    assert count_fitting([room - 1, 1]) == 2
    assert count_fitting([room, 1]) == 1
    assert count_fitting([room + 1]) == 0
    assert count_fitting([]) == 0


def test_another_version_is_refused() -> None:
    raw = encode_box_page([], has_more=False)
    with pytest.raises(MalformedError):
        parse_box_page(b"\2" + raw[1:])


def test_a_page_of_twice_the_size_it_needs_is_refused() -> None:
    raw = encode_box_page([item()], has_more=False)
    with pytest.raises(MalformedError):
        parse_box_page(raw.ljust(2 * len(raw), b"\0"))


def test_a_byte_in_the_padding_is_refused() -> None:
    raw = encode_box_page([item()], has_more=False)
    with pytest.raises(MalformedError):
        parse_box_page(raw[:-1] + b"\1")


def test_an_item_whose_envelope_is_cut_off_is_refused() -> None:
    raw = encode_box_page([item(size=SIZES[1])], has_more=False)
    with pytest.raises(MalformedError):
        parse_box_page(raw[:MIN_PAGE_BYTES])


@pytest.mark.parametrize(
    "wrong",
    [
        replace(item(), id=bytes(15)),
        replace(item(), envelope=bytes(SMALLEST - 1)),
        replace(item(), envelope=bytes(MAX_ENVELOPE_BYTES + 1)),
        replace(item(), day=Day(MAX_DAY + 1)),
        replace(item(), day=Day(-1)),
        replace(item(), node=""),
        replace(item(), node="https://b\u00fccher.example"),
        replace(item(), node="https://two words"),
        replace(item(), node="x" * (MAX_NODE_CHARACTERS + 1)),
    ],
)
def test_what_is_no_item_is_not_written(wrong: BoxItem) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode_box_page([wrong], has_more=False)


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (1, 2),  # whether there is more
        (4 + 16, 255),  # a day in the far future
        (4 + 16 + 4, 0),  # no origin
        (4 + 16 + 4 + 1, 0x20),  # a space in the origin
        (4 + 16 + 4 + 1 + len(NODE), 1),  # an envelope of 16 MiB
    ],
)
def test_what_is_no_item_is_not_read(position: int, value: int) -> None:
    raw = bytearray(encode_box_page([item()], has_more=False))
    raw[position] = value
    with pytest.raises(MalformedError):
        parse_box_page(bytes(raw))
