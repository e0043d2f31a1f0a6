"""Sessions: proposed, picked, moved, cancelled, taken place; by both at once as well."""

from __future__ import annotations

import pytest

from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import (
    Note,
    SessionEnd,
    SessionEnding,
    SessionPick,
    SessionProposal,
    Slot,
)
from kith_protocol.mentorship.sessions import Session, SessionRules, Times, view_session
from kith_protocol.mentorship.steps import Step, settle
from kith_testing.mentorships import (
    MENTEE,
    MENTOR,
    NOW_MINUTE,
    THING,
    THURSDAY,
    TUESDAY,
    name_of,
    step,
)

LATER = Slot(start=THURSDAY.start + 60, minutes=30, offset=-300)
NAME = b"the first thing."


def propose(
    role: int, *slots: Slot, after: Step | None = None, words: str = "", minute: int = 0
) -> Step:
    before = "" if after is None else name_of(after)
    body = SessionProposal(THING, slots or (TUESDAY, THURSDAY), words=words, after=before)
    return step(body, role, minute=minute or NOW_MINUTE)


def pick(role: int, after: Step, slot: Slot = TUESDAY, offset: int | None = None) -> Step:
    return step(SessionPick(THING, name_of(after), slot.start, offset), role)


def end(
    role: int,
    after: Step,
    how: SessionEnding = "cancelled",
    *,
    words: str = "",
    minute: int = NOW_MINUTE,
) -> Step:
    return step(SessionEnd(THING, name_of(after), how, words), role, minute=minute)


def seen(*steps: Step, role: int = MENTEE, over_minute: int | None = None) -> Session:
    views = []
    for order in (steps, steps[::-1], steps[1:] + steps[:1]):
        settled = settle(order, SessionRules())
        assert settled is not None
        views.append(view_session(NAME, settled, role=role, over_minute=over_minute))
    assert views[0] == views[1] == views[2]
    return views[0]


FIRST = propose(MENTEE, words="after work?")
AGREED = pick(MENTOR, FIRST, offset=120)


def test_times_are_proposed() -> None:
    mine = seen(FIRST)
    assert mine == Session(
        thing=NAME,
        state="proposed",
        picked=None,
        is_picked_by_me=False,
        picker_offset=None,
        proposed=(TUESDAY, THURSDAY),
        is_proposed_by_me=True,
        words="after work?",
        moves=0,
        head=FIRST.hash,
    )
    assert not seen(FIRST, role=MENTOR).is_proposed_by_me


def test_the_other_side_picks_one() -> None:
    theirs = seen(FIRST, AGREED, role=MENTOR)
    assert theirs.state == "agreed"
    assert theirs.picked == TUESDAY
    assert theirs.is_picked_by_me
    assert theirs.picker_offset == 120
    assert theirs.proposed == ()
    assert not theirs.is_proposed_by_me
    assert not seen(FIRST, AGREED).is_picked_by_me


def test_nobody_picks_from_their_own_times() -> None:
    assert seen(FIRST, pick(MENTEE, FIRST)) == seen(FIRST)


def test_a_time_that_was_not_proposed_cannot_be_picked() -> None:
    assert seen(FIRST, pick(MENTOR, FIRST, LATER)) == seen(FIRST)


def test_other_times_take_the_place_of_those_proposed() -> None:
    other = propose(MENTOR, LATER, after=FIRST)
    assert seen(FIRST, other).proposed == (LATER,)
    assert seen(FIRST, other, pick(MENTOR, other, TUESDAY)).state == "proposed"
    assert seen(FIRST, other, pick(MENTEE, other, LATER)).picked == LATER


def test_an_agreed_time_stays_until_another_one_is_picked() -> None:
    move = propose(MENTOR, LATER, after=AGREED)
    moving = seen(FIRST, AGREED, move)
    assert (moving.state, moving.picked, moving.proposed) == ("agreed", TUESDAY, (LATER,))
    assert moving.moves == 0
    moved = seen(FIRST, AGREED, move, pick(MENTEE, move, LATER, offset=60))
    assert (moved.state, moved.picked, moved.moves) == ("agreed", LATER, 1)
    assert moved.picker_offset == 60
    assert moved.is_picked_by_me


def test_saying_no_to_another_time_keeps_the_agreed_one() -> None:
    move = propose(MENTOR, LATER, after=AGREED)
    for role in (MENTEE, MENTOR):
        kept = seen(FIRST, AGREED, move, end(role, move, "declined", words="sorry"))
        assert (kept.state, kept.picked, kept.proposed) == ("agreed", TUESDAY, ())
        assert kept.words == "sorry"


def test_saying_no_to_the_first_times_leaves_none_but_others_can_be_proposed() -> None:
    declined = end(MENTOR, FIRST, "declined")
    assert seen(FIRST, declined).state == "cancelled"
    again = propose(MENTEE, LATER, after=declined)
    assert seen(FIRST, declined, again).state == "proposed"


def test_there_is_nothing_to_decline_where_nothing_is_proposed() -> None:
    assert seen(FIRST, AGREED, end(MENTEE, AGREED, "declined")) == seen(FIRST, AGREED)


@pytest.mark.parametrize("role", [MENTEE, MENTOR])
def test_either_side_cancels_at_any_time_and_that_is_final(role: int) -> None:
    for steps in ((FIRST,), (FIRST, AGREED)):
        gone = end(role, steps[-1], words="I am ill")
        view = seen(*steps, gone)
        assert view.state == "cancelled"
        assert view.words == "I am ill"
        assert seen(*steps, gone, propose(role, LATER, after=gone)) == view
        assert seen(*steps, gone, end(role, gone, "took-place", minute=TUESDAY.start)) == view


def test_cancelling_wins_over_whatever_happened_meanwhile() -> None:
    move = propose(MENTOR, LATER, after=AGREED)
    moved = pick(MENTEE, move, LATER)
    gone = end(MENTEE, AGREED)
    assert seen(FIRST, AGREED, move, moved, gone).state == "cancelled"
    took_place = end(MENTOR, AGREED, "took-place", minute=TUESDAY.start)
    assert seen(FIRST, AGREED, took_place, gone).state == "cancelled"


def test_a_session_has_taken_place_only_once_its_time_has_come() -> None:
    early = end(MENTOR, AGREED, "took-place", minute=TUESDAY.start - 1)
    assert seen(FIRST, AGREED, early) == seen(FIRST, AGREED)
    on_time = end(MENTOR, AGREED, "took-place", minute=TUESDAY.start)
    assert seen(FIRST, AGREED, on_time).state == "took-place"


def test_a_session_that_was_never_agreed_has_not_taken_place() -> None:
    noted = end(MENTOR, FIRST, "took-place", minute=THURSDAY.start)
    assert seen(FIRST, noted) == seen(FIRST)


def test_picking_wins_over_other_proposals_at_the_same_time() -> None:
    other = propose(MENTEE, LATER, after=FIRST)
    further = propose(MENTEE, THURSDAY, after=other)
    assert seen(FIRST, other, AGREED).picked == TUESDAY
    assert seen(FIRST, other, further, AGREED).picked == TUESDAY


def test_taking_times_back_wins_over_picking_at_the_same_time() -> None:
    assert seen(FIRST, AGREED, end(MENTEE, FIRST, "declined")).state == "cancelled"


def test_two_devices_that_pick_differently_agree_on_one() -> None:
    other = pick(MENTOR, FIRST, THURSDAY)
    mine, theirs = seen(FIRST, AGREED, other), seen(FIRST, AGREED, other, role=MENTOR)
    assert mine.head == theirs.head == max(AGREED.hash, other.hash)
    assert mine.picked == theirs.picked


@pytest.mark.parametrize("slots", [(THURSDAY, TUESDAY), (TUESDAY, TUESDAY)])
def test_times_are_different_and_the_earliest_first(slots: tuple[Slot, ...]) -> None:
    assert settle([propose(MENTEE, *slots)], SessionRules()) is None


@pytest.mark.parametrize(
    "body", [pick(MENTOR, FIRST), end(MENTOR, FIRST), step(Note(THING, ""))]
)
def test_a_session_begins_with_times(body: Step) -> None:
    with pytest.raises(UsageError, match="begins with times"):
        SessionRules().begin(body)


def test_what_is_no_part_of_a_session_says_so() -> None:
    with pytest.raises(UsageError, match="no part"):
        SessionRules().follow(Times(), step(Note(THING, "x")))


def test_the_end_of_a_mentorship_cancels_what_was_to_come() -> None:
    before = TUESDAY.start - 1
    open_ = seen(FIRST, over_minute=before)
    assert (open_.state, open_.proposed, open_.is_proposed_by_me) == ("cancelled", (), False)
    gone = seen(FIRST, AGREED, over_minute=before)
    assert (gone.state, gone.picked) == ("cancelled", TUESDAY)


def test_the_end_of_a_mentorship_changes_nothing_of_what_has_been() -> None:
    assert seen(FIRST, AGREED, over_minute=TUESDAY.start).state == "agreed"
    move = propose(MENTOR, LATER, after=AGREED)
    past = seen(FIRST, AGREED, move, over_minute=TUESDAY.start)
    assert (past.state, past.proposed) == ("agreed", ())
    took_place = end(MENTOR, AGREED, "took-place", minute=TUESDAY.start)
    assert seen(FIRST, AGREED, took_place, over_minute=0).state == "took-place"
