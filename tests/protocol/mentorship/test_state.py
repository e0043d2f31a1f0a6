"""A whole mentorship, read from both sides."""

from __future__ import annotations

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_protocol.conversation.bodies import Body, Close, Freeze, Text
from kith_protocol.conversation.events import Entry, Missing
from kith_protocol.mentorship.agreement import Agreement
from kith_protocol.mentorship.blind import CLOSING_ROUND, Answers, commit_answers, reveal_of
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    Note,
    PassedOn,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)
from kith_protocol.mentorship.state import Mentorship, read_mentorship
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorships import (
    BOTH,
    DAY,
    MENTEE,
    MENTOR,
    NOW_MINUTE,
    OTHER_THING,
    THING,
    THURSDAY,
    TUESDAY,
    Scene,
    neutral,
    shown_to,
)

TERMS = Terms(goals=("A portfolio",), cadence="weekly", sessions=6)
THIRD_THING = encode_base64url(b"the third thing.")
OPENING = b"o" * 32


def both_see(scene: Scene) -> Mentorship:
    """Return what the mentee sees, after making sure that the mentor sees the same."""
    views = {role: scene.seen_by(role) for role in BOTH}
    assert neutral(views[MENTEE], MENTEE) == neutral(views[MENTOR], MENTOR)
    return views[MENTEE]


def agreed() -> Scene:
    scene = Scene()
    first = scene.says(MENTEE, AgreementProposal(TERMS))
    scene.says(MENTOR, AgreementAnswer(accepted=True, after=first))
    return scene


def with_sessions() -> Scene:
    """An agreement, a session on Tuesday, and times proposed for another one."""
    scene = agreed()
    first = scene.says(MENTEE, SessionProposal(THING, (TUESDAY, THURSDAY)))
    scene.says(MENTOR, SessionPick(THING, first, TUESDAY.start))
    scene.says(MENTOR, SessionProposal(OTHER_THING, (Slot(TUESDAY.start - DAY, 30),)))
    return scene


def test_nothing_is_there_at_the_beginning() -> None:
    scene = Scene()
    scene.says(MENTEE, Text("Hello"))
    assert both_see(scene) == Mentorship(
        stage="talking",
        agreement=Agreement(),
        sessions=(),
        goals=(),
        notes=(),
        check_ins=(),
        closing=None,
        thanks=(),
        passed_on=(),
    )


def test_it_goes_from_talking_over_a_proposal_to_an_agreement_and_its_end() -> None:
    scene = Scene()
    first = scene.says(MENTOR, AgreementProposal(TERMS))
    assert both_see(scene).stage == "proposed"
    scene.says(MENTEE, AgreementAnswer(accepted=True, after=first))
    assert both_see(scene).stage == "agreed"
    scene.says(MENTOR, Closing())
    assert both_see(scene).stage == "closed"


def test_a_declined_proposal_leads_back_to_talking() -> None:
    scene = Scene()
    first = scene.says(MENTOR, AgreementProposal(TERMS))
    scene.says(MENTEE, AgreementAnswer(accepted=False, after=first))
    assert both_see(scene).stage == "talking"


def test_sessions_stand_by_time_and_those_without_one_last() -> None:
    scene = with_sessions()
    last = scene.says(MENTEE, SessionProposal(THIRD_THING, (THURSDAY,)))
    view = both_see(scene)
    names = [one.thing for one in view.sessions]
    assert names == [parse_base64url(one) for one in (OTHER_THING, THING, THIRD_THING)]
    assert [one.state for one in view.sessions] == ["proposed", "agreed", "proposed"]
    scene.says(MENTOR, SessionEnd(THIRD_THING, last, "declined"))
    assert both_see(scene).sessions[2].state == "cancelled"


def test_one_name_may_stand_for_a_session_a_goal_and_a_note() -> None:
    scene = with_sessions()
    scene.says(MENTEE, Goal(THING, "A portfolio"))
    scene.says(MENTOR, Note(THING, "What we said", session=THING))
    view = both_see(scene)
    assert [one.text for one in view.goals] == ["A portfolio"]
    assert [one.text for one in view.notes] == ["What we said"]
    assert view.sessions[1].state == "agreed"
    assert view.notes[0].session == view.sessions[1].thing


def test_notes_stand_by_time_without_those_put_away() -> None:
    scene = Scene()
    one = scene.says(MENTEE, Note(THING, "later"), minute=NOW_MINUTE + 9)
    scene.says(MENTOR, Note(OTHER_THING, "earlier"))
    scene.says(MENTOR, Note(THIRD_THING, ""))
    assert [note.text for note in both_see(scene).notes] == ["earlier", "later"]
    scene.says(MENTOR, Note(THING, "", after=one))
    assert [note.text for note in both_see(scene).notes] == ["earlier"]


def test_putting_a_note_away_does_not_hide_what_the_other_side_wrote_meanwhile() -> None:
    scene = Scene()
    first = scene.says(MENTEE, Note(THING, "one"))
    scene.says(MENTOR, Note(THING, "", after=first))
    scene.says(MENTEE, Note(THING, "two", after=first))
    assert [note.text for note in both_see(scene).notes] == ["two"]


def test_a_closing_of_one_side_ends_it_for_both() -> None:
    scene = with_sessions()
    scene.says(MENTOR, Closing("It was good.", kept_until=20_900))
    mine, theirs = scene.seen_by(MENTEE).closing, scene.seen_by(MENTOR).closing
    assert mine is not None
    assert theirs is not None
    assert (mine.mine, mine.theirs) == (None, Closing("It was good.", kept_until=20_900))
    assert (theirs.mine, theirs.theirs) == (mine.theirs, mine.mine)
    assert mine.kept_until == 20_900
    assert {one.state for one in both_see(scene).sessions} == {"cancelled"}


def test_a_session_that_was_to_come_is_cancelled_and_one_that_has_been_is_not() -> None:
    scene = with_sessions()
    scene.says(MENTOR, Closing(), minute=TUESDAY.start + 5)
    assert [one.state for one in both_see(scene).sessions] == ["agreed", "cancelled"]


def test_the_first_word_of_the_end_counts() -> None:
    bodies: tuple[Body, ...] = (Closing(), Closing(), Close())
    for first in range(3):
        scene = with_sessions()
        for place, (role, body) in enumerate(
            zip((MENTEE, MENTOR, MENTEE), bodies, strict=True)
        ):
            minute = TUESDAY.start + (-1 if place == first else 1)
            scene.says(role, body, minute=minute)
        assert {one.state for one in both_see(scene).sessions} == {"cancelled"}


def test_of_two_wishes_to_delete_the_earlier_day_counts() -> None:
    scene = agreed()
    scene.says(MENTOR, Closing(kept_until=20_900), minute=NOW_MINUTE + 3)
    scene.says(MENTEE, Closing(kept_until=20_800), minute=NOW_MINUTE + 5)
    closing = both_see(scene).closing
    assert closing is not None
    assert (closing.kept_until, closing.minute) == (20_800, NOW_MINUTE + 3)


def test_without_a_wish_there_is_no_day() -> None:
    scene = agreed()
    scene.says(MENTOR, Closing())
    scene.says(MENTEE, Closing(kept_until=20_800))
    closing = both_see(scene).closing
    assert closing is not None
    assert closing.kept_until == 20_800
    scene = agreed()
    scene.says(MENTOR, Closing())
    closing = both_see(scene).closing
    assert closing is not None
    assert closing.kept_until == 0


def test_what_both_found_looking_back_is_shown_once_both_have_said() -> None:
    scene = agreed()
    found = {role: Answers(CLOSING_ROUND, words=(f"I learned, says {role}.",)) for role in BOTH}
    for role in BOTH:
        commitment = commit_answers(
            found[role], opening=OPENING, conversation=CONVERSATION, role=role
        )
        scene.says(role, Closing(commitment=encode_base64url(commitment)))
    for role in BOTH:
        closing = scene.seen_by(role).closing
        assert closing is not None
        assert closing.looking_back.is_to_reveal
        scene.says(role, reveal_of(found[role], opening=OPENING))
    for role, other in (BOTH, BOTH[::-1]):
        closing = scene.seen_by(role).closing
        assert closing is not None
        assert closing.looking_back.theirs == found[other]
    both_see(scene)


def test_check_ins_stand_by_number() -> None:
    scene = agreed()
    commitment = encode_base64url(bytes(32))
    for number, role in ((3, MENTEE), (1, MENTOR), (3, MENTOR)):
        scene.says(role, CheckIn(number, commitment))
    rounds = both_see(scene).check_ins
    assert [(one.number, one.is_mine_in, one.is_theirs_in) for one in rounds] == [
        (1, False, True),
        (3, True, True),
    ]


def test_the_end_of_the_conversation_is_the_end_of_the_mentorship() -> None:
    for body in (Close(), Freeze()):
        for role in BOTH:
            scene = with_sessions()
            scene.says(role, body)
            view = both_see(scene)
            assert view.stage == "closed"
            assert view.closing is None
            assert {one.state for one in view.sessions} == {"cancelled"}


def test_what_was_on_its_way_when_it_was_closed_is_still_read_but_changes_no_end() -> None:
    scene = with_sessions()
    first = scene.says(MENTEE, Goal(THING, "A portfolio"))
    scene.says(MENTOR, Closing())
    scene.says(MENTEE, Goal(THING, "A portfolio", state="reached", after=first))
    scene.says(MENTEE, SessionProposal(THIRD_THING, (THURSDAY,)))
    view = both_see(scene)
    assert view.stage == "closed"
    assert view.goals[0].state == "reached"
    assert {one.state for one in view.sessions} == {"cancelled"}


def test_thanks_are_those_of_the_mentee() -> None:
    scene = agreed()
    scene.says(MENTEE, Thanks("You made me calm.", may_show=True), minute=NOW_MINUTE + 1)
    scene.says(MENTOR, Thanks("I thank myself."))
    scene.says(MENTEE, Thanks("Thank you."), minute=NOW_MINUTE)
    thanks = both_see(scene).thanks
    assert [(one.text, one.may_show) for one in thanks] == [
        ("Thank you.", False),
        ("You made me calm.", True),
    ]
    assert repr(thanks[0]) == "Thank(...)"


def test_either_side_may_tell_that_they_pass_it_on() -> None:
    scene = agreed()
    scene.says(MENTEE, PassedOn("I offer it now, too."))
    assert [one.words for one in both_see(scene).passed_on] == ["I offer it now, too."]


def test_messages_that_did_not_arrive_change_nothing() -> None:
    scene = with_sessions()
    entries: list[Entry] = [*shown_to(MENTEE, scene.said), Missing(b"lane....", 4, 2)]
    read = read_mentorship(entries, conversation=CONVERSATION, role=MENTEE)
    assert read == scene.seen_by(MENTEE)


def test_it_is_shown_nowhere_by_accident() -> None:
    assert repr(with_sessions().seen_by(MENTEE)) == "Mentorship(...)"
