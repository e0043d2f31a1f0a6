"""What has been written and cannot leave: one node that is cut off holds nothing else up."""

import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError, ProblemError
from kith_testing.correspondents import Correspondents, Device
from kith_testing.small_node import SmallNode


@pytest.fixture
async def mentee(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


@pytest.fixture
async def mentor(people: Correspondents, other_node: SmallNode) -> Device:
    return await people.member(other_node)


async def begin(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    return (
        mentee.member.conversations.open(knock.conversation),
        mentor.member.conversations.open(knock.conversation),
    )


async def test_a_message_to_a_node_that_is_cut_off_does_not_keep_others_from_being_read(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    node.post.refused.add(other_node.origin)
    with pytest.raises(ProblemError) as raised:
        await one.say("are you there?")
    assert raised.value.code == "unreachable-node"
    await other.say("still with you")
    await one.receive()
    assert mentee.texts(one.id) == ["are you there?", "still with you"]
    await mentee.member.conversations.check()


async def test_what_could_not_be_delivered_goes_with_the_next_that_can(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    node.post.refused.add(other_node.origin)
    for words in ("are you there?", "still there?"):
        with pytest.raises(ProblemError):
            await one.say(words)
    node.post.refused.clear()
    await one.say("now you can be reached")
    await other.receive()
    have = ["are you there?", "still there?", "now you can be reached"]
    assert mentor.texts(other.id) == have
    assert node.post.waiting == []


async def test_a_message_that_was_never_sent_does_not_either(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    one, other = await begin(mentee, mentor)
    node.breaks_before = ("PUT", "envelopes")
    with pytest.raises(NodeUnreachableError):
        await one.say("are you there?")
    node.breaks_before = None
    node.post.refused.add(other_node.origin)
    await other.say("still with you")
    await one.receive()
    assert "still with you" in mentee.texts(one.id)


async def test_a_knock_that_the_node_does_not_take_is_failed_and_holds_nothing_up(
    mentee: Device, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    offer = await mentor.offer()
    node.post.refused.add(other_node.origin)
    with pytest.raises(ProblemError):
        await mentee.member.knocks.knock(offer, "Hello")
    await mentee.member.knocks.check()
    assert [knock.state for knock in mentee.member.knocks.made] == ["failed"]
    node.post.refused.clear()
    node.post.is_holding = True
    [knock] = mentee.member.knocks.made
    await mentee.member.knocks.send(knock)
    await mentee.member.knocks.check()
    assert [knock.state for knock in mentee.member.knocks.made] == ["queued"]
    node.post.deliver_all()
    assert len((await mentor.member.knocks.check()).knocks) == 1
    await mentee.member.knocks.check()
    assert [knock.state for knock in mentee.member.knocks.made] == ["delivered"]
