import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_protocol.batch import (
    ItemResult,
    encode_batch,
    encode_results,
    parse_batch,
    parse_results,
    split_batches,
)
from kith_protocol.limits import MAX_ACTIVITY_BYTES, MAX_BATCH_BYTES, MAX_BATCH_ITEMS

ITEM = b'{"type":"Create","id":"https://ash.example/activities/1"}'


def page(items: bytes) -> bytes:
    return b'{"type":"OrderedCollectionPage","orderedItems":[' + items + b"]}"


def test_items_come_back_as_the_bytes_they_are() -> None:
    items = [ITEM, b'{ "a" : 1 }', b"[]"]
    assert parse_batch(encode_batch(items)) == items


def test_a_batch_may_be_printed_in_any_way() -> None:
    raw = b'{ "orderedItems" : [ {"a": 1} , {"b":2} ],\n"@context":"x",'
    assert parse_batch(raw + b'"type":"OrderedCollectionPage"}') == [b'{"a": 1}', b'{"b":2}']


@pytest.mark.parametrize(
    "bad",
    [
        b'{"a":1,"a":2}',
        b"1e400",
        b'"\\ud800"',
        b'"\xff"',
        b'"\x00"',
        b'"\\q"',
        b"NaN",
        b"01",
        b"nonsense",
        b'{"a" 1}',
        b"",
        b"[" * 60 + b"]" * 60,
        b"[" * 5000 + b"]" * 5000,
        b'"],[\\"{"',
    ],
)
def test_a_bad_item_does_not_spoil_the_others(bad: bytes) -> None:
    assert parse_batch(page(b" , ".join([ITEM, bad, ITEM]))) == [ITEM, bad, ITEM]


def test_a_batch_with_a_bad_item_may_be_printed_in_any_way() -> None:
    raw = b' { "x": {"orderedItems": [7]}, "orderedItems" :\n[NaN, [1, 2] ],'
    assert parse_batch(raw + b'"type": "OrderedCollectionPage" } ') == [b"NaN", b"[1, 2]"]


def test_a_batch_has_an_end() -> None:
    assert len(parse_batch(page(b",".join([b"1"] * MAX_BATCH_ITEMS)))) == MAX_BATCH_ITEMS
    with pytest.raises(TooLargeError):
        parse_batch(page(b",".join([b"1"] * (MAX_BATCH_ITEMS + 1))))
    full = page(b'"' + b"x" * (MAX_BATCH_BYTES - len(page(b'""'))) + b'"')
    assert len(full) == MAX_BATCH_BYTES
    assert len(parse_batch(full)) == 1
    with pytest.raises(TooLargeError):
        parse_batch(full + b" ")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        page(b""),
        page(b"1") + b"x",
        page(b"1") + b"}",
        page(b"NaN") + page(b"NaN"),
        b'{"type":"Collection","orderedItems":[1]}',
        b'{"type":"OrderedCollectionPage","orderedItems":{}}',
        b'{"type":"OrderedCollectionPage","items":[1]}',
        page(b"[" * 90_000),
        page(b"]"),
        page(b'"'),
        page(b"]}" * 90_000),
        page(b'"' * 99_999),
        page(b"NaN") + b"]",
        page(b"NaN").replace(b"Ordered", b""),
        b'{"type":"OrderedCollectionPage","orderedItems":NaN}',
        b'{"type":"OrderedCollectionPage","orderedItems":[]',
    ],
)
def test_refuses_what_is_no_batch(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_batch(raw)


def test_a_batch_of_brackets_is_refused_before_it_takes_time() -> None:
    for many in (b"[" * 200_000, b'"a",' * 100_000 + b"NaN"):
        with pytest.raises(TooLargeError):
            parse_batch(page(many))


@given(st.lists(st.integers(0, MAX_ACTIVITY_BYTES), max_size=60))
def test_splitting_keeps_order_and_limits(sizes: list[int]) -> None:
    items = [b"1" * max(size, 1) for size in sizes]
    batches = list(split_batches(items))
    assert [item for batch in batches for item in batch] == items
    assert all(len(encode_batch(batch)) <= MAX_BATCH_BYTES for batch in batches)


def test_splitting_makes_as_few_batches_as_it_can() -> None:
    assert [len(batch) for batch in split_batches([b"1"] * 1001)] == [500, 500, 1]
    assert list(split_batches([])) == []


def test_each_item_has_its_result() -> None:
    results = [
        ItemResult("accepted", "https://ash.example/activities/1"),
        ItemResult("duplicate"),
        ItemResult("refused", code="bad-signature"),
        ItemResult("later", code="too-many-requests"),
        ItemResult("ignored"),
    ]
    raw = encode_results(results)
    assert parse_results(raw, count=5) == results
    assert b"null" not in raw
    for count in (4, 6):
        with pytest.raises(MalformedError):
            parse_results(raw, count=count)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b'{"results":[{}]}',
        b'{"results":[{"status":"maybe"}]}',
        b'{"results":[{"status":"accepted","more":1}]}',
        b'{"results":[{"status":"refused","code":"' + b"x" * 65 + b'"}]}',
        b'{"results":' + b"[" * 100_000,
    ],
)
def test_refuses_results_of_another_form(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_results(raw, count=1)


def test_results_have_an_end() -> None:
    with pytest.raises(TooLargeError):
        parse_results(b" " * (MAX_BATCH_BYTES + MAX_ACTIVITY_BYTES + 1), count=1)


@given(st.binary(max_size=80) | st.binary(max_size=40).map(page))
def test_any_bytes_give_items_or_a_refusal(raw: bytes) -> None:
    try:
        items = parse_batch(raw)
    except KithError:
        return
    assert items
    assert parse_batch(encode_batch(items)) == items
