"""Makes ``crypto/vectors/kith_vault.json`` from fixed seeds.

Written from the rules, without the modules it is to test; a change in it is a change of format.
``python -m kith_testing.vault_vectors`` prints it.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kith_crypto.words import WORDS
from kith_testing.message_vectors import render

VAULT_KEY = sha256(b"vectors of kith: vault key").digest()
NONCE = sha256(b"vectors of kith: chunk nonce").digest()[:12]
PRF = sha256(b"vectors of kith: prf").digest()
CODES = (bytes(16), bytes([255]) * 16, sha256(b"vectors of kith: code").digest()[:16])
RECORD_IDS = ("conversation", "offer/1", "é", "")


def _hkdf(key: bytes, info: bytes) -> bytes:
    secret = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(secret, info + b"\x01", "sha256")


def _chunk(number: int, content: bytes, size: int) -> bytes:
    key = _hkdf(VAULT_KEY, b"kith/chunk/v1\0" + number.to_bytes(2, "big"))
    padded = content + bytes(size - 28 - len(content))
    return NONCE + AESGCM(key).encrypt(NONCE, padded, b"")


def seal_by_hand(number: int, records: bytes, size: int, *, nonce: bytes) -> bytes:
    """Return the chunk *number* of ``VAULT_KEY`` that holds *records*, *size* bytes long."""
    key = _hkdf(VAULT_KEY, b"kith/chunk/v1\0" + number.to_bytes(2, "big"))
    framed = _framed(records)
    return nonce + AESGCM(key).encrypt(nonce, framed + bytes(size - 28 - len(framed)), b"")


def _framed(records: bytes) -> bytes:
    return len(records).to_bytes(4, "big") + records


def _chunks() -> list[dict[str, Any]]:
    cases = [(0, b"", 1024), (1, b"records", 2048), (65535, b"r" * 992, 1024)]
    return [
        {
            "chunk": number,
            "key": _hkdf(VAULT_KEY, b"kith/chunk/v1\0" + number.to_bytes(2, "big")).hex(),
            "nonce": NONCE.hex(),
            "records": records.hex(),
            "at_least": 2048 if number == 1 else 1024,
            "sealed": _chunk(number, _framed(records), size).hex(),
        }
        for number, records, size in cases
    ]


def _refused_chunks() -> dict[str, str]:
    good = _chunk(1, _framed(b"records"), 1024)
    return {
        "of another number": _chunk(2, _framed(b"records"), 1024).hex(),
        "of a size that is no power of two": _chunk(1, _framed(b"records"), 1025).hex(),
        "of less than the smallest size": _chunk(1, _framed(b"records"), 512).hex(),
        "with padding that is not zeros": _chunk(1, _framed(b"") + b"\x01", 1024).hex(),
        "with a length beyond its end": _chunk(1, b"\0\0\x03\xe1", 1024).hex(),
        "with a changed bit": (good[:-1] + bytes((good[-1] ^ 1,))).hex(),
    }


def _recovery(code: bytes) -> dict[str, Any]:
    checksum = sha256(b"kith/rec-check/v1\0" + code).digest()
    bits = "".join(f"{byte:08b}" for byte in code) + f"{checksum[0]:08b}"[:4]
    places = [int(bits[start : start + 11], 2) for start in range(0, 132, 11)]
    return {
        "code": code.hex(),
        "words": " ".join(WORDS[place] for place in places),
        "qr": b32encode(code + checksum[:4]).decode(),
    }


def _refused_recovery() -> dict[str, list[str]]:
    good = _recovery(CODES[2])
    words, qr = good["words"].split(), good["qr"]
    last = WORDS[WORDS.index(words[-1]) ^ 1]
    return {
        "words": [
            "",
            " ".join(words[:-1]),
            " ".join([*words, words[0]]),
            " ".join([*words[:-1], last]),
            " ".join([*words[:-1], "kith"]),
            "about " * 300,
        ],
        "qr": ["", qr[:-1], qr + "A", qr.lower(), qr + "\n", "0" + qr[1:], "A" + qr[1:]],
    }


def make() -> dict[str, Any]:
    """Return the vectors."""
    return {
        "source": [
            {
                "name": "Kith",
                "section": "keys of the vault, chunks and recovery codes",
                "address": "this project",
            }
        ],
        "checked": "Made by kith_testing.vault_vectors from the written rules, with plain "
        "SHA-256, HMAC and AES-GCM, not with the modules they test.",
        "vault_key": VAULT_KEY.hex(),
        "device_key": _hkdf(VAULT_KEY, b"kith/device/v1\0").hex(),
        "passkeys": [
            {
                "prf_first": PRF.hex(),
                "credential_id": credential.hex(),
                "wrap": _hkdf(PRF, b"kith/wrap-prf/v1\0" + credential).hex(),
            }
            for credential in (b"\x01", b"credential" * 6)
        ],
        "places": {name: sha256(name.encode()).digest()[0] for name in RECORD_IDS},
        "chunks": _chunks(),
        "refused_chunks": _refused_chunks(),
        "recovery": [_recovery(code) for code in CODES],
        "refused_recovery": _refused_recovery(),
    }


if __name__ == "__main__":
    print(render(make()).decode(), end="")
