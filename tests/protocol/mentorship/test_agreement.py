"""The agreement: who may say what, and what counts when both speak at once."""

from __future__ import annotations

import pytest

from kith_crypto.errors import UsageError
from kith_protocol.mentorship.agreement import (
    Agreement,
    AgreementRules,
    AgreementState,
    view_agreement,
)
from kith_protocol.mentorship.bodies import AgreementAnswer, AgreementProposal, Note, Terms
from kith_protocol.mentorship.steps import Step, settle
from kith_testing.mentorships import MENTEE, MENTOR, NOW_MINUTE, THING, name_of, step

TERMS = Terms(goals=("A portfolio",), cadence="weekly", sessions=6)
OTHER = Terms(goals=("A portfolio",), cadence="monthly")
THIRD = Terms(cadence="once")


def propose(role: int, terms: Terms = TERMS, after: Step | None = None) -> Step:
    return step(AgreementProposal(terms, "" if after is None else name_of(after)), role)


def answer(role: int, after: Step, *, accepted: bool = True, minute: int = NOW_MINUTE) -> Step:
    return step(AgreementAnswer(accepted, name_of(after)), role, minute=minute)


def seen(*steps: Step, role: int = MENTEE) -> Agreement:
    views = [
        view_agreement(settle(order, AgreementRules()), role=role)
        for order in (steps, steps[::-1])
    ]
    assert views[0] == views[1]
    return views[0]


def test_there_is_none_before_somebody_proposes() -> None:
    assert seen() == Agreement()


def test_proposed_terms_are_not_in_force() -> None:
    first = propose(MENTEE)
    mine, theirs = seen(first), seen(first, role=MENTOR)
    assert mine == Agreement(proposed=TERMS, is_proposed_by_me=True, head=first.hash)
    assert theirs == Agreement(proposed=TERMS, is_proposed_by_me=False, head=first.hash)


def test_terms_are_in_force_once_the_other_side_has_accepted_them() -> None:
    first = propose(MENTEE)
    accepted = answer(MENTOR, first, minute=NOW_MINUTE + 5)
    minute = NOW_MINUTE + 5
    expected = Agreement(
        terms=TERMS, agreed_minute=minute, first_minute=minute, head=accepted.hash
    )
    assert seen(first, accepted) == seen(first, accepted, role=MENTOR) == expected


def test_nobody_accepts_in_the_place_of_the_other_side() -> None:
    first = propose(MENTEE)
    forged = answer(MENTEE, first)
    assert seen(first, forged) == seen(first)
    # What is built on it counts as little.
    amended = propose(MENTEE, OTHER, after=forged)
    assert seen(first, forged, amended, answer(MENTOR, amended)) == seen(first)


def test_acceptance_is_of_the_terms_it_names_and_of_no_others() -> None:
    first = propose(MENTEE)
    changed = propose(MENTEE, OTHER, after=first)
    late = answer(MENTOR, first)
    assert seen(first, changed, late).terms == TERMS
    assert seen(first, changed, late, answer(MENTOR, changed)).terms == OTHER


def test_a_proposal_can_be_declined_or_taken_back() -> None:
    first = propose(MENTEE)
    for role in (MENTEE, MENTOR):
        refused = answer(role, first, accepted=False)
        assert seen(first, refused) == Agreement(head=refused.hash)


def test_what_was_declined_cannot_be_accepted_any_more() -> None:
    first = propose(MENTEE)
    refused = answer(MENTOR, first, accepted=False)
    assert seen(first, refused, answer(MENTOR, refused)) == seen(first, refused)


def test_other_terms_leave_those_agreed_in_force_until_they_are_accepted() -> None:
    first = propose(MENTEE)
    accepted = answer(MENTOR, first, minute=10)
    other = propose(MENTOR, OTHER, after=accepted)
    pending = seen(first, accepted, other)
    assert (pending.terms, pending.proposed) == (TERMS, OTHER)
    refused = answer(MENTEE, other, accepted=False)
    assert seen(first, accepted, other, refused).terms == TERMS
    agreed = seen(first, accepted, other, answer(MENTEE, other, minute=20))
    assert agreed.terms == OTHER
    assert agreed.proposed is None
    assert (agreed.agreed_minute, agreed.first_minute) == (20, 10)


def test_a_counter_proposal_is_for_the_first_proposer_to_accept() -> None:
    first = propose(MENTEE)
    counter = propose(MENTOR, OTHER, after=first)
    assert seen(first, counter, answer(MENTOR, counter)).terms is None
    assert seen(first, counter, answer(MENTEE, counter)).terms == OTHER


def test_accepting_wins_over_an_amendment_at_the_same_time() -> None:
    first = propose(MENTEE)
    accepted = answer(MENTOR, first)
    assert seen(first, accepted, propose(MENTEE, OTHER, after=first)).terms == TERMS


def test_accepting_wins_over_several_amendments_at_the_same_time() -> None:
    first = propose(MENTEE)
    accepted = answer(MENTOR, first)
    second = propose(MENTEE, OTHER, after=first)
    third = propose(MENTEE, THIRD, after=second)
    assert seen(first, accepted, second, third).terms == TERMS


def test_taking_back_wins_over_accepting_at_the_same_time() -> None:
    first = propose(MENTEE)
    accepted = answer(MENTOR, first)
    taken_back = answer(MENTEE, first, accepted=False)
    assert seen(first, accepted, taken_back) == Agreement(head=taken_back.hash)


def test_of_two_first_proposals_at_the_same_time_both_see_the_same() -> None:
    one, two = propose(MENTEE), propose(MENTOR, OTHER)
    mine, theirs = seen(one, two), seen(one, two, role=MENTOR)
    assert mine.head == theirs.head
    assert mine.proposed == theirs.proposed
    assert mine.is_proposed_by_me != theirs.is_proposed_by_me


def test_an_answer_cannot_come_first() -> None:
    lone = step(AgreementAnswer(accepted=True, after=name_of(propose(MENTEE))), MENTOR)
    assert seen(lone) == Agreement()


@pytest.mark.parametrize(
    ("state", "one"),
    [
        (AgreementState(), answer(MENTEE, propose(MENTEE))),
        (AgreementState(proposed=TERMS, proposer=MENTEE), answer(MENTEE, propose(MENTEE))),
        (AgreementState(), step(Note(THING, "no part of it"))),
    ],
)
def test_what_is_not_legal_says_why(state: AgreementState, one: Step) -> None:
    with pytest.raises(UsageError, match=r"[a-z ]{20,}"):
        AgreementRules().follow(state, one)
