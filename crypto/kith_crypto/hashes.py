"""Hashes, message authentication, key derivation and constant-time comparison.

Domain labels are the caller's business: this module hashes what it is given.

Source: FIPS 180-4 (SHA-256), FIPS 202 (SHAKE256), RFC 2104 (HMAC), RFC 5869 (HKDF).
"""

import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sha256(data: bytes) -> bytes:
    """Return the 32-byte SHA-256 digest of *data*."""
    return hashlib.sha256(data).digest()


def sha512(data: bytes) -> bytes:
    """Return the 64-byte SHA-512 digest of *data*."""
    return hashlib.sha512(data).digest()


def shake256(data: bytes, size: int) -> bytes:
    """Return *size* bytes of SHAKE256 output over *data*."""
    return hashlib.shake_256(data).digest(size)


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA-256 of *data* under *key*."""
    return hmac.digest(key, data, "sha256")


def hkdf_sha256(key: bytes, info: bytes, size: int = 32) -> bytes:
    """Return *size* bytes derived from *key* for the purpose named by *info*.

    Args:
        key: input key material; must already be unguessable, this stretches nothing.
        info: domain label and context.
        size: bytes wanted, 1 to 8160.

    Source: RFC 5869 with an empty salt.
    """
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=None, info=info).derive(key)


def is_equal(a: bytes, b: bytes) -> bool:
    """Return whether *a* and *b* are the same bytes, in constant time."""
    return hmac.compare_digest(a, b)
