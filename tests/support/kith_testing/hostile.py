"""A node that follows no rule but those a test gives it.

It has keys of its own, a tiny server for its actor and whatever else a test wants it to answer,
and it counts what it is asked. What it sends is made piece by piece, so that any piece can be
wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence

import msgspec
from aiohttp import web

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import WRAPPED_SEAL_BYTES, Unstamped, encode_envelope
from kith_crypto.hashes import sha256
from kith_crypto.proof import sign_document
from kith_crypto.stamp import stamp_envelope
from kith_crypto.strict_json import JsonObject
from kith_node.catalogue.store import live_ids_of
from kith_node.federation.peer_store import PeerRow
from kith_protocol.activity import Follow
from kith_protocol.actor import ActorDraft, build_actor
from kith_protocol.announcements import (
    build_accept,
    build_create,
    build_delete,
    build_follow,
    build_update,
)
from kith_protocol.batch import encode_batch
from kith_protocol.box_page import ENVELOPE_TYPE
from kith_protocol.day import Day, day_of, format_day
from kith_protocol.http_signature import Message, sign_message
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.tombstone import build_tombstone
from kith_protocol.urls import actor_url, node_key_url, offer_url
from kith_testing.clock import FakeClock
from kith_testing.node import CV, LocalNode, Reply
from kith_testing.peer import rsa_key
from kith_testing.rng import SeededRng

ACTIVITY_TYPE = "application/activity+json"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclasses.dataclass(slots=True)
class HostileNode:
    """Made by ``open_hostile``.

    Attributes:
        origin: where it listens.
        key: the Ed25519 key that its actor shows, unless a test changes ``document``.
        document: its actor as served, signed.
        asked: how often each path was fetched.
        inbox: bodies that were delivered to it.
        answers: path to a handler in place of the usual answer.
    """

    origin: str
    key: SigningKey
    clock: FakeClock
    rng: SeededRng
    document: JsonObject = dataclasses.field(default_factory=dict)
    asked: Counter[str] = dataclasses.field(default_factory=Counter)
    inbox: list[bytes] = dataclasses.field(default_factory=list)
    answers: dict[str, Handler] = dataclasses.field(default_factory=dict)

    @property
    def actor(self) -> str:
        return actor_url(self.origin)

    @property
    def key_id(self) -> str:
        return node_key_url(self.origin)

    @property
    def today(self) -> Day:
        return day_of(self.clock.now())

    # --- documents -----------------------------------------------------------------

    def draft_actor(self, key: SigningKey | None = None) -> JsonObject:
        """Return its actor with *key*, unsigned."""
        return build_actor(
            ActorDraft(
                origin=self.origin,
                name="Hostile",
                summary="",
                programme="adults",
                verify_key=(key or self.key).verify_key,
                rsa_public_pem=rsa_key().public_pem(),
            )
        )

    def show(self, document: JsonObject) -> None:
        """Serve *document*, signed, as its actor from now on."""
        self.document = self.sign(document)

    def sign(
        self, document: JsonObject, *, key: SigningKey | None = None, method: str | None = None
    ) -> JsonObject:
        """Return *document* with a proof dated today, by default its own."""
        return sign_document(
            document,
            key or self.key,
            verification_method=method or self.key_id,
            created=format_day(self.today),
        )

    def token(self, number: int) -> bytes:
        """Return the 16 bytes of offer *number*."""
        return sha256(f"{self.origin} {number}".encode())[:16]

    def offer_id(self, number: int) -> str:
        return offer_url(self.origin, self.token(number))

    def draft_offer(
        self, number: int = 1, *, revision: int = 1, days: int = 90, content: OfferContent = CV
    ) -> JsonObject:
        """Return an offer of its own that is right in every way, unsigned."""
        return build_offer(
            Offer(
                id=self.offer_id(number),
                author=self.actor,
                published=self.today,
                updated=self.today,
                end_day=Day(self.today + days),
                revision=revision,
                content=content,
            )
        )

    def create(self, offer: JsonObject) -> bytes:
        """Return a ``Create`` of *offer* as it is, with a proof."""
        return canonical_bytes(self.sign(build_create(self.origin, offer)))

    def update(self, offer: JsonObject) -> bytes:
        """Return an ``Update`` of *offer* as it is, with a proof."""
        return canonical_bytes(self.sign(build_update(self.origin, offer)))

    def delete(self, object_id: str, *, is_proved: bool = True) -> bytes:
        """Return a ``Delete`` of *object_id*, its tombstone signed or not."""
        tombstone = build_tombstone(self.origin, object_id)
        signed = self.sign(tombstone) if is_proved else tombstone
        return canonical_bytes(self.sign(build_delete(self.origin, signed)))

    def follow(self, target: str) -> bytes:
        """Return a ``Follow`` of *target*."""
        return canonical_bytes(self.sign(build_follow(self.origin, self.rng.bytes(16), target)))

    def envelope(
        self,
        box: bytes,
        *,
        text: bytes = b"",
        day: int | None = None,
        size: int = 4096,
        key: SigningKey | None = None,
    ) -> bytes:
        """Return an envelope for *box* with a right stamp; what is sealed in it is *text*."""
        unstamped = Unstamped(
            box=box, commitment=self.rng.bytes(32), sealed=text.ljust(size, b"\0")
        )
        stamped = stamp_envelope(
            unstamped,
            node_key=key or self.key,
            wrapped_seal=self.rng.bytes(WRAPPED_SEAL_BYTES),
            day=self.today if day is None else day,
        )
        return encode_envelope(stamped.envelope)

    # --- requests ------------------------------------------------------------------

    def sign_request(
        self,
        node: LocalNode,
        method: str,
        path: str,
        body: bytes | None,
        *,
        media_type: str = ACTIVITY_TYPE,
        key: SigningKey | None = None,
        key_id: str | None = None,
        age_s: int = 0,
        nonce: bytes | None = None,
    ) -> dict[str, str]:
        """Return the headers of a signed request, by default right in every way."""
        content: dict[str, str] = {}
        if body is not None:
            content = {"content-type": media_type, "content-digest": content_digest(body)}
        signature = sign_message(
            Message(method, node.origin + path, node.authority, content),
            key=key or self.key,
            key_id=key_id or self.key_id,
            created=self.clock.now() - age_s,
            nonce=nonce or self.rng.bytes(16),
        )
        return {**content, **signature}

    async def post(
        self,
        node: LocalNode,
        body: bytes,
        *,
        path: str = "/inbox",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send *body*; *headers* in place of those that ``sign_request`` makes."""
        signed = headers or self.sign_request(node, "POST", path, body)
        return await node.send("POST", path, headers=signed, body=body)

    async def deliver(self, node: LocalNode, raw: bytes, *, box: bytes | None = None) -> Reply:
        """Deliver an envelope, to the box that it names unless another one is given."""
        path = f"/mailboxes/{encode_base64url(raw[1:17] if box is None else box)}"
        headers = self.sign_request(node, "POST", path, raw, media_type=ENVELOPE_TYPE)
        return await self.post(node, raw, path=path, headers=headers)

    async def post_batch(self, node: LocalNode, items: Sequence[bytes]) -> list[str]:
        """Send *items* as a batch and return status and code of each."""
        reply = await self.post(node, encode_batch(items), path="/inbox/batch")
        assert reply.status == 200, (reply.status, reply.code)
        results = msgspec.json.decode(reply.body)["results"]
        return [":".join(filter(None, (one["status"], one.get("code")))) for one in results]

    async def befriend(self, node: LocalNode) -> None:
        """Become a peer of *node*, whose policy is ``open``."""
        reply = await self.post(node, self.follow(node.actor))
        assert reply.status == 202, (reply.status, reply.code)
        await node.work()
        for body in self.inbox:
            document = msgspec.json.decode(body)
            if document["type"] == "Follow":
                theirs = Follow(document["id"], node.actor, self.actor)
                accept = build_accept(self.origin, self.rng.bytes(16), theirs)
                reply = await self.post(node, canonical_bytes(self.sign(accept)))
                assert reply.status == 202, (reply.status, reply.code)
        await node.work()
        row = await node.node.federation.peers.get(self.actor)
        assert row is not None
        assert row.is_open
        self.asked.clear()
        self.inbox.clear()

    # --- its server ----------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer whatever is asked."""
        self.asked[request.path] += 1
        handler = self.answers.get(request.path)
        if handler is not None:
            return await handler(request)
        match request.method, request.path:
            case "GET", "/actor":
                return activity(canonical_bytes(self.document))
            case "GET", "/outbox":
                return activity(self._empty_page())
            case "POST", "/inbox":
                self.inbox.append(await request.read())
                return web.Response(status=202)
            case "POST", "/inbox/batch":
                return await self._take_batch(request)
            case _:
                return web.Response(status=404)

    async def _take_batch(self, request: web.Request) -> web.Response:
        items = msgspec.json.decode(await request.read())["orderedItems"]
        self.inbox += [msgspec.json.encode(item) for item in items]
        return web.json_response({"results": [{"status": "accepted"}] * len(items)})

    def _empty_page(self) -> bytes:
        outbox = f"{self.origin}/outbox"
        page = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": outbox,
            "type": "OrderedCollectionPage",
            "partOf": outbox,
            "orderedItems": [],
            "next": f"{outbox}?after=AAAAAAAAAAA&limit=200",
        }
        return msgspec.json.encode(page)


def activity(body: bytes, media_type: str = ACTIVITY_TYPE) -> web.Response:
    """Return an answer with *body*."""
    return web.Response(body=body, headers={"Content-Type": media_type})


async def never(_: web.Request) -> web.StreamResponse:
    """Answer nothing until the other side hangs up."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


@contextlib.asynccontextmanager
async def open_hostile(clock: FakeClock, *, seed: int = 66) -> AsyncIterator[HostileNode]:
    """Yield a hostile node that listens on a free port of loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        key = SigningKey.from_seed(sha256(f"hostile {seed}".encode()))
        hostile = HostileNode(origin, key, clock, SeededRng(seed))
        hostile.show(hostile.draft_actor())
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", hostile.handle)
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield hostile
        finally:
            await runner.cleanup()


@contextlib.contextmanager
def unchanged(node: LocalNode) -> Iterator[None]:
    """Fail if the block leaves a trace in any file."""
    before = node.dump()
    yield
    assert node.dump() == before


def result_of(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.code


async def live(node: LocalNode, author: HostileNode) -> set[str]:
    """Return the offers of *author* that the node holds."""
    async with node.node.stores.catalogue.read() as connection:
        return set(await live_ids_of(connection, author.actor))


async def row_of(node: LocalNode, hostile: HostileNode) -> PeerRow:
    node.node.federation.peers.forget()
    row = await node.node.federation.peers.get(hostile.actor)
    assert row is not None
    return row


async def announce(node: LocalNode, peer: HostileNode, number: int = 1) -> str:
    """Have *peer* announce a right offer, and return its id."""
    reply = await peer.post(node, peer.create(peer.sign(peer.draft_offer(number))))
    assert reply.status == 202
    return peer.offer_id(number)
