r"""The word of both keys that an offer stands under a profile.

Profile and offer are owned by different keys, so that nothing stored says they belong to one
person; whoever wants both shown together signs with both. Storing it is left to the caller.

Source: crypto spec, profile capability; label ``"kith/shown/v1\0"``.
"""

from __future__ import annotations

from kith_crypto.ed25519 import SigningKey, VerifyKey, verify_ed25519
from kith_crypto.objects import offer_id, profile_id

_LABEL = b"kith/shown/v1\0"


def shown_bytes(profile: bytes, offer: bytes) -> bytes:
    """Return what both keys sign.

    Args:
        profile: the profile's id, 16 bytes.
        offer: the offer's id, 16 bytes.
    """
    assert len(profile) == len(offer) == 16
    return _LABEL + profile + offer


def sign_shown(profile_key: SigningKey, offer_key: SigningKey) -> tuple[bytes, bytes]:
    """Return the signatures of profile key and offer key, 64 bytes each."""
    message = shown_bytes(profile_id(profile_key.verify_key), offer_id(offer_key.verify_key))
    return profile_key.sign(message), offer_key.sign(message)


def verify_shown(
    profile_key: VerifyKey,
    offer_key: VerifyKey,
    *,
    profile_signature: bytes,
    offer_signature: bytes,
) -> tuple[bytes, bytes]:
    """Return the ids of the profile and of the offer that both keys say belong together.

    Raises:
        SignatureError: one of the two did not sign that.
    """
    profile, offer = profile_id(profile_key), offer_id(offer_key)
    message = shown_bytes(profile, offer)
    verify_ed25519(profile_key, profile_signature, message)
    verify_ed25519(offer_key, offer_signature, message)
    return profile, offer
