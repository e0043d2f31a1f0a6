"""Times of sessions: from what a member types to a minute in UTC, and back to what both see.

    slot = local_slot("2026-12-01 18:00", zone="Asia/Kolkata", minutes=60, is_offset_shown=True)
    show_slot(slot, zone="Europe/Berlin", language="en")

Each offset is the one of its very moment, so both times stay right when clocks change, in
either zone and on different days, without the name of a zone ever being sent.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from kith_client.wording import wording
from kith_client.zones import (
    MINUTE_S,
    happens_twice,
    in_zone,
    offset_of,
    read_zone,
    show_offset,
)
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MAX_MINUTE, Slot
from kith_protocol.mentorship.sessions import Session

MIN_MINUTES = 5
MAX_MINUTES = 600

_TO = "\N{EN DASH}"
_LOCAL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{1,2}):([0-9]{2})(?: (first|second))?"
)
_YEARS = range(1970, 2244)  # wider than the minutes a slot can hold, and far from overflows


def local_slot(text: str, *, zone: str, minutes: int, is_offset_shown: bool) -> Slot:
    """Return the slot that begins when clocks in *zone* show *text*.

    Args:
        text: ``YYYY-MM-DD HH:MM``; where clocks go back and show it twice, followed by
            ``first`` or ``second``.
        zone: one's own, as in the IANA database.
        minutes: how long, 5 to 600.
        is_offset_shown: whether the other side shall see what one's clock shows then.

    Raises:
        UsageError: no such zone, date or time, or one that clocks skip; or they show it twice
            and it is not said which is meant. The text says what to do.
    """
    place = read_zone(zone)
    if not MIN_MINUTES <= minutes <= MAX_MINUTES:
        raise UsageError(f"a session takes {MIN_MINUTES} to {MAX_MINUTES} minutes")
    wall, which = _read(text)
    moment = _choose(_moments(wall, place), wall, which, place)
    start = int(moment.timestamp()) // MINUTE_S
    if not 0 <= start <= MAX_MINUTE:
        raise UsageError(f"{wall:%Y-%m-%d} is too far away; choose a day of these years")
    return Slot(start, minutes, offset_of(moment) if is_offset_shown else None)


def show_slot(slot: Slot, *, zone: str, language: str) -> str:
    """Return when *slot* is: in *zone* and, if it says another offset, by that clock too.

    Args:
        slot: with the offset of the other side, if they told; see ``seen_from_here``. With no
            minutes its end is left out.
        zone: one's own.
        language: of the names of days; see ``wording``.

    Raises:
        UsageError: there is no such zone.
    """
    place = read_zone(zone)
    start, end = in_zone(slot.start, place), in_zone(slot.start + slot.minutes, place)
    own = f"{_day(start, language)} {_time(start)}"
    if slot.minutes:
        own += f"{_TO}{_time(end)}"
    if slot.offset is None or slot.offset == offset_of(start):
        return own
    ahead = timedelta(minutes=slot.offset)
    theirs = datetime.fromtimestamp(slot.start * MINUTE_S, UTC) + ahead
    return f"{own} · {_day(theirs, language)} {theirs:%H:%M} (UTC{show_offset(slot.offset)})"


def seen_from_here(session: Session) -> Session:
    """Return *session* with the other side's offset in each slot, where they told it.

    A slot carries the offset of whoever proposed it, which may be oneself; a picked one was
    proposed by one side and picked by the other, so both may have told theirs.
    """
    picked, proposed = session.picked, session.proposed
    if picked is not None and not session.is_picked_by_me:
        picked = msgspec.structs.replace(picked, offset=session.picker_offset)
    if session.is_proposed_by_me:
        proposed = tuple(msgspec.structs.replace(slot, offset=None) for slot in proposed)
    return msgspec.structs.replace(session, picked=picked, proposed=proposed)


def _read(text: str) -> tuple[datetime, str]:
    """Return what the clock shows, and ``first``, ``second`` or nothing."""
    match = _LOCAL.fullmatch(" ".join(text.split()))
    if match is None:
        raise UsageError(f'"{text}" is not a time; write it like 2026-12-01 18:00')
    *numbers, which = match.groups()
    try:
        year, month, day, hour, minute = map(int, numbers)
        wall = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the caller adds it
    except ValueError as error:
        raise UsageError(f'"{text}" is on no calendar; look at day and time again') from error
    if wall.year not in _YEARS:
        raise UsageError(f"{wall:%Y-%m-%d} is too far away; choose a day of these years")
    return wall, which or ""


def _moments(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the moments, none to two, at which clocks in *zone* show *wall*."""
    folds = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    instants = sorted({moment.astimezone(UTC) for moment in folds})
    there = (instant.astimezone(zone) for instant in instants)
    return [moment for moment in there if moment.replace(tzinfo=None, fold=0) == wall]


def _choose(found: list[datetime], wall: datetime, which: str, zone: ZoneInfo) -> datetime:
    written = f"{wall:%Y-%m-%d %H:%M}"
    match found, which:
        case [], _:
            raise UsageError(_skipped(wall, zone))
        case [moment], "":
            return moment
        case [_], _:
            raise UsageError(f'clocks show {written} once; leave out "{which}"')
        case _, "":
            first, second = (show_offset(offset_of(moment)) for moment in found)
            raise UsageError(
                f"clocks in {zone.key} go back and show {written} twice; write"
                f' "{written} first" (UTC{first}) or "{written} second" (UTC{second})'
            )
        case _:
            return found[which == "second"]


def _skipped(wall: datetime, zone: ZoneInfo) -> str:
    """Say that there is no such time, and which ones are as far before and after the gap."""
    near = (
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone) for fold in (1, 0)
    )
    before, after = (f"{moment:%Y-%m-%d %H:%M}" for moment in near)
    return (
        f"clocks in {zone.key} go forward and skip {wall:%Y-%m-%d %H:%M}; choose another time,"
        f" such as {before} or {after}"
    )


def _day(moment: datetime, language: str) -> str:
    return f"{_weekdays(language)[moment.weekday()]} {moment:%Y-%m-%d}"


@functools.cache
def _weekdays(language: str) -> tuple[str, ...]:
    """Return the names of the days, from Monday on."""
    words = wording(language)
    return tuple(words.say(f"weekday.{number}") for number in range(1, 8))


def _time(moment: datetime) -> str:
    """Return the time of day; with the offset where clocks show it twice."""
    if happens_twice(moment):
        return f"{moment:%H:%M} (UTC{show_offset(offset_of(moment))})"
    return f"{moment:%H:%M}"
