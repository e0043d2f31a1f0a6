"""``kith me talk``: reading and writing in a conversation."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import sys
from pathlib import Path

import click
import msgspec

from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    pick,
    run_async,
    short_id,
)
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.conversation import Conversation, ReceivedFile
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Card,
    Close,
    Freeze,
    Knock,
    Part,
    Text,
)
from kith_protocol.conversation.events import Entry, Missing, Shown
from kith_protocol.day import day_of, format_day

_STATES = {
    "open": "",
    "paused-by-peer": "paused by its owner",
    "paused-by-me": "paused by you",
    "closed-by-peer": "ended by the other side",
    "closed-by-me": "ended by you",
    "closed": "ended",
    "blocked": "ended by you, without a word",
}
_MINUTE_S = 60
_MAX_FILE_BYTES = 2 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done in a conversation, in this order."""

    say: str | None
    file: Path | None
    card: str | None
    words: bool
    save: Path | None
    close: bool
    watch: bool
    last: int


@click.command()
@click.argument("number", required=False)
@click.option("--say", help="Send this; '-' sends what comes on the input.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--card", help="Show who you are: a number in `kith me persona list`.")
@click.option("--safety-words", "words", is_flag=True, help="Show six words to compare.")
@click.option("--save", type=click.Path(path_type=Path, file_okay=False), help="Save files.")
@click.option("--close", is_flag=True, help="End the conversation; --say adds a last word.")
@click.option("--watch", is_flag=True, help="Stay, show what comes, send what you type.")
@click.option("--last", type=click.IntRange(0), default=20, help="How many messages to show.")
@member_command
def talk(place: Place, number: str | None, **wishes: object) -> None:
    """Read and write in a conversation; without NUMBER, list them.

    Everything is sealed on this device. Compare the safety words by voice, video or face to
    face: they rule out that a node stands between you. They do not tell who the other one is.

    With --say - it sends what comes on the input, with --watch it stays and shows what comes.

    Example: kith me talk 1 --say 'Good morning'
    """
    chosen = msgspec.convert(wishes, Wishes)
    if chosen.watch and (place.as_json or chosen.close):
        raise UsageError("--watch goes with neither --json nor --close")
    passphrase = place.ask_passphrase()
    if number is None:
        run_async(_list(place, passphrase))
    else:
        with contextlib.suppress(KeyboardInterrupt):
            run_async(_talk(place, passphrase, number, chosen))


def pick_conversation(member: Member, number: str) -> Conversation:
    """Return the conversation that *number* means.

    Raises:
        UsageError: there is none or more than one.
    """
    ids = tuple(one.id for one in member.conversations.list())
    try:
        return member.conversations.open(pick(number, ids, "conversation"))
    except UsageError as error:
        raise UsageError(
            str(error).replace("kith me conversation list", "kith me talk")
        ) from error


def show_entry(place: Place, entry: Entry) -> None:
    """Print one message, or what is missing."""
    if isinstance(entry, Missing):
        place.say(f"  … {count_of(entry.count, 'message')} did not arrive")
        return
    if text := describe_body(entry.body):
        who = "you" if entry.is_own else "they"
        fork = "  [another version of this message exists]" if entry.is_fork else ""
        place.say(f"{_time(entry.minute)} {click.style(who, bold=True)}: {text}{fork}")


def describe_body(body: Body) -> str:
    """Return what *body* says in words; nothing where it says nothing to people."""
    match body:
        case Text(text=text):
            return text
        case Knock(words=words):
            return f"(knock) {words}"
        case Answer(words=words):
            return f"(answer) {words}"
        case Card(pseudonym=pseudonym, pronouns=pronouns, about=about):
            shown = f"{pseudonym} ({pronouns})" if pronouns else pseudonym
            return f"(card) {shown} {about}".rstrip()
        case Part(number=1, name=name, total=total):
            return f"(file) {name or 'without a name'}, {count_of(total, 'part')}"
        case Freeze():
            return "(paused by its owner)"
        case Close(words=words):
            return f"(ended) {words}".rstrip()
        case _:
            return ""


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await waiting_for("Looking for messages", member.conversations.check())
        found = member.conversations.list()
    for number, one in enumerate(found, 1):
        state = _STATES.get(one.state, one.state)
        ended = f", {state}" if state else ""
        place.title(f"{number:2}. {_name_of(one)}  [{short_id(one.id)}{ended}]")
        shown = [entry for entry in one.messages if isinstance(entry, Shown)]
        for entry in shown[-1:]:
            show_entry(place, entry)
    if not found:
        place.say("There is no conversation yet.")
    place.answer(
        {
            "conversations": [
                {
                    "id": encode_base64url(one.id),
                    "with": _name_of(one),
                    "node": one.node,
                    "state": one.state,
                    "messages": len(one.messages),
                }
                for one in found
            ]
        }
    )


async def _talk(place: Place, passphrase: str, number: str, wishes: Wishes) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        conversation = pick_conversation(member, number)
        await waiting_for("Looking for messages", conversation.receive())
        await _do(member, conversation, wishes)
        place.title(f"{_name_of(conversation)}  [{short_id(conversation.id)}]")
        entries = conversation.messages
        for entry in entries[len(entries) - wishes.last :] if wishes.last else ():
            show_entry(place, entry)
        if state := _STATES.get(conversation.state):
            place.say(f"({state})")
        words = await conversation.safety_words() if wishes.words else None
        if words is not None:
            place.say(f"Safety words: {' '.join(words.words)}  ({' '.join(words.numbers)})")
        saved = _save_files(wishes.save, conversation.files)
        place.answer(
            {
                "id": encode_base64url(conversation.id),
                "with": _name_of(conversation),
                "state": conversation.state,
                "messages": [_document_of(entry) for entry in entries],
                "safety_words": words.words if words is not None else None,
                "saved": saved,
            }
        )
        if wishes.watch:
            await _watch(place, member, conversation, len(entries))


async def _do(member: Member, conversation: Conversation, wishes: Wishes) -> None:
    said = wishes.say
    if said == "-":
        said = sys.stdin.read().strip()
    if persona := pick_persona(member, wishes.card):
        await waiting_for("Sending", conversation.show_card(persona))
    if wishes.file is not None:
        data = _read_file(wishes.file)
        sending = conversation.send_file(data, name=wishes.file.name, media="")
        await waiting_for("Sending the file", sending)
    if wishes.close:
        await waiting_for("Sending", conversation.close(said or ""))
    elif said:
        await waiting_for("Sending", conversation.say(said))


async def _watch(place: Place, member: Member, conversation: Conversation, shown: int) -> None:
    place.say("(what you type is sent at the end of the line; Ctrl-D leaves)")
    async with asyncio.TaskGroup() as group:
        typing = group.create_task(_send_typed(conversation))
        reading = group.create_task(_show_news(place, member, conversation, shown))
        await typing
        reading.cancel()


async def _send_typed(conversation: Conversation) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        while line := await reader.readline():
            if text := line.decode("utf-8", "replace").strip():
                await conversation.say(text)
    finally:
        transport.close()


async def _show_news(
    place: Place, member: Member, conversation: Conversation, shown: int
) -> None:
    async with member.conversations.watch(conversation.id) as happenings:
        async for one, _ in happenings:
            if one.id != conversation.id:
                place.say(f"(something new in {short_id(one.id)})")
                continue
            entries = conversation.messages
            for entry in entries[shown:]:
                if isinstance(entry, Missing) or not entry.is_own:
                    show_entry(place, entry)
            shown = len(entries)


def _read_file(path: Path) -> bytes:
    if path.stat().st_size > _MAX_FILE_BYTES:
        raise UsageError(f"{path} is longer than 2 MiB")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def _save_files(folder: Path | None, files: tuple[ReceivedFile, ...]) -> list[str]:
    """Write received files under names of our own: theirs may be anything."""
    if folder is None:
        return []
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    saved = []
    for number, file in enumerate(files, 1):
        ending = "".join(c for c in Path(file.name).suffix.lower() if c.isalnum())[:8]
        path = folder / f"file-{number}{'.' if ending else ''}{ending}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with contextlib.suppress(FileExistsError):
            with os.fdopen(os.open(path, flags, 0o600), "wb") as target:
                target.write(file.data)
            saved.append(str(path))
    return saved


def _name_of(conversation: Conversation) -> str:
    card = conversation.card
    return card.pseudonym if card is not None else "Somebody without a card"


def _time(minute: int) -> str:
    day = format_day(day_of(minute * _MINUTE_S))[:10]
    rest = minute % (24 * 60)
    return f"{day} {rest // 60:02}:{rest % 60:02}"


def _document_of(entry: Entry) -> dict[str, object]:
    if isinstance(entry, Missing):
        return {"missing": entry.count}
    return {
        "id": encode_base64url(entry.hash),
        "own": entry.is_own,
        "minute": entry.minute,
        "type": getattr(entry.body, "type", type(entry.body).__name__.lower()),
        "text": describe_body(entry.body),
        "fork": entry.is_fork,
        "seen": entry.is_acknowledged,
    }
