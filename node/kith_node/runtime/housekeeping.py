"""What keeps the three files clean: checkpoints, rebuilds, and noticing other processes.

Where rows lie in SQLite tells when they came, so ``objects.db`` is rebuilt within an hour of
any creation, and daily; an envelope that is handed in or arrives counts as one, and so does a
report. So is ``members.db``: random keys hide the order of joining only in part, as within a
page later rows lie lower, and the outbox tells roughly in which order offers came; a vault that
has grown tells when its owner wrote. The write-ahead log, which still holds erased bytes, is
emptied each minute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_node.storage.stores import Stores

CHECKPOINT_S = 60.0
CHECKPOINT_RETRY_S = 2.0
# Half of the hour within which a creation must no longer show.
REBUILD_S = 1800.0
DAY_S = 86_400.0
NOTICE_S = 1.0
# On a clean stop the files are rebuilt only where that takes less than about 5 s.
STOP_LIMIT_BYTES = 500 * 1024 * 1024


class Housekeeping:
    """The jobs over the files. One instance per running node."""

    def __init__(self, stores: Stores, *, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock
        # After a crash nobody knows what was created since the last rebuild.
        self._is_dirty = True
        self._rebuilt_at = clock.monotonic()

    def mark_created(self) -> None:
        """Say that an object was created: page order tells something until the next rebuild."""
        self._is_dirty = True

    async def run_checkpoint(self) -> float:
        """Empty the write-ahead logs; sooner again where a reader was in the way."""
        done = [await database.checkpoint() for database in self._all()]
        return CHECKPOINT_S if all(done) else CHECKPOINT_RETRY_S

    async def run_rebuild(self) -> float:
        """Rebuild ``members.db`` and ``objects.db`` if anything was created, and once a day."""
        if self._is_dirty or self._clock.monotonic() - self._rebuilt_at >= DAY_S:
            self._is_dirty = False
            try:
                await self._stores.members.rebuild()
                await self._stores.objects.rebuild()
            except BaseException:
                self._is_dirty = True
                raise
            self._rebuilt_at = self._clock.monotonic()
        return REBUILD_S

    async def finish(self) -> None:
        """Rebuild both files on a clean stop, where it is quick enough."""
        for database in (self._stores.objects, self._stores.members):
            if database.path.stat().st_size <= STOP_LIMIT_BYTES:
                await database.rebuild()
        await self._stores.catalogue.checkpoint()

    def _all(self) -> tuple[Database, ...]:
        return (self._stores.members, self._stores.objects, self._stores.catalogue)


class Notice:
    """Wakes what must run when another process (the command line) has written to a file."""

    def __init__(self, watched: Mapping[Database, Callable[[], None]]) -> None:
        self._watched = dict(watched)
        self._versions: dict[Database, int] = {}

    async def run(self) -> float:
        """Look once; return the seconds until the next look."""
        for database, wake in self._watched.items():
            version = await database.data_version()
            if self._versions.setdefault(database, version) != version:
                self._versions[database] = version
                wake()
        return NOTICE_S
