"""Links are looked up with care, against a real server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kith_node.federation.fetch import ANYBODY, MAX_GLANCE_BYTES, Fetcher
from kith_node.library.links import MAX_REDIRECTS, LinkReport, check_link, check_links
from kith_testing.rng import SeededRng


class Nobody:
    """Signs nothing: who looks at a page does not say who it is."""

    def sign_request(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> Mapping[str, str]:
        raise AssertionError("a page was asked in this node's name")


class Web:
    """A server of pages, each a status and, for a redirect, where to."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str]] = {}
        self.without_head: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self.sent_bytes = 0
        self.origin = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.raw_path))
        self.headers.append(request.headers.copy())
        if request.method == "HEAD" and request.raw_path in self.without_head:
            return web.Response(status=405)
        if request.raw_path == "/endless":
            return await self._endless(request)
        status, location = self.pages.get(request.raw_path, (404, ""))
        headers = {"Location": location} if location else {}
        return web.Response(status=status, headers={**headers, "Set-Cookie": "a=b"})

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while self.sent_bytes < 1 << 30:
                await response.write(b"x" * 65536)
                self.sent_bytes += 65536
        except ConnectionError:
            pass
        return response


@pytest.fixture
async def pages() -> AsyncIterator[Web]:
    pages = Web()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", pages.handle)
    server = TestServer(app)
    await server.start_server()
    pages.origin = f"http://127.0.0.1:{server.port}"
    yield pages
    await server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(Nobody(), development=True, timeout_s=5)
    yield fetcher
    await fetcher.close()


async def outcome(fetcher: Fetcher, pages: Web, path: str) -> tuple[str, str]:
    report = await check_link(fetcher, pages.origin + path)
    assert report.url == pages.origin + path
    assert report.detail.isascii()
    return report.verdict, report.detail.removeprefix(pages.origin)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "works"),
        (404, "gone"),
        (410, "gone"),
        (401, "silent"),
        (403, "silent"),
        (429, "silent"),
        (503, "silent"),
        (304, "silent"),
    ],
)
async def test_a_status_says_how_it_stands(
    pages: Web, fetcher: Fetcher, status: int, verdict: str
) -> None:
    pages.pages["/page"] = (status, "")
    found, detail = await outcome(fetcher, pages, "/page")
    assert found == verdict
    assert detail == ("" if status == 200 else f"status {status}")


async def test_a_page_is_asked_for_its_head_and_told_nothing(
    pages: Web, fetcher: Fetcher
) -> None:
    pages.pages["/page?a=b"] = (200, "")
    for _ in range(2):
        assert await outcome(fetcher, pages, "/page?a=b#part") == ("works", "")
    assert pages.asked == [("HEAD", "/page?a=b")] * 2
    for headers in pages.headers:
        assert set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept"}
        assert headers["User-Agent"] == ANYBODY


async def test_a_server_without_heads_is_asked_for_the_page(
    pages: Web, fetcher: Fetcher
) -> None:
    pages.pages["/page"] = (200, "")
    pages.without_head.add("/page")
    assert await outcome(fetcher, pages, "/page") == ("works", "")
    assert pages.asked == [("HEAD", "/page"), ("GET", "/page")]


async def test_an_endless_page_is_left_early(pages: Web, fetcher: Fetcher) -> None:
    pages.without_head.add("/endless")
    assert await outcome(fetcher, pages, "/endless") == ("works", "")
    assert MAX_GLANCE_BYTES < pages.sent_bytes < 1 << 28  # buffers take some more


async def test_what_moved_for_good_is_reported_with_its_new_place(
    pages: Web, fetcher: Fetcher
) -> None:
    pages.pages |= {
        "/old": (301, "/newer#top"),
        "/newer": (308, f"{pages.origin}/n%c3%a9w"),
        "/n%C3%A9w": (302, "/en"),
        "/en": (200, ""),
        "/away": (302, "/old"),
    }
    assert await outcome(fetcher, pages, "/old") == ("moved", "/n%C3%A9w")
    assert await outcome(fetcher, pages, "/away") == ("works", "")


@pytest.mark.parametrize(
    ("location", "verdict"),
    [
        ("http://10.0.0.1/", "refused"),
        ("https://10.0.0.1/", "refused"),
        ("https://[fd00::1]/", "refused"),
        ("https://printer.local/", "refused"),
        ("http://example.org/", "refused"),
        ("https://example.org:22/", "refused"),
        ("https://name:word@example.org/", "refused"),
        ("file:///etc/hostname", "refused"),
        ("javascript:alert(1)", "refused"),
        ("http://[", "silent"),
        ("", "silent"),
        ("/loop", "silent"),
    ],
)
async def test_a_redirect_leads_nowhere_that_a_link_may_not_lead(
    pages: Web, fetcher: Fetcher, location: str, verdict: str
) -> None:
    pages.pages["/loop"] = (301, location)
    found, detail = await outcome(fetcher, pages, "/loop")
    assert found == verdict
    assert detail
    assert location not in detail or not location
    assert len(pages.asked) <= MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:1/",
        "https://192.168.0.1/",
        "https://example.org:8443/",
        "https://localhost.localdomain.internal/",
        "no link",
    ],
)
async def test_an_address_that_is_not_public_is_refused_unasked(url: str) -> None:
    asked: list[str] = []

    async def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        return ("127.0.0.1",)

    fetcher = Fetcher(Nobody(), lookup=lookup)
    assert await check_link(fetcher, url) == LinkReport(url, "refused")
    assert asked == []
    await fetcher.close()


async def test_a_name_is_judged_by_its_addresses() -> None:
    async def private(host: str) -> Sequence[str]:
        return ("93.184.216.34", "10.0.0.1")

    async def nothing(host: str) -> Sequence[str]:
        raise OSError("no such name")

    for lookup, verdict in ((private, "refused"), (nothing, "silent")):
        fetcher = Fetcher(Nobody(), lookup=lookup)
        report = await check_link(fetcher, "https://example.org/")
        assert report.verdict == verdict
        await fetcher.close()


async def test_a_server_that_is_not_there_is_silent(pages: Web, fetcher: Fetcher) -> None:
    closed = TestServer(web.Application())
    await closed.start_server()
    port = closed.port
    await closed.close()
    report = await check_link(fetcher, f"http://127.0.0.1:{port}/")
    assert report.verdict == "silent"


async def test_links_are_asked_once_each_in_random_order_with_pauses(
    pages: Web, fetcher: Fetcher
) -> None:
    paths = [f"/{at}" for at in range(12)]
    pages.pages = dict.fromkeys(paths, (200, ""))
    urls = [pages.origin + path for path in paths]
    orders = []
    for seed in (1, 2):
        pages.asked.clear()
        pauses: list[int] = []

        async def pause(pauses: list[int] = pauses) -> None:
            pauses.append(len(pages.asked))

        found = [
            report.url
            async for report in check_links(
                fetcher, urls + urls, rng=SeededRng(seed), pause=pause
            )
        ]
        assert sorted(found) == sorted(urls)
        assert pauses == list(range(1, 12))
        orders.append(found)
    assert orders[0] != orders[1] != urls
