"""Key pages of this node's own offers, built when somebody asks.

Only released offers that have a bundle for this week are counted and shown.
"""

from __future__ import annotations

from kith_node.key_pages.knock_boxes import KnockBoxes, boxes_of
from kith_node.offers.bundles import Bundles
from kith_node.runtime.system import Clock
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.key_pages import Page, Split, locate_page

_LAST = b"\xff" * 16


class OwnPages:
    """Answers from the bundles of own offers."""

    def __init__(self, bundles: Bundles, *, boxes: KnockBoxes, clock: Clock) -> None:
        self._bundles = bundles
        self._boxes = boxes
        self._clock = clock

    async def page(self, prefix: str) -> Page | Split:
        """Return the answer for *prefix*.

        Raises:
            NotFoundError: a shorter prefix is a page already.
        """
        week = week_of(day_of(self._clock.now()))
        offers = await self._bundles.ids_of_week(week)
        found = locate_page(offers, prefix)
        if isinstance(found, Split):
            return found
        page = Page(week=week, bundles=await self._read(offers[found.start : found.stop], week))
        self._boxes.add(boxes_of(page))
        return page

    async def _read(self, offers: tuple[bytes, ...], week: Day) -> dict[bytes, bytes]:
        wanted = set(offers)
        bundles: dict[bytes, bytes] = {}
        after = _before(offers[0]) if offers else _LAST
        last = offers[-1] if offers else b""
        while after < last:
            rows = await self._bundles.of_week(week, after=after)
            bundles |= {offer: raw for offer, raw in rows if offer in wanted}
            after = rows[-1][0] if rows else _LAST
        return bundles


def _before(offer: bytes) -> bytes:
    """Return what comes right before the id *offer*."""
    number = int.from_bytes(offer, "big")
    return (number - 1).to_bytes(len(offer), "big") if number else b""
