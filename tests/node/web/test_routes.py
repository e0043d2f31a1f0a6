"""Every visitor gets the same client, with headers that let it do only what it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.web.routes import VIEWS
from kith_testing.node import LocalNode, open_local_node
from kith_testing.webroot import PACKED, PAGE, SCRIPT


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("path", VIEWS)
async def test_each_public_view_is_the_one_page(node: LocalNode, path: str) -> None:
    reply = await node.send("GET", path)
    assert (reply.status, reply.body) == (200, PAGE)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"


async def test_no_script_runs_but_the_nodes_own(node: LocalNode) -> None:
    for path in ("/", "/assets/app-1.js", "/sw.js", "/manifest.webmanifest"):
        reply = await node.send("GET", path)
        policy = dict(
            part.partition(" ")[::2]
            for part in reply.headers["Content-Security-Policy"].split("; ")
        )
        assert policy.pop("script-src") == "'self' 'wasm-unsafe-eval'"
        assert policy.pop("require-trusted-types-for") == "'script'"
        assert policy.pop("trusted-types") == "kith"
        assert set(policy.values()) == {"'self'", "'none'"}
        assert policy["default-src"] == "'none'"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in reply.headers["Permissions-Policy"]
        assert "Set-Cookie" not in reply.headers


async def test_files_come_compressed_to_who_can_read_that(node: LocalNode) -> None:
    plain = await node.send("GET", "/assets/app-1.js")
    assert (plain.body, "Content-Encoding" in plain.headers) == (SCRIPT, False)
    assert "immutable" in plain.headers["Cache-Control"]
    for accepted, is_packed in (
        ("gzip, br", True),
        ("br;q=0.5", True),
        ("br;q=0", False),
        ("gzip", False),
    ):
        reply = await node.send(
            "GET", "/assets/app-1.js", headers={"Accept-Encoding": accepted}
        )
        assert (reply.body == PACKED) is is_packed, accepted
        assert reply.headers["Vary"] == "Accept-Encoding"


async def test_what_a_browser_has_is_not_sent_again(node: LocalNode) -> None:
    first = await node.send("GET", "/")
    again = await node.send("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/app-1.js.br", "/assets/..%2findex.html", "/members"]
)
async def test_nothing_else_is_handed_out(node: LocalNode, path: str) -> None:
    assert (await node.send("GET", path)).status == 404
