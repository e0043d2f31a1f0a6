"""Authenticated encryption with AES-256-GCM under keys that are already secret.

Choosing a nonce that never repeats under a key is the caller's part: random for keys used
rarely, derived keys for many texts.

Source: NIST SP 800-38D; RFC 5116 §5.2.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kith_crypto.errors import DecryptionError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def encrypt(key: bytes, plaintext: bytes, *, nonce: bytes, bound: bytes = b"") -> bytes:
    """Return ``nonce ‖ ciphertext ‖ tag``.

    Args:
        key: 32 bytes.
        plaintext: anything.
        nonce: 12 bytes, never used before under *key*.
        bound: associated data; must be given again to decrypt.

    Raises:
        ValueError: a key or nonce of another size.
    """
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError("AES-256-GCM takes a 32-byte key and a 12-byte nonce")
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound)


def decrypt(key: bytes, sealed: bytes, *, bound: bytes = b"") -> bytes:
    """Return the plaintext of what ``encrypt`` made.

    Args:
        key: 32 bytes.
        sealed: ``nonce ‖ ciphertext ‖ tag``.
        bound: the associated data it was made with.

    Raises:
        DecryptionError: in every case but the right key, text and bound data.
        ValueError: a key of another size, which is a mistake in the program.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("AES-256-GCM takes a 32-byte key")
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise DecryptionError("cannot be opened")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise DecryptionError("cannot be opened") from error
