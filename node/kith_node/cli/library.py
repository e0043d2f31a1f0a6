"""``kith library``: what this community and its peers know and share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click
import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_node.cli.library_content import (
    Choices,
    check_content,
    choice_options,
    content_from,
    read_entry,
    today,
)
from kith_node.cli.library_files import export_library, import_library
from kith_node.cli.library_links import check_library
from kith_node.cli.output import print_json, print_table
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.runtime.wiring import Node
from kith_protocol.resource import Resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_rows import format_date
from kith_protocol.urls import resource_url

_one = click.argument("resource", metavar="ID")
_several = click.argument("resources", metavar="ID...", nargs=-1, required=True)


@click.group()
def library() -> None:
    """Keep the library: links and short texts for members, announced to peers.

    A resource is a link or a short text under topics and languages, with a licence, the day on
    which somebody last looked whether it is right, and perhaps a region. What helps in a crisis
    is urgent and stands first. It is about organisations and knowledge, never about a member.

    A resource ends by itself after 365 days: look at it once a year, and `review` it. Members
    search the library on their own devices; this node never learns what they look for.

    \b
    Examples:
      kith library add --url https://example.org/cv --name en="Writing a CV" --topic career.cv
      kith library list --own
      kith library export --own --format csv -o library.csv
      kith library import library.csv --dry-run
      kith library check
    """  # noqa: D301 - click reads the escape


@library.command("list")
@config_option
@click.option("--own", is_flag=True, help="Only those of this community.")
@json_option
def list_resources(config_path: Path, *, own: bool, as_json: bool) -> None:
    """List the resources that members see, urgent ones first.

    \b
    Examples:
      kith library list
      kith library list --own --json
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> tuple[Resource, ...]:
        return await (node.library.own() if own else node.library.all())

    found = sorted(with_node(config_path, work), key=_order)
    if as_json:
        print_json({"resources": [_plain(resource) for resource in found]})
        return
    if not found:
        click.echo("The library is empty. Fill it: kith library add --help")
        return
    rows = [
        (
            "urgent" if one.content.urgent else "",
            _title(one.content),
            ", ".join(one.content.topics),
            ", ".join(one.content.languages),
            format_date(one.content.reviewed),
            format_date(one.end_day),
            one.id,
        )
        for one in found
    ]
    print_table(("", "name", "topics", "languages", "reviewed", "ends", "id"), rows)


@library.command()
@config_option
@_one
@json_option
def show(config_path: Path, resource: str, *, as_json: bool) -> None:
    """Show all of the resource ID: its address, or for an own one the last part of it.

    \b
    Example:
      kith library show 4mYc1m0wJrQG3mBqk2p0Ew
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> Resource:
        known = _id_of(node, resource)
        # Own ones that moderators hide are still the stewards' to see.
        everything = (*await node.library.own(), *await node.library.all())
        return _find(everything, known)

    found = with_node(config_path, work)
    if as_json:
        print_json(_plain(found))
        return
    _say_resource(found)


@library.command()
@config_option
@click.argument("file", required=False)
@choice_options
def add(config_path: Path, file: str | None, choices: Choices) -> None:
    """Add a resource: from FILE (JSON, or - for what is typed in), or by options.

    FILE holds an object like those that `kith library export` writes, without an id. By
    options, the languages are those of the names unless you say more, the licence is unknown,
    and the day of review is today.

    \b
    Examples:
      kith library add --url https://example.org/cv --name en="Writing a CV" \\
          --topic career.cv --licence CC-BY-4.0
      kith library add --name fr="Numéros utiles" --content fr="…" --topic health --urgent
      kith library add entry.json
    """  # noqa: D301 - click reads the escape
    day = today(config_path)
    content = content_from(choices, read_entry(file), today=day)

    async def work(node: Node) -> str:
        check_content(content)
        return await node.library.add(content)

    click.echo(f"Added {with_node(config_path, work)}")


@library.command()
@config_option
@_one
@click.argument("file", required=False)
@choice_options
def edit(config_path: Path, resource: str, file: str | None, choices: Choices) -> None:
    """Change the own resource ID: put FILE (JSON, or -) in its place, or change it by options.

    Options change what they name and leave the rest: --name changes the name in that language,
    and takes it away where nothing follows the sign (--name fr=); --topic and --language
    replace all. The resource stands for 365 days from today again.

    \b
    Examples:
      kith library edit 4mYc1m0wJrQG3mBqk2p0Ew --name de="Lebenslauf schreiben"
      kith library edit 4mYc1m0wJrQG3mBqk2p0Ew --region "" --not-urgent
    """  # noqa: D301 - click reads the escape
    entry = read_entry(file)
    if entry is None and not choices.names_something():
        raise UsageError("nothing to change: name a FILE or options, see --help")
    day = today(config_path)

    async def work(node: Node) -> str:
        before = _find(await node.library.own(), _id_of(node, resource))
        content = content_from(choices, entry or before.content, today=day)
        check_content(content)
        if content == before.content:
            raise UsageError("that is what it says already; to renew it: kith library review")
        await node.library.edit(before.id, content)
        return before.id

    click.echo(f"Changed {with_node(config_path, work)}")


@library.command()
@config_option
@_several
def review(config_path: Path, resources: tuple[str, ...]) -> None:
    """Say that somebody looked today and the resources ID are right; renew them for 365 days.

    \b
    Example:
      kith library review 4mYc1m0wJrQG3mBqk2p0Ew
    """  # noqa: D301 - click reads the escape
    day = today(config_path)

    async def work(node: Node) -> list[str]:
        found = await _find_own(node, resources)
        entries: list[tuple[str | None, ResourceContent]] = [
            (one.id, msgspec.structs.replace(one.content, reviewed=day)) for one in found
        ]
        return await node.library.put(entries)

    for done in with_node(config_path, work):
        click.echo(f"Reviewed {done}")


@library.command()
@config_option
@_several
def withdraw(config_path: Path, resources: tuple[str, ...]) -> None:
    """Take the own resources ID back, here and at every peer.

    \b
    Example:
      kith library withdraw 4mYc1m0wJrQG3mBqk2p0Ew
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> list[str]:
        found = [one.id for one in await _find_own(node, resources)]
        for known in found:
            await node.library.withdraw(known)
        return found

    for done in with_node(config_path, work):
        click.echo(f"Withdrew {done}; peers are told. Who confirmed it: kith library receipts")


@library.command("receipts")
@config_option
@_one
@json_option
def show_receipts(config_path: Path, resource: str, *, as_json: bool) -> None:
    """Show which peers have confirmed that the withdrawn resource ID is deleted.

    A receipt is a peer's word. Whoever has read the resource may have kept it.

    \b
    Example:
      kith library receipts 4mYc1m0wJrQG3mBqk2p0Ew
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> list[tuple[str, str]]:
        return await node.library.receipts(_id_of(node, resource))

    found = with_node(config_path, work)
    if as_json:
        print_json({"receipts": [{"peer": peer, "state": state} for peer, state in found]})
        return
    for peer, state in found:
        click.echo(f"{state:12} {peer}")
    if not found:
        click.echo("No peer had it, or it was not withdrawn.")


library.add_command(import_library)
library.add_command(export_library)
library.add_command(check_library)


def _id_of(node: Node, text: str) -> str:
    """Return the id that *text* is or, of an own resource, is the last part of.

    Raises:
        UsageError: neither.
    """
    if "://" in text:
        return text
    try:
        return resource_url(node.identity.origin, parse_base64url(text, size=ID_BYTES))
    except MalformedError as error:
        raise UsageError(f"{text} is no id of a resource; see `kith library list`") from error


async def _find_own(node: Node, names: Iterable[str]) -> list[Resource]:
    """Return the own resources that *names* mean, each once.

    Raises:
        UsageError: one of them is none.
    """
    own = await node.library.own()
    return [_find(own, known) for known in dict.fromkeys(_id_of(node, name) for name in names)]


def _find(resources: Iterable[Resource], url: str) -> Resource:
    for resource in resources:
        if resource.id == url:
            return resource
    raise UsageError(f"there is no such resource: {url}; see `kith library list --own`")


def _order(resource: Resource) -> tuple[bool, Sequence[str], str]:
    return (not resource.content.urgent, resource.content.topics, resource.id)


def _title(content: ResourceContent) -> str:
    return content.name.get("en") or next(iter(content.name.values()))


def _plain(resource: Resource) -> dict[str, object]:
    return {
        **msgspec.to_builtins(resource.content),
        "id": resource.id,
        "author": resource.author,
        "revision": resource.revision,
        "reviewed": format_date(resource.content.reviewed),
        "published": format_date(resource.published),
        "updated": format_date(resource.updated),
        "ends": format_date(resource.end_day),
    }


def _say_resource(resource: Resource) -> None:
    content = resource.content
    lines: list[tuple[str, str]] = [
        ("of", resource.author),
        ("link", content.url),
        ("topics", ", ".join(content.topics)),
        ("languages", ", ".join(content.languages)),
        ("region", content.region or ""),
        ("urgent", "yes" if content.urgent else ""),
        ("licence", content.licence),
        ("reviewed", format_date(content.reviewed)),
        ("changed", format_date(resource.updated)),
        ("ends", format_date(resource.end_day)),
    ]
    click.secho(resource.id, bold=True)
    for name, value in lines:
        if value:
            click.echo(f"  {name}: {value}")
    _say_texts("name", content.name)
    _say_texts("summary", content.summary)
    _say_texts("text", content.content, indent=lambda text: text.replace("\n", "\n      "))


def _say_texts(
    name: str, texts: dict[str, str], *, indent: Callable[[str], str] = lambda text: text
) -> None:
    for language, text in texts.items():
        click.echo(f"  {name} ({language}): {indent(text)}")
