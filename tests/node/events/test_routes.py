"""The stream of a real node."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
from msgspec.structs import replace

from kith_crypto.objects import box_address
from kith_node.events.service import BEAT, TICK
from kith_node.http.connections import SHUTDOWN_S
from kith_node.runtime.config import Events
from kith_testing.hostile import open_hostile
from kith_testing.node import OPEN, open_local_node

AT_ONCE = replace(OPEN, events=Events(tick_s=0))


async def test_a_tick_follows_an_envelope_and_says_nothing_of_it(tmp_path: Path) -> None:
    async with (
        open_local_node(tmp_path, config=AT_ONCE) as node,
        open_hostile(node.clock) as peer,
    ):
        await peer.befriend(node)
        caller, other = await node.join(), await node.join()
        box = await node.open_box(caller)
        streams = [
            await node.client.get(f"{node.origin}/api/v1/events", headers=one.reader)
            for one in (caller, other)
        ]
        heard: list[list[bytes]] = [[], []]
        async with asyncio.timeout(10):
            for stream, pieces in zip(streams, heard, strict=True):
                pieces.append(await stream.content.readany())
            await peer.deliver(node, peer.envelope(box_address(box.verify_key)))
            await node.node.ticker.run_tick()
            for stream, pieces in zip(streams, heard, strict=True):
                pieces.append(await stream.content.readany())
        assert heard == [[BEAT, TICK]] * 2
        assert {stream.headers["Content-Type"] for stream in streams} == {"text/event-stream"}
        assert {stream.headers["Cache-Control"] for stream in streams} == {"no-store"}
        for stream in streams:
            stream.close()


async def test_a_node_stops_at_once_while_somebody_listens(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as client:
        async with asyncio.timeout(SHUTDOWN_S / 2), open_local_node(tmp_path) as node:
            caller = await node.join()
            stream = await client.get(f"{node.origin}/api/v1/events", headers=caller.reader)
            assert await stream.content.readany() == BEAT
        assert await stream.content.read() == b""  # to its proper end
