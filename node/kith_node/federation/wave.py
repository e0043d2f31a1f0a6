"""Work for many peers at once, so that a slow one delays nobody.

While one peer is still being served, others that become due are started beside it; a run ends
when nobody is left. What is due, and what serving means, is the caller's; serving somebody has
to end with that peer no longer due, or later, else the wave goes on for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Due = Callable[[], Awaitable[Iterable[str]]]
Serve = Callable[[str], Awaitable[None]]


class Wave:
    """Serves everybody who is due.

    Args:
        due: returns the names of those who are due now.
        serve: serves one of them.
    """

    def __init__(self, due: Due, serve: Serve) -> None:
        self._due = due
        self._serve = serve
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Ask again who is due, if a run is going on."""
        self._woken.set()

    async def run(self) -> None:
        """Serve everybody who is due or becomes due meanwhile."""
        serving: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                for name in await self._due():
                    if name not in serving:
                        serving[name] = group.create_task(_run(self._serve, name))
                if not serving:
                    return
                await self._wait(group, serving)
                serving = {name: task for name, task in serving.items() if not task.done()}

    async def _wait(
        self, group: asyncio.TaskGroup, serving: dict[str, asyncio.Task[None]]
    ) -> None:
        woken = group.create_task(_run_event(self._woken))
        await asyncio.wait({*serving.values(), woken}, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()


async def _run(serve: Serve, name: str) -> None:
    await serve(name)


async def _run_event(event: asyncio.Event) -> None:
    await event.wait()
