"""The tick of the small node (``small_node.py``): sent when a test says so."""

from __future__ import annotations

import asyncio

from aiohttp import web

TICK = b"event: tick\ndata: {}\n\n"
BEAT = b": still here\n\n"


class SmallEvents:
    """The open streams. ``send`` may be called from any thread."""

    def __init__(self) -> None:
        self.opened = 0
        self._lines: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[bytes]]] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request for ticks until the line breaks, or nothing more is to be said."""
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._lines.append((asyncio.get_running_loop(), queue))
        self.opened += 1
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while said := await queue.get():
            await response.write(said)
        return response

    def send(self, said: bytes = TICK) -> None:
        """Say the same to everybody; nothing at all ends their streams."""
        for loop, queue in self._lines:
            loop.call_soon_threadsafe(queue.put_nowait, said)
        if not said:
            self._lines.clear()
