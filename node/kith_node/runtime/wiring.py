"""The one place where everything meets. No logic, only who is handed to whom.

``open_node`` builds the services over the databases; the server adds the port and the jobs, the
command line uses the services alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.metadata
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path

from aiohttp import web

from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.randomness import Rng
from kith_node.catalogue.routes import routes as catalogue_routes
from kith_node.catalogue.service import Catalogue
from kith_node.envelopes.queue import Delays
from kith_node.envelopes.routes import routes as envelopes_routes
from kith_node.envelopes.service import Around, Envelopes, make_envelopes
from kith_node.events.routes import routes as events_routes
from kith_node.events.service import STREAMS_IN_ALL, STREAMS_PER_CALLER, Ticker
from kith_node.federation.identity import NodeIdentity, load_identity
from kith_node.federation.moderators import ModeratorsKey
from kith_node.federation.neighbour_routes import routes as neighbour_routes
from kith_node.federation.routes import routes as federation_routes
from kith_node.federation.service import (
    Federation,
    FederationSettings,
    Surroundings,
    build_federation,
)
from kith_node.http.app import Door, build_app
from kith_node.http.authorise import Authoriser
from kith_node.http.callers import Callers
from kith_node.http.limits import Throttle
from kith_node.http.openapi import openapi_routes
from kith_node.http.route import Route
from kith_node.http.status import status_routes
from kith_node.key_pages.routes import routes as key_pages_routes
from kith_node.key_pages.service import KeyPages
from kith_node.library.routes import routes as library_routes
from kith_node.library.service import Library
from kith_node.mailboxes.routes import routes as mailboxes_routes
from kith_node.mailboxes.service import BOXES_A_MONTH, Mailboxes, make_mailboxes
from kith_node.members.routes import routes as members_routes
from kith_node.members.service import Members, make_members
from kith_node.moderation.routes import routes as moderation_routes
from kith_node.moderation.service import Moderation, Neighbourhood, make_moderation
from kith_node.offers.routes import routes as offers_routes
from kith_node.offers.service import Collaborators, Offers, make_offers
from kith_node.offers.settings import OfferSettings
from kith_node.profiles.routes import routes as profiles_routes
from kith_node.profiles.service import Profiles, make_profiles
from kith_node.runtime.config import Config
from kith_node.runtime.housekeeping import Housekeeping
from kith_node.runtime.jobs import add_jobs
from kith_node.runtime.scheduler import Scheduler
from kith_node.runtime.system import Clock
from kith_node.storage.stores import Stores, open_stores
from kith_node.topics.loading import load_vocabulary
from kith_node.topics.own import load_with_own
from kith_node.topics.routes import routes as topics_routes
from kith_node.web.routes import routes as web_routes
from kith_node.web.tree import File, load_tree, webroot
from kith_protocol.api import CommunityAnswer
from kith_protocol.day import DAY_S
from kith_protocol.nonces import NonceMemory
from kith_protocol.release import ReleaseConfig
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.urls import parse_origin

CALLER_KEY_BYTES = 32
# For calls without a session, by caller. People stay far below; over one shared address (a
# proxy, an onion service) many people share it.
CALLS_PER_S, CALLS_BURST = 20.0, 400
# Joining and signing in, by caller: guessing is hopeless at this rate.
SIGN_INS_PER_S, SIGN_INS_BURST = 0.1, 20
# On loopback everybody is one caller, and scripts are quick.
DEVELOPMENT_FACTOR = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """The services of one node, and the application that serves them."""

    config: Config
    identity: NodeIdentity
    stores: Stores
    members: Members
    offers: Offers
    profiles: Profiles
    catalogue: Catalogue
    library: Library
    federation: Federation
    mailboxes: Mailboxes
    ticker: Ticker
    key_pages: KeyPages
    envelopes: Envelopes
    moderation: Moderation
    scheduler: Scheduler
    housekeeping: Housekeeping
    routes: tuple[Route, ...]
    app: web.Application

    async def start(self) -> None:
        """Build the index and start the jobs."""
        await self.catalogue.catch_up()
        self.scheduler.start()

    async def stop(self) -> None:
        """Stop the jobs and leave clean files behind."""
        await self.scheduler.stop()
        await self.housekeeping.finish()


@contextlib.asynccontextmanager
async def open_node(
    config: Config, *, clock: Clock, rng: Rng, web_client: Path | None = None
) -> AsyncIterator[Node]:
    """Yield the node of *config*, its databases open.

    Args:
        config: checked.
        clock: of the node.
        rng: of the node.
        web_client: its folder; that of this installation without.

    Raises:
        UsageError: its keys or databases are missing or of another release, its own topics
            cannot be used, or its web client is damaged.
    """
    tree = load_tree(web_client or webroot())
    data_dir = Path(config.data_dir)
    origin = parse_origin(config.origin, development=config.development)
    identity = load_identity(data_dir / "keys", origin=origin)
    stores = await open_stores(data_dir)
    try:
        node = _assemble(config, identity, stores, tree, clock=clock, rng=rng)
        try:
            yield node
        finally:
            await node.federation.close()
    finally:
        await stores.close()


def _assemble(
    config: Config,
    identity: NodeIdentity,
    stores: Stores,
    tree: Mapping[str, File],
    *,
    clock: Clock,
    rng: Rng,
) -> Node:
    version = importlib.metadata.version("kith-node")
    factor = DEVELOPMENT_FACTOR if config.development else 1
    vocabulary = load_with_own(load_vocabulary(), Path(config.data_dir))
    scheduler = Scheduler()
    housekeeping = Housekeeping(stores, clock=clock)
    catalogue = Catalogue(
        stores.catalogue,
        vocabulary,
        clock,
        identity.actor,
        make_finder=partial(TopicFinder, vocabulary),
    )
    moderators_key = ModeratorsKey(Path(config.data_dir) / "keys")
    members = make_members(
        stores.members,
        Path(config.data_dir) / "keys",
        community=partial(_community, config, identity, version, moderators_key),
        limit=Throttle(SIGN_INS_PER_S * factor, SIGN_INS_BURST * factor, clock=clock),
        clock=clock,
        rng=rng,
        vault_factor=factor,
    )
    federation = build_federation(
        identity,
        FederationSettings(
            name=config.name,
            summary=config.summary,
            programme=config.members.programme,
            policy=config.federation.policy,
            software_version=_coarse(version),
            development=config.development,
        ),
        Surroundings(
            database=stores.catalogue,
            clock=clock,
            rng=rng,
            is_known_topic=vocabulary.is_placed,
            count_members=members.accounts.count,
            on_change=scheduler.waker("index"),
            wake_delivery=scheduler.waker("delivery"),
            wake_catch_up=scheduler.waker("catch-up"),
            heard=lambda actor: envelopes.hear(actor),
            moderators_key=lambda: moderators_key.public,
            flags=lambda: moderation.flags,
        ),
    )
    ticker = Ticker(
        tick_s=config.events.tick_s,
        clock=clock,
        wake=scheduler.waker("events"),
        per_caller=STREAMS_IN_ALL if config.development else STREAMS_PER_CALLER,
    )
    mailboxes = make_mailboxes(
        stores.objects,
        senders=federation.neighbours,
        arrived=_both(housekeeping.mark_created, ticker.ring),
        created=housekeeping.mark_created,
        clock=clock,
        rng=rng,
        boxes_a_month=BOXES_A_MONTH * factor,
    )
    offers = make_offers(
        stores.objects,
        _offer_settings(config),
        Collaborators(
            identity=identity,
            keyholders=identity.keyholders,
            topics=vocabulary,
            offers_about=catalogue.count_about,
            outbox=federation.outbox,
            close_boxes=mailboxes.close_of,
            wake_release=scheduler.waker("release"),
            created=housekeeping.mark_created,
        ),
        clock=clock,
        rng=rng,
    )
    library = Library(
        stores.catalogue,
        identity,
        federation.outbox,
        is_known_topic=vocabulary.is_known,
        clock=clock,
        rng=rng,
        development=config.development,
    )
    profiles = make_profiles(offers, created=housekeeping.mark_created, clock=clock, rng=rng)
    key_pages = KeyPages(
        stores.catalogue,
        origin=identity.origin,
        bundles=offers.bundles,
        federation=federation,
        live_offers=catalogue.live_offers_of,
        clock=clock,
        development=config.development,
    )
    envelopes = make_envelopes(
        stores.catalogue,
        Path(config.data_dir) / "keys",
        identity,
        Around(
            federation=federation,
            is_knock_box=key_pages.is_knock_box,
            deliver=mailboxes.deliver,
            wake=_both(housekeeping.mark_created, scheduler.waker("envelopes")),
        ),
        delays=Delays(config.envelopes.delay_s, config.envelopes.slow_s),
        clock=clock,
        rng=rng,
        development=config.development,
    )
    moderation = make_moderation(
        Neighbourhood(
            objects=stores.objects,
            catalogue=stores.catalogue,
            identity=identity,
            moderators_key=moderators_key,
            invites=members.invites,
            offers=offers,
            letters=federation.letters,
            unwrap=envelopes.unwrap,
            created=housekeeping.mark_created,
        ),
        clock=clock,
        factor=factor,
        development=config.development,
    )
    routes: list[Route] = [
        *members_routes(members),
        *offers_routes(offers),
        *profiles_routes(profiles),
        *topics_routes(vocabulary),
        *catalogue_routes(catalogue),
        *library_routes(library),
        *federation_routes(federation.desk),
        *key_pages_routes(key_pages),
        *envelopes_routes(envelopes),
        *neighbour_routes(federation.neighbours),
        *mailboxes_routes(mailboxes),
        *events_routes(ticker),
        *moderation_routes(moderation),
        *status_routes(lambda: catalogue.is_ready),
        *web_routes(tree),
    ]
    routes += openapi_routes(lambda: routes, version=version)
    authoriser = Authoriser(
        sessions=members.sessions,
        reader_passes=members.reader_passes,
        peers=federation.signatures,
        clock=clock,
        nonces=NonceMemory(),
    )
    door = Door(
        origin=identity.origin,
        authoriser=authoriser,
        callers=Callers(rng.bytes(CALLER_KEY_BYTES), config.trusted_proxies),
        throttle=Throttle(CALLS_PER_S * factor, CALLS_BURST * factor, clock=clock),
    )
    node = Node(
        config=config,
        identity=identity,
        stores=stores,
        members=members,
        offers=offers,
        profiles=profiles,
        catalogue=catalogue,
        library=library,
        federation=federation,
        mailboxes=mailboxes,
        ticker=ticker,
        key_pages=key_pages,
        envelopes=envelopes,
        moderation=moderation,
        scheduler=scheduler,
        housekeeping=housekeeping,
        routes=tuple(routes),
        app=build_app(routes, door, on_stop=ticker.close),
    )
    add_jobs(
        scheduler,
        stores=stores,
        members=members,
        offers=offers,
        profiles=profiles,
        catalogue=catalogue,
        federation=federation,
        mailboxes=mailboxes,
        ticker=ticker,
        key_pages=key_pages,
        envelopes=envelopes,
        moderation=moderation,
        housekeeping=housekeeping,
        clock=clock,
    )
    return node


def _both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    def call() -> None:
        one()
        other()

    return call


def _community(
    config: Config, identity: NodeIdentity, version: str, moderators_key: ModeratorsKey
) -> CommunityAnswer:
    keyholders = identity.keyholders
    return CommunityAnswer(
        actor=identity.actor,
        name=config.name,
        summary=config.summary,
        rules=config.rules,
        languages=config.languages,
        programme=config.members.programme,
        policy=config.federation.policy,
        registration=config.members.registration,
        version=_coarse(version),
        fingerprint=fingerprint_words(identity.signing_key.verify_key),
        keyholders_fingerprint=fingerprint_words(keyholders.identity) if keyholders else (),
        in_person=config.offers.in_person,
        max_offer_days=config.offers.max_days,
        moderators_key=moderators_key.text,
    )


def _coarse(version: str) -> str:
    # A whole version number would tell strangers which faults a node still has.
    return version.rpartition(".")[0]


def _offer_settings(config: Config) -> OfferSettings:
    return OfferSettings(
        programme=config.members.programme,
        allows_in_person=config.offers.in_person,
        max_days=config.offers.max_days,
        new_offers=config.offers.quota,
        new_profiles=config.offers.quota,
        floor=config.offers.floor,
        release=ReleaseConfig(
            changes=config.release.changes if config.release.days else 1,
            max_age_s=config.release.days * DAY_S,
            max_room_waits=2 if config.release.days else 0,
        ),
        development=config.development,
    )
