"""``kith config``: is the settings file right, and what is in force?"""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, read_settings


@click.group()
def config() -> None:
    """Check and show the settings.

    \b
    Examples:
      kith config check
      kith config show --json
    """  # noqa: D301 - click reads the escape


@config.command()
@config_option
def check(config_path: Path) -> None:
    """Say whether the settings are valid, and if not, which one is wrong and how to mend it."""
    settings = read_settings(config_path)
    click.echo(f"{config_path}: valid; the node is {settings.origin}")


@config.command()
@config_option
@json_option
def show(config_path: Path, *, as_json: bool) -> None:
    """Print the settings in force, defaults and variables included."""
    settings = msgspec.to_builtins(read_settings(config_path))
    if as_json:
        print_json(settings)
        return
    for name, value in settings.items():
        if isinstance(value, dict):
            for inner, inner_value in value.items():
                click.echo(f"{name}.{inner} = {inner_value!r}")
        else:
            click.echo(f"{name} = {value!r}")
