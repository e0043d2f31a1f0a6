"""The keyholders' private files: all keys in one hand, or the key of one of three people.

What the three open together is ``keyholders_shares``. These files are for their owner's own
disk and nobody else's; writing them so is the caller's part.

Source: SPEC.md, section on keyholders.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hpke import PUBLIC_KEY_BYTES, SEED_BYTES
from kith_protocol.keyholders_file import MAX_QUARTERS

LASTING_EPOCH = 0
"""Where shares of the lasting key stand among those of quarters; none has this number."""

MAX_FILE_BYTES = 1024 * 1024

_T = TypeVar("_T")


class _PrivateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    identity: str
    seeds: Annotated[dict[str, str], msgspec.Meta(max_length=MAX_QUARTERS)]


class _PersonFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    person_seed: str


class _PersonPublicFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    person_key: str


class PrivateKeys(msgspec.Struct, frozen=True):
    """All private keys, in one hand. Its ``repr`` shows nothing.

    Attributes:
        identity: the lasting key.
        seeds: epoch to 32-byte seed.
    """

    identity: SigningKey
    seeds: dict[int, bytes]

    def __repr__(self) -> str:
        return "PrivateKeys(...)"


def encode_private(keys: PrivateKeys) -> bytes:
    """Return the private file of keyholders who are one person."""
    return encode_file(
        _PrivateFile(
            version=1,
            identity=encode_base64url(keys.identity.seed),
            seeds={str(epoch): encode_base64url(seed) for epoch, seed in keys.seeds.items()},
        )
    )


def parse_private(raw: bytes) -> PrivateKeys:
    """Return the keys in a private file.

    Raises:
        MalformedError: it is none.
    """
    file = decode_file(raw, _PrivateFile)
    return PrivateKeys(
        identity=SigningKey.from_seed(parse_base64url(file.identity, size=SEED_BYTES)),
        seeds={
            parse_epoch(epoch): parse_base64url(seed, size=SEED_BYTES)
            for epoch, seed in file.seeds.items()
        },
    )


def encode_person(seed: bytes) -> bytes:
    """Return the private file of one of three people; *seed* is 32 bytes."""
    return encode_file(_PersonFile(1, encode_base64url(seed)))


def parse_person(raw: bytes) -> bytes:
    """Return the seed, 32 bytes, in one person's private file.

    Raises:
        MalformedError: it is none.
    """
    return parse_base64url(decode_file(raw, _PersonFile).person_seed, size=SEED_BYTES)


def encode_person_public(key: bytes) -> bytes:
    """Return the public half of one of three people; *key* is 1216 bytes."""
    return encode_file(_PersonPublicFile(1, encode_base64url(key)))


def parse_person_public(raw: bytes) -> bytes:
    """Return the public sealing key, 1216 bytes, in one person's public file.

    Raises:
        MalformedError: it is none.
    """
    return parse_base64url(
        decode_file(raw, _PersonPublicFile).person_key, size=PUBLIC_KEY_BYTES
    )


def describe_epoch(epoch: int) -> str:
    """Return what people call a quarter, such as ``2026-Q4``."""
    return "the lasting key" if epoch == LASTING_EPOCH else f"{epoch // 4}-Q{epoch % 4 + 1}"


def parse_epoch(text: str) -> int:
    """Return the quarter that *text*, a member's name in one of the files, stands for.

    Raises:
        MalformedError: it is not a number as ``str`` writes it.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and str(int(text)) == text):
        raise MalformedError("not the number of a quarter")
    return int(text)


def encode_file(file: msgspec.Struct) -> bytes:
    """Return *file* as it is written to a disk."""
    return msgspec.json.encode(file, order="sorted")


def decode_file(raw: bytes, kind: type[_T]) -> _T:
    """Return *raw* as *kind*.

    Raises:
        TooLargeError: longer than such a file can be.
        MalformedError: it is none.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise MalformedError(f"not such a file of keyholders: {error}") from error
