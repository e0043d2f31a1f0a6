"""Calendar files, read back by another library: the same moments, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus
from ical.types import Classification

from kith_client.calendar import REMINDER_MINUTES, calendar_of, local_slot
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_protocol.mentorship.bodies import MAX_MINUTE, Slot
from kith_protocol.mentorship.sessions import Session, SessionState

CONVERSATION = bytes(range(16))
TITLE = "Appointment"

# The moments in 2027 at which clocks change, as the authorities of each place say.
CHANGES = {
    "Europe/Berlin": ("2027-03-28T01:00", "2027-10-31T01:00"),
    "Europe/Dublin": ("2027-03-28T01:00", "2027-10-31T01:00"),
    "America/New_York": ("2027-03-14T07:00", "2027-11-07T06:00"),
    "Australia/Sydney": ("2027-04-03T16:00", "2027-10-02T16:00"),
    "Australia/Lord_Howe": ("2027-04-03T15:00", "2027-10-02T15:30"),
    "America/Santiago": ("2027-04-04T03:00", "2027-09-05T04:00"),
    "Africa/Casablanca": ("2027-02-07T02:00", "2027-03-14T02:00"),
    "Asia/Kolkata": (),
    "Asia/Kathmandu": (),
    "Africa/Nairobi": (),
}
ZONES = (*CHANGES, "Pacific/Kiritimati", "Pacific/Chatham", "Etc/UTC", "UTC", "EST5EDT")


def minute_of(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


def session(
    picked: Slot | None,
    *,
    thing: bytes = bytes(16),
    state: SessionState = "agreed",
    moves: int = 0,
    words: str = "",
    proposed: tuple[Slot, ...] = (),
) -> Session:
    return Session(
        thing=thing,
        state=state,
        picked=picked,
        is_picked_by_me=True,
        picker_offset=None,
        proposed=proposed,
        is_proposed_by_me=False,
        words=words,
        moves=moves,
        head=bytes(32),
    )


def write(
    *sessions: Session,
    zone: str = "Europe/Berlin",
    title: str = TITLE,
    now: int = 0,
    is_mentee: bool = True,
    conversation: bytes = CONVERSATION,
    is_with_reminder: bool = True,
) -> bytes:
    return calendar_of(
        sessions,
        conversation=conversation,
        is_mentee=is_mentee,
        zone=zone,
        title=title,
        now=now,
        is_with_reminder=is_with_reminder,
    )


def read(file: bytes) -> Calendar:
    """Return what a program makes of the file that knows the zones by their names."""
    return IcsCalendarStream.calendar_from_ics(file.decode())


def read_by_its_rules(file: bytes, zone: str) -> Calendar:
    """Return what a program makes of it that knows only the rules in the file."""
    return read(file.replace(zone.encode(), b"Elsewhere"))


def minutes(event: Event) -> tuple[int, int]:
    start, end = event.dtstart, event.dtend
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return int(start.timestamp()) // 60, int(end.timestamp()) // 60


def one(file: bytes) -> Event:
    [event] = read(file).events
    return event


@pytest.mark.parametrize("zone", CHANGES)
def test_moments_around_each_change_of_clocks_are_kept(zone: str) -> None:
    middles = [*map(minute_of, CHANGES[zone]), minute_of("2027-07-01T12:00")]
    starts = [middle + away for middle in middles for away in range(-150, 151, 30)]
    meant = [
        session(Slot(start, 45), thing=number.to_bytes(16))
        for number, start in enumerate(starts)
    ]
    file = write(*meant, zone=zone)
    expected = sorted((start, start + 45) for start in starts)
    assert [minutes(event) for event in read(file).events] == expected
    assert [minutes(event) for event in read_by_its_rules(file, zone).events] == expected


@pytest.mark.parametrize("zone", CHANGES)
def test_the_rules_name_the_very_moments_of_change(zone: str) -> None:
    file = write(session(Slot(minute_of("2027-07-01T12:00"), 60)), zone=zone)
    [rules] = read(file).timezones
    found = {
        onset - observance.tz_offset_from.offset
        for observance in (*rules.standard, *rules.daylight)
        for onset in observance.rdate
        if isinstance(onset, datetime)
    }
    year = datetime.fromisoformat("2027-01-01T00:00")
    assert rules.tz_id == zone
    assert found == {year, *map(datetime.fromisoformat, CHANGES[zone])}
    assert all(observance.dtstart in observance.rdate for observance in rules.standard)


def test_what_clocks_show_twice_is_written_in_utc() -> None:
    slots = [
        local_slot(
            f"2027-10-31 {time}", zone="Europe/Berlin", minutes=30, is_offset_shown=False
        )
        for time in ("01:30", "02:15 first", "02:15 second", "03:00")
    ]
    file = write(*(session(slot, thing=slot.start.to_bytes(16)) for slot in slots)).decode()
    entries = file.partition("END:VTIMEZONE")[2].splitlines()
    starts = [line for line in entries if line.startswith("DTSTART")]
    assert starts == [
        "DTSTART:20271030T233000Z",  # it ends at 02:00, which comes twice
        "DTSTART:20271031T001500Z",
        "DTSTART:20271031T011500Z",
        "DTSTART;TZID=Europe/Berlin:20271031T030000",
    ]


def test_times_in_utc_name_no_zone() -> None:
    file = write(session(Slot(minute_of("2027-07-01T12:00"), 60)), zone="Etc/UTC")
    assert b"TZID" not in file
    assert b"DTSTART:20270701T120000Z" in file


def test_both_sides_get_the_same_moment_while_their_clocks_differ_by_less() -> None:
    """Between 14 and 28 March 2027 New York is ahead of Berlin's change."""
    for day in ("2027-03-10", "2027-03-20", "2027-04-01"):
        slot = local_slot(
            f"{day} 18:00", zone="Europe/Berlin", minutes=60, is_offset_shown=True
        )
        ours = one(write(session(slot), zone="Europe/Berlin"))
        theirs = one(write(session(slot), zone="America/New_York"))
        assert minutes(ours) == minutes(theirs) == (slot.start, slot.start + 60)
        assert isinstance(theirs.dtstart, datetime)
        assert theirs.dtstart.hour == (13 if day == "2027-03-20" else 12)


def test_a_moved_session_takes_the_place_of_what_it_was() -> None:
    before = one(write(session(Slot(minute_of("2027-07-01T12:00"), 60)), now=1_800_000_000))
    moved = session(Slot(minute_of("2027-07-02T12:00"), 60), moves=1)
    after = one(write(moved, now=1_800_000_060))
    assert after.uid == before.uid
    assert (before.sequence, after.sequence) == (30_000_000, 30_000_001)
    assert minutes(after)[0] == minutes(before)[0] + 24 * 60


def test_a_move_that_turns_out_not_to_count_is_undone() -> None:
    moved = session(Slot(minute_of("2027-07-02T12:00"), 60), moves=1)
    before = one(write(moved, now=1_800_000_000))
    after = one(write(session(Slot(minute_of("2027-07-01T12:00"), 60)), now=1_800_000_060))
    assert before.sequence is not None
    assert after.sequence is not None
    assert after.sequence > before.sequence


def test_while_other_times_are_proposed_the_agreed_one_stays() -> None:
    slot, other = (
        Slot(minute_of("2027-07-01T12:00"), 60),
        Slot(minute_of("2027-07-03T12:00"), 60),
    )
    assert write(session(slot, proposed=(other,))) == write(session(slot))


def test_a_cancelled_session_replaces_what_it_was_and_rings_no_more() -> None:
    slot = Slot(minute_of("2027-07-01T12:00"), 60)
    before = one(write(session(slot, moves=2), now=1_800_000_000))
    after = one(write(session(slot, state="cancelled"), now=1_800_000_060))
    assert after.uid == before.uid
    assert (before.sequence, after.sequence) == (30_000_000, 30_000_001)
    assert (before.status, after.status) == (EventStatus.CONFIRMED, EventStatus.CANCELLED)
    assert (before.transparency, after.transparency) == ("OPAQUE", "TRANSPARENT")
    assert (len(before.alarm), len(after.alarm)) == (1, 0)


def test_one_file_holds_what_takes_place_and_what_is_cancelled() -> None:
    noon = minute_of("2027-07-01T12:00")
    file = write(
        session(Slot(noon, 60), thing=b"\1" * 16, state="cancelled"),
        session(Slot(noon + 60, 60), thing=b"\2" * 16),
    )
    assert [event.status for event in read(file).events] == [
        EventStatus.CANCELLED,
        EventStatus.CONFIRMED,
    ]
    assert b"METHOD" not in file  # it would speak of all of them, and ask for an organizer


def test_the_reminder_says_no_more_than_the_title() -> None:
    slot = Slot(minute_of("2027-07-01T12:00"), 60)
    [alarm] = one(write(session(slot))).alarm
    assert alarm.trigger == -timedelta(minutes=REMINDER_MINUTES)
    assert (alarm.action, alarm.description) == ("DISPLAY", TITLE)
    assert b"VALARM" not in write(session(slot), is_with_reminder=False)


def test_an_entry_is_private_and_holds_nothing_but_when_and_a_title() -> None:
    file = write(session(Slot(minute_of("2027-07-01T12:00"), 60), words="bring the letter"))
    names = {line.split(":")[0].split(";")[0] for line in file.decode().split("\r\n") if line}
    assert one(file).classification == Classification.PRIVATE
    assert names == {
        *("BEGIN", "END", "PRODID", "VERSION"),
        *("TZID", "DTSTART", "RDATE", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"),
        *("UID", "DTSTAMP", "DTEND", "SUMMARY", "CLASS", "SEQUENCE", "STATUS", "TRANSP"),
        *("ACTION", "DESCRIPTION", "TRIGGER"),
    }


def test_the_identifier_is_the_same_on_each_device_and_another_one_for_the_other_side() -> None:
    meeting = session(Slot(minute_of("2027-07-01T12:00"), 60))
    own = one(write(meeting)).uid
    label = b"kith/calendar/v1\0" + CONVERSATION + b"\1"  # 1 is the role of a mentee
    assert own == str(UUID(bytes=sha256(label + bytes(16))[:16], version=4))
    assert one(write(meeting, zone="Asia/Kolkata", title="Tea")).uid == own
    others = {
        one(write(meeting, is_mentee=False)).uid,
        one(write(meeting, conversation=bytes(16))).uid,
        one(write(session(meeting.picked, thing=b"\1" * 16))).uid,
    }
    assert len({own, *others}) == 4


def test_what_is_over_or_was_never_agreed_is_left_out() -> None:
    noon = minute_of("2027-07-01T12:00")
    sessions = [
        session(Slot(noon, 60), thing=b"\1" * 16),
        session(Slot(noon, 60), thing=b"\2" * 16, state="cancelled"),
        session(None, thing=b"\3" * 16, state="proposed", proposed=(Slot(noon + 600, 60),)),
        session(None, thing=b"\4" * 16, state="cancelled"),
        session(Slot(noon, 61), thing=b"\5" * 16, state="took-place"),
    ]
    end = (noon + 60) * 60
    assert len(read(write(*sessions, now=end - 1)).events) == 3
    assert len(read(write(*sessions, now=end)).events) == 1
    with pytest.raises(UsageError, match="agree on a time first"):
        write(*sessions, now=end + 60)


def test_a_title_stays_one_line_in_any_language_however_long() -> None:
    slot = session(Slot(minute_of("2027-07-01T12:00"), 60))
    title = "Чай; кофе, \\ или 茶 ☕ " * 12
    file = write(slot, title=title)
    assert one(file).summary == " ".join(title.split())
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    forged = write(slot, title="Tea\r\nATTENDEE:mailto:a@example.org\x00\udcff")
    assert one(forged).summary == "Tea ATTENDEE:mailto:a@example.org"
    assert one(forged).attendees == []
    with pytest.raises(UsageError, match="needs a title"):
        write(slot, title=" \n\x07")


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="Europe/Berlin"):
        write(session(Slot(minute_of("2027-07-01T12:00"), 60)), zone="Berlin")


def test_a_time_in_two_hundred_years_is_written_too() -> None:
    meeting = session(Slot(MAX_MINUTE, 600))
    assert minutes(one(write(meeting))) == (MAX_MINUTE, MAX_MINUTE + 600)


def test_a_system_without_time_zones_writes_the_same_file(tmp_path: Path) -> None:
    program = tmp_path / "write.py"
    program.write_text(
        "import sys\n"
        "from kith_client.calendar import calendar_of\n"
        "from kith_protocol.mentorship.bodies import Slot\n"
        "from kith_protocol.mentorship.sessions import Session\n"
        "session = Session(thing=bytes(16), state='agreed', picked=Slot(30246480, 60),\n"
        "    is_picked_by_me=True, picker_offset=None, proposed=(), is_proposed_by_me=False,\n"
        "    words='', moves=0, head=bytes(32))\n"
        "sys.stdout.buffer.write(calendar_of([session], conversation=bytes(range(16)),\n"
        "    is_mentee=True, zone='Australia/Lord_Howe', title='Appointment', now=0))\n"
    )
    made = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "PYTHONTZPATH": ""},
        capture_output=True,
        check=True,
    )
    meeting = session(Slot(30246480, 60))
    assert made.stdout == write(meeting, zone="Australia/Lord_Howe")


SLOTS = st.builds(
    Slot,
    st.integers(minute_of("2026-01-01T00:00"), minute_of("2031-12-31T00:00")),
    st.integers(5, 600),
    st.none() | st.integers(-840, 840),
)
SESSIONS = st.lists(
    st.builds(
        session,
        st.none() | SLOTS,
        thing=st.binary(min_size=16, max_size=16),
        state=st.sampled_from(["proposed", "agreed", "cancelled", "took-place"]),
        moves=st.integers(0, 9),
        words=st.just("meet me at the harbour, Noor"),
        proposed=st.lists(SLOTS, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda found: found.thing,
)


@given(SESSIONS, st.sampled_from(ZONES), st.booleans())
@settings(max_examples=60)
def test_any_sessions_are_read_back_and_nothing_else_is(
    sessions: list[Session], zone: str, is_mentee: bool
) -> None:
    picked = [found.picked for found in sessions if found.picked is not None]
    if not picked:
        with pytest.raises(UsageError):
            write(*sessions, zone=zone, is_mentee=is_mentee)
        return
    file = write(*sessions, zone=zone, is_mentee=is_mentee)
    expected = sorted((slot.start, slot.start + slot.minutes) for slot in picked)
    for calendar in (read(file), read_by_its_rules(file, zone)):
        assert sorted(map(minutes, calendar.events)) == expected
    assert len({event.uid for event in read(file).events}) == len(picked)
    for raw in (CONVERSATION, *(found.thing for found in sessions)):
        for secret in (raw, raw.hex().encode(), encode_base64url(raw).encode()):
            assert secret not in file
    for word in (b"kith", b"harbour", b"noor", b"mentor", b"mentee"):
        assert word not in file.lower()
