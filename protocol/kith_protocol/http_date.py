"""Times in HTTP fields: ``Sun, 06 Nov 1994 08:49:37 GMT``.

Written and read by tables, since the library's formatter follows the locale. The two obsolete
forms are not read. Source: RFC 9110 §5.6.7.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from kith_crypto.errors import MalformedError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_FORM = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT\Z"
)


def format_http_date(seconds: int) -> str:
    """Return *seconds* since the Unix epoch, UTC, as the value of a ``Date`` field."""
    at = _EPOCH + timedelta(seconds=seconds)
    return (
        f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04}"
        f" {at.hour:02}:{at.minute:02}:{at.second:02} GMT"
    )


def parse_http_date(text: str) -> int:
    """Return the seconds since the Unix epoch, UTC, that *text* names.

    Raises:
        MalformedError: another form, or a time that does not exist.
    """
    found = _FORM.match(text)
    if not found or found[2] not in _MONTHS:
        raise MalformedError("not an HTTP date")
    day, _, year, hour, minute, second = found.groups()
    month = _MONTHS.index(found[2]) + 1
    try:
        at = datetime(
            int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError as error:
        raise MalformedError("no such time") from error
    seconds = (at - _EPOCH) // timedelta(seconds=1)
    # Also refuses a weekday that is not the date's.
    if format_http_date(seconds) != text:
        raise MalformedError("the weekday is another one")
    return seconds
