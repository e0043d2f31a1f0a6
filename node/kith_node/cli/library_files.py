"""``kith library import`` and ``kith library export``: many resources at once, as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from kith_crypto.errors import RemoteError, UsageError
from kith_node.cli.library_content import STDIN, read_bytes, today, unknown_topics
from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.runtime.wiring import Node
from kith_node.topics.loading import load_vocabulary
from kith_protocol.day import Day
from kith_protocol.resource import Resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_files import encode_csv, encode_json, parse_csv, parse_json
from kith_protocol.resource_rows import Problem, ResourceRow, RowsError

FORMATS = ("json", "csv")


class Plan(msgspec.Struct, frozen=True):
    """What an import would change.

    Attributes:
        new: rows that become resources.
        changed: rows that replace what their ids stand for, with the members that differ.
        unchanged: how many rows say what the library says already.
        problems: rows that cannot be used; nothing is imported while there are any.
    """

    new: tuple[ResourceRow, ...]
    changed: tuple[tuple[ResourceRow, tuple[str, ...]], ...]
    unchanged: int
    problems: tuple[Problem, ...] = ()

    def entries(self) -> list[tuple[str | None, ResourceContent]]:
        """Return what is to be put into the library."""
        changes = ((row.id, row.content) for row, _ in self.changed)
        return [*((None, row.content) for row in self.new), *changes]


_format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), help="JSON for programs, CSV for people."
)


@click.command("import")
@config_option
@click.argument("file")
@_format_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@json_option
def import_library(
    config_path: Path, file: str, form: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Import resources from FILE (JSON or CSV, or - for what is typed in): all, or none.

    A row without an id is new; a row with the id of an own resource replaces it; a row that
    says what the library says already is left alone, so that a file may be imported again.
    Nothing is withdrawn. What is new or changed stands for 365 days from today.

    A CSV file is UTF-8, with commas and these heads: id, url, topics, languages, licence,
    reviewed, region, urgent, and name.en, summary.en, content.en for each language. Blanks
    separate several topics or languages in one cell. Begin with an exported file.

    \b
    Examples:
      kith library export --own --format csv -o library.csv
      kith library import library.csv --dry-run
      kith library import library.csv
    """  # noqa: D301 - click reads the escape
    day = today(config_path)
    try:
        rows = _read(file, form)
    except RowsError as error:
        _say_problems(error.problems, as_json=as_json)

    async def work(node: Node) -> Plan:
        plan = plan_import(rows, await node.library.own(), today=day)
        if not dry_run and not plan.problems and plan.entries():
            await node.library.put(plan.entries())
        return plan

    plan = with_node(config_path, work)
    if plan.problems:
        _say_problems(plan.problems, as_json=as_json)
    _say_plan(plan, dry_run=dry_run, as_json=as_json)


@click.command("export")
@config_option
@_format_option
@click.option("--own", is_flag=True, help="Only those of this community.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write into this file, replacing it; by default to the terminal.",
)
def export_library(
    config_path: Path, form: str | None, output: Path | None, *, own: bool
) -> None:
    """Write the library as a file: JSON, or CSV for spreadsheets.

    The CSV file is UTF-8; a cell that a spreadsheet would take for a formula begins with an
    apostrophe, which import drops again. To keep a copy of a peer's resource as your own, empty
    its id before you import it, and mind its licence.

    \b
    Examples:
      kith library export --own --format csv -o library.csv
      kith library export > library.json
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> Sequence[Resource]:
        return await (node.library.own() if own else node.library.all())

    entries = [(one.id, one.content) for one in with_node(config_path, work)]
    chosen = form or _format_of(str(output)) or "json"
    raw = encode_csv(entries) if chosen == "csv" else encode_json(entries)
    if output is None:
        click.echo(raw, nl=False)
        return
    output.write_bytes(raw)
    click.echo(f"Wrote {len(entries)} resources into {output}.", err=True)


def plan_import(rows: Iterable[ResourceRow], own: Iterable[Resource], *, today: Day) -> Plan:
    """Return what *rows* would change in a library that holds *own*."""
    vocabulary = load_vocabulary()
    known = {resource.id: resource.content for resource in own}
    texts = {_key(content) for content in known.values()}
    seen: dict[bytes, int] = {}
    new: list[ResourceRow] = []
    changed: list[tuple[ResourceRow, tuple[str, ...]]] = []
    problems: list[Problem] = []
    unchanged = 0
    for row in rows:
        key = _key(row.content)
        if row.content.reviewed > today:
            problems.append(Problem(row.row, "reviewed", "a day in the future"))
        elif unknown := unknown_topics(row.content, vocabulary):
            problems.append(Problem(row.row, "topics", unknown))
        elif row.id and row.id not in known:
            problems.append(Problem(row.row, "id", _NOT_OWN))
        elif key in seen and not row.id:
            problems.append(Problem(row.row, "", f"the same as row {seen[key]}; leave one out"))
        elif row.id and (fields := _differing(known[row.id], row.content)):
            changed.append((row, fields))
        elif row.id or key in texts:
            unchanged += 1
        else:
            new.append(row)
        seen.setdefault(key, row.row)
    return Plan(tuple(new), tuple(changed), unchanged, tuple(problems))


_NOT_OWN = (
    "this community has no live resource of this id; to add it as a new one, empty the cell"
)


def _read(file: str, form: str | None) -> tuple[ResourceRow, ...]:
    chosen = form or _format_of(file)
    if chosen is None:
        raise UsageError(f"{file}: say with --format whether it is json or csv")
    raw = read_bytes(file)
    try:
        return parse_csv(raw) if chosen == "csv" else parse_json(raw)
    except RowsError:
        raise
    except RemoteError as error:
        raise UsageError(f"{file}: {error}") from error


def _format_of(file: str) -> str | None:
    ending = Path(file).suffix.lower().removeprefix(".")
    return ending if file != STDIN and ending in FORMATS else None


def _key(content: ResourceContent) -> bytes:
    """Return the same bytes for contents that say the same."""
    return msgspec.json.encode(content, order="sorted")


def _differing(before: ResourceContent, after: ResourceContent) -> tuple[str, ...]:
    return tuple(
        name
        for name in ResourceContent.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    )


def _say_plan(plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "new": [{"row": row.row, "name": row.content.name} for row in plan.new],
                "changed": [
                    {"row": row.row, "id": row.id, "members": members}
                    for row, members in plan.changed
                ],
                "unchanged": plan.unchanged,
            }
        )
        return
    for row in plan.new if dry_run else ():
        click.echo(f"new      row {row.row}: {next(iter(row.content.name.values()))}")
    for row, members in plan.changed if dry_run else ():
        click.echo(f"changed  row {row.row}: {', '.join(members)} of {row.id}")
    done = "Would import" if dry_run else "Imported"
    click.echo(
        f"{done}: {len(plan.new)} new, {len(plan.changed)} changed;"
        f" {plan.unchanged} as they were."
    )


def _say_problems(problems: Sequence[Problem], *, as_json: bool) -> NoReturn:
    """Say what has to be mended, and end with 1."""
    if as_json:
        print_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
        click.echo(f"{len(problems)} to mend; nothing was imported.", err=True)
    sys.exit(1)
