"""Shared goals and notes: either side changes them, and nobody's words vanish unseen."""

from __future__ import annotations

import pytest

from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import Goal, GoalState, Note
from kith_protocol.mentorship.goals import (
    GoalRules,
    NoteRules,
    SharedGoal,
    SharedNote,
    view_goal,
    view_note,
)
from kith_protocol.mentorship.steps import Step, settle
from kith_testing.mentorships import (
    MENTEE,
    MENTOR,
    NOW_MINUTE,
    OTHER_THING,
    THING,
    name_of,
    step,
)

NAME = b"the first thing."


def goal(
    text: str, *, role: int = MENTEE, state: GoalState = "open", after: Step | None = None
) -> Step:
    before = "" if after is None else name_of(after)
    return step(Goal(THING, text, state, ("career.cv",), before), role)


def note(
    text: str, *, role: int = MENTEE, after: Step | None = None, session: str = ""
) -> Step:
    before = "" if after is None else name_of(after)
    return step(Note(THING, text, session=session, after=before), role)


def seen_goal(*steps: Step, role: int = MENTEE) -> SharedGoal:
    views = []
    for order in (steps, steps[::-1]):
        settled = settle(order, GoalRules())
        assert settled is not None
        views.append(view_goal(NAME, settled, role=role))
    assert views[0] == views[1]
    return views[0]


def seen_note(*steps: Step, role: int = MENTEE) -> SharedNote:
    views = []
    for order in (steps, steps[::-1]):
        settled = settle(order, NoteRules())
        assert settled is not None
        views.append(view_note(NAME, settled, role=role))
    assert views[0] == views[1]
    return views[0]


GOAL = goal("A portfolio")
NOTE = note("What we said on Tuesday")


def test_a_goal_is_as_it_was_last_said() -> None:
    reached = goal("A portfolio", state="reached", role=MENTOR, after=GOAL)
    assert seen_goal(GOAL, reached) == SharedGoal(
        thing=NAME,
        text="A portfolio",
        state="reached",
        topics=("career.cv",),
        is_mine=True,
        rivals=(),
        head=reached.hash,
    )
    assert not seen_goal(GOAL, reached, role=MENTOR).is_mine


def test_a_goal_that_was_reached_or_dropped_can_be_opened_again() -> None:
    steps = [GOAL]
    states: tuple[GoalState, ...] = ("reached", "open", "dropped", "open")
    for state in states:
        steps.append(goal("A portfolio", state=state, after=steps[-1]))
        assert seen_goal(*steps).state == state


def test_of_two_changes_at_the_same_time_one_counts_and_the_other_is_shown_beside_it() -> None:
    mine, theirs = goal("Mine", after=GOAL), goal("Theirs", role=MENTOR, after=GOAL)
    one, other = seen_goal(GOAL, mine, theirs), seen_goal(GOAL, mine, theirs, role=MENTOR)
    assert {one.text, *one.rivals} == {"Mine", "Theirs"}
    assert (one.text, one.rivals, one.head) == (other.text, other.rivals, other.head)


def test_the_next_change_settles_it() -> None:
    mine, theirs = goal("Mine", after=GOAL), goal("Theirs", role=MENTOR, after=GOAL)
    head = max((mine, theirs), key=lambda one: one.hash)
    both = goal("Mine and theirs", after=head)
    settled = seen_goal(GOAL, mine, theirs, both)
    assert (settled.text, settled.rivals) == ("Mine and theirs", ())


def test_what_was_reached_stays_reached_when_the_other_side_changed_it_meanwhile() -> None:
    reached = goal("A portfolio", state="reached", role=MENTOR, after=GOAL)
    for number in range(8):
        changed = goal(f"A portfolio, version {number}", after=GOAL)
        view = seen_goal(GOAL, reached, changed)
        assert view.state == "reached"
        assert view.rivals == (f"A portfolio, version {number}",)


def test_the_same_words_twice_are_no_rivals() -> None:
    mine, theirs = goal("Same", after=GOAL), goal("Same", role=MENTOR, after=GOAL)
    assert seen_goal(GOAL, mine, theirs).rivals == ()


def test_a_note_is_as_it_was_last_said() -> None:
    changed = note("More", role=MENTOR, after=NOTE, session=OTHER_THING)
    assert seen_note(NOTE, changed) == SharedNote(
        thing=NAME,
        text="More",
        session=b"the other thing.",
        minute=NOW_MINUTE,
        is_mine=True,
        rivals=(),
        head=changed.hash,
    )


def test_a_note_is_put_away_and_can_be_taken_out_again() -> None:
    away = note("", role=MENTOR, after=NOTE)
    assert seen_note(NOTE, away).text == ""
    assert seen_note(NOTE, away, note("Again", after=away)).text == "Again"


def test_text_wins_over_putting_away_at_the_same_time() -> None:
    away = note("", role=MENTOR, after=NOTE)
    for number in range(8):
        view = seen_note(NOTE, away, note(f"More {number}", after=NOTE))
        assert view.text == f"More {number}"
        assert view.rivals == ()


def test_a_change_of_what_nobody_knows_changes_nothing() -> None:
    elsewhere = goal("Another", after=goal("that never came"))
    assert seen_goal(GOAL, elsewhere) == seen_goal(GOAL)
    assert settle([elsewhere], GoalRules()) is None


def test_goals_and_notes_are_never_mixed() -> None:
    with pytest.raises(UsageError, match="no goal"):
        GoalRules().begin(NOTE)
    with pytest.raises(UsageError, match="no note"):
        NoteRules().begin(GOAL)
    assert settle([GOAL, note("x", after=GOAL)], GoalRules()) == settle([GOAL], GoalRules())
