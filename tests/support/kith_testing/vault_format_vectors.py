"""Makes ``protocol/vectors/vault.json`` from fixed seeds.

Written from protocol/spec/vault.md, without the modules it is to test; a change in it is a
change of format. ``python -m kith_testing.vault_format_vectors`` prints it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from kith_testing.message_vectors import render
from kith_testing.vault_vectors import VAULT_KEY, seal_by_hand

DEVICES = (b"device 1", b"device 2")
NUMBERS = (15, 63, 255)
SIZE = 16_384


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _record(kind: str, name: str, rev: int, device: bytes, value: dict[str, Any]) -> str:
    return _line(
        {"device": _base64url(device), "id": name, "kind": kind, "rev": rev, "value": value}
    )


def _deletion(kind: str, name: str, rev: int, device: bytes, day: int) -> str:
    return _line(
        {"day": day, "device": _base64url(device), "id": name, "kind": kind, "rev": rev}
    )


LINES = [
    _record("persona", "a1", 1, DEVICES[0], {"content": {"pseudonym": "Quiet Heron"}}),
    _record("persona", "a2", 3, DEVICES[1], {"content": {"pseudonym": "مالك الحزين"}}),
    _record("offer", "vWxY-_01", 2, DEVICES[0], {"n": [1, 2, 3], "yes": True, "none": None}),
    _record("page", "c.l.0", 9, DEVICES[1], {"text": "x" * 300}),
    _deletion("block", "b", 4, DEVICES[0], 20_780),
    *(_record("seed", f"s.{number}", 1, DEVICES[0], {}) for number in range(40)),
]
NAMES = [(entry["kind"], entry["id"]) for entry in map(json.loads, LINES)]


def _chunk_of(kind: str, name: str, number: int) -> int:
    return 1 + sha256(f"{kind}/{name}".encode()).digest()[0] * number // 256


def _content(chunk: int) -> str:
    lines = [
        line
        for line, (kind, name) in zip(LINES, NAMES, strict=True)
        if _chunk_of(kind, name, 15) == chunk
    ]
    return "".join(f"{line}\n" for line in sorted(lines, key=str.encode))


def _nonce(chunk: int) -> bytes:
    return sha256(b"vectors of kith: chunk" + bytes([chunk])).digest()[:12]


def _vault() -> dict[str, Any]:
    sealed = {
        chunk: seal_by_hand(chunk, _content(chunk).encode(), SIZE, nonce=_nonce(chunk))
        for chunk in range(1, 16)
    }
    index = _line(
        {
            "chunks": [_base64url(sha256(sealed[chunk]).digest()) for chunk in range(1, 16)],
            "device": _base64url(DEVICES[1]),
            "format": 1,
            "version": 7,
        }
    )
    whole = {0: seal_by_hand(0, index.encode(), SIZE, nonce=_nonce(0)), **sealed}
    return {
        "index": index,
        "contents": {str(chunk): _content(chunk) for chunk in range(1, 16)},
        "nonces": {str(chunk): _nonce(chunk).hex() for chunk in range(16)},
        "sha256": {str(chunk): sha256(raw).hexdigest() for chunk, raw in whole.items()},
    }


def _joins() -> list[dict[str, str]]:
    def record(rev: int, device: int, text: str) -> str:
        return _record("persona", "a", rev, DEVICES[device], {"text": text})

    pairs = [
        (record(1, 0, "a"), record(2, 0, "b"), 1),
        (record(2, 0, "a"), record(1, 1, "b"), 0),
        (record(2, 0, "a"), record(2, 1, "b"), 1),
        (record(2, 1, "a"), _deletion("persona", "a", 3, DEVICES[0], 5), 1),
        (record(2, 0, "a"), record(2, 0, "b"), 1),
    ]
    return [{"one": one, "two": two, "stays": (one, two)[stays]} for one, two, stays in pairs]


def make() -> dict[str, Any]:
    """Return the vectors."""
    return {
        "source": "protocol/spec/vault.md of this project",
        "checked": "made by a second implementation, kith_testing.vault_format_vectors",
        "vault_key": VAULT_KEY.hex(),
        "records": LINES,
        "chunks": {
            str(number): {
                f"{kind}/{name}": _chunk_of(kind, name, number) for kind, name in NAMES
            }
            for number in NUMBERS
        },
        "vault": _vault(),
        "joins": _joins(),
    }


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(render(make()))
