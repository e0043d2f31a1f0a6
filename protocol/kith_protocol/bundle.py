r"""Key bundles: where a knock to an offer goes in one calendar week, signed by the offer's key.

``v(1) ‖ offer key(32) ‖ week(4) ‖ sealing key(1216) ‖ knock box(16) ‖ signature(64)``, 1333
bytes, integers big-endian, the week by the day number of its Monday. Fetching, keeping and
dropping bundles is left to the caller.

Source: crypto spec, bundles; label ``"kith/bundle/v1\0"``.
"""

from __future__ import annotations

import msgspec

from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key, verify_ed25519
from kith_crypto.errors import MalformedError
from kith_crypto.objects import offer_id
from kith_protocol.day import DAYS_A_WEEK, MAX_DAY, Day, week_of
from kith_protocol.errors import ExpiredError, WrongOwnerError

BUNDLE_BYTES = 1333
SEALING_KEY_BYTES = 1216
KNOCK_BOX_BYTES = 16

_LABEL = b"kith/bundle/v1\0"
_VERSION = 1
_KEY_END = 1 + 32
_WEEK_END = _KEY_END + 4
_SEALING_END = _WEEK_END + SEALING_KEY_BYTES
_BOX_END = _SEALING_END + KNOCK_BOX_BYTES


class Bundle(msgspec.Struct, frozen=True):
    """A bundle whose signature has been verified.

    Attributes:
        offer_key: owns the offer; the offer's id is its hash.
        week: the Monday of the week in which it is to be used.
        sealing_key: public sealing key of that week, 1216 bytes.
        knock_box: address of the box that takes knocks, 16 bytes.
    """

    offer_key: VerifyKey
    week: Day
    sealing_key: bytes
    knock_box: bytes


def encode_bundle(
    offer_key: SigningKey, *, week: Day, sealing_key: bytes, knock_box: bytes
) -> bytes:
    """Return the signed bundle of one week, ``BUNDLE_BYTES`` long.

    Args:
        offer_key: the offer's capability.
        week: a Monday.
        sealing_key: 1216 bytes.
        knock_box: 16 bytes.
    """
    assert week == week_of(week)
    assert len(sealing_key) == SEALING_KEY_BYTES
    assert len(knock_box) == KNOCK_BOX_BYTES
    head = bytes((_VERSION,)) + offer_key.verify_key + week.to_bytes(4, "big")
    body = head + sealing_key + knock_box
    return body + offer_key.sign(_LABEL + body)


def parse_bundle(raw: bytes) -> Bundle:
    """Return the bundle in *raw*, its signature verified.

    Raises:
        MalformedError: another length or version, or a week that is no Monday.
        KeyRefusedError: an offer key of a kind that is not taken.
        SignatureError: the signature is not that key's.
    """
    if len(raw) != BUNDLE_BYTES or raw[0] != _VERSION:
        raise MalformedError("not a key bundle")
    week = int.from_bytes(raw[_KEY_END:_WEEK_END], "big")
    if week > MAX_DAY or week != week_of(Day(week)):
        raise MalformedError("the week of a bundle is named by its Monday")
    offer_key = parse_verify_key(raw[1:_KEY_END])
    verify_ed25519(offer_key, raw[_BOX_END:], _LABEL + raw[:_BOX_END])
    return Bundle(
        offer_key=offer_key,
        week=Day(week),
        sealing_key=raw[_WEEK_END:_SEALING_END],
        knock_box=raw[_SEALING_END:_BOX_END],
    )


def weeks_around(today: Day) -> tuple[Day, Day]:
    """Return the Mondays of last and next week: the bundles that may be used today."""
    week = week_of(today)
    return Day(week - DAYS_A_WEEK), Day(week + DAYS_A_WEEK)


def check_bundle(bundle: Bundle, *, offer: bytes, first_week: Day, last_week: Day) -> Bundle:
    """Return *bundle* if it is the offer's and for one of these weeks.

    Args:
        bundle: as parsed.
        offer: the 16 bytes of the offer's id.
        first_week: earliest Monday taken; ``weeks_around`` gives both for use.
        last_week: latest Monday taken.

    Raises:
        WrongOwnerError: the key is not the offer's.
        ExpiredError: for an earlier week.
        MalformedError: for a later week.
    """
    if offer_id(bundle.offer_key) != offer:
        raise WrongOwnerError("a bundle of another offer")
    if bundle.week < first_week:
        raise ExpiredError("a bundle of a past week")
    if bundle.week > last_week:
        raise MalformedError("a bundle of a week that is too far ahead")
    return bundle
