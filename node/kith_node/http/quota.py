"""How much one member may create: a bucket in memory, under a hash keyed anew by each process.

Nothing is stored, so nothing on disk says who created how much; a restart fills the buckets
once. Source: docs/privacy.md.
"""

from __future__ import annotations

from kith_crypto.randomness import Rng
from kith_crypto.tokens import keyed_hash
from kith_node.http.limits import Throttle
from kith_node.http.route import MemberId
from kith_node.runtime.system import Clock
from kith_protocol.day import DAY_S

PERIOD_DAYS = 30
PROCESS_KEY_BYTES = 32


class Quota:
    """At most *count* creations by one member in *days*."""

    def __init__(self, count: int, *, days: int = PERIOD_DAYS, clock: Clock, rng: Rng) -> None:
        """Take the numbers; a count of 0 lifts the limit."""
        self._key = rng.bytes(PROCESS_KEY_BYTES)
        self._throttle = Throttle(count / (days * DAY_S), count, clock=clock) if count else None

    def charge(self, member_id: MemberId) -> None:
        """Count one creation.

        Raises:
            TooManyError: the member has used up their share.
        """
        if self._throttle is not None:
            self._throttle.take(keyed_hash(self._key, member_id))
