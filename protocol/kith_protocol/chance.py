"""Fair draws and shuffles from a source of random bytes.

Order and delay must tell nothing, so both are drawn without bias. The source is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from kith_crypto.randomness import Rng

_T = TypeVar("_T")


def draw_below(bound: int, rng: Rng) -> int:
    """Return a number from 0 up to, not including, *bound*, each as likely as the others."""
    assert bound > 0
    size = (bound.bit_length() + 7) // 8
    # The last, incomplete stretch of numbers would favour the small ones: draw again.
    limit = (256**size // bound) * bound
    while True:
        number = int.from_bytes(rng.bytes(size), "big")
        if number < limit:
            return number % bound


def shuffle(items: Iterable[_T], rng: Rng) -> list[_T]:
    """Return *items* in an order in which every order is as likely (Fisher-Yates)."""
    shuffled = list(items)
    for last in range(len(shuffled) - 1, 0, -1):
        other = draw_below(last + 1, rng)
        shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
    return shuffled
