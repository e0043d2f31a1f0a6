"""Sealing with published encapsulations, so that vectors of sealed texts come out the same.

A second implementation of HPKE's key schedule (RFC 9180 §5.1, base mode, suite 0x647a, 0x0001,
0x0002) on the encapsulations and shared secrets of ``xwing.json``. Sealing twice to one of
these is as unsafe as repeating a nonce: never use outside of vectors.
"""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SUITE = b"HPKE" + bytes.fromhex("647a00010002")
_XWING = Path(__file__).parents[3] / "crypto" / "vectors" / "xwing.json"


class Recipient(NamedTuple):
    """A key pair of the X-Wing draft with its one published encapsulation."""

    seed: bytes
    public: bytes
    encapsulated: bytes
    shared_secret: bytes


def published_recipients() -> list[Recipient]:
    """Return the three key pairs of the X-Wing draft."""
    vectors = json.loads(_XWING.read_text(encoding="utf-8"))["vectors"]
    return [
        Recipient(*(bytes.fromhex(vector[part]) for part in ("seed", "pk", "ct", "ss")))
        for vector in vectors
    ]


def seal_by_hand(to: Recipient, plaintext: bytes, info: bytes) -> bytes:
    """Return what ``hpke.seal`` would have made, had it drawn this encapsulation."""
    context = b"\0" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(to.shared_secret, b"secret", b"")
    key = _expand(secret, b"key", context, 32)
    nonce = _expand(secret, b"base_nonce", context, 12)
    return to.encapsulated + AESGCM(key).encrypt(nonce, plaintext, b"")


def _extract(salt: bytes, label: bytes, data: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + _SUITE + label + data, "sha256")


def _expand(secret: bytes, label: bytes, context: bytes, size: int) -> bytes:
    info = size.to_bytes(2, "big") + b"HPKE-v1" + _SUITE + label + context
    return hmac.digest(secret, info + b"\x01", "sha256")[:size]
