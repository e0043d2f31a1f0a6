"""When the client looks: ticks, and rounds that spread calls over five minutes."""

from __future__ import annotations

import asyncio

import pytest

from kith_client.events import ROUND_S, Events, Rounds, is_tick
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device
from kith_testing.rng import SeededRng
from kith_testing.small_events import BEAT, TICK
from kith_testing.small_node import SmallNode


def rounds_of(clock: FakeClock, seed: int = 1) -> Rounds[str]:
    return Rounds(clock=clock, rng=SeededRng(seed))


def moments(clock: FakeClock, seed: int, things: list[str]) -> dict[str, int]:
    """Return in which second of a round each thing has its turn."""
    rounds = rounds_of(clock, seed)
    found: dict[str, int] = {}
    for second in range(ROUND_S):
        rounds.plan(things)
        for thing in rounds.take_due():
            assert thing not in found
            found[thing] = second
        clock.advance(1)
    return found


def test_each_thing_has_one_turn_in_five_minutes(clock: FakeClock) -> None:
    things = [f"box {number}" for number in range(20)]
    found = moments(clock, 1, things)
    assert found.keys() == set(things)
    assert len(set(found.values())) > 10


def test_the_order_is_another_one_in_each_round(clock: FakeClock) -> None:
    things = [f"box {number}" for number in range(20)]
    orders = []
    for seed in (1, 2):
        found = moments(clock, seed, things)
        orders.append(sorted(things, key=found.__getitem__))
    assert orders[0] != orders[1]
    assert things not in orders


def test_a_new_thing_gets_its_turn_in_the_round_that_runs(clock: FakeClock) -> None:
    rounds = rounds_of(clock)
    rounds.plan(["one"])
    clock.advance(ROUND_S - 10)
    rounds.plan(["one", "two"])
    clock.advance(9)
    assert "two" in rounds.take_due()


def test_says_how_long_there_is_nothing_to_do(clock: FakeClock) -> None:
    rounds = rounds_of(clock)
    rounds.plan(["one"])
    wait = rounds.next_in_s()
    assert 0 <= wait <= ROUND_S
    clock.advance(int(wait))
    assert rounds.take_due() == ["one"]
    assert 0 < rounds.next_in_s() <= ROUND_S


@pytest.mark.parametrize(
    ("event", "ticks"),
    [(b"data:", True), (b"event: tick\ndata: ", True), (b": alive", False), (b"", False)],
)
def test_a_comment_is_no_tick(event: bytes, ticks: bool) -> None:
    assert is_tick(event) is ticks


@pytest.fixture
async def device(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


async def test_ticks_come_one_by_one_and_show_no_session(
    device: Device, node: SmallNode
) -> None:
    async with Events(device.member._session) as events:
        assert await events.wait(5)  # the line is open: whatever came before is worth a look
        assert not await events.wait(0.01)
        node.events.send(BEAT)
        assert not await events.wait(0.05)
        node.events.send(TICK[:7])
        node.events.send(TICK[7:])
        assert await events.wait(5)
        assert not await events.wait(0.01)
    (seen,) = [seen for seen in node.seen if seen.path == "/api/v1/events"]
    assert "authorization" not in seen.headers


async def test_a_line_that_ends_is_opened_again(device: Device, node: SmallNode) -> None:
    async with Events(device.member._session, reconnect_s=0.01) as events:
        assert await events.wait(5)
        node.events.send(b"")
        assert await events.wait(5)
    assert node.events.opened == 2


async def test_watching_shows_what_happens_in_the_open_conversation(
    people: Correspondents, device: Device, node: SmallNode
) -> None:
    other = await people.member(node)
    knock = await device.member.knocks.knock(await other.offer(), "Hello")
    (came,) = (await other.member.knocks.check()).knocks
    await other.member.knocks.accept(came)
    await device.member.knocks.check()
    async with device.member.conversations.watch(knock.conversation) as happenings:
        await other.member.conversations.open(knock.conversation).say("good morning")
        node.events.send()
        async with asyncio.timeout(10):
            conversation, _ = await anext(happenings)
    assert conversation.id == knock.conversation
    assert device.texts(knock.conversation) == ["good morning"]
