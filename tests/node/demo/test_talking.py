"""Members meet and talk; what arrives otherwise than it was written ends the run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from kith_client.member import Member
from kith_node.demo import talking
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, Standing
from kith_node.demo.plan import Planned
from kith_node.demo.scripts import DECLINE, Line, write_script
from kith_node.demo.talking import Pair, Talk
from kith_protocol.urls import offer_url
from kith_testing.clock import FakeClock
from kith_testing.correspondents import CV, Correspondents, open_correspondents
from kith_testing.small_node import SmallNode, serve_small_node

SCRIPT = write_script("CVs", number=0, seed=1)[:6]


class Town:
    """Two small nodes that exchange envelopes, and people in both."""

    def __init__(
        self, people: Correspondents, nodes: list[SmallNode], clock: FakeClock
    ) -> None:
        self._people = people
        self._nodes = nodes
        self.clock = clock
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1

    async def account(self, community: int, place: int = 0) -> Account:
        device = await self._people.member(self._nodes[community])
        return Account(community, place, device.member, None, "", "")

    async def offer(self, owner: Member) -> Standing:
        made = await owner.offers.publish(CV)
        url = offer_url(owner.community.node, made.record.id)
        return Standing(made.record.id, url, Planned(1, 0, CV, 30), owner)

    async def pair(self, *, accepted: bool = True) -> Pair:
        mentee, mentor = await self.account(0), await self.account(1)
        return Pair(mentee, mentor, await self.offer(mentor.member), "CVs", accepted)

    async def talk(self) -> Talk:
        (talk,) = await talking.meet([await self.pair()], tick=self.tick)
        return talk


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        clock = FakeClock()
        nodes = [stack.enter_context(serve_small_node(clock)) for _ in range(2)]
        nodes[0].post.connect(nodes[1].post)
        people = await stack.enter_async_context(open_correspondents(clock))
        yield Town(people, nodes, clock)


async def test_whoever_is_accepted_talks_and_whoever_is_declined_does_not(town: Town) -> None:
    pairs = [await town.pair(), await town.pair(accepted=False)]
    talks = await talking.meet(pairs, tick=town.tick)
    assert [talk.pair for talk in talks] == pairs[:1]
    assert town.ticks == 4
    (knock,) = pairs[1].mentee.member.knocks.made
    assert knock.answer is not None
    assert knock.answer.words == DECLINE


async def test_every_message_is_read_by_the_other_side(town: Town) -> None:
    talk = await town.talk()
    town.ticks = 0
    (talked,) = await talking.talk_all([talk], [SCRIPT], clock=town.clock, tick=town.tick)
    assert talked.messages == len(talked.took_ms) == town.ticks == len(SCRIPT)
    for side in (talk.mine, talk.theirs):
        assert talking.texts_of(side) == [line.text for line in SCRIPT]


async def test_something_else_than_was_written_ends_the_run(town: Town) -> None:
    talk = await town.talk()
    await talk.mine.say("This is not in the script")
    with pytest.raises(CheckError, match="a message arrived otherwise"):
        await talking.talk_all([talk], [SCRIPT], clock=town.clock, tick=town.tick)


async def test_more_than_was_written_ends_the_run(town: Town) -> None:
    talk = await town.talk()
    await talking.talk_all([talk], [SCRIPT], clock=town.clock, tick=town.tick)
    again = (Line(True, "Once more"),)
    with pytest.raises(CheckError, match="a conversation as a whole"):
        await talking.talk_all([talk], [again], clock=town.clock, tick=town.tick)


async def test_safety_words_are_compared_and_whoever_is_blocked_is_recognised(
    town: Town,
) -> None:
    talk = await town.talk()
    assert len(await talking.compare_safety_words(talk)) == 6
    bystander = await town.account(0, place=1)
    await talking.block(talk, bystander)
    mentor = talk.pair.mentor.member
    assert len(mentor.blocks.list()) == 1
    assert len(talk.pair.mentee.member.knocks.made) == 2
    (other,) = bystander.member.knocks.made
    shown = {knock.conversation for knock in mentor.knocks.received}
    assert shown == {talk.mine.id, other.conversation}


async def test_one_message_is_shown_to_whom_it_was_for(town: Town) -> None:
    talk = await town.talk()
    shown = await talking.say_and_read(talk.theirs, talk.mine, "Go away")
    assert not shown.is_own
    assert talk.mine.evidence(shown.hash) is not None
