"""Waiting for a condition, with a deadline, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

DEADLINE_S = 60.0
BETWEEN_S = 0.05


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Return as soon as *condition* holds.

    Raises:
        AssertionError: it did not hold within ``DEADLINE_S``.
    """
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not await condition():
                await asyncio.sleep(BETWEEN_S)
    except TimeoutError as error:
        raise AssertionError(f"not within {DEADLINE_S:.0f} s: {what}") from error
