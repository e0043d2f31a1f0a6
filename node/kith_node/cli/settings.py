"""What every steward's command needs: the settings, and the services over the databases."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from kith_node.runtime.config import Config, load_config
from kith_node.runtime.logs import configure_logging
from kith_node.runtime.system import SystemClock, SystemRng
from kith_node.runtime.wiring import Node, open_node

T = TypeVar("T")

DEFAULT_CONFIG = Path("kith.toml")

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=DEFAULT_CONFIG,
    envvar="KITH_CONFIG",
    show_default=True,
    help="The node's settings; KITH_CONFIG names them, too.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print for scripts.")


def read_settings(config_path: Path) -> Config:
    """Return the settings in *config_path* with the environment's overrides.

    Raises:
        ConfigError: names key, value and remedy.
    """
    return load_config(config_path, os.environ)


def with_node(config_path: Path, work: Callable[[Node], Awaitable[T]]) -> T:
    """Open the node's databases, do *work* with its services, close them.

    A running node notices what was written within about a second.

    Raises:
        KithError: whatever the work refuses.
    """
    config = read_settings(config_path)
    configure_logging()

    async def run() -> T:
        clock = SystemClock(config.clock_offset_days * 86_400)
        async with open_node(config, clock=clock, rng=SystemRng()) as node:
            return await work(node)

    return asyncio.run(run())
