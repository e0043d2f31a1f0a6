"""Agreed sessions as a calendar file (iCalendar), made on the device and sent to nobody.

A calendar is often kept by a company, shared with a family, or shown on a locked screen. So an
entry says when, and a title that its owner chose; no names, no community, no program, nothing
of what was written. It is marked private. Its identifier looks like any other's; it is the same
on each of the member's devices, and another one on the other side's, so that two calendars
cannot be told to hold the same meeting by more than its time.

*Decisions.* The file has no ``METHOD``: with one it would be a scheduling message, which has
to name an organizer, and in which entries that take place and cancelled ones must not stand
together (RFC 5546, sections 1.4 and 3.2). Without one it is a plain calendar, and a program
that imports it puts an entry in place of the one with the same identifier and a lower
sequence. A cancelled session has the status ``CANCELLED``, no reminder, and takes up no time.
What is over is left out.

The sequence is the minute in which the file is written, so the file made last always counts.
The number of moves would not do: when messages arrive late, another branch of the session's
history may become the one that counts, with fewer moves than the one that was written down.

Times are written in the member's zone, with its rules. Those that clocks show twice are
written in UTC, as iCalendar could only name the first of them. The rules are made here from the
zone's data: ``icalendar.Timezone.from_tzinfo`` (7.3) puts the start of summer time an hour late
and passes over changes that last less than 64 days, such as those of Morocco.

Source: RFC 5545, RFC 7986 section 5.3 (identifiers), RFC 9562 (their form).
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from kith_client.slots import local_slot, seen_from_here, show_slot
from kith_client.zones import (
    MINUTE_S,
    changes,
    default_zone,
    happens_twice,
    in_zone,
    read_zone,
)
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_protocol.mentorship.bodies import Slot
from kith_protocol.mentorship.sessions import Session

__all__ = [
    "REMINDER_MINUTES",
    "Entry",
    "calendar_of",
    "calendar_of_entries",
    "default_zone",
    "identifier",
    "local_slot",
    "read_zone",
    "seen_from_here",
    "show_slot",
]

REMINDER_MINUTES: Final = 30

_PRODUCER: Final = "-//Calendar//EN"  # has to be there; names nothing
_LABEL: Final = b"kith/calendar/v1\0"
_UTC_NAMES: Final = frozenset(
    {"UCT", "UTC", "Universal", "Zulu", "Etc/UCT", "Etc/UTC", "Etc/Universal", "Etc/Zulu"}
)


class Entry(NamedTuple):
    """What stands in a calendar.

    Attributes:
        slot: when.
        is_cancelled: it does not take place.
        identifier: the same in each file; see ``identifier``.
    """

    slot: Slot
    is_cancelled: bool
    identifier: str


def calendar_of(
    sessions: Sequence[Session],
    *,
    conversation: bytes,
    is_mentee: bool,
    zone: str,
    title: str,
    now: int,
    is_with_reminder: bool = True,
) -> bytes:
    """Return the sessions with an agreed time that are not over, as the bytes of an .ics file.

    Args:
        sessions: of one mentorship, in any order and state.
        conversation: names it, 16 bytes.
        is_mentee: which side one is.
        zone: one's own, as in the IANA database.
        title: of every entry; neutral words, as others may see them.
        now: seconds since 1970-01-01 UTC.
        is_with_reminder: whether the calendar shall remind half an hour before.

    Raises:
        UsageError: no such zone, no title, or nothing to write down.
    """
    role = bytes([ROLE_MENTEE if is_mentee else ROLE_MENTOR])
    entries = [
        Entry(
            session.picked,
            session.state == "cancelled",
            identifier(conversation, role, session.thing),
        )
        for session in sessions
        if session.picked is not None
    ]
    return calendar_of_entries(
        entries, zone=zone, title=title, now=now, is_with_reminder=is_with_reminder
    )


def calendar_of_entries(
    entries: Sequence[Entry],
    *,
    zone: str,
    title: str,
    now: int,
    is_with_reminder: bool = True,
) -> bytes:
    """Return those of *entries* that are not over, as the bytes of an .ics file.

    Args:
        entries: in any order.
        zone: one's own, as in the IANA database.
        title: of every entry; neutral words, as others may see them.
        now: seconds since 1970-01-01 UTC.
        is_with_reminder: whether the calendar shall remind half an hour before.

    Raises:
        UsageError: no such zone, no title, or nothing to write down.
    """
    place = read_zone(zone)
    shown = _clean(title)
    coming = [entry for entry in entries if _end_of(entry.slot) * MINUTE_S > now]
    if not coming:
        raise UsageError("no session with an agreed time lies ahead; agree on a time first")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCER)
    calendar.add("version", "2.0")
    if place.key not in _UTC_NAMES:
        calendar.add_component(_rules(place, [entry.slot for entry in coming]))
    for entry in sorted(coming, key=lambda one: (one.slot.start, one.identifier)):
        event = _event(entry.slot, place, is_cancelled=entry.is_cancelled)
        event.add("uid", entry.identifier)
        event.add("sequence", now // MINUTE_S)
        event.add("dtstamp", datetime.fromtimestamp(now, UTC))
        event.add("summary", shown)
        if is_with_reminder and not entry.is_cancelled:
            event.add_component(_reminder(shown))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(slot: Slot, zone: ZoneInfo, *, is_cancelled: bool) -> Event:
    start, end = _times(slot, zone)
    event = Event()
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    return event


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)  # must be there; says no more than the title
    alarm.add("trigger", -timedelta(minutes=REMINDER_MINUTES))
    return alarm


def _times(slot: Slot, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = in_zone(slot.start, zone), in_zone(_end_of(slot), zone)
    if zone.key in _UTC_NAMES or happens_twice(start) or happens_twice(end):
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def _end_of(slot: Slot) -> int:
    return slot.start + slot.minutes


def _rules(zone: ZoneInfo, slots: Sequence[Slot]) -> Timezone:
    """Return when clocks change in the years of *slots*."""
    first = datetime.fromtimestamp(min(slot.start for slot in slots) * MINUTE_S, UTC)
    last = datetime.fromtimestamp(max(map(_end_of, slots)) * MINUTE_S, UTC)
    rules = Timezone()
    rules.add("tzid", zone.key)
    for change, times in changes(zone, first_year=first.year, last_year=last.year).items():
        observance = TimezoneStandard() if change.is_standard else TimezoneDaylight()
        observance.add("dtstart", times[0])
        observance.add("rdate", times)  # the first one again, as some readers see only these
        observance.add("tzoffsetfrom", change.before)
        observance.add("tzoffsetto", change.after)
        observance.add("tzname", change.name)
        rules.add_component(observance)
    return rules


def identifier(talk: bytes, who: bytes, session: bytes) -> str:
    """Return a hash in the form of a random UUID, which most calendars use.

    Args:
        talk: conversation or circle, 16 bytes.
        who: whose calendar: one byte for the role in a conversation, or the 32 of the key of
            one's seat in a circle.
        session: names it, 16 bytes.
    """
    digest = sha256(_LABEL + talk + who + session)
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _clean(title: str) -> str:
    """Return *title* as one line without characters that a calendar cannot hold."""
    line = " ".join(title.split())
    shown = "".join(sign for sign in line if unicodedata.category(sign) not in {"Cc", "Cs"})
    if not shown:
        raise UsageError("a calendar entry needs a title; any neutral words will do")
    return shown
