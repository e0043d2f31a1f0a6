"""``kith me session …``: propose times, pick, move, cancel, write a calendar file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from kith_client.calendar import calendar_of, local_slot
from kith_client.commands.common import Place, member_command, pick
from kith_client.commands.guide import show_tip
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation
from kith_client.commands.sessions import session_document, show_session
from kith_client.keyfile import write_private
from kith_client.system import SystemClock
from kith_client.zones import offset_at
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MAX_SLOTS, Slot
from kith_protocol.mentorship.sessions import Session

P = ParamSpec("P")
R = TypeVar("R")

_MINUTES = 60


@click.group()
def session() -> None:
    """When you meet: propose times, pick one, move it, cancel it.

    Times are typed and shown by your own clock, also across changes of the clocks. Your time
    zone is never sent. The other side sees each time by their own clock. A session is named
    by its number in `kith me session list`, or by the beginning of its id.
    """


def zone_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* the option that says in which zone times are typed and shown."""
    return click.option("--zone", help="Yours, like Africa/Nairobi; by default your system's.")(
        command
    )


def offset_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* the option that shows the other side what one's clock shows then."""
    return click.option(
        "--show-offset/--hide-offset",
        "is_offset_shown",
        default=False,
        help="Whether they see what your clock shows then, which tells in which strip of the "
        "world you are, and over the year often in which countries. Hidden by default.",
    )(command)


@session.command("list")
@click.argument("number")
@zone_option
@member_command
def list_sessions(place: Place, number: str, zone: str | None) -> None:
    """List the sessions of conversation NUMBER of `kith me talk`, by time.

    Example: kith me session list 1
    """
    reader = reader_of(zone=zone)

    async def act(scene: Scene) -> None:
        _tell_zone(place, reader)
        found = scene.state.sessions
        for place_in_list, one in enumerate(found, 1):
            show_session(place, number, place_in_list, one, reader)
        if not found:
            place.say("No session is planned.")
            place.say(f"Begin with: kith me session propose {number} '2027-03-01 18:00'")
        place.answer({"sessions": [session_document(one) for one in found]})

    in_conversation(place, number, act)


@session.command("propose")
@click.argument("number")
@click.argument("times", nargs=-1, required=True)
@click.option("--for", "minutes", type=click.IntRange(5, 600), help="Minutes; else as agreed.")
@click.option("--text", default="", help="A word to it.")
@zone_option
@offset_option
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def propose_session(
    place: Place,
    number: str,
    times: tuple[str, ...],
    minutes: int | None,
    text: str,
    zone: str | None,
    is_offset_shown: bool,
    is_agreed: bool,
) -> None:
    """Propose up to five TIMES for a session; the other side picks one.

    Where clocks go back and show a time twice, write first or second behind it.

    Example: kith me session propose 1 '2027-03-01 18:00' '2027-03-03 19:30' --for 45
    """
    reader = reader_of(zone=zone)

    async def act(scene: Scene) -> None:
        is_first = not scene.state.sessions
        slots = _slots(scene, times, minutes, reader, is_offset_shown=is_offset_shown)
        ask_first(place, text, reader, is_agreed=is_agreed)
        thing = await scene.send(scene.mentorship.propose_session(slots, text))
        await _show_changed(scene, number, thing, reader)
        if is_first:
            await show_tip(scene, "first-session", reader)

    in_conversation(place, number, act)


@session.command("move")
@click.argument("number")
@click.argument("chosen", metavar="SESSION")
@click.argument("times", nargs=-1, required=True)
@click.option("--for", "minutes", type=click.IntRange(5, 600), help="Minutes; as before.")
@click.option("--text", default="", help="A word to it.")
@zone_option
@offset_option
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def move_session(
    place: Place,
    number: str,
    chosen: str,
    times: tuple[str, ...],
    minutes: int | None,
    text: str,
    zone: str | None,
    is_offset_shown: bool,
    is_agreed: bool,
) -> None:
    """Propose other TIMES for SESSION. An agreed time stays until one of them is picked.

    Example: kith me session move 1 2 '2027-03-08 18:00'
    """
    reader = reader_of(zone=zone)

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        before = one.picked or next(iter(one.proposed), None)
        long = minutes or (before.minutes if before is not None else None)
        slots = _slots(scene, times, long, reader, is_offset_shown=is_offset_shown)
        ask_first(place, text, reader, is_agreed=is_agreed)
        await scene.send(scene.mentorship.move_session(one.thing, slots, text))
        await _show_changed(scene, number, one.thing, reader)

    in_conversation(place, number, act)


@session.command("pick")
@click.argument("number")
@click.argument("chosen", metavar="SESSION")
@click.argument("slot", type=click.IntRange(1, MAX_SLOTS), required=False)
@zone_option
@offset_option
@member_command
def pick_time(
    place: Place,
    number: str,
    chosen: str,
    slot: int | None,
    zone: str | None,
    is_offset_shown: bool,
) -> None:
    """Agree to one of the times the other side proposes for SESSION: number SLOT of them.

    Example: kith me session pick 1 1 2
    """
    reader = reader_of(zone=zone)

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        is_first = not any(other.picked for other in scene.state.sessions)
        start = _start_of(one, slot)
        offset = offset_at(start, zone=reader.zone) if is_offset_shown else None
        await scene.send(scene.mentorship.pick(one.thing, start, offset))
        await _show_changed(scene, number, one.thing, reader)
        place.say(f"For your calendar: kith me session calendar {number} FILE.ics")
        if is_first:
            await show_tip(scene, "first-session", reader)

    in_conversation(place, number, act)


@session.command("decline")
@click.argument("number")
@click.argument("chosen", metavar="SESSION")
@member_command
def decline_times(place: Place, number: str, chosen: str) -> None:
    """Say no to the times proposed for SESSION, or take back your own.

    A time that was agreed stays; where there is none, the session is off.

    Example: kith me session decline 1 1
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        await scene.send(scene.mentorship.decline_times(one.thing))
        await _show_changed(scene, number, one.thing, reader)

    in_conversation(place, number, act)


@session.command("cancel")
@click.argument("number")
@click.argument("chosen", metavar="SESSION")
@click.option("--text", default="", help="A word to it; no reason is needed.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def cancel_session(place: Place, number: str, chosen: str, text: str, is_agreed: bool) -> None:
    """Cancel SESSION, for both. It can't be brought back; propose a new one instead.

    Example: kith me session cancel 1 2 --text 'I am ill. Next week?'
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        _show(scene, number, one, reader)
        place.confirm("Cancel this session?", is_agreed=is_agreed)
        ask_first(place, text, reader, is_agreed=is_agreed)
        await scene.send(scene.mentorship.cancel_session(one.thing, text))
        await _show_changed(scene, number, one.thing, reader)

    in_conversation(place, number, act)


@session.command("took-place")
@click.argument("number")
@click.argument("chosen", metavar="SESSION")
@member_command
def note_session(place: Place, number: str, chosen: str) -> None:
    """Note that SESSION took place. Nobody has to; nothing depends on it.

    Example: kith me session took-place 1 2
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        await scene.send(scene.mentorship.session_took_place(one.thing))
        await _show_changed(scene, number, one.thing, reader)

    in_conversation(place, number, act)


@session.command("calendar")
@click.argument("number")
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

    It says when, and the title; no names. A calendar that others see, or that is kept by a
    company, shows them that you are busy then. After a move or a cancellation, write and import
    it again: entries are replaced.

    Example: kith me session calendar 1 dates.ics --title Piano
    """
    reader = reader_of(zone=zone)
    if file.exists():
        place.confirm(f"Replace {file}?", is_agreed=is_agreed)

    async def act(scene: Scene) -> None:
        data = calendar_of(
            scene.state.sessions,
            conversation=scene.conversation.id,
            is_mentee=scene.conversation.is_mentee,
            zone=reader.zone,
            title=title or reader.words.say("session.title"),
            now=SystemClock().now(),
            is_with_reminder=not no_reminder,
        )
        _tell_zone(place, reader)
        write_private(file, data)
        place.say(f"Import {file} into your calendar, then delete it.")
        place.answer({"file": str(file)})

    in_conversation(place, number, act)


def _slots(
    scene: Scene,
    times: tuple[str, ...],
    minutes: int | None,
    reader: Reader,
    *,
    is_offset_shown: bool,
) -> tuple[Slot, ...]:
    """Return the *times* that were typed, the earliest first."""
    if len(times) > MAX_SLOTS:
        raise UsageError(f"propose at most {MAX_SLOTS} times")
    _tell_zone(scene.place, reader)
    agreed = scene.state.agreement.terms
    long = minutes or (agreed.minutes if agreed is not None else 0) or _MINUTES
    slots = {
        slot.start: slot
        for text in times
        for slot in [
            local_slot(text, zone=reader.zone, minutes=long, is_offset_shown=is_offset_shown)
        ]
    }
    return tuple(slots[start] for start in sorted(slots))


def _pick(scene: Scene, chosen: str) -> Session:
    found = {one.thing: one for one in scene.state.sessions}
    return found[pick(chosen, tuple(found), "session")]


def _start_of(one: Session, slot: int | None) -> int:
    """Return when the proposed time number *slot* begins; the only one where none is named."""
    if one.is_proposed_by_me:
        raise UsageError("these times are your own; the other side picks one of them")
    if not one.proposed:
        raise UsageError("no times are proposed for this session at the moment")
    if slot is None and len(one.proposed) > 1:
        raise UsageError(f"say which of the times: a number from 1 to {len(one.proposed)}")
    if slot is not None and slot > len(one.proposed):
        raise UsageError(f"there are {len(one.proposed)} times to pick from, not {slot}")
    return one.proposed[(slot or 1) - 1].start


async def _show_changed(scene: Scene, number: str, thing: bytes | None, reader: Reader) -> None:
    for one in scene.state.sessions:
        if one.thing == thing:
            _show(scene, number, one, reader)
            scene.place.answer(session_document(one))
            return
    # The line broke, so nothing tells which one it became.
    scene.place.answer({"id": None})


def _show(scene: Scene, number: str, one: Session, reader: Reader) -> None:
    things = [other.thing for other in scene.state.sessions]
    show_session(scene.place, number, things.index(one.thing) + 1, one, reader)


def _tell_zone(place: Place, reader: Reader) -> None:
    if reader.hint:
        place.warn(reader.hint)
