"""``kith me circle session …``: when a circle meets, and who comes."""

from __future__ import annotations

from pathlib import Path

import click

from kith_client.calendar import Entry, calendar_of_entries, identifier, local_slot
from kith_client.commands.circle_documents import meeting_document
from kith_client.commands.circle_scene import CircleScene, in_circle
from kith_client.commands.circle_words import names_of, show_meeting
from kith_client.commands.common import Place, member_command
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import ask_first
from kith_client.commands.session import zone_option
from kith_client.keyfile import write_private
from kith_client.system import SystemClock
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.circle.bodies import Attendance
from kith_protocol.mentorship.bodies import Slot

_MINUTES = click.IntRange(5, 600)


@click.group()
def session() -> None:
    """When a circle meets: its convener plans, moves and cancels; everybody says who comes.

    Times are typed and shown by your own clock. Your time zone is never sent. A session is
    named by its number in `kith me circle session list`, or by the beginning of its id.
    """


@session.command("list")
@click.argument("number", metavar="CIRCLE")
@zone_option
@member_command
def list_meetings(place: Place, number: str, zone: str | None) -> None:
    """List the sessions of a circle, by time, and who comes.

    Example: kith me circle session list 1
    """
    reader = reader_of(zone=zone)

    async def act(scene: CircleScene) -> None:
        _tell_zone(place, reader)
        view = scene.view
        for at, one in enumerate(view.meetings, 1):
            show_meeting(place, at, one, names_of(view), reader)
        if not view.meetings:
            place.say("No session is planned.")
        place.answer({"sessions": [meeting_document(one) for one in view.meetings]})

    in_circle(place, number, act)


@session.command("plan")
@click.argument("number", metavar="CIRCLE")
@click.argument("when")
@click.argument("minutes", type=_MINUTES)
@click.argument("where", default="")
@zone_option
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def plan(
    place: Place,
    number: str,
    when: str,
    minutes: int,
    where: str,
    zone: str | None,
    is_agreed: bool,
) -> None:
    """Plan a session at WHEN, for so many MINUTES; WHERE says how one gets there.

    Example: kith me circle session plan 1 '2027-03-01 18:00' 60 'The usual room'
    """
    reader = reader_of(zone=zone)

    async def act(scene: CircleScene) -> None:
        _tell_zone(place, reader)
        slot = _slot(when, minutes, reader)
        ask_first(place, where, reader, is_agreed=is_agreed)
        convener = scene.circle.convener
        name = await scene.send(
            lambda tell: convener.plan(slot.start, slot.minutes, where, progress=tell)
        )
        _show_changed(scene, name, reader)

    in_circle(place, number, act)


@session.command("move")
@click.argument("number", metavar="CIRCLE")
@click.argument("chosen", metavar="SESSION")
@click.argument("when")
@click.option("--for", "minutes", type=_MINUTES, help="Minutes; as before.")
@click.option("--where", help="How one gets there; as before.")
@zone_option
@member_command
def move(
    place: Place,
    number: str,
    chosen: str,
    when: str,
    minutes: int | None,
    where: str | None,
    zone: str | None,
) -> None:
    """Move SESSION to WHEN. What people said of coming stays; they may say something else.

    Example: kith me circle session move 1 2 '2027-03-08 18:00'
    """
    reader = reader_of(zone=zone)

    async def act(scene: CircleScene) -> None:
        _tell_zone(place, reader)
        one = scene.find_meeting(chosen)
        if one.is_cancelled:
            raise UsageError("the session was cancelled; plan a new one instead")
        slot = _slot(when, minutes or one.minutes, reader)
        there = one.where if where is None else where
        convener = scene.circle.convener
        await scene.send(
            lambda tell: convener.plan(
                slot.start, slot.minutes, there, session=one.session, progress=tell
            )
        )
        _show_changed(scene, one.session, reader)

    in_circle(place, number, act)


@session.command("cancel")
@click.argument("number", metavar="CIRCLE")
@click.argument("chosen", metavar="SESSION")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def cancel(place: Place, number: str, chosen: str, is_agreed: bool) -> None:
    """Cancel SESSION, for everybody.

    Example: kith me circle session cancel 1 2
    """
    reader = reader_of()

    async def act(scene: CircleScene) -> None:
        one = scene.find_meeting(chosen)
        show_meeting(place, 1, one, names_of(scene.view), reader)
        place.confirm("Cancel this session?", is_agreed=is_agreed)
        convener = scene.circle.convener
        await scene.send(
            lambda tell: convener.plan(
                one.start,
                one.minutes,
                one.where,
                session=one.session,
                is_cancelled=True,
                progress=tell,
            )
        )
        _show_changed(scene, one.session, reader)

    in_circle(place, number, act)


@session.command("attend")
@click.argument("number", metavar="CIRCLE")
@click.argument("chosen", metavar="SESSION")
@click.argument("attends", type=click.Choice(("yes", "maybe", "no")))
@member_command
def attend(place: Place, number: str, chosen: str, attends: Attendance) -> None:
    """Say to everybody whether you come to SESSION: yes, maybe or no.

    Example: kith me circle session attend 1 1 yes
    """
    reader = reader_of()

    async def act(scene: CircleScene) -> None:
        one = scene.find_meeting(chosen)
        await scene.send(lambda tell: scene.circle.attend(one.session, attends, progress=tell))
        _show_changed(scene, one.session, reader)

    in_circle(place, number, act)


@session.command("calendar")
@click.argument("number", metavar="CIRCLE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--title", help="What the entries say; a neutral word by default.")
@click.option("--no-reminder", is_flag=True, help="Without one, half an hour before.")
@zone_option
@click.option("--yes", "is_agreed", is_flag=True, help="Replace FILE without asking.")
@member_command
def write_calendar(
    place: Place,
    number: str,
    file: Path,
    title: str | None,
    no_reminder: bool,
    zone: str | None,
    is_agreed: bool,
) -> None:
    """Write the sessions to come into FILE, which calendars read (.ics).

    It says when, and the title; nothing of the circle, and nothing that is the same in the
    files of two members but the times. Those to which you said no stand in it as cancelled.
    After a change, write and import it again: entries are replaced.

    Example: kith me circle session calendar 1 dates.ics --title Choir
    """
    reader = reader_of(zone=zone)
    if file.exists():
        place.confirm(f"Replace {file}?", is_agreed=is_agreed)

    async def act(scene: CircleScene) -> None:
        data = calendar_of_entries(
            _entries(scene),
            zone=reader.zone,
            title=title or reader.words.say("session.title"),
            now=SystemClock().now(),
            is_with_reminder=not no_reminder,
        )
        _tell_zone(place, reader)
        write_private(file, data)
        place.say(f"Import {file} into your calendar, then delete it.")
        place.answer({"file": str(file)})

    in_circle(place, number, act)


def _entries(scene: CircleScene) -> list[Entry]:
    own = scene.circle.seat.key
    return [
        Entry(
            Slot(one.start, one.minutes),
            one.is_cancelled or one.attends.get(own) == "no",
            identifier(scene.circle.id, parse_base64url(own), parse_base64url(one.session)),
        )
        for one in scene.view.meetings
    ]


def _slot(when: str, minutes: int, reader: Reader) -> Slot:
    slot = local_slot(when, zone=reader.zone, minutes=minutes, is_offset_shown=False)
    if slot.start * 60 <= SystemClock().now():
        raise UsageError(f"{when} is over; name a time that is still to come")
    return slot


def _show_changed(scene: CircleScene, session: str | None, reader: Reader) -> None:
    view = scene.view
    for at, one in enumerate(view.meetings, 1):
        if one.session == session:
            show_meeting(scene.place, at, one, names_of(view), reader)
            scene.place.answer(meeting_document(one))
            return
    scene.place.answer({"id": None})  # the line broke: nothing tells which one it became


def _tell_zone(place: Place, reader: Reader) -> None:
    if reader.hint:
        place.warn(reader.hint)
