"""An event loop in which nobody waits: when all sleep, its time jumps to the next who wakes."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class _JumpingSelector(selectors.DefaultSelector):
    """Adds to ``jumped_s`` what it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:  # only something from outside can wake the loop
            return super().select(None)
        self.jumped_s += max(timeout, 0.0)
        return super().select(0)


class QuickLoop(asyncio.SelectorEventLoop):
    """Its ``time`` begins at 0 and stands still but for the jumps."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.jumped_s


def run_quickly(work: Coroutine[object, object, T]) -> T:
    """Run *work* to its end in a loop of its own, without waiting."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(work)
