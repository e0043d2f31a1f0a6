"""The real clock and the real source of randomness: the only place where either is read."""

from __future__ import annotations

import secrets
import time
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary start."""
        ...


class SystemClock:
    """The machine's clock, moved by a fixed offset (0 but for tests and demonstrations)."""

    def __init__(self, offset_s: int = 0) -> None:
        self._offset_s = offset_s

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        return int(time.time()) + self._offset_s

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary start."""
        return time.monotonic()


class SystemRng:
    """The operating system's random source."""

    def bytes(self, size: int, /) -> bytes:
        """Return *size* random bytes."""
        return secrets.token_bytes(size)
