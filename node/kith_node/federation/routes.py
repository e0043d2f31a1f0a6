"""The addresses that other nodes use.

Discovery and the actor are open to anybody. Inbox and batch take what any node has signed;
peering decides what it may say. Outbox, offers and collections are for peers alone.

Source: SPEC.md, section on the actor and discovery.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_node.federation.discovery import XRD_TYPE, Discovery
from kith_node.federation.fetch import ACTIVITY_TYPE, JRD_TYPE, JSON_TYPE
from kith_node.federation.identity import ActorDocument, NodeIdentity
from kith_node.federation.inbox import Inbox
from kith_node.federation.outbox import Outbox, WithdrawnError
from kith_node.federation.pages import MAX_PAGE_ITEMS, encode_page, parse_cursor
from kith_node.http.route import Access, Answer, Call, Handler, Route
from kith_protocol.batch import encode_results
from kith_protocol.contexts import ACTIVITY_STREAMS
from kith_protocol.errors import NotFoundError, UnauthorizedError
from kith_protocol.limits import MAX_ACTIVITY_BYTES, MAX_BATCH_BYTES
from kith_protocol.nodeinfo import NODEINFO_TYPE
from kith_protocol.urls import ID_BYTES, followers_url, following_url, offer_url, resource_url

ACTOR_MAX_AGE_S = 300

_INBOX_TYPES = (
    ACTIVITY_TYPE,
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
_SIGNED = {"Cache-Control": "private", "Vary": "Accept, Signature, Signature-Input"}
_OPEN = {"Access-Control-Allow-Origin": "*"}


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """What the addresses below answer from."""

    identity: NodeIdentity
    document: ActorDocument
    discovery: Discovery
    inbox: Inbox
    outbox: Outbox


def routes(desk: Desk) -> tuple[Route, ...]:
    """Return the addresses of federation."""
    return (*_discovery_routes(desk), *_delivery_routes(desk), *_peer_routes(desk))


def _discovery_routes(desk: Desk) -> tuple[Route, ...]:
    async def actor(call: Call) -> Answer:
        rendering = desk.document.render()
        headers = {
            "ETag": rendering.etag,
            "Vary": _SIGNED["Vary"],
            "Cache-Control": f"public, max-age={ACTOR_MAX_AGE_S}",
        }
        if rendering.etag in call.headers.get("if-none-match", "").split(", "):
            return Answer(304, headers=headers)
        return Answer(200, rendering.body, ACTIVITY_TYPE, headers)

    async def webfinger(call: Call) -> Answer:
        if "resource" not in call.query:
            raise MalformedError("no resource", pointer="/query")
        body = desk.discovery.webfinger(call.query["resource"])
        return Answer(200, body, JRD_TYPE, _OPEN)

    async def nodeinfo_links(_: Call) -> Answer:
        return Answer(200, desk.discovery.nodeinfo_links(), JSON_TYPE, _OPEN)

    async def nodeinfo(_: Call) -> Answer:
        return Answer(200, await desk.discovery.nodeinfo(), NODEINFO_TYPE, _OPEN)

    async def host_meta(_: Call) -> Answer:
        return Answer(200, desk.discovery.host_meta(), XRD_TYPE, _OPEN)

    return (
        _get("/actor", Access.NOBODY, actor, "The node's actor"),
        _get(
            "/.well-known/webfinger",
            Access.NOBODY,
            webfinger,
            "WebFinger",
            query=("resource", "rel"),
        ),
        _get("/.well-known/nodeinfo", Access.NOBODY, nodeinfo_links, "Links to NodeInfo"),
        _get("/nodeinfo/2.1", Access.NOBODY, nodeinfo, "NodeInfo"),
        _get("/.well-known/host-meta", Access.NOBODY, host_meta, "Link to WebFinger"),
    )


def _delivery_routes(desk: Desk) -> tuple[Route, ...]:
    async def inbox(call: Call) -> Answer:
        await desk.inbox.receive(_sender(call), call.body)
        return Answer(202)

    async def batch(call: Call) -> Answer:
        outcomes = await desk.inbox.receive_batch(_sender(call), call.body)
        results = encode_results([outcome.to_result() for outcome in outcomes])
        return Answer(200, results, JSON_TYPE)

    return (
        _post("/inbox", inbox, "Takes one activity", MAX_ACTIVITY_BYTES, status=202),
        _post("/inbox/batch", batch, "Takes a batch of activities", MAX_BATCH_BYTES),
    )


def _peer_routes(desk: Desk) -> tuple[Route, ...]:
    async def outbox(call: Call) -> Answer:
        desk.identity.require_keyholders()
        after = parse_cursor(call.query.get("after", ""))
        limit = _read_limit(call.query.get("limit", str(MAX_PAGE_ITEMS)))
        after, entries = await desk.outbox.list_after(after, limit)
        page = encode_page(desk.identity.origin, entries, after=after)
        return Answer(200, page, ACTIVITY_TYPE, _SIGNED)

    async def released(call: Call, url: Callable[[str, bytes], str]) -> Answer:
        desk.identity.require_keyholders()
        try:
            object_id = parse_base64url(call.path["id"], size=ID_BYTES)
        except MalformedError as error:
            raise NotFoundError("no such object") from error
        try:
            raw = await desk.outbox.object_bytes(url(desk.identity.origin, object_id))
        except WithdrawnError as error:
            return Answer(410, error.tombstone, ACTIVITY_TYPE, _SIGNED)
        return Answer(200, raw, ACTIVITY_TYPE, _SIGNED)

    async def offer(call: Call) -> Answer:
        return await released(call, offer_url)

    async def resource(call: Call) -> Answer:
        return await released(call, resource_url)

    async def followers(_: Call) -> Answer:
        return _collection(followers_url(desk.identity.origin))

    async def following(_: Call) -> Answer:
        return _collection(following_url(desk.identity.origin))

    return (
        _get("/outbox", Access.PEER, outbox, "The log of activities", query=("after", "limit")),
        _get("/offers/{id}", Access.PEER, offer, "One offer as released"),
        _get("/resources/{id}", Access.PEER, resource, "One resource as released"),
        _get("/followers", Access.PEER, followers, "Names the audience of announcements"),
        _get("/following", Access.PEER, following, "Names whom the node follows"),
    )


class _Collection(msgspec.Struct, frozen=True, rename={"context": "@context"}):
    context: str
    id: str
    type: str


def _collection(url: str) -> Answer:
    # Who the peers are is nobody's business but each one's own: the collection has a name only.
    body = msgspec.json.encode(_Collection(ACTIVITY_STREAMS, url, "OrderedCollection"))
    return Answer(200, body, ACTIVITY_TYPE, _SIGNED)


def _sender(call: Call) -> str:
    if call.credential.actor is None:
        raise UnauthorizedError("no signature")
    return call.credential.actor


def _read_limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= len(text) <= 4 or int(text) < 1:
        raise MalformedError("not a number of items", pointer="/query/limit")
    return min(int(text), MAX_PAGE_ITEMS)


def _get(
    path: str, access: Access, handler: Handler, summary: str, *, query: tuple[str, ...] = ()
) -> Route:
    return Route("GET", path, access, handler, summary, query=query, is_api=False)


def _post(
    path: str, handler: Handler, summary: str, max_body: int, *, status: int = 200
) -> Route:
    return Route(
        "POST",
        path,
        Access.INBOX,
        handler,
        summary,
        status=status,
        max_body=max_body,
        media_types=_INBOX_TYPES,
        is_api=False,
    )
