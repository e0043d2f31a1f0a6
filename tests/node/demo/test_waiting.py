"""Waiting for other processes: until they are done, as often as they ask, all at once."""

from __future__ import annotations

import asyncio

import pytest

from kith_client.errors import ProblemError
from kith_node.demo.errors import CheckError
from kith_node.demo.waiting import PATIENCE, patiently, run_together, wait_until


def too_many() -> ProblemError:
    return ProblemError("too-many-requests", "Too many.", status=429, retry_after_s=0)


class Counter:
    """Says no (or fails) until it was asked often enough."""

    def __init__(self, needed: int, error: ProblemError | None = None) -> None:
        self.needed = needed
        self.error = error
        self.asked = 0

    async def ask(self) -> bool:
        self.asked += 1
        if self.asked < self.needed and self.error is not None:
            raise self.error
        return self.asked >= self.needed


async def test_asks_until_the_answer_is_yes() -> None:
    counter = Counter(3)
    assert await wait_until(counter.ask, timeout_s=30, every_s=0)
    assert counter.asked == 3


async def test_gives_up_when_the_time_is_over() -> None:
    assert not await wait_until(Counter(10**9).ask, timeout_s=0.02, every_s=0)


async def test_comes_back_as_often_as_a_node_asks() -> None:
    counter = Counter(4, too_many())
    assert await patiently(counter.ask)
    assert counter.asked == 4


async def test_does_not_come_back_for_ever() -> None:
    counter = Counter(10**9, too_many())
    with pytest.raises(ProblemError):
        await patiently(counter.ask)
    assert counter.asked == PATIENCE + 1


async def test_another_refusal_is_final() -> None:
    counter = Counter(5, ProblemError("conflict", "No.", status=409))
    with pytest.raises(ProblemError):
        await patiently(counter.ask)
    assert counter.asked == 1


async def test_returns_results_in_order() -> None:
    async def give(value: int, after: int) -> int:
        for _ in range(after):
            await asyncio.sleep(0)
        return value

    assert await run_together([give(1, 5), give(2, 0), give(3, 2)]) == [1, 2, 3]


async def test_the_first_error_ends_all_and_comes_out_as_itself() -> None:
    ended: list[str] = []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise CheckError("not as it must be")

    async def go_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    with pytest.raises(CheckError, match="not as it must be"):
        await run_together([go_on(), fail(), go_on()])
    assert ended == ["cancelled", "cancelled"]
