"""Sender seals: who sent an envelope, readable by its node and the keyholders together only.

The node seals the member's id to the keyholders' key and wraps the seal under a key of its own
for that week before it leaves. So a keyholder's key alone opens nothing that left, and nothing
opens once the week's key is destroyed. The node keeps neither seal nor wrapped seal. Making,
naming and destroying week keys is the caller's part.
"""

from collections.abc import Sequence

from kith_crypto.aead import decrypt, encrypt
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.envelope import Unstamped
from kith_crypto.hashes import sha256
from kith_crypto.seals import KIND_ENVELOPE, SEAL_BYTES, make_seal, quarter_of
from kith_crypto.stamp import Postmark, verify_postmark


def envelope_digest(box: bytes, commitment: bytes, sealed_hash: bytes) -> bytes:
    """Return SHA-256 of the three: what the seal of an envelope is bound to.

    Args:
        box: 16 bytes.
        commitment: 32 bytes.
        sealed_hash: SHA-256 of the sealed text, 32 bytes.
    """
    return sha256(box + commitment + sealed_hash)


def make_sender_seal(
    keyholders_key: bytes,
    unstamped: Unstamped,
    *,
    member_id: bytes,
    salt: bytes,
    community: bytes,
    day: int,
) -> bytes:
    """Return the seal, 1200 bytes, that says who handed in *unstamped*.

    Args:
        keyholders_key: the public sealing key of the quarter that holds *day*, 1216 bytes.
        unstamped: what the member handed in.
        member_id: 16 bytes.
        salt: 16 random bytes.
        community: ``objects.community_id`` of this node's actor, 16 bytes.
        day: the day that will be in the stamp, whole days since 1970-01-01 UTC; it names the
            quarter again when the seal is opened.

    Raises:
        KeyRefusedError: *keyholders_key* is not a sealing key.
        ValueError: a part of another size.
    """
    digest = envelope_digest(unstamped.box, unstamped.commitment, sha256(unstamped.sealed))
    return make_seal(
        keyholders_key,
        member_id=member_id,
        digest=digest,
        salt=salt,
        kind=KIND_ENVELOPE,
        community=community,
        epoch=quarter_of(day),
    )


def wrap_seal(week_key: bytes, seal: bytes, *, nonce: bytes) -> bytes:
    """Return the wrapped seal, 1228 bytes, that may leave the node.

    Args:
        week_key: the node's key of this week, 32 bytes.
        seal: 1200 bytes.
        nonce: 12 random bytes; a week has far fewer than 2**32 envelopes.

    Raises:
        ValueError: a part of another size.
    """
    if len(seal) != SEAL_BYTES:
        raise ValueError("a seal is 1200 bytes")
    return encrypt(week_key, seal, nonce=nonce)


def unwrap_seal(week_key: bytes, postmark: Postmark, *, own_keys: Sequence[VerifyKey]) -> bytes:
    """Return the seal, 1200 bytes, for a moderator who shows a postmark of this node.

    Args:
        week_key: the node's key of the week that holds the postmark's day, 32 bytes.
        postmark: as the moderator sent it.
        own_keys: this node's present and lately retired keys.

    Raises:
        SignatureError: the stamp is none of this node's.
        DecryptionError: not wrapped under this key.
        ValueError: a key of another size, which is a mistake in the program.
    """
    verify_postmark(postmark, own_keys)
    return decrypt(week_key, postmark.wrapped_seal)
