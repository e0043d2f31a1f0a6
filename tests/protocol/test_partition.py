import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, TooLargeError
from kith_protocol.listed import read_listed
from kith_protocol.partition import encode_partition, etag_of, parse_partition
from kith_protocol.query import Query
from kith_protocol.ranking import rank
from kith_testing.catalogue import COMMUNITIES, HIERARCHY, TODAY, listed, raw_of

OFFERS = tuple(raw_of(listed(number)) for number in range(3))
FILE = encode_partition("en", OFFERS)
HEADER = b'{"format":"kith-partition/1","language":"en","offers":3}\n'


def parse(raw: bytes) -> tuple[bytes, ...]:
    return parse_partition(raw, max_bytes=10_000).offers


def test_holds_the_signed_bytes_in_ascending_order() -> None:
    partition = parse_partition(FILE, max_bytes=len(FILE))
    assert partition.language == "en"
    assert partition.offers == tuple(sorted(OFFERS))
    assert HEADER + b"".join(raw + b"\n" for raw in sorted(OFFERS)) == FILE


@given(st.permutations(OFFERS))
def test_the_same_offers_give_the_same_bytes(offers: list[bytes]) -> None:
    assert encode_partition("en", [*offers, offers[0]]) == FILE


def test_an_empty_partition_is_its_header() -> None:
    assert parse(encode_partition("pt", [])) == ()


def test_a_device_ranks_what_it_downloaded() -> None:
    offers = [read_listed(raw) for raw in parse(FILE)]
    query = Query(topics=("a",))
    found = rank(offers, query, hierarchy=HIERARCHY, day=TODAY, community=COMMUNITIES[0])
    assert {one.id for one in found} == {listed(number).id for number in range(3)}


def test_the_tag_changes_with_the_bytes() -> None:
    assert re.fullmatch(r'"[A-Za-z0-9_-]{22}"', etag_of(FILE))
    assert etag_of(FILE) == etag_of(bytes(FILE))
    assert etag_of(FILE) != etag_of(FILE + b"\n")


def test_refuses_more_than_the_caller_wants() -> None:
    with pytest.raises(TooLargeError):
        parse_partition(FILE, max_bytes=len(FILE) - 1)


FIRST, SECOND, THIRD = sorted(OFFERS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        FILE[:-1],
        FILE + b"\n",
        FILE + FIRST + b"\n",
        HEADER + b"\n".join((FIRST, SECOND, b"")),
        HEADER + b"\n".join((FIRST, THIRD, SECOND, b"")),
        HEADER + b"\n".join((FIRST, FIRST, THIRD, b"")),
        HEADER + b"\n".join((b"[]", FIRST, SECOND, b"")),
        FILE.replace(b'"offers":3', b'"offers": 3'),
        FILE.replace(b'"offers":3', b'"offers":3,"offers":3'),
        FILE.replace(b'"offers":3', b'"offers":-3'),
        FILE.replace(b'"offers":3', b'"offers":3,"x":1'),
        FILE.replace(b'"en"', b'"EN"', 1),
        FILE.replace(b'"en"', b'"en\xff"', 1),
        FILE.replace(b"/1", b"/2", 1),
        FILE.replace(b'"en"', b'"' + b"e" * 300 + b'"', 1),
    ],
)
def test_refuses_files_that_are_not_of_the_format(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(raw)


@given(st.binary(max_size=60) | st.binary(max_size=20).map(HEADER.__add__))
def test_any_bytes_give_a_partition_or_a_malformed_error(raw: bytes) -> None:
    try:
        partition = parse_partition(raw, max_bytes=1000)
    except MalformedError:
        return
    assert encode_partition(partition.language, partition.offers) == raw


@settings(max_examples=40)
@given(st.lists(st.integers(0, 500), max_size=15))
def test_what_is_encoded_reads_as_the_same_offers(numbers: list[int]) -> None:
    offers = {raw_of(listed(number)) for number in numbers}
    assert set(parse(encode_partition("en", offers))) == offers
