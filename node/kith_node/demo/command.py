"""``kith demo``: communities on this machine that find mentors across each other."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kith_client.http import open_http
from kith_client.means import Means
from kith_crypto.errors import KithError
from kith_node.cli.output import print_json
from kith_node.demo.clock import MovedClock
from kith_node.demo.plan import MAX_NODES, MIN_OFFERS
from kith_node.demo.progress import Progress
from kith_node.demo.report import (
    print_accused,
    print_addresses,
    print_figures,
    print_lived,
    print_sample,
    print_wishes,
)
from kith_node.demo.run import open_for_visitors, run
from kith_node.demo.stage import Options, Stage
from kith_node.demo.waiting import hurry
from kith_node.runtime.system import SystemClock, SystemRng

MAX_OFFERS = 20_000
MAX_CONNECTIONS = 60
INTERRUPTED = 130  # what shells report for Ctrl-C


@click.command()
@click.option(
    "--nodes",
    type=click.IntRange(1, MAX_NODES),
    default=5,
    show_default=True,
    help="Communities.",
)
@click.option(
    "--offers",
    type=click.IntRange(MIN_OFFERS, MAX_OFFERS),
    default=1000,
    show_default=True,
    help="Offers to publish, in all.",
)
@click.option("--once", is_flag=True, help="End after the checks instead of staying up.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON document.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep everything here; by default a temporary folder that is removed.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--port-base", type=click.IntRange(1024, 65000), help="First port; by default free ones."
)
def demo(
    *,
    nodes: int,
    offers: int,
    once: bool,
    as_json: bool,
    folder: Path | None,
    seed: int,
    port_base: int | None,
) -> None:
    """Run several communities on this machine and let them find mentors across each other.

    Starts real nodes on loopback, fills them with offers made from people's real skill lists
    and with made-up ones, connects them, asks wishes, and checks that every node holds exactly
    what its peers published, that withdrawn and expired offers are gone everywhere, and that a
    tampered announcement is refused. Members knock, answer and talk across communities, every
    message is compared with what was written, one report is proven and acted on, and a false
    one is refused. Ends with an error if a check fails.

    \b
    Examples:
      kith demo
      kith demo --once --json
    """  # noqa: D301 - click reads the escape
    options = Options(
        nodes=nodes, offers=offers, seed=seed, port_base=port_base, keeps_homes=not once
    )
    with _folder(folder) as place:
        try:
            asyncio.run(_perform(options, place, once=once, as_json=as_json))
        except asyncio.CancelledError:
            click.echo("\nEverything that was started has been stopped.", err=True)
            sys.exit(0 if not once else INTERRUPTED)


async def _perform(options: Options, folder: Path, *, once: bool, as_json: bool) -> None:
    task = asyncio.current_task()
    assert task is not None
    # However it is ended, and however often it is asked: nothing that was started stays behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    system = SystemClock()
    clock = MovedClock(system)
    async with open_http(max_connections=MAX_CONNECTIONS) as http:
        stage = Stage(
            options=options,
            folder=folder,
            means=Means(clock=clock, rng=SystemRng(), http=http, pause=hurry),
            clock=clock,
            progress=Progress(system, is_quiet=as_json and not sys.stderr.isatty()),
        )
        try:
            await _show(stage, once=once, as_json=as_json)
        except KithError:
            _show_logs(stage)
            raise
        finally:
            try:
                await stage.stop()
            finally:
                stage.kill()


async def _show(stage: Stage, *, once: bool, as_json: bool) -> None:
    """Run, print, and stay up unless it is *once*."""
    result = await run(stage)
    if as_json:
        print_json(result.figures)
    else:
        print_wishes(result.asked, stage.nodes, result.topics)
        print_sample(result.sample)
        print_lived(result.lived)
        print_accused(result.accused)
        print_figures(result.figures)
    if once:
        return
    accounts = stage.first_accounts()
    await open_for_visitors(stage)
    if not as_json:
        invites = [link for node in stage.nodes[:2] for link in await node.invite(1)]
        print_addresses(stage.folder, stage.nodes, accounts, invites)
    # Until somebody ends it.
    await asyncio.Event().wait()


def _show_logs(stage: Stage) -> None:
    """Print what the nodes said, before their folders are removed."""
    for node in stage.nodes:
        if node.said():
            click.echo(f"{node.community.name} said:\n{node.said()}", err=True)


@contextmanager
def _folder(folder: Path | None) -> Iterator[Path]:
    """Yield *folder*, made where missing, or a temporary one that is removed afterwards."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="kith-demo-") as made:
            yield Path(made)
        return
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; choose another --folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield folder.resolve()
