"""The guarded client against a real server on loopback."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kith_crypto.content_digest import verify_content_digest
from kith_crypto.errors import MalformedError, RemoteError, TooLargeError, UnavailableError
from kith_node.federation.addresses import RefusedAddressError
from kith_node.federation.fetch import ACTIVITY_TYPE, JRD_TYPE, Fetcher
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.limits import MAX_FETCH_BYTES

AS2 = "https://www.w3.org/ns/activitystreams"


class Stamp:
    """Adds one header instead of a signature."""

    def __init__(self) -> None:
        self.signed: list[tuple[str, str]] = []

    def sign_request(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> Mapping[str, str]:
        self.signed.append((method, url))
        return {"Signature": "stamp"}


class Far:
    """A server whose one address answers what the test says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer = web.Response(body=b"{}", content_type=ACTIVITY_TYPE)
        self.redirects: dict[str, str] = {}
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        self.origin = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.raw_path, request.headers.copy(), await request.read()))
        if request.raw_path in self.redirects:
            return web.Response(
                status=302, headers={"Location": self.redirects[request.raw_path]}
            )
        return self.answer


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    far = Far()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", far.handle)
    server = TestServer(app)
    await server.start_server()
    far.origin = f"http://127.0.0.1:{server.port}"
    yield far
    await server.close()


@pytest.fixture
async def stamp() -> Stamp:
    return Stamp()


@pytest.fixture
async def fetcher(stamp: Stamp) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(stamp, development=True, timeout_s=5)
    yield fetcher
    await fetcher.close()


async def test_returns_the_body_and_sends_nothing_but_what_everybody_sends(
    far: Far, fetcher: Fetcher, stamp: Stamp
) -> None:
    fetched = await fetcher.get(f"{far.origin}/actor")
    assert fetched.body == b"{}"
    assert fetched.media_type == ACTIVITY_TYPE
    path, headers, _ = far.requests[0]
    assert path == "/actor"
    assert set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept", "Signature"}
    assert headers["User-Agent"] == "Kith"
    assert stamp.signed == [("GET", f"{far.origin}/actor")]


async def test_signs_nothing_where_it_was_asked_not_to(
    far: Far, fetcher: Fetcher, stamp: Stamp
) -> None:
    await fetcher.get(f"{far.origin}/actor", is_signed=False)
    assert "Signature" not in far.requests[0][1]
    assert stamp.signed == []


async def test_posts_a_signed_body_with_its_digest(
    far: Far, fetcher: Fetcher, stamp: Stamp
) -> None:
    far.answer = web.Response(status=429, body=b"later", headers={"Retry-After": "7"})
    reply = await fetcher.post(f"{far.origin}/inbox", b'{"a":1}')
    assert (reply.status, reply.body, reply.retry_after) == (429, b"later", "7")
    _, headers, body = far.requests[0]
    assert body == b'{"a":1}'
    verify_content_digest(headers["Content-Digest"], body)
    assert headers["Content-Type"] == ACTIVITY_TYPE
    assert stamp.signed == [("POST", f"{far.origin}/inbox")]


async def test_keeps_no_cookies(far: Far, fetcher: Fetcher) -> None:
    far.answer.set_cookie("a", "b")
    await fetcher.get(f"{far.origin}/actor")
    far.answer = web.Response(body=b"{}", content_type=ACTIVITY_TYPE)
    await fetcher.get(f"{far.origin}/actor")
    assert "Cookie" not in far.requests[1][1]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "image/png",
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://evil.example/"',
        f'application/ld+json; profile="{AS2}x"',
        "application/activity+jsonx",
    ],
)
async def test_refuses_another_media_type(
    far: Far, fetcher: Fetcher, content_type: str
) -> None:
    far.answer = web.Response(body=b"{}", headers={"Content-Type": content_type})
    with pytest.raises(MalformedError):
        await fetcher.get(f"{far.origin}/actor")


@pytest.mark.parametrize(
    "content_type",
    [
        ACTIVITY_TYPE,
        f"{ACTIVITY_TYPE}; charset=utf-8",
        f'application/ld+json; profile="{AS2}"',
        f'application/ld+json; charset=utf-8; profile="https://x.example/ {AS2}"',
    ],
)
async def test_takes_both_spellings_of_the_media_type(
    far: Far, fetcher: Fetcher, content_type: str
) -> None:
    far.answer = web.Response(body=b"{}", headers={"Content-Type": content_type})
    assert (await fetcher.get(f"{far.origin}/actor")).media_type == ACTIVITY_TYPE


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (410, GoneError),
        (404, NotFoundError),
        (500, UnavailableError),
        (403, UnavailableError),
        (206, UnavailableError),
    ],
)
async def test_other_statuses_are_errors(
    far: Far, fetcher: Fetcher, status: int, error: type[Exception]
) -> None:
    far.answer = web.Response(status=status, body=b"{}", content_type=ACTIVITY_TYPE)
    with pytest.raises(error):
        await fetcher.get(f"{far.origin}/actor")


async def test_a_body_at_the_limit_comes_and_one_byte_more_does_not(
    far: Far, fetcher: Fetcher
) -> None:
    far.answer = web.Response(body=b"a" * MAX_FETCH_BYTES, content_type=ACTIVITY_TYPE)
    assert len((await fetcher.get(f"{far.origin}/actor")).body) == MAX_FETCH_BYTES
    far.answer = web.Response(body=b"a" * (MAX_FETCH_BYTES + 1), content_type=ACTIVITY_TYPE)
    with pytest.raises(TooLargeError):
        await fetcher.get(f"{far.origin}/actor")


def _gzipped(body: bytes, *, codings: Sequence[str] = ("gzip",)) -> web.Response:
    headers = {"Content-Encoding": ", ".join(codings), "Content-Type": ACTIVITY_TYPE}
    return web.Response(body=body, headers=headers)


async def test_counts_bytes_after_decompression(far: Far, fetcher: Fetcher) -> None:
    far.answer = _gzipped(gzip.compress(b"a" * MAX_FETCH_BYTES))
    assert len((await fetcher.get(f"{far.origin}/actor")).body) == MAX_FETCH_BYTES
    far.answer = _gzipped(gzip.compress(b"a" * (MAX_FETCH_BYTES * 50)))
    with pytest.raises(TooLargeError):
        await fetcher.get(f"{far.origin}/actor")


@pytest.mark.parametrize(
    "answer",
    [
        _gzipped(b"not gzip"),
        _gzipped(gzip.compress(b"{}")[:-1]),
        _gzipped(gzip.compress(b"{}") + b"x"),
        _gzipped(gzip.compress(b"{}"), codings=("gzip", "gzip")),
        _gzipped(b"{}", codings=("br",)),
    ],
    ids=["no gzip", "cut off", "more behind", "two codings", "another coding"],
)
async def test_refuses_broken_and_unasked_codings(
    far: Far, fetcher: Fetcher, answer: web.Response
) -> None:
    far.answer = answer
    with pytest.raises(MalformedError):
        await fetcher.get(f"{far.origin}/actor")


async def test_follows_no_redirect_for_keys_actors_and_objects(
    far: Far, fetcher: Fetcher
) -> None:
    far.redirects = {"/actor": "/other"}
    with pytest.raises(RemoteError):
        await fetcher.get(f"{far.origin}/actor")
    assert len(far.requests) == 1


async def test_follows_three_redirects_of_the_same_origin_for_discovery(
    far: Far, fetcher: Fetcher, stamp: Stamp
) -> None:
    far.answer = web.Response(body=b"{}", content_type=JRD_TYPE)
    far.redirects = {"/a": "/b", "/b": f"{far.origin}/c", "/c": "/d"}
    fetched = await fetcher.get(f"{far.origin}/a", (JRD_TYPE,), redirects=3)
    assert fetched.url == f"{far.origin}/d"
    assert len(stamp.signed) == 4  # each hop is signed anew
    far.redirects["/d"] = "/e"
    with pytest.raises(RemoteError):
        await fetcher.get(f"{far.origin}/a", (JRD_TYPE,), redirects=9)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/b",
        "http://localhost:1/b",
        "https://node.example/b",
        "http://10.0.0.1/",
        "",
        "//",
        "/b#c",
        "/a//b",
    ],
)
async def test_follows_no_redirect_elsewhere(far: Far, fetcher: Fetcher, location: str) -> None:
    far.redirects = {"/a": location}
    with pytest.raises(RemoteError):
        await fetcher.get(f"{far.origin}/a", (JRD_TYPE,), redirects=3)
    assert {path for path, _, _ in far.requests} == {"/a"}


async def test_a_server_that_does_not_answer_in_time_is_unavailable(stamp: Stamp) -> None:
    arrived, done = asyncio.Event(), asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        arrived.set()
        await done.wait()
        return web.Response()

    app = web.Application()
    app.router.add_get("/actor", hang)
    server = TestServer(app)
    await server.start_server()
    fetcher = Fetcher(stamp, development=True, timeout_s=0.2)
    try:
        with pytest.raises(UnavailableError):
            await fetcher.get(f"http://127.0.0.1:{server.port}/actor")
        assert arrived.is_set()
    finally:
        done.set()
        await fetcher.close()
        await server.close()


async def test_nobody_listening_is_unavailable(fetcher: Fetcher) -> None:
    with pytest.raises(UnavailableError):
        await fetcher.get("http://127.0.0.1:1/actor")


@pytest.mark.parametrize(
    "url",
    [
        "http://node.example/actor",
        "https://node.example:8443/actor",
        "https://10.0.0.1/actor",
        "https://2130706433/actor",
        "https://0x7f.1/actor",
        "https://[::ffff:127.0.0.1]/actor",
        "https://localhost./actor",
        "https://user@node.example/actor",
        "https://good.example\\@evil.example/actor",
        "https://node.example/a b",
        "ftp://node.example/actor",
    ],
)
async def test_refuses_urls_that_are_not_plainly_public(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(RemoteError):
        await fetcher.get(url)


async def test_outside_development_loopback_is_refused(far: Far, stamp: Stamp) -> None:
    fetcher = Fetcher(stamp)
    with pytest.raises(RemoteError):
        await fetcher.get(f"{far.origin}/actor")
    with pytest.raises(RemoteError):
        await fetcher.post(f"{far.origin}/inbox", b"{}")
    assert far.requests == []
    await fetcher.close()


async def test_a_name_that_resolves_into_our_network_is_refused_before_connecting(
    far: Far, stamp: Stamp
) -> None:
    async def rebound(_: str) -> Sequence[str]:
        return ("127.0.0.1",)

    fetcher = Fetcher(stamp, lookup=rebound)
    with pytest.raises(RefusedAddressError):
        await fetcher.get("https://node.example/actor")
    assert far.requests == []
    await fetcher.close()


async def test_a_name_without_address_is_unavailable(stamp: Stamp) -> None:
    async def nothing(_: str) -> Sequence[str]:
        return ()

    fetcher = Fetcher(stamp, lookup=nothing)
    with pytest.raises(UnavailableError):
        await fetcher.get("https://node.example/actor")
    await fetcher.close()
