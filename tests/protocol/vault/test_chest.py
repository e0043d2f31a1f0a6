"""The vault as stored: sizes, the index, and what a node cannot do unseen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import DecryptionError
from kith_crypto.hashes import sha256
from kith_protocol.vault.chest import (
    Stored,
    Writing,
    judge_index,
    open_data,
    open_index,
    seal_vault,
)
from kith_protocol.vault.layout import chunk_of
from kith_protocol.vault.records import Contents, Record, write
from kith_testing.rng import SeededRng

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
DEVICE = b"device 1"
KIB = 1024


def contents_of(count: int, size: int = 10) -> Contents:
    names = [("page", f"p{number}") for number in range(count)]
    return {name: write({}, name, {"text": "x" * size}, device=DEVICE) for name in names}


def first(contents: Contents, *, key: bytes = KEY) -> Writing:
    return seal_vault(key, contents, before=None, changed=None, device=DEVICE, rng=SeededRng(1))


def after(
    contents: Contents, before: Stored, changed: set[int] | None, *, key: bytes = KEY
) -> Writing:
    return seal_vault(
        key, contents, before=before, changed=changed, device=DEVICE, rng=SeededRng(2)
    )


def read(chunks: dict[int, bytes], *, key: bytes = KEY) -> Contents:
    index = open_index(key, chunks[0])
    found: Contents = {}
    for chunk in range(1, index.number + 1):
        found |= open_data(key, chunk, chunks[chunk], index=index)
    return found


def test_a_new_vault_is_256_kib_whatever_is_in_it() -> None:
    for count in (0, 1, 100):
        chunks = first(contents_of(count)).chunks
        assert sorted(chunks) == list(range(16))
        assert {len(chunk) for chunk in chunks.values()} == {16 * KIB}


@pytest.mark.parametrize(("count", "size"), [(0, 0), (40, 100), (300, 1000), (700, 1000)])
def test_what_is_sealed_is_opened(count: int, size: int) -> None:
    contents = contents_of(count, size)
    writing = first(contents)
    assert read(writing.chunks) == contents
    assert writing.stored.index == open_index(KEY, writing.chunks[0])
    assert writing.stored.mark == sha256(writing.chunks[0])


def test_one_record_more_is_one_chunk_and_the_index() -> None:
    contents = contents_of(40)
    old = first(contents)
    name = ("page", "new")
    contents[name] = write({}, name, {"text": "hello"}, device=DEVICE)
    chunk = chunk_of(name, number=15)
    new = after(contents, old.stored, {chunk})
    assert sorted(new.chunks) == [0, chunk]
    assert new.stored.index.version == 2
    assert read(old.chunks | new.chunks) == contents


def test_a_chunk_does_not_shrink_alone() -> None:
    name = ("page", "large")
    large = {name: write({}, name, {"text": "x" * 30_000}, device=DEVICE)}
    chunk = chunk_of(name, number=15)
    old = first(large)
    assert len(old.chunks[chunk]) == 32 * KIB
    new = after({}, old.stored, {chunk})
    assert len(new.chunks[chunk]) == 32 * KIB
    assert read(old.chunks | new.chunks) == {}
    anew = after({}, new.stored, None)
    assert set(anew.stored.sizes) == {16 * KIB}
    assert anew.size_bytes == 256 * KIB


def test_more_chunks_are_a_vault_written_anew() -> None:
    old = first(contents_of(10))
    contents = contents_of(300, 1000)
    new = after(contents, old.stored, {1})
    assert sorted(new.chunks) == list(range(64))
    assert read(new.chunks) == contents


def test_the_version_is_greater_than_any_seen() -> None:
    old = first({})
    writing = seal_vault(
        KEY, {}, before=old.stored, changed=(), device=DEVICE, seen=7, rng=SeededRng(3)
    )
    assert writing.stored.index.version == 8
    assert sorted(writing.chunks) == [0]


def test_an_old_chunk_does_not_open_under_a_new_index() -> None:
    contents = contents_of(40)
    old = first(contents)
    changed = dict(contents)
    [name, record] = next(iter(contents.items()))
    changed[name] = replace(record, rev=2)
    chunk = chunk_of(name, number=15)
    new = after(changed, old.stored, {chunk})
    index = open_index(KEY, new.chunks[0])
    with pytest.raises(DecryptionError):
        open_data(KEY, chunk, old.chunks[chunk], index=index)


def test_after_a_new_key_nothing_old_opens_and_with_the_old_key_nothing_new() -> None:
    contents = contents_of(40)
    old = first(contents)
    new = after(contents, old.stored, None, key=OTHER_KEY)
    assert sorted(new.chunks) == list(range(16))
    assert read(new.chunks, key=OTHER_KEY) == contents
    old_index, new_index = old.stored.index, new.stored.index
    for chunk in range(1, 16):
        with pytest.raises(DecryptionError):
            open_data(OTHER_KEY, chunk, old.chunks[chunk], index=old_index)
        with pytest.raises(DecryptionError):
            open_data(KEY, chunk, new.chunks[chunk], index=new_index)
    for key, raw in ((OTHER_KEY, old.chunks[0]), (KEY, new.chunks[0])):
        with pytest.raises(DecryptionError):
            open_index(key, raw)


def test_a_chunk_does_not_open_in_another_place() -> None:
    chunks = first(contents_of(40)).chunks
    with pytest.raises(DecryptionError):
        open_index(KEY, chunks[1])
    index = open_index(KEY, chunks[0])
    swapped = replace(index, hashes=(sha256(chunks[2]), *index.hashes[1:]))
    with pytest.raises(DecryptionError):
        open_data(KEY, 1, chunks[2], index=swapped)


SEALED = first(contents_of(40))


@settings(max_examples=200)
@given(st.integers(0, 16 * KIB - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(place: int, change: int) -> None:
    index = open_index(KEY, SEALED.chunks[0])
    first_chunk, second_chunk = (bytearray(SEALED.chunks[chunk]) for chunk in (0, 1))
    first_chunk[place] ^= change
    second_chunk[place] ^= change
    with pytest.raises(DecryptionError):
        open_index(KEY, bytes(first_chunk))
    with pytest.raises(DecryptionError):
        open_data(KEY, 1, bytes(second_chunk), index=index)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(DecryptionError):
        open_index(KEY, raw)


def test_an_index_is_judged_by_what_was_seen() -> None:
    index = replace(SEALED.stored.index, version=5)
    mark, other = bytes(32), bytes([1]) * 32
    assert judge_index(index, mark, seen=4, seen_mark=other) == "new"
    assert judge_index(index, mark, seen=5, seen_mark=mark) == "same"
    assert judge_index(index, mark, seen=5, seen_mark=other) == "forked"
    assert judge_index(index, mark, seen=6, seen_mark=mark) == "rolled-back"


def test_shows_nothing_by_itself() -> None:
    assert repr(Record("offer", "a", 1, DEVICE, {"secret": "x"})) == "Record(...)"
