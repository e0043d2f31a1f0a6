"""``kith me library …``: what communities know and share, searched on this device."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

import click
import msgspec

from kith_client.commands.common import Place, member_command, run_async
from kith_client.commands.moderate import write_new
from kith_client.commands.progress import waiting_for
from kith_client.commands.topics import topic_names
from kith_client.commands.words import text_in
from kith_client.member import Member
from kith_crypto.errors import UsageError
from kith_protocol.day import format_day
from kith_protocol.library_search import MAX_FOUND, FoundResource, ResourceQuery
from kith_protocol.resource import Resource
from kith_protocol.resource_files import encode_csv, encode_json
from kith_protocol.text import clean_text
from kith_protocol.vocabulary import Vocabulary

NODE_SEES = "Looked for on this device: your node sees only which languages you fetch."
MAX_SHOWN_CHARACTERS = 3000

_REASONS = {
    "urgent": "helps in a crisis",
    "topic": "about it",
    "near-topic": "about something close",
    "words": "has your words",
    "region": "for your region",
    "old-review": "nobody has looked at it for over a year",
}
_languages = click.option(
    "--language",
    "-l",
    "languages",
    multiple=True,
    required=True,
    help="Such as en; best first.",
)


def _as_text(
    held: Iterable[Resource], languages: Sequence[str], vocabulary: Vocabulary
) -> bytes:
    entries = ("\n".join(_lines_of(one, languages, vocabulary)) for one in held)
    return ("\n\n----\n\n".join(entries) + "\n").encode()


_FORMATS: dict[str, Callable[[list[Resource], Sequence[str], Vocabulary], bytes]] = {
    "text": _as_text,
    "json": lambda held, _languages, _topics: encode_json(
        (one.id, one.content) for one in held
    ),
    "csv": lambda held, _languages, _topics: encode_csv((one.id, one.content) for one in held),
}


@click.group()
def library() -> None:
    """Guides, courses, helplines, histories: what communities recommend.

    Your device fetches whole files, one for each language and the same for everybody, and looks
    through them itself. Nobody learns what you look for. Links are shown, never opened: a page
    that you open sees your address, and whoever watches your line sees its name.

    \b
    Examples:
      kith me library find "writing a CV" -l en
      kith me library find -t health -l fr --region 250
      kith me library show https://kith.example/resources/4mYc1m0wJrQG3mBqk2p0Ew -l fr
      kith me library keep notes.txt -l en
    """  # noqa: D301 - click reads the escape


@library.command("find")
@click.argument("text", nargs=-1)
@click.option("--topic", "-t", "topics", multiple=True, help="Topic id, or a word for one.")
@_languages
@click.option("--region", help="Three digits (UN M49) of where it is to help; never sent.")
@click.option("--limit", type=click.IntRange(1, MAX_FOUND), default=20, show_default=True)
@member_command
def find(
    place: Place,
    text: tuple[str, ...],
    topics: tuple[str, ...],
    languages: tuple[str, ...],
    region: str | None,
    limit: int,
) -> None:
    """Find entries. TEXT is in your own words; without it and topics everything is shown.

    What helps in a crisis comes first.

    Example: kith me library find "somebody to listen" -l en
    """
    if region is not None and not (len(region) == 3 and region.isascii() and region.isdigit()):
        raise UsageError("a region is three digits of UN M49, such as 250 for France")

    async def act(member: Member) -> None:
        vocabulary = await waiting_for("Fetching the topics", member.search.topics())
        names = await topic_names(member.search)
        query = ResourceQuery(
            languages=languages,
            topics=tuple(map(names.find, topics)),
            text=" ".join(text),
            region=region,
            limit=limit,
        )
        found = await waiting_for("Looking", member.library.find(query))
        place.say(NODE_SEES)
        for number, one in enumerate(found, 1):
            _show_line(place, number, one, languages, vocabulary)
        if not found:
            place.say("Nothing fits. Try other words, a wider topic, or another language.")
        place.answer({"resources": [_document(one.resource, one.reasons) for one in found]})

    _with_member(place, act)


@library.command("show")
@click.argument("address")
@_languages
@member_command
def show(place: Place, address: str, languages: tuple[str, ...]) -> None:
    """Show all of the entry at ADDRESS, as `find` prints it.

    Example: kith me library show https://kith.example/resources/4mYc1m0wJrQG3mBqk2p0Ew -l en
    """

    async def act(member: Member) -> None:
        held = await waiting_for("Looking", member.library.list(languages))
        found = next((one for one in held if one.id == address), None)
        if found is None:
            raise UsageError("no such entry in these languages; see: kith me library find")
        vocabulary = await member.search.topics()
        for line in _lines_of(found, languages, vocabulary):
            place.say(line)
        place.answer(_document(found, ()))

    _with_member(place, act)


@library.command("keep")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_languages
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(_FORMATS)),
    default="text",
    show_default=True,
    help="Text for reading, JSON for programs, CSV for spreadsheets.",
)
@member_command
def keep(place: Place, file: Path, languages: tuple[str, ...], form: str) -> None:
    """Write the whole library of some languages into FILE, to read without a line.

    It is not encrypted: whoever takes this device can read it, and sees that you kept it.
    Choose a name and a place that say little. Help in a crisis stands first.

    Example: kith me library keep notes.txt -l en -l fr
    """

    async def act(member: Member) -> None:
        held = await waiting_for("Fetching", member.library.list(languages))
        vocabulary = await member.search.topics()
        ordered = sorted(held, key=lambda one: (not one.content.urgent, one.content.topics))
        write_new(file, _FORMATS[form](ordered, languages, vocabulary))
        place.say(f"Written: {file}, {len(ordered)} entries. It is not encrypted.")
        place.answer({"file": str(file), "entries": len(ordered)})

    _with_member(place, act)


def _show_line(
    place: Place,
    number: int,
    found: FoundResource,
    languages: Sequence[str],
    vocabulary: Vocabulary,
) -> None:
    content = found.resource.content
    mark = click.style(" help in a crisis", fg="red") if content.urgent else ""
    place.say(f"{number:2}. {_safe(text_in(content.name, languages))}{mark}")
    if content.summary:
        place.say(f"    {_safe(text_in(content.summary, languages))}")
    place.say(f"    {content.url or 'a text; see all of it with `show`'}")
    details = [
        ", ".join(vocabulary.label(topic, languages) for topic in content.topics),
        ", ".join(content.languages),
        f"region {content.region}" if content.region else "",
        f"licence {content.licence}",
        f"reviewed {format_day(content.reviewed)[:10]}",
    ]
    place.say(f"    {'; '.join(detail for detail in details if detail)}")
    reasons = [_REASONS[reason] for reason in found.reasons]
    if reasons:
        place.say(f"    why: {', '.join(reasons)}")
    place.say(f"    of {found.resource.author}")
    place.say(f"    {found.resource.id}")


def _lines_of(
    found: Resource, languages: Sequence[str], vocabulary: Vocabulary
) -> Iterable[str]:
    content = found.content
    yield _safe(text_in(content.name, languages))
    if content.urgent:
        yield "This helps in a crisis."
    if content.summary:
        yield _safe(text_in(content.summary, languages))
    if content.url:
        yield content.url
    else:
        yield ""
        yield from map(_safe, text_in(content.content, languages).split("\n"))
        yield ""
    yield f"topics: {', '.join(vocabulary.label(topic, languages) for topic in content.topics)}"
    yield f"languages: {', '.join(content.languages)}"
    yield f"region: {content.region or 'for everybody'}"
    yield f"licence: {content.licence}"
    yield f"reviewed: {format_day(content.reviewed)[:10]}"
    yield f"of {found.author}"


def _document(one: Resource, reasons: Sequence[str]) -> dict[str, object]:
    return {
        "id": one.id,
        "community": one.author,
        "reasons": list(reasons),
        **msgspec.to_builtins(one.content),
        "reviewed": format_day(one.content.reviewed)[:10],
    }


def _safe(text: str) -> str:
    # Checked when it was read; whoever changes that must not reach terminals.
    return clean_text(text, MAX_SHOWN_CHARACTERS)


def _with_member(place: Place, act: Callable[[Member], Awaitable[None]]) -> None:
    async def run(passphrase: str) -> None:
        async with await place.open(passphrase) as member:
            await act(member)

    run_async(run(place.ask_passphrase()))
