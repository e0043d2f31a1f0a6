"""Somebody on the line between nodes, who sees every byte of HTTP that goes by.

Nodes of tests speak plain HTTP on loopback, so whoever sits between them sees more than anybody
could of a real federation, where TLS hides all but sizes and times.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
import socket
from collections.abc import AsyncIterator, Mapping, Sequence

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from kith_testing.processes import NodeProcess, free_port

CHUNK_BYTES = 65536

_HEAD = re.compile(rb"(?P<line>[^\r\n]+)\r\n(?P<fields>(?:[^\r\n]+\r\n)*)\r\n")


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """One request as it went by.

    Attributes:
        method: of the request.
        target: as on its first line.
        headers: by lower-case name, a repeated one once.
        body: whole.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = dataclasses.field(repr=False)


class Eavesdropper:
    """Passes connections on to one port and keeps what went by."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._asked: list[bytearray] = []
        self._answered: list[bytearray] = []

    def requests(self) -> list[Seen]:
        """Return all whole requests, in no order but that within a connection."""
        return [seen for said in self._asked for seen in read_requests(bytes(said))]

    def everything(self) -> bytes:
        """Return every byte that went by, in either direction."""
        return b"".join(bytes(said) for said in (*self._asked, *self._answered))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, to its end."""
        try:
            far = await asyncio.open_connection("127.0.0.1", self._target_port)
        except ConnectionError:  # the node is down: so is the line
            writer.close()
            return
        asked, answered = bytearray(), bytearray()
        self._asked.append(asked)
        self._answered.append(answered)
        await asyncio.gather(
            _pass_on(reader, far[1], asked), _pass_on(far[0], writer, answered)
        )


@contextlib.asynccontextmanager
async def listening_on(port: int, *, target_port: int) -> AsyncIterator[Eavesdropper]:
    """Yield somebody who listens on *port* and passes on to *target_port*, both of loopback."""
    ear = Eavesdropper(target_port)
    server = await asyncio.start_server(ear.serve, "127.0.0.1", port)
    try:
        yield ear
    finally:
        server.close()


@contextlib.asynccontextmanager
async def overheard(nodes: Sequence[NodeProcess]) -> AsyncIterator[list[Eavesdropper]]:
    """Yield somebody in front of each of *nodes*, which have not been started yet.

    What a node is called stays; it listens on another port, and the port in its name is the
    eavesdropper's.
    """
    async with contextlib.AsyncExitStack() as stack:
        ears = []
        for node in nodes:
            behind = free_port()
            node.settings["KITH_LISTEN"] = f"127.0.0.1:{behind}"
            ears.append(
                await stack.enter_async_context(listening_on(node.port, target_port=behind))
            )
        yield ears


def open_past(nodes: Sequence[NodeProcess]) -> aiohttp.ClientSession:
    """Return a session that goes to overheard *nodes* directly; the caller closes it.

    Members' own lines are not what lies between nodes.
    """
    ports = {node.port: int(node.settings["KITH_LISTEN"].rpartition(":")[2]) for node in nodes}
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_OtherPorts(ports), limit=20),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


class _OtherPorts(AbstractResolver):
    """Finds everything on loopback, and some of it on another port than its address says."""

    def __init__(self, ports: Mapping[int, int]) -> None:
        self._ports = ports

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return the one place where *port* is."""
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._ports.get(port, port),
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


def read_requests(said: bytes) -> list[Seen]:
    """Return the whole requests in what one side of a connection said."""
    found = []
    place = 0
    while head := _HEAD.match(said, place):
        method, target, _ = head["line"].decode().split(" ", 2)
        fields = (line.decode().split(":", 1) for line in head["fields"].splitlines())
        headers = {name.lower(): value.strip() for name, value in fields}
        assert "transfer-encoding" not in headers, "a length that is not told"
        end = head.end() + int(headers.get("content-length", "0"))
        if end > len(said):
            break
        found.append(Seen(method, target, headers, said[head.end() : end]))
        place = end
    return found


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray
) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(CHUNK_BYTES):
            kept += data
            writer.write(data)
            await writer.drain()
    writer.close()
