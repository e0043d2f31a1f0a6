"""Choices that look random and are the same on every machine, for the demonstration.

Each choice is a hash of the seed and of what is chosen, so adding one never shifts another.
Nothing secret may depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kith_crypto.hashes import sha256

T = TypeVar("T")


class Chooser:
    """Makes choices named by their ``purpose``; the same name gives the same choice."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def below(self, bound: int, *purpose: str | int) -> int:
        """Return a number from 0 to *bound* - 1.

        Args:
            bound: at least 1; below 2**32 the choice is even for all practical purposes.
            purpose: what is chosen, any number of words and numbers.
        """
        return int.from_bytes(self._hash(purpose)[:8], "big") % bound

    def pick(self, options: Sequence[T], *purpose: str | int) -> T:
        """Return one of *options*, which must not be empty; repeat one to weigh it more."""
        return options[self.below(len(options), *purpose)]

    def shuffle(self, options: Sequence[T], *purpose: str | int) -> list[T]:
        """Return *options* in another order."""
        order = sorted(range(len(options)), key=lambda at: self._hash((*purpose, at)))
        return [options[at] for at in order]

    def some(self, options: Sequence[T], count: int, *purpose: str | int) -> tuple[T, ...]:
        """Return *count* of *options*, or all if there are fewer, in their own order."""
        chosen = set(self.shuffle(range(len(options)), *purpose)[:count])
        return tuple(option for at, option in enumerate(options) if at in chosen)

    def _hash(self, purpose: tuple[str | int, ...]) -> bytes:
        # repr keeps words and numbers, and ("ab",) and ("a", "b"), apart
        return sha256(repr((self._seed, *purpose)).encode())
