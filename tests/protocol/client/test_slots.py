"""Slots: what a member types becomes a moment, and both sides see their own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_client.slots import local_slot, seen_from_here, show_slot
from kith_client.wording import languages, wording
from kith_client.zones import in_zone, read_zone
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MAX_MINUTE, Slot
from kith_protocol.mentorship.sessions import Session

ZONES = [
    *("Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe"),
    *("Africa/Casablanca", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"),
]


def minute_of(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


def slot(text: str, zone: str = "Europe/Berlin", minutes: int = 60) -> Slot:
    return local_slot(text, zone=zone, minutes=minutes, is_offset_shown=True)


@pytest.mark.parametrize(
    ("text", "zone", "instant", "offset"),
    [
        ("2026-12-01 18:00", "Europe/Berlin", "2026-12-01T17:00", 60),
        ("2026-07-01T18:00", "Europe/Berlin", "2026-07-01T16:00", 120),
        ("  2026-12-01   9:05 ", "America/New_York", "2026-12-01T14:05", -300),
        ("2026-12-01 00:15", "Asia/Kolkata", "2026-11-30T18:45", 330),
        ("2027-02-20 12:00", "Africa/Casablanca", "2027-02-20T12:00", 0),
        ("2027-04-20 12:00", "Africa/Casablanca", "2027-04-20T11:00", 60),
        ("2026-10-25 02:30 first", "Europe/Berlin", "2026-10-25T00:30", 120),
        ("2026-10-25 02:30 second", "Europe/Berlin", "2026-10-25T01:30", 60),
        ("2027-04-04 01:45 second", "Australia/Lord_Howe", "2027-04-03T15:15", 630),
    ],
)
def test_local_time_becomes_a_minute_in_utc(
    text: str, zone: str, instant: str, offset: int
) -> None:
    assert slot(text, zone) == Slot(minute_of(instant), 60, offset)


def test_the_offset_is_kept_back_if_so_wished() -> None:
    kept = local_slot(
        "2026-12-01 18:00", zone="Europe/Berlin", minutes=60, is_offset_shown=False
    )
    assert kept.offset is None


@pytest.mark.parametrize(
    ("text", "zone", "advice"),
    [
        ("2027-03-28 02:30", "Europe/Berlin", "2027-03-28 01:30 or 2027-03-28 03:30"),
        ("2027-03-14 02:00", "America/New_York", "2027-03-14 01:00 or 2027-03-14 03:00"),
        ("2027-10-03 02:10", "Australia/Lord_Howe", "2027-10-03 01:40 or 2027-10-03 02:40"),
        ("2011-12-30 12:00", "Pacific/Apia", "2011-12-29 12:00 or 2011-12-31 12:00"),
    ],
)
def test_a_time_that_clocks_skip_is_refused_with_two_near_ones(
    text: str, zone: str, advice: str
) -> None:
    with pytest.raises(UsageError, match=advice):
        slot(text, zone)
    for other in advice.split(" or "):
        slot(other, zone)


def test_a_time_that_comes_twice_needs_a_choice_and_both_are_offered() -> None:
    with pytest.raises(UsageError) as refused:
        slot("2026-10-25 02:30")
    assert '"2026-10-25 02:30 first" (UTC+02:00)' in str(refused.value)
    assert '"2026-10-25 02:30 second" (UTC+01:00)' in str(refused.value)


def test_a_choice_where_there_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match='leave out "second"'):
        slot("2026-12-01 18:00 second")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tomorrow at six", "write it like 2026-12-01 18:00"),
        ("2026-12-01", "write it like"),
        ("2026-12-01 18:00 third", "write it like"),
        ("2026-12-01 18:00+01:00", "write it like"),
        ("२०२६-12-01 18:00", "write it like"),
        ("2026-02-30 18:00", "on no calendar"),
        ("2026-12-01 24:00", "on no calendar"),
        ("0000-01-01 00:00", "on no calendar"),
        ("0001-01-01 00:00", "too far away"),
        ("1970-01-01 00:30", "too far away"),
        ("2243-12-31 18:00", "too far away"),
        ("9999-12-31 23:59", "too far away"),
    ],
)
def test_what_is_no_time_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        slot(text)


@pytest.mark.parametrize("minutes", [-60, 0, 4, 601])
def test_a_session_has_a_sensible_length(minutes: int) -> None:
    with pytest.raises(UsageError, match="5 to 600 minutes"):
        slot("2026-12-01 18:00", minutes=minutes)


@given(st.text(max_size=30), st.sampled_from(ZONES))
def test_any_text_is_a_slot_or_a_usage_error(text: str, zone: str) -> None:
    try:
        found = slot(text, zone)
    except UsageError:
        return
    assert 0 <= found.start <= MAX_MINUTE


@given(
    st.integers(minute_of("2026-01-01T00:00"), minute_of("2100-01-01T00:00")),
    st.sampled_from(ZONES),
)
def test_each_minute_can_be_written_and_gives_itself(start: int, zone: str) -> None:
    moment = in_zone(start, read_zone(zone))
    text = f"{moment:%Y-%m-%d %H:%M}"
    try:
        found = slot(text, zone)
    except UsageError:
        found = slot(f"{text} {'second' if moment.fold else 'first'}", zone)
    assert found.start == start
    assert moment.utcoffset() == timedelta(minutes=found.offset or 0)


@pytest.mark.parametrize(
    ("day", "theirs"),
    [("2027-03-10", "12:00"), ("2027-03-20", "13:00"), ("2027-04-01", "12:00")],
)
def test_both_see_their_own_clock_while_the_changes_differ(day: str, theirs: str) -> None:
    """Clocks go forward on 14 March 2027 in New York, on the 28th in Berlin."""
    proposed = slot(f"{day} 18:00", "Europe/Berlin")
    there = show_slot(proposed, zone="America/New_York", language="en")
    own, _, other = there.partition(" · ")
    assert day in own
    assert theirs in own
    assert "18:00" in other
    answered = Slot(proposed.start, 60, slot(f"{day} {theirs}", "America/New_York").offset)
    here = show_slot(answered, zone="Europe/Berlin", language="en")
    own, _, other = here.partition(" · ")
    assert "18:00" in own
    assert theirs in other


def test_the_same_clock_is_shown_once() -> None:
    shown = show_slot(slot("2026-12-01 18:00"), zone="Africa/Lagos", language="en")
    assert "2026-12-01" in shown
    assert shown.count("18:00") == 1
    assert "UTC" not in shown


def test_without_an_offset_only_ones_own_clock_is_shown() -> None:
    shown = show_slot(
        Slot(minute_of("2026-12-01T17:00"), 60), zone="Asia/Kolkata", language="en"
    )
    assert "22:30\N{EN DASH}23:30" in shown
    assert "UTC" not in shown


def test_days_are_named_in_the_readers_language() -> None:
    late = slot("2026-12-01 22:00", "America/New_York")
    shown = show_slot(late, zone="Asia/Kolkata", language="en")
    assert shown == (
        "Wednesday 2026-12-02 08:30\N{EN DASH}09:30 · Tuesday 2026-12-01 22:00 (UTC-05:00)"
    )
    for language in languages():
        day = wording(language).say("weekday.3")
        assert show_slot(late, zone="Asia/Kolkata", language=language).startswith(f"{day} 2026")


def test_other_days_and_times_that_come_twice_are_told_apart() -> None:
    late = slot("2026-12-01 22:00", "America/New_York")
    shown = show_slot(late, zone="Asia/Kolkata", language="en")
    assert "2026-12-02" in shown
    assert "2026-12-01" in shown
    assert shown.endswith("22:00 (UTC-05:00)")
    twice = show_slot(slot("2026-10-25 02:30 second"), zone="Europe/Berlin", language="en")
    assert "02:30 (UTC+01:00)\N{EN DASH}03:30" in twice


def meeting(*, is_picked_by_me: bool, is_proposed_by_me: bool) -> Session:
    return Session(
        thing=bytes(16),
        state="agreed",
        picked=Slot(100, 60, 60),
        is_picked_by_me=is_picked_by_me,
        picker_offset=330,
        proposed=(Slot(200, 60, 120),),
        is_proposed_by_me=is_proposed_by_me,
        words="",
        moves=0,
        head=bytes(32),
    )


@pytest.mark.parametrize(
    ("is_picked_by_me", "is_proposed_by_me", "picked", "proposed"),
    [(True, False, 60, 120), (False, True, 330, None)],
)
def test_the_offset_that_counts_is_the_other_sides(
    is_picked_by_me: bool, is_proposed_by_me: bool, picked: int, proposed: int | None
) -> None:
    seen = seen_from_here(
        meeting(is_picked_by_me=is_picked_by_me, is_proposed_by_me=is_proposed_by_me)
    )
    assert seen.picked == Slot(100, 60, picked)
    assert seen.proposed == (Slot(200, 60, proposed),)
