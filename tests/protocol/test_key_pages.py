import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id
from kith_protocol.bundle import encode_bundle
from kith_protocol.day import MAX_DAY, Day, week_of
from kith_protocol.errors import NotFoundError
from kith_protocol.key_pages import (
    MAX_PREFIX_BITS,
    MIN_HALF,
    Page,
    Split,
    build_page,
    encode_page,
    locate_page,
    next_prefix,
    parse_page,
    parse_prefix,
)
from kith_protocol.limits import MAX_FETCH_BYTES
from kith_testing.wire_documents import TODAY

WEEK = week_of(TODAY)


def ids(count: int, seed: int = 0) -> list[bytes]:
    return sorted(
        sha256(seed.to_bytes(4, "big") + n.to_bytes(4, "big"))[:16] for n in range(count)
    )


def bits(offer: bytes) -> str:
    return f"{int.from_bytes(offer, 'big'):0128b}"


def a_bundle(number: int, week: Day = WEEK) -> tuple[bytes, bytes]:
    key = SigningKey.from_seed(number.to_bytes(32, "big"))
    raw = encode_bundle(key, week=week, sealing_key=bytes(1216), knock_box=bytes(16))
    return offer_id(key.verify_key), raw


BUNDLES = dict(a_bundle(number) for number in range(5))


def find(offers: list[bytes], offer: bytes) -> tuple[str, range]:
    """Walk down as a reader does; return the prefix of the page and what it holds."""
    prefix = ""
    while True:
        answer = locate_page(offers, prefix)
        if not isinstance(answer, Split):
            return prefix, answer
        prefix = next_prefix(prefix, offer)


@settings(max_examples=30)
@given(st.integers(0, 1500), st.integers(0, 100))
def test_every_offer_is_on_one_page_among_enough_others(count: int, seed: int) -> None:
    offers = ids(count, seed)
    pages = {find(offers, offer) for offer in offers}
    assert sorted(n for _, page in pages for n in page) == list(range(count))
    for prefix, page in pages:
        assert all(bits(offers[n]).startswith(prefix) for n in page)
        assert len(page) >= min(count, MIN_HALF)


def test_a_page_is_split_where_both_halves_hold_64() -> None:
    low = [bytes((0, n)) + bytes(14) for n in range(64)]
    high = [bytes((128, n)) + bytes(14) for n in range(64)]
    assert locate_page(low + high, "") == Split()
    assert locate_page(low + high, "0") == range(64)
    assert locate_page(low + high, "1") == range(64, 128)
    assert locate_page(low + high[1:], "") == range(127)
    assert locate_page([], "") == range(0)


def test_nobody_can_ask_for_less_than_a_page() -> None:
    offers = ids(100)
    assert locate_page(offers, "") == range(100)
    for prefix in ("0", "1", "0101"):
        with pytest.raises(NotFoundError):
            locate_page(offers, prefix)


def test_offers_made_to_look_alike_do_not_split_for_ever() -> None:
    alike = [b"\xff" * 4 + n.to_bytes(12, "big") for n in range(300)]
    other = [bytes(4) + n.to_bytes(12, "big") for n in range(300)]
    assert find(sorted(alike + other), alike[0]) == ("1", range(300, 600))
    deep = "1" * MAX_PREFIX_BITS
    with pytest.raises(MalformedError):
        next_prefix(deep, alike[0])
    with pytest.raises(NotFoundError):
        locate_page(sorted(alike + other), deep)


def test_a_prefix_is_made_of_bits() -> None:
    for text in ("", "0", "01" * 16):
        assert parse_prefix(text) == text
    for text in ("2", "0x", "0" * 33, "0\n", "\u0660"):
        with pytest.raises(MalformedError):
            parse_prefix(text)


def test_the_longest_prefix_is_never_split() -> None:
    beside = [((1 << level) - 1) << (32 - level) for level in range(32)]
    numbers = [*beside, 2**32 - 1]
    offers = sorted(
        n.to_bytes(4, "big") + bytes((i,)) * 12 for n in numbers for i in range(200)
    )
    assert locate_page(offers, "1" * 31) == Split()
    assert next_prefix("1" * 31, offers[-1]) == "1" * MAX_PREFIX_BITS
    assert locate_page(offers, "1" * MAX_PREFIX_BITS) == range(32 * 200, 33 * 200)


def test_a_page_reads_as_it_was_built() -> None:
    page = build_page(BUNDLES, "", week=WEEK)
    assert page == Page(week=WEEK, bundles=BUNDLES)
    assert parse_page(encode_page(page), prefix="") == page
    assert len(encode_page(page)) == 10 + 5 * 1333
    empty = build_page({}, "", week=WEEK)
    assert parse_page(encode_page(empty), prefix="") == empty


def test_a_split_reads_as_it_was_built() -> None:
    many = dict.fromkeys(ids(400), b"")
    answer = build_page(many, "", week=WEEK)
    assert answer == Split()
    assert encode_page(answer) == b"\x01\x00"
    assert parse_page(b"\x01\x00", prefix="") == Split()


def test_refuses_a_page_of_another_form() -> None:
    raw = encode_page(Page(week=WEEK, bundles=BUNDLES))
    first, second = sorted(BUNDLES)[:2]
    wrong = [
        b"",
        b"\x01",
        b"\x01\x02",
        b"\x01\x00\x00",
        b"\x02" + raw[1:],
        raw[:-1],
        raw + b"\0",
        raw[:2] + Day(WEEK + 1).to_bytes(4, "big") + raw[6:],
        raw[:2] + week_of(Day(MAX_DAY + 7)).to_bytes(4, "big") + raw[6:],
        raw[:2] + Day(WEEK + 7).to_bytes(4, "big") + raw[6:],
        raw[:9] + b"\x04" + raw[10:],
        raw[:9] + b"\x02" + BUNDLES[second] + BUNDLES[first],
        raw[:9] + b"\x02" + BUNDLES[first] * 2,
    ]
    for changed in wrong:
        with pytest.raises(MalformedError):
            parse_page(changed, prefix="")
    with pytest.raises(TooLargeError):
        parse_page(raw + bytes(MAX_FETCH_BYTES), prefix="")


def test_refuses_offers_outside_of_the_prefix() -> None:
    raw = encode_page(Page(week=WEEK, bundles=BUNDLES))
    prefixes = {bits(offer)[:1] for offer in BUNDLES}
    assert prefixes == {"0", "1"}
    for prefix in prefixes:
        with pytest.raises(MalformedError):
            parse_page(raw, prefix=prefix)
        half = {o: b for o, b in BUNDLES.items() if bits(o).startswith(prefix)}
        page = Page(week=WEEK, bundles=half)
        assert parse_page(encode_page(page), prefix=prefix) == page


@given(st.binary(max_size=40) | st.binary(max_size=20).map(lambda tail: b"\x01\x01" + tail))
def test_any_bytes_give_an_answer_or_a_refusal(raw: bytes) -> None:
    try:
        answer = parse_page(raw, prefix="")
    except KithError:
        return
    assert encode_page(answer) == raw
