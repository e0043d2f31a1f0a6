"""``kith keyholder``: keys that can reveal who is behind a reported offer, off the server."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.seals import quarter_of
from kith_node.cli.output import print_json
from kith_node.runtime.system import SystemClock, SystemRng
from kith_protocol.day import day_of
from kith_protocol.keyholders_file import encode_keyholders_file

QUARTERS = 8
PUBLIC_NAME = "keyholders.json"
PRIVATE_NAME = "keyholders-private.json"


class _PrivateFile(msgspec.Struct, frozen=True):
    version: int
    identity: str
    seeds: dict[str, str]


@click.group()
def keyholder() -> None:
    """Make the keyholders' keys, on a machine that is no server.

    A node seals the owner of each offer to the keyholders' public key. It can't open such a
    seal itself: only who holds the private file can, with a report in hand.
    """


@keyholder.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print for scripts.")
def new(folder: Path, *, as_json: bool) -> None:
    """Write a new pair of key files for two years into FOLDER.

    \b
    Example, on a laptop that never runs the node:
      kith keyholder new ~/kith-keys
    Then bring keyholders.json (the public one) to the server:
      kith init --keyholders keyholders.json
    """  # noqa: D301 - click reads the escape
    rng = SystemRng()
    identity = SigningKey.generate(rng)
    first = quarter_of(day_of(SystemClock().now()))
    seeds = {quarter: rng.bytes(32) for quarter in range(first, first + QUARTERS)}
    private = _PrivateFile(
        version=1,
        identity=encode_base64url(identity.seed),
        seeds={str(quarter): encode_base64url(seed) for quarter, seed in seeds.items()},
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / PRIVATE_NAME, msgspec.json.encode(private), mode=0o600)
    _write(folder / PUBLIC_NAME, encode_keyholders_file(identity, seeds), mode=0o644)
    words = fingerprint_words(identity.verify_key)
    if as_json:
        print_json({"folder": str(folder), "fingerprint": words})
        return
    click.echo(f"Written: {folder / PRIVATE_NAME} (keep it off every server, with a copy)")
    click.echo(f"Written: {folder / PUBLIC_NAME} (bring it to the node)")
    click.echo(f"Fingerprint, shown to everybody who joins: {' '.join(words)}")
    click.echo(
        "One person holding this can open the seal of a reported offer alone. "
        "It does not show who talks with whom."
    )


def _write(path: Path, data: bytes, *, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already; choose an empty folder") from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)


@keyholder.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("kith.toml"),
    envvar="KITH_CONFIG",
    show_default=True,
    help="The node's settings.",
)
def install(file: Path, config_path: Path) -> None:
    """On the server: take the keyholders' public FILE into use. Restart the node afterwards."""
    # Here, because making keys needs no server.
    from kith_node.cli.settings import read_settings
    from kith_node.federation.identity import set_keyholders

    folder = Path(read_settings(config_path).data_dir) / "keys"
    taken = set_keyholders(folder, file.read_bytes())
    click.echo(f"Keyholders: {' '.join(fingerprint_words(taken.identity))}")
    click.echo("Restart `kith serve`. Members see these words when they join.")
