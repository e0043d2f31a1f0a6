"""A clock that stands still until a test moves it."""

from __future__ import annotations


class FakeClock:
    """Stands at *now* (seconds since the epoch, UTC) until ``advance`` is called."""

    def __init__(self, now: int = 1_795_000_000) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def advance(self, seconds: int) -> None:
        self._now += seconds
        self._elapsed += seconds
