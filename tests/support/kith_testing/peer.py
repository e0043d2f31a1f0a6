"""A node's federation room over real HTTP, in this process: what tests of peering talk to.

``PeerNode`` has its own database, keys and port, and speaks the protocol as a node does. Time
stands still and jobs run only when a test says so. ``forge`` sends what no honest node would,
and ``overrides`` (path to handler) answers what none would.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import aiohttp
import yarl
from aiohttp import web

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.hashes import sha256
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.seals import quarter_of
from kith_crypto.strict_json import JsonObject
from kith_node.catalogue.store import live_ids_of, object_by_id
from kith_node.federation.fetch import ACTIVITY_TYPE
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.outbox import Announced, Withdrawn
from kith_node.federation.routes import routes
from kith_node.federation.service import (
    Federation,
    FederationSettings,
    Surroundings,
    build_federation,
)
from kith_node.http.app import Door, build_app
from kith_node.http.authorise import Authoriser, SignedIn
from kith_node.http.callers import Callers
from kith_node.http.limits import Throttle
from kith_node.http.route import Answer, Call, Handler, Route
from kith_node.library.service import Library
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.day import Day, day_of
from kith_protocol.errors import UnauthorizedError
from kith_protocol.http_signature import make_message, sign_message
from kith_protocol.keyholders_file import encode_keyholders_file, parse_keyholders_file
from kith_protocol.nonces import NonceMemory
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import node_key_url, offer_url, parse_url
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

STEWARD = "admin"
CONTENT = OfferContent(
    topics=("career.cv",), languages=("en",), ways=("review",), formats=("chat",)
)


@functools.cache
def rsa_key() -> RsaSigningKey:
    """Return one RSA key for all nodes: making it is slow, and nothing here uses it."""
    return RsaSigningKey.generate()


@functools.cache
def keyholders_file(day: int) -> bytes:
    """Return a keyholders' public file for the quarter of *day*."""
    return encode_keyholders_file(SigningKey.from_seed(b"k" * 32), {quarter_of(day): b"q" * 32})


class _NoSessions:
    async def open(self, token: str) -> SignedIn:
        raise UnauthorizedError("no members here")

    def check(self, value: str) -> None:
        raise UnauthorizedError("no members here")


@dataclasses.dataclass(slots=True)
class PeerNode:
    """A node in this process; made by ``open_peer``."""

    folder: Path
    identity: NodeIdentity
    settings: FederationSettings
    clock: FakeClock
    rng: SeededRng
    database: Database
    federation: Federation
    known_topics: set[str]
    listener: socket.socket | None = None
    runner: web.AppRunner | None = None
    changes: int = 0
    wakes: list[str] = dataclasses.field(default_factory=list)
    session: aiohttp.ClientSession | None = None
    overrides: dict[str, Handler] = dataclasses.field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.identity.origin

    @property
    def actor(self) -> str:
        return self.identity.actor

    @property
    def today(self) -> Day:
        return day_of(self.clock.now())

    async def add(self, other: PeerNode) -> None:
        """Have a steward ask *other* to become a peer."""
        await self.federation.peering.add(other.origin, role=STEWARD)

    async def approve(self, other: PeerNode) -> None:
        """Have a steward accept what *other* asked."""
        await self.federation.peering.approve(other.origin, role=STEWARD)

    async def work(self) -> None:
        """Deliver and catch up once."""
        await self.federation.delivery.run_delivery()
        await self.federation.catch_up.run_catch_up()

    async def announce(self, *changes: Announced | Withdrawn) -> None:
        """Release *changes*."""
        await self.federation.outbox.append(changes)

    def offer_id(self, number: int) -> str:
        return offer_url(self.origin, sha256(f"{self.origin} {number}".encode())[:16])

    def offer(
        self,
        number: int,
        *,
        revision: int = 1,
        days: int = 90,
        content: OfferContent = CONTENT,
        by: NodeIdentity | None = None,
    ) -> JsonObject:
        """Return a signed offer of this node, which ends in *days* days."""
        draft = Offer(
            id=self.offer_id(number),
            author=self.actor,
            published=self.today,
            updated=self.today,
            end_day=Day(self.today + days),
            revision=revision,
            content=content,
        )
        return (by or self.identity).sign(build_offer(draft), day=self.today)

    def announced(
        self,
        number: int,
        *,
        revision: int = 1,
        days: int = 90,
        content: OfferContent = CONTENT,
    ) -> Announced:
        """Return a change that announces offer *number*."""
        document = self.offer(number, revision=revision, days=days, content=content)
        return Announced(
            self.offer_id(number),
            revision,
            self.today + days,
            canonical_bytes(document),
            is_new=revision == 1,
        )

    def withdrawn(self, number: int, *, days: int = 90) -> Withdrawn:
        """Return a change that withdraws offer *number*."""
        return Withdrawn(self.offer_id(number), self.today + days)

    async def ids_of(self, other: PeerNode) -> set[str]:
        """Return the live offers of *other* that this node holds."""
        async with self.database.read() as connection:
            return set(await live_ids_of(connection, other.actor))

    async def raw(self, object_id: str) -> bytes | None:
        """Return what this node holds of one offer."""
        async with self.database.read() as connection:
            row = await object_by_id(connection, object_id)
        return None if row is None else row.raw

    def sign(self, activity: JsonObject) -> bytes:
        """Return *activity* with this node's proof, as it is sent."""
        return canonical_bytes(self.identity.sign(activity, day=self.today))

    async def forge(
        self,
        url: str,
        body: bytes | None,
        *,
        method: str = "POST",
        media_type: str = ACTIVITY_TYPE,
        key: SigningKey | None = None,
        key_id: str | None = None,
        age_s: int = 0,
        nonce: bytes | None = None,
        change: Callable[[dict[str, str]], None] = lambda _: None,
    ) -> tuple[int, bytes]:
        """Send a request of this node's to *url* with whatever is wrong with it.

        Args:
            url: full address.
            body: or None for none.
            method: of the request.
            media_type: of the body.
            key: signs in place of the node's.
            key_id: is claimed in place of the node's.
            age_s: how long ago it was signed.
            nonce: in place of a fresh one.
            change: changes the headers after signing.
        """
        content = {}
        if body is not None:
            content = {"content-type": media_type, "content-digest": content_digest(body)}
        signature = sign_message(
            make_message(method, parse_url(url, development=True), content),
            key=key or self.identity.signing_key,
            key_id=key_id or node_key_url(self.origin),
            created=self.clock.now() - age_s,
            nonce=nonce or self.rng.bytes(16),
        )
        headers = {**content, **signature}
        change(headers)
        if self.session is None:
            self.session = aiohttp.ClientSession()
        data = None if body is None else io.BytesIO(body)
        async with self.session.request(
            method, yarl.URL(url, encoded=True), data=data, headers=headers
        ) as response:
            return response.status, await response.read()

    async def start(self) -> None:
        """Listen on the node's port."""
        self.runner = web.AppRunner(_build_app(self), access_log=None)
        await self.runner.setup()
        listener = self.listener or _listen(yarl.URL(self.origin).port or 0)
        self.listener = None
        await web.SockSite(self.runner, listener).start()

    async def stop(self) -> None:
        """Go down; the database stays."""
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    async def restart(self) -> None:
        """Forget everything that is only in memory, as after a crash, and listen again."""
        await self.stop()
        await self.federation.close()
        self.federation = _build(self)
        await self.start()

    async def close(self) -> None:
        """End for good."""
        if self.session is not None:
            await self.session.close()
        await self.stop()
        await self.federation.close()
        await self.database.close()


def library_of(node: PeerNode) -> Library:
    """Return the library of *node*."""
    return Library(
        node.database,
        node.identity,
        node.federation.outbox,
        is_known_topic=node.known_topics.__contains__,
        clock=node.clock,
        rng=node.rng,
        development=True,
    )


@contextlib.asynccontextmanager
async def open_peer(
    folder: Path,
    *,
    seed: int,
    clock: FakeClock | None = None,
    settings: FederationSettings | None = None,
    has_keyholders: bool = True,
) -> AsyncIterator[PeerNode]:
    """Yield a listening node.

    Args:
        folder: its own, existing.
        seed: of its keys and random bytes; another one for each node.
        clock: shared by the nodes of a test.
        settings: in place of those of an open community for adults.
        has_keyholders: whether the keyholders' public key is set.
    """
    clock = clock or FakeClock()
    listener = _listen(0)
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    keyholders = parse_keyholders_file(keyholders_file(day_of(clock.now())))
    identity = NodeIdentity(
        origin,
        SigningKey.from_seed(sha256(f"node {seed}".encode())),
        rsa_key(),
        keyholders if has_keyholders else None,
    )
    database = await open_database(folder / "catalogue.db", load_migrations("catalogue"))
    settings = settings or FederationSettings(name=f"Node {seed}", development=True)
    node = _make(folder, identity, settings, clock, SeededRng(seed), database)
    node.listener = listener
    await node.start()
    try:
        yield node
    finally:
        await node.close()


def _make(
    folder: Path,
    identity: NodeIdentity,
    settings: FederationSettings,
    clock: FakeClock,
    rng: SeededRng,
    database: Database,
) -> PeerNode:
    topics = {"career.cv", "career.interviews"}
    node = PeerNode.__new__(PeerNode)
    federation = _build_with(node, identity, settings, clock, rng, database, topics)
    node.__init__(  # type: ignore[misc]  # node and room know each other
        folder, identity, settings, clock, rng, database, federation, topics
    )
    return node


def _build(node: PeerNode) -> Federation:
    return _build_with(
        node,
        node.identity,
        node.settings,
        node.clock,
        node.rng,
        node.database,
        node.known_topics,
    )


def _build_with(
    node: PeerNode,
    identity: NodeIdentity,
    settings: FederationSettings,
    clock: FakeClock,
    rng: SeededRng,
    database: Database,
    topics: set[str],
) -> Federation:
    async def count_members() -> int:
        return 7

    def count_change() -> None:
        node.changes += 1

    around = Surroundings(
        database=database,
        clock=clock,
        rng=rng,
        is_known_topic=topics.__contains__,
        count_members=count_members,
        on_change=count_change,
        wake_delivery=lambda: node.wakes.append("delivery"),
        wake_catch_up=lambda: node.wakes.append("catch-up"),
    )
    return build_federation(identity, settings, around)


def _build_app(node: PeerNode) -> web.Application:
    none = _NoSessions()
    authoriser = Authoriser(
        sessions=none,
        reader_passes=none,
        peers=node.federation.signatures,
        clock=node.clock,
        nonces=NonceMemory(),
    )
    door = Door(
        origin=node.origin,
        authoriser=authoriser,
        callers=Callers(b"c" * 32),
        throttle=Throttle(10_000, 10_000, clock=node.clock),
    )
    return build_app(node_routes(node), door)


def node_routes(node: PeerNode) -> Sequence[Route]:
    """Return the addresses of the node's federation, with what a test put in their place."""

    def replaced(route: Route) -> Route:
        async def handle(call: Call) -> Answer:
            return await node.overrides.get(route.path, route.handler)(call)

        return dataclasses.replace(route, handler=handle)

    return [replaced(route) for route in routes(node.federation.desk)]


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


async def connect(one: PeerNode, other: PeerNode) -> None:
    """Make two nodes peers: one asks, the other approves."""
    await one.add(other)
    await one.work()
    await other.approve(one)
    await settle(one, other)


async def settle(*nodes: PeerNode, rounds: int = 4) -> None:
    """Let every node do its work until nothing is left to tell."""
    for _ in range(rounds):
        for node in nodes:
            await node.work()
