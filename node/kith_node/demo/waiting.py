"""Waiting for nodes, which are other processes and tell nobody when they are done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from kith_client.errors import ProblemError
from kith_crypto.errors import KithError
from kith_protocol.errors import TooManyError

PATIENCE = 20  # times that one call is repeated where a node asks to come back later
DEFAULT_RETRY_S = 1
HURRY_S = 0.2

T = TypeVar("T")


async def wait_until(
    is_done: Callable[[], Awaitable[bool]], *, timeout_s: float, every_s: float
) -> bool:
    """Return whether *is_done* said yes in time; it is asked at least once.

    Args:
        is_done: asks a node.
        timeout_s: how long to go on asking.
        every_s: the pause between two questions.
    """
    try:
        async with asyncio.timeout(timeout_s):
            # Nothing within this process could be waited for instead.
            while not await is_done():  # noqa: ASYNC110
                await asyncio.sleep(every_s)
    except TimeoutError:
        return False
    return True


async def hurry(seconds: float) -> None:
    """Wait, but not long: people who watch a demonstration hide nothing from the line."""
    await asyncio.sleep(min(seconds, HURRY_S))


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Return what *call* returns, coming back later as often as the node asks for it.

    All the demonstration's members share one address, which nodes limit as they would anywhere.

    Raises:
        ProblemError: refused for another reason, or too often.
    """
    for _ in range(PATIENCE):
        try:
            return await call()
        except ProblemError as error:
            if error.code != TooManyError.code:
                raise
            after_s = error.retry_after_s
            await asyncio.sleep(DEFAULT_RETRY_S if after_s is None else after_s)
    return await call()


async def run_together(tasks: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return the results of *tasks* in order; the first error ends all of them.

    Raises:
        KithError: the first one that a task raised.
    """
    try:
        async with asyncio.TaskGroup() as group:
            started = [group.create_task(task) for task in tasks]
    except* KithError as errors:
        # People need one line, not a tree: the others are mostly the same.
        raise _first(errors) from errors
    return [task.result() for task in started]


def _first(errors: BaseExceptionGroup[KithError]) -> KithError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, KithError)
    return error
