"""Sealing to a public key that withstands quantum computers: HPKE, base mode, X-Wing.

Suite: KEM 0x647a (ML-KEM-768 with X25519), KDF 0x0001 (HKDF-SHA256), AEAD 0x0002
(AES-256-GCM). Associated data is empty everywhere: whatever must be bound goes into ``info``,
which begins with a domain label. Sealing authenticates no sender; that is a signature's job.
The library draws the randomness of sealing itself.

Source: RFC 9180 §5, §6; draft-ietf-hpke-pq; draft-connolly-cfrg-xwing-kem §5.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from kith_crypto.errors import DecryptionError, KeyRefusedError
from kith_crypto.hashes import shake256

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 1216
ENCAPSULATED_BYTES = 1120
OVERHEAD_BYTES = ENCAPSULATED_BYTES + 16

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def sealing_public_key(seed: bytes) -> bytes:
    """Return the 1216-byte public key, ML-KEM-768 ‖ X25519, that grows from *seed*.

    Args:
        seed: 32 secret bytes, all there is of the private key.
    """
    mlkem, x25519 = _private_halves(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def seal(public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
    """Return ``enc(1120) ‖ ciphertext ‖ tag(16)``, readable by the key's holder alone.

    Args:
        public_key: 1216 bytes; may come from a stranger.
        plaintext: already padded to its bucket.
        info: domain label and everything to be bound.

    Raises:
        KeyRefusedError: not a public key of this suite.
    """
    try:
        # Loading either half refuses every length but its own.
        recipient = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public_key[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public_key[_MLKEM_PUBLIC_BYTES:]),
        )
        return _SUITE.encrypt(plaintext, recipient, info=info)
    except ValueError as error:
        raise KeyRefusedError("not a sealing key") from error


def open_sealed(seed: bytes, sealed: bytes, *, info: bytes) -> bytes:
    """Return the plaintext of what ``seal`` made for the public half of *seed*.

    Args:
        seed: 32 secret bytes.
        sealed: ``enc ‖ ciphertext ‖ tag``.
        info: the bytes it was sealed with.

    Raises:
        DecryptionError: in every case but the right key, text and *info*.
        ValueError: a seed of another size, which is a mistake in the program.
    """
    key = MLKEM768X25519PrivateKey(*_private_halves(seed))
    if len(sealed) < OVERHEAD_BYTES:
        raise DecryptionError("cannot be opened")
    try:
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("cannot be opened") from error


def _private_halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_BYTES:
        raise ValueError("a sealing seed is 32 bytes")
    # X-Wing §5.2: SHAKE256 stretches the seed to those of both halves.
    expanded = shake256(seed, _MLKEM_SEED_BYTES + 32)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )
