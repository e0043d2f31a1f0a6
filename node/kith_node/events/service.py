"""Ticks: that something arrived for somebody, said to everybody at once.

There is nothing to subscribe to. Every open stream gets the same bytes at the same moments: a
tick where anything arrived for anybody since the last one, on a clock of its own (each
``tick_s`` seconds), so that it tells no more of a moment than that; and a comment at a fixed
interval, on which lines that died are noticed. A stream ends after an hour, after which clients
open another.

Nothing sleeps here: the job ``run_tick`` says when it wants to run again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

from kith_node.http.route import Stream
from kith_node.runtime.system import Clock
from kith_protocol.errors import NotReadyError, TooManyError

TICK = b"event: tick\ndata: {}\n\n"
BEAT = b": still here\n\n"

BEAT_S = 25.0  # proxies hang up on lines that are silent for a minute
STREAM_S = 3600.0
# Each is an open file; a process may have 1024 where nobody raised that. Whoever finds no place
# looks into their boxes from time to time.
STREAMS_IN_ALL = 800
# Many people share one address over an onion service.
STREAMS_PER_CALLER = 100
RETRY_AFTER_S = 300
MAX_UNREAD = 16


class _Line:
    """One open stream: what waits to be sent on it."""

    def __init__(
        self, caller: bytes, *, ends_at: float, closed: Callable[[_Line], None]
    ) -> None:
        self.caller = caller
        self.ends_at = ends_at
        self._closed = closed
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self._is_ended = False

    def put(self, piece: bytes) -> None:
        """Send *piece*; a line on which nobody reads ends."""
        if self._pieces.qsize() >= MAX_UNREAD:
            self.end()
        elif not self._is_ended:
            self._pieces.put_nowait(piece)

    def end(self) -> None:
        """Send nothing more."""
        if not self._is_ended:
            self._is_ended = True
            self._pieces.put_nowait(b"")

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._pieces.get()
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Give the place back."""
        self._closed(self)


class Ticker:
    """Holds the open streams."""

    def __init__(
        self,
        *,
        tick_s: float,
        clock: Clock,
        wake: Callable[[], None],
        per_caller: int = STREAMS_PER_CALLER,
        in_all: int = STREAMS_IN_ALL,
    ) -> None:
        """Take the settings.

        Args:
            tick_s: at most one tick in so many seconds; 0: at once.
            clock: the node's.
            wake: makes ``run_tick`` run now.
            per_caller: how many streams one caller may hold.
            in_all: how many there may be.
        """
        self._tick_s = tick_s
        self._clock = clock
        self._wake = wake
        self._per_caller = per_caller
        self._in_all = in_all
        self._lines: set[_Line] = set()
        self._callers: Counter[bytes] = Counter()
        self._is_due = False
        self._is_closed = False
        self._tick_at = clock.monotonic() + tick_s
        self._beat_at = clock.monotonic() + BEAT_S

    def ring(self) -> None:
        """Say that something arrived for somebody; everybody hears of it at the next tick."""
        self._is_due = True
        if not self._tick_s:
            self._wake()

    def open(self, caller: bytes) -> Stream:
        """Return a stream that ends by itself; it has to be closed.

        Args:
            caller: a keyed hash of the client's address.

        Raises:
            TooManyError: this caller, or all together, have too many.
            NotReadyError: the node stops.
        """
        if self._is_closed:
            raise NotReadyError("stopping")
        is_full = len(self._lines) >= self._in_all
        if is_full or self._callers[caller] >= self._per_caller:
            raise TooManyError("streams", retry_after_s=RETRY_AFTER_S)
        ends_at = self._clock.monotonic() + STREAM_S
        line = _Line(caller, ends_at=ends_at, closed=self._forget)
        line.put(BEAT)  # so that the head of the answer leaves
        self._lines.add(line)
        self._callers[caller] += 1
        return line

    async def run_tick(self) -> float:
        """Send what is due to all streams, and return the seconds until more may be."""
        now = self._clock.monotonic()
        if now >= self._tick_at or not self._tick_s:
            if self._is_due:
                self._is_due = False
                self._send(TICK)
            self._tick_at = now + self._tick_s
        if now >= self._beat_at:
            self._send(BEAT)
            self._beat_at = now + BEAT_S
        for line in [line for line in self._lines if now >= line.ends_at]:
            line.end()
        until_beat_s = self._beat_at - now
        return min(until_beat_s, self._tick_at - now) if self._tick_s else until_beat_s

    def close(self) -> None:
        """End all streams: the node stops."""
        self._is_closed = True
        for line in self._lines:
            line.end()

    def _send(self, piece: bytes) -> None:
        for line in self._lines:
            line.put(piece)

    def _forget(self, line: _Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
            self._callers[line.caller] -= 1
            if not self._callers[line.caller]:
                del self._callers[line.caller]
