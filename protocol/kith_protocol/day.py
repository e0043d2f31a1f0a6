"""Whole days, UTC: the only times that stand in documents.

A day is a number of days since 1970-01-01. The clock is the caller's.
Source: SPEC.md, section on offers (dates stand at midnight, a time of day is refused).
"""

from __future__ import annotations

import re
from datetime import date
from typing import NewType

from kith_crypto.errors import MalformedError

Day = NewType("Day", int)
"""Days since 1970-01-01, UTC."""

DAY_S = 86_400
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12
MAX_DAY = 100_000  # the year 2243; four digits of year and every bound of the API hold

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST_MONDAY = 4  # 1970-01-05
_FORM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00Z\Z")


def day_of(seconds: int) -> Day:
    """Return the day in which *seconds* since the Unix epoch, UTC, fall."""
    return Day(seconds // DAY_S)


def format_day(day: Day) -> str:
    """Return *day* as ``YYYY-MM-DDT00:00:00Z``."""
    return f"{date.fromordinal(_EPOCH_ORDINAL + day).isoformat()}T00:00:00Z"


def month_of(day: Day) -> int:
    """Return the months from January 1970 to the month that holds *day*."""
    date_of_day = date.fromordinal(_EPOCH_ORDINAL + day)
    return (date_of_day.year - 1970) * MONTHS_A_YEAR + date_of_day.month - 1


def parse_day(text: str) -> Day:
    """Return the day that *text* names.

    Args:
        text: ``YYYY-MM-DDT00:00:00Z``, nothing else.

    Raises:
        MalformedError: another form, a time of day other than midnight, a date that does not
            exist, or one before 1970 or after ``MAX_DAY``.
    """
    found = _FORM.match(text)
    if not found:
        raise MalformedError("not a date at midnight, UTC")
    try:
        day = date.fromisoformat(found[1]).toordinal() - _EPOCH_ORDINAL
    except ValueError as error:
        raise MalformedError("no such date") from error
    if not 0 <= day <= MAX_DAY:
        raise MalformedError("a date out of range")
    return Day(day)


def week_of(day: Day) -> Day:
    """Return the Monday of the calendar week that holds *day*; weeks go by their Monday."""
    return Day(day - (day - _FIRST_MONDAY) % DAYS_A_WEEK)
