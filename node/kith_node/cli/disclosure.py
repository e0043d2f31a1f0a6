"""``kith disclosure``: what this node holds and could hand over, from its own files."""

from __future__ import annotations

from pathlib import Path

import aiosqlite
import click
import msgspec

from kith_node.cli.disclosure_words import CAN, CANNOT, KEY_WORDS, WORDS
from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.runtime.wiring import Node
from kith_node.storage.database import Database
from kith_node.storage.migrations import File

UNKNOWN = "nobody has said what this is; ask who runs the node"

SQL_LIST_TABLES = """
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
AND substr(name, 1, 7) != 'sqlite_' ORDER BY name
"""
SQL_LIST_COLUMNS = "SELECT name FROM pragma_table_info(:name) ORDER BY cid"


class Table(msgspec.Struct, frozen=True):
    """One table of the node: what it holds in words, and how many rows there are."""

    file: File
    name: str
    rows: int
    holds: str
    lives: str
    never: str
    columns: dict[str, str]


class Disclosure(msgspec.Struct, frozen=True):
    """All that the node holds."""

    tables: tuple[Table, ...]
    keys: dict[str, str]
    can: tuple[str, ...] = CAN
    cannot: tuple[str, ...] = CANNOT


@click.command()
@config_option
@json_option
def disclosure(config_path: Path, *, as_json: bool) -> None:
    """Say what this node holds, for how long, and what could be handed over.

    Read from the live files, so that nothing is left out. Counts are exact: whoever has the
    files has them, too. A running node also sees who is connected; see docs/privacy.md.

    \b
    Examples:
      kith disclosure
      kith disclosure --json > disclosure.json
    """  # noqa: D301 - click reads the escape
    found = with_node(config_path, read_disclosure)
    if as_json:
        print_json(found)
        return
    _print(found)


async def read_disclosure(node: Node) -> Disclosure:
    """Return what *node* holds, from the live schema and the folder of keys."""
    stores = node.stores
    files: dict[File, Database] = {
        "members": stores.members,
        "objects": stores.objects,
        "catalogue": stores.catalogue,
    }
    tables: list[Table] = []
    for file, database in files.items():
        async with database.read() as connection:
            names = await connection.execute_fetchall(SQL_LIST_TABLES)
            tables += [await _read_table(connection, file, str(row[0])) for row in names]
    folder = Path(node.config.data_dir) / "keys"
    return Disclosure(tuple(tables), _read_keys(folder))


async def _read_table(connection: aiosqlite.Connection, file: File, name: str) -> Table:
    columns = await connection.execute_fetchall(SQL_LIST_COLUMNS, {"name": name})
    # The name comes from the schema itself, and no statement can take it as a value.
    quoted = name.replace('"', '""')
    rows = await connection.execute_fetchall(f'SELECT count(*) FROM "{quoted}"')  # noqa: S608
    [(count,)] = [tuple(row) for row in rows]
    words = WORDS[file].get(name)
    said = {} if words is None else words.columns
    return Table(
        file=file,
        name=name,
        rows=int(count),
        holds=UNKNOWN if words is None else words.holds,
        lives=UNKNOWN if words is None else words.lives,
        never=UNKNOWN if words is None else words.never,
        columns={str(row[0]): said.get(str(row[0]), UNKNOWN) for row in columns},
    )


def _read_keys(folder: Path) -> dict[str, str]:
    """Return each file in the folder of keys with what it is; a folder counts as one."""
    names = sorted(f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir())
    return {name: KEY_WORDS.get(name, UNKNOWN) for name in names}


def _print(found: Disclosure) -> None:
    for table in found.tables:
        click.secho(f"{table.file}.db, {table.name}: {table.rows}", bold=True)
        click.echo(f"  holds {table.holds}")
        click.echo(f"  kept {table.lives}")
        click.echo(f"  never tells {table.never}")
        for column, words in table.columns.items():
            click.echo(f"    {column}: {words}")
    click.secho("Keys", bold=True)
    for name, words in found.keys.items():
        click.echo(f"  {name}: {words}")
    click.secho("What could be handed over", bold=True)
    click.echo("\n".join(f"  {line}" for line in found.can))
    click.secho("What could not", bold=True)
    click.echo("\n".join(f"  {line}" for line in found.cannot))
