"""A clock that the demonstration moves ahead together with the nodes'."""

from __future__ import annotations

from kith_node.runtime.system import Clock
from kith_protocol.day import DAY_S


class MovedClock:
    """Another clock, some days ahead.

    Attributes:
        days_ahead: by how many; may be changed at any time.
    """

    def __init__(self, clock: Clock) -> None:
        self.days_ahead = 0
        self._clock = clock

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        return self._clock.now() + self.days_ahead * DAY_S

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary start; never moved."""
        return self._clock.monotonic()
