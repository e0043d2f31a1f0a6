"""Rate limits in memory: a generic cell rate algorithm with one number per key.

Keys are hashes that the caller makes (a caller's address, an object's key, a member under a
per-process key), never addresses or ids. Nothing is stored; a restart forgets. Source: ITU-T
I.371 (virtual scheduling form).
"""

from __future__ import annotations

from collections import OrderedDict

from kith_node.runtime.system import Clock
from kith_protocol.errors import TooManyError

MAX_KEYS = 100_000


class Throttle:
    """At most *burst* at once and *rate_per_s* in the long run, per key."""

    def __init__(
        self, rate_per_s: float, burst: int, *, clock: Clock, max_keys: int = MAX_KEYS
    ) -> None:
        self._interval_s = 1.0 / rate_per_s
        self._slack_s = self._interval_s * burst
        self._clock = clock
        self._max_keys = max_keys
        self._full_at: OrderedDict[bytes, float] = OrderedDict()

    def take(self, key: bytes, cost: int = 1) -> None:
        """Count *cost* against *key*.

        Raises:
            TooManyError: the key has no room; nothing was counted. ``retry_after_s`` says when
                it will have.
        """
        now = self._clock.monotonic()
        due = max(self._full_at.get(key, now), now) + self._interval_s * cost
        wait_s = due - now - self._slack_s
        # A nanosecond of tolerance, as sums of floats would otherwise refuse the last of a
        # burst.
        if wait_s > 1e-9:
            raise TooManyError("rate limit", retry_after_s=int(wait_s) + 1)
        self._full_at[key] = due
        self._full_at.move_to_end(key)
        # The key that was idle longest goes first, so a flood of new keys can't evict itself.
        while len(self._full_at) > self._max_keys:
            self._full_at.popitem(last=False)
