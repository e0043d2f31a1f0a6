"""Answers without an end, through a real server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from kith_node.http.connections import serving
from kith_node.http.route import Answer
from kith_node.http.streams import send_stream


class Source:
    """Yields what a test puts in; an empty piece ends it."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self.closed = asyncio.Event()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self.pieces.get()
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        self.closed.set()


@contextlib.asynccontextmanager
async def streaming(source: Source, *, write_timeout_s: float = 10) -> AsyncIterator[int]:
    """Yield the port of a server that streams *source* to whoever asks."""

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = Answer(202, content_type="text/plain", headers={"Kith-Test": "yes"})
        return await send_stream(request, answer, source, write_timeout_s=write_timeout_s)

    async def stop(_: web.Application) -> None:
        source.pieces.put_nowait(b"")

    app = web.Application()
    app.router.add_get("/", handle)
    app.on_shutdown.append(stop)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        async with serving(app, sock=listener):
            yield port


@contextlib.asynccontextmanager
async def asked(port: int) -> AsyncIterator[aiohttp.ClientResponse]:
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/") as response,
    ):
        yield response


async def test_a_piece_is_there_before_the_next_one_exists() -> None:
    source = Source()
    source.pieces.put_nowait(b"one")
    async with streaming(source) as port, asked(port) as response:
        assert (response.status, response.headers["Kith-Test"]) == (202, "yes")
        assert response.content_type == "text/plain"
        assert await response.content.readany() == b"one"
        source.pieces.put_nowait(b"two")
        assert await response.content.readany() == b"two"
        source.pieces.put_nowait(b"")
        assert await response.content.read() == b""
        assert source.closed.is_set()


async def test_a_caller_who_hangs_up_ends_the_stream_at_the_next_pieces() -> None:
    source = Source()
    source.pieces.put_nowait(b"one")
    async with streaming(source) as port:
        async with asked(port) as response:
            await response.content.readany()
        async with asyncio.timeout(10):
            while not source.closed.is_set():
                source.pieces.put_nowait(b"more")
                await asyncio.sleep(0)


async def test_a_caller_who_reads_nothing_is_given_up() -> None:
    source = Source()
    async with streaming(source, write_timeout_s=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(64):
            source.pieces.put_nowait(bytes(1024 * 1024))
        async with asyncio.timeout(10):
            await source.closed.wait()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        assert not reader.at_eof()


async def test_a_server_that_stops_ends_streams_properly() -> None:
    source = Source()
    source.pieces.put_nowait(b"one")
    async with contextlib.AsyncExitStack() as clients:
        async with streaming(source) as port:
            response = await clients.enter_async_context(asked(port))
            await response.content.readany()
        # Read to its end without an error: the last chunk came.
        assert await response.content.read() == b""
    assert source.closed.is_set()


async def test_a_source_that_fails_is_closed() -> None:
    class Failing(Source):
        async def __anext__(self) -> bytes:
            raise ValueError("broken")

    source = Failing()
    async with streaming(source) as port, asked(port) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.content.read()
    assert source.closed.is_set()
