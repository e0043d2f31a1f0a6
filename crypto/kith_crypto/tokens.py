"""Session tokens, reader passes and keyed hashes: what the node hands out or keys by.

A session token is sealed, so the node stores no sessions and a token names nobody to others.
Which day keys are alive, comparing the epoch and refusing a suspended member are the caller's
part.
"""

import msgspec

from kith_crypto.aead import NONCE_BYTES, TAG_BYTES, decrypt, encrypt
from kith_crypto.errors import DecryptionError
from kith_crypto.hashes import hmac_sha256

MEMBER_ID_BYTES = 16
EPOCH_BYTES = 8
DEVICE_BYTES = 8
TOKEN_BYTES = NONCE_BYTES + MEMBER_ID_BYTES + EPOCH_BYTES + DEVICE_BYTES + TAG_BYTES
READER_PASS_BYTES = 32
KEYED_HASH_BYTES = 16

_SESSION_LABEL = b"kith/session/v1\0"
_READER_LABEL = b"kith/reader-pass/v1\0"
_KEYED_HASH_LABEL = b"kith/keyed-hash/v1\0"


class Session(msgspec.Struct, frozen=True):
    """What a session token says. Its ``repr`` shows nothing.

    Attributes:
        member_id: 16 bytes.
        epoch: 8 bytes; valid only while equal to the member's present one.
        device: 8 bytes, chosen by the device at sign-in.
    """

    member_id: bytes
    epoch: bytes
    device: bytes

    def __repr__(self) -> str:
        return "Session(...)"


def seal_session(
    day_key: bytes, *, member_id: bytes, epoch: bytes, device: bytes, nonce: bytes
) -> bytes:
    """Return a token of ``TOKEN_BYTES`` that only holders of *day_key* can read or make.

    Args:
        day_key: 32 bytes, the day's session key.
        member_id: 16 bytes.
        epoch: 8 bytes.
        device: 8 bytes.
        nonce: 12 random bytes; a day key is used far fewer than 2**32 times.

    Raises:
        ValueError: a part of another size.
    """
    sizes = (len(member_id), len(epoch), len(device))
    if sizes != (MEMBER_ID_BYTES, EPOCH_BYTES, DEVICE_BYTES):
        raise ValueError("a session is member id (16), epoch (8) and device (8)")
    return encrypt(day_key, member_id + epoch + device, nonce=nonce, bound=_SESSION_LABEL)


def open_session(day_key: bytes, token: bytes) -> Session:
    """Return what *token*, made under *day_key*, says.

    Raises:
        DecryptionError: in every case but a whole token made under this key.
    """
    if len(token) != TOKEN_BYTES:
        raise DecryptionError("cannot be opened")
    content = decrypt(day_key, token, bound=_SESSION_LABEL)
    return Session(member_id=content[:16], epoch=content[16:24], device=content[24:])


def reader_pass(secret: bytes, day: int) -> bytes:
    """Return the 32-byte pass that opens reading on *day*, the same for every member.

    Args:
        secret: the node's secret for passes, 32 bytes.
        day: whole days since 1970-01-01 UTC.
    """
    return hmac_sha256(secret, _READER_LABEL + day.to_bytes(4, "big"))


def keyed_hash(key: bytes, value: bytes) -> bytes:
    """Return 16 bytes that stand for *value* and can be compared only by holders of *key*."""
    return hmac_sha256(key, _KEYED_HASH_LABEL + value)[:KEYED_HASH_BYTES]
