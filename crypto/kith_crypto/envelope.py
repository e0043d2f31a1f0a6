"""Envelopes: what nodes carry, in one fixed layout.

``v(1) ‖ box(16) ‖ commitment(32) ‖ day(4) ‖ wrapped seal(1228) ‖ stamp(64) ‖ sealed``, integers
big-endian, the sealed text being exactly one of five sizes. What a client hands to its own node
lacks what the node adds: ``v(1) ‖ box(16) ‖ commitment(32) ‖ sealed``. Nothing in here has been
verified; see ``stamp`` and ``message``.
"""

from typing import Final

import msgspec

from kith_crypto.commitment import COMMITMENT_BYTES
from kith_crypto.ed25519 import SIGNATURE_BYTES
from kith_crypto.errors import MalformedError
from kith_crypto.objects import ID_BYTES
from kith_crypto.padding import is_bucket

SMALLEST_SEALED_BYTES: Final = 4096
LARGEST_SEALED_BYTES: Final = 65536
SEALED_SIZES = (4096, 8192, 16384, 32768, 65536)
WRAPPED_SEAL_BYTES = 1228
ENVELOPE_HEAD_BYTES = 1 + ID_BYTES + COMMITMENT_BYTES + 4 + WRAPPED_SEAL_BYTES + SIGNATURE_BYTES
UNSTAMPED_HEAD_BYTES = 1 + ID_BYTES + COMMITMENT_BYTES
MAX_ENVELOPE_BYTES = ENVELOPE_HEAD_BYTES + LARGEST_SEALED_BYTES
MAX_DAY: Final = 100_000  # the year 2243, as everywhere in Kith

_VERSION = 1


class Unstamped(msgspec.Struct, frozen=True):
    """What a client hands to its own node.

    Attributes:
        box: address of the recipient's mailbox, 16 bytes.
        commitment: 32 bytes.
        sealed: one of ``SEALED_SIZES``.
    """

    box: bytes
    commitment: bytes
    sealed: bytes


class Envelope(msgspec.Struct, frozen=True):
    """An envelope of the right shape, its stamp not verified.

    Attributes:
        box: address of the recipient's mailbox, 16 bytes.
        commitment: 32 bytes.
        day: on which it was stamped, whole days since 1970-01-01 UTC, at most ``MAX_DAY``.
        wrapped_seal: who sent it, readable by the sending node and the keyholders together,
            1228 bytes.
        stamp: the sending node's signature, 64 bytes.
        sealed: one of ``SEALED_SIZES``.
    """

    box: bytes
    commitment: bytes
    day: int
    wrapped_seal: bytes
    stamp: bytes
    sealed: bytes


def encode_unstamped(unstamped: Unstamped) -> bytes:
    """Return the bytes a client hands in: 49 more than the sealed text.

    Raises:
        ValueError: a part of another size.
    """
    _check_sizes(unstamped.box, unstamped.commitment, unstamped.sealed)
    head = bytes((_VERSION,)) + unstamped.box + unstamped.commitment
    return head + unstamped.sealed


def parse_unstamped(raw: bytes) -> Unstamped:
    """Return what a client handed in.

    Raises:
        MalformedError: another version or size.
    """
    if not _is_sealed_size(len(raw) - UNSTAMPED_HEAD_BYTES) or raw[0] != _VERSION:
        raise MalformedError("not an envelope")
    return Unstamped(box=raw[1:17], commitment=raw[17:49], sealed=raw[49:])


def encode_envelope(envelope: Envelope) -> bytes:
    """Return the bytes that travel: 1345 more than the sealed text.

    Raises:
        ValueError: a part of another size, or a day out of range.
    """
    _check_sizes(envelope.box, envelope.commitment, envelope.sealed)
    sizes = (len(envelope.wrapped_seal), len(envelope.stamp))
    if sizes != (WRAPPED_SEAL_BYTES, SIGNATURE_BYTES) or not 0 <= envelope.day <= MAX_DAY:
        raise ValueError("a wrapped seal (1228), stamp (64) or day does not fit an envelope")
    return b"".join(
        (
            bytes((_VERSION,)),
            envelope.box,
            envelope.commitment,
            envelope.day.to_bytes(4, "big"),
            envelope.wrapped_seal,
            envelope.stamp,
            envelope.sealed,
        )
    )


def parse_envelope(raw: bytes) -> Envelope:
    """Return the envelope that *raw* spells.

    Raises:
        MalformedError: another version or size, or a day beyond ``MAX_DAY``.
    """
    if not _is_sealed_size(len(raw) - ENVELOPE_HEAD_BYTES) or raw[0] != _VERSION:
        raise MalformedError("not an envelope")
    day = int.from_bytes(raw[49:53], "big")
    if day > MAX_DAY:
        raise MalformedError("not an envelope")
    return Envelope(
        box=raw[1:17],
        commitment=raw[17:49],
        day=day,
        wrapped_seal=raw[53:1281],
        stamp=raw[1281:1345],
        sealed=raw[1345:],
    )


def _is_sealed_size(size: int) -> bool:
    return is_bucket(size, smallest=SMALLEST_SEALED_BYTES, largest=LARGEST_SEALED_BYTES)


def _check_sizes(box: bytes, commitment: bytes, sealed: bytes) -> None:
    if (len(box), len(commitment)) != (ID_BYTES, COMMITMENT_BYTES):
        raise ValueError("an envelope has a box (16) and a commitment (32)")
    if not _is_sealed_size(len(sealed)):
        raise ValueError("a sealed text is 4096, 8192, 16384, 32768 or 65536 bytes")
