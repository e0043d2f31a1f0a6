"""Other nodes' key pages: fetched when a member first asks, kept for all until Monday.

What is asked of the other node tells it only that somebody here wants one of 64 offers or more:
pages are asked for from the top, and a longer prefix only where the shorter one is known to be
split. A page that lacks an offer which is live here is fetched again, at most once a day. All
bundles in it are verified before it is kept. One fetch at a time goes on for each page; one
that failed is not tried again for minutes.

Source: SPEC.md, section on key pages.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Iterable

from kith_crypto.errors import CryptoError, MalformedError, RemoteError, UnavailableError
from kith_node.federation.fetch import Fetched
from kith_node.key_pages import store
from kith_node.key_pages.knock_boxes import KnockBoxes, boxes_of
from kith_node.key_pages.store import KeyPageRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.bundle import check_bundle, parse_bundle
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import NotFoundError
from kith_protocol.key_pages import (
    KEY_PAGE_TYPE,
    Page,
    Split,
    is_under,
    parse_page,
)
from kith_protocol.limits import MIB
from kith_protocol.urls import Origin, actor_url, parse_offer_url

MAX_KEPT_BYTES = 64 * MIB
# A live offer that is missing is looked for this often, a failed fetch repeated so soon.
LOOK_S = 600.0
RETRY_S = 300.0
MAX_REMEMBERED = 10_000

Fetch = Callable[[str, tuple[str, ...]], Awaitable[Fetched]]
"""Fetches an address, signed by this node, if the answer is of one of the media types."""

LiveOffers = Callable[[str], Awaitable[Iterable[str]]]
"""Returns the ids of the offers of an actor that are live here."""


class FetchedPages:
    """Fetches and keeps pages.

    Args:
        database: ``catalogue.db``.
        fetch: asks other nodes.
        live_offers: what is live here.
        boxes: is told which boxes take knocks.
        clock: says what day it is.
        development: loopback origins are taken.
        max_bytes: how much is kept in all.
    """

    def __init__(
        self,
        database: Database,
        *,
        fetch: Fetch,
        live_offers: LiveOffers,
        boxes: KnockBoxes,
        clock: Clock,
        development: bool = False,
        max_bytes: int = MAX_KEPT_BYTES,
    ) -> None:
        self._database = database
        self._fetch = fetch
        self._live_offers = live_offers
        self._boxes = boxes
        self._clock = clock
        self._development = development
        self._max_bytes = max_bytes
        self._turns: weakref.WeakValueDictionary[tuple[Origin, str], asyncio.Lock] = (
            weakref.WeakValueDictionary()
        )
        self._looked_at: dict[tuple[Origin, str], float] = {}
        self._failed_at: dict[tuple[Origin, str], float] = {}

    async def page(self, node: Origin, prefix: str) -> bytes:
        """Return the page of *node*, as it sent it.

        Args:
            node: another node.
            prefix: bits; a longer one than none only where the one before is split.

        Raises:
            NotFoundError: a shorter prefix is a page, or was not asked for: start at the top.
            UnavailableError: the node does not answer, or not as it should.
        """
        async with self._turns.setdefault((node, prefix), asyncio.Lock()):
            kept = await self._kept(node, prefix)
            if kept is not None and not await self._lacks(kept):
                return kept.raw
            if kept is None:
                await self._check_way(node, prefix)
            if not self._has_passed(self._failed_at, (node, prefix), RETRY_S):
                return _or_fail(kept)
            return await self._renew(node, prefix, kept)

    async def _renew(self, node: Origin, prefix: str, kept: KeyPageRow | None) -> bytes:
        try:
            raw = await self._ask(node, prefix)
        except NotFoundError:
            # Offers have gone, and what was split is a page now: begin again at the top.
            await self._drop(node, prefix)
            raise
        except (RemoteError, CryptoError, UnavailableError):
            self._note(self._failed_at, (node, prefix))
            return _or_fail(kept)
        today = day_of(self._clock.now())
        await self._keep(KeyPageRow(node, prefix, week_of(today), today, raw))
        return raw

    async def _ask(self, node: Origin, prefix: str) -> bytes:
        fetched = await self._fetch(f"{node}/catalogue/keys/{prefix}", (KEY_PAGE_TYPE,))
        week = week_of(day_of(self._clock.now()))
        # Some hundred signatures: beside the loop, so that nobody waits for them.
        answer = await asyncio.to_thread(_verify, fetched.body, prefix, week)
        self._boxes.add(boxes_of(answer))
        return fetched.body

    async def _kept(self, node: Origin, prefix: str) -> KeyPageRow | None:
        week = week_of(day_of(self._clock.now()))
        async with self._database.read() as connection:
            return await store.get_page(connection, node, prefix, week=week)

    async def _check_way(self, node: Origin, prefix: str) -> None:
        if not prefix:
            return
        above = await self._kept(node, prefix[:-1])
        if above is None or isinstance(parse_page(above.raw, prefix=prefix[:-1]), Page):
            raise NotFoundError("start at the top")

    async def _lacks(self, kept: KeyPageRow) -> bool:
        """Return whether an offer is live here that the page, not of today, does not hold."""
        answer = parse_page(kept.raw, prefix=kept.prefix)
        key = (kept.node, kept.prefix)
        if isinstance(answer, Split) or kept.fetched_day >= day_of(self._clock.now()):
            return False
        if not self._has_passed(self._looked_at, key, LOOK_S):
            return False
        self._note(self._looked_at, key)
        for url in await self._live_offers(actor_url(kept.node)):
            try:
                origin, offer = parse_offer_url(url, development=self._development)
            except MalformedError:
                continue
            is_here = origin == kept.node and is_under(offer, kept.prefix)
            if is_here and offer not in answer.bundles:
                return True
        return False

    async def _keep(self, row: KeyPageRow) -> None:
        async with self._database.transaction() as connection:
            await store.put_page(connection, row)
            sizes = await store.list_sizes(connection)
            excess = sum(size for _, _, size in sizes) - self._max_bytes
            for node, prefix, size in sizes:
                if excess <= 0:
                    break
                if (node, prefix) != (row.node, row.prefix):
                    await store.delete_page(connection, node, prefix)
                    excess -= size

    async def _drop(self, node: Origin, prefix: str) -> None:
        async with self._database.transaction() as connection:
            for length in range(len(prefix) + 1):
                await store.delete_page(connection, node, prefix[:length])

    def _has_passed(
        self, times: dict[tuple[Origin, str], float], key: tuple[Origin, str], wait_s: float
    ) -> bool:
        return key not in times or self._clock.monotonic() - times[key] >= wait_s

    def _note(self, times: dict[tuple[Origin, str], float], key: tuple[Origin, str]) -> None:
        if len(times) >= MAX_REMEMBERED:
            times.clear()
        times[key] = self._clock.monotonic()


def _verify(raw: bytes, prefix: str, week: Day) -> Page | Split:
    """Return the answer in *raw*, its bundles verified.

    Raises:
        RemoteError, CryptoError: it is not what this week's page has to be.
    """
    answer = parse_page(raw, prefix=prefix)
    if isinstance(answer, Page):
        if answer.week != week:
            raise MalformedError("a page of another week")
        for offer, bundle in answer.bundles.items():
            check_bundle(parse_bundle(bundle), offer=offer, first_week=week, last_week=week)
    return answer


def _or_fail(kept: KeyPageRow | None) -> bytes:
    if kept is None:
        raise UnavailableError("the key page cannot be had now", retry_after_s=int(RETRY_S))
    return kept.raw
