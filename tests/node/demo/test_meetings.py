"""Who knocks at whom: across communities, few each, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest

from kith_node.demo.meetings import (
    MAX_ACCEPTED,
    MAX_DECLINED,
    Meeting,
    Place,
    choose_reported,
    plan_meetings,
)

OPEN_AT_ONCE = 3
IN_SEVEN_DAYS = 10
# The one who is blocked knocks once more, and so does somebody who is not.
LATER = 1


def places(communities: int, accounts: int) -> list[Place]:
    return [(one, place) for one in range(communities) for place in range(accounts)]


def owners(accounts: list[Place], each: int) -> list[Place | None]:
    return [*accounts] * each


def planned(communities: int, accounts: int, *, each: int = 5) -> tuple[Meeting, ...]:
    everybody = places(communities, accounts)
    return plan_meetings(everybody, owners(everybody, each), seed=1)


def test_the_full_demonstration_has_enough_meetings_and_some_are_declined() -> None:
    meetings = planned(5, 8)
    accepted = Counter(meeting.accepted for meeting in meetings)
    assert (accepted[True], accepted[False]) == (MAX_ACCEPTED, MAX_DECLINED)
    assert MAX_ACCEPTED >= 20


@pytest.mark.parametrize(("communities", "accounts"), [(2, 8), (3, 8), (10, 8)])
def test_all_meetings_are_between_two_communities(communities: int, accounts: int) -> None:
    meetings = planned(communities, accounts)
    assert meetings
    assert all(meeting.is_across for meeting in meetings)


def test_one_community_alone_meets_within_itself_and_nobody_meets_themselves() -> None:
    meetings = planned(1, 8)
    assert sum(meeting.accepted for meeting in meetings) == 8
    assert not any(meeting.is_across for meeting in meetings)
    assert all(meeting.mentee != meeting.mentor for meeting in meetings)


@pytest.mark.parametrize(("communities", "accounts"), [(1, 8), (2, 8), (3, 8), (5, 8)])
def test_nobody_knocks_more_often_than_a_node_lets_them(
    communities: int, accounts: int
) -> None:
    knocks = Counter(meeting.mentee for meeting in planned(communities, accounts))
    assert max(knocks.values()) + LATER <= min(OPEN_AT_ONCE, IN_SEVEN_DAYS)


def test_each_offer_is_knocked_at_once_by_somebody_else_than_its_owner() -> None:
    everybody = places(3, 8)
    owned = owners(everybody, 2)
    meetings = plan_meetings(everybody, owned, seed=3)
    assert len({meeting.offer for meeting in meetings}) == len(meetings)
    assert all(owned[meeting.offer] == meeting.mentor for meeting in meetings)


def test_mentors_are_taken_in_turn() -> None:
    asked = Counter(meeting.mentor for meeting in planned(5, 8))
    assert max(asked.values()) == 1


def test_offers_that_end_too_early_are_left_alone() -> None:
    everybody = places(2, 4)
    owned: list[Place | None] = [None, *everybody, None, *everybody]
    meetings = plan_meetings(everybody, owned, seed=1)
    assert meetings
    assert not {0, 9} & {meeting.offer for meeting in meetings}


def test_the_first_account_has_a_conversation_for_visitors() -> None:
    for communities in (1, 2, 5):
        first = planned(communities, 8)[0]
        assert (first.mentee, first.accepted) == ((0, 0), True)


def test_without_offers_nobody_meets() -> None:
    assert plan_meetings(places(2, 4), [None], seed=1) == ()


def test_another_seed_gives_other_meetings() -> None:
    everybody = places(5, 8)
    owned = owners(everybody, 5)
    assert plan_meetings(everybody, owned, seed=1) == plan_meetings(everybody, owned, seed=1)
    assert plan_meetings(everybody, owned, seed=1) != plan_meetings(everybody, owned, seed=2)


def test_reports_someone_of_another_community_on_whom_nothing_leans() -> None:
    first, alone = ((0, 1), (1, 0)), ((0, 2), (0, 3))
    fitting, other = ((2, 1), (1, 4)), ((2, 5), (0, 1))
    assert choose_reported([first, alone, fitting, other]) == (2, 3)


def test_reports_within_a_community_where_there_is_no_other() -> None:
    assert choose_reported([((0, 1), (0, 0)), ((0, 0), (0, 2))]) == (1, 0)


def test_takes_the_same_conversation_twice_where_there_is_one_only() -> None:
    assert choose_reported([((0, 1), (1, 2))]) == (0, 0)


def test_reports_nothing_where_everything_leans_on_everybody() -> None:
    assert choose_reported([((0, 1), (1, 0))]) is None
