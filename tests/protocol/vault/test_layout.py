"""Which record lies where, and how large it all is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, RemoteError
from kith_protocol.vault.layout import (
    CHUNK_NUMBERS,
    FULL_BYTES,
    choose_number,
    chunk_of,
    pack,
    unpack,
)
from kith_protocol.vault.records import Contents, encode_record, write

DEVICE = b"device 1"


def contents_of(count: int, size: int = 1) -> Contents:
    names = [("page", f"p{number}") for number in range(count)]
    return {name: write({}, name, {"text": "x" * size}, device=DEVICE) for name in names}


@pytest.mark.parametrize("number", CHUNK_NUMBERS)
def test_what_is_packed_is_unpacked(number: int) -> None:
    contents = contents_of(300)
    packed = pack(contents, number=number)
    assert sorted(packed) == list(range(1, number + 1))
    found: Contents = {}
    for chunk, content in packed.items():
        part = unpack(chunk, content, number=number)
        assert all(chunk_of(name, number=number) == chunk for name in part)
        found |= part
    assert found == contents


@given(st.text("abc.-_", min_size=1, max_size=9), st.sampled_from(CHUNK_NUMBERS))
def test_every_name_has_a_chunk(record: str, number: int) -> None:
    assert 1 <= chunk_of(("offer", record), number=number) <= number


def test_there_are_more_chunks_when_there_is_more_and_never_fewer() -> None:
    assert choose_number({}) == 15
    assert choose_number({}, present=63) == 63
    line = len(encode_record(next(iter(contents_of(1, 1000).values())))) + 1
    most = 15 * FULL_BYTES // (line + 2)
    assert choose_number(contents_of(most, 1000)) == 15
    assert choose_number(contents_of(15 * FULL_BYTES // line + 1, 1000)) == 63
    assert choose_number(contents_of(700, 1000)) == 255
    assert choose_number(contents_of(3000, 1000)) == 255


@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_remote_error(content: bytes) -> None:
    try:
        records = unpack(1, content, number=15)
    except RemoteError:
        return
    assert pack(records, number=15)[1] == content


def test_refuses_lines_out_of_order_twice_or_elsewhere() -> None:
    contents = contents_of(300)
    content = pack(contents, number=15)[1]
    lines = content.splitlines(keepends=True)
    assert len(lines) > 2
    for wrong in (
        content[:-1],
        b"".join(reversed(lines)),
        b"".join(sorted([*lines, lines[0]])),
        b"\n" + content,
        content + b"\n",
    ):
        with pytest.raises(MalformedError):
            unpack(1, wrong, number=15)
    with pytest.raises(MalformedError):
        unpack(2, content, number=15)
