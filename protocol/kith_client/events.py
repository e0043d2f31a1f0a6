"""When to look: the node's tick, and rounds that spread what need not be looked at now.

The node sends one and the same tick to everybody whenever anything arrived for anybody, so it
tells nobody who gets letters. At a tick only the conversation on the screen is looked at; all
other boxes have their turn within five minutes, each at a random time, tick or not: what a node
sees of the calls is the same whether letters come or not.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Generic, TypeVar

import aiohttp

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.session import Session
from kith_client.system import Clock
from kith_crypto.randomness import Rng

ROUND_S = 300
RECONNECT_S = 20.0
SILENCE_S = 90.0  # the node says something every 25 s, so a silent line has died

_EVENTS = "/api/v1/events"
_MAX_UNREAD_BYTES = 4096

T = TypeVar("T")


class Events:
    """The node's ticks. Use as ``async with``; a line that breaks is opened again."""

    def __init__(self, session: Session, *, reconnect_s: float = RECONNECT_S) -> None:
        """Prepare; nothing is sent yet.

        Args:
            session: gives the pass that all members share.
            reconnect_s: how long to wait before a line that broke is opened again.
        """
        self._session = session
        self._reconnect_s = reconnect_s
        self._tick = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Events:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def wait(self, timeout_s: float) -> bool:
        """Return at the next tick, or after *timeout_s*; whether there was a tick.

        A tick that came since the last call counts, so none is missed between two waits.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await self._tick.wait()
        except TimeoutError:
            return False
        self._tick.clear()
        return True

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(NodeUnreachableError, ProblemError, TimeoutError):
                async with self._session.stream(_EVENTS) as body:
                    # Whatever came while nobody listened is worth a look.
                    self._tick.set()
                    await self._read(body)
            await asyncio.sleep(self._reconnect_s)

    async def _read(self, body: aiohttp.StreamReader) -> None:
        unread = b""
        while chunk := await asyncio.wait_for(body.readany(), SILENCE_S):
            *events, unread = (unread + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
            unread = unread[-_MAX_UNREAD_BYTES:]
            if any(is_tick(event) for event in events):
                self._tick.set()


def is_tick(event: bytes) -> bool:
    """Return whether *event*, the lines of one server-sent event, has more than comments."""
    return any(line and not line.startswith(b":") for line in event.split(b"\n"))


class Rounds(Generic[T]):
    """Gives each of some things a random moment in every five minutes."""

    def __init__(self, *, clock: Clock, rng: Rng, round_s: int = ROUND_S) -> None:
        self._clock = clock
        self._rng = rng
        self._round_s = round_s
        self._ends_at = 0
        self._planned: dict[T, int] = {}

    def plan(self, things: Iterable[T]) -> None:
        """Take *things* as all there are; new ones get their moment within this round."""
        now = self._clock.now()
        if now >= self._ends_at:
            self._ends_at = now + self._round_s
            self._planned = {}
        for thing in things:
            if thing not in self._planned:
                left = max(1, self._ends_at - now)
                draw = int.from_bytes(self._rng.bytes(4), "big")
                self._planned[thing] = now + draw % left

    def take_due(self) -> list[T]:
        """Return the things whose moment has come, once in a round."""
        now = self._clock.now()
        due = [thing for thing, at in self._planned.items() if 0 <= at <= now]
        for thing in due:
            self._planned[thing] = -1
        return due

    def next_in_s(self) -> float:
        """Return the seconds until there is something to do."""
        waiting = [at for at in self._planned.values() if at >= 0]
        return float(max(0, min([*waiting, self._ends_at]) - self._clock.now()))
