"""What only a community's moderators read: reports and applications to join.

Sealed on the device of whoever writes to the moderators' key in the community's signed actor,
padded to 8192 bytes or more, so that the node keeps ciphertext only. Sealing authenticates no
sender: a report proves itself (see ``report``), an application need not.

Source: RFC 9180; the layout of ``info`` follows that of ``seals``.
"""

from typing import Final

from kith_crypto.errors import DecryptionError
from kith_crypto.hpke import OVERHEAD_BYTES, open_sealed, seal, sealing_public_key
from kith_crypto.objects import ID_BYTES, key_id
from kith_crypto.padding import LENGTH_BYTES, bucket_bytes, frame, is_bucket, unframe

KIND_REPORT: Final = 1
KIND_APPLICATION: Final = 2

SMALLEST_SEALED_BYTES: Final = 8192
LARGEST_SEALED_BYTES: Final = 131_072  # holds the report of the longest message
MAX_PAYLOAD_BYTES = LARGEST_SEALED_BYTES - OVERHEAD_BYTES - LENGTH_BYTES

_LABEL = b"kith/moderators/v1\0"


def seal_for_moderators(
    moderators_key: bytes, payload: bytes, *, kind: int, community: bytes
) -> bytes:
    """Return *payload* sealed to the moderators, a power of two of bytes from 8192.

    Args:
        moderators_key: their public sealing key, 1216 bytes.
        payload: at most ``MAX_PAYLOAD_BYTES``.
        kind: ``KIND_REPORT`` or ``KIND_APPLICATION``.
        community: ``objects.community_id`` of the moderators' community, 16 bytes.

    Raises:
        TooLargeError: *payload* is longer than allowed.
        KeyRefusedError: *moderators_key* is not a sealing key.
        ValueError: no such kind, or a community of another size.
    """
    size = bucket_bytes(
        len(payload) + LENGTH_BYTES + OVERHEAD_BYTES,
        smallest=SMALLEST_SEALED_BYTES,
        largest=LARGEST_SEALED_BYTES,
    )
    info = _info(kind, community, moderators_key)
    return seal(moderators_key, frame(payload, size - OVERHEAD_BYTES), info=info)


def open_for_moderators(seed: bytes, sealed: bytes, *, kind: int, community: bytes) -> bytes:
    """Return the payload.

    Args:
        seed: the moderators' private seed, 32 bytes.
        sealed: as the node kept it.
        kind: as in ``seal_for_moderators``; so *community*.
        community: 16 bytes.

    Raises:
        DecryptionError: in every case but a whole sealed text for this key, kind and community.
    """
    if not is_bucket(len(sealed), smallest=SMALLEST_SEALED_BYTES, largest=LARGEST_SEALED_BYTES):
        raise DecryptionError("cannot be opened")
    info = _info(kind, community, sealing_public_key(seed))
    return unframe(open_sealed(seed, sealed, info=info))


def _info(kind: int, community: bytes, moderators_key: bytes) -> bytes:
    if kind not in (KIND_REPORT, KIND_APPLICATION):
        raise ValueError("moderators get reports and applications")
    if len(community) != ID_BYTES:
        raise ValueError("a community is named by 16 bytes")
    return _LABEL + bytes((kind,)) + community + key_id(moderators_key)
