"""The core of a message: what its writer says, and what a commitment and a report speak of.

``header ‖ body``, the header being ``v(1) ‖ conversation(16) ‖ role(1) ‖ lane(8) ‖ seq(4) ‖
previous(32) ‖ minute(4) ‖ has_next(1) ‖ next(1216 or nothing)``, integers big-endian, and the
body canonical JSON. Which types of body there are, what order of numbers is right and when a
key is renewed is left to the protocol. Only one name in a body belongs to this package: the
first message of either side carries its conversation key under ``key`` (see ``message``).

Source: RFC 8785 for the body.
"""

from typing import Final

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import PUBLIC_KEY_BYTES
from kith_crypto.strict_json import JsonObject, parse_json_object

ROLE_MENTEE: Final = 1
ROLE_MENTOR: Final = 2

CONVERSATION_BYTES = 16
LANE_BYTES = 8
HASH_BYTES = 32
NO_PREVIOUS = bytes(HASH_BYTES)
"""``previous`` of the first message of a lane."""

HEADER_BYTES = 67
HEADER_BYTES_WITH_NEXT = HEADER_BYTES + PUBLIC_KEY_BYTES  # 1283
MAX_NUMBER = 2**32 - 1  # of a seq or minute

_VERSION = 1


class Core(msgspec.Struct, frozen=True):
    """One message as its writer signed it. Its ``repr`` shows nothing.

    Attributes:
        conversation: 16 bytes, drawn by the mentee for the knock.
        role: of the writer, ``ROLE_MENTEE`` or ``ROLE_MENTOR``.
        lane: 8 bytes, the device that wrote.
        seq: number in the lane, from 1.
        previous: ``core_hash`` of the lane's message before, or ``NO_PREVIOUS``.
        minute: whole minutes since 1970-01-01 UTC, by the writer's clock.
        next_key: the writer's new reply key, 1216 bytes, or ``None``.
        body: JSON of the profile of ``canonical``.
    """

    conversation: bytes
    role: int
    lane: bytes
    seq: int
    previous: bytes
    minute: int
    next_key: bytes | None
    body: JsonObject

    def __repr__(self) -> str:
        return "Core(...)"


def encode_core(core: Core) -> bytes:
    """Return the bytes of *core*.

    Raises:
        ValueError: a part of the header is of another size or out of range.
        MalformedError: the body is outside the profile of canonical JSON.
    """
    _check_header(core)
    next_key = core.next_key or b""
    return b"".join(
        (
            bytes((_VERSION,)),
            core.conversation,
            bytes((core.role,)),
            core.lane,
            core.seq.to_bytes(4, "big"),
            core.previous,
            core.minute.to_bytes(4, "big"),
            bytes((core.next_key is not None,)),
            next_key,
            canonical_bytes(core.body),
        )
    )


def parse_core(raw: bytes) -> Core:
    """Return the message that *raw* spells.

    Args:
        raw: the whole core; its size is bounded by the envelope it came in.

    Raises:
        MalformedError: another version, role or flag, a number of zero, or a body that is not
            a JSON object in canonical form.
    """
    if len(raw) < HEADER_BYTES or raw[0] != _VERSION or raw[66] > 1:
        raise MalformedError("not the core of a message")
    end = HEADER_BYTES_WITH_NEXT if raw[66] else HEADER_BYTES
    if len(raw) < end:
        raise MalformedError("not the core of a message")
    role, seq = raw[17], int.from_bytes(raw[26:30], "big")
    if role not in (ROLE_MENTEE, ROLE_MENTOR) or seq == 0:
        raise MalformedError("not the core of a message")
    return Core(
        conversation=raw[1:17],
        role=role,
        lane=raw[18:26],
        seq=seq,
        previous=raw[30:62],
        minute=int.from_bytes(raw[62:66], "big"),
        next_key=raw[HEADER_BYTES:end] if raw[66] else None,
        body=_parse_body(raw[end:]),
    )


def core_hash(core: bytes) -> bytes:
    """Return SHA-256 of an encoded core: how bindings, lanes and safety words name a message.

    A lane's ``previous`` names the core and not what surrounds it, because sending the same
    core again has another key and another commitment, and must not look like a fork.
    """
    return sha256(core)


def _parse_body(raw: bytes) -> JsonObject:
    body = parse_json_object(raw, max_bytes=len(raw))
    if canonical_bytes(body) != raw:
        raise MalformedError("a body is written in canonical form")
    return body


def _check_header(core: Core) -> None:
    sizes = (len(core.conversation), len(core.lane), len(core.previous))
    if sizes != (CONVERSATION_BYTES, LANE_BYTES, HASH_BYTES):
        raise ValueError("conversation (16), lane (8) and previous (32) have fixed sizes")
    if core.role not in (ROLE_MENTEE, ROLE_MENTOR):
        raise ValueError("no such role")
    if not 1 <= core.seq <= MAX_NUMBER or not 0 <= core.minute <= MAX_NUMBER:
        raise ValueError("a number is out of range")
    if core.next_key is not None and len(core.next_key) != PUBLIC_KEY_BYTES:
        raise ValueError("a reply key is 1216 bytes")
