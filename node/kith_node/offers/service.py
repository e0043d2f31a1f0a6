"""The offers room as routes, jobs, other rooms and the command line see it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable

from kith_crypto.objects import community_id
from kith_crypto.randomness import Rng
from kith_node.http.quota import Quota
from kith_node.offers import store
from kith_node.offers.bundles import Bundles
from kith_node.offers.documents import answer_of, read_offer
from kith_node.offers.edit import Editor
from kith_node.offers.floor import Floor, Topics
from kith_node.offers.lookup import Lookup
from kith_node.offers.outbox import Outbox
from kith_node.offers.publish import Publisher
from kith_node.offers.release import Releases
from kith_node.offers.rules import Rules
from kith_node.offers.seals import OwnerSeals
from kith_node.offers.settings import OfferSettings
from kith_node.offers.signing import Identity
from kith_node.offers.timetable import Timetable
from kith_node.offers.withdraw import CloseBoxes, Endings
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.api import OwnOfferAnswer
from kith_protocol.keyholders_file import Keyholders

PAGE = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Collaborators:
    """What other rooms do for this one.

    Attributes:
        identity: signs objects as this node.
        keyholders: owner seals are for their eyes only; None until they are set.
        topics: the vocabulary.
        offers_about: number of live offers in the catalogue that mention a topic.
        outbox: takes what leaves, tells what peers said of withdrawals.
        close_boxes: closes boxes for knocks, because the offers that name them have ended.
        wake_release: called after each change; the job should run ``run_release`` soon.
        created: called after each creation; ``objects.db`` is to be rebuilt within the hour.
    """

    identity: Identity
    keyholders: Keyholders | None
    topics: Topics
    offers_about: Callable[[str], int]
    outbox: Outbox
    close_boxes: CloseBoxes
    wake_release: Callable[[], None]
    created: Callable[[], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Offers:
    """The parts of the room, made together by ``make_offers``.

    Jobs: ``releases.run_release`` and ``endings.run_expiry``. The profiles room shares
    ``rules``, ``seals`` and ``lookup``.
    """

    objects: Database
    rules: Rules
    seals: OwnerSeals
    lookup: Lookup
    publisher: Publisher
    editor: Editor
    bundles: Bundles
    releases: Releases
    endings: Endings

    async def run_release(self) -> float:
        """Finish interrupted withdrawals, release what is due; return seconds until more is."""
        await self.endings.finish()
        return await self.releases.run_release()

    async def count_waiting(self) -> int:
        """Return how many offers have a change that waits for a release."""
        async with self.objects.read() as connection:
            return await store.count_changes(connection)

    async def list_offers(self, *, after: bytes = store.FIRST) -> tuple[OwnOfferAnswer, ...]:
        """Return at most ``PAGE`` offers beyond the id *after*, for stewards.

        Nothing in them says whose they are; offers that are being withdrawn are left out.
        """
        async with self.objects.read() as connection:
            rows = await store.list_offers(connection, after=after, limit=PAGE)
        development = self.rules.settings.development
        return tuple(answer_of(read_offer(row, development=development)) for row in rows)


def make_offers(
    objects: Database,
    settings: OfferSettings,
    collaborators: Collaborators,
    *,
    clock: Clock,
    rng: Rng,
) -> Offers:
    """Return the room over the open ``objects.db``."""
    identity = collaborators.identity
    turn = asyncio.Lock()
    floor = Floor(
        settings.floor, offers_about=collaborators.offers_about, topics=collaborators.topics
    )
    rules = Rules(settings, topics=collaborators.topics, floor=floor)
    seals = OwnerSeals(
        collaborators.keyholders,
        community=community_id(identity.actor),
        clock=clock,
        rng=rng,
    )
    releases = Releases(
        objects,
        identity=identity,
        outbox=collaborators.outbox,
        timetable=Timetable(settings.release, clock=clock, rng=rng),
        turn=turn,
        clock=clock,
        rng=rng,
        development=settings.development,
    )

    def created() -> None:
        collaborators.created()
        collaborators.wake_release()

    return Offers(
        objects=objects,
        rules=rules,
        seals=seals,
        lookup=Lookup(origin=identity.origin, clock=clock),
        publisher=Publisher(
            objects,
            rules=rules,
            seals=seals,
            quota=Quota(settings.new_offers, clock=clock, rng=rng),
            clock=clock,
            wake=created,
        ),
        editor=Editor(
            objects,
            rules=rules,
            seals=seals,
            releases=releases,
            identity=identity,
            clock=clock,
            wake=collaborators.wake_release,
        ),
        bundles=Bundles(objects, clock=clock),
        releases=releases,
        endings=Endings(
            objects,
            origin=identity.origin,
            outbox=collaborators.outbox,
            close_boxes=collaborators.close_boxes,
            turn=turn,
            clock=clock,
        ),
    )
