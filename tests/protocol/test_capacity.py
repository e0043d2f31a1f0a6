"""Room at an offer: places, pauses, and knocks that nobody answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import UsageError
from kith_protocol.capacity import (
    MAX_PLACES,
    SILENT_KNOCKS,
    Asked,
    PlacesRules,
    count_unanswered,
    pause,
    pause_if_silent,
    resume,
    room_of,
    wake,
    with_places,
)

NONE = PlacesRules()
KNOCKS = st.lists(
    st.builds(
        Asked,
        st.sampled_from(["delivered", "accepted", "declined", "expired", "withdrawn"]),
        st.integers(0, 1000),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("places", "running", "room"),
    [(0, 0, "open"), (0, 50, "open"), (2, 1, "open"), (2, 2, "full"), (2, 3, "full")],
)
def test_an_offer_is_full_once_its_places_are_taken(
    places: int, running: int, room: str
) -> None:
    assert room_of(with_places(NONE, places), running=running) == room


@pytest.mark.parametrize("places", [-1, MAX_PLACES + 1])
def test_places_are_bounded(places: int) -> None:
    with pytest.raises(UsageError):
        with_places(NONE, places)


def test_a_pause_ends_on_its_day_and_not_before() -> None:
    paused = pause(NONE, until=20, today=10)
    assert room_of(paused, running=0) == "full"
    assert wake(paused, today=19, now=5) == paused
    assert room_of(wake(paused, today=20, now=5), running=0) == "open"
    endless = pause(NONE, until=0, today=10)
    assert wake(endless, today=90_000, now=5) == endless
    with pytest.raises(UsageError):
        pause(NONE, until=10, today=10)


def test_two_knocks_in_a_row_without_an_answer_pause_an_offer() -> None:
    one, two = Asked("expired", 10), Asked("expired", 20)
    assert pause_if_silent(NONE, [one]) == NONE
    silent = pause_if_silent(NONE, [one, two])
    assert silent.is_paused
    assert silent.is_silent
    assert pause_if_silent(NONE, [one, Asked("declined", 15), two]) == NONE
    assert pause_if_silent(NONE, [one, Asked("withdrawn", 15), two]).is_silent


def test_what_was_unanswered_before_somebody_resumed_does_not_count_again() -> None:
    knocks = [Asked("expired", 10), Asked("expired", 20)]
    again = resume(pause_if_silent(NONE, knocks), now=25)
    assert pause_if_silent(again, knocks) == again
    assert pause_if_silent(again, [*knocks, Asked("expired", 30)]) == again
    more = [*knocks, Asked("expired", 30), Asked("expired", 40)]
    assert pause_if_silent(again, more).is_silent


def test_a_pause_of_ones_own_is_left_as_it_is() -> None:
    paused = pause(NONE, until=20, today=10)
    assert pause_if_silent(paused, [Asked("expired", 1)] * SILENT_KNOCKS) == paused


@given(KNOCKS)
def test_the_order_in_which_knocks_are_known_makes_no_difference(
    knocks: list[Asked],
) -> None:
    shuffled = sorted(knocks, key=lambda knock: (knock.state, -knock.expires_at))
    assert count_unanswered(shuffled, since=0) == count_unanswered(knocks, since=0)


@given(KNOCKS)
def test_who_answered_the_last_one_is_there(knocks: list[Asked]) -> None:
    last = max((knock.expires_at for knock in knocks), default=0)
    assert count_unanswered([*knocks, Asked("declined", last)], since=0) == 0


@given(KNOCKS, st.integers(0, 1000))
def test_settling_twice_changes_nothing(knocks: list[Asked], today: int) -> None:
    once = pause_if_silent(wake(NONE, today=today, now=today), knocks)
    assert pause_if_silent(wake(once, today=today, now=today), knocks) == once
