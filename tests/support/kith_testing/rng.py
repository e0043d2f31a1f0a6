"""Bytes that look random and are the same in every run."""

from __future__ import annotations

from kith_crypto.hashes import sha256


class SeededRng:
    """A stream of SHA-256(seed, counter) blocks. Never use outside tests."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed.to_bytes(8, "big")
        self._count = 0

    def bytes(self, size: int, /) -> bytes:
        out = b""
        while len(out) < size:
            out += sha256(self._seed + self._count.to_bytes(8, "big"))
            self._count += 1
        return out[:size]
