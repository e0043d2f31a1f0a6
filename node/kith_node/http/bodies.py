"""Reading JSON bodies into Structs and writing answers; nothing else knows how."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from kith_crypto.strict_json import parse_json
from kith_protocol.wire import convert

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def decode_body(raw: bytes, kind: type[T]) -> T:
    """Return *raw* as *kind*.

    Args:
        raw: a JSON body, already within the route's size limit.
        kind: a frozen Struct that refuses unknown members.

    Raises:
        MalformedError: not JSON as the strict reader takes it (no name twice, no deep nesting,
            no fractions), or not of that shape; ``pointer`` says where.
    """
    return convert(parse_json(raw, max_bytes=len(raw)), kind)


def encode_body(body: object) -> bytes:
    """Return *body* as JSON. Bytes are returned as they are, None as nothing."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return _encoder.encode(body)
