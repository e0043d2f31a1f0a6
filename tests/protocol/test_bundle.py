import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KeyRefusedError, KithError, MalformedError, SignatureError
from kith_crypto.objects import offer_id
from kith_protocol.bundle import (
    BUNDLE_BYTES,
    Bundle,
    check_bundle,
    encode_bundle,
    parse_bundle,
    weeks_around,
)
from kith_protocol.day import MAX_DAY, Day, week_of
from kith_protocol.errors import ExpiredError, WrongOwnerError
from kith_testing.wire_documents import TODAY

KEY = SigningKey.from_seed(bytes(range(32)))
WEEK = week_of(TODAY)
RAW = encode_bundle(KEY, week=WEEK, sealing_key=b"s" * 1216, knock_box=b"k" * 16)
OFFER = offer_id(KEY.verify_key)


def test_a_bundle_parses_to_what_was_signed() -> None:
    assert len(RAW) == BUNDLE_BYTES
    assert parse_bundle(RAW) == Bundle(KEY.verify_key, WEEK, b"s" * 1216, b"k" * 16)


@given(st.integers(0, BUNDLE_BYTES - 1), st.integers(1, 255))
def test_refuses_a_bundle_with_any_byte_changed(place: int, change: int) -> None:
    raw = bytearray(RAW)
    raw[place] ^= change
    with pytest.raises((SignatureError, MalformedError, KeyRefusedError)):
        parse_bundle(bytes(raw))


@given(st.binary(max_size=50) | st.binary(min_size=BUNDLE_BYTES, max_size=BUNDLE_BYTES))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(KithError):
        parse_bundle(raw)


def test_a_week_is_named_by_its_monday() -> None:
    for week in (Day(WEEK + 1), Day(week_of(Day(MAX_DAY)) + 7)):
        raw = RAW[:33] + week.to_bytes(4, "big") + RAW[37:]
        with pytest.raises(MalformedError):
            parse_bundle(raw)


def test_a_bundle_is_used_a_week_before_and_after_its_own() -> None:
    bundle = parse_bundle(RAW)
    for today in (Day(WEEK - 7), WEEK, Day(WEEK + 6), Day(WEEK + 13)):
        first, last = weeks_around(today)
        assert check_bundle(bundle, offer=OFFER, first_week=first, last_week=last) is bundle
    for today, error in ((Day(WEEK + 14), ExpiredError), (Day(WEEK - 8), MalformedError)):
        first, last = weeks_around(today)
        with pytest.raises(error):
            check_bundle(bundle, offer=OFFER, first_week=first, last_week=last)


def test_a_bundle_belongs_to_the_offer_its_key_owns() -> None:
    with pytest.raises(WrongOwnerError):
        check_bundle(parse_bundle(RAW), offer=bytes(16), first_week=WEEK, last_week=WEEK)
