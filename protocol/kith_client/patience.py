"""Trying again, quietly: for calls that may be repeated without harm, over lines that break.

All calls of this package can be repeated. What a person waits for in front of a screen is
tried a few times within half a minute; what fails longer is an error they are told of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kith_client.errors import NodeUnreachableError, ProblemError

T = TypeVar("T")

PAUSES_S = (1.0, 4.0, 15.0)
MAX_WAIT_S = 30.0

Pause = Callable[[float], Awaitable[object]]
"""Waits so many seconds; tests hand in one that does not."""


async def repeat(call: Callable[[], Awaitable[T]], *, pause: Pause = asyncio.sleep) -> T:
    """Return what *call* returns, tried again while the node does not answer or is busy.

    Args:
        call: begins the call anew each time.
        pause: waits between two tries.

    Raises:
        NodeUnreachableError: no answer came, at the last try either.
        ProblemError: a refusal that trying again does not mend, or the last one of those
            that it may.
    """
    for wait_s in PAUSES_S:
        try:
            return await call()
        except NodeUnreachableError:
            await pause(wait_s)
        except ProblemError as error:
            if not is_passing(error):
                raise
            await pause(min(float(error.retry_after_s or wait_s), MAX_WAIT_S))
    return await call()


def is_passing(error: ProblemError) -> bool:
    """Return whether the same call may succeed a little later."""
    return error.status >= 500 or error.status == 429
