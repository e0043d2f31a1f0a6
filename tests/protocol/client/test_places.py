"""Places, pauses and courtesy, as two members and their nodes see them."""

import contextlib

import msgspec
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
    node.breaks_before = ("PATCH", "offers")
    told = await mentor.member.places.pause(own_offer(mentor))
    assert not told.is_told
    await mentor.member.knocks.check()  # what can't be told keeps nothing else from being read
    assert room(mentor) == "open"
    node.breaks_before = None
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    assert mentor.member.places.of(own_offer(mentor)).is_told


async def test_a_change_whose_answer_was_lost_is_made_again(
    mentor: Device, node: SmallNode
) -> None:
    await mentor.offer()
    node.breaks_after = ("PATCH", "offers")
    assert not (await mentor.member.places.pause(own_offer(mentor))).is_told
    node.breaks_after = None
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    assert mentor.member.places.of(own_offer(mentor)).is_told


async def test_a_pause_ends_at_the_first_look_on_its_day_and_stays_ended(
    people: Correspondents, person: Person, mentor: Device, clock: FakeClock
) -> None:
    await mentor.offer()
    second = await people.device(person)
    day = clock.now() // DAY_S + 3
    await mentor.member.places.pause(own_offer(mentor), until=day)
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    clock.advance(3 * DAY_S)
    await mentor.member.knocks.check()
    assert room(mentor) == "open"
    clock.advance(-DAY_S)  # the other device's clock is a day behind
    await second.member.knocks.check()
    assert room(mentor) == "open"
    assert not second.member.places.of(own_offer(mentor)).is_paused


async def test_an_offer_made_full_by_hand_stays_so_until_its_owner_says_otherwise(
    mentor: Device,
) -> None:
    await mentor.offer()
    offer, content = own_offer(mentor), mentor.member.keys.offers[0].content
    await mentor.member.offers.edit(offer, msgspec.structs.replace(content, room="full"))
    await mentor.member.knocks.check()
    assert room(mentor) == "full"
    assert (await mentor.member.places.limit(offer, 2)).is_paused
    assert room(mentor) == "full"
    await mentor.member.places.resume(offer)
    assert room(mentor) == "open"


async def test_knocks_by_people_who_are_blocked_pause_nothing(
    mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    offer = await mentor.offer()
    for _ in range(2):
        await mentee.member.knocks.knock(offer, "Hello")
    (first, _) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.block(first)
    clock.advance(8 * DAY_S)
    arrivals = await mentor.member.knocks.check()
    assert (arrivals.paused, arrivals.expired) == ((), ())
    assert room(mentor) == "open"


async def test_who_was_away_finds_the_offer_paused_at_the_first_look(
    mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    offer = await mentor.offer()
    for _ in range(2):
        await mentee.member.knocks.knock(offer, "Hello")
    clock.advance(9 * DAY_S)
    arrivals = await mentor.member.knocks.check()
    assert arrivals.paused == (own_offer(mentor),)
    assert room(mentor) == "full"


async def test_a_knock_that_was_not_answered_is_told_of_once_on_all_devices(
    people: Correspondents, person: Person, mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    await mentor.member.knocks.check()
    second = await people.device(person)
    clock.advance(8 * DAY_S)
    assert len((await mentor.member.knocks.check()).expired) == 1
    assert (await mentor.member.knocks.check()).expired == ()
    assert (await second.member.knocks.check()).expired == ()


async def test_an_answer_that_is_not_possible_pauses_nothing(
    mentor: Device, mentee: Device, clock: FakeClock
) -> None:
    made = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    [came] = (await mentor.member.knocks.check()).knocks
    today = clock.now() // DAY_S
    with pytest.raises(UsageError, match="come already"):
        await mentor.member.knocks.accept(came, pause_until=today)
    assert mentor.member.knocks.tray == (came,)
    await mentee.member.knocks.withdraw(made)
    await mentor.member.knocks.check()
    with pytest.raises(UsageError):
        await mentor.member.knocks.decline(came, pause_until=0)
    assert not mentor.member.places.of(own_offer(mentor)).is_paused


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
