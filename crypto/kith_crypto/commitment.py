"""Commitments: one message, and no other, can be shown to be what an envelope held.

The recipient gets the key of the commitment inside the envelope, so they, and nobody else, can
prove the message later (message franking). The key is exactly 32 bytes: HMAC takes a shorter
key and the same with zeros behind it for equal, which would be two openings of one commitment.

Source: RFC 2104; Grubbs, Lu and Ristenpart, "Message Franking via Committing Authenticated
Encryption" (CRYPTO 2017), the construction from HMAC.
"""

from kith_crypto.errors import SignatureError
from kith_crypto.hashes import hmac_sha256, is_equal

FRANK_KEY_BYTES = 32
COMMITMENT_BYTES = 32

_LABEL = b"kith/frank/v1\0"


def commit(frank_key: bytes, core: bytes) -> bytes:
    """Return the 32-byte commitment to *core*, which hides it as long as *frank_key* is secret.

    Args:
        frank_key: 32 random bytes, never used for another message.
        core: the encoded core.

    Raises:
        ValueError: a key of another size.
    """
    if len(frank_key) != FRANK_KEY_BYTES:
        raise ValueError("the key of a commitment is 32 bytes")
    return hmac_sha256(frank_key, _LABEL + core)


def verify_commitment(commitment: bytes, frank_key: bytes, core: bytes) -> None:
    """Return if *commitment* is that of *core* under *frank_key*.

    Raises:
        SignatureError: in every other case, without saying which.
        ValueError: a key of another size, which no format here can carry.
    """
    if not is_equal(commit(frank_key, core), commitment):
        raise SignatureError("not what was committed to")
