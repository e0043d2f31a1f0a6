"""The vault key and what grows from it: keys of chunks, of the device, and a passkey's slot.

The vault key is 32 random bytes and never leaves the device but in slots (``signin`` wraps it).
A chunk is ``nonce(12) ‖ AES-256-GCM`` of ``length(4) ‖ records ‖ zeros`` under a key of its
own, and what the node stores of it is exactly a power of two of bytes. Packing records,
versions, the index with its list of hashes, and merging are left to the vault format of the
protocol.

Source: RFC 5869; NIST SP 800-38D; WebAuthn Level 3 §10.1.4 for the PRF extension.
"""

from typing import Final

from kith_crypto.aead import NONCE_BYTES, TAG_BYTES, decrypt, encrypt
from kith_crypto.errors import DecryptionError
from kith_crypto.hashes import hkdf_sha256, sha256
from kith_crypto.padding import LENGTH_BYTES, bucket_bytes, frame, is_bucket, unframe

VAULT_KEY_BYTES = 32
PRF_BYTES = 32
MAX_CREDENTIAL_ID_BYTES = 1023  # WebAuthn §4, credential id
MAX_CHUNK = 2**16 - 1
SMALLEST_CHUNK_BYTES: Final = 1024
LARGEST_CHUNK_BYTES: Final = 4 * 1024 * 1024
MAX_RECORDS_BYTES = LARGEST_CHUNK_BYTES - NONCE_BYTES - TAG_BYTES - LENGTH_BYTES

_CHUNK_LABEL = b"kith/chunk/v1\0"
_DEVICE_LABEL = b"kith/device/v1\0"
_PASSKEY_LABEL = b"kith/wrap-prf/v1\0"
_AROUND_BYTES = NONCE_BYTES + TAG_BYTES


def derive_chunk_key(vault_key: bytes, chunk: int) -> bytes:
    """Return the 32-byte key of one chunk.

    Args:
        vault_key: 32 bytes.
        chunk: its number, 0 to ``MAX_CHUNK``; two bytes in the derivation.

    Raises:
        ValueError: a key of another size, or a number out of range.
    """
    _check_vault_key(vault_key)
    if not 0 <= chunk <= MAX_CHUNK:
        raise ValueError("no such chunk")
    return hkdf_sha256(vault_key, _CHUNK_LABEL + chunk.to_bytes(2, "big"))


def derive_device_key(vault_key: bytes) -> bytes:
    """Return the 32-byte key that encrypts what is kept on a device.

    Raises:
        ValueError: a key of another size.
    """
    _check_vault_key(vault_key)
    return hkdf_sha256(vault_key, _DEVICE_LABEL)


def derive_passkey_wrap(prf_first: bytes, *, credential_id: bytes) -> bytes:
    """Return the 32-byte key of a passkey's slot.

    Args:
        prf_first: first output of the passkey's PRF, 32 bytes.
        credential_id: 1 to ``MAX_CREDENTIAL_ID_BYTES``.

    Raises:
        ValueError: a part of another size.
    """
    if len(prf_first) != PRF_BYTES or not 0 < len(credential_id) <= MAX_CREDENTIAL_ID_BYTES:
        raise ValueError("a passkey gives 32 bytes and has an id of 1 to 1023")
    return hkdf_sha256(prf_first, _PASSKEY_LABEL + credential_id)


def record_place(record_id: str) -> int:
    """Return 0 to 255, the first byte of SHA-256 of the id, by which records are packed."""
    return sha256(record_id.encode("utf-8"))[0]


def seal_chunk(
    vault_key: bytes,
    chunk: int,
    records: bytes,
    *,
    nonce: bytes,
    at_least: int = SMALLEST_CHUNK_BYTES,
) -> bytes:
    """Return the chunk as the node stores it, a power of two of bytes.

    Args:
        vault_key: 32 bytes.
        chunk: its number.
        records: at most ``MAX_RECORDS_BYTES``.
        nonce: 12 random bytes.
        at_least: the smallest size to use, so that a chunk need not be seen to shrink; a power
            of two from ``SMALLEST_CHUNK_BYTES`` to ``LARGEST_CHUNK_BYTES``.

    Raises:
        TooLargeError: *records* are longer than allowed.
        ValueError: a part of another size.
    """
    if not _is_size(at_least):
        raise ValueError("chunks are powers of two")
    size = bucket_bytes(
        len(records) + LENGTH_BYTES + _AROUND_BYTES,
        smallest=at_least,
        largest=LARGEST_CHUNK_BYTES,
    )
    key = derive_chunk_key(vault_key, chunk)
    return encrypt(key, frame(records, size - _AROUND_BYTES), nonce=nonce)


def open_chunk(vault_key: bytes, chunk: int, sealed: bytes) -> bytes:
    """Return the records in a chunk.

    Whether it is the newest version is for the index to say.

    Args:
        vault_key: 32 bytes.
        chunk: its number.
        sealed: as the node stored it.

    Raises:
        DecryptionError: in every case but a whole chunk of this number and vault.
    """
    if not _is_size(len(sealed)):
        raise DecryptionError("cannot be opened")
    return unframe(decrypt(derive_chunk_key(vault_key, chunk), sealed))


def _is_size(size: int) -> bool:
    return is_bucket(size, smallest=SMALLEST_CHUNK_BYTES, largest=LARGEST_CHUNK_BYTES)


def _check_vault_key(vault_key: bytes) -> None:
    if len(vault_key) != VAULT_KEY_BYTES:
        raise ValueError("a vault key is 32 bytes")
