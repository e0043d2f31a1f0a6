"""``kith init``: everything a new node needs, in one command."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click
import msgspec

from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_node.cli.output import print_json
from kith_node.cli.settings import DEFAULT_CONFIG, config_option, json_option, read_settings
from kith_node.federation.identity import (
    build_revocation,
    create_identity,
    load_identity,
    set_keyholders,
)
from kith_node.runtime.config import DEFAULT_PORT, Config, parse_config
from kith_node.runtime.system import SystemClock, SystemRng
from kith_node.runtime.wiring import open_node
from kith_protocol.day import day_of
from kith_protocol.invite import invite_link
from kith_protocol.keyholders_file import parse_keyholders_file
from kith_protocol.urls import parse_origin

REVOCATION_NAME = "revocation.json"
ADMIN_DAYS = 7

_TEMPLATE = """\
# Settings of a Kith node. Every setting is explained in docs/configuration.md of the project;
# `kith config check` tells what is wrong with this file.

# The public host. It is part of every id and can't be changed later.
domain = {domain}

# Databases and keys. Readable by this user only; encrypt the disk it lies on.
data_dir = {data_dir}

# Where the server listens. Put a TLS proxy in front of it.
listen = {listen}

# What members and peers see. Says nothing about whom the community is for, unless you write it.
name = {name}
languages = {languages}
development = {development}

[members]
programme = {programme}       # "adults" or "youth"; the two never meet

[federation]
policy = "approve"         # "closed", "approve" or "open"

[release]
changes = 5                # changes of offers leave together, so many at a time,
days = 3                   # or after so many days
"""


@click.command()
@config_option
@click.option("--domain", prompt="Public host name, such as kith.example", help="Public host.")
@click.option("--name", default="Kith", show_default=True, help="What others see.")
@click.option("--languages", default="en", show_default=True, help="Comma-separated.")
@click.option("--programme", type=click.Choice(["adults", "youth"]), default="adults")
@click.option("--listen", help="Address and port; by default loopback.")
@click.option("--data-dir", default="data", show_default=True, help="Databases and keys.")
@click.option(
    "--keyholders",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Public file made by `kith keyholder new` on another machine.",
)
@click.option("--development", is_flag=True, help="http and peers on loopback.")
@json_option
def init(
    config_path: Path, keyholders: Path | None, *, as_json: bool, **flags: str | bool | None
) -> None:
    """Make a new node: keys, settings, databases, the first steward's invite.

    \b
    Example:
      kith init --domain kith.example --keyholders keyholders.json
      kith serve
    """  # noqa: D301 - click reads the escape
    if config_path.exists():
        raise UsageError(f"{config_path} exists already; name another file with --config")
    if keyholders is not None:
        parse_keyholders_file(keyholders.read_bytes())
    text = _settings_text(flags)
    data_dir = config_path.parent / str(flags["data_dir"])
    if (data_dir / "keys").exists():
        raise UsageError(
            f"{data_dir} holds a node's keys already; name another folder with --data-dir"
        )
    config_path.parent.mkdir(parents=True, exist_ok=True)
    config_path.write_text(text, encoding="utf-8")
    config = read_settings(config_path)
    result = {"config": str(config_path), **_make(config, config_path.parent, keyholders)}
    if as_json:
        print_json(result)
    else:
        _explain(result, has_keyholders=keyholders is not None)


def _settings_text(flags: dict[str, str | bool | None]) -> str:
    development = bool(flags["development"])
    domain = str(flags["domain"])
    port = domain.rpartition(":")[2] if development and ":" in domain else DEFAULT_PORT
    values: dict[str, object] = {
        **flags,
        "listen": flags["listen"] or f"127.0.0.1:{port}",
        "languages": [part.strip() for part in str(flags["languages"]).split(",")],
        "development": development,
    }
    # Refused before anything is written.
    table = {key: value for key, value in values.items() if key != "programme"}
    config = parse_config({**table, "members": {"programme": flags["programme"]}})
    _check_domain(config)
    return _TEMPLATE.format(**{key: _toml(value) for key, value in values.items()})


def _check_domain(config: Config) -> None:
    try:
        parse_origin(config.origin, development=config.development)
    except MalformedError as error:
        raise UsageError(
            f"{config.domain!r} cannot be the domain; write the host alone, in small ASCII "
            "letters, such as kith.example (xn--… for other scripts)"
        ) from error


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    # A basic string of TOML has the escapes of JSON, and may not hold DEL as it is.
    return msgspec.json.encode(str(value)).decode().replace("\x7f", "\\u007f")


def _make(config: Config, folder: Path, keyholders: Path | None) -> dict[str, object]:
    rng, clock = SystemRng(), SystemClock()
    keys = Path(config.data_dir) / "keys"
    Path(config.data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    create_identity(keys, rng=rng)
    if keyholders is not None:
        set_keyholders(keys, keyholders.read_bytes())
    origin = parse_origin(config.origin, development=config.development)
    identity = load_identity(keys, origin=origin)
    revocation = folder / REVOCATION_NAME
    descriptor = os.open(revocation, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(build_revocation(identity, day=day_of(clock.now())))

    async def invite_admin() -> str:
        async with open_node(config, clock=clock, rng=rng) as node:
            made = await node.members.invites.make("admin", days=ADMIN_DAYS)
        return invite_link(origin, made)

    return {
        "actor": identity.actor,
        "fingerprint": fingerprint_words(identity.signing_key.verify_key),
        "invite": asyncio.run(invite_admin()),
        "revocation": str(revocation),
    }


def _explain(result: dict[str, object], *, has_keyholders: bool) -> None:
    words = result["fingerprint"]
    assert isinstance(words, tuple)
    click.echo(f"Settings:     {result['config']}")
    click.echo(f"Node:         {result['actor']}")
    click.echo(f"Fingerprint:  {' '.join(words)}")
    click.echo(f"First steward's invite, good for {ADMIN_DAYS} days:")
    click.echo(f"  {result['invite']}")
    click.secho(
        f"Move {result['revocation']} off this machine: the signed statement that this "
        "community has ended, for the day when the server is lost.",
        fg="yellow",
    )
    if not has_keyholders:
        click.secho(
            "Publishing and federation stay off until the keyholders' key is set: run "
            "`kith keyholder new` on another machine, then `kith keyholder install FILE` here.",
            fg="yellow",
        )
    named = "" if result["config"] == str(DEFAULT_CONFIG) else f" --config {result['config']}"
    click.echo(f"Next: kith serve{named}")
