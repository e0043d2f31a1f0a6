"""The web client over HTTP: one page under a few addresses, and the files it is made of.

Nothing here depends on who asks: every visitor gets the same bytes. Only the addresses in
``VIEWS`` show the page; what members see has no address of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from kith_crypto.errors import UnavailableError
from kith_node.http.conditional import is_known_tag
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.web.headers import ASSET_HEADERS, PAGE_HEADERS
from kith_node.web.tree import ASSETS, MANIFEST, PAGE, WORKER, File
from kith_protocol.errors import NotFoundError

VIEWS = ("/", "/about", "/join", "/safety", "/sign-in")

_PAGE = "The web client."


def routes(tree: Mapping[str, File]) -> tuple[Route, ...]:
    """Return the routes that hand out *tree*, or say that it is empty."""

    async def page(call: Call) -> Answer:
        return _answer(call, _find(tree, PAGE), PAGE_HEADERS)

    async def worker(call: Call) -> Answer:
        return _answer(call, _find(tree, WORKER), PAGE_HEADERS)

    async def manifest(call: Call) -> Answer:
        return _answer(call, _find(tree, MANIFEST), PAGE_HEADERS)

    async def asset(call: Call) -> Answer:
        return _answer(call, _find(tree, f"{ASSETS}/{call.path['name']}"), ASSET_HEADERS)

    named = (
        *((path, page, _PAGE) for path in VIEWS),
        (f"/{WORKER}", worker, "What keeps the web client's files on a device."),
        (f"/{MANIFEST}", manifest, "How the web client is installed."),
        (f"/{ASSETS}/{{name}}", asset, "One file of the web client."),
    )
    return tuple(
        Route("GET", path, Access.NOBODY, handler, summary, is_api=False)
        for path, handler, summary in named
    )


def _find(tree: Mapping[str, File], name: str) -> File:
    if not tree:
        raise UnavailableError("the web client is not built; on the server: make web")
    found = tree.get(name)
    if found is None:
        raise NotFoundError(name)
    return found


def _answer(call: Call, file: File, headers: Mapping[str, str]) -> Answer:
    sent = {**headers, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if is_known_tag(file.etag, call.headers.get("if-none-match", "")):
        return Answer(status=304, headers=sent)
    if file.brotli and _takes_brotli(call.headers.get("accept-encoding", "")):
        sent["Content-Encoding"] = "br"
        return Answer(body=file.brotli, content_type=file.media_type, headers=sent)
    return Answer(body=file.raw, content_type=file.media_type, headers=sent)


def _takes_brotli(accepted: str) -> bool:
    """Return whether *accepted* names ``br`` with a weight above zero. RFC 9110 §12.5.3."""
    for item in accepted.split(","):
        name, _, weight = item.strip().partition(";")
        if name.strip().lower() == "br":
            value = weight.strip().removeprefix("q=").strip() if weight else "1"
            return value not in {"0", "0.0", "0.00", "0.000"}
    return False
