"""Seals: who owns a thing, readable by the keyholders alone.

When a node knows the member, it seals the member's id to the keyholders' key of the quarter
together with a digest of the thing. Wrapping a seal that leaves the node, and checking that
the digest is that of the report in hand, are the caller's part.
"""

from datetime import date
from typing import Final

import msgspec

from kith_crypto.errors import DecryptionError
from kith_crypto.hpke import OVERHEAD_BYTES, open_sealed, seal

KIND_OFFER: Final = 1
KIND_PROFILE: Final = 2
KIND_ENVELOPE: Final = 3

MEMBER_ID_BYTES = 16
DIGEST_BYTES = 32
SALT_BYTES = 16
COMMUNITY_BYTES = 16
SEAL_BYTES = OVERHEAD_BYTES + MEMBER_ID_BYTES + DIGEST_BYTES + SALT_BYTES  # 1200

_LABEL = b"kith/seal/v1\0"
_EPOCH_DAY_ORDINAL = date(1970, 1, 1).toordinal()


class Opened(msgspec.Struct, frozen=True):
    """What a seal says. Its ``repr`` shows nothing.

    Attributes:
        member_id: 16 bytes.
        digest: 32 bytes, of the thing sealed.
        salt: 16 bytes.
    """

    member_id: bytes
    digest: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "Opened(...)"


def quarter_of(day: int) -> int:
    """Return the number of the calendar quarter, ``year * 4 + (0 to 3)``, that holds *day*.

    Args:
        day: whole days since 1970-01-01 UTC, not negative.
    """
    on = date.fromordinal(_EPOCH_DAY_ORDINAL + day)
    return on.year * 4 + (on.month - 1) // 3


def make_seal(
    keyholders_key: bytes,
    *,
    member_id: bytes,
    digest: bytes,
    salt: bytes,
    kind: int,
    community: bytes,
    epoch: int,
) -> bytes:
    """Return a seal of ``SEAL_BYTES``.

    Args:
        keyholders_key: the quarter's public sealing key, 1216 bytes.
        member_id: 16 bytes.
        digest: SHA-256 that names the thing, 32 bytes.
        salt: 16 random bytes.
        kind: ``KIND_OFFER``, ``KIND_PROFILE`` or ``KIND_ENVELOPE``.
        community: ``objects.community_id`` of the node's actor, 16 bytes.
        epoch: the key's quarter as ``quarter_of`` counts.

    Raises:
        KeyRefusedError: *keyholders_key* is not a sealing key.
        ValueError: a part of another size.
    """
    sizes = (len(member_id), len(digest), len(salt))
    if sizes != (MEMBER_ID_BYTES, DIGEST_BYTES, SALT_BYTES):
        raise ValueError("a seal holds member id (16), digest (32) and salt (16)")
    info = _info(kind, community, epoch)
    return seal(keyholders_key, member_id + digest + salt, info=info)


def open_seal(seed: bytes, sealed: bytes, *, kind: int, community: bytes, epoch: int) -> Opened:
    """Return what *sealed* says.

    Args:
        seed: the quarter's private seed, 32 bytes.
        sealed: ``SEAL_BYTES``, unwrapped.
        kind: as in ``make_seal``; so *community* and *epoch*.
        community: 16 bytes.
        epoch: the key's quarter.

    Raises:
        DecryptionError: in every case but a whole seal for this key, kind, community and
            quarter.
    """
    if len(sealed) != SEAL_BYTES:
        raise DecryptionError("cannot be opened")
    content = open_sealed(seed, sealed, info=_info(kind, community, epoch))
    return Opened(member_id=content[:16], digest=content[16:48], salt=content[48:])


def _info(kind: int, community: bytes, epoch: int) -> bytes:
    if kind not in (KIND_OFFER, KIND_PROFILE, KIND_ENVELOPE):
        raise ValueError("no such kind of seal")
    if len(community) != COMMUNITY_BYTES:
        raise ValueError("a community is named by 16 bytes")
    return _LABEL + kind.to_bytes(1, "big") + community + epoch.to_bytes(4, "big")
