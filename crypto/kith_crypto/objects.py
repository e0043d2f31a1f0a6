"""Identifiers that are hashes: of capabilities, recipients' keys and communities.

An object's owner is whoever holds the key its id is the hash of, so an id needs no registry
and names no member. Checking signatures by these keys is the caller's part.
"""

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.hashes import sha256

ID_BYTES = 16

_OFFER_LABEL = b"kith/offer-id/v1\0"
_PROFILE_LABEL = b"kith/profile-id/v1\0"
_BOX_LABEL = b"kith/box/v1\0"
_KEY_LABEL = b"kith/kid/v1\0"


def offer_id(key: VerifyKey) -> bytes:
    """Return the 16-byte id of the offer that *key* owns."""
    return sha256(_OFFER_LABEL + key)[:ID_BYTES]


def profile_id(key: VerifyKey) -> bytes:
    """Return the 16-byte id of the profile that *key* owns."""
    return sha256(_PROFILE_LABEL + key)[:ID_BYTES]


def box_address(key: VerifyKey) -> bytes:
    """Return the 16-byte address of the mailbox that *key* owns."""
    return sha256(_BOX_LABEL + key)[:ID_BYTES]


def key_id(public: bytes) -> bytes:
    """Return the 16-byte id (``kid``) of the public sealing key *public*, 1216 bytes."""
    return sha256(_KEY_LABEL + public)[:ID_BYTES]


def community_id(actor: str) -> bytes:
    """Return the 16 bytes that stand for a community in derivations.

    Args:
        actor: the actor's id exactly as the community writes it; it is pinned at joining.
    """
    return sha256(actor.encode("utf-8"))[:ID_BYTES]
