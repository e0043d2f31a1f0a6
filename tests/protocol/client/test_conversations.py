"""Conversations between members of two communities, over real HTTP, on one or two devices."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_crypto.errors import MalformedError, TooLargeError, UsageError
from kith_crypto.report import Report, encode_report, parse_report, verify_report
from kith_protocol.box_page import BoxItem
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Closed, Frozen, Missing, Received, Shown
from kith_protocol.day import DAY_S
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device, Person
from kith_testing.small_node import SmallNode


@pytest.fixture
def person(people: Correspondents, node: SmallNode) -> Person:
    return people.person(node)


@pytest.fixture
async def mentee(people: Correspondents, person: Person) -> Device:
    return await people.device(person)


@pytest.fixture
async def mentor(people: Correspondents, other_node: SmallNode) -> Device:
    return await people.member(other_node)


async def begin(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    """Let a knock be accepted and return both sides of what begins."""
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    return (
        mentee.member.conversations.open(knock.conversation),
        mentor.member.conversations.open(knock.conversation),
    )


def name_of(conversation: Conversation) -> str:
    """Return what the other side calls themselves, or nothing."""
    card = conversation.card
    return "" if card is None else card.pseudonym


def items(device: Device, conversation: Conversation) -> dict[bytes, BoxItem]:
    """Return what lies in the box of *conversation* on the side of *device*."""
    (box,) = (box for box in device.node.post.boxes.values() if box.kind == "reply")
    return box.items


async def test_two_people_talk(mentee: Device, mentor: Device) -> None:
    one, other = await begin(mentee, mentor)
    for number in range(5):
        await one.say(f"question {number}")
        events = await other.receive()
        assert [type(event) for event in events] == [Received]
        await other.say(f"answer {number}\non two lines")
        await one.receive()
    assert len(mentee.texts(one.id)) == 10
    assert mentee.texts(one.id) == mentor.texts(one.id)
    shown = [entry for entry in one.messages if isinstance(entry, Shown) and entry.is_own]
    assert all(entry.is_acknowledged for entry in shown[:-1])
    assert (one.state, other.state) == ("open", "open")


async def test_both_sides_see_the_same_safety_words(mentee: Device, mentor: Device) -> None:
    one, other = await begin(mentee, mentor)
    assert await one.safety_words() == await other.safety_words()


async def test_a_card_is_shown_when_its_owner_likes(mentee: Device, mentor: Device) -> None:
    one, other = await begin(mentee, mentor)
    assert name_of(other) == ""
    persona = await mentee.member.personas.add("Wren", languages=("en", "ar"))
    await one.show_card(persona)
    await other.receive()
    assert name_of(other) == "Wren"


async def test_a_file_arrives_whole(mentee: Device, mentor: Device, node: SmallNode) -> None:
    one, other = await begin(mentee, mentor)
    data = bytes(range(256)) * 1000
    await one.send_file(data, name="notes.txt", media="text/plain")
    assert not list(other.files)
    await other.receive()
    (file,) = list(other.files)
    assert (file.data, file.name, file.media, file.is_own) == (
        data,
        "notes.txt",
        "text/plain",
        False,
    )
    assert one.files[0].is_own
    sizes = {len(node.post.inside(handle).unstamped.sealed) for handle in node.post.handed_in}
    assert sizes == {8192, 65536}
    with pytest.raises(TooLargeError):
        await one.send_file(bytes(2 * 1024 * 1024 + 1), name="", media="")


async def test_closing_ends_it_on_both_sides(mentee: Device, mentor: Device) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("thank you")
    await other.receive()
    (came,) = (e for e in other.messages if isinstance(e, Shown) and isinstance(e.body, Text))
    assert other.evidence(came.hash) is not None
    await other.close("It was a pleasure")
    assert other.evidence(came.hash) is None
    assert [e for e in await one.receive() if isinstance(e, Closed)] == [
        Closed("It was a pleasure")
    ]
    assert (one.state, other.state) == ("closed-by-peer", "closed-by-me")
    with pytest.raises(UsageError):
        await one.say("one more thing")


async def test_a_freeze_stops_every_conversation(mentee: Device, mentor: Device) -> None:
    one, other = await begin(mentee, mentor)
    assert await mentee.member.conversations.freeze_all() == 1
    assert await mentee.member.conversations.freeze_all() == 0
    assert Frozen() in await other.receive()
    assert (one.state, other.state) == ("paused-by-me", "paused-by-peer")
    with pytest.raises(UsageError):
        await one.say("it is me")
    with pytest.raises(UsageError):
        await other.say("are you there?")


async def test_what_was_said_can_be_proven(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("something unkind")
    await other.receive()
    (came,) = (e for e in other.messages if isinstance(e, Shown) and isinstance(e.body, Text))
    evidence = other.evidence(came.hash)
    assert evidence is not None
    assert evidence.node == node.origin
    report = Report(evidence.postmark, evidence.frank_key, evidence.core)
    proven = verify_report(parse_report(encode_report(report)), [node.post.key.verify_key])
    assert proven.core.body["text"] == "something unkind"


async def test_blocking_ends_it_without_a_word(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    handed_in = len(other_node.post.handed_in)
    block = await mentor.member.conversations.block(other)
    assert block is not None
    assert mentor.member.blocks.list() == (block,)
    assert other.state == "blocked"
    assert len(other_node.post.handed_in) == handed_in
    await one.say("hello?")
    assert await other.receive() == ()
    assert [box.kind for box in other_node.post.boxes.values()] == ["knock"]
    with pytest.raises(UsageError):
        await other.say("no")
    # Neither does a fresh knock at that offer get through.
    offer = f"{other_node.origin}/offers/{next(iter(other_node.offers))}"
    await mentee.member.knocks.knock(offer, "let me explain")
    assert (await mentor.member.knocks.check()).knocks == ()


async def test_a_mentee_ends_it_without_a_word_too(mentee: Device, mentor: Device) -> None:
    one, _ = await begin(mentee, mentor)
    assert await mentee.member.conversations.block(one) is None
    assert one.state == "blocked"
    assert mentee.member.blocks.list() == ()


async def test_order_loss_and_doubling_on_the_way_change_nothing(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    for number in range(4):
        await one.say(str(number))
    box = items(mentor, other)
    (first, *rest) = list(box.values())
    box.clear()
    box.update({one.id: one for one in reversed(rest)})
    await other.receive()
    assert mentor.texts(other.id) == []
    box[bytes(16)] = msgspec.structs.replace(first, id=bytes(16))
    box[bytes([1] * 16)] = msgspec.structs.replace(first, id=bytes([1] * 16))
    await other.receive()
    assert mentor.texts(other.id) == ["0", "1", "2", "3"]
    assert box == {}


async def test_what_was_lost_is_asked_for_and_sent_again(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("lost")
    items(mentor, other).clear()
    await one.say("not lost")
    await other.receive()
    assert mentor.texts(other.id) == []
    clock.advance(DAY_S + 60)
    await other.receive()
    await one.receive()
    await other.receive()
    assert mentor.texts(other.id) == ["lost", "not lost"]


async def test_what_never_comes_is_shown_as_missing(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("lost")
    items(mentor, other).clear()
    await one.say("not lost")
    await other.receive()
    clock.advance(8 * DAY_S)
    await other.receive()
    assert [entry.count for entry in other.messages if isinstance(entry, Missing)] == [1]
    assert mentor.texts(other.id) == ["not lost"]


async def test_a_reply_key_that_was_used_is_renewed_after_a_week(
    mentee: Device, mentor: Device, clock: FakeClock, node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("hello")
    await other.receive()
    await other.say("hi")
    await one.receive()
    handed_in = len(node.post.handed_in)
    await one.receive()
    assert len(node.post.handed_in) == handed_in
    clock.advance(8 * DAY_S)
    await one.receive()
    assert len(node.post.handed_in) == handed_in + 1
    await other.receive()
    await other.say("good to hear from you")
    await one.receive()
    assert mentee.texts(one.id) == ["hello", "hi", "good to hear from you"]


async def test_two_people_silent_for_sixty_days_go_on(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("see you in two months")
    await other.receive()
    clock.advance(60 * DAY_S)
    await other.say("here I am")
    await one.receive()
    await one.say("me too")
    await other.receive()
    assert mentor.texts(other.id) == ["see you in two months", "here I am", "me too"]
    assert mentee.texts(one.id) == mentor.texts(other.id)


async def test_a_box_is_kept_on_about_once_a_month(
    mentee: Device, mentor: Device, clock: FakeClock, node: SmallNode
) -> None:
    one, _ = await begin(mentee, mentor)
    (box,) = node.post.boxes.values()
    await one.receive()
    first = box.renew_by
    node.seen.clear()
    await one.receive()
    assert [seen for seen in node.seen if seen.method == "PATCH"] == []
    clock.advance(62 * DAY_S)
    await one.receive()
    assert box.renew_by == first + 2


async def test_a_box_that_is_gone_is_opened_again(
    mentee: Device, mentor: Device, clock: FakeClock, node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    await one.receive()
    node.post.boxes.clear()
    clock.advance(62 * DAY_S)
    await one.receive()
    await other.say("still here")
    await one.receive()
    assert mentee.texts(one.id) == ["still here"]


async def test_two_devices_send_and_receive_at_the_same_time(
    people: Correspondents, person: Person, mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    second = await people.device(person)
    desk = second.member.conversations.open(one.id)
    await one.say("from the phone")
    await desk.say("from the desk")
    await one.say("from the phone again")
    await other.receive()
    assert sorted(mentor.texts(other.id)) == [
        "from the desk",
        "from the phone",
        "from the phone again",
    ]
    await other.say("to both")
    await mentee.member.conversations.check()
    await second.member.conversations.check()
    assert sorted(second.texts(one.id)) == sorted([*mentor.texts(other.id)])
    assert sorted(mentee.texts(one.id)) == sorted(second.texts(one.id))


async def test_a_key_that_another_device_made_opens_after_a_look_at_the_vault(
    people: Correspondents, person: Person, mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    second = await people.device(person)
    await other.say("your turn")
    await one.receive()
    await one.say("here")  # with a new reply key, made on the first device
    await other.receive()
    await other.say("for the new key")
    desk = second.member.conversations.open(one.id)
    await desk.receive()  # without having looked at the vault before
    assert "for the new key" in second.texts(one.id)


@pytest.mark.parametrize("when", ["breaks_before", "breaks_after"])
async def test_a_crash_while_receiving_repeats_harmlessly(
    mentee: Device, mentor: Device, other_node: SmallNode, when: str
) -> None:
    one, other = await begin(mentee, mentor)
    await other.receive()
    await one.say("hello")
    setattr(other_node, when, ("PUT", "vault"))
    with pytest.raises(NodeUnreachableError):
        await other.receive()
    setattr(other_node, when, None)
    assert len(items(mentor, other)) == 1
    await other.receive()
    assert mentor.texts(other.id) == ["hello"]
    assert items(mentor, other) == {}


@pytest.mark.parametrize("when", ["breaks_before", "breaks_after"])
async def test_a_crash_while_storing_what_is_sent_repeats_harmlessly(
    mentee: Device, mentor: Device, node: SmallNode, when: str
) -> None:
    one, other = await begin(mentee, mentor)
    setattr(node, when, ("PUT", "vault"))
    with pytest.raises(NodeUnreachableError):
        await one.say("hello")
    setattr(node, when, None)
    await one.receive()
    await other.receive()
    assert mentor.texts(other.id) == ["hello"] == mentee.texts(one.id)


async def test_a_line_that_breaks_while_sending_repeats_harmlessly(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    node.breaks_after = ("PUT", "envelopes")
    with pytest.raises(NodeUnreachableError):
        await one.say("hello")
    node.breaks_after = None
    await one.say("and more")
    await other.receive()
    assert mentor.texts(other.id) == ["hello", "and more"]


async def test_a_lost_device_loses_nothing_that_was_sent(
    people: Correspondents, person: Person, mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("from the old device")
    await other.receive()
    await other.say("to whoever reads it")
    fresh = await people.device(person)
    await fresh.member.conversations.check()
    assert fresh.texts(one.id) == ["from the old device", "to whoever reads it"]
    await fresh.member.conversations.open(one.id).say("from the new one")
    await other.receive()
    assert mentor.texts(other.id)[-1] == "from the new one"


async def test_a_vault_set_back_is_shown_as_a_fork_and_never_as_silence(
    people: Correspondents, person: Person, mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    old = dict(person.vault.chunks)
    await one.say("forgotten by the vault")
    await other.receive()
    person.vault.chunks = old
    back = await people.device(person)
    back.member.keys.copy.device = mentee.member.vault.device  # a copy of the disk
    await back.member.conversations.open(one.id).say("I am back")
    await other.receive()
    forks = [e for e in other.messages if isinstance(e, Shown) and e.is_fork]
    assert {e.body.text for e in forks if isinstance(e.body, Text)} >= {"I am back"}


async def test_a_device_that_finds_its_vault_set_back_goes_on_as_a_new_one(
    people: Correspondents, person: Person, mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    await one.say("a turn")
    await other.receive()
    await other.say("another")
    await one.receive()
    old = dict(person.vault.chunks)
    await one.say("forgotten by the vault")
    await one.say("this as well")
    await other.receive()
    person.vault.chunks = old
    back = await people.device(person)
    back.member.keys.copy.device = device = mentee.member.vault.device
    clock.advance(3600)
    conversation = back.member.conversations.open(one.id)
    for _ in range(3):  # what can't be opened is asked for, and comes again
        await other.say("do you remember?")
        await conversation.receive()
        await other.receive()
    await conversation.receive()
    assert "do you remember?" in back.texts(one.id)
    await conversation.say("I am back")
    assert back.member.vault.device != device
    await other.receive()
    assert "I am back" in mentor.texts(other.id)


async def test_tasks_of_one_program_do_not_write_over_each_other(
    mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    await asyncio.gather(*(one.say(str(number)) for number in range(8)), one.receive())
    await other.receive()
    assert sorted(mentor.texts(other.id)) == [str(number) for number in range(8)]


async def test_checking_asks_for_each_box_once_in_random_order(
    people: Correspondents, mentee: Device, mentor: Device, node: SmallNode
) -> None:
    for _ in range(3):
        await begin(mentee, mentor)
        await mentee.member.conversations.check()
    orders = []
    for _ in range(3):
        node.seen.clear()
        await mentee.member.conversations.check()
        reads = [seen for seen in node.seen if seen.method == "GET" and "mailbox" in seen.path]
        assert len({seen.path for seen in reads}) == len(reads) == 3
        assert not any("authorization" in seen.headers for seen in reads)
        orders.append([seen.path for seen in reads])
    assert len({tuple(order) for order in orders}) > 1


async def test_a_message_is_refused_before_it_is_stored(
    person: Person, mentee: Device, mentor: Device
) -> None:
    one, _ = await begin(mentee, mentor)
    writes = person.vault.writes
    for text in ("", "x" * 12_001, "turned \u202e around"):
        with pytest.raises(MalformedError):
            await one.say(text)
    assert person.vault.writes == writes
    assert mentee.texts(one.id) == []
