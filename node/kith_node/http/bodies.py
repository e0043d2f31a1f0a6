"""Reading JSON bodies into Structs and writing answers; nothing else knows how."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from kith_crypto.errors import MalformedError

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def decode_body(raw: bytes, kind: type[T]) -> T:
    """Return *raw* as *kind*.

    Args:
        raw: a JSON body, already within the route's size limit.
        kind: a frozen Struct that refuses unknown members.

    Raises:
        MalformedError: not JSON, or not of that shape; ``pointer`` says where.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        _, _, path = str(error).partition(" - at `")
        raise MalformedError(str(error), pointer=path.rstrip("`") or None) from error


def encode_body(body: object) -> bytes:
    """Return *body* as JSON. Bytes are returned as they are, None as nothing."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return _encoder.encode(body)
