"""Pages of the log, written and read."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, RemoteError
from kith_node.federation.pages import (
    MAX_ITEMS_BYTES,
    Page,
    encode_cursor,
    encode_page,
    page_url,
    parse_cursor,
    parse_page,
)
from kith_node.federation.store import Entry
from kith_protocol.limits import MAX_FETCH_BYTES

ORIGIN = "https://a.example"
OUTBOX = "https://a.example/outbox"


def _entry(sequence: int, activity: bytes = b'{"a":1}') -> Entry:
    return Entry(sequence, f"{ORIGIN}/offers/{sequence}", 1, "create", 30_000, activity)


def test_reads_what_was_written() -> None:
    raw = encode_page(ORIGIN, [_entry(3), _entry(9, b'{"b":[2]}')], after=2)
    page = parse_page(raw, outbox=OUTBOX)
    assert page == Page((b'{"a":1}', b'{"b":[2]}'), encode_cursor(9))


def test_an_empty_page_goes_on_where_it_is() -> None:
    page = parse_page(encode_page(ORIGIN, [], after=7), outbox=OUTBOX)
    assert page == Page((), encode_cursor(7))


def test_a_page_stays_within_one_fetch_and_loses_nothing() -> None:
    large = b'{"a":"' + b"x" * 60_000 + b'"}'
    entries = [_entry(number, large) for number in range(1, 40)]
    seen, after = 0, 0
    while rest := [entry for entry in entries if entry.sequence > after]:
        raw = encode_page(ORIGIN, rest, after=after)
        assert len(raw) <= MAX_FETCH_BYTES
        page = parse_page(raw, outbox=OUTBOX)
        seen += len(page.activities)
        after = parse_cursor(page.cursor)
    assert seen == len(entries)


def test_an_item_that_alone_is_too_long_for_a_page_is_sent_alone() -> None:
    huge = b'"' + b"x" * MAX_ITEMS_BYTES + b'"'
    raw = encode_page(ORIGIN, [_entry(1, huge), _entry(2)], after=0)
    assert len(parse_page(raw, outbox=OUTBOX).activities) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 5000,
        encode_page(ORIGIN, [_entry(1)], after=0).replace(b"OrderedCollectionPage", b"Page"),
        encode_page("https://b.example", [_entry(1)], after=0),
        encode_page(ORIGIN, [], after=0).replace(b"?after=", b"?before="),
        encode_page(ORIGIN, [], after=0).replace(encode_cursor(0).encode(), b"x" * 200),
        encode_page(ORIGIN, [_entry(number) for number in range(1, 600)], after=0),
    ],
    ids=[
        "nothing",
        "list",
        "empty",
        "deep",
        "type",
        "elsewhere",
        "parameter",
        "cursor",
        "many",
    ],
)
def test_refuses_what_is_no_page_of_that_outbox(raw: bytes) -> None:
    with pytest.raises(RemoteError):
        parse_page(raw, outbox=OUTBOX)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_page_or_a_remote_error(raw: bytes) -> None:
    try:
        parse_page(raw, outbox=OUTBOX)
    except RemoteError:
        return
    assert isinstance(msgspec.json.decode(raw), dict)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_cursor_is_its_sequence(sequence: int) -> None:
    assert parse_cursor(encode_cursor(sequence)) == sequence


def test_no_cursor_is_the_start_and_a_huge_one_the_end() -> None:
    assert parse_cursor("") == 0
    assert parse_cursor("_" * 10 + "8") == 2**63 - 1


@pytest.mark.parametrize("text", ["a", "AAAAAAAAAA=", "A" * 12, "!" * 11])
def test_refuses_cursors_that_are_none_of_ours(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_cursor(text)


def test_a_page_is_asked_for_by_cursor_and_size() -> None:
    assert page_url(OUTBOX, "") == f"{OUTBOX}?limit=200"
    assert page_url(OUTBOX, "abc", 5) == f"{OUTBOX}?after=abc&limit=5"
