"""The tables of knock states: what moves, what does not, and that both sides agree."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.conversation.knock_machine import (
    MAX_OPEN_KNOCKS,
    KnockEvent,
    KnockState,
    may_knock,
    rank_of,
    step_incoming,
    step_outgoing,
)

STATES: tuple[KnockState, ...] = get_args(KnockState)
EVENTS: tuple[KnockEvent, ...] = get_args(KnockEvent)


def test_what_is_not_in_the_table_changes_nothing_and_says_why() -> None:
    for state in STATES:
        for event in EVENTS:
            for step in (step_outgoing(state, event), step_incoming(state, event)):
                assert bool(step.reason) == (step.state == state)


def test_nothing_moves_an_accepted_knock() -> None:
    for event in EVENTS:
        assert step_outgoing("accepted", event).state == "accepted"
        assert step_incoming("accepted", event).state == "accepted"


def test_a_final_state_only_gives_way_to_a_higher_one() -> None:
    final = [state for state in STATES if rank_of(state) >= rank_of("expired")]
    for state in final:
        for event in EVENTS:
            assert rank_of(step_outgoing(state, event).state) >= rank_of(state)
            assert rank_of(step_incoming(state, event).state) >= rank_of(state)


def test_at_most_three_knocks_are_open() -> None:
    two: list[KnockState] = ["queued", "delivered"]
    rest: list[KnockState] = [state for state in STATES if state not in two]
    assert may_knock([*two, *rest])
    assert not may_knock([*two, "queued", *rest])
    assert MAX_OPEN_KNOCKS == 3


@given(st.lists(st.sampled_from(EVENTS)), st.permutations(["accept", "time-up", "withdraw"]))
def test_an_acceptance_is_seen_in_whatever_order_things_happen(
    before: list[KnockEvent], order: list[KnockEvent]
) -> None:
    state: KnockState = "queued"
    for event in (*before, *order):
        state = step_outgoing(state, event).state
    assert state == "accepted"


@given(st.lists(st.sampled_from(EVENTS)), st.lists(st.sampled_from(EVENTS)))
def test_both_sides_agree_whether_it_was_accepted(
    mentee: list[KnockEvent], mentor: list[KnockEvent]
) -> None:
    """The mentor decides by their own table; whether they accepted is all the mentee hears."""
    there: KnockState = "delivered"
    for event in mentor:
        there = step_incoming(there, event).state
    here: KnockState = "queued"
    local = [event for event in mentee if event not in ("accept", "decline")]
    answer: list[KnockEvent] = ["accept"] if there == "accepted" else []
    for event in (*local, *answer):
        here = step_outgoing(here, event).state
    assert (here == "accepted") == (there == "accepted")
