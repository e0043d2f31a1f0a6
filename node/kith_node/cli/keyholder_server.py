"""``kith keyholder install | seals``: the two commands that run where the node runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith_crypto.errors import UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_node.cli.keyholder_files import PRIVATE_MODE, PUBLIC_NAME, today, write_new
from kith_node.cli.output import print_json
from kith_protocol.keyholders_file import parse_keyholders_file
from kith_protocol.keyholders_seals import OwnerSeal, SealsFile, encode_seals

if TYPE_CHECKING:  # making and using keys needs no server
    from kith_node.runtime.wiring import Node

PAGE = 1000

_config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("kith.toml"),
    envvar="KITH_CONFIG",
    show_default=True,
    help="The node's settings.",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_config_option
@click.option("--yes", "is_agreed", is_flag=True, help="Replace other keyholders unasked.")
def install(file: Path, config_path: Path, *, is_agreed: bool) -> None:
    """On the server: take the keyholders' public FILE into use. Restart the node afterwards.

    \b
    Example:
      kith keyholder install keyholders.json
    """  # noqa: D301 - click reads the escape
    from kith_node.cli.settings import read_settings
    from kith_node.federation.identity import set_keyholders

    folder = Path(read_settings(config_path).data_dir) / "keys"
    raw = file.read_bytes()
    words = " ".join(fingerprint_words(parse_keyholders_file(raw).identity))
    if not is_agreed and _are_others(folder / PUBLIC_NAME, raw):
        click.echo("These are other keyholders than before: every member's client warns of it.")
        click.confirm(f"Their words are: {words}. Replace them?", abort=True)
    set_keyholders(folder, raw)
    click.echo(f"Keyholders: {words}")
    click.echo("Restart `kith serve`. Members see these words when they join.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_config_option
@click.option("--json", "as_json", is_flag=True, help="Print for scripts.")
def seals(file: Path, config_path: Path, *, as_json: bool) -> None:
    """On the server: write all live owner seals into FILE, for `kith keyholder sweep`.

    The file tells nothing without the keyholders' keys; delete it after the sweep.

    \b
    Example:
      kith keyholder seals seals.json
    """  # noqa: D301 - click reads the escape
    from kith_node.cli.settings import with_node

    found = with_node(config_path, _list_seals)
    write_new(file, encode_seals(found), mode=PRIVATE_MODE)
    if as_json:
        print_json({"file": str(file), "seals": len(found.seals)})
        return
    click.echo(f"Written: {file} (seals: {len(found.seals)}). Bring it to a keyholder.")


async def _list_seals(node: Node) -> SealsFile:
    from kith_node.offers import store

    found: list[OwnerSeal] = []
    after = (store.FIRST, 0)
    async with node.stores.objects.read() as connection:
        while page := await store.list_seals(connection, after=after, limit=PAGE):
            found += [OwnerSeal(object_id, kind, seal) for object_id, kind, seal in page]
            after = page[-1][:2]
    return SealsFile(actor=node.identity.actor, day=today(), seals=tuple(found))


def _are_others(path: Path, raw: bytes) -> bool:
    """Return whether the file at *path* is of other keyholders than *raw*."""
    try:
        former = parse_keyholders_file(path.read_bytes())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return former.identity != parse_keyholders_file(raw).identity
