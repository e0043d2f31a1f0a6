"""Key pages of own offers and of other nodes', over real HTTP between two nodes."""

from __future__ import annotations

import pytest

from kith_crypto.objects import offer_id
from kith_node.key_pages.service import KeyPages
from kith_protocol.day import Day, week_of
from kith_protocol.key_pages import (
    KEY_PAGE_TYPE,
    MIN_HALF,
    Page,
    Split,
    parse_page,
)
from kith_testing.clock import FakeClock
from kith_testing.node import Caller, LocalNode, Reply
from kith_testing.sending import STEWARD, publish_with_bundle, put_bundle

DAY_S = 86_400


async def _ask(node: LocalNode, caller: Caller, of: str, prefix: str = "") -> Reply:
    return await node.send("GET", f"/api/v1/keys/{prefix}?node={of}", headers=caller.reader)


async def _page(node: LocalNode, caller: Caller, of: str, prefix: str = "") -> Page | Split:
    reply = await _ask(node, caller, of, prefix)
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == KEY_PAGE_TYPE
    return parse_page(reply.body, prefix=prefix)


def _box(number: int) -> bytes:
    return number.to_bytes(16, "big")


# --- own offers ----------------------------------------------------------------


async def test_members_read_the_bundles_of_their_own_node(here: LocalNode) -> None:
    caller = await here.join()
    offers = {await publish_with_bundle(here, caller, _box(n)) for n in range(3)}
    page = await _page(here, caller, here.origin)
    assert isinstance(page, Page)
    assert page.week == week_of(here.today)
    assert set(page.bundles) == offers


async def test_an_offer_that_has_not_left_yet_is_on_no_page(here: LocalNode) -> None:
    caller = await here.join()
    key = await here.publish(caller)
    await put_bundle(here, caller, key, _box(1))
    assert await _page(here, caller, here.origin) == Page(week_of(here.today), {})


async def test_next_weeks_bundles_come_next_week(here: LocalNode, clock: FakeClock) -> None:
    caller = await here.join()
    key = await here.publish(caller)
    await here.work()
    await put_bundle(here, caller, key, _box(1), week=Day(week_of(here.today) + 7))
    assert await _page(here, caller, here.origin) == Page(week_of(here.today), {})
    clock.advance(7 * DAY_S)
    page = await _page(here, await here.join(), here.origin)
    assert isinstance(page, Page)
    assert set(page.bundles) == {offer_id(key.verify_key)}


@pytest.mark.parametrize("prefix", ["2", "0a", "0" * 33])
async def test_what_is_no_prefix_is_refused(here: LocalNode, prefix: str) -> None:
    assert (await _ask(here, await here.join(), here.origin, prefix)).status == 400


async def test_below_a_page_there_is_nothing(here: LocalNode) -> None:
    assert (await _ask(here, await here.join(), here.origin, "0")).status == 404


async def test_a_node_has_to_be_named(here: LocalNode) -> None:
    caller = await here.join()
    reply = await here.send("GET", "/api/v1/keys/", headers=caller.reader)
    assert (reply.status, reply.code) == (400, "malformed")


# --- another node's ------------------------------------------------------------


async def test_members_read_a_peers_bundles_from_their_own_node(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    offer = await publish_with_bundle(there, await there.join(), _box(7))
    caller = await here.join()
    page = await _page(here, caller, there.origin)
    assert isinstance(page, Page)
    assert set(page.bundles) == {offer}
    assert await here.node.key_pages.is_knock_box(_box(7))
    assert not await here.node.key_pages.is_knock_box(_box(8))


async def test_a_page_is_kept_and_fetched_again_daily_where_it_lacks_a_live_offer(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    mentor = await there.join()
    first = await publish_with_bundle(there, mentor, _box(1))
    assert await _keys_of(here, there.origin) == {first}

    second = await publish_with_bundle(there, mentor, _box(2))
    await here.work()
    assert await _keys_of(here, there.origin) == {first}  # fetched today
    clock.advance(DAY_S)
    assert await _keys_of(here, there.origin) == {first, second}


async def _keys_of(node: LocalNode, of: str) -> set[bytes]:
    page = await _page(node, await node.join(), of)
    assert isinstance(page, Page)
    return set(page.bundles)


async def test_strangers_and_blocked_nodes_are_neither_asked_nor_answered(
    here: LocalNode, there: LocalNode
) -> None:
    reply = await _ask(here, await here.join(), there.origin)
    assert (reply.status, reply.code) == (403, "unreachable-node")
    with pytest.raises(Exception, match="status 403"):
        await there.node.federation.fetcher.get(
            f"{here.origin}/catalogue/keys/", (KEY_PAGE_TYPE,)
        )


@pytest.mark.parametrize(("days", "is_answered"), [(100, True), (184, False)])
async def test_an_introduced_node_reads_key_pages_for_half_a_year(
    here: LocalNode, there: LocalNode, clock: FakeClock, days: int, is_answered: bool
) -> None:
    introductions = here.node.federation.introductions
    async with here.node.stores.catalogue.transaction() as connection:
        await introductions.note(connection, there.origin)
    clock.advance(days * DAY_S)
    fetch = there.node.federation.fetcher.get(
        f"{here.origin}/catalogue/keys/", (KEY_PAGE_TYPE,)
    )
    if is_answered:
        assert isinstance(parse_page((await fetch).body, prefix=""), Page)
    else:
        with pytest.raises(Exception, match="status 403"):
            await fetch


async def test_a_node_that_is_cut_off_reads_none(peers: tuple[LocalNode, LocalNode]) -> None:
    here, there = peers
    await here.node.federation.peering.remove(there.origin, role=STEWARD)
    with pytest.raises(Exception, match="status 403"):
        await there.node.federation.fetcher.get(
            f"{here.origin}/catalogue/keys/", (KEY_PAGE_TYPE,)
        )


async def test_knock_boxes_are_known_after_a_restart(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    await publish_with_bundle(there, await there.join(), _box(7))
    await publish_with_bundle(here, await here.join(), _box(6))
    await _page(here, await here.join(), there.origin)
    again = KeyPages(
        here.node.stores.catalogue,
        origin=here.origin,
        bundles=here.node.offers.bundles,
        federation=here.node.federation,
        live_offers=here.node.catalogue.live_offers_of,
        clock=here.clock,
        development=True,
    )
    assert await again.is_knock_box(_box(7))
    assert await again.is_knock_box(_box(6))
    assert not await again.is_knock_box(_box(5))


async def test_a_node_with_many_offers_is_walked_to_by_members_of_another(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    mentor = await there.join()
    offers: dict[bytes, bytes] = {}
    for number in range(2 * MIN_HALF + 40):
        key = await there.publish(mentor)
        offers[offer_id(key.verify_key)] = await put_bundle(there, mentor, key, _box(number))
    await there.work()

    caller = await here.join()
    assert isinstance(await _page(here, caller, there.origin), Split)
    halves = [await _page(here, caller, there.origin, prefix) for prefix in "01"]
    assert [isinstance(half, Page) for half in halves] == [True, True]
    seen: dict[bytes, bytes] = {}
    for half in halves:
        assert isinstance(half, Page)
        assert len(half.bundles) >= MIN_HALF
        seen |= half.bundles
    assert seen == offers
    assert await _ask_status(here, caller, there.origin, "00") == 404


async def _ask_status(node: LocalNode, caller: Caller, of: str, prefix: str) -> int:
    return (await _ask(node, caller, of, prefix)).status


async def test_boxes_of_last_week_still_take_knocks_and_older_pages_are_forgotten(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    await publish_with_bundle(there, await there.join(), _box(7))
    room = here.node.key_pages
    assert await _keys_of(here, there.origin)
    for is_known in (True, False):
        clock.advance(7 * DAY_S)
        await room.run_upkeep()
        assert await room.is_knock_box(_box(7)) is is_known
        assert bool(here.dump()["catalogue.key_pages"]) is is_known
