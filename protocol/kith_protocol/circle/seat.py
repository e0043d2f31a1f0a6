"""Seats: one member's place in a circle, signed by a key that serves this circle only.

A seat says where its owner is written to and by which name the circle knows them. It is signed
by its own key and bound to the circle, so nobody who passes it on can change a box or a reply
key unnoticed, or use it in another circle. A roster names seats by their hashes.

Which members see which seats, and when, is ``roster``'s and the client's part.

Source: SPEC.md, section on circles; RFC 8785 (canonical form).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key, verify_ed25519
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.objects import box_address
from kith_crypto.randomness import Rng
from kith_protocol.circle.parts import Signed, signed_bytes
from kith_protocol.conversation.body import Blob16, Blob32, Blob64, check_body
from kith_protocol.urls import parse_origin

SEED_BYTES = 32
MAX_NAME_CHARACTERS = 40

_SIGN_LABEL = b"kith/circle-seat/v1\0"
_HASH_LABEL = b"kith/circle-seat-hash/v1\0"

ReplyKeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1622}$(?!\n)")]


class Seat(Signed, frozen=True):
    """One member's place in one circle.

    Attributes:
        circle: 16 bytes.
        key: their conversation key for this circle, 32 bytes.
        node: origin of their node.
        box: address of their box for this circle, 16 bytes.
        reply: the sealing key that takes the first message of each other member, 1216 bytes.
        name: what the circle calls them, 1 to 40 characters.
        picture: 16 hexadecimal digits from which clients draw a picture.
        sign: by *key*, 64 bytes.
    """

    circle: Blob16
    key: Blob32
    node: Annotated[str, msgspec.Meta(max_length=300)]
    box: Blob16
    reply: ReplyKeyText
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    picture: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    sign: Blob64


class SeatKeys(msgspec.Struct, frozen=True):
    """What the owner of a seat keeps to themselves. Its ``repr`` shows nothing.

    Attributes:
        seed: of the conversation key, 32 bytes.
        box_seed: of the key that owns the box, 32 bytes.
        reply_seed: of the sealing key, 32 bytes.
    """

    seed: bytes
    box_seed: bytes
    reply_seed: bytes

    def __repr__(self) -> str:
        return "SeatKeys(...)"


def make_keys(rng: Rng) -> SeatKeys:
    """Return new keys for one seat."""
    return SeatKeys(rng.bytes(SEED_BYTES), rng.bytes(SEED_BYTES), rng.bytes(SEED_BYTES))


def make_seat(keys: SeatKeys, *, circle: bytes, node: str, name: str, picture: str) -> Seat:
    """Return the seat that *keys* own.

    Args:
        keys: made for it.
        circle: 16 bytes.
        node: origin of one's own node.
        name: what the circle is to call one.
        picture: 16 hexadecimal digits.

    Raises:
        MalformedError: the name is empty, too long, or misleads a reader.
    """
    key = SigningKey.from_seed(keys.seed)
    box = SigningKey.from_seed(keys.box_seed)
    unsigned = Seat(
        circle=encode_base64url(circle),
        key=encode_base64url(key.verify_key),
        node=node,
        box=encode_base64url(box_address(box.verify_key)),
        reply=encode_base64url(sealing_public_key(keys.reply_seed)),
        name=name,
        picture=picture,
        sign="",
    )
    sign = key.sign(_SIGN_LABEL + signed_bytes(unsigned))
    return check_seat(msgspec.structs.replace(unsigned, sign=encode_base64url(sign)))


def check_seat(seat: Seat) -> Seat:
    """Return *seat*, which may come from a stranger, if all of it is in order.

    Raises:
        MalformedError: a member breaks a rule.
        KeyRefusedError: its key is none.
        SignatureError: its key did not sign it.
    """
    check_body(seat)
    if not 0 < len(seat.name.strip()) <= MAX_NAME_CHARACTERS or "\n" in seat.name:
        raise MalformedError(f"a name has 1 to {MAX_NAME_CHARACTERS} characters in one line")
    if parse_origin(seat.node, development=True) != seat.node:
        raise MalformedError("a seat names the origin of a node")
    verify_ed25519(
        key_of(seat), parse_base64url(seat.sign, size=64), _SIGN_LABEL + signed_bytes(seat)
    )
    return seat


def key_of(seat: Seat) -> VerifyKey:
    """Return the key of *seat*.

    Raises:
        KeyRefusedError: it is none.
    """
    return parse_verify_key(parse_base64url(seat.key, size=32))


def seat_hash(seat: Seat) -> str:
    """Return what names *seat* in a roster: 32 bytes as base64url.

    It does not cover the signature: whoever owns a seat could make several.
    """
    return encode_base64url(sha256(_HASH_LABEL + signed_bytes(seat)))
