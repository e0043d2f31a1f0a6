"""Stamps: the sending node vouches for an envelope, knowing nothing of what it says.

A stamp stands for "a member of mine, named in this wrapped seal, handed in this sealed text
under this commitment for this box on this day". The box's node checks it before it takes an
envelope, the recipient's client before it shows anything, moderators with the report. What it
speaks of, without the sealed text itself, is a postmark. Which keys a node has or had lately,
and how far a day may be off, is the caller's part.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from kith_crypto.commitment import COMMITMENT_BYTES
from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey, verify_ed25519
from kith_crypto.envelope import MAX_DAY, WRAPPED_SEAL_BYTES, Envelope, Unstamped
from kith_crypto.errors import MalformedError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.objects import ID_BYTES

POSTMARK_BYTES = 1 + ID_BYTES + COMMITMENT_BYTES + 32 + 4 + WRAPPED_SEAL_BYTES + SIGNATURE_BYTES

_LABEL = b"kith/stamp/v1\0"
_VERSION = 1


class Stamped(msgspec.Struct, frozen=True):
    """An envelope whose stamp was made or verified here.

    Attributes:
        envelope: it.
    """

    envelope: Envelope


class Postmark(msgspec.Struct, frozen=True):
    """What a stamp speaks of, and the stamp; not verified.

    Attributes:
        box: 16 bytes.
        commitment: 32 bytes.
        sealed_hash: SHA-256 of the sealed text.
        day: whole days since 1970-01-01 UTC, at most ``MAX_DAY``.
        wrapped_seal: 1228 bytes.
        stamp: 64 bytes.
    """

    box: bytes
    commitment: bytes
    sealed_hash: bytes
    day: int
    wrapped_seal: bytes
    stamp: bytes


def stamp_envelope(
    unstamped: Unstamped, *, node_key: SigningKey, wrapped_seal: bytes, day: int
) -> Stamped:
    """Return the envelope that leaves the node.

    Args:
        unstamped: what the client handed in.
        node_key: the node's identity.
        wrapped_seal: of this very envelope, 1228 bytes; see ``sender_seal``.
        day: today, whole days since 1970-01-01 UTC.

    Raises:
        ValueError: a part of another size, or a day out of range.
    """
    envelope = Envelope(
        box=unstamped.box,
        commitment=unstamped.commitment,
        day=day,
        wrapped_seal=wrapped_seal,
        stamp=bytes(SIGNATURE_BYTES),
        sealed=unstamped.sealed,
    )
    postmark = postmark_of(envelope)
    if not _is_whole(postmark):  # what is signed has fixed lengths
        raise ValueError("a part of the envelope has another size, or its day is out of range")
    return Stamped(envelope=replace(envelope, stamp=node_key.sign(_message(postmark))))


def verify_stamp(envelope: Envelope, node_keys: Sequence[VerifyKey]) -> Stamped:
    """Return *envelope* if one of *node_keys* stamped it.

    Args:
        envelope: as it came.
        node_keys: the sending node's present and lately retired keys.

    Raises:
        SignatureError: none of them did.
    """
    verify_postmark(postmark_of(envelope), node_keys)
    return Stamped(envelope=envelope)


def postmark_of(envelope: Envelope) -> Postmark:
    """Return what the stamp of *envelope* speaks of; as far verified as *envelope* is."""
    return Postmark(
        box=envelope.box,
        commitment=envelope.commitment,
        sealed_hash=sha256(envelope.sealed),
        day=envelope.day,
        wrapped_seal=envelope.wrapped_seal,
        stamp=envelope.stamp,
    )


def verify_postmark(postmark: Postmark, node_keys: Sequence[VerifyKey]) -> None:
    """Return if one of *node_keys* made the stamp of *postmark*.

    Raises:
        SignatureError: none of them did, or a part has another size.
    """
    if not _is_whole(postmark):
        raise SignatureError("Ed25519 verification failed")
    message = _message(postmark)
    for key in node_keys:
        try:
            return verify_ed25519(key, postmark.stamp, message)
        except SignatureError:
            continue
    raise SignatureError("Ed25519 verification failed")


def encode_postmark(postmark: Postmark) -> bytes:
    """Return the 1377 bytes of *postmark*, as a moderator shows it to the sending node.

    ``v(1) ‖ box ‖ commitment ‖ hash(32) ‖ day(4) ‖ wrapped seal ‖ stamp``.

    Raises:
        ValueError: a part of another size, or a day out of range.
    """
    if not _is_whole(postmark):
        raise ValueError("a part of the postmark has another size, or its day is out of range")
    return b"".join(
        (
            bytes((_VERSION,)),
            postmark.box,
            postmark.commitment,
            postmark.sealed_hash,
            postmark.day.to_bytes(4, "big"),
            postmark.wrapped_seal,
            postmark.stamp,
        )
    )


def parse_postmark(raw: bytes) -> Postmark:
    """Return the postmark that *raw* spells.

    Raises:
        MalformedError: another version or size, or a day beyond ``MAX_DAY``.
    """
    if len(raw) != POSTMARK_BYTES or raw[0] != _VERSION:
        raise MalformedError("not a postmark")
    day = int.from_bytes(raw[81:85], "big")
    if day > MAX_DAY:
        raise MalformedError("not a postmark")
    return Postmark(
        box=raw[1:17],
        commitment=raw[17:49],
        sealed_hash=raw[49:81],
        day=day,
        wrapped_seal=raw[85:1313],
        stamp=raw[1313:],
    )


def _is_whole(postmark: Postmark) -> bool:
    sizes = (
        len(postmark.box),
        len(postmark.commitment),
        len(postmark.sealed_hash),
        len(postmark.wrapped_seal),
        len(postmark.stamp),
    )
    expected = (ID_BYTES, COMMITMENT_BYTES, 32, WRAPPED_SEAL_BYTES, SIGNATURE_BYTES)
    return sizes == expected and 0 <= postmark.day <= MAX_DAY


def _message(postmark: Postmark) -> bytes:
    return b"".join(
        (
            _LABEL,
            postmark.box,
            postmark.commitment,
            postmark.sealed_hash,
            sha256(postmark.wrapped_seal),
            postmark.day.to_bytes(4, "big"),
        )
    )
