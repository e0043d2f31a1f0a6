"""Fetching pages: from the top, one at a time, verified, kept within bounds."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import UnavailableError
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id
from kith_node.federation.fetch import Fetched
from kith_node.key_pages import store
from kith_node.key_pages.fetched import LOOK_S, RETRY_S, FetchedPages
from kith_node.key_pages.knock_boxes import KnockBoxes
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.bundle import BUNDLE_BYTES, encode_bundle
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import NotFoundError
from kith_protocol.key_pages import (
    KEY_PAGE_TYPE,
    MIN_HALF,
    Page,
    Split,
    build_page,
    encode_page,
    next_prefix,
    parse_page,
)
from kith_protocol.urls import offer_url
from kith_testing.clock import FakeClock

NODE = "https://node.example"
DAY_S = 86_400


def bundles(count: int, week: Day) -> dict[bytes, bytes]:
    """Return offer id to bundle of *count* offers."""
    keys = [SigningKey.from_seed(sha256(f"offer {n}".encode())) for n in range(count)]
    return {
        offer_id(key.verify_key): encode_bundle(
            key, week=week, sealing_key=bytes(1216), knock_box=n.to_bytes(16, "big")
        )
        for n, key in enumerate(keys)
    }


async def _none() -> Iterable[bytes]:
    return ()


@dataclasses.dataclass(slots=True)
class Bench:
    """Fetched pages over a real file, and the other node."""

    database: Database
    clock: FakeClock
    offers: dict[bytes, bytes] = dataclasses.field(default_factory=dict)
    live: list[str] = dataclasses.field(default_factory=list)
    asked: list[str] = dataclasses.field(default_factory=list)
    spoil: Callable[[bytes], bytes] = lambda raw: raw
    error: Exception | None = None
    boxes: KnockBoxes = dataclasses.field(default_factory=lambda: KnockBoxes(_none))

    def pages(self, *, max_bytes: int = 1_000_000) -> FetchedPages:
        """Return the pages as after a start."""
        return FetchedPages(
            self.database,
            fetch=self._fetch,
            live_offers=self._live,
            boxes=self.boxes,
            clock=self.clock,
            max_bytes=max_bytes,
        )

    @property
    def week(self) -> Day:
        return week_of(day_of(self.clock.now()))

    async def _fetch(self, url: str, media_types: tuple[str, ...]) -> Fetched:
        assert media_types == (KEY_PAGE_TYPE,)
        prefix = url.rpartition("/catalogue/keys/")[2]
        self.asked.append(prefix)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        raw = encode_page(build_page(self.offers, prefix, week=self.week))
        return Fetched(url, KEY_PAGE_TYPE, self.spoil(raw))

    async def _live(self, actor: str) -> Iterable[str]:
        assert actor == f"{NODE}/actor"
        return self.live


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    opened = await open_database(tmp_path / "catalogue.db", load_migrations("catalogue"))
    monday = week_of(day_of(1_795_000_000)) * DAY_S
    yield Bench(opened, FakeClock(monday))
    await opened.close()


async def _walk(pages: FetchedPages, offer: bytes) -> Page:
    """Go from the top to the page that holds *offer*, as clients do."""
    prefix = ""
    while isinstance(
        answer := parse_page(await pages.page(NODE, prefix), prefix=prefix), Split
    ):
        prefix = next_prefix(prefix, offer)
    return answer


async def test_a_page_is_fetched_once_for_everybody_and_until_monday(bench: Bench) -> None:
    bench.offers = bundles(3, bench.week)
    pages = bench.pages()
    await asyncio.gather(*(pages.page(NODE, "") for _ in range(5)))
    assert bench.asked == [""]
    bench.clock.advance(6 * DAY_S)
    await bench.pages().page(NODE, "")  # also after a restart
    assert bench.asked == [""]
    bench.clock.advance(DAY_S)
    bench.offers = bundles(3, bench.week)
    await pages.page(NODE, "")
    assert bench.asked == ["", ""]


async def test_many_offers_are_walked_to_from_the_top(bench: Bench) -> None:
    bench.offers = bundles(4 * MIN_HALF, bench.week)
    pages = bench.pages()
    offer = next(iter(bench.offers))
    page = await _walk(pages, offer)
    assert page.bundles[offer] == bench.offers[offer]
    assert MIN_HALF <= len(page.bundles) < len(bench.offers)
    assert bench.asked == [bench.asked[-1][:n] for n in range(len(bench.asked))]


async def test_a_prefix_out_of_the_blue_is_never_asked_for(bench: Bench) -> None:
    bench.offers = bundles(4 * MIN_HALF, bench.week)
    pages = bench.pages()
    with pytest.raises(NotFoundError):
        await pages.page(NODE, "01")
    assert bench.asked == []
    bench.offers = bundles(3, bench.week)
    await pages.page(NODE, "")
    with pytest.raises(NotFoundError):  # a page is no split
        await pages.page(NODE, "0")
    assert bench.asked == [""]


async def test_a_tree_that_has_shrunk_is_walked_anew(bench: Bench) -> None:
    bench.offers = bundles(3 * MIN_HALF, bench.week)
    offer = next(iter(bench.offers))
    pages = bench.pages()
    assert isinstance(parse_page(await pages.page(NODE, ""), prefix=""), Split)
    bench.offers = dict(list(bench.offers.items())[:10])
    with pytest.raises(NotFoundError):
        await pages.page(NODE, next_prefix("", offer))
    assert offer in (await _walk(pages, offer)).bundles


async def test_a_page_that_lacks_a_live_offer_is_fetched_again_once_a_day(bench: Bench) -> None:
    bench.offers = bundles(2, bench.week)
    pages = bench.pages()
    await pages.page(NODE, "")
    all_three = bundles(3, bench.week)
    bench.live = [offer_url(NODE, offer) for offer in all_three]
    bench.live.append("https://else.example/offers/AAAAAAAAAAAAAAAAAAAAAA")
    await pages.page(NODE, "")
    assert bench.asked == [""]
    bench.clock.advance(DAY_S)
    await pages.page(NODE, "")
    assert bench.asked == ["", ""]  # it still lacks one
    await pages.page(NODE, "")
    assert bench.asked == ["", ""]
    bench.offers = all_three
    bench.clock.advance(DAY_S)
    page = parse_page(await pages.page(NODE, ""), prefix="")
    assert isinstance(page, Page)
    assert set(page.bundles) == set(all_three)
    bench.clock.advance(DAY_S)
    await pages.page(NODE, "")
    assert bench.asked == ["", "", ""]


def _wrong_signature(raw: bytes) -> bytes:
    return raw[:-1] + bytes((raw[-1] ^ 1,))


@pytest.mark.parametrize(
    "spoil",
    [
        _wrong_signature,
        lambda raw: raw[:-1],
        lambda raw: b"{}",
        lambda raw: raw + raw[-BUNDLE_BYTES:],
    ],
)
async def test_what_is_not_in_order_is_not_kept(
    bench: Bench, spoil: Callable[[bytes], bytes]
) -> None:
    bench.offers = bundles(2, bench.week)
    bench.spoil = spoil
    with pytest.raises(UnavailableError):
        await bench.pages().page(NODE, "")
    async with bench.database.read() as connection:
        assert await store.list_pages(connection, limit=10) == []
    assert not await bench.boxes.has(bytes(16))


async def test_last_weeks_page_is_not_taken(bench: Bench) -> None:
    old = Day(bench.week - 7)
    raw = encode_page(Page(old, bundles(1, old)))
    bench.spoil = lambda _: raw
    with pytest.raises(UnavailableError):
        await bench.pages().page(NODE, "")


async def test_a_node_that_does_not_answer_is_left_alone_for_minutes(bench: Bench) -> None:
    bench.error = UnavailableError("no answer")
    pages = bench.pages()
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await pages.page(NODE, "")
    assert bench.asked == [""]
    bench.error = None
    bench.clock.advance(int(RETRY_S))
    await pages.page(NODE, "")
    assert bench.asked == ["", ""]


async def test_what_is_kept_is_given_out_while_the_node_is_silent(bench: Bench) -> None:
    bench.offers = bundles(2, bench.week)
    pages = bench.pages()
    kept = await pages.page(NODE, "")
    bench.live = [offer_url(NODE, offer) for offer in bundles(3, bench.week)]
    bench.error = UnavailableError("no answer")
    bench.clock.advance(DAY_S)
    assert await pages.page(NODE, "") == kept
    assert bench.asked == ["", ""]


async def test_the_oldest_pages_go_when_there_are_too_many(bench: Bench) -> None:
    bench.offers = bundles(2, bench.week)
    pages = bench.pages(max_bytes=2 * (10 + 2 * BUNDLE_BYTES))
    for name in ("a", "b", "c"):
        await pages.page(f"https://{name}.example", "")
        bench.clock.advance(DAY_S)
    async with bench.database.read() as connection:
        rows = await store.list_pages(connection, limit=10)
    assert [row.node for row in rows] == ["https://b.example", "https://c.example"]


async def test_boxes_of_fetched_bundles_take_knocks(bench: Bench) -> None:
    bench.offers = bundles(3, bench.week)
    assert not await bench.boxes.has((2).to_bytes(16, "big"))
    await bench.pages().page(NODE, "")
    assert await bench.boxes.has((2).to_bytes(16, "big"))
    assert not await bench.boxes.has((3).to_bytes(16, "big"))


async def test_what_is_live_is_looked_at_every_ten_minutes_at_most(bench: Bench) -> None:
    bench.offers = bundles(2, bench.week)
    pages = bench.pages()
    await pages.page(NODE, "")
    bench.clock.advance(DAY_S)
    await pages.page(NODE, "")  # nothing is missing
    bench.offers = bundles(3, bench.week)
    bench.live = ["not an id", *(offer_url(NODE, offer) for offer in bench.offers)]
    await pages.page(NODE, "")
    assert bench.asked == [""]
    bench.clock.advance(int(LOOK_S))
    await pages.page(NODE, "")
    assert bench.asked == ["", ""]
