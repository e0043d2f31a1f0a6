"""The three files of one node, opened and closed together.

Members and vaults live in ``members.db``, own objects, seals and boxes in ``objects.db``, peers
and everything released in ``catalogue.db``: page order is order of creation, so what must not
be joined lies in different files, and no transaction spans two.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import File, load_migrations

FILES: tuple[File, ...] = ("members", "objects", "catalogue")


@dataclasses.dataclass(frozen=True, slots=True)
class Stores:
    """The open databases of one node."""

    members: Database
    objects: Database
    catalogue: Database

    async def close(self) -> None:
        """Close all three."""
        for database in (self.members, self.objects, self.catalogue):
            await database.close()


async def open_stores(data_dir: Path) -> Stores:
    """Open the three files of *data_dir* with current schemas.

    Raises:
        SchemaError: a file belongs to another release.
    """
    opened: list[Database] = []
    try:
        for file in FILES:
            database = await open_database(data_dir / f"{file}.db", load_migrations(file))
            opened.append(database)
    except BaseException:
        for database in opened:
            await database.close()
        raise
    return Stores(*opened)
