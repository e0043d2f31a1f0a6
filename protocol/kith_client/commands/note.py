"""``kith me note …``: what one wants to remember, for oneself or shared."""

from __future__ import annotations

import sys

import click

from kith_client.commands.common import Place, member_command, pick, short_id
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation
from kith_client.mentorship.private import PrivateNote
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.goals import SharedNote


@click.group()
def note() -> None:
    """Notes of a mentorship. They stay in your vault unless you share them.

    Shared ones both of you see and may change. A note is named by its number in
    `kith me note list`, or by the beginning of its id.
    """


@note.command("list")
@click.argument("number")
@member_command
def list_notes(place: Place, number: str) -> None:
    """List the notes in conversation NUMBER of `kith me talk`: shared ones, then your own.

    Example: kith me note list 1
    """

    async def act(scene: Scene) -> None:
        found = _notes(scene)
        for place_in_list, one in enumerate(found.values(), 1):
            _show(place, place_in_list, one)
        if not found:
            place.say("There is no note yet.")
            place.say(f"Write one: kith me note new {number} TEXT")
        place.answer({"notes": [_document(one) for one in found.values()]})

    in_conversation(place, number, act)


@note.command("new")
@click.argument("number")
@click.argument("text")
@click.option("--shared", "is_shared", is_flag=True, help="Show it to the other side.")
@click.option("--session", "about", help="It is about: a number in `kith me session list`.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def new_note(
    place: Place,
    number: str,
    text: str,
    is_shared: bool,
    about: str | None,
    is_agreed: bool,
) -> None:
    """Write a note, for yourself unless --shared says otherwise; '-' reads the input.

    Example: kith me note new 1 'Ask about the gap in 2019'
    """
    reader, words = reader_of(), _read(text)

    async def act(scene: Scene) -> None:
        session = _session(scene, about)
        if is_shared:
            ask_first(place, words, reader, is_agreed=is_agreed)
            made = await scene.send(scene.mentorship.add_note(words, session))
        else:
            made = await scene.mentorship.keep_note(words, session)
        _show_changed(scene, made)

    in_conversation(place, number, act)


@note.command("edit")
@click.argument("number")
@click.argument("chosen", metavar="NOTE")
@click.argument("text")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def edit_note(place: Place, number: str, chosen: str, text: str, is_agreed: bool) -> None:
    """Change NOTE, whoever began it; '-' reads the input.

    Example: kith me note edit 1 2 'Ask about the gap in 2018'
    """
    reader, words = reader_of(), _read(text)

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        if isinstance(one, SharedNote):
            ask_first(place, words, reader, is_agreed=is_agreed)
            await scene.send(scene.mentorship.edit_note(one.thing, words))
        else:
            await scene.mentorship.keep_note(words, one.session, note=one.id)
        _show_changed(scene, _id(one))

    in_conversation(place, number, act)


@note.command("remove")
@click.argument("number")
@click.argument("chosen", metavar="NOTE")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def remove_note(place: Place, number: str, chosen: str, is_agreed: bool) -> None:
    """Throw NOTE away. A shared one goes for both; they may have kept what it said.

    Example: kith me note remove 1 2
    """

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        if isinstance(one, SharedNote):
            place.confirm("Throw this note away, for both?", is_agreed=is_agreed)
            await scene.send(scene.mentorship.put_away_note(one.thing))
        else:
            place.confirm("Throw this note away?", is_agreed=is_agreed)
            await scene.mentorship.drop_note(one.id)
        place.say("It is gone.")
        place.answer({"removed": encode_base64url(_id(one))})

    in_conversation(place, number, act)


def _read(text: str) -> str:
    words = sys.stdin.read().strip() if text == "-" else text
    if not words:
        raise UsageError("write something; to throw a note away, use `kith me note remove`")
    return words


def _session(scene: Scene, about: str | None) -> bytes:
    if about is None:
        return b""
    return pick(about, tuple(one.thing for one in scene.state.sessions), "session")


def _notes(scene: Scene) -> dict[bytes, SharedNote | PrivateNote]:
    """Return all notes by id, in the order of the list."""
    notes: tuple[SharedNote | PrivateNote, ...]
    notes = (*scene.state.notes, *scene.mentorship.private_notes)
    return {_id(one): one for one in notes}


def _pick(scene: Scene, chosen: str) -> SharedNote | PrivateNote:
    found = _notes(scene)
    return found[pick(chosen, tuple(found), "note")]


def _id(one: SharedNote | PrivateNote) -> bytes:
    return one.thing if isinstance(one, SharedNote) else one.id


def _show_changed(scene: Scene, changed: bytes | None) -> None:
    found = _notes(scene)
    if changed is None or changed not in found:
        scene.place.answer({"id": None})
        return
    _show(scene.place, tuple(found).index(changed) + 1, found[changed])
    scene.place.answer(_document(found[changed]))


def _show(place: Place, place_in_list: int, one: SharedNote | PrivateNote) -> None:
    whose = "shared" if isinstance(one, SharedNote) else "only you see it"
    about = f", session {short_id(one.session)}" if one.session else ""
    place.title(f"{place_in_list:2}. [{whose}{about}, {short_id(_id(one))}]")
    place.say(_indent(one.text))
    for rival in one.rivals if isinstance(one, SharedNote) else ():
        place.say(f"    also written at the same time:\n{_indent(rival)}")


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _document(one: SharedNote | PrivateNote) -> dict[str, object]:
    return {
        "id": encode_base64url(_id(one)),
        "text": one.text,
        "shared": isinstance(one, SharedNote),
        "session": encode_base64url(one.session) or None,
        "rivals": one.rivals if isinstance(one, SharedNote) else (),
    }
