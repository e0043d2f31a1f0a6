"""``kith search``: what members of this node would find."""

from __future__ import annotations

from pathlib import Path

import click

from kith_crypto.errors import MalformedError, UsageError
from kith_node.cli.output import print_json, print_table
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.runtime.wiring import Node
from kith_protocol.api import Hit, SearchAnswer, UnderstoodAnswer
from kith_protocol.listed import read_listed


@click.command()
@config_option
@click.option("--topics", help="Concept ids, comma-separated; each stands for all below it.")
@click.option("--text", help="Free words, in any language of the vocabulary.")
@click.option("--near", is_flag=True, help="Also the topic above and related ones.")
@click.option("--languages", help="Best first, comma-separated.")
@click.option("--ways", help="advise, teach, practise, review, listen, accompany.")
@click.option("--formats", help="chat, voice, video, in-person.")
@click.option("--room", is_flag=True, help="Only offers with room.")
@click.option("--limit", default="10", show_default=True)
@json_option
def search(
    config_path: Path, *, near: bool, room: bool, as_json: bool, **parameters: str | None
) -> None:
    """Search the catalogue on the server's machine; nothing is logged.

    \b
    Example:
      kith search --topics career.cv --languages de,en
      kith search --text "CV prüfen" --languages de
    """  # noqa: D301 - click reads the escape
    given = {name: value for name, value in parameters.items() if value is not None}
    if room:
        given["room"] = "open"
    if near:
        given["near"] = "yes"

    async def work(node: Node) -> SearchAnswer:
        await node.catalogue.catch_up()
        try:
            query = node.catalogue.parse_query(given)
        except MalformedError as error:
            option = (error.pointer or "/").replace("/", "--", 1)
            raise UsageError(f"{option}: {error}; see `kith search --help`") from error
        return await node.catalogue.search(query)

    answer = with_node(config_path, work)
    if as_json:
        print_json(answer)
        return
    click.echo("1 offer fits" if answer.total == 1 else f"{answer.total} offers fit")
    if answer.understood is not None:
        _say_understood(answer.understood)
    if answer.hits:
        rows = [_row(hit) for hit in answer.hits]
        print_table(("score", "community", "topics", "why"), rows)


def _say_understood(understood: UnderstoodAnswer) -> None:
    click.echo(f"understood as: {' '.join(understood.topics) or 'no topic'}")
    for name, values in (
        ("ways of helping", understood.ways),
        ("other words", understood.words),
        ("did you mean", understood.did_you_mean),
    ):
        if values:
            click.echo(f"{name}: {' '.join(values)}")


def _row(hit: Hit) -> tuple[str, str, str, str]:
    listed = read_listed(bytes(hit.object))
    reasons = "; ".join(
        f"{reason.code} {' '.join(reason.values)}".strip() for reason in hit.reasons
    )
    host = hit.community.partition("://")[2].partition("/")[0]
    return str(hit.score), host, ", ".join(listed.topics), reasons
