"""Canonical JSON: the one byte string that is hashed and signed for a document.

Within Kith's profile (ASCII member names, whole numbers below 2**53, no floating point) the
sorted output of msgspec is RFC 8785 byte for byte; outside of it the two differ in number
layout and in the order of names, so anything outside is refused instead of written.

Source: RFC 8785.
"""

import re
from collections.abc import Iterable

import msgspec

from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import MAX_SAFE_INTEGER, JsonValue

MAX_DEPTH = 64  # no reader lets this much through; it bounds recursion and finds cycles

# No name Kith or its peers use needs more, and sorting it is the same in every language.
_NAME = re.compile(r"[A-Za-z0-9@:/#._-]+\Z", re.ASCII)

_encoder = msgspec.json.Encoder(order="sorted")


def canonical_bytes(value: JsonValue) -> bytes:
    """Return the canonical form of *value*.

    Raises:
        MalformedError: outside the profile: a member name with other characters than
            ``A-Za-z0-9@:/#._-``, a floating-point number, an integer beyond ±(2**53 - 1), a
            lone surrogate, more than ``MAX_DEPTH`` levels, or something that is not JSON.
    """
    _check(value, MAX_DEPTH)
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError as error:
        raise MalformedError("a string holds a lone surrogate") from error


def _check(value: object, depth: int) -> None:
    """Refuse what is outside the profile; *depth* more levels may follow."""
    for member in _members(value, depth):
        # By exact type, most frequent first: this runs for every value of every document.
        kind = type(member)
        if kind is str:
            continue
        if kind is dict or kind is list:
            _check(member, depth - 1)
        elif isinstance(member, int):
            if not -MAX_SAFE_INTEGER <= member <= MAX_SAFE_INTEGER:
                raise MalformedError("a number is outside the profile")
        elif member is not None:
            raise MalformedError("a fraction, or not a JSON value")


def _members(value: object, depth: int) -> Iterable[object]:
    if not isinstance(value, dict | list):
        return (value,)
    if depth == 0:
        raise MalformedError("nested too deeply")
    if isinstance(value, list):
        return value
    for name in value:
        if not _NAME.match(name):
            raise MalformedError("a member name is outside the profile")
    return value.values()
