from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_protocol.day import (
    DAY_S,
    MAX_DAY,
    Day,
    day_of,
    format_day,
    month_of,
    parse_day,
    week_of,
)

days = st.integers(0, MAX_DAY).map(Day)


def test_a_day_begins_at_midnight_utc() -> None:
    assert day_of(0) == 0
    assert day_of(DAY_S - 1) == 0
    assert day_of(DAY_S) == 1
    assert format_day(day_of(1_795_000_000)) == "2026-11-18T00:00:00Z"


@given(days)
def test_a_formatted_day_parses_to_itself(day: Day) -> None:
    assert parse_day(format_day(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026-11-22T00:00:01Z",
        "2026-11-22T00:00:00.000Z",
        "2026-11-22T00:00:00+00:00",
        "2026-11-22T00:00:00Z\n",
        "2026-02-30T00:00:00Z",
        "1969-12-31T00:00:00Z",
        "9999-01-01T00:00:00Z",
        "\uff12026-11-22T00:00:00Z",
        "",
    ],
)
def test_refuses_what_is_not_a_day_at_midnight(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_day(text)


@given(days)
def test_a_week_goes_by_its_monday(day: Day) -> None:
    monday = week_of(day)
    assert monday <= day < monday + 7
    assert date.fromisoformat(format_day(Day(monday + 7))[:10]).weekday() == 0


@given(days)
def test_months_are_counted_from_january_1970(day: Day) -> None:
    year, month = map(int, format_day(day).split("-")[:2])
    assert month_of(day) == (year - 1970) * 12 + month - 1
    assert month_of(Day(0)) == month_of(Day(30)) == 0
    assert month_of(Day(31)) == 1
