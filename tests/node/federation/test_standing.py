"""What other nodes are to envelopes: open, introduced, cut off for two weeks, or nothing."""

from __future__ import annotations

import pytest

from kith_node.federation.standing import Standing
from kith_protocol.day import Day
from kith_testing.clock import FakeClock
from kith_testing.peer import STEWARD, PeerNode, connect

DAY_S = 86_400


async def _introduce(node: PeerNode, other: PeerNode) -> None:
    async with node.database.transaction() as connection:
        await node.federation.introductions.note(connection, other.origin)


async def _kind(node: PeerNode, other: PeerNode) -> str | None:
    standing = await node.federation.standings.of(other.origin)
    return None if standing is None else standing.kind


async def test_a_stranger_is_nothing_and_a_peer_is_open(
    here: PeerNode, there: PeerNode
) -> None:
    assert await _kind(here, there) is None
    await here.add(there)
    assert await _kind(here, there) is None  # asked only
    await connect(here, there)
    assert await _kind(here, there) == "open"
    assert await _kind(there, here) == "open"


async def test_our_own_node_comes_first(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    found = await here.federation.standings.all()
    assert list(found) == [here.origin, there.origin]
    assert found[here.origin] == Standing("self")


async def test_both_sides_of_a_peering_that_ends_know_until_when(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await _introduce(there, here)
    until = Day(here.today + 14)
    await here.federation.peering.remove(there.origin, role=STEWARD)
    await here.work()
    for one, other in ((here, there), (there, here)):
        assert await one.federation.standings.of(other.origin) == Standing("cut-off", until)
    clock.advance(14 * DAY_S)
    assert await _kind(there, here) == "cut-off"
    clock.advance(DAY_S)
    # Not even introduced, though something was handed over.
    assert await _kind(here, there) is None
    assert await _kind(there, here) is None


async def test_a_peer_that_cut_us_off_is_remembered_with_its_keys_as_long_as_boxes_work(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    clock.advance(100 * DAY_S)  # nobody has looked at the peering for long
    await here.federation.peering.remove(there.origin, role=STEWARD)
    await here.work()
    for days, is_kept in ((14, True), (1, False)):
        clock.advance(days * DAY_S)
        await there.federation.upkeep.run_upkeep()
        assert (await there.federation.peers.get(here.actor) is not None) is is_kept


async def test_saying_it_again_gives_no_more_time(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.federation.peering.remove(there.origin, role=STEWARD)
    clock.advance(10 * DAY_S)
    await here.federation.peering.remove(there.origin, role=STEWARD)
    clock.advance(5 * DAY_S)
    assert await _kind(here, there) is None


async def test_a_blocked_node_has_no_time_and_is_not_introduced_afterwards(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await _introduce(here, there)
    await here.federation.peering.block(there.origin, role=STEWARD)
    assert await _kind(here, there) is None
    await here.federation.peering.unblock(there.origin, role=STEWARD)
    assert await _kind(here, there) is None


async def test_blocking_ends_the_time_of_a_node_that_was_cut_off(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.federation.peering.remove(there.origin, role=STEWARD)
    assert await _kind(here, there) == "cut-off"
    await here.federation.peering.block(there.origin, role=STEWARD)
    assert await _kind(here, there) is None


async def test_a_node_that_never_was_a_peer_is_not_cut_off_by_a_refusal(
    here: PeerNode, stranger: PeerNode
) -> None:
    await stranger.add(here)
    await stranger.federation.peering.remove(here.origin, role=STEWARD)
    assert await _kind(stranger, here) is None


async def test_an_introduced_node_is_one_for_half_a_year(
    here: PeerNode, stranger: PeerNode, clock: FakeClock
) -> None:
    await _introduce(here, stranger)
    assert await _kind(here, stranger) == "introduced"
    clock.advance(183 * DAY_S)
    assert await _kind(here, stranger) == "introduced"
    clock.advance(DAY_S)
    assert await _kind(here, stranger) is None


async def test_what_can_have_no_effect_any_more_is_deleted(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await _introduce(here, there)
    await here.federation.peering.remove(there.origin, role=STEWARD)
    for days, kept in ((184, 1), (1, 0)):
        clock.advance(days * DAY_S)
        await here.federation.upkeep.run_upkeep()
        async with here.database.read() as connection:
            rows = await connection.execute_fetchall("SELECT node FROM cut_off")
        assert len(list(rows)) == kept
        # In between it must not come to life as an introduced one.
        assert await _kind(here, there) is None


@pytest.mark.parametrize("path", ["/users/ann", "/actor/", "/actor#key", "/x/actor"])
async def test_only_the_actor_of_a_whole_node_speaks_for_it(
    peers: tuple[PeerNode, PeerNode], path: str
) -> None:
    here, there = peers
    standings = here.federation.standings
    assert await standings.of_actor(there.actor) is not None
    assert await standings.of_actor(f"{there.origin}{path}") is None
    assert await standings.of_actor("actor") is None
