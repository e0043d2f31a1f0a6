"""The life of one mentorship over three communities, whose nodes restart in between.

From a wish to passing on what was learned, through the public SDK: a mentee of one community
finds a mentor in another one; at the end somebody in the third finds the mentee's offer.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_protocol.conversation.incoming import words_of
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import Query
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, federation, join, reopen, wait_found
from kith_testing.mentorship_life import Life, numbered_texts
from kith_testing.processes import NodeProcess
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

KNOCK = "Would you read my CV?"
WISH = Query(topics=("career.cv",), languages=("en",))


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path, 3) as started:
        yield started


async def test_one_mentorship_lives_through_three_nodes_and_their_restarts(
    nodes: list[NodeProcess],
) -> None:
    mentor, mentee = await join(nodes[0], "mentor"), await join(nodes[1], "mentee")
    other, seeker = await join(nodes[2], "other"), await join(nodes[2], "seeker")
    try:
        wish = await mentee.wishes.add(WISH, name="read my CV")
        assert await mentee.wishes.check() == ()  # nobody offers it yet; it stays
        url = await offer_by(mentor, nodes[0], mentee)
        url_too = await offer_by(other, nodes[2], mentee)
        [news] = await mentee.wishes.check()
        assert set(news.new) == {url, url_too}

        mine, theirs = await meet(mentor, mentee, url, url_too, wish.id)
        await until(has_none_open(other), "the other mentor reads the withdrawal")
        await nodes[0].kill()
        await nodes[0].start()

        life = Life(mine, theirs, mentor, write=numbered_texts(), topic="career.cv")
        await life.agree()
        session = await life.plan_session()
        await nodes[1].kill()
        await nodes[1].start()
        await life.move_session(session)
        await life.cancel_another()
        for node in nodes:
            await node.stop()
            await node.start()
        await life.work(session)
        await life.close()
        await life.thank()

        draft = mine.mentorship.draft_offer(languages=("en",))
        assert draft.topics == ("career.cv",)
        passed_on = await mentee.offers.publish(draft)
        found = offer_url(nodes[1].url, passed_on.record.id)
        await wait_found(seeker, found)
        assert found in {hit.id for hit in (await seeker.search.find(WISH)).hits}
        assert found in {hit.id for hit in (await seeker.search.find_here(WISH)).hits}
        await mine.mentorship.tell_passed_on("To two people already.")
        await life.see(theirs, lambda it: len(it.passed_on) == 1, "that it goes on")
        assert mine.mentorship.state.stage == theirs.mentorship.state.stage == "closed"
    finally:
        for member in (mentor, mentee, other, seeker):
            await member.close()


async def test_check_ins_come_on_their_days_and_what_is_kept_goes_on_its_day(
    nodes: list[NodeProcess],
) -> None:
    mentor, mentee = await join(nodes[0], "mentor"), await join(nodes[1], "mentee")
    url = await offer_by(mentor, nodes[0], mentee)
    mine, theirs = await meet(mentor, mentee, url)
    life = Life(mine, theirs, mentor, write=numbered_texts(), topic="career.cv")
    await life.agree()
    assert mine.mentorship.due_check_in is None
    conversation = mine.id
    await mentee.close()

    mentee = await reopen(nodes[1], "mentee", days=7)
    try:
        mine = mentee.conversations.open(conversation)
        due = mine.mentorship.due_check_in
        assert due is not None
        assert due.number == 1
        await mine.mentorship.check_in("fine")
        assert mine.mentorship.due_check_in is None
        assert theirs.mentorship.state.check_ins == ()  # kept to oneself
    finally:
        await mentee.close()
        await mentor.close()


async def offer_by(mentor: Member, node: NodeProcess, reader: Member) -> str:
    """Publish an offer of *mentor* and return its address once *reader* finds it."""
    content: OfferContent = CV_OFFER
    offer = await mentor.offers.publish(content)
    url = offer_url(node.url, offer.record.id)
    await wait_found(reader, url)
    return url


async def meet(
    mentor: Member, mentee: Member, url: str, other_url: str | None = None, wish: bytes = b""
) -> tuple[Conversation, Conversation]:
    """Knock, at two offers for one wish, and be accepted at the first one."""
    made = await mentee.knocks.knock(url, KNOCK, wish=wish)
    if other_url is not None:
        await mentee.knocks.knock(other_url, KNOCK, wish=wish)

    async def has_come() -> bool:
        await mentor.knocks.check()
        return bool(mentor.knocks.tray)

    await until(has_come, "the knock has come")
    [knock] = mentor.knocks.tray
    assert words_of(knock).words
    await mentor.knocks.accept(knock, "Gladly.")

    async def is_accepted() -> bool:
        await mentee.knocks.check()
        states = {one.conversation: one.state for one in mentee.knocks.made}
        return states[made.conversation] == "accepted"

    await until(is_accepted, "the answer has come")
    if other_url is not None:
        states = sorted(one.state for one in mentee.knocks.made)
        assert states == ["accepted", "withdrawn"]
    return (
        mentee.conversations.open(made.conversation),
        mentor.conversations.open(made.conversation),
    )


def has_none_open(mentor: Member) -> Callable[[], Awaitable[bool]]:
    async def has_none() -> bool:
        await mentor.knocks.check()
        return bool(mentor.knocks.received) and not mentor.knocks.tray

    return has_none
