"""The real clock and random source of a member's device: the only place that reads either.

Everything else in this package takes a ``Clock`` and an ``Rng``, so that tests can hand in
their own.
"""

from __future__ import annotations

import secrets  # noqa: TID251 - this is the one place where the device's random source is read
import time
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        ...


class SystemClock:
    """The device's clock."""

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        return int(time.time())  # noqa: TID251 - this is the one place where it is read


class SystemRng:
    """The operating system's random source."""

    def bytes(self, size: int, /) -> bytes:
        """Return *size* random bytes."""
        return secrets.token_bytes(size)
