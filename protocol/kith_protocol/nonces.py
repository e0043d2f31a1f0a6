"""Which signed requests have been seen, for as long as they could be sent again.

A signature is taken within a window around its creation; for that long its nonce is
remembered, as a truncated hash. The memory is bounded. When it is full, new requests are
refused instead of old nonces forgotten, since forgetting would let those be replayed; a bound
per key keeps one signer from filling it. Remember only after the signature has been verified,
else strangers could use up other signers' nonces.

Source: RFC 9421 §7.2.2 (signature replay).
"""

from __future__ import annotations

from collections import deque

from kith_crypto.hashes import sha256
from kith_protocol.errors import ReplayedError, TooManyError
from kith_protocol.limits import SIGNATURE_FUTURE_S, SIGNATURE_PAST_S

_HASH_BYTES = 16


class NonceMemory:
    """The nonces of the last minutes."""

    def __init__(
        self,
        *,
        life_s: int = SIGNATURE_PAST_S + SIGNATURE_FUTURE_S,
        capacity: int = 100_000,
        capacity_per_key: int = 20_000,
    ) -> None:
        """Make an empty memory.

        Args:
            life_s: how long a nonce is remembered, seconds; at least the width of the window
                in which signatures are taken.
            capacity: the most nonces held.
            capacity_per_key: the most nonces held of one key.
        """
        self._life_s = life_s
        self._capacity = capacity
        self._capacity_per_key = capacity_per_key
        self._seen: set[bytes] = set()
        self._queue: deque[tuple[int, bytes, str]] = deque()
        self._per_key: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def remember(self, key_id: str, nonce: str, *, now: int) -> None:
        """Return if *nonce* is new for *key_id*, and remember it.

        Args:
            key_id: the key, as the signature names it.
            nonce: as the signature carries it.
            now: seconds since the Unix epoch, UTC.

        Raises:
            ReplayedError: it has been seen.
            TooManyError: too many are remembered, of this key or in all.
        """
        self._forget(now)
        # One fixed-length hash inside keeps "a" + "bc" apart from "ab" + "c".
        digest = sha256(sha256(key_id.encode()) + nonce.encode())[:_HASH_BYTES]
        if digest in self._seen:
            raise ReplayedError("the nonce has been seen")
        held = self._per_key.get(key_id, 0)
        if held >= self._capacity_per_key or len(self._seen) >= self._capacity:
            raise TooManyError("the memory of nonces is full", retry_after_s=self._life_s)
        self._seen.add(digest)
        self._queue.append((now + self._life_s, digest, key_id))
        self._per_key[key_id] = held + 1

    def _forget(self, now: int) -> None:
        while self._queue and self._queue[0][0] < now:
            _, digest, key_id = self._queue.popleft()
            self._seen.discard(digest)
            left = self._per_key[key_id] - 1
            if left:
                self._per_key[key_id] = left
            else:
                del self._per_key[key_id]
