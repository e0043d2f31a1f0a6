"""How much one member may send: buckets in memory, under a hash keyed anew by each process.

Nothing is stored, so nothing on disk says who sends how much; a restart fills the buckets once.
Source: docs/privacy.md.
"""

from __future__ import annotations

from kith_crypto.randomness import Rng
from kith_crypto.tokens import keyed_hash
from kith_node.http.limits import Throttle
from kith_node.http.quota import PROCESS_KEY_BYTES, Quota
from kith_node.http.route import MemberId
from kith_node.runtime.system import Clock
from kith_protocol.day import DAYS_A_WEEK

KNOCKS_A_WEEK = 10
# One for each knock, and some that were fetched and never sent.
WHOS_A_WEEK = 30
# A circle of 30 takes 30 envelopes a message; 2 MiB in parts take 33, at once.
ENVELOPES_AN_HOUR = 600
ENVELOPES_BURST = 300


class Shares:
    """Counts what each member sends."""

    def __init__(self, *, clock: Clock, rng: Rng) -> None:
        """Take what the buckets in memory need."""
        self._knocks = Quota(KNOCKS_A_WEEK, days=DAYS_A_WEEK, clock=clock, rng=rng)
        self._whos = Quota(WHOS_A_WEEK, days=DAYS_A_WEEK, clock=clock, rng=rng)
        self._key = rng.bytes(PROCESS_KEY_BYTES)
        self._others = Throttle(ENVELOPES_AN_HOUR / 3600, ENVELOPES_BURST, clock=clock)

    def charge(self, member: MemberId, *, is_knock: bool) -> None:
        """Count an envelope.

        Raises:
            TooManyError: the member has used up their share.
        """
        if is_knock:
            self._knocks.charge(member)
        else:
            self._others.take(keyed_hash(self._key, member))

    def charge_who(self, member: MemberId) -> None:
        """Count a ``who``.

        Raises:
            TooManyError: the member has used up their share.
        """
        self._whos.charge(member)
