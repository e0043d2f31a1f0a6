"""The file of all live offers in one language, from which a device searches by itself.

It is the same file for everybody and the same bytes for the same offers, so that it can be
cached by its digest and tells nothing of who reads it. Lines of UTF-8, each ended by a line
feed: first a header, then each offer as its author signed it (JCS bytes, which hold no line
feed), in ascending order of these bytes, none twice.

    {"format":"kith-partition/1","language":"en","offers":2}
    {"@context":[…],…,"proof":{…},…}
    {"@context":[…],…,"proof":{…},…}

Left to the reader: verifying each offer as if it had come from a stranger (``proof``,
``offer.parse_offer``), leaving out those past their end, and ranking (``ranking.rank``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import sha256

MEDIA_TYPE = "application/vnd.kith.partition"
FORMAT: Final = "kith-partition/1"
MAX_HEADER_BYTES = 200
ETAG_BYTES = 16

Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}$")]


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["kith-partition/1"]
    language: Language
    offers: Annotated[int, msgspec.Meta(ge=0)]


class Partition(msgspec.Struct, frozen=True):
    """A partition that was read.

    Attributes:
        language: primary subtag that all its offers should name.
        offers: JCS bytes of signed objects, unverified.
    """

    language: str
    offers: tuple[bytes, ...]


_decoder = msgspec.json.Decoder(_Header)
_encoder = msgspec.json.Encoder(order="sorted")


def encode_partition(language: str, offers: Iterable[bytes]) -> bytes:
    """Return the file of *offers*.

    Args:
        language: primary subtag.
        offers: JCS bytes of each, in any order; repeated ones count once.
    """
    lines = sorted(set(offers))
    header = _encoder.encode(_Header(FORMAT, language, len(lines)))
    return b"\n".join((header, *lines, b""))


def parse_partition(raw: bytes, *, max_bytes: int) -> Partition:
    """Return what the file *raw* holds.

    Args:
        raw: from a stranger.
        max_bytes: the most that the caller wants to deal with.

    Raises:
        TooLargeError: *raw* is longer.
        MalformedError: not of this format, not in order, or not the number announced.
    """
    if len(raw) > max_bytes:
        raise TooLargeError(f"{len(raw)} bytes")
    header, *lines = raw.split(b"\n")
    if not lines or lines.pop():
        raise MalformedError("the last line has no end")
    language, count = _parse_header(header)
    if len(lines) != count:
        raise MalformedError(f"{len(lines)} offers instead of {count}")
    if any(not line.startswith(b"{") for line in lines):
        raise MalformedError("a line is no object")
    if any(first >= second for first, second in itertools.pairwise(lines)):
        raise MalformedError("not in ascending order")
    return Partition(language, tuple(lines))


def etag_of(raw: bytes) -> str:
    """Return the entity tag of the file *raw*, quotes included (RFC 9110 §8.8.3)."""
    return f'"{encode_base64url(sha256(raw)[:ETAG_BYTES])}"'


def _parse_header(raw: bytes) -> tuple[str, int]:
    try:
        header = _decoder.decode(raw[:MAX_HEADER_BYTES])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError("not a partition") from error
    if _encoder.encode(header) != raw:
        raise MalformedError("the header is not canonical")
    return header.language, header.offers
