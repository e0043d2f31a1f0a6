"""A mentorship between two members, each with their own device, over two small nodes."""

import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_client.export_document import encode_export, parse_export
from kith_client.export_html import render_export
from kith_crypto.errors import UsageError
from kith_protocol.day import DAY_S
from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import Slot, Terms
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device, Person
from kith_testing.small_node import SmallNode

TERMS = Terms(goals=("Finish my CV",), cadence="weekly", sessions=3, minutes=45)
OTHER = Terms(goals=("Finish my CV",), cadence="monthly", sessions=2, minutes=60)


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
    """Return both sides of a conversation that has begun, the mentee's first."""
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    return (
        mentee.member.conversations.open(knock.conversation),
        mentor.member.conversations.open(knock.conversation),
    )


async def agree(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    one, other = await begin(mentee, mentor)
    await one.mentorship.propose(TERMS)
    await other.receive()
    await other.mentorship.accept()
    await one.receive()
    return one, other


# --- agreement -----------------------------------------------------------------------


async def test_terms_are_in_force_once_the_other_side_accepts_them(
    mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    assert one.mentorship.state.stage == "talking"
    await one.mentorship.propose(TERMS)
    with pytest.raises(UsageError, match="your own"):
        await one.mentorship.accept()
    await other.receive()
    assert other.mentorship.state.stage == "proposed"
    await other.mentorship.accept()
    await one.receive()
    for side in (one, other):
        assert side.mentorship.state.agreement.terms == TERMS
        assert side.mentorship.state.stage == "agreed"


async def test_a_change_leaves_terms_in_force_until_it_is_accepted(
    mentee: Device, mentor: Device
) -> None:
    one, other = await agree(mentee, mentor)
    await other.mentorship.propose(OTHER)
    await one.receive()
    assert one.mentorship.state.agreement.terms == TERMS
    await one.mentorship.decline()
    await other.receive()
    assert other.mentorship.state.agreement.proposed is None
    assert other.mentorship.state.agreement.terms == TERMS


async def test_what_is_not_possible_is_neither_sent_nor_kept(
    mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    before = len(one.messages)
    for step in (one.mentorship.accept(), one.mentorship.pick(bytes(16), 5)):
        with pytest.raises(UsageError):
            await step
    assert len(one.messages) == before
    await other.receive()
    assert other.mentorship.state.stage == "talking"


# --- sessions ------------------------------------------------------------------------


async def test_a_session_is_proposed_picked_moved_and_took_place(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    start = clock.now() // 60 + 60
    slots = (Slot(start, 45, 60), Slot(start + 90, 45, 60))
    session = await one.mentorship.propose_session(slots, "at last")
    await other.receive()
    await other.mentorship.pick(session, start + 90, -300)
    await one.receive()
    [seen] = one.mentorship.state.sessions
    assert (seen.state, seen.picked, seen.picker_offset) == ("agreed", slots[1], -300)
    await one.mentorship.move_session(session, [Slot(start, 45)])
    await other.receive()
    assert other.mentorship.state.sessions[0].picked == slots[1]
    await other.mentorship.pick(session, start)
    with pytest.raises(UsageError, match="time has come"):
        await other.mentorship.session_took_place(session)
    clock.advance(2 * 3600)
    await other.mentorship.session_took_place(session)
    await one.receive()
    [seen] = one.mentorship.state.sessions
    assert (seen.state, seen.moves) == ("took-place", 1)


async def test_a_session_in_the_past_is_not_proposed(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, _ = await begin(mentee, mentor)
    with pytest.raises(UsageError, match="past"):
        await one.mentorship.propose_session([Slot(clock.now() // 60 - 1, 45)])


async def test_cancelling_wins_over_what_the_other_side_does_meanwhile(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await begin(mentee, mentor)
    start = clock.now() // 60 + 60
    session = await one.mentorship.propose_session([Slot(start, 45)])
    await other.receive()
    await other.mentorship.pick(session, start)
    await one.mentorship.cancel_session(session, "I am ill")
    await other.receive()
    await one.receive()
    for side in (one, other):
        assert side.mentorship.state.sessions[0].state == "cancelled"


# --- goals and notes -----------------------------------------------------------------


async def test_goals_and_notes_are_shared_and_changed_by_either(
    mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    goal = await one.mentorship.add_goal("Send it", topics=("career.cv",))
    note = await other.mentorship.add_note("Begin with the end")
    await one.receive()
    await other.receive()
    await other.mentorship.mark_goal(goal, "reached")
    await one.mentorship.edit_note(note, "Begin with the end, then go back")
    await one.receive()
    await other.receive()
    for side in (one, other):
        state = side.mentorship.state
        assert [(goal.text, goal.state) for goal in state.goals] == [("Send it", "reached")]
        assert [note.text for note in state.notes] == ["Begin with the end, then go back"]
    await other.mentorship.put_away_note(note)
    await one.receive()
    assert one.mentorship.state.notes == ()


async def test_notes_and_goals_of_ones_own_stay_in_the_vault(
    people: Correspondents, person: Person, mentee: Device, mentor: Device
) -> None:
    one, other = await begin(mentee, mentor)
    sent = len(one.messages)
    note = await one.mentorship.keep_note("ask about the gap of two years")
    goal = await one.mentorship.keep_goal("be less afraid")
    assert len(one.messages) == sent
    await other.receive()
    assert other.mentorship.private_notes == ()
    second = await people.device(person)
    mine = second.member.conversations.open(one.id).mentorship
    assert [kept.text for kept in mine.private_notes] == ["ask about the gap of two years"]
    assert [kept.text for kept in mine.private_goals] == ["be less afraid"]
    await one.mentorship.keep_note("asked", note=note)
    assert [kept.text for kept in one.mentorship.private_notes] == ["asked"]
    await one.mentorship.drop_note(note)
    await one.mentorship.drop_goal(goal)
    assert (one.mentorship.private_notes, one.mentorship.private_goals) == ((), ())
    with pytest.raises(UsageError):
        await one.mentorship.drop_note(note)


# --- check-ins -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "number"),
    [(0, None), (6, None), (7, 1), (20, 1), (21, 2), (50, 2), (51, 3), (81, 4), (110, 4)],
)
async def test_check_ins_come_after_one_week_three_weeks_and_then_monthly(
    mentee: Device, mentor: Device, clock: FakeClock, days: int, number: int | None
) -> None:
    one, _ = await agree(mentee, mentor)
    clock.advance(days * DAY_S)
    due = one.mentorship.due_check_in
    assert (due and due.number) == number


async def test_an_answer_is_ones_own_unless_it_is_shared(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await agree(mentee, mentor)
    with pytest.raises(UsageError, match="no check-in"):
        await one.mentorship.check_in("fine")
    clock.advance(7 * DAY_S)
    await one.mentorship.check_in("unsure", "too fast")
    assert one.mentorship.due_check_in is None
    await other.receive()
    assert other.mentorship.check_ins == ()
    [mine] = one.mentorship.check_ins
    assert mine.mine == Answers(1, "unsure", ("too fast",))


async def test_shared_answers_are_shown_once_both_are_in(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    await one.mentorship.check_in("unsure", "too fast", share=True)
    await other.receive()
    [seen] = other.mentorship.check_ins
    assert seen.round is not None
    assert seen.round.is_theirs_in
    assert seen.round.theirs is None
    await other.mentorship.check_in("fine", share=True)
    await one.receive()
    await other.receive()
    mine, theirs = one.mentorship.check_ins[0].round, other.mentorship.check_ins[0].round
    assert mine is not None
    assert theirs is not None
    assert mine.theirs == Answers(1, "fine")
    assert theirs.theirs == Answers(1, "unsure", ("too fast",))


async def test_a_shared_answer_is_shown_by_any_device_and_after_a_broken_line(
    people: Correspondents,
    person: Person,
    mentee: Device,
    mentor: Device,
    node: SmallNode,
    clock: FakeClock,
) -> None:
    one, other = await agree(mentee, mentor)
    clock.advance(7 * DAY_S)
    node.breaks_before = ("PUT", "envelopes")
    with pytest.raises(NodeUnreachableError):
        await one.mentorship.check_in("unsure", share=True)
    node.breaks_before = None
    second = await people.device(person)
    mine = second.member.conversations.open(one.id)
    await mine.receive()  # sends what was stored
    await other.receive()
    await other.mentorship.check_in("fine", share=True)
    await mine.receive()
    await other.receive()
    await other.receive()
    seen = other.mentorship.check_ins[0].round
    assert seen is not None
    assert seen.theirs == Answers(1, "unsure")
    assert not seen.is_theirs_false


# --- the end -------------------------------------------------------------------------


async def test_either_side_closes_alone_and_it_is_over_for_both(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await agree(mentee, mentor)
    start = clock.now() // 60 + 60
    await one.mentorship.propose_session([Slot(start, 45)])
    await other.mentorship.close("I have to stop")
    await one.receive()
    await other.receive()
    for side in (one, other):
        assert side.mentorship.state.stage == "closed"
        assert side.mentorship.state.sessions[0].state == "cancelled"
        with pytest.raises(UsageError, match="closed"):
            await side.mentorship.propose(OTHER)
    await one.say("All the best!")  # the conversation goes on until it is ended itself


async def test_what_both_found_is_shown_once_both_have_said_it(
    mentee: Device, mentor: Device
) -> None:
    one, other = await agree(mentee, mentor)
    await one.mentorship.close(reflections=("I ask earlier now",))
    await other.receive()
    closing = other.mentorship.state.closing
    assert closing is not None
    assert closing.looking_back.theirs is None
    await other.mentorship.close(reflections=("so do I",))
    await one.receive()
    await other.receive()
    found = [side.mentorship.state.closing for side in (one, other)]
    assert [one and one.looking_back.theirs for one in found] == [
        Answers(0, "", ("so do I",)),
        Answers(0, "", ("I ask earlier now",)),
    ]


async def test_a_thanks_belongs_to_the_mentor_and_outlives_the_conversation(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await agree(mentee, mentor)
    today = clock.now() // DAY_S
    await one.mentorship.thank("You took your time", may_show=True)
    with pytest.raises(UsageError, match="mentee"):
        await other.mentorship.thank("and you yours")
    await one.mentorship.close(kept_until=today + 30)
    await other.receive()
    await other.mentorship.close(kept_until=today + 10)
    await one.receive()
    assert other.mentorship.kept_until == today + 10
    assert one.mentorship.kept_until == today + 14  # two weeks after the mentor's was read
    clock.advance(10 * DAY_S)
    assert await mentor.member.conversations.tidy() == (other.id,)
    assert await mentee.member.conversations.tidy() == ()
    clock.advance(4 * DAY_S)
    await mentee.member.conversations.check()
    for member in (mentor.member, mentee.member):
        assert member.conversations.list() == ()
        kept = {kind for kind in ("talk", "page", "seed", "lane") if member.vault.list(kind)}
        assert kept == set()
    [thanks] = mentor.member.thanks.list()
    assert (thanks.text, thanks.may_show) == ("You took your time", True)
    assert mentee.member.thanks.list() == ()
    await mentor.member.thanks.drop(thanks.id)
    assert mentor.member.thanks.list() == ()


async def test_a_thanks_is_shown_with_a_card_if_whoever_gave_it_lets_it(
    mentee: Device, mentor: Device
) -> None:
    one, other = await agree(mentee, mentor)
    await one.mentorship.thank("Thank you", may_show=True)
    await one.mentorship.thank("for your patience")
    await other.receive()
    heron = await mentor.member.personas.add("Heron")
    ids = {thanks.text: thanks.id for thanks in mentor.member.thanks.list()}
    with pytest.raises(UsageError, match="did not say"):
        await other.show_card(heron, thanks=[ids["for your patience"]])
    await other.show_card(heron, thanks=[ids["Thank you"]])
    await one.receive()
    assert one.card is not None
    assert one.card.thanks == ("Thank you",)


async def test_a_thanks_thrown_away_does_not_come_back(mentee: Device, mentor: Device) -> None:
    one, other = await agree(mentee, mentor)
    await one.mentorship.thank("Thank you")
    await other.receive()
    [thanks] = mentor.member.thanks.list()
    await mentor.member.thanks.drop(thanks.id)
    await one.say("and good night")
    await other.receive()
    assert mentor.member.thanks.list() == ()


async def test_what_was_learned_becomes_the_draft_of_an_offer(
    mentee: Device, mentor: Device
) -> None:
    one, other = await agree(mentee, mentor)
    with pytest.raises(UsageError, match="topic"):
        one.mentorship.draft_offer()
    await one.mentorship.add_goal("Read more", topics=("history.oral",))
    goal = await one.mentorship.add_goal("Send it", topics=("career.cv",))
    await one.mentorship.mark_goal(goal, "reached")
    await one.mentorship.close()
    draft = one.mentorship.draft_offer(languages=("pl",))
    assert draft.topics == ("career.cv", "history.oral")
    assert (draft.languages, draft.level, draft.summary) == (("pl",), ("starting",), {})
    await one.mentorship.tell_passed_on("to two people")
    await other.receive()
    assert [told.words for told in other.mentorship.state.passed_on] == ["to two people"]


async def test_an_export_holds_the_whole_mentorship(
    mentee: Device, mentor: Device, clock: FakeClock
) -> None:
    one, other = await agree(mentee, mentor)
    session = await one.mentorship.propose_session([Slot(clock.now() // 60 + 60, 45)])
    await other.receive()
    await other.mentorship.pick(session, clock.now() // 60 + 60)
    await one.mentorship.add_goal("Send it", topics=("career.cv",))
    await one.mentorship.keep_note("ask about the gap", session=session)
    await one.mentorship.close("so long", reflections=("I ask earlier now",))
    await one.mentorship.thank("You took your time")
    await one.receive()
    export = mentee.member.export()
    assert parse_export(encode_export(export)) == export
    [conversation] = export.conversations
    mentorship = conversation.mentorship
    assert mentorship is not None
    assert mentorship.terms is not None
    assert mentorship.terms.goals == ("Finish my CV",)
    assert [note.is_private for note in mentorship.notes] == [True]
    assert [answers.words for answers in mentorship.answers] == [("I ask earlier now",)]
    page = render_export(export)
    said = ("Finish my CV", "Send it", "ask about the gap", "I ask earlier now", "so long")
    for words in (*said, "You took your time"):
        assert words in page
    await other.receive()
    assert [one.text for one in mentor.member.export().thanks] == ["You took your time"]
