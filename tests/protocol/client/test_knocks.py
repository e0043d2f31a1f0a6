"""Knocks between members of two communities, over real HTTP."""

from __future__ import annotations

import msgspec
import pytest

from kith_client.errors import NodeUnreachableError, NoKeysError
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.conversation.incoming import words_of
from kith_protocol.conversation.knock_machine import KNOCK_DAYS
from kith_protocol.day import DAY_S
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device
from kith_testing.small_node import SmallNode


@pytest.fixture
async def mentee(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


@pytest.fixture
async def mentor(people: Correspondents, other_node: SmallNode) -> Device:
    return await people.member(other_node)


async def test_a_knock_is_answered_and_becomes_a_conversation(
    mentee: Device, mentor: Device
) -> None:
    wren = await mentee.member.personas.add("Wren", pronouns="they")
    heron = await mentor.member.personas.add("Heron")
    knock = await mentee.member.knocks.knock(
        await mentor.offer(), "Would you read my CV?", hopes="a job", persona=wren
    )
    assert knock.state == "delivered"

    (came,) = (await mentor.member.knocks.check()).knocks
    said = words_of(came)
    assert (said.words, said.hopes) == ("Would you read my CV?", "a job")
    assert said.card is not None
    assert (said.card.pseudonym, said.card.pronouns) == ("Wren", "they")
    assert (await mentor.member.knocks.check()).knocks == ()
    await mentor.member.knocks.accept(came, "Gladly", persona=heron)
    assert mentor.member.knocks.tray == ()

    (answered,) = (await mentee.member.knocks.check()).answers
    assert answered.state == "accepted"
    (one,) = mentee.member.conversations.list()
    (other,) = mentor.member.conversations.list()
    assert one.id == other.id == knock.conversation
    assert one.card is not None
    assert one.card.pseudonym == "Heron"
    assert other.card is not None
    assert other.card.pseudonym == "Wren"
    assert one.is_mentee
    assert not other.is_mentee
    assert (await mentee.member.knocks.check()).answers == ()


async def test_a_declined_knock_closes_its_box(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.decline(
        came, "Sorry, no room just now", suggestions=("career.cv",)
    )
    (answered,) = (await mentee.member.knocks.check()).answers
    assert answered.answer is not None
    assert (answered.state, answered.answer.words, answered.answer.suggestions) == (
        "declined",
        "Sorry, no room just now",
        ("career.cv",),
    )
    assert mentee.member.conversations.list() == ()
    assert node.post.boxes == {}


async def test_a_draft_asks_nobody_anything(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.seen.clear()
    draft = await mentee.member.knocks.draft(offer, "Hello")
    assert draft.state == "draft"
    assert list(mentee.member.knocks.made) == [draft]
    assert await mentee.member.knocks.withdraw(draft) is None
    assert not mentee.member.knocks.made
    assert {seen.path for seen in node.seen} == {"/api/v1/vault"}


async def test_who_is_asked_for_right_before_the_knock_is_handed_in(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.seen.clear()
    await mentee.member.knocks.knock(offer, "Hello")
    calls = [f"{seen.method} {seen.path.split('/')[3]}" for seen in node.seen]
    assert calls == [
        "PUT vault",
        "GET keys",
        "PUT mailboxes",
        "POST who",
        "PUT vault",
        "PUT envelopes",
    ]


async def test_at_most_three_knocks_are_open(mentee: Device, mentor: Device) -> None:
    offer = await mentor.offer()
    made = [await mentee.member.knocks.knock(offer, f"Hello {n}") for n in range(3)]
    with pytest.raises(UsageError, match="three"):
        await mentee.member.knocks.knock(offer, "One more")
    assert "draft" in {one.state for one in mentee.member.knocks.made}
    await mentee.member.knocks.withdraw(made[0], "found somebody")
    draft = next(one for one in mentee.member.knocks.made if one.state == "draft")
    assert (await mentee.member.knocks.send(draft)).state == "delivered"


async def test_a_knock_that_is_taken_back_leaves_the_tray(
    mentee: Device, mentor: Device
) -> None:
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    taken = await mentee.member.knocks.withdraw(knock)
    assert taken is not None
    assert taken.state == "withdrawn"
    await mentor.member.knocks.check()
    assert mentor.member.knocks.tray == ()
    with pytest.raises(UsageError):
        await mentor.member.knocks.accept(came)


async def test_a_withdrawal_that_overtakes_its_knock_counts_all_the_same(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.post.is_holding = True
    await mentee.member.knocks.withdraw(await mentee.member.knocks.knock(offer, "Hello"))
    node.post.waiting.reverse()
    node.post.deliver_all()
    await mentor.member.knocks.check()
    assert [knock.state for knock in mentor.member.knocks.received] == ["withdrawn"]


async def test_a_withdrawal_waits_for_its_knock_and_not_for_ever(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode, clock: FakeClock
) -> None:
    offer = await mentor.offer()
    node.post.is_holding = True
    await mentee.member.knocks.withdraw(await mentee.member.knocks.knock(offer, "Hello"))
    knock, withdrawal = node.post.waiting
    node.post.waiting = [withdrawal]
    node.post.deliver_all()
    for _ in range(2):
        await mentor.member.knocks.check()
        assert mentor.member.knocks.received == ()
    held = [len(box.items) for box in other_node.post.boxes.values()]
    assert sum(held) == 1
    clock.advance(3 * DAY_S)
    await mentor.member.knocks.check()
    assert not any(box.items for box in other_node.post.boxes.values())
    assert knock != withdrawal


async def test_an_unanswered_knock_expires_on_both_sides(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    clock.advance((KNOCK_DAYS + 1) * DAY_S)
    assert mentee.member.knocks.made[0].state == "expired"
    assert mentor.member.knocks.tray == ()
    with pytest.raises(UsageError):
        await mentor.member.knocks.accept(came)


async def test_a_blocked_member_is_recognised_at_a_fresh_knock(
    mentee: Device, mentor: Device, people: Correspondents, other_node: SmallNode
) -> None:
    offer = await mentor.offer()
    await mentee.member.knocks.knock(offer, "Something unkind")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.block(came)
    assert mentor.member.knocks.tray == ()
    again = await mentee.member.knocks.knock(offer, "I am somebody else")
    assert again.state == "delivered"
    assert (await mentor.member.knocks.check()).knocks == ()
    # Somebody else is let in, and lifting the block lets the first one in again.
    another = await people.member(mentee.node)
    await another.member.knocks.knock(offer, "Hello")
    assert len((await mentor.member.knocks.check()).knocks) == 1
    (block,) = mentor.member.blocks.list()
    await mentor.member.blocks.lift(block.id)
    await mentee.member.knocks.knock(offer, "Sorry")
    assert len((await mentor.member.knocks.check()).knocks) == 1
    assert len(other_node.post.boxes) == 1


async def test_a_replayed_knock_never_shows_twice(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    ((address, box),) = other_node.post.boxes.items()
    (item,) = box.items.values()
    await mentor.member.knocks.check()
    other_node.post.take(item.envelope, item.node)
    assert (await mentor.member.knocks.check()).knocks == ()
    assert other_node.post.boxes[address].items == {}


async def test_what_carries_no_stamp_of_its_node_is_dropped(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    ((address, box),) = other_node.post.boxes.items()
    (item,) = box.items.values()
    box.items = {item.id: msgspec.structs.replace(item, node=other_node.origin)}
    assert (await mentor.member.knocks.check()).knocks == ()
    assert other_node.post.boxes[address].items == {}


async def test_what_came_from_a_node_that_nobody_knows_is_left_to_expire(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    ((address, box),) = other_node.post.boxes.items()
    (item,) = box.items.values()
    box.items = {item.id: msgspec.structs.replace(item, node="https://gone.example")}
    assert (await mentor.member.knocks.check()).knocks == ()
    assert len(other_node.post.boxes[address].items) == 1


async def test_nothing_is_acknowledged_before_it_lies_in_the_stored_vault(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (box,) = other_node.post.boxes.values()
    await mentor.member.refresh()
    other_node.breaks_before = ("PUT", "vault")
    with pytest.raises(NodeUnreachableError):
        await mentor.member.knocks.check()
    assert len(box.items) == 1
    other_node.breaks_before, other_node.breaks_after = None, ("PUT", "vault")
    with pytest.raises(NodeUnreachableError):
        await mentor.member.knocks.check()
    assert len(box.items) == 1
    other_node.breaks_after = None
    assert (await mentor.member.knocks.check()).knocks == ()  # it is in the tray already
    assert len(mentor.member.knocks.tray) == 1
    assert box.items == {}


async def test_a_knock_that_was_stored_and_not_sent_is_sent_once(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.breaks_after = ("PUT", "envelopes")
    with pytest.raises(NodeUnreachableError):
        await mentee.member.knocks.knock(offer, "Hello")
    node.breaks_after = None
    assert mentee.member.knocks.made[0].state == "queued"
    await mentee.member.knocks.check()
    assert len(node.post.handed_in) == 1
    assert len((await mentor.member.knocks.check()).knocks) == 1


async def test_a_knock_that_was_never_stored_was_never_sent(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    draft = await mentee.member.knocks.draft(offer, "Hello")
    node.breaks_before = ("PUT", "vault")
    with pytest.raises(NodeUnreachableError):
        await mentee.member.knocks.send(draft)
    node.breaks_before = None
    assert node.post.handed_in == {}


async def test_news_of_an_envelope_move_the_knock(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    node.post.is_holding = True
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    assert knock.state == "queued"
    await mentee.member.knocks.check()
    assert [one.state for one in mentee.member.knocks.made] == ["queued"]
    node.post.deliver_all()
    await mentee.member.knocks.check()
    assert [one.state for one in mentee.member.knocks.made] == ["delivered"]


async def test_a_knock_that_failed_can_be_sent_again(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.post.is_holding = True
    knock = await mentee.member.knocks.knock(offer, "Hello")
    del node.post.network[other_node.origin]
    node.post.deliver_all()
    await mentee.member.knocks.check()
    assert mentee.member.knocks.made[0].state == "failed"
    node.post.connect(other_node.post)
    node.post.is_holding = False
    assert (await mentee.member.knocks.send(knock)).state == "delivered"
    assert len((await mentor.member.knocks.check()).knocks) == 1


async def test_all_knocks_are_of_one_size(
    mentee: Device, mentor: Device, node: SmallNode
) -> None:
    offer = await mentor.offer()
    persona = await mentee.member.personas.add("Wren", about="x" * 300)
    await mentee.member.knocks.knock(offer, "a")
    await mentee.member.knocks.knock(offer, "b" * 800, hopes="c" * 200, persona=persona)
    sizes = {len(node.post.inside(handle).unstamped.sealed) for handle in node.post.handed_in}
    assert sizes == {8192}
    assert all(node.post.inside(handle).is_slow for handle in node.post.handed_in)


async def test_boxes_are_asked_for_one_by_one_in_random_order_without_a_session(
    people: Correspondents, mentor: Device, node: SmallNode
) -> None:
    device = await people.member(node)
    for _ in range(4):
        await device.offer()
    offer = await mentor.offer()
    for number in range(3):
        await device.member.knocks.knock(offer, f"Hello {number}")
    orders = []
    for _ in range(2):
        node.seen.clear()
        await device.member.knocks.check()
        reads = [
            seen for seen in node.seen if seen.method == "GET" and "mailboxes" in seen.path
        ]
        assert len({seen.path for seen in reads}) == len(reads) == 7
        assert not any("authorization" in seen.headers for seen in reads)
        orders.append([seen.path for seen in reads])
    made = [encode_base64url(address) for address in node.post.boxes]
    assert orders[0] != orders[1]
    assert [path.rsplit("/", 1)[1] for path in orders[0]] != made


async def test_an_offer_without_keys_for_this_week_takes_no_knocks(
    mentee: Device, mentor: Device, other_node: SmallNode
) -> None:
    offer = await mentor.offer()
    other_node.offers.clear()
    with pytest.raises(NoKeysError):
        await mentee.member.knocks.knock(offer, "Hello")
    assert mentee.member.knocks.made[0].state == "draft"


async def test_two_devices_of_the_mentee_see_one_knock_and_one_answer(
    people: Correspondents, mentor: Device, node: SmallNode
) -> None:
    person = people.person(node)
    phone, desk = await people.device(person), await people.device(person)
    await phone.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came)
    assert len((await desk.member.knocks.check()).answers) == 1
    await phone.member.knocks.check()
    for device in (phone, desk):
        assert [one.state for one in device.member.knocks.made] == ["accepted"]
        assert len(device.member.conversations.list()) == 1


async def test_two_devices_of_the_mentor_may_accept_at_the_same_time(
    people: Correspondents, mentee: Device, other_node: SmallNode
) -> None:
    person = people.person(other_node)
    phone, desk = await people.device(person), await people.device(person)
    knock = await mentee.member.knocks.knock(await phone.offer(), "Hello")
    (one,) = (await phone.member.knocks.check()).knocks
    await desk.member.knocks.check()
    (other,) = desk.member.knocks.tray
    await phone.member.knocks.accept(one, "from the phone")
    await desk.member.knocks.accept(other, "from the desk")
    await mentee.member.knocks.check()
    (conversation,) = mentee.member.conversations.list()
    await conversation.receive()
    await conversation.say("to both")
    for device in (phone, desk):
        await device.member.conversations.check()
        assert device.texts(knock.conversation) == ["to both"]


async def test_only_the_address_of_an_offer_can_be_knocked_at(mentee: Device) -> None:
    with pytest.raises(MalformedError):
        await mentee.member.knocks.knock("https://one.example/actor", "Hello")
