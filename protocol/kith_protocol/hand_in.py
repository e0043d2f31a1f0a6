"""What a client hands to its own node, to be stamped and sent on.

``v(1) ‖ flags(1) ‖ length(1) ‖ origin of the recipient's node ‖ unstamped envelope``. The flags
have one bit, the lowest: the envelope may take its time, which clients set for knocks, answers
and withdrawals. The origin stays outside of what leaves, so that no name's length shows in the
size of an envelope. What an unstamped envelope is stands in ``kith_crypto.envelope``; who may
hand in and how much is the node's part.

Source: SPEC.md, section on handing in.
"""

from __future__ import annotations

import msgspec

from kith_crypto.envelope import (
    LARGEST_SEALED_BYTES,
    UNSTAMPED_HEAD_BYTES,
    Unstamped,
    encode_unstamped,
    parse_unstamped,
)
from kith_crypto.errors import MalformedError
from kith_protocol.urls import Origin, parse_origin

HAND_IN_TYPE = "application/vnd.kith.hand-in"
HANDLE_BYTES = 16
MAX_ORIGIN_BYTES = 255
HEAD_BYTES = 3
MAX_HAND_IN_BYTES = HEAD_BYTES + MAX_ORIGIN_BYTES + UNSTAMPED_HEAD_BYTES + LARGEST_SEALED_BYTES

_VERSION = 1
_SLOW = 1


class HandIn(msgspec.Struct, frozen=True):
    """An envelope and where it goes.

    Attributes:
        to: origin of the recipient's node, which may be one's own.
        is_slow: it may wait for half an hour, so that a first contact is harder to pair.
        unstamped: box, commitment and sealed text.
    """

    to: Origin
    is_slow: bool
    unstamped: Unstamped


def encode_hand_in(hand_in: HandIn) -> bytes:
    """Return the body of the call.

    Raises:
        ValueError: a part of another size.
    """
    origin = hand_in.to.encode("ascii")
    if not 0 < len(origin) <= MAX_ORIGIN_BYTES:
        raise ValueError("an origin has at most 255 characters")
    head = bytes((_VERSION, _SLOW if hand_in.is_slow else 0, len(origin)))
    return head + origin + encode_unstamped(hand_in.unstamped)


def parse_hand_in(raw: bytes, *, development: bool = False) -> HandIn:
    """Return what a client handed in.

    Args:
        raw: at most ``MAX_HAND_IN_BYTES``.
        development: loopback origins are taken.

    Raises:
        MalformedError: another version, flag or size, or no origin in normal form.
    """
    if len(raw) < HEAD_BYTES or raw[0] != _VERSION or raw[1] & ~_SLOW:
        raise MalformedError("not handed in as it should be")
    end = HEAD_BYTES + raw[2]
    try:
        text = raw[HEAD_BYTES:end].decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedError("an origin is ASCII") from error
    return HandIn(
        to=parse_origin(text, development=development),
        is_slow=bool(raw[1] & _SLOW),
        unstamped=parse_unstamped(raw[end:]),
    )
