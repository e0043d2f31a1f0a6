"""Two communities, and members who knock, answer and talk across them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.incoming import words_of
from kith_protocol.conversation.records import IncomingKnock, OutgoingKnock
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, PASSPHRASE, federation, join, wait_found
from kith_testing.processes import NodeProcess
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path, 2) as started:
        yield started


async def offer_by(mentor: Member, node: NodeProcess, mentee: Member) -> str:
    """Publish an offer of *mentor*, wait until *mentee* finds it, and return its address."""
    offer = await mentor.offers.publish(CV_OFFER)
    url = offer_url(node.url, offer.record.id)
    await wait_found(mentee, url)
    return url


async def wait_for_knock(mentor: Member) -> IncomingKnock:
    async def has_come() -> bool:
        await mentor.knocks.check()
        return bool(mentor.knocks.tray)

    await until(has_come, "the knock has come")
    return mentor.knocks.tray[0]


async def wait_for_answer(mentee: Member) -> OutgoingKnock:
    async def is_answered() -> bool:
        await mentee.knocks.check()
        return mentee.knocks.made[0].state in {"accepted", "declined"}

    await until(is_answered, "the answer has come")
    return mentee.knocks.made[0]


async def meet(mentor: Member, mentee: Member, url: str) -> tuple[Conversation, Conversation]:
    """Knock, accept, and return both sides of the conversation, the mentor's first."""
    await mentee.knocks.knock(url, "Would you read my CV?")
    knock = await wait_for_knock(mentor)
    await mentor.knocks.accept(knock, "Gladly.")
    answered = await wait_for_answer(mentee)
    assert answered.state == "accepted"
    return (
        mentor.conversations.open(knock.conversation),
        mentee.conversations.open(answered.conversation),
    )


def texts(conversation: Conversation) -> list[str]:
    return [
        entry.body.text
        for entry in conversation.messages
        if isinstance(entry, Shown) and isinstance(entry.body, Text)
    ]


def has_all(conversation: Conversation, said: list[str]) -> bool:
    return texts(conversation) == said


async def wait_for(conversation: Conversation, is_there: Callable[[], bool]) -> None:
    async def has_come() -> bool:
        await conversation.receive()
        return is_there()

    await until(has_come, "it has come")


async def both(one: Awaitable[object], other: Awaitable[object]) -> None:
    await asyncio.gather(one, other)


async def test_a_mentee_knocks_in_another_community_and_they_talk(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        url = await offer_by(mentor, here, mentee)
        theirs, mine = await meet(mentor, mentee, url)
        said: list[str] = []
        for number in range(6):
            writer, reader = (mine, theirs) if number % 2 == 0 else (theirs, mine)
            said.append(f"message {number}")
            await writer.say(said[-1])
            await wait_for(reader, partial(has_all, reader, said))
        assert texts(mine) == texts(theirs) == said
        assert (await mine.safety_words()).words == (await theirs.safety_words()).words


async def test_a_declined_knock_says_so_kindly(nodes: list[NodeProcess]) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        url = await offer_by(mentor, here, mentee)
        await mentee.knocks.knock(url, "Would you read my CV?")
        knock = await wait_for_knock(mentor)
        await mentor.knocks.decline(
            knock, "I am travelling.", suggestions=("career.interviews",)
        )
        answered = await wait_for_answer(mentee)
        assert answered.state == "declined"
        assert answered.answer is not None
        assert answered.answer.words == "I am travelling."
        assert mentee.conversations.list() == ()


async def test_a_blocked_member_is_recognised_when_they_knock_anew(
    nodes: list[NodeProcess],
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as mentee:
        url = await offer_by(mentor, here, mentee)
        theirs, _ = await meet(mentor, mentee, url)
        await mentor.conversations.block(theirs)
        again = await mentee.knocks.knock(url, "It is me again, as somebody new.")
        async with await join(there, "other") as other:
            await wait_found(other, url)
            await other.knocks.knock(url, "I would like to ask, too.")
            # The other one came later: when it is there, the first one was there, too.
            knock = await wait_for_knock(mentor)
            assert words_of(knock).words == "I would like to ask, too."

            async def is_delivered() -> bool:
                await mentee.knocks.check()
                states = {one.conversation: one.state for one in mentee.knocks.made}
                return states[again.conversation] == "delivered"

            await until(is_delivered, "the blocked knock was delivered")
            await mentor.knocks.check()
            assert len(mentor.knocks.tray) == 1


async def test_two_devices_of_one_member_write_at_the_same_time_and_lose_nothing(
    nodes: list[NodeProcess], tmp_path: Path
) -> None:
    here, there = nodes
    async with await join(here, "mentor") as mentor, await join(there, "mentee") as phone:
        url = await offer_by(mentor, here, phone)
        theirs, mine = await meet(mentor, phone, url)
        await phone.vault.sync()
        laptop = await Member.sign_in(
            there.url, name="mentee", passphrase=PASSPHRASE, home=tmp_path / "laptop"
        )
        async with laptop:
            other = laptop.conversations.open(mine.id)
            for number in range(4):
                await both(mine.say(f"phone {number}"), other.say(f"laptop {number}"))
            expected = {
                f"{side} {number}" for side in ("phone", "laptop") for number in range(4)
            }
            await wait_for(theirs, lambda: set(texts(theirs)) == expected)
            await theirs.say("I read all of it")
            await wait_for(mine, lambda: "I read all of it" in texts(mine))
            await laptop.vault.sync()
            await phone.vault.sync()
            await other.receive()
            assert set(texts(mine)) == set(texts(other)) == expected | {"I read all of it"}
            assert not phone.vault.warnings
            assert not laptop.vault.warnings
