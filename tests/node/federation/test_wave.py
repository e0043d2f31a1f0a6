"""Work for many at once: a slow one delays nobody."""

from __future__ import annotations

import asyncio

import pytest

from kith_node.federation.wave import Wave


class Desk:
    """Serves names; those in *slow* wait until they are let go."""

    def __init__(self, *names: str) -> None:
        self.waiting = set(names)
        self.slow: dict[str, asyncio.Event] = {}
        self.served: list[str] = []
        self.changed = asyncio.Condition()

    async def due(self) -> list[str]:
        return sorted(self.waiting)

    async def serve(self, name: str) -> None:
        if name in self.slow:
            await self.slow[name].wait()
        self.waiting.discard(name)
        async with self.changed:
            self.served.append(name)
            self.changed.notify_all()

    async def until_served(self, *names: str) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: set(names) <= set(self.served))


async def test_serves_everybody_who_is_due_and_ends() -> None:
    desk = Desk("a", "b", "c")
    await Wave(desk.due, desk.serve).run()
    assert sorted(desk.served) == ["a", "b", "c"]


async def test_ends_at_once_when_nobody_is_due() -> None:
    desk = Desk()
    await Wave(desk.due, desk.serve).run()
    assert desk.served == []


async def test_others_are_served_while_one_is_slow_also_those_that_come_later() -> None:
    desk = Desk("a", "b")
    desk.slow["a"] = asyncio.Event()
    wave = Wave(desk.due, desk.serve)
    async with asyncio.TaskGroup() as group:
        run = group.create_task(wave.run())
        await desk.until_served("b")
        desk.waiting.add("c")
        wave.wake()
        await desk.until_served("c")
        assert not run.done()
        desk.slow["a"].set()
    assert desk.served == ["b", "c", "a"]


async def test_cancelling_ends_all_work() -> None:
    desk = Desk("a")
    desk.slow["a"] = asyncio.Event()
    wave = Wave(desk.due, desk.serve)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await wave.run()
    assert desk.served == []
