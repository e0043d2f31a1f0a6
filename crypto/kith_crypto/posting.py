"""Posting: all that a node does to what a member hands in, in one step.

Seal, wrap and stamp must speak of one envelope and one day; done here together they do. The
member id goes into the seal and nowhere else. Quotas, choosing the keys of the day and queueing
are the caller's part.
"""

from kith_crypto.aead import NONCE_BYTES
from kith_crypto.ed25519 import SigningKey
from kith_crypto.envelope import Unstamped
from kith_crypto.randomness import Rng
from kith_crypto.seals import SALT_BYTES
from kith_crypto.sender_seal import make_sender_seal, wrap_seal
from kith_crypto.stamp import Stamped, stamp_envelope


def post_envelope(
    unstamped: Unstamped,
    *,
    member_id: bytes,
    day: int,
    community: bytes,
    node_key: SigningKey,
    keyholders_key: bytes,
    week_key: bytes,
    rng: Rng,
) -> Stamped:
    """Return the envelope that leaves the node.

    Args:
        unstamped: what the member handed in.
        member_id: 16 bytes.
        day: today, whole days since 1970-01-01 UTC.
        community: ``objects.community_id`` of this node's actor, 16 bytes.
        node_key: the node's identity.
        keyholders_key: the public sealing key of the quarter that holds *day*, 1216 bytes.
        week_key: the node's key of the week that holds *day*, 32 bytes.
        rng: for salt and nonce.

    Raises:
        KeyRefusedError: *keyholders_key* is not a sealing key.
        ValueError: a part of another size, or a day out of range.
    """
    seal = make_sender_seal(
        keyholders_key,
        unstamped,
        member_id=member_id,
        salt=rng.bytes(SALT_BYTES),
        community=community,
        day=day,
    )
    wrapped = wrap_seal(week_key, seal, nonce=rng.bytes(NONCE_BYTES))
    return stamp_envelope(unstamped, node_key=node_key, wrapped_seal=wrapped, day=day)
