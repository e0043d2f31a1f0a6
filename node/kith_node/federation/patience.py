"""When to try a failing peer again: in memory, by peer.

A peer that did not answer at all is tried again as soon as it speaks to us; one that answered
and asked for patience is left alone until its time. A restart forgets all of it.

Source: SPEC.md, section on delivery.
"""

from __future__ import annotations

from collections.abc import Collection

from kith_crypto.randomness import Rng
from kith_node.runtime.system import Clock
from kith_protocol.backoff import Backoff, fail, has_given_up, is_due


class Patience:
    """The peers that fail now."""

    def __init__(self, *, clock: Clock, rng: Rng) -> None:
        self._clock = clock
        self._rng = rng
        self._failing: dict[str, Backoff] = {}
        self._silent: set[str] = set()

    def is_due(self, peer: str) -> bool:
        """Return whether *peer* may be tried now."""
        return is_due(self._failing.get(peer), now=self._clock.now())

    def fail(self, peer: str, *, has_answered: bool, retry_after_s: int | None = None) -> bool:
        """Note that *peer* failed, and return whether it has for so long that we give up.

        Args:
            peer: its actor id.
            has_answered: False where there was no answer at all.
            retry_after_s: what it asked for.
        """
        now = self._clock.now()
        before = self._failing.get(peer)
        state = fail(before, now=now, rng=self._rng, retry_after_s=retry_after_s)
        self._failing[peer] = state
        if has_answered:
            self._silent.discard(peer)
        else:
            self._silent.add(peer)
        return has_given_up(state, now=now)

    def succeed(self, peer: str) -> None:
        """Note that *peer* does not fail any more."""
        self._failing.pop(peer, None)
        self._silent.discard(peer)

    def hear(self, peer: str) -> bool:
        """Note that *peer* spoke to us, and return whether that makes it due."""
        if peer not in self._silent:
            return False
        self.succeed(peer)
        return True

    def keep(self, peers: Collection[str]) -> None:
        """Forget all but *peers*."""
        self._failing = {name: state for name, state in self._failing.items() if name in peers}
        self._silent &= self._failing.keys()

    def delay_s(self, peer: str) -> float:
        """Return the seconds until *peer* may be tried, 0 where it does not fail."""
        state = self._failing.get(peer)
        return 0.0 if state is None else float(max(state.next_at - self._clock.now(), 0))

    def delays_s(self) -> list[float]:
        """Return the seconds until each failing peer is due."""
        now = self._clock.now()
        return [float(max(state.next_at - now, 0)) for state in self._failing.values()]
