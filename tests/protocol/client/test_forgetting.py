"""What goes on the day that two people wished for, and what stays."""

import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_client.mentorship.forgetting import GRACE_DAYS, MARK_DAYS
from kith_client.mentorship.records import FORGOTTEN_KIND
from kith_client.vault import Vault
from kith_protocol.day import DAY_S
from kith_protocol.mentorship.bodies import Closing
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device, Person
from kith_testing.small_node import SmallNode

OF_CONVERSATIONS = (
    *("talk", "page", "lane", "seed", "proofs", "knock", "box", "outgoing", "phrase"),
    *("note", "goal", "answers", "ended"),
)


@pytest.fixture
def person(people: Correspondents, other_node: SmallNode) -> Person:
    """The mentor."""
    return people.person(other_node)


@pytest.fixture
async def mentee(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


@pytest.fixture
async def mentor(people: Correspondents, person: Person) -> Device:
    return await people.device(person)


async def begin(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    """Return both sides of a conversation that has begun, the mentee's first."""
    offer = await mentor.offer()
    knock = await mentee.member.knocks.knock(offer, "Would you read my CV?", hopes="courage")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome, gladly")
    await mentee.member.knocks.check()
    return (
        mentee.member.conversations.open(knock.conversation),
        mentor.member.conversations.open(knock.conversation),
    )


def kinds(vault: Vault) -> set[str]:
    """Return which kinds of records of conversations there are."""
    return {kind for kind in OF_CONVERSATIONS if vault.list(kind)}


def words(vault: Vault) -> str:
    """Return everything that is said in records of conversations."""
    return "".join(str(dict(vault.list(kind))) for kind in (*OF_CONVERSATIONS, "knocked"))


def states(device: Device) -> dict[bytes, str]:
    """Return the states of the knocks that came."""
    return {knock.conversation: knock.state for knock in device.member.knocks.received}


async def test_nothing_of_what_was_said_is_left_on_either_side(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.set_check_phrase("silver river boat")
    await one.mentorship.keep_note("ask about the gap")
    await one.mentorship.keep_goal("be less afraid")
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20, reflections=("I ask",))
    await other.receive()
    assert one.mentorship.kept_until == other.mentorship.kept_until
    clock.advance(19 * DAY_S)
    await mentee.member.conversations.check()
    assert len(mentee.member.conversations.list()) == 1
    clock.advance(DAY_S)
    for device in (mentee, mentor):
        assert await device.member.conversations.tidy() == (one.id,)
        assert device.member.conversations.list() == ()
        assert kinds(device.member.vault) == set()
        for said in ("read my CV", "courage", "gladly", "I ask", "gap", "afraid", "silver"):
            assert said not in words(device.member.vault)
        assert await device.member.conversations.tidy() == ()
    assert not any(box.kind == "reply" for box in mentor.node.post.boxes.values())


async def test_a_thanks_that_still_lies_in_the_box_is_kept(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20)
    await other.receive()
    await one.mentorship.thank("You took your time")
    clock.advance(20 * DAY_S)
    await mentor.member.conversations.check()
    assert mentor.member.conversations.list() == ()
    assert [thanks.text for thanks in mentor.member.thanks.list()] == ["You took your time"]


async def test_a_thanks_is_kept_though_the_program_ended_when_it_came(
    mentee: Device, mentor: Device, other_node: SmallNode, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.mentorship.thank("You took your time")
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20)
    other_node.breaks_after = ("POST", "mailboxes")
    with pytest.raises(NodeUnreachableError):
        await other.receive()
    other_node.breaks_after = None
    assert mentor.member.thanks.list() == ()
    await mentor.member.conversations.block(other)
    clock.advance(20 * DAY_S)
    await mentor.member.conversations.check()
    assert mentor.member.conversations.list() == ()
    assert kinds(mentor.member.vault) == set()
    assert len(mentor.member.thanks.list()) == 1
    assert len(mentor.member.blocks.list()) == 1


async def test_what_another_device_still_writes_of_it_goes_too(
    people: Correspondents,
    person: Person,
    mentee: Device,
    mentor: Device,
    clock: FakeClock,
) -> None:
    one, other = await begin(mentee, mentor)
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20)
    await other.receive()
    second = await people.device(person)
    away = second.member.conversations.open(other.id)
    clock.advance(20 * DAY_S)
    await mentor.member.conversations.tidy()
    await away.mentorship.keep_note("written on a train")
    assert "train" in words(second.member.vault)
    await mentor.member.conversations.check()
    await second.member.conversations.check()
    for device in (mentor, second):
        assert kinds(device.member.vault) == set()


async def test_a_copy_of_its_knock_is_known_again_and_goes_when_none_can_come(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20)
    await other.receive()
    clock.advance(20 * DAY_S)
    await mentor.member.conversations.check()
    assert states(mentor) == {one.id: "accepted"}
    assert mentor.member.export().knocks[0].text in {"", "…"}
    clock.advance((MARK_DAYS - 1) * DAY_S)
    await mentor.member.conversations.check()
    assert states(mentor) == {one.id: "accepted"}
    clock.advance(DAY_S)
    await mentor.member.conversations.check()
    assert states(mentor) == {}
    assert mentor.member.vault.list(FORGOTTEN_KIND) == {}


async def test_it_goes_another_time_if_the_node_cannot_be_reached(
    mentee: Device, mentor: Device, other_node: SmallNode, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.mentorship.close(kept_until=clock.now() // DAY_S + 20)
    await other.receive()
    clock.advance(20 * DAY_S)
    other_node.breaks_before = ("PUT", "vault")
    with pytest.raises(NodeUnreachableError):
        await mentor.member.conversations.check()
    other_node.breaks_before = None
    await mentor.member.conversations.check()
    assert kinds(mentor.member.vault) == set()
    assert kinds(mentee.member.vault) != set()


async def test_the_other_side_cannot_make_it_vanish_at_once(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    today = clock.now() // DAY_S
    await one.write(Closing(kept_until=1))
    assert one.mentorship.kept_until == 1
    clock.advance(DAY_S)
    await other.receive()
    clock.advance(DAY_S)
    await mentor.member.conversations.check()
    assert other.mentorship.kept_until == today + 1 + GRACE_DAYS
    clock.advance(12 * DAY_S)
    await mentor.member.conversations.check()
    assert len(mentor.member.conversations.list()) == 1
    clock.advance(DAY_S)
    await mentor.member.conversations.check()
    assert mentor.member.conversations.list() == ()
