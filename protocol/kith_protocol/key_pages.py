"""Key pages: bundles are handed out many at a time, so that asking names no offer.

The live offers of a node are the leaves of a binary tree by the bits of their ids. A request
names a prefix of bits; the answer is *split* where both halves hold at least 64 offers, else
the page of all bundles under the prefix. A prefix below a page is answered by nothing, so
nobody can be brought to ask for fewer than 64 offers at once (or for all there are).

On the wire: ``v(1) ‖ kind(1)`` for a split; for a page also ``week(4) ‖ count(4)`` and the
bundles, 1333 bytes each, in ascending order of their offers' ids. Fetching, keeping and
verifying single bundles (``bundle.parse_bundle``) are left to the caller.

Source: SPEC.md, section on key pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import msgspec

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.objects import ID_BYTES, offer_id
from kith_protocol.bundle import BUNDLE_BYTES
from kith_protocol.day import MAX_DAY, Day, week_of
from kith_protocol.errors import NotFoundError
from kith_protocol.limits import MAX_FETCH_BYTES

KEY_PAGE_TYPE = "application/vnd.kith.key-page"
MIN_HALF = 64
MAX_PREFIX_BITS = 32

_VERSION = 1
_SPLIT = 0
_PAGE = 1
_HEAD_BYTES = 10
_PREFIX = re.compile(r"[01]*\Z", re.ASCII)
_OFFER_KEY = slice(1, 33)


class Split(msgspec.Struct, frozen=True):
    """Ask for one half: the prefix with another bit."""


class Page(msgspec.Struct, frozen=True):
    """Bundles of one week.

    Attributes:
        week: its Monday.
        bundles: offer id to bundle, not verified.
    """

    week: Day
    bundles: dict[bytes, bytes]


def parse_prefix(text: str) -> str:
    """Return the prefix that a path names.

    Raises:
        MalformedError: not up to ``MAX_PREFIX_BITS`` characters ``0`` and ``1``.
    """
    if len(text) > MAX_PREFIX_BITS or not _PREFIX.match(text):
        raise MalformedError("not a prefix of bits")
    return text


def next_prefix(prefix: str, offer: bytes) -> str:
    """Return *prefix* with the next bit of the 16 bytes *offer*: where to go after a split.

    Raises:
        MalformedError: the prefix is as long as it may be.
    """
    if len(prefix) >= MAX_PREFIX_BITS:
        raise MalformedError("split too often")
    return _bits(offer)[: len(prefix) + 1]


def is_under(offer: bytes, prefix: str) -> bool:
    """Return whether the id *offer*, 16 bytes, begins with the bits *prefix*."""
    return _bits(offer).startswith(prefix)


def locate_page(offers: Sequence[bytes], prefix: str) -> Split | range:
    """Return whether *prefix* is split, or which of *offers* its page holds.

    Args:
        offers: ids of the live offers that have a bundle for the week, in ascending order.
        prefix: bits, as ``parse_prefix`` gives them.

    Raises:
        NotFoundError: a shorter prefix is a page already.
    """
    for length in range(len(prefix)):
        if not _is_split(offers, prefix[:length]):
            raise NotFoundError("a shorter prefix is a page")
    return Split() if _is_split(offers, prefix) else _span(offers, prefix)


def build_page(bundles: Mapping[bytes, bytes], prefix: str, *, week: Day) -> Page | Split:
    """Return the answer for *prefix* of all *bundles* of *week*, offer id to bundle.

    Raises:
        NotFoundError: a shorter prefix is a page already.
    """
    offers = sorted(bundles)
    found = locate_page(offers, prefix)
    if isinstance(found, Split):
        return found
    return Page(week=week, bundles={offers[i]: bundles[offers[i]] for i in found})


def encode_page(answer: Page | Split) -> bytes:
    """Return *answer* as it is sent."""
    if isinstance(answer, Split):
        return bytes((_VERSION, _SPLIT))
    head = bytes((_VERSION, _PAGE)) + answer.week.to_bytes(4, "big")
    body = b"".join(answer.bundles[offer] for offer in sorted(answer.bundles))
    return head + len(answer.bundles).to_bytes(4, "big") + body


def parse_page(raw: bytes, *, prefix: str) -> Page | Split:
    """Return the answer *raw* to a request for *prefix*.

    Bundles are not verified here: whoever uses one does.

    Raises:
        TooLargeError: longer than anything fetched may be.
        MalformedError: another form, offers out of order, twice or outside of the prefix, or
            a bundle of another week.
    """
    if len(raw) > MAX_FETCH_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    if raw == bytes((_VERSION, _SPLIT)):
        return Split()
    if len(raw) < _HEAD_BYTES or raw[:2] != bytes((_VERSION, _PAGE)):
        raise MalformedError("not a key page")
    week, count = int.from_bytes(raw[2:6], "big"), int.from_bytes(raw[6:10], "big")
    if week > MAX_DAY or week != week_of(Day(week)):
        raise MalformedError("the week of a key page is named by its Monday")
    if len(raw) != _HEAD_BYTES + count * BUNDLE_BYTES:
        raise MalformedError("a key page of another length")
    bundles: dict[bytes, bytes] = {}
    last = b""
    for start in range(_HEAD_BYTES, len(raw), BUNDLE_BYTES):
        bundle = raw[start : start + BUNDLE_BYTES]
        # Only to sort it in: whether this is a key to trust is seen when the bundle is used.
        offer = offer_id(VerifyKey(bundle[_OFFER_KEY]))
        if offer <= last or not is_under(offer, prefix):
            raise MalformedError("offers out of order or outside of the prefix")
        if bundle[33:37] != raw[2:6]:
            raise MalformedError("a bundle of another week")
        bundles[offer] = bundle
        last = offer
    return Page(week=Day(week), bundles=bundles)


def _bits(offer: bytes) -> str:
    return f"{int.from_bytes(offer[:4], 'big'):032b}"


def _bound(prefix: str, *, after: bool) -> bytes:
    """Return the first id with *prefix*, or the first one after all of those."""
    number = (int(prefix, 2) if prefix else 0) + after
    # One byte more than an id has, so that "after all" fits.
    return (number << (ID_BYTES * 8 - len(prefix))).to_bytes(ID_BYTES + 1, "big")


def _span(offers: Sequence[bytes], prefix: str) -> range:
    first, behind = _bound(prefix, after=False), _bound(prefix, after=True)
    start = bisect_left(offers, first[1:])
    return range(start, len(offers) if behind[0] else bisect_left(offers, behind[1:]))


def _is_split(offers: Sequence[bytes], prefix: str) -> bool:
    if len(prefix) >= MAX_PREFIX_BITS:
        return False
    return min(len(_span(offers, prefix + bit)) for bit in "01") >= MIN_HALF
