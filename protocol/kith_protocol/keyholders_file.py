"""The keyholders' public file: sealing keys of several quarters, signed by a lasting key.

Made off the server by ``kith keyholder new``; the node holds only this file. The key of the
current quarter takes owner and sender seals and stands in the actor document
(``keyholders.py``); its private half stays with the keyholders.

Source: SPEC.md, section on sealed accountability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import CryptoError, MalformedError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.multikey import encode_multikey, parse_multikey
from kith_protocol.bundle import SEALING_KEY_BYTES
from kith_protocol.keyholders import KeyholderKeys, sign_keyholders, verify_keyholders

MAX_QUARTERS = 40


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


def encode_keyholders_file(identity: SigningKey, seeds: Mapping[int, bytes]) -> bytes:
    """Return the public file that belongs to private keys.

    Args:
        identity: the keyholders' lasting key.
        seeds: epoch to 32-byte X-Wing seed.
    """
    entries = []
    for epoch, seed in sorted(seeds.items()):
        keys = sign_keyholders(identity, sealing_key=sealing_public_key(seed), epoch=epoch)
        sealing_key = encode_base64url(keys.sealing_key)
        entries.append(_QuarterEntry(epoch, sealing_key, encode_base64url(keys.signature)))
    document = _File(1, encode_multikey(identity.verify_key), tuple(entries))
    return msgspec.json.encode(document, order="sorted")


def parse_keyholders_file(raw: bytes) -> Keyholders:
    """Return the verified keys of a public file.

    Args:
        raw: the file, about 2 kB for each quarter.

    Raises:
        MalformedError: not such a file, or a signature in it is not by its lasting key.
    """
    try:
        document = msgspec.json.decode(raw, type=_File)
        identity = parse_multikey(document.verify_key)
        quarters = {entry.epoch: _verify(entry, identity) for entry in document.quarters}
    except (msgspec.DecodeError, CryptoError) as error:
        raise MalformedError(f"not a keyholders' public file: {error}") from error
    return Keyholders(identity, quarters)


def _verify(entry: _QuarterEntry, identity: VerifyKey) -> KeyholderKeys:
    return verify_keyholders(
        KeyholderKeys(
            verify_key=identity,
            sealing_key=parse_base64url(entry.sealing_key, size=SEALING_KEY_BYTES),
            epoch=entry.epoch,
            signature=parse_base64url(entry.signature, size=SIGNATURE_BYTES),
        )
    )
