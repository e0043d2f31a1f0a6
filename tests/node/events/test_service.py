"""Ticks: the same for everybody, at moments of their own, with bounds."""

from __future__ import annotations

import asyncio

import pytest

from kith_node.events.service import (
    BEAT,
    BEAT_S,
    MAX_UNREAD,
    STREAM_S,
    TICK,
    Ticker,
)
from kith_node.http.route import Stream
from kith_protocol.errors import NotReadyError, TooManyError
from kith_testing.clock import FakeClock

ONE, TWO = b"1" * 16, b"2" * 16
TICK_S = 10


class Desk:
    """A ticker, its clock, and how often it asked to be run."""

    def __init__(self, *, tick_s: float = TICK_S, per_caller: int = 9, in_all: int = 9) -> None:
        self.clock = FakeClock()
        self.woken = 0
        self.ticker = Ticker(
            tick_s=tick_s,
            clock=self.clock,
            wake=self._wake,
            per_caller=per_caller,
            in_all=in_all,
        )

    async def after(self, seconds: int) -> float:
        self.clock.advance(seconds)
        return await self.ticker.run_tick()

    def _wake(self) -> None:
        self.woken += 1


async def read(stream: Stream) -> list[bytes]:
    """Return what waits on *stream*; a ``b"end"`` stands for its end."""
    pieces: list[bytes] = []
    pending = aiter(stream)
    while True:
        try:
            async with asyncio.timeout(0):
                pieces.append(await anext(pending))
        except TimeoutError:
            return pieces
        except StopAsyncIteration:
            return [*pieces, b"end"]


async def test_everybody_hears_the_same_bytes_at_the_same_moment() -> None:
    desk = Desk()
    streams = [desk.ticker.open(caller) for caller in (ONE, TWO, TWO)]
    desk.ticker.ring()
    desk.ticker.ring()
    await desk.after(TICK_S)
    heard = [await read(stream) for stream in streams]
    assert heard == [[BEAT, TICK]] * 3


async def test_nothing_is_said_before_the_moment_of_the_next_tick() -> None:
    desk = Desk()
    stream = desk.ticker.open(ONE)
    await desk.after(TICK_S)
    await read(stream)
    desk.ticker.ring()
    assert await desk.after(TICK_S - 1) == 1
    assert await read(stream) == []
    await desk.after(1)
    assert await read(stream) == [TICK]
    assert desk.woken == 0


async def test_where_nothing_arrived_there_is_no_tick() -> None:
    desk = Desk()
    stream = desk.ticker.open(ONE)
    desk.ticker.ring()
    await desk.after(TICK_S)
    await read(stream)
    await desk.after(TICK_S)
    assert await read(stream) == []


async def test_without_a_pause_every_tick_leaves_at_once() -> None:
    desk = Desk(tick_s=0)
    stream = desk.ticker.open(ONE)
    for _ in range(2):
        desk.ticker.ring()
        await desk.ticker.run_tick()
    assert await read(stream) == [BEAT, TICK, TICK]
    assert desk.woken == 2


async def test_a_comment_comes_at_a_fixed_interval() -> None:
    desk = Desk(tick_s=300)
    stream = desk.ticker.open(ONE)
    await read(stream)
    assert await desk.after(int(BEAT_S) - 1) == 1
    assert await read(stream) == []
    assert await desk.after(1) == BEAT_S
    assert await read(stream) == [BEAT]


async def test_a_stream_ends_after_an_hour() -> None:
    desk = Desk()
    old = desk.ticker.open(ONE)
    await desk.after(60)
    young = desk.ticker.open(ONE)
    await desk.after(int(STREAM_S) - 60)
    assert (await read(old))[-1] == b"end"
    assert b"end" not in await read(young)


async def test_one_caller_holds_so_many_streams_until_one_is_closed() -> None:
    desk = Desk(per_caller=2)
    first = desk.ticker.open(ONE)
    desk.ticker.open(ONE)
    with pytest.raises(TooManyError):
        desk.ticker.open(ONE)
    desk.ticker.open(TWO)
    for _ in range(2):  # closing again changes nothing
        await first.aclose()
    desk.ticker.open(ONE)
    with pytest.raises(TooManyError):
        desk.ticker.open(ONE)


async def test_all_together_hold_so_many_streams() -> None:
    desk = Desk(in_all=2)
    desk.ticker.open(ONE)
    second = desk.ticker.open(TWO)
    with pytest.raises(TooManyError):
        desk.ticker.open(b"3" * 16)
    await second.aclose()
    desk.ticker.open(b"3" * 16)


async def test_who_reads_nothing_is_left_behind() -> None:
    desk = Desk(tick_s=0)
    stream = desk.ticker.open(ONE)
    for _ in range(3 * MAX_UNREAD):
        desk.ticker.ring()
        await desk.ticker.run_tick()
    heard = await read(stream)
    assert (len(heard), heard[-1]) == (MAX_UNREAD + 1, b"end")


async def test_all_streams_end_when_the_node_stops_and_no_new_ones_begin() -> None:
    desk = Desk()
    stream = desk.ticker.open(ONE)
    desk.ticker.close()
    assert await read(stream) == [BEAT, b"end"]
    with pytest.raises(NotReadyError):
        desk.ticker.open(ONE)


async def test_a_closed_stream_hears_nothing_more() -> None:
    desk = Desk()
    stream = desk.ticker.open(ONE)
    await stream.aclose()
    desk.ticker.ring()
    await desk.after(TICK_S)
    assert await read(stream) == [BEAT]
