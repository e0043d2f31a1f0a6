"""``kith me library propose``, ``kith me moderate proposal``: ideas for the library.

A proposal goes to the moderators like a report, so nothing outside tells one from the other.
A moderator reads it on their device and writes it into a file; a steward takes that into the
library. Nobody opens the link on the way unless they decide to.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kith_client.commands.common import Place, member_command, run_async
from kith_client.commands.moderate import open_chosen, opened_member, write_new
from kith_client.system import SystemClock
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.day import day_of
from kith_protocol.proposal import encode_proposal, parse_proposal
from kith_protocol.reported import describe_resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_files import encode_json

WHO_READS = "Your community's moderators read it and decide; nobody can tell who proposed it."

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--url", default="", help="The address of the page, beginning with https://.")
@click.option(
    "--content", "texts", multiple=True, help="LANG=TEXT: the entry itself, if no link."
)
@click.option("--name", "names", multiple=True, required=True, help="LANG=TITLE, once or more.")
@click.option(
    "--summary", "summaries", multiple=True, help="LANG=TEXT: one line on what it is."
)
@click.option("-t", "--topic", "topics", multiple=True, required=True, help="1 to 4 topics.")
@click.option("-l", "--language", "languages", multiple=True, help="Of the page; once or more.")
@click.option("--licence", default="unknown", show_default=True, help="For example CC-BY-4.0.")
@click.option("--region", help="Three digits (UN M49) of the country that it is for.")
@click.option("--urgent", is_flag=True, help="It helps in a crisis.")
@click.option("--words", default="", help="What you want to tell the moderators.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send it without asking.")
@member_command
def propose(
    place: Place,
    url: str,
    texts: tuple[str, ...],
    names: tuple[str, ...],
    summaries: tuple[str, ...],
    topics: tuple[str, ...],
    languages: tuple[str, ...],
    licence: str,
    region: str | None,
    urgent: bool,
    words: str,
    is_agreed: bool,
) -> None:
    """Propose an entry for your community's library: a link, or a short text.

    It is shown before it is sent, sealed to the moderators. Your node cannot read it, tell it
    from a report, or tell who sent it. `kith me report list` tells what became of it.

    Example: kith me library propose --url https://example.org/ --name en=CVs -t career.cv -l en
    """
    said = _by_language(texts, "--content")
    content = ResourceContent(
        topics=topics,
        languages=languages or tuple(said),
        licence=licence,
        reviewed=day_of(SystemClock().now()),
        name=_by_language(names, "--name"),
        summary=_by_language(summaries, "--summary"),
        content=said,
        url=url,
        region=region,
        urgent=urgent,
    )
    # What msgspec checks when a struct is decoded is checked here, before anybody is asked.
    content = parse_proposal(encode_proposal(content))

    passphrase = place.ask_passphrase()
    for line in describe_resource(content):
        place.say(line)
    place.say(WHO_READS)
    place.confirm("Send this proposal?", is_agreed=is_agreed)
    run_async(_propose(place, passphrase, content, words))


@click.command()
@click.argument("number")
@click.argument("file", type=_FILE)
@member_command
def proposal(place: Place, number: str, file: Path) -> None:
    """Write the entry that somebody proposes into FILE, for the steward who keeps the library.

    They take it with: kith library import FILE. Then decide: kith me moderate decide NUMBER
    acted.

    Example: kith me moderate proposal 1 entry.json
    """
    run_async(_take(place, place.ask_passphrase(), number, file))


async def _propose(place: Place, passphrase: str, content: ResourceContent, words: str) -> None:
    async with await place.open(passphrase) as member:
        made = await member.reports.propose(content, words=words)
    place.say("It is sent. What became of it: kith me report list")
    place.answer({"id": encode_base64url(made.id)})


async def _take(place: Place, passphrase: str, number: str, file: Path) -> None:
    async with opened_member(place, passphrase) as member:
        opened = await open_chosen(member, number)
    if opened.proposed is None:
        raise UsageError("that is a report, not a proposal: kith me moderate show NUMBER")
    write_new(file, encode_json([("", opened.proposed)]))
    place.say(f"Written: {file}. Hand it to the steward: kith library import {file}")
    place.answer({"file": str(file)})


def _by_language(said: Sequence[str], option: str) -> dict[str, str]:
    """Return what ``LANG=TEXT`` of each of *said* means.

    Raises:
        UsageError: one has no language, or two have the same.
    """
    found: dict[str, str] = {}
    for one in said:
        language, sign, text = one.partition("=")
        if not sign or not language or language in found:
            raise UsageError(
                f"write {option} as a language and a text, each language once: en=…"
            )
        found[language] = text
    return found
