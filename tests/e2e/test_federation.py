"""Several real nodes over real HTTP: what members of different communities see."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_protocol.query import Query
from kith_protocol.urls import offer_url
from kith_testing.community import (
    CV_OFFER,
    connect,
    federation,
    found_ids,
    join,
    peer_states,
    reopen,
    wait_found,
    wait_gone,
)
from kith_testing.processes import NodeProcess
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path, 2) as started:
        yield started


async def test_an_offer_is_found_updated_and_withdrawn_across_communities(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        offer = await mentor.offers.publish(CV_OFFER)
        url = offer_url(here.url, offer.record.id)
        await wait_found(mentee, url)
        hit = await mentee.search.get(url)
        assert hit.community == here.actor
        assert not hit.own

        fuller = type(CV_OFFER)(
            topics=("career.interviews",),
            languages=("de",),
            ways=("teach",),
            formats=("voice",),
        )
        await mentor.offers.edit(offer.record.id, fuller)

        async def is_updated() -> bool:
            return url in await found_ids(mentee, Query(topics=("career.interviews",)))

        await until(is_updated, "the new topic is found at the peer")
        assert url not in await found_ids(mentee, Query(topics=("career.cv",)))

        await mentor.offers.withdraw(offer.record.id)
        await wait_gone(mentee, url)

        async def is_confirmed() -> bool:
            receipts = await mentor.offers.receipts(offer.record.id)
            return [receipt.state for receipt in receipts] == ["confirmed"]

        await until(is_confirmed, "the peer has confirmed the erasure")


async def test_a_node_that_was_down_catches_up(nodes: list[NodeProcess]) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor:
        early = await mentor.offers.publish(CV_OFFER)
        async with await join(there, "mentee") as mentee:
            await wait_found(mentee, offer_url(here.url, early.record.id))
        await there.stop()
        late = await mentor.offers.publish(CV_OFFER)
        await mentor.offers.withdraw(early.record.id)
        await there.start()
        async with await reopen(there, "mentee") as mentee:
            await wait_found(mentee, offer_url(here.url, late.record.id))
            await wait_gone(mentee, offer_url(here.url, early.record.id))


async def test_expired_offers_are_gone_everywhere_without_a_message(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        short = await mentor.offers.publish(CV_OFFER, days=1)
        long = await mentor.offers.publish(CV_OFFER, days=30)
        await wait_found(mentee, offer_url(here.url, short.record.id))
        await wait_found(mentee, offer_url(here.url, long.record.id))
    for node in nodes:
        await node.stop()
        node.settings["KITH_CLOCK_OFFSET_DAYS"] = "3"
        await node.start()
    for node, name in ((here, "mentor"), (there, "mentee")):
        async with await reopen(node, name, days=3) as member:
            assert await found_ids(member) == {offer_url(here.url, long.record.id)}


async def test_a_blocked_community_is_neither_heard_nor_told(nodes: list[NodeProcess]) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        before = await mentor.offers.publish(CV_OFFER)
        await wait_found(mentee, offer_url(here.url, before.record.id))
        await there.kith("peer", "block", here.actor)
        await wait_gone(mentee, offer_url(here.url, before.record.id))
        after = await mentor.offers.publish(CV_OFFER)
        own = await mentee.offers.publish(CV_OFFER)
        await wait_found(mentor, offer_url(here.url, after.record.id))
        await wait_found(mentee, offer_url(there.url, own.record.id))
        assert await found_ids(mentee) == {offer_url(there.url, own.record.id)}
        assert await found_ids(mentor) == {
            offer_url(here.url, before.record.id),
            offer_url(here.url, after.record.id),
        }


async def test_a_limited_community_is_kept_but_hidden_until_it_is_looked_at(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        await there.kith("peer", "limit", here.actor)
        offer = await mentor.offers.publish(CV_OFFER)
        own = await mentee.offers.publish(CV_OFFER)
        await wait_found(mentor, offer_url(there.url, own.record.id))
        assert await found_ids(mentee) == {offer_url(there.url, own.record.id)}
        await there.kith("peer", "approve", here.actor)
        await wait_found(mentee, offer_url(here.url, offer.record.id))


async def test_removing_a_peer_ends_the_exchange_on_both_sides(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        offer = await mentor.offers.publish(CV_OFFER)
        await wait_found(mentee, offer_url(here.url, offer.record.id))
        await there.kith("peer", "remove", here.actor)
        await wait_gone(mentee, offer_url(here.url, offer.record.id))

        async def is_told() -> bool:
            return (await peer_states(here)).get(there.actor) != "peer"

        await until(is_told, "the other side knows")
        await connect(here, there)
        await wait_found(mentee, offer_url(here.url, offer.record.id))


async def test_a_steward_can_remove_an_offer_everywhere(nodes: list[NodeProcess]) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        offer = await mentor.offers.publish(CV_OFFER)
        url = offer_url(here.url, offer.record.id)
        await wait_found(mentee, url)
        await here.kith("offers", "remove", url)
        await asyncio.gather(wait_gone(mentor, url), wait_gone(mentee, url))
