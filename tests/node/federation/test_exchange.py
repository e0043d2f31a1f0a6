"""Two and three nodes over real HTTP: what one releases, the others hold, no more, no less."""

from __future__ import annotations

from kith_node.federation.outbox import Change
from kith_protocol.offer_content import OfferContent
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, settle

OTHER_CONTENT = OfferContent(
    topics=("career.interviews",), languages=("de",), ways=("teach",), formats=("voice",)
)


async def test_what_was_released_before_the_peering_is_read_when_it_begins(
    here: PeerNode, there: PeerNode
) -> None:
    await here.announce(here.announced(1), here.announced(2))
    await there.announce(there.announced(1))
    await connect(here, there)
    assert await there.ids_of(here) == {here.offer_id(1), here.offer_id(2)}
    assert await here.ids_of(there) == {there.offer_id(1)}


async def test_a_new_offer_reaches_every_peer_as_the_same_bytes(
    here: PeerNode, there: PeerNode, stranger: PeerNode
) -> None:
    await connect(here, there)
    await connect(here, stranger)
    change = here.announced(1)
    await here.announce(change)
    await here.federation.delivery.run_delivery()
    for node in (there, stranger):
        assert await node.raw(here.offer_id(1)) == change.raw
    assert await stranger.ids_of(there) == set()


async def test_an_update_replaces_and_an_older_one_does_not(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    newer = here.announced(1, revision=3, content=OTHER_CONTENT)
    await here.announce(newer)
    await here.federation.delivery.run_delivery()
    assert await there.raw(here.offer_id(1)) == newer.raw
    await here.announce(here.announced(1, revision=2))
    await here.federation.delivery.run_delivery()
    assert await there.raw(here.offer_id(1)) == newer.raw


async def test_a_withdrawal_is_confirmed_by_the_peer(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    await here.announce(here.withdrawn(1))
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [(there.actor, "pending")]
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == set()
    await there.federation.delivery.run_delivery()
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "confirmed")
    ]


async def test_an_offer_announced_and_withdrawn_before_delivery_leaves_nothing(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1), here.withdrawn(1))
    await settle(here, there)
    assert await there.ids_of(here) == set()
    assert await here.ids_of(here) == set()
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "confirmed")
    ]


async def test_a_large_release_goes_out_in_few_requests_and_arrives_whole(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    changes: list[Change] = [here.announced(number) for number in range(600)]
    await here.announce(*changes)
    await here.federation.delivery.run_delivery()
    assert len(await there.ids_of(here)) == 600
    assert there.federation.inbox.tally["accepted"] == 600


async def test_a_node_that_was_down_gets_what_it_missed(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1), here.announced(2))
    await here.federation.delivery.run_delivery()
    await there.stop()
    await here.announce(here.announced(3), here.withdrawn(1))
    assert 60 <= await here.federation.delivery.run_delivery() <= 120
    await there.start()
    assert await there.ids_of(here) == {here.offer_id(1), here.offer_id(2)}
    clock.advance(120)
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(2), here.offer_id(3)}


async def test_a_node_that_was_down_for_weeks_reads_the_log(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1), here.announced(2))
    await here.federation.delivery.run_delivery()
    await there.stop()
    await here.announce(here.announced(3), here.withdrawn(1))
    for _ in range(30):
        clock.advance(86_400)
        await here.federation.delivery.run_delivery()
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "unreachable")
    ]
    await there.restart()
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == {here.offer_id(2), here.offer_id(3)}
    await there.federation.delivery.run_delivery()
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "confirmed")
    ]


async def test_a_long_log_is_read_in_pages(here: PeerNode, there: PeerNode) -> None:
    await here.announce(*[here.announced(number) for number in range(450)])
    await connect(here, there)
    assert len(await there.ids_of(here)) == 450


async def test_a_crash_repeats_a_delivery_and_changes_nothing(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    change = here.announced(1)
    await here.announce(change)
    await here.federation.delivery.run_delivery()
    await here.announce(change)  # the release is repeated, too
    async with here.database.transaction() as connection:
        await connection.execute("UPDATE peers SET sent = 0")
    await here.restart()
    await here.federation.delivery.run_delivery()
    assert await there.raw(here.offer_id(1)) == change.raw
    assert there.federation.inbox.tally["duplicate"] == 1
    assert there.federation.inbox.tally["accepted"] == 1


async def test_expired_offers_are_neither_told_nor_taken(
    here: PeerNode, there: PeerNode, clock: FakeClock
) -> None:
    await here.announce(here.announced(1, days=3), here.announced(2, days=30))
    clock.advance(3 * 86_400)
    await connect(here, there)
    assert await there.ids_of(here) == {here.offer_id(2)}


async def test_a_peer_that_was_removed_and_comes_back_is_read_from_the_start(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    await there.federation.peering.remove(here.origin, role="admin")
    await settle(here, there)
    assert await there.ids_of(here) == set()
    await here.announce(here.announced(2))
    await settle(here, there)
    assert await there.ids_of(here) == set()
    await here.add(there)
    await here.work()
    await there.approve(here)
    await settle(here, there)
    assert await there.ids_of(here) == {here.offer_id(1), here.offer_id(2)}


async def test_a_slow_peer_delays_nobody(
    here: PeerNode, there: PeerNode, stranger: PeerNode
) -> None:
    await connect(here, there)
    await connect(here, stranger)
    await stranger.stop()
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(1)}
