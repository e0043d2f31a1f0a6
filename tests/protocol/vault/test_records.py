"""Records: one spelling, and joining that no order and no repetition changes."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import RemoteError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.day import Day
from kith_protocol.vault.records import (
    MAX_MEMBERS,
    MAX_RECORD_BYTES,
    Contents,
    Name,
    Record,
    encode_record,
    erase,
    forget,
    join,
    parse_record,
    write,
)

ONE, TWO = b"device 1", b"device 2"
NAME = ("persona", "a1")

_values = st.dictionaries(
    st.sampled_from(["a", "b"]),
    st.text(max_size=5) | st.integers(0, 9) | st.booleans() | st.none(),
    max_size=2,
)


@st.composite
def _records(draw: st.DrawFn) -> Record:
    is_deleted = draw(st.booleans())
    value: JsonObject | None = None if is_deleted else dict(draw(_values))
    return Record(
        kind=draw(st.sampled_from(["offer", "persona"])),
        id=draw(st.sampled_from(["a", "b-1", "C_2.d"])),
        rev=draw(st.integers(1, 3)),
        device=draw(st.sampled_from([ONE, TWO])),
        value=value,
        day=Day(draw(st.integers(0, 3))) if is_deleted else Day(0),
    )


_contents = st.lists(_records(), max_size=6).map(
    lambda records: {record.name: record for record in records}
)


@given(_records())
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert parse_record(encode_record(record)) == record


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record_or_a_remote_error(raw: bytes) -> None:
    try:
        record = parse_record(raw)
    except RemoteError:
        return
    assert encode_record(record) == raw


@given(_records(), st.data())
def test_a_changed_line_gives_another_record_or_none(
    record: Record, data: st.DataObject
) -> None:
    raw = bytearray(encode_record(record))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(RemoteError):
        assert parse_record(bytes(raw)) != record


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":1}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":0,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":true,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":1,"value":null}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":1,"value":[]}',
        b'{"device":"AAECAwQFBg","id":"a","kind":"offer","rev":1,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"","kind":"offer","rev":1,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"a/b","kind":"offer","rev":1,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"Offer","rev":1,"value":{}}',
        b'{"day":1,"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":1,"value":{}}',
        b'{"id":"a","device":"AAECAwQFBgc","kind":"offer","rev":1,"value":{}}',
        b'{"device":"AAECAwQFBgc","id":"a","kind":"offer","rev":1,"value":{}}\n',
    ],
)
def test_refuses_what_is_no_record(line: bytes) -> None:
    with pytest.raises(RemoteError):
        parse_record(line)


@given(_contents, _contents, _contents)
def test_joining_does_not_depend_on_order_or_repetition(
    one: Contents, two: Contents, three: Contents
) -> None:
    joined = join(one, two, three)
    assert join(three, one, two) == joined
    assert join(join(one, two), three) == join(one, join(two, three)) == joined
    assert join(joined, two, joined) == joined


@given(_contents, _contents)
def test_joining_keeps_the_greater_of_each_name_and_loses_none(
    one: Contents, two: Contents
) -> None:
    joined = join(one, two)
    assert joined.keys() == one.keys() | two.keys()
    for name, record in joined.items():
        copies = [copy[name] for copy in (one, two) if name in copy]
        assert record in copies
        assert all((record.rev, record.device) >= (copy.rev, copy.device) for copy in copies)


def _with(*records: Record) -> Mapping[Name, Record]:
    return {record.name: record for record in records}


def test_whoever_writes_last_wins_and_a_deletion_is_a_writing() -> None:
    first = write({}, NAME, {"n": 1}, device=TWO)
    assert (first.rev, first.value) == (1, {"n": 1})
    second = write(_with(first), NAME, {"n": 2}, device=ONE)
    gone = erase(_with(second), NAME, device=ONE, today=Day(20_000))
    assert (second.rev, gone.rev) == (2, 3)
    assert join(_with(first), _with(gone), _with(second)) == _with(gone)


def test_of_two_writings_at_once_the_same_one_wins_everywhere() -> None:
    one = write({}, NAME, {"n": 1}, device=ONE)
    two = write({}, NAME, {"n": 2}, device=TWO)
    assert join(_with(one), _with(two)) == join(_with(two), _with(one)) == _with(two)


def test_a_deletion_is_kept_for_45_days() -> None:
    gone = erase({}, NAME, device=ONE, today=Day(100))
    kept = write({}, ("persona", "b"), {}, device=ONE)
    assert forget(_with(gone, kept), today=Day(144)) == _with(gone, kept)
    assert forget(_with(gone, kept), today=Day(145)) == _with(kept)


def _nested(depth: int) -> JsonObject:
    value: JsonValue = 1
    for _ in range(depth):
        value = [value]
    return {"d": value}


@pytest.mark.parametrize(
    "value",
    [
        {"w": [0] * (MAX_MEMBERS + 1)},
        {"w": {str(one): 0 for one in range(MAX_MEMBERS + 1)}},
        _nested(15),
        {"t": "x" * MAX_RECORD_BYTES},
        {"n": 2**53},
        {"a name": 1},
        {"s": "\ud800"},
    ],
)
def test_nothing_is_written_that_no_reader_takes(value: JsonObject) -> None:
    with pytest.raises(ValueError, match="record"):
        write({}, NAME, value, device=ONE)


@pytest.mark.parametrize(
    "value", [{"w": [0] * MAX_MEMBERS}, _nested(14), {"t": "x" * (MAX_RECORD_BYTES - 100)}]
)
def test_what_is_just_within_bounds_is_written(value: JsonObject) -> None:
    assert write({}, NAME, value, device=ONE).value == value


@pytest.mark.parametrize(
    ("kind", "name"),
    [("", "a"), ("a" * 32, "a"), ("A", "a"), ("a", ""), ("a", "a/b"), ("a", "é")],
)
def test_a_name_is_of_few_characters(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        write({}, (kind, name), {}, device=ONE)
