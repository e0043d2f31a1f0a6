"""``kith serve``: run the node until it is told to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from kith_node.cli.settings import config_option, read_settings
from kith_node.runtime.logs import configure_logging
from kith_node.runtime.server import serve_forever
from kith_node.runtime.system import SystemClock, SystemRng


@click.command()
@config_option
def serve(config_path: Path) -> None:
    """Run the node until SIGTERM or Ctrl-C.

    Prints one line when it is ready. Log lines go to stderr as JSON and identify nobody.

    \b
    Example:
      kith serve --config /etc/kith/kith.toml
    """  # noqa: D301 - click reads the escape
    config = read_settings(config_path)
    configure_logging()
    clock = SystemClock(config.clock_offset_days * 86_400)

    def announce() -> None:
        click.echo(f"kith: ready at {config.origin} (listening on {config.listen})")

    asyncio.run(serve_forever(config, clock=clock, rng=SystemRng(), announce=announce))
