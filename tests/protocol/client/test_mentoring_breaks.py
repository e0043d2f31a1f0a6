"""A mentorship when lines break, other devices write meanwhile, or texts cannot be sent."""

import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.conversation.events import Shown
from kith_protocol.day import DAY_S
from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import CheckIn, Closing, Reveal, Terms
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


async def agree(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    """Return both sides of a mentorship that was agreed on, the mentee's first."""
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    one = mentee.member.conversations.open(knock.conversation)
    other = mentor.member.conversations.open(knock.conversation)
    await one.mentorship.propose(Terms(goals=("Finish my CV",)))
    await other.receive()
    await other.mentorship.accept()
    await one.receive()
    return one, other


def count(conversation: Conversation, kind: type, *, is_own: bool) -> int:
    """Return how many messages of one type there are from one side."""
    return sum(
        isinstance(entry, Shown) and entry.is_own == is_own and isinstance(entry.body, kind)
        for entry in conversation.messages
    )


def found_by_the_other(conversation: Conversation) -> Answers | None:
    """Return what the other side found looking back, as far as it is shown."""
    closing = conversation.mentorship.state.closing
    assert closing is not None
    assert not closing.looking_back.is_theirs_false
    return closing.looking_back.theirs


# --- exactly once ----------------------------------------------------------------------


async def test_answers_leave_once_though_two_devices_see_that_it_is_time(
    people: Correspondents,
    person: Person,
    mentee: Device,
    mentor: Device,
    node: SmallNode,
    clock: FakeClock,
) -> None:
    one, other = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    await one.mentorship.check_in("unsure", share=True)
    await other.receive()
    assert count(other, Reveal, is_own=False) == 0
    await other.mentorship.check_in("fine", share=True)
    node.breaks_after = ("POST", "mailboxes")
    with pytest.raises(NodeUnreachableError):
        await one.receive()  # stored, and then the program ended
    node.breaks_after = None
    second = (await people.device(person)).member.conversations.open(one.id)
    assert second.mentorship.state.check_ins[0].is_to_reveal
    await one.receive()
    assert second.mentorship.state.check_ins[0].is_to_reveal  # as it has not looked since
    await second.mentorship.follow_up()
    await second.receive()
    await other.receive()
    assert count(other, Reveal, is_own=False) == 1
    assert count(second, CheckIn, is_own=True) == 1


@pytest.mark.parametrize("call", [("PUT", "envelopes"), ("PUT", "vault")])
async def test_answers_leave_once_after_the_line_broke_when_they_were_to_be_shown(
    mentee: Device, mentor: Device, node: SmallNode, clock: FakeClock, call: tuple[str, str]
) -> None:
    one, other = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    await one.mentorship.check_in("unsure", "too fast", share=True)
    await other.receive()
    await other.mentorship.check_in("fine", share=True)
    node.breaks_before = call
    if call[1] == "vault":
        with pytest.raises(NodeUnreachableError):  # nothing can be read either
            await one.receive()
    else:
        await one.receive()
    await other.receive()
    assert count(other, Reveal, is_own=False) == 0
    node.breaks_before = None
    for _ in range(2):
        await one.receive()
        await other.receive()
    assert count(other, Reveal, is_own=False) == 1
    seen = other.mentorship.check_ins[0].round
    assert seen is not None
    assert seen.theirs == Answers(1, "unsure", ("too fast",))


async def test_what_was_committed_to_is_not_lost_when_it_is_said_again(
    people: Correspondents, person: Person, mentee: Device, mentor: Device, node: SmallNode
) -> None:
    one, other = await agree(mentee, mentor)
    second = (await people.device(person)).member.conversations.open(one.id)
    node.breaks_before = ("PUT", "envelopes")
    with pytest.raises(NodeUnreachableError):
        await one.mentorship.close(reflections=("the first",))
    node.breaks_before = None
    for side in (one, second):
        with pytest.raises(UsageError, match="already"):
            await side.mentorship.close(reflections=("another one",))
        assert side.mentorship.reflections == Answers(0, "", ("the first",))
    await second.receive()
    await other.receive()
    assert count(other, Closing, is_own=False) == 1
    await other.mentorship.close(reflections=("and I",))
    await second.receive()
    await other.receive()
    assert found_by_the_other(other) == Answers(0, "", ("the first",))
    assert found_by_the_other(second) == Answers(0, "", ("and I",))


async def test_a_check_in_counts_as_answered_on_all_devices(
    people: Correspondents, person: Person, mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, _ = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    second = (await people.device(person)).member.conversations.open(one.id)
    assert second.mentorship.due_check_in is not None
    await one.mentorship.check_in("unsure", share=True)
    for share in (False, True):
        with pytest.raises(UsageError, match="no check-in"):
            await second.mentorship.check_in("fine", share=share)
    assert second.mentorship.check_ins[0].mine == Answers(1, "unsure")


# --- what cannot be sent ---------------------------------------------------------------


@pytest.mark.parametrize(
    "reflections",
    [("x" * 801,), ("fine",) * 7, ("left\u202eright",)],
    ids=["too long", "too many", "misleading"],
)
async def test_what_could_not_be_shown_later_is_not_committed_to(
    mentee: Device, mentor: Device, reflections: tuple[str, ...]
) -> None:
    one, other = await agree(mentee, mentor)
    before = len(one.messages)
    with pytest.raises(MalformedError):
        await one.mentorship.close(reflections=reflections)
    assert len(one.messages) == before
    assert one.mentorship.reflections is None
    await one.mentorship.close(reflections=("short enough",))
    await other.receive()
    assert other.mentorship.state.stage == "closed"


@pytest.mark.parametrize("share", [False, True])
async def test_an_answer_out_of_bounds_is_neither_sent_nor_kept(
    mentee: Device, mentor: Device, clock: FakeClock, share: bool
) -> None:
    one, _ = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    before = len(one.messages)
    with pytest.raises(MalformedError):
        await one.mentorship.check_in("fine", "x" * 801, share=share)
    assert len(one.messages) == before
    assert one.mentorship.due_check_in is not None


async def test_answers_that_hold_the_check_phrase_are_not_committed_to(
    mentee: Device, mentor: Device
) -> None:
    one, _ = await agree(mentee, mentor)
    await one.set_check_phrase("silver river boat")
    with pytest.raises(UsageError, match="check phrase"):
        await one.mentorship.close(reflections=("Silver River Boat!",))
    assert one.mentorship.state.stage == "agreed"
    assert one.mentorship.reflections is None


async def test_only_what_belongs_to_the_end_follows_it(mentee: Device, mentor: Device) -> None:
    one, other = await agree(mentee, mentor)
    goal = await one.mentorship.add_goal("Send it", topics=("career.cv",))
    await other.receive()
    await other.mentorship.close()
    await one.receive()
    mine = one.mentorship
    for step in (
        mine.propose(Terms()),
        mine.add_goal("Another one"),
        mine.mark_goal(goal, "reached"),
        mine.add_note("too late"),
    ):
        with pytest.raises(UsageError, match="closed"):
            await step
    await mine.close()
    await mine.thank("Thank you")
    await mine.tell_passed_on()
    await mine.keep_note("my own notes go on")
    with pytest.raises(UsageError, match="already"):
        await mine.close()
    await other.receive()
    assert [one.text for one in other.mentorship.state.thanks] == ["Thank you"]


async def test_a_note_or_goal_of_ones_own_is_changed_only_where_it_is(
    mentee: Device, mentor: Device
) -> None:
    one, _ = await agree(mentee, mentor)
    with pytest.raises(UsageError, match="no such note"):
        await one.mentorship.keep_note("a", note=bytes(16))
    with pytest.raises(UsageError, match="no such goal"):
        await one.mentorship.keep_goal("a", goal=bytes(16))
    goal = await one.mentorship.keep_goal("Be less afraid")
    await one.mentorship.keep_goal("Be less afraid", state="reached", goal=goal)
    assert [kept.state for kept in one.mentorship.private_goals] == ["reached"]


async def test_at_most_three_thanks_are_shown_with_a_card(
    mentee: Device, mentor: Device
) -> None:
    one, other = await agree(mentee, mentor)
    for number in range(4):
        await one.mentorship.thank(f"Thank you {number}", may_show=True)
    await other.receive()
    ids = [thanks.id for thanks in mentor.member.thanks.list()]
    heron = await mentor.member.personas.add("Heron")
    before = len(other.messages)
    with pytest.raises(UsageError, match="three"):
        await other.show_card(heron, thanks=ids)
    assert len(other.messages) == before
    await other.show_card(heron, thanks=ids[:3])


async def test_the_draft_of_an_offer_speaks_the_languages_one_has_shown(
    mentee: Device, mentor: Device
) -> None:
    one, _ = await agree(mentee, mentor)
    await one.mentorship.add_goal("Send it", topics=("career.cv",))
    assert one.mentorship.draft_offer().languages == ("en",)
    await one.show_card(await mentee.member.personas.add("Wren", languages=("pl", "uk")))
    assert one.mentorship.draft_offer().languages == ("pl", "uk")
    assert one.mentorship.draft_offer(languages=("de",)).languages == ("de",)
