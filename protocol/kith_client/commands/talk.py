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

from kith_client.commands.cautions import cautions_about
from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.guide import tell_tip
from kith_client.commands.messages import (
    entry_document,
    name_of,
    pick_conversation,
    show_entry,
    tidy,
)
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import ask_first
from kith_client.conversation import Conversation, ReceivedFile
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Missing, Shown

_STATES = {
    "open": "",
    "paused-by-peer": "paused by its owner",
    "paused-by-me": "paused by you",
    "closed-by-peer": "ended by the other side",
    "closed-by-me": "ended by you",
    "closed": "ended",
    "blocked": "ended by you, without a word",
}
_MAX_FILE_BYTES = 2 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done in a conversation, in this order."""

    say: str | None
    file: Path | None
    card: str | None
    thanks: tuple[str, ...]
    phrase: str | None
    words: bool
    save: Path | None
    close: bool
    watch: bool
    last: int
    is_agreed: bool


@click.command()
@click.argument("number", required=False)
@click.option("--say", help="Send this; '-' sends what comes on the input.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--card", help="Show who you are: a number in `kith me persona list`.")
@click.option("--thanks", multiple=True, help="With --card: a number in `kith me thanks list`.")
@click.option(
    "--check-phrase",
    "phrase",
    help="Keep a phrase that you agreed on by voice, to know each other by; it is never sent. "
    "Shown with --safety-words; suggest: suggest one; none: forget it.",
)
@click.option("--safety-words", "words", is_flag=True, help="Show six words to compare.")
@click.option("--save", type=click.Path(path_type=Path, file_okay=False), help="Save files.")
@click.option("--close", is_flag=True, help="End the conversation; --say adds a last word.")
@click.option("--watch", is_flag=True, help="Stay, show what comes, send what you type.")
@click.option("--last", type=click.IntRange(0), default=20, help="How many messages to show.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def talk(place: Place, number: str | None, **wishes: object) -> None:
    """Read and write in a conversation; without NUMBER, list them.

    Everything is sealed on this device. Compare the safety words by voice, video or face to
    face: they rule out that a node stands between you. They do not tell who the other one is.

    With --say - it sends what comes on the input, with --watch it stays and shows what comes.
    Where a text asks to move elsewhere, to meet, for photos or for money, your device says a
    word: it goes by a few words alone, so it misses some and errs at others.

    Example: kith me talk 1 --say 'Good morning'
    """
    chosen = msgspec.convert(wishes, Wishes)
    if chosen.watch and (place.as_json or chosen.close):
        raise UsageError("--watch goes with neither --json nor --close")
    if chosen.thanks and chosen.card is None:
        raise UsageError("--thanks goes with --card: they are shown with who you are")
    passphrase = place.ask_passphrase()
    if number is None:
        run_async(_list(place, passphrase, reader_of()))
    else:
        with contextlib.suppress(KeyboardInterrupt):
            run_async(_talk(place, passphrase, number, chosen, reader_of()))


async def _list(place: Place, passphrase: str, reader: Reader) -> None:
    async with await place.open(passphrase) as member:
        deleted = await tidy(place, member)
        await waiting_for("Looking for messages", member.conversations.check())
        found = member.conversations.list()
    for number, one in enumerate(found, 1):
        state = _STATES.get(one.state, one.state)
        ended = f", {state}" if state else ""
        place.title(f"{number:2}. {name_of(one)}  [{short_id(one.id)}{ended}]")
        shown = [entry for entry in one.messages if isinstance(entry, Shown)]
        for entry in shown[-1:]:
            show_entry(place, entry, reader)
    if not found:
        place.say("There is no conversation yet.")
    place.answer(
        {
            "conversations": [
                {
                    "id": encode_base64url(one.id),
                    "with": name_of(one),
                    "node": one.node,
                    "state": one.state,
                    "messages": len(one.messages),
                }
                for one in found
            ],
            "deleted": deleted,
        }
    )


async def _talk(
    place: Place, passphrase: str, number: str, wishes: Wishes, reader: Reader
) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        conversation = pick_conversation(member, number)
        await waiting_for("Looking for messages", conversation.receive())
        await _do(place, member, conversation, wishes, reader)
        place.title(f"{name_of(conversation)}  [{short_id(conversation.id)}]")
        entries = conversation.messages
        for entry in entries[len(entries) - wishes.last :] if wishes.last else ():
            show_entry(place, entry, reader)
        if state := _STATES.get(conversation.state):
            place.say(f"({state})")
        words = await conversation.safety_words() if wishes.words else None
        if words is not None:
            place.say(f"Safety words: {' '.join(words.words)}  ({' '.join(words.numbers)})")
        if wishes.words and conversation.check_phrase:
            place.say(f"Check phrase: {conversation.check_phrase}")
        saved = _save_files(wishes.save, conversation.files)
        place.answer(
            {
                "id": encode_base64url(conversation.id),
                "with": name_of(conversation),
                "state": conversation.state,
                "messages": [entry_document(entry, reader) for entry in entries],
                "safety_words": words.words if words is not None else None,
                "check_phrase": conversation.check_phrase if wishes.words else None,
                "saved": saved,
            }
        )
        if conversation.state == "open" and not _has_written(conversation):
            await tell_tip(place, member, conversation, "first-message", reader)
        if wishes.watch:
            await _watch(place, member, conversation, len(entries), reader)


async def _do(
    place: Place, member: Member, conversation: Conversation, wishes: Wishes, reader: Reader
) -> None:
    said = wishes.say
    if said == "-":
        said = sys.stdin.read().strip()
    if said:
        ask_first(place, said, reader, is_agreed=wishes.is_agreed)
    if persona := pick_persona(member, wishes.card):
        ids = tuple(one.id for one in member.thanks.list())
        shown = [pick(number, ids, "thanks") for number in wishes.thanks]
        await waiting_for("Sending", conversation.show_card(persona, thanks=shown))
    if wishes.phrase is not None:
        await _keep_phrase(place, conversation, wishes.phrase)
    if wishes.file is not None:
        data = _read_file(wishes.file)
        sending = conversation.send_file(data, name=wishes.file.name, media="")
        await waiting_for("Sending the file", sending)
    if wishes.close:
        await waiting_for("Sending", conversation.close(said or ""))
    elif said:
        await waiting_for("Sending", conversation.say(said))


async def _keep_phrase(place: Place, conversation: Conversation, phrase: str) -> None:
    if phrase == "suggest":
        place.say(f"Perhaps: {conversation.suggest_check_phrase()}")
        place.say("Agree on it by voice or face to face, never in writing; then both keep it.")
        return
    await conversation.set_check_phrase("" if phrase == "none" else phrase)
    place.say("The check phrase is forgotten." if phrase == "none" else "It is kept here.")


async def _watch(
    place: Place, member: Member, conversation: Conversation, shown: int, reader: Reader
) -> None:
    place.say("(what you type is sent at the end of the line; Ctrl-D leaves)")
    async with asyncio.TaskGroup() as group:
        typing = group.create_task(_send_typed(place, conversation, reader))
        reading = group.create_task(_show_news(place, member, conversation, shown, reader))
        await typing
        reading.cancel()


async def _send_typed(place: Place, conversation: Conversation, reader: Reader) -> None:
    """Send each line; one that there is a word to say about only after an empty one."""
    held = ""
    loop = asyncio.get_running_loop()
    typed = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(typed), sys.stdin
    )
    try:
        while line := await typed.readline():
            text = line.decode("utf-8", "replace").strip()
            cautions = cautions_about((text,), reader)
            for caution in cautions:
                place.say(f"    ! {caution}")
            if cautions:
                place.say("(not sent yet: Enter sends it, another line goes instead of it)")
            elif text or held:
                await conversation.say(text or held)
            held = text if cautions else ""
    finally:
        transport.close()


async def _show_news(
    place: Place, member: Member, conversation: Conversation, shown: int, reader: Reader
) -> None:
    async with member.conversations.watch(conversation.id) as happenings:
        async for one, _ in happenings:
            if one.id != conversation.id:
                place.say(f"(something new in {short_id(one.id)})")
                continue
            entries = conversation.messages
            for entry in entries[shown:]:
                if isinstance(entry, Missing) or not entry.is_own:
                    show_entry(place, entry, reader)
            shown = len(entries)


def _has_written(conversation: Conversation) -> bool:
    return any(
        isinstance(entry, Shown) and entry.is_own and isinstance(entry.body, Text)
        for entry in conversation.messages
    )


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
