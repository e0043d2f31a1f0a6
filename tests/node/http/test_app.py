"""The door: what every answer carries, what is counted, what becomes of failures."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from aiohttp import web

from kith_node.http.app import Door, build_app
from kith_node.http.authorise import Authoriser
from kith_node.http.callers import Callers
from kith_node.http.connections import serving
from kith_node.http.limits import Throttle
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.http.status import status_routes
from kith_protocol.errors import UnauthorizedError
from kith_protocol.http_signature import Message
from kith_protocol.nonces import NonceMemory
from kith_testing.clock import FakeClock
from kith_testing.node import LocalNode, open_local_node

ALWAYS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
}


class Nobody:
    """Knows no member, no pass and no peer."""

    async def open(self, token: str) -> "Nobody":
        raise UnauthorizedError(token)

    def check(self, value: str) -> None:
        raise UnauthorizedError(value)

    async def verify(self, message: Message) -> str:
        raise UnauthorizedError(message.method)

    async def is_peer(self, actor: str) -> bool:
        raise AssertionError(actor)

    member_id = b""
    role = ""
    fresh_token = None


class Small:
    """An app with routes of a test's own.

    Attributes:
        host: where it listens.
        seen: the calls of ``/fine``.
    """

    def __init__(self, port: int, clock: FakeClock) -> None:
        self.host = f"127.0.0.1:{port}"
        self.clock = clock
        self.seen: list[Call] = []

    async def get(self, path: str, *lines: str) -> bytes:
        """Return all that a GET of *path* brings."""
        first = [f"GET {path} HTTP/1.1", f"Host: {self.host}", "Connection: close"]
        return await self.talk("\r\n".join([*first, *lines, "", ""]).encode())

    async def talk(self, data: bytes) -> bytes:
        """Send *data* and return all that comes back."""
        host, _, port = self.host.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    def app(self) -> web.Application:
        """Return the application."""

        async def fine(call: Call) -> Answer:
            self.seen.append(call)
            return Answer(204)

        nobody = Nobody()
        door = Door(
            origin=f"http://{self.host}",
            authoriser=Authoriser(
                sessions=nobody,
                reader_passes=nobody,
                peers=nobody,
                clock=self.clock,
                nonces=NonceMemory(),
            ),
            callers=Callers(b"k" * 32),
            throttle=Throttle(1.0, 3, clock=self.clock),
            body_timeout_s=0.05,
        )
        routes = [
            Route("GET", "/broken", Access.NOBODY, broken, "Fails"),
            Route("GET", "/slow", Access.NOBODY, slow, "Takes too long"),
            Route("GET", "/fine", Access.NOBODY, fine, "Works", query=("a",)),
            Route("POST", "/fine", Access.NOBODY, fine, "Works"),
            *status_routes(lambda: False),
        ]
        return build_app(routes, door)


async def broken(_: Call) -> Answer:
    raise ValueError("a secret of the node's")


async def slow(_: Call) -> Answer:
    raise TimeoutError


@contextlib.asynccontextmanager
async def small_app(*, first_head_s: float = 30) -> AsyncIterator[Small]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        room = Small(listener.getsockname()[1], FakeClock())
        async with serving(room.app(), sock=listener, first_head_s=first_head_s):
            yield room


@pytest.fixture
async def small() -> AsyncIterator[Small]:
    async with small_app() as room:
        yield room


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/broken", "/slow"])
async def test_a_failure_is_a_problem_and_its_class_is_all_that_is_logged(
    small: Small, path: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await small.get(path)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(
        b'{"type":"/problems/error","title":"Something went wrong.","status":500}'
    )
    assert b"secret" not in answer
    error = "ValueError" if path == "/broken" else "TimeoutError"
    assert logs == [{"event": "http.failed", "error": error, "log_level": "error"}]


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01 not HTTP\r\n\r\n",
        b"GET /fine HTTP/1.1\r\nHost: HOST\r\nExpect: x\r\nConnection: close\r\n\r\n",
        b"GET /fine HTTP/1.1\r\nHost: HOST\r\nX : y\r\n\r\n",
        b"GET /none HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
        b"GET /fine?b=1 HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
    ],
)
async def test_bad_requests_are_not_logged(
    small: Small, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as logs, caplog.at_level(logging.DEBUG):
        answer = await small.talk(data.replace(b"HOST", small.host.encode()))
    assert b"/problems/" in answer
    assert not logs
    assert not [one for one in caplog.records if one.name != "asyncio"]


async def test_somebody_who_hangs_up_is_not_logged(node: LocalNode) -> None:
    head = (
        f"POST /api/v1/session HTTP/1.1\r\nHost: {node.authority}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    host, _, port = node.authority.partition(":")
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(head.encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        # Whatever is answered after that comes after those.
        assert (await node.send("GET", "/healthz")).status == 204
    assert not logs


async def test_every_answer_carries_what_protects_browsers(node: LocalNode) -> None:
    for path in ("/actor", "/api/v1/account", "/none", "/api/v1/community?x=1", "/healthz"):
        reply = await node.send("GET", path)
        assert set(reply.headers) >= ALWAYS, path
        assert "aiohttp" not in repr(reply.headers)
    raw = await node.send_raw(b"nonsense\r\n\r\n")
    assert all(name.encode() in raw for name in ALWAYS)
    assert b"aiohttp" not in raw


async def test_calls_without_a_session_are_counted_by_caller(small: Small) -> None:
    statuses = [(await small.get("/fine")).split()[1] for _ in range(5)]
    assert statuses == [b"204", b"204", b"204", b"429", b"429"]
    assert b"Retry-After: " in await small.get("/fine")
    small.clock.advance(1)
    assert (await small.get("/fine")).split()[1] == b"204"


async def test_refused_requests_are_counted_too(small: Small) -> None:
    for _ in range(3):
        assert b" 401 " in await small.get("/fine", "Authorization: Basic x")
    assert b" 429 " in await small.get("/fine")


async def test_a_handler_is_told_who_called_by_a_hash_alone(small: Small) -> None:
    await small.get("/fine?a=b%20c")
    [call] = small.seen
    assert call.query == {"a": "b c"}
    assert len(call.caller) == 16
    assert call.credential.member is None


async def test_a_body_that_never_comes_is_not_waited_for_for_ever(small: Small) -> None:
    answer = await small.talk(
        f"POST /fine HTTP/1.1\r\nHost: {small.host}\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
    )
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/slow-body" in answer
    assert not small.seen


@pytest.mark.parametrize("sent", [b"", b"GET /fine HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_connection_that_asks_nothing_is_closed(sent: bytes) -> None:
    async with small_app(first_head_s=0.05) as small:
        assert await small.talk(sent) == b""


async def test_a_node_that_is_not_ready_says_so(small: Small) -> None:
    answer = await small.get("/readyz")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in answer
    assert b"/problems/not-ready" in answer
    assert b" 204 " in (await small.get("/healthz")).split(b"\r\n")[0]
