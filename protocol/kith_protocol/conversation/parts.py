"""Things longer than a message: numbered parts, put together again on the other side.

At most 2 MiB; each part travels in an envelope of the largest size, to the same box as any
message. Nothing is stored elsewhere and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import is_equal, sha256
from kith_crypto.randomness import Rng
from kith_protocol.conversation.bodies import Part

MAX_FILE_BYTES = 2 * 1024 * 1024
PART_BYTES = 45_000


def split_file(data: bytes, *, name: str, media: str, rng: Rng) -> tuple[Part, ...]:
    """Return the parts of *data*, in order.

    Args:
        data: 1 byte to 2 MiB.
        name: at most 100 characters, may be empty.
        media: media type, may be empty.
        rng: for the name that holds the parts together.

    Raises:
        TooLargeError: empty, or more than 2 MiB.
    """
    if not 0 < len(data) <= MAX_FILE_BYTES:
        raise TooLargeError(f"{len(data)} bytes, 1 to {MAX_FILE_BYTES} allowed")
    pieces = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
    file, whole = encode_base64url(rng.bytes(16)), encode_base64url(sha256(data))
    return tuple(
        Part(
            file=file,
            number=number,
            total=len(pieces),
            data=encode_base64url(piece),
            name=name if number == 1 else "",
            media=media if number == 1 else "",
            hash=whole if number == len(pieces) else "",
        )
        for number, piece in enumerate(pieces, start=1)
    )


def join_parts(parts: Iterable[Part]) -> bytes:
    """Return the whole thing.

    Args:
        parts: all with the same ``file``, in any order, repeated ones allowed.

    Raises:
        MalformedError: one is missing, two differ, or the hash is another one.
    """
    found: dict[int, Part] = {}
    for part in parts:
        if found.setdefault(part.number, part) != part:
            raise MalformedError("two different parts of one number")
    if not found:
        raise MalformedError("no parts")
    last = found[max(found)]
    same = {(part.file, part.total) for part in found.values()}
    if same != {(last.file, len(found))} or last.number != last.total:
        raise MalformedError("a part is missing, or belongs to something else")
    data = b"".join(parse_base64url(found[number].data) for number in sorted(found))
    if not 0 < len(data) <= MAX_FILE_BYTES:
        raise MalformedError("longer than allowed")
    if not is_equal(sha256(data), parse_base64url(last.hash, size=32)):
        raise MalformedError("the parts are not what was sent")
    return data
