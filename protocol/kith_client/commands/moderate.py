"""``kith me moderate …``: the moderators' queue, opened and checked on a moderator's device."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import click

from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    read_passphrase,
    run_async,
)
from kith_client.keyfile import write_private
from kith_client.member import Member
from kith_client.moderation import OpenedReport
from kith_client.system import SystemRng
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.objects import ID_BYTES
from kith_crypto.passphrase import suggest_passphrase
from kith_protocol.day import Day, format_day
from kith_protocol.reported import describe_proven, describe_resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.sealed_api import CaseEntry

FALSE_PROOF = "The proof is FALSE: nobody of that community wrote this. Decide no-action."

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def moderate() -> None:
    """Read reports and applications, and decide. For moderators.

    Your node keeps them sealed; only the moderators' key, in your vault, opens them. You never
    learn who a member is: that takes the keyholders.

    \b
    Examples:
      kith me moderate key new
      kith me moderate reports
      kith me moderate show 1
      kith me moderate decide 1 acted
    """  # noqa: D301 - click reads the escape


@moderate.group()
def key() -> None:
    """Make the moderators' key, and hand it on to another moderator."""


@key.command("new")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def new_key(place: Place, is_agreed: bool) -> None:
    """Make a new key, for the first moderator and each time one leaves.

    What waits is sealed to it anew. Hand it on to the other moderators afterwards.

    Example: kith me moderate key new
    """
    passphrase = place.ask_passphrase()
    question = "From now on reports are sealed to a new key, which only you have. Go on?"
    place.confirm(question, is_agreed=is_agreed)
    run_async(_new_key(place, passphrase))


@key.command("hand-on")
@click.argument("file", type=_FILE)
@member_command
def hand_on(place: Place, file: Path) -> None:
    """Write the key into FILE for another moderator, and show the passphrase that opens it.

    Send the file, and say the words by voice. Whoever has both reads all reports.

    Example: kith me moderate key hand-on moderators.key
    """
    run_async(_hand_on(place, place.ask_passphrase(), file))


@key.command("take")
@click.argument("file", type=_FILE)
@click.option(
    "--file-passphrase",
    "passphrase_of_file",
    type=_FILE,
    help="Read the words that open FILE from the first line of this one.",
)
@member_command
def take_key(place: Place, file: Path, passphrase_of_file: Path | None) -> None:
    """Take the key in FILE, from another moderator, into your vault.

    Example: kith me moderate key take moderators.key
    """
    passphrase = place.ask_passphrase()
    if passphrase_of_file is not None:
        words = read_passphrase(passphrase_of_file)
    else:
        words = click.prompt("The words that open the file", hide_input=True, err=True)
    run_async(_take_key(place, passphrase, _read(file), words))


@moderate.command("reports")
@member_command
def list_reports(place: Place) -> None:
    """List reports, those that wait first.

    Example: kith me moderate reports
    """
    run_async(_list(place, place.ask_passphrase(), "reports"))


@moderate.command("show")
@click.argument("number")
@member_command
def show_report(place: Place, number: str) -> None:
    """Open a report on this device, check its proof, show what was written.

    Example: kith me moderate show 1
    """
    run_async(_show(place, place.ask_passphrase(), number))


@moderate.command("decide")
@click.argument("number")
@click.argument("decision", type=click.Choice(("acted", "no-action")))
@member_command
def decide(place: Place, number: str, decision: str) -> None:
    """Close a report. Whoever reported sees the word; the report is deleted 30 days later.

    Example: kith me moderate decide 1 acted
    """
    run_async(_decide(place, place.ask_passphrase(), number, decision))


@moderate.command("pass-on")
@click.argument("number")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def pass_on(place: Place, number: str, is_agreed: bool) -> None:
    """Pass a proven report on to the community it is of, if whoever reported agreed.

    Example: kith me moderate pass-on 1
    """
    run_async(_pass_on(place, place.ask_passphrase(), number, is_agreed))


@moderate.command("case")
@click.argument("number")
@click.argument("file", type=_FILE)
@click.option("--note", default="", help="Your words for the keyholders.")
@member_command
def write_case(place: Place, number: str, file: Path, note: str) -> None:
    """Write a proven report and its seal into FILE, for the keyholders.

    They alone can open the seal: kith keyholder open FILE. For removing an offer you do not
    need them.

    Example: kith me moderate case 1 case.json --note "The third report"
    """
    run_async(_write_case(place, place.ask_passphrase(), number, file, note))


@moderate.command("remove-offer")
@click.argument("offer")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def remove_offer(place: Place, offer: str, is_agreed: bool) -> None:
    """Remove OFFER, an address or id, of your community: here and at every peer, at once.

    Example: kith me moderate remove-offer https://kith.example/offers/4mYc1m0wJrQG3mBqk2p0Ew
    """
    passphrase = place.ask_passphrase()
    offer_id = parse_base64url(offer.rpartition("/")[2], size=ID_BYTES)
    place.confirm("Remove this offer for good?", is_agreed=is_agreed)
    run_async(_remove_offer(place, passphrase, offer_id))


@moderate.command("applications")
@member_command
def list_applications(place: Place) -> None:
    """List applications to join, oldest first.

    Example: kith me moderate applications
    """
    run_async(_list(place, place.ask_passphrase(), "applications"))


@moderate.command("application")
@click.argument("number")
@click.option("--admit/--refuse", "is_admitted", default=None, help="Decide; it is deleted.")
@member_command
def application(place: Place, number: str, is_admitted: bool | None) -> None:
    """Read an application on this device, or decide about it.

    Example: kith me moderate application 1 --admit
    """
    run_async(_application(place, place.ask_passphrase(), number, is_admitted))


@contextlib.asynccontextmanager
async def opened_member(place: Place, passphrase: str) -> AsyncIterator[Member]:
    """Yield the member, with the keys that their other devices have put into the vault."""
    async with await place.open(passphrase) as member:
        await member.refresh()
        yield member


async def _new_key(place: Place, passphrase: str) -> None:
    async with opened_member(place, passphrase) as member:
        made = await member.moderation.make_key()
    words = fingerprint_words(made.public)
    place.say(f"The new key is published: {' '.join(words)}")
    place.say(f"Sealed anew: {count_of(made.sealed_anew, 'case')}.")
    if made.left:
        place.warn(f"{count_of(made.left, 'case')} could not be: you have not got their key.")
    place.say("Hand it on to the other moderators: kith me moderate key hand-on FILE")
    place.answer({"fingerprint": words, "sealed_anew": made.sealed_anew, "left": made.left})


async def _hand_on(place: Place, passphrase: str, file: Path) -> None:
    words = suggest_passphrase(SystemRng())
    async with opened_member(place, passphrase) as member:
        raw = await member.moderation.hand_on(words)
    write_new(file, raw)
    place.say(f"Written: {file}. Delete it once it has been taken over.")
    place.say(f"Tell these words by voice, not with the file: {words}")
    place.answer({"file": str(file), "passphrase": words})


async def _take_key(place: Place, passphrase: str, raw: bytes, words: str) -> None:
    async with opened_member(place, passphrase) as member:
        await member.moderation.take_over(raw, words)
    place.say("You can read reports now. Delete the file.")
    place.answer({"has_key": True})


async def _list(place: Place, passphrase: str, queue: str) -> None:
    async with opened_member(place, passphrase) as member:
        entries = await _entries(member, queue)
    for number, entry in enumerate(entries, 1):
        place.say(f"{number:2}. {entry.id[:8]}  {_describe(entry)}")
    if not entries:
        place.say(f"There are no {queue}.")
    place.answer({queue: list(entries)})


async def _show(place: Place, passphrase: str, number: str) -> None:
    async with opened_member(place, passphrase) as member:
        opened = await open_chosen(member, number)
    _show_report(place, opened)
    payload, proven = opened.payload, opened.proven
    place.answer(
        {
            "id": opened.entry.id,
            "kind": payload.kind,
            "category": payload.category,
            "words": payload.words,
            "node": payload.node,
            "may_pass_on": payload.may_pass_on,
            "is_proven": proven is not None,
            "lines": [] if proven is None else describe_proven(proven),
            "proposed": opened.proposed,
        }
    )


async def _decide(place: Place, passphrase: str, number: str, decision: str) -> None:
    async with opened_member(place, passphrase) as member:
        chosen = await _pick(member, number, "reports")
        await member.moderation.decide(chosen, "acted" if decision == "acted" else "no-action")
    place.say("It is decided, and deleted in 30 days.")
    place.answer({"id": encode_base64url(chosen), "state": decision})


async def _pass_on(place: Place, passphrase: str, number: str, is_agreed: bool) -> None:
    async with opened_member(place, passphrase) as member:
        opened = await open_chosen(member, number)
        question = f"Hand this report to the moderators of {opened.payload.node}?"
        place.confirm(question, is_agreed=is_agreed)
        await member.moderation.pass_on(opened)
    place.say("It is passed on, sealed to their key.")
    place.answer({"id": opened.entry.id, "state": "passed-on"})


async def _write_case(
    place: Place, passphrase: str, number: str, file: Path, note: str
) -> None:
    async with opened_member(place, passphrase) as member:
        opened = await open_chosen(member, number)
        raw = await member.moderation.write_case(opened, note=note)
    write_new(file, raw)
    place.say(f"Written: {file}. Hand it to the keyholders: kith keyholder open {file}")
    place.answer({"file": str(file)})


async def _remove_offer(place: Place, passphrase: str, offer: bytes) -> None:
    async with opened_member(place, passphrase) as member:
        await member.moderation.remove_offer(offer)
    place.say("It is removed, and peers are told. Whoever made it can publish again.")
    place.answer({"id": encode_base64url(offer), "state": "removed"})


async def _application(
    place: Place, passphrase: str, number: str, is_admitted: bool | None
) -> None:
    async with opened_member(place, passphrase) as member:
        chosen = await _pick(member, number, "applications")
        if is_admitted is None:
            words = (await member.moderation.open_application(chosen)).words
            for line in words.split("\n"):
                place.say(f"  {line}")
            place.answer({"id": encode_base64url(chosen), "words": words})
            return
        await member.moderation.admit(chosen, is_admitted=is_admitted)
    place.say("They can join now." if is_admitted else "It is deleted.")
    place.answer({"id": encode_base64url(chosen), "admitted": is_admitted})


async def _entries(member: Member, queue: str) -> Sequence[CaseEntry]:
    if queue == "reports":
        return await member.moderation.list_reports()
    return await member.moderation.list_applications()


async def _pick(member: Member, text: str, queue: str) -> bytes:
    """Return the id that *text*, a number in the list or the beginning of an id, means."""
    entries = await _entries(member, queue)
    if text.isascii() and text.isdigit() and len(text) <= 4:
        found = [*entries[int(text) - 1 : int(text)]] if int(text) else []
    else:
        found = [one for one in entries if one.id.startswith(text)]
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise UsageError(f"{count} case is meant by {text}; see `kith me moderate {queue}`")
    return parse_base64url(found[0].id, size=ID_BYTES)


async def open_chosen(member: Member, number: str) -> OpenedReport:
    """Return the report that *number* of the list, or the beginning of an id, means, opened."""
    return await member.moderation.open_report(await _pick(member, number, "reports"))


def _show_report(place: Place, opened: OpenedReport) -> None:
    payload = opened.payload
    if opened.proposed is not None:
        _show_proposal(place, opened.proposed, payload.words)
        return
    place.title(f"{payload.kind} of {payload.node}, reported as {payload.category}")
    for line in payload.words.split("\n") if payload.words else []:
        place.say(f"  {line}")
    if opened.proven is None:
        place.title(FALSE_PROOF)
        return
    place.say("The proof holds. This is what was written:")
    for line in describe_proven(opened.proven):
        place.say(f"  {line}")
    consent = "agrees" if payload.may_pass_on else "does not agree"
    place.say(f"Whoever reported {consent} that moderators of {payload.node} get it.")


def _show_proposal(place: Place, content: ResourceContent, words: str) -> None:
    place.title("Somebody proposes this for the library")
    for line in words.split("\n") if words else []:
        place.say(f"  {line}")
    for line in describe_resource(content):
        place.say(f"  {line}")
    place.say("Write it into a file: kith me moderate proposal NUMBER FILE")


def _describe(entry: CaseEntry) -> str:
    day = format_day(Day(entry.day))[:10]
    answer = f"they decided: {entry.answer}" if entry.answer else ""
    origin = f"from {entry.origin}" if entry.origin else ""
    parts = [day, entry.category, entry.state, answer, origin, entry.object]
    return ", ".join(part for part in parts if part)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def write_new(path: Path, raw: bytes) -> None:
    """Write *raw* into a new file that only its owner may read.

    Raises:
        UsageError: there is one of that name.
    """
    if path.exists():
        raise UsageError(f"{path} exists already; choose another name")
    write_private(path, raw)
