"""One connection to one node: what goes out, and what is made of what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.http import NodeConnection, Request, decode_answer
from kith_crypto.content_digest import verify_content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import MalformedError, TooLargeError
from kith_protocol.api import ExtendBody, ReaderPassAnswer
from kith_protocol.capability import read_capability
from kith_protocol.http_signature import Message, check_window, verify_claim
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[NodeConnection]]

KEY = SigningKey.from_seed(bytes(range(32)))


@pytest.fixture
async def serve(clock: FakeClock) -> AsyncIterator[Serve]:
    """Return a function that serves a handler on every path and connects to it."""
    opened: list[tuple[TestServer, NodeConnection]] = []

    async def start(handler: Handler) -> NodeConnection:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        connection = NodeConnection(str(server.make_url("/")), clock=clock, rng=SeededRng())
        opened.append((server, connection))
        return connection

    yield start
    for server, connection in opened:
        await connection.close()
        await server.close()


async def test_a_capability_is_signed_as_the_protocol_reads_it(
    serve: Serve, clock: FakeClock
) -> None:
    seen: list[tuple[Message, bytes]] = []

    async def handler(request: web.Request) -> web.Response:
        message = Message(
            method=request.method,
            target_uri=f"{connection.origin}{request.raw_path}",
            authority=request.headers["Host"],
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        seen.append((message, await request.read()))
        return web.Response(status=204)

    connection = await serve(handler)
    path = "/api/v1/offers/AAAAAAAAAAAAAAAAAAAAAA/extension"
    await connection.send(Request("POST", path, body=ExtendBody(7), key=KEY, token="abc"))
    await connection.send(Request("GET", path, query={"a": "b c", "d": "é,/"}, key=KEY))

    (first, body), (second, _) = seen
    for message, has_body, with_session in ((first, True, True), (second, False, False)):
        key, claim = read_capability(message, has_body=has_body, with_session=with_session)
        check_window(claim, now=clock.now())
        verify_claim(claim, key)
        assert key == KEY.verify_key
    verify_content_digest(first.headers["content-digest"], body)
    assert body == b'{"endDay":7}'
    assert first.headers["authorization"] == "Kith abc"
    assert "authorization" not in second.headers
    assert "content-type" not in second.headers


async def test_every_nonce_is_new(serve: Serve) -> None:
    inputs: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        inputs.append(request.headers["Signature-Input"])
        return web.Response(status=204)

    connection = await serve(handler)
    await connection.send(Request("GET", "/", key=KEY))
    await connection.send(Request("GET", "/", key=KEY))
    assert inputs[0] != inputs[1]


async def test_says_nothing_about_the_program(serve: Serve) -> None:
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(status=204, headers={"Set-Cookie": "a=b"})

    connection = await serve(handler)
    await connection.send(Request("GET", "/"))
    await connection.send(Request("GET", "/"))
    assert seen["User-Agent"] == "kith"
    assert set(seen) <= {"Host", "Accept", "Accept-Encoding", "User-Agent"}  # no cookie either


async def test_a_problem_becomes_a_typed_error(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            status=429,
            body=(
                b'{"type":"/problems/too-many-requests","title":"Slow.","pointer":"/a","x":1}'
            ),
            content_type="application/problem+json",
            headers={"Retry-After": "60"},
        )

    connection = await serve(handler)
    with pytest.raises(ProblemError) as caught:
        await connection.send(Request("GET", "/"))
    error = caught.value
    assert (error.code, error.status, error.pointer) == ("too-many-requests", 429, "/a")
    assert error.retry_after_s == 60
    assert error.is_final


@pytest.mark.parametrize("retry_after", ["soon", "-1", "", "²"])
async def test_a_retry_after_that_is_no_number_is_left_out(
    serve: Serve, retry_after: str
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            status=503,
            body=b"[]",
            content_type="application/problem+json",
            headers={"Retry-After": retry_after},
        )

    connection = await serve(handler)
    with pytest.raises(ProblemError) as caught:
        await connection.send(Request("GET", "/"))
    assert caught.value.retry_after_s is None
    assert not caught.value.is_final


async def test_follows_no_redirect(serve: Serve) -> None:
    calls: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    connection = await serve(handler)
    with pytest.raises(MalformedError):
        await connection.send(Request("GET", "/here"))
    assert calls == ["/here"]


async def test_reads_no_more_than_the_cap(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=bytes(1001))

    connection = await serve(handler)
    with pytest.raises(TooLargeError):
        await connection.send(Request("GET", "/", max_bytes=1000))
    reply = await connection.send(Request("GET", "/", max_bytes=1001))
    assert len(reply.body) == 1001


async def test_no_answer_is_an_error_that_says_try_again(clock: FakeClock) -> None:
    # Port 1 of loopback: nobody listens there.
    async with NodeConnection("http://127.0.0.1:1", clock=clock, rng=SeededRng()) as connection:
        with pytest.raises(NodeUnreachableError):
            await connection.send(Request("GET", "/"))


async def test_a_broken_answer_is_no_answer(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    connection = await serve(handler)
    with pytest.raises(NodeUnreachableError):
        await connection.send(Request("GET", "/"))


async def test_an_answer_of_another_form_is_malformed(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b'{"readerPass":1}')

    connection = await serve(handler)
    reply = await connection.send(Request("GET", "/"))
    with pytest.raises(MalformedError):
        decode_answer(reply, ReaderPassAnswer)


@pytest.mark.parametrize("url", ["http://kith.example", "https://10.0.0.1", "ftp://a.b", ""])
def test_takes_nodes_by_https_or_on_this_machine_only(url: str, clock: FakeClock) -> None:
    with pytest.raises(MalformedError):
        NodeConnection(url, clock=clock, rng=SeededRng())


def test_a_request_shows_no_secret_by_accident() -> None:
    shown = repr(Request("GET", "/", token="s3cret", reader_pass="s3cret", key=KEY))
    assert "s3cret" not in shown
    assert KEY.seed.hex() not in shown
