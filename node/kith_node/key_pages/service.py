"""The key pages room put together, as routes, jobs and other rooms see it."""

from __future__ import annotations

from kith_node.federation.service import Federation
from kith_node.key_pages import store
from kith_node.key_pages.fetched import FetchedPages, LiveOffers
from kith_node.key_pages.knock_boxes import KnockBoxes, boxes_of
from kith_node.key_pages.own import OwnPages
from kith_node.offers.bundles import Bundles
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import DAYS_A_WEEK, day_of, week_of
from kith_protocol.errors import NotAPeerError, UnreachableNodeError
from kith_protocol.key_pages import encode_page, parse_page, parse_prefix
from kith_protocol.urls import Origin

UPKEEP_S = 3600.0
LOAD_PAGES = 16


class KeyPages:
    """Answers members with pages of any node, and other nodes with our own."""

    def __init__(
        self,
        database: Database,
        *,
        origin: Origin,
        bundles: Bundles,
        federation: Federation,
        live_offers: LiveOffers,
        clock: Clock,
        development: bool = False,
    ) -> None:
        """Take what the room asks.

        Args:
            database: ``catalogue.db``.
            origin: our own.
            bundles: of our own offers.
            federation: asks other nodes, and says which may be asked.
            live_offers: ids of the live offers of an actor.
            clock: says what day it is.
            development: loopback origins are taken.
        """
        self._database = database
        self._origin = origin
        self._bundles = bundles
        self._standings = federation.standings
        self._clock = clock
        self._boxes = KnockBoxes(self._load_boxes)
        self._week = self._this_week()
        self._own = OwnPages(bundles, boxes=self._boxes, clock=clock)
        self._fetched = FetchedPages(
            database,
            fetch=federation.fetcher.get,
            live_offers=live_offers,
            boxes=self._boxes,
            clock=clock,
            development=development,
        )

    async def page(self, node: Origin, prefix: str) -> bytes:
        """Return a page of *node* for a member.

        Args:
            node: our own origin or another node's.
            prefix: bits, as the path names them.

        Raises:
            MalformedError: not a prefix.
            UnreachableNodeError: we read no pages of that node.
            NotFoundError: a shorter prefix is a page: start at the top.
            UnavailableError: the node does not answer.
        """
        bits = parse_prefix(prefix)
        if node == self._origin:
            return encode_page(await self._own.page(bits))
        if await self._standings.of(node) is None:
            raise UnreachableNodeError("no pages of that node are read")
        return await self._fetched.page(node, bits)

    async def own_page(self, actor: str, prefix: str) -> bytes:
        """Return a page of our own offers for the node whose actor is *actor*.

        Raises:
            MalformedError: not a prefix.
            NotAPeerError: it is neither a peer nor introduced.
            NotFoundError: a shorter prefix is a page.
        """
        standing = await self._standings.of_actor(actor)
        if standing is None or standing.kind not in {"open", "introduced"}:
            raise NotAPeerError("key pages are for peers and introduced nodes")
        return encode_page(await self._own.page(parse_prefix(prefix)))

    async def is_knock_box(self, box: bytes) -> bool:
        """Return whether a bundle, ours or one that was fetched, names *box*, 16 bytes."""
        return await self._boxes.has(box)

    async def run_upkeep(self) -> float:
        """Forget pages of weeks that are over; return the seconds until it is worth looking."""
        week = self._this_week()
        if week != self._week:
            self._week = week
            self._boxes.forget()
        async with self._database.transaction() as connection:
            # Last week's bundles may still be used, so which boxes they name is kept.
            await store.delete_old_pages(connection, week=week - DAYS_A_WEEK)
        return UPKEEP_S

    def _this_week(self) -> int:
        return week_of(day_of(self._clock.now()))

    async def _load_boxes(self) -> set[bytes]:
        boxes = set(await self._bundles.knock_boxes())
        after = ("", "")
        while True:
            async with self._database.read() as connection:
                rows = await store.list_pages(connection, after=after, limit=LOAD_PAGES)
            if not rows:
                return boxes
            for row in rows:
                boxes |= boxes_of(parse_page(row.raw, prefix=row.prefix))
            after = (rows[-1].node, rows[-1].prefix)
