"""The keyholders' public file: sealing keys of several quarters, signed by a lasting key.

Made off the server by ``kith keyholder new``; the node holds only this file. The key of the
current quarter takes owner and sender seals and stands in the actor document
(``keyholders.py``); its private half stays with the keyholders.

Source: SPEC.md, section on sealed accountability.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec

from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import CryptoError, MalformedError, TooLargeError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.multikey import encode_multikey, parse_multikey
from kith_protocol.bundle import SEALING_KEY_BYTES
from kith_protocol.keyholders import KeyholderKeys, sign_keyholders, verify_keyholders

MAX_QUARTERS = 40
MAX_FILE_BYTES = 128 * 1024


class _QuarterEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    epoch: Annotated[int, msgspec.Meta(ge=0, le=40_000)]
    sealing_key: str
    signature: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    verify_key: str
    quarters: Annotated[
        tuple[_QuarterEntry, ...], msgspec.Meta(min_length=1, max_length=MAX_QUARTERS)
    ]


class Keyholders(msgspec.Struct, frozen=True):
    """Verified public keys of the keyholders.

    Attributes:
        identity: the lasting Ed25519 key whose fingerprint members are shown.
        quarters: epoch (year x 4 + quarter index) to that quarter's keys.
    """

    identity: VerifyKey
    quarters: dict[int, KeyholderKeys]

    @property
    def sealing_keys(self) -> dict[int, bytes]:
        """Epoch to public sealing key, 1216 bytes each."""
        return {epoch: keys.sealing_key for epoch, keys in self.quarters.items()}


def encode_keyholders_file(
    identity: SigningKey, seeds: Mapping[int, bytes], *, kept: Iterable[KeyholderKeys] = ()
) -> bytes:
    """Return the public file that belongs to private keys.

    Args:
        identity: the keyholders' lasting key.
        seeds: epoch to 32-byte X-Wing seed, of the quarters that are new.
        kept: keys of other quarters that go on standing in the file, signed by *identity*.

    Raises:
        ValueError: a kept key is another lasting key's, or its quarter is among the new ones.
    """
    quarters = {
        epoch: sign_keyholders(identity, sealing_key=sealing_public_key(seed), epoch=epoch)
        for epoch, seed in seeds.items()
    }
    for keys in kept:
        if keys.verify_key != identity.verify_key or keys.epoch in quarters:
            raise ValueError("a quarter of other keyholders, or one that has a new key")
        quarters[keys.epoch] = keys
    entries = tuple(_entry_of(quarters[epoch]) for epoch in sorted(quarters))
    document = _File(1, encode_multikey(identity.verify_key), entries)
    return msgspec.json.encode(document, order="sorted")


def parse_keyholders_file(raw: bytes) -> Keyholders:
    """Return the verified keys of a public file.

    Args:
        raw: the file, about 2 kB for each quarter.

    Raises:
        TooLargeError: longer than such a file can be.
        MalformedError: not such a file, or a signature in it is not by its lasting key.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    try:
        document = msgspec.json.decode(raw, type=_File)
        identity = parse_multikey(document.verify_key)
        quarters = {entry.epoch: _verify(entry, identity) for entry in document.quarters}
    except (ValueError, RecursionError, CryptoError) as error:  # msgspec's are ValueErrors
        raise MalformedError(f"not a keyholders' public file: {error}") from error
    return Keyholders(identity, quarters)


def _entry_of(keys: KeyholderKeys) -> _QuarterEntry:
    return _QuarterEntry(
        keys.epoch, encode_base64url(keys.sealing_key), encode_base64url(keys.signature)
    )


def _verify(entry: _QuarterEntry, identity: VerifyKey) -> KeyholderKeys:
    return verify_keyholders(
        KeyholderKeys(
            verify_key=identity,
            sealing_key=parse_base64url(entry.sealing_key, size=SEALING_KEY_BYTES),
            epoch=entry.epoch,
            signature=parse_base64url(entry.signature, size=SIGNATURE_BYTES),
        )
    )
