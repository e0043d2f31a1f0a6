"""When the next release is due: what ``kith_protocol.release`` needs to know and nobody stores.

How long a change has waited, and how many releases a change of room lets pass, are held in
memory; a restart counts and draws anew. A change that lets a release pass counts from that
release on, so that one quiet node does not release again at once what it has just held back.
"""

from __future__ import annotations

from collections.abc import Mapping

from kith_crypto.randomness import Rng
from kith_node.runtime.system import Clock
from kith_protocol.release import Pending, ReleaseConfig, Waiting, decide_release, draw_waits

IDLE_S = 3600.0  # nothing waits; whoever changes something wakes the job


class Timetable:
    """Decides what leaves now."""

    def __init__(self, config: ReleaseConfig, *, clock: Clock, rng: Rng) -> None:
        self._config = config
        self._clock = clock
        self._rng = rng
        self._since: dict[bytes, float] = {}  # offer to monotonic seconds
        self._waits: dict[bytes, int] = {}  # offer to releases that a change of room lets pass

    def decide(self, changes: Mapping[bytes, Waiting]) -> tuple[tuple[bytes, ...], float]:
        """Return the offers that leave now, shuffled, and seconds until others may be due.

        What leaves is expected to be gone from *changes* the next time.

        Args:
            changes: what waits for release.
        """
        self._meet(changes)
        if not changes:
            return (), IDLE_S
        now = self._clock.monotonic()
        age_s = now - min(self._since.values())
        release = decide_release(
            [self._pending(offer, kind) for offer, kind in changes.items()],
            oldest_age_s=int(age_s),
            config=self._config,
            rng=self._rng,
        )
        if release is None:
            return (), max(self._config.max_age_s - age_s, 1.0)
        self._since = {change.offer: now for change in release.staying}
        self._waits = {change.offer: change.waits for change in release.staying}
        delay_s = float(self._config.max_age_s) if release.staying else IDLE_S
        return tuple(change.offer for change in release.leaving), delay_s

    def _meet(self, changes: Mapping[bytes, Waiting]) -> None:
        now = self._clock.monotonic()
        self._since = {offer: self._since.get(offer, now) for offer in changes}
        self._waits = {
            offer: self._waits[offer] if offer in self._waits else self._draw(kind)
            for offer, kind in changes.items()
            if kind == "room"
        }

    def _draw(self, kind: Waiting) -> int:
        return draw_waits(kind, config=self._config, rng=self._rng)

    def _pending(self, offer: bytes, kind: Waiting) -> Pending:
        return Pending(offer, kind, self._waits.get(offer, 0))
