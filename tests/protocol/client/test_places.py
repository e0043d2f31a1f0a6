"""Places, pauses and courtesy, as two members and their nodes see them."""

import contextlib

import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_crypto.errors import UsageError
from kith_protocol.conversation.incoming import words_of
from kith_protocol.day import DAY_S
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device, Person
from kith_testing.small_node import SmallNode

WISH = bytes(range(16))


@pytest.fixture
def person(people: Correspondents, node: SmallNode) -> Person:
    return people.person(node)


@pytest.fixture
async def mentor(people: Correspondents, person: Person) -> Device:
    return await people.device(person)


@pytest.fixture
async def mentee(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


def own_offer(mentor: Device) -> bytes:
    return mentor.member.keys.offers[0].id


def room(mentor: Device) -> str:
    """Return what the node has of the first offer."""
    held = next(iter(mentor.node.offers.values()))
    return str(held.body.content.room)


async def accept_one(mentor: Device, mentee: Device, offer: str) -> Conversation:
    knock = await mentee.member.knocks.knock(offer, "Hello")
    [came] = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    return mentee.member.conversations.open(knock.conversation)


async def test_an_offer_is_full_when_its_places_are_taken_and_open_again_when_one_ends(
    mentor: Device, mentee: Device
) -> None:
    offer = await mentor.offer()
    await mentor.member.places.limit(own_offer(mentor), 1)
    one = await accept_one(mentor, mentee, offer)
    assert room(mentor) == "open"  # not in the same breath as the answer
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    assert mentor.member.places.of(own_offer(mentor)).taken == 1
    await one.mentorship.close()
    await mentor.member.conversations.check()
    await mentor.member.knocks.check()
    assert room(mentor) == "open"


async def test_accepting_or_declining_and_pausing_is_one_action(
    mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    offer, today = await mentor.offer(), clock.now() // DAY_S
    await mentee.member.knocks.knock(offer, "Hello")
    [came] = (await mentor.member.knocks.check()).knocks
    with pytest.raises(UsageError, match="come already"):
        await mentor.member.knocks.decline(came, "Sorry", pause_until=today)
    assert len(mentor.member.knocks.tray) == 1
    await mentor.member.knocks.decline(came, "Sorry", pause_until=today + 10)
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    clock.advance(10 * DAY_S)
    await mentor.member.knocks.check()
    assert room(mentor) == "open"


async def test_two_knocks_left_unanswered_pause_the_offer_until_its_owner_resumes(
    mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    offer = await mentor.offer()
    for _ in range(2):
        await mentee.member.knocks.knock(offer, "Hello")
    await mentor.member.knocks.check()
    clock.advance(8 * DAY_S)
    arrivals = await mentor.member.knocks.check()
    assert arrivals.paused == (own_offer(mentor),)
    assert room(mentor) == "full"
    assert (await mentor.member.knocks.check()).paused == ()
    told = await mentor.member.places.resume(own_offer(mentor))
    assert (told.is_paused, told.is_silent, room(mentor)) == (False, False, "open")
    assert (await mentor.member.knocks.check()).paused == ()


async def test_what_could_not_be_told_is_told_at_the_next_look(
    mentor: Device, mentee: Device, node: SmallNode
) -> None:
    await mentor.offer()
    node.breaks_before = ("PUT", "offers")
    told = await mentor.member.places.pause(own_offer(mentor))
    node.breaks_before = None
    if room(mentor) == "open":
        assert not told.is_told
        await mentor.member.knocks.check()
    assert room(mentor) == "full"


async def test_both_devices_of_a_mentor_agree_and_nothing_flips_back(
    people: Correspondents, person: Person, mentor: Device, mentee: Device
) -> None:
    offer = await mentor.offer()
    await mentor.member.places.limit(own_offer(mentor), 1)
    await accept_one(mentor, mentee, offer)
    second = await people.device(person)
    for device in (second, mentor, second):
        await device.member.refresh()
        await device.member.knocks.check()
        assert room(mentor) == "full"


async def test_nothing_of_places_reaches_the_node_but_one_word(
    mentor: Device, node: SmallNode
) -> None:
    await mentor.offer()
    node.seen.clear()
    await mentor.member.places.limit(own_offer(mentor), 37)
    assert all(b"37" not in seen.body for seen in node.seen if "vault" not in seen.path)


async def test_other_knocks_for_the_same_wish_are_taken_back_with_a_courteous_word(
    people: Correspondents, mentor: Device, mentee: Device, node: SmallNode
) -> None:
    other = await people.member(node)
    first = await mentee.member.knocks.knock(await mentor.offer(), "Hello", wish=WISH)
    second = await mentee.member.knocks.knock(await other.offer(), "Hello", wish=WISH)
    third = await mentee.member.knocks.knock(await other.offer(), "Something else")
    await other.member.knocks.check()
    [came] = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    arrivals = await mentee.member.knocks.check(found="I have found somebody")
    assert [knock.conversation for knock in arrivals.withdrawn] == [second.conversation]
    states = {knock.conversation: knock.state for knock in mentee.member.knocks.made}
    assert states[first.conversation] == "accepted"
    assert states[second.conversation] == "withdrawn"
    assert states[third.conversation] in {"queued", "delivered"}
    await other.member.knocks.check()
    assert [words_of(knock).words for knock in other.member.knocks.tray] == ["Something else"]


async def test_the_wish_of_a_knock_is_never_sent(
    mentor: Device, mentee: Device, node: SmallNode
) -> None:
    made = await mentee.member.knocks.knock(await mentor.offer(), "Hello", wish=WISH)
    [came] = (await mentor.member.knocks.check()).knocks
    assert made.wish == WISH
    assert WISH not in came.core
    with pytest.raises(UsageError):
        await mentee.member.knocks.draft(f"{node.origin}/offers/{'A' * 22}", "Hi", wish=b"x")


async def test_a_line_that_breaks_while_taking_back_leaves_it_for_the_next_time(
    people: Correspondents, mentor: Device, mentee: Device, node: SmallNode
) -> None:
    other = await people.member(node)
    await mentee.member.knocks.knock(await mentor.offer(), "Hello", wish=WISH)
    second = await mentee.member.knocks.knock(await other.offer(), "Hello", wish=WISH)
    [came] = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await other.member.knocks.check()
    node.breaks_before = ("PUT", "envelopes")
    with contextlib.suppress(NodeUnreachableError):
        await mentee.member.knocks.check()
    node.breaks_before = None
    await mentee.member.knocks.check()
    states = {knock.conversation: knock.state for knock in mentee.member.knocks.made}
    assert states[second.conversation] == "withdrawn"
    await other.member.knocks.check()
    assert other.member.knocks.tray == ()


async def test_a_check_phrase_is_kept_and_never_written(mentor: Device, mentee: Device) -> None:
    one = await accept_one(mentor, mentee, await mentor.offer())
    assert one.check_phrase == ""
    await one.set_check_phrase("silver river boat")
    assert one.check_phrase == "silver river boat"
    for text in ("silver river boat", "it was: Silver  River-Boat!"):
        with pytest.raises(UsageError):
            await one.say(text)
    await one.say("do you remember it?")
    with pytest.raises(UsageError, match="letters"):
        await one.set_check_phrase("abc")
    await one.set_check_phrase("")
    await one.say("silver river boat")
