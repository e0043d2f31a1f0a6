"""Two of three: a keyholders' seed sealed so that any two of three people can open it together.

For each pair the seed is sealed to one of them, and that to the other (HPKE inside HPKE), so
one alone gets nothing but a sealed text that the other must open. Whoever ends up with the seed
has it whole: it is put together for one opening on one machine. Handing the parts over is the
caller's part.

Source: RFC 9180, used twice; no secret sharing over fields is needed for so few people.
"""

from collections.abc import Sequence

from kith_crypto.errors import DecryptionError
from kith_crypto.hpke import OVERHEAD_BYTES, SEED_BYTES, open_sealed, seal, sealing_public_key
from kith_crypto.objects import key_id

KEYHOLDERS = 3
PAIRS = ((0, 1), (0, 2), (1, 2))
"""Who opens the outer and who the inner layer, in the order of ``seal_to_pairs``."""

HALF_OPEN_BYTES = SEED_BYTES + OVERHEAD_BYTES  # 1168
SHARE_BYTES = HALF_OPEN_BYTES + OVERHEAD_BYTES  # 2304

_LABEL = b"kith/share/v1\0"
_OUTER = b"\x01"
_INNER = b"\x02"


def seal_to_pairs(seed: bytes, keys: Sequence[bytes], *, epoch: int) -> tuple[bytes, ...]:
    """Return one share, ``SHARE_BYTES``, for each of ``PAIRS``.

    Args:
        seed: the keyholders' private seed of a quarter, 32 bytes.
        keys: the three people's own public sealing keys, 1216 bytes each, all different.
        epoch: the quarter, as ``seals.quarter_of`` counts.

    Raises:
        KeyRefusedError: one of *keys* is not a sealing key.
        ValueError: not three different keys, or a seed of another size.
    """
    if len(set(keys)) != KEYHOLDERS or len(keys) != KEYHOLDERS:
        raise ValueError("there are three keyholders with a key each")
    if len(seed) != SEED_BYTES:
        raise ValueError("a sealing seed is 32 bytes")
    return tuple(_seal(seed, keys[outer], keys[inner], epoch) for outer, inner in PAIRS)


def open_outer_share(outer_seed: bytes, share: bytes, *, inner_key: bytes, epoch: int) -> bytes:
    """Return the share, half open, 1168 bytes, for the second of the pair.

    Args:
        outer_seed: own private seed of the pair's first, 32 bytes.
        share: 2304 bytes.
        inner_key: public key of the pair's second, 1216 bytes.
        epoch: the quarter.

    Raises:
        DecryptionError: in every case but this pair's whole share of this quarter.
    """
    if len(share) != SHARE_BYTES:
        raise DecryptionError("cannot be opened")
    info = _info(_OUTER, sealing_public_key(outer_seed), inner_key, epoch)
    return open_sealed(outer_seed, share, info=info)


def open_inner_share(
    inner_seed: bytes, half_open: bytes, *, outer_key: bytes, epoch: int
) -> bytes:
    """Return the keyholders' seed, 32 bytes; compare its public key with the published one.

    Args:
        inner_seed: own private seed of the pair's second, 32 bytes.
        half_open: what the first made of the share, 1168 bytes.
        outer_key: public key of the pair's first, 1216 bytes.
        epoch: the quarter.

    Raises:
        DecryptionError: in every case but this pair's share of this quarter, half open.
    """
    if len(half_open) != HALF_OPEN_BYTES:
        raise DecryptionError("cannot be opened")
    info = _info(_INNER, outer_key, sealing_public_key(inner_seed), epoch)
    return open_sealed(inner_seed, half_open, info=info)


def _seal(seed: bytes, outer_key: bytes, inner_key: bytes, epoch: int) -> bytes:
    inner = seal(inner_key, seed, info=_info(_INNER, outer_key, inner_key, epoch))
    return seal(outer_key, inner, info=_info(_OUTER, outer_key, inner_key, epoch))


def _info(layer: bytes, outer_key: bytes, inner_key: bytes, epoch: int) -> bytes:
    return _LABEL + layer + key_id(outer_key) + key_id(inner_key) + epoch.to_bytes(4, "big")
