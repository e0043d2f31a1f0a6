"""``kith library check``: opens links, when a steward asks and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from kith_crypto.errors import UsageError
from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.library.links import LinkReport, check_links
from kith_node.runtime.system import SystemRng
from kith_node.runtime.wiring import Node
from kith_protocol.resource import Resource
from kith_protocol.urls import authority_of, origin_of

MIN_PAUSE_S, MORE_PAUSE_S = 1.0, 3.0

_WORDS = {
    "works": "works",
    "moved": "moved",
    "gone": "gone",
    "silent": "does not answer",
    "refused": "refused address",
}
_COLUMNS = max(map(len, _WORDS.values()))


@click.command("check")
@config_option
@click.argument("wanted", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Those of peers, too.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before.")
@json_option
def check_library(
    config_path: Path, wanted: tuple[str, ...], *, everything: bool, yes: bool, as_json: bool
) -> None:
    """Open the links of the resources ID (or of all own ones) and say what became of them.

    Whoever owns the pages sees this node's address and that somebody looks; nothing else is
    told, no private address is opened, and the pages come in a random order with pauses
    between. Nothing is changed: you decide, then edit, review or withdraw.

    \b
    works            somebody should still read it once a year: kith library review
    moved            for good, to the address beside it
    gone             the page is not there any more
    does not answer  now; try again before you decide
    refused address  not a public page with https at the usual port

    \b
    Examples:
      kith library check
      kith library check 4mYc1m0wJrQG3mBqk2p0Ew
      kith library check --all --yes --json
    """  # noqa: D301 - click reads the escape

    async def find(node: Node) -> Sequence[Resource]:
        return await (node.library.all() if everything or wanted else node.library.own())

    links = _links_of(with_node(config_path, find), wanted)
    if not links:
        click.echo("There is no link to check.", err=True)
        return
    if not yes and not _agrees(links):
        raise UsageError("nothing was opened")

    async def work(node: Node) -> list[LinkReport]:
        reports: list[LinkReport] = []
        fetcher, rng = node.federation.fetcher, SystemRng()

        async def pause() -> None:
            await asyncio.sleep(MIN_PAUSE_S + MORE_PAUSE_S * rng.bytes(1)[0] / 255)

        async for report in check_links(fetcher, links, rng=rng, pause=pause):
            reports.append(report)
            if not as_json:
                _say(report, links[report.url], f"{len(reports)}/{len(links)}")
        return reports

    reports = with_node(config_path, work)
    if as_json:
        print_json(
            {
                "links": [
                    {
                        "url": one.url,
                        "verdict": one.verdict,
                        "detail": one.detail,
                        "ids": links[one.url],
                    }
                    for one in reports
                ]
            }
        )


def _links_of(resources: Iterable[Resource], wanted: Sequence[str]) -> dict[str, list[str]]:
    """Return each link with the ids of the resources that have it.

    Raises:
        UsageError: one of *wanted* is no resource, or has no link.
    """
    links: dict[str, list[str]] = {}
    found: set[str] = set()
    for resource in resources:
        names = {resource.id, resource.id.rpartition("/")[2]}.intersection(wanted)
        if (names or not wanted) and resource.content.url:
            found |= names
            links.setdefault(resource.content.url, []).append(resource.id)
    for name in wanted:
        if name not in found:
            raise UsageError(f"{name} is no resource with a link; see `kith library list`")
    return links


def _agrees(links: Iterable[str]) -> bool:
    known = list(links)
    hosts = {authority_of(origin_of(url)) for url in known}
    click.echo(
        f"This opens {len(known)} pages of {len(hosts)} hosts. Their owners see this node's"
        " address, and that somebody looks.",
        err=True,
    )
    return click.confirm("Go on?", default=False, err=True)


def _say(report: LinkReport, ids: Sequence[str], count: str) -> None:
    verdict = _WORDS[report.verdict].ljust(_COLUMNS)
    lead = " to " if report.verdict == "moved" else " "
    detail = f"{lead}{report.detail}" if report.detail else ""
    click.echo(f"{count}  {verdict}  {report.url}{detail}")
    if report.verdict != "works":
        for resource in ids:
            click.echo(f"      {resource}")
