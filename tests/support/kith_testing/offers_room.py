"""The rooms of offers and profiles over a real file, and an outbox that can fail."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.hashes import sha256
from kith_crypto.objects import community_id, offer_id
from kith_crypto.proof import sign_document
from kith_crypto.seals import KIND_OFFER, Opened, open_seal, quarter_of
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.http.route import MemberId
from kith_node.offers.documents import OwnOffer
from kith_node.offers.outbox import Announced, Change
from kith_node.offers.service import Collaborators, Offers, make_offers
from kith_node.offers.settings import OfferSettings
from kith_node.profiles.service import Profiles, make_profiles
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_node.topics.loading import load_vocabulary
from kith_node.topics.own import OwnTopics, with_own
from kith_protocol.api import OfferBody
from kith_protocol.bundle import encode_bundle
from kith_protocol.day import Day, day_of, format_day, week_of
from kith_protocol.keyholders_file import (
    Keyholders,
    encode_keyholders_file,
    parse_keyholders_file,
)
from kith_protocol.offer import parse_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.release import ReleaseConfig
from kith_protocol.urls import actor_url, node_key_url, offer_url
from kith_protocol.vocabulary import Vocabulary
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

ORIGIN = "https://node.example"
ACTOR = actor_url(ORIGIN)
COMMUNITY = community_id(ACTOR)
MEMBER = MemberId(b"m" * 16)
CONTENT = OfferContent(
    topics=("craft.writing",), languages=("en",), ways=("advise",), formats=("chat",)
)
SETTINGS = OfferSettings()
AT_ONCE = msgspec.structs.replace(
    SETTINGS, release=ReleaseConfig(changes=1, max_age_s=0, max_room_waits=0)
)


class CrashError(Exception):
    """The process died here."""


class MemoryOutbox:
    """Takes changes as the real one does, and dies when told to.

    Attributes:
        log: what was taken, in order.
        live: what peers hold: object id to the newest announcement.
        gone: ids of withdrawn objects.
        faults: ``before`` and ``after`` (having taken them), one for each coming call.
    """

    def __init__(self) -> None:
        self.log: list[Change] = []
        self.live: dict[str, Announced] = {}
        self.gone: set[str] = set()
        self.faults: list[str] = []

    async def append(self, changes: Sequence[Change]) -> None:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise CrashError
        for change in changes:
            self._take(change)
        if fault == "after":
            raise CrashError

    async def receipts(self, object_id: str) -> list[tuple[str, str]]:
        if object_id not in self.gone:
            return []
        return [("https://peer.example/actor", "confirmed")]

    def contents(self) -> dict[str, OfferContent]:
        """Return what peers read of each live offer."""
        return {
            one: parse_offer(
                parse_json_object(announced.raw, max_bytes=65_536),
                programme=None,
                is_known_topic=lambda _: True,
            ).content
            for one, announced in self.live.items()
        }

    def _take(self, change: Change) -> None:
        if not isinstance(change, Announced):
            self.gone.add(change.object_id)
            self.live.pop(change.object_id, None)
        elif change.object_id in self.gone or self._has(change):
            return
        else:
            assert change.is_new == (change.object_id not in self.live)
            self.live[change.object_id] = change
        self.log.append(change)

    def _has(self, change: Announced) -> bool:
        present = self.live.get(change.object_id)
        return present is not None and present.revision >= change.revision


class OneKeyIdentity:
    """Signs as the node."""

    def __init__(self) -> None:
        self.key = SigningKey.from_seed(sha256(b"node"))

    @property
    def origin(self) -> str:
        return ORIGIN

    @property
    def actor(self) -> str:
        return ACTOR

    def sign(self, document: JsonObject, *, day: Day) -> JsonObject:
        method = node_key_url(ORIGIN)
        return sign_document(
            document, self.key, verification_method=method, created=format_day(day)
        )


@dataclasses.dataclass
class OffersRoom:
    """The rooms under test with their file and clock."""

    objects: Database
    settings: OfferSettings
    clock: FakeClock
    rng: SeededRng
    outbox: MemoryOutbox = dataclasses.field(default_factory=MemoryOutbox)
    keyholders: Keyholders | None = None
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    own_topics: OwnTopics = dataclasses.field(default_factory=dict)
    woken: int = 0
    created: int = 0
    closed_boxes: set[bytes] = dataclasses.field(default_factory=set)
    offers: Offers = dataclasses.field(init=False)
    profiles: Profiles = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that is in memory only."""
        collaborators = Collaborators(
            identity=OneKeyIdentity(),
            keyholders=self.keyholders,
            topics=with_own(vocabulary(), self.own_topics),
            offers_about=lambda topic: self.counts.get(topic, 0),
            outbox=self.outbox,
            close_boxes=self._close,
            wake_release=self._wake,
            created=self._create,
        )
        self.offers = make_offers(
            self.objects, self.settings, collaborators, clock=self.clock, rng=self.rng
        )
        self.profiles = make_profiles(
            self.offers, created=self._create, clock=self.clock, rng=self.rng
        )

    @property
    def today(self) -> Day:
        return day_of(self.clock.now())

    def key(self) -> SigningKey:
        """Return a new offer or profile key."""
        return SigningKey.generate(self.rng)

    async def publish(
        self,
        key: SigningKey,
        content: OfferContent = CONTENT,
        *,
        days: int = 30,
        member: MemberId = MEMBER,
        role: str = "member",
    ) -> tuple[OwnOffer, bool]:
        """Publish *content* for *days* from today."""
        return await self.offers.publisher.publish(
            OfferBody(content, self.today + days),
            offer_id=offer_id(key.verify_key),
            key=key.verify_key,
            member=member,
            role=role,
        )

    async def release(self) -> float:
        """Run the job."""
        return await self.offers.run_release()

    async def rows(self, table: str) -> list[tuple[object, ...]]:
        """Return all of *table*."""
        async with self.objects.read() as connection:
            return [
                tuple(row)
                for row in await connection.execute_fetchall(f"SELECT * FROM {table}")
            ]

    async def opened_seal(self, object_id: bytes, kind: int = KIND_OFFER) -> Opened:
        """Return what the keyholders would read in the seal of an object."""
        seals = {(row[0], row[1]): row[2] for row in await self.rows("seals")}
        seal = seals[object_id, kind]
        assert isinstance(seal, bytes)
        quarter = quarter_of(self.today)
        return open_seal(seed_of(quarter), seal, kind=kind, community=COMMUNITY, epoch=quarter)

    async def _close(self, boxes: Iterable[bytes]) -> None:
        self.closed_boxes |= {*boxes}

    def _wake(self) -> None:
        self.woken += 1

    def _create(self) -> None:
        self.created += 1


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the shipped topics."""
    return load_vocabulary()


def seed_of(quarter: int) -> bytes:
    """Return the keyholders' private seed of a quarter."""
    return sha256(b"keyholders" + quarter.to_bytes(4, "big"))


@functools.cache
def keyholders_from(quarter: int) -> Keyholders:
    """Return public keys of six quarters."""
    identity = SigningKey.from_seed(sha256(b"identity"))
    seeds = {one: seed_of(one) for one in range(quarter, quarter + 6)}
    return parse_keyholders_file(encode_keyholders_file(identity, seeds))


def url_of(key: SigningKey) -> str:
    """Return the public address of the offer that *key* owns."""
    return offer_url(ORIGIN, offer_id(key.verify_key))


def bundle_of(key: SigningKey, day: int) -> bytes:
    """Return the bundle for the week of *day*."""
    return encode_bundle(
        key, week=week_of(Day(day)), sealing_key=bytes(1216), knock_box=bytes(16)
    )


@contextlib.asynccontextmanager
async def open_offers_room(
    folder: Path, settings: OfferSettings = SETTINGS
) -> AsyncIterator[OffersRoom]:
    """Yield rooms whose file lies in *folder*."""
    clock = FakeClock()
    objects = await open_database(folder / "objects.db", load_migrations("objects"))
    try:
        yield OffersRoom(
            objects,
            settings,
            clock,
            SeededRng(),
            keyholders=keyholders_from(quarter_of(day_of(clock.now()))),
        )
    finally:
        await objects.close()
