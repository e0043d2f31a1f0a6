"""The federation room put together: which part knows which.

One place, so that the node's wiring and the tests build the same thing. No logic is here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import msgspec

from kith_crypto.randomness import Rng
from kith_node.federation.actors import ActorFetcher
from kith_node.federation.catch_up import CatchUp
from kith_node.federation.delivery import Delivery
from kith_node.federation.discovery import CountMembers, Discovery
from kith_node.federation.fetch import Fetcher
from kith_node.federation.identity import ActorDocument, NodeIdentity
from kith_node.federation.inbox import FlagDesk, Inbox
from kith_node.federation.intake import Intake, Rules
from kith_node.federation.introductions import Introductions
from kith_node.federation.keys import KeyBook
from kith_node.federation.letters import Letters
from kith_node.federation.neighbours import Neighbours
from kith_node.federation.outbox import Outbox
from kith_node.federation.peering import PeeringService
from kith_node.federation.peers import PeerBook
from kith_node.federation.registry import Registry
from kith_node.federation.resolver import Lookup, look_up
from kith_node.federation.routes import Desk
from kith_node.federation.signatures import NodeSigner, PeerSignatures
from kith_node.federation.standing import Standings
from kith_node.federation.upkeep import Upkeep
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.limits import MAX_OFFERS_PER_PEER, MAX_RESOURCES_PER_PEER
from kith_protocol.nodeinfo import Policy
from kith_protocol.offer_content import Audience

Notify = Callable[[], None]


class FederationSettings(msgspec.Struct, frozen=True):
    """What a steward chose, as far as this room needs it.

    Attributes:
        name: of the community.
        summary: one paragraph, plain text.
        programme: ``adults`` or ``youth``.
        policy: who may become a peer.
        software_version: coarse, such as ``0.1``.
        open_registrations: whether anybody may join.
        max_offers_per_peer: live offers.
        max_resources_per_peer: live resources.
        development: loopback origins, at any port and without TLS, are taken.
    """

    name: str
    summary: str = ""
    programme: Audience = "adults"
    policy: Policy = "approve"
    software_version: str = "0.1"
    open_registrations: bool = False
    max_offers_per_peer: int = MAX_OFFERS_PER_PEER
    max_resources_per_peer: int = MAX_RESOURCES_PER_PEER
    development: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Surroundings:
    """What the room needs of the rest of the node.

    Attributes:
        database: ``catalogue.db``.
        clock: the node's.
        rng: the node's.
        is_known_topic: whether an offer of any community may name a topic.
        count_members: how many members there are.
        on_change: called after a commit that touched the catalogue.
        wake_delivery: makes ``delivery.run_delivery`` run now.
        wake_catch_up: makes ``catch_up.run_catch_up`` run now.
        heard: called with each peer that has just proved who it is.
        lookup: how names become addresses.
        moderators_key: returns the moderators' public key, or None.
        flags: takes reports of other nodes, once there is one.
    """

    database: Database
    clock: Clock
    rng: Rng
    is_known_topic: Callable[[str], bool]
    count_members: CountMembers
    on_change: Notify
    wake_delivery: Notify
    wake_catch_up: Notify
    heard: Callable[[str], None] = lambda _: None
    lookup: Lookup = look_up
    moderators_key: Callable[[], bytes | None] = lambda: None
    flags: Callable[[], FlagDesk | None] = lambda: None


class _Bell:
    """Passes a call on to whoever was named meanwhile."""

    def __init__(self) -> None:
        self._listeners: list[Notify] = []

    def add(self, listener: Notify) -> None:
        self._listeners.append(listener)

    def ring(self) -> None:
        for listener in self._listeners:
            listener()


@dataclasses.dataclass(frozen=True, slots=True)
class Federation:
    """The parts that others use. ``close`` it when done."""

    peers: PeerBook
    signatures: PeerSignatures
    peering: PeeringService
    inbox: Inbox
    outbox: Outbox
    delivery: Delivery
    catch_up: CatchUp
    upkeep: Upkeep
    introductions: Introductions
    standings: Standings
    neighbours: Neighbours
    letters: Letters
    desk: Desk
    fetcher: Fetcher

    def notice(self) -> None:
        """Look anew: another process has written to the database."""
        self.peers.forget()
        self.delivery.notice()
        self.catch_up.notice()

    async def close(self) -> None:
        """Close all connections to others."""
        await self.fetcher.close()


def build_federation(
    identity: NodeIdentity, settings: FederationSettings, around: Surroundings
) -> Federation:
    """Return the room of the node that *identity* is."""
    database, clock, rng = around.database, around.clock, around.rng
    development = settings.development
    bell = _Bell()
    signer = NodeSigner(identity, clock=clock, rng=rng, development=development)
    fetcher = Fetcher(signer, lookup=around.lookup, development=development)
    peers = PeerBook(database, clock)
    introductions = Introductions(database, clock=clock)
    standings = Standings(
        identity.origin, database, peers=peers, introductions=introductions, clock=clock
    )
    registry = Registry(
        database,
        identity,
        peers=peers,
        policy=settings.policy,
        programme=settings.programme,
        clock=clock,
        rng=rng,
        on_change=around.on_change,
        wake=bell.ring,
        development=development,
    )
    keys = KeyBook(
        peers,
        fetch=ActorFetcher(fetcher, development=development).fetch,
        take=registry.take_document,
        clock=clock,
        rng=rng,
        development=development,
    )
    peering = PeeringService(
        identity,
        registry=registry,
        peers=peers,
        keys=keys,
        fetcher=fetcher,
        clock=clock,
        development=development,
    )
    rules = Rules(
        programme=settings.programme,
        is_known_topic=around.is_known_topic,
        max_offers=settings.max_offers_per_peer,
        max_resources=settings.max_resources_per_peer,
        development=development,
    )
    inbox = Inbox(
        database,
        identity,
        peers=peers,
        peering=peering,
        intake=Intake(database, identity, keys=keys, rules=rules, clock=clock),
        clock=clock,
        on_change=around.on_change,
        wake=bell.ring,
        flags=around.flags,
        development=development,
    )
    outbox = Outbox(
        database,
        identity,
        clock=clock,
        on_change=around.on_change,
        wake=bell.ring,
        development=development,
    )
    delivery = Delivery(
        database, keys=keys, fetcher=fetcher, clock=clock, rng=rng, wake=around.wake_delivery
    )
    catch_up = CatchUp(
        database,
        peers=peers,
        keys=keys,
        fetcher=fetcher,
        inbox=inbox,
        clock=clock,
        rng=rng,
        wake=around.wake_catch_up,
    )

    def heard(actor: str) -> None:
        delivery.hear(actor)
        catch_up.hear(actor)
        around.heard(actor)

    bell.add(delivery.notice)
    bell.add(catch_up.notice)
    document = ActorDocument(
        identity,
        name=settings.name,
        summary=settings.summary,
        programme=settings.programme,
        clock=clock,
        moderators_key=around.moderators_key,
    )
    discovery = Discovery(
        identity.origin,
        software_version=settings.software_version,
        policy=settings.policy,
        programme=settings.programme,
        open_registrations=settings.open_registrations,
        count_members=around.count_members,
        clock=clock,
    )
    return Federation(
        peers=peers,
        signatures=PeerSignatures(
            identity,
            keys=keys,
            peers=peers,
            clock=clock,
            heard=heard,
            development=development,
        ),
        peering=peering,
        inbox=inbox,
        outbox=outbox,
        delivery=delivery,
        catch_up=catch_up,
        upkeep=Upkeep(database, registry=registry, standings=standings, clock=clock),
        introductions=introductions,
        standings=standings,
        neighbours=Neighbours(
            identity.origin,
            render=document.render,
            standings=standings,
            keys=keys,
            programme=settings.programme,
            development=development,
        ),
        letters=Letters(database, identity, peers=peers, clock=clock, rng=rng, wake=bell.ring),
        desk=Desk(identity, document, discovery, inbox, outbox),
        fetcher=fetcher,
    )
