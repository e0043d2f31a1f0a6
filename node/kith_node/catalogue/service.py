"""The catalogue: own and remote offers as one searchable whole.

The truth is ``catalogue.db``; the index in memory follows it by tailing serials, so that a
change counts whoever made it, also another process. ``catch_up`` is called at start, after each
commit that touched offers, and now and then; nothing else brings changes in. Nobody's query,
and nothing that somebody typed, is logged, kept or counted. What may come in at all is decided
by ``offers`` and ``federation``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from kith_crypto.errors import MalformedError, UnavailableError
from kith_node.catalogue import store
from kith_node.catalogue.index import CatalogueIndex
from kith_node.catalogue.partitions import (
    MAX_PARTITIONS,
    PartitionCache,
    PartitionFile,
    build_file,
)
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol import api
from kith_protocol.day import day_of
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import read_listed
from kith_protocol.placing import place_counts, place_listed, place_query
from kith_protocol.query import Query, encode_cursor, parse_query
from kith_protocol.reasons import explain
from kith_protocol.understood import Understands, understand_query
from kith_protocol.vocabulary import Vocabulary

CHUNK = 500  # rows read at once
BREATH = 50  # rows between two chances for others to run: the worst take milliseconds each

State = tuple[int, int]
"""Serial of the last change that the index has seen, and the day: what a file depends on."""


class Catalogue:
    """All that members may find. See the module."""

    def __init__(
        self,
        database: Database,
        vocabulary: Vocabulary,
        clock: Clock,
        own_actor: str,
        *,
        make_finder: Callable[[], Understands],
    ) -> None:
        """Make a catalogue that is not ready before its first ``catch_up``.

        Args:
            database: ``catalogue.db``.
            vocabulary: the topics.
            clock: says what day it is.
            own_actor: the node's own actor, whose offers are *own*.
            make_finder: makes who understands free text; slow, so it is called in a thread and
                not before somebody searches by words.
        """
        self._database = database
        self._vocabulary = vocabulary
        self._clock = clock
        self._own_actor = own_actor
        self._make_finder = make_finder
        self._finder: Understands | None = None
        self._learning = asyncio.Lock()
        self._hierarchy = Hierarchy(vocabulary.ancestors, vocabulary.related)
        self._index: CatalogueIndex | None = None
        self._serial = 0
        self._expired_serial = 0
        self._turn = asyncio.Lock()
        self._partitions: PartitionCache[State] = PartitionCache()
        self._building = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        """Return whether the index has been built."""
        return self._index is not None

    async def catch_up(self) -> bool:
        """Bring the index up to the database and return whether there was anything new."""
        async with self._turn:
            async with self._database.read() as connection:
                newest = await store.newest_serial(connection)
            if self._index is not None and newest == self._serial:
                return False
            is_older = newest < self._serial  # another database took the place of ours
            index = None if is_older else self._index
            serial = 0 if index is None else self._serial
            if index is None:
                index = await self._empty_index()
            self._serial = await self._follow(index, serial)
            self._index = index
            return True

    def parse_query(self, parameters: Mapping[str, str]) -> Query:
        """Return the query in *parameters*, about topics that the vocabulary has in use.

        Raises:
            MalformedError: as ``kith_protocol.query.parse_query``.
        """
        query = parse_query(parameters, is_known_topic=self._vocabulary.is_placed)
        return place_query(query, self._vocabulary)

    async def search(self, query: Query) -> api.SearchAnswer:
        """Return the page of *query*, each offer as signed, with the reasons for it.

        With it come counts, if they are asked for, and what was made of free text, if any.

        Raises:
            UnavailableError: the index is still being built.
        """
        index, today = self._ready(), self._today()
        query, understood = await self._understand(query)
        page = index.search(query, today)
        facets = None
        if query.counts:
            facets = place_counts(index.facets(query, today), self._vocabulary)
        async with self._database.read() as connection:
            rows = await store.objects_by_position(connection, [hit[0] for hit in page.hits])
        hits = tuple(
            self._hit(rows[position], score, query)
            for position, score in page.hits
            if position in rows  # it may have gone since the index was asked
        )
        following = encode_cursor(page.next) if page.next is not None else None
        return api.SearchAnswer(hits, page.total, following, facets, understood)

    async def live_offers_of(self, author: str) -> Sequence[str]:
        """Return the ids of the offers of the actor *author* that are live here."""
        async with self._database.read() as connection:
            return await store.live_ids_of(connection, author)

    def count_about(self, topic: str) -> int:
        """Return how many live offers mention *topic* or something below it.

        Raises:
            UnavailableError: the index is still being built.
        """
        return self._ready().search(Query(topics=(topic,), limit=1), self._today()).total

    async def offer(self, offer_id: str) -> api.Hit:
        """Return one offer by its URL, with score 0 and no reasons.

        Raises:
            NotFoundError: there is none that members may see.
            GoneError: it was withdrawn or has ended.
        """
        async with self._database.read() as connection:
            row = await store.object_by_id(connection, offer_id)
        if row is None or row.is_hidden or row.kind != store.OFFER:
            raise NotFoundError("no such offer")
        if row.raw is None or row.end_day <= self._today():
            raise GoneError("withdrawn or ended")
        return self._hit(row, 0, None)

    async def partitions(self) -> api.PartitionsAnswer:
        """Return what files there are for searching on the device.

        Only the ``MAX_PARTITIONS`` languages with the most offers are listed, the others can be
        asked for all the same: a peer may make up languages, and each costs a file.

        Raises:
            UnavailableError: the index is still being built.
        """
        counts = self._ready().facets(Query(), self._today()).languages
        most_first = sorted(counts, key=lambda language: (-counts[language], language))
        languages = sorted(most_first[:MAX_PARTITIONS])
        entries = [await self._partition_entry(language) for language in languages]
        return api.PartitionsAnswer(tuple(entries))

    async def partition(self, language: str) -> PartitionFile:
        """Return the file of all live offers in *language*.

        Args:
            language: a primary subtag.

        Raises:
            NotFoundError: there are none.
            UnavailableError: the index is still being built.
        """
        if not self._ready().positions_in(language, self._today()):
            raise NotFoundError("no such partition")
        async with self._building:
            state = self._state()
            file = self._partitions.file(language, state)
            if file is None:
                file = await build_file(language, await self._offers_in(language))
                self._partitions.put(file, state)
            return file

    async def expire(self, today: int) -> int:
        """Remove objects whose end has come and return how many there were.

        Rows of objects that had gone before the last call are deleted: every process that has
        an index has seen them since.
        """
        async with self._database.transaction() as connection:
            count = await store.expire_before(connection, today)
            await store.delete_gone(connection, before_serial=self._expired_serial)
        await self.catch_up()
        self._expired_serial = self._serial
        return count

    async def _understand(self, query: Query) -> tuple[Query, api.UnderstoodAnswer | None]:
        if not query.text:
            return query, None
        async with self._learning:
            if self._finder is None:
                self._finder = await asyncio.to_thread(self._make_finder)
        return understand_query(query, self._finder)

    async def _empty_index(self) -> CatalogueIndex:
        make = await asyncio.to_thread(_load_index)
        return make(self._hierarchy, self._own_actor)

    async def _follow(self, index: CatalogueIndex, serial: int) -> int:
        while True:
            async with self._database.read() as connection:
                rows = await store.objects_after(connection, serial, CHUNK)
            if not rows:
                return serial
            for place, row in enumerate(rows, 1):
                self._apply(index, row)
                if place % BREATH == 0:
                    await asyncio.sleep(0)
            serial = rows[-1].serial

    def _apply(self, index: CatalogueIndex, row: store.CatalogueRow) -> None:
        if row.raw is None or row.is_hidden or row.kind != store.OFFER:
            index.drop(row.position)
            return
        try:
            listed = read_listed(row.raw, with_words=True)
        except MalformedError:
            # Only a damaged file holds such bytes; one damaged row must not hide all others.
            index.drop(row.position)
        else:
            index.put(row.position, place_listed(listed, self._vocabulary))

    async def _offers_in(self, language: str) -> list[bytes]:
        positions = self._ready().positions_in(language, self._today())
        offers: list[bytes] = []
        for start in range(0, len(positions), CHUNK):
            async with self._database.read() as connection:
                rows = await store.objects_by_position(
                    connection, positions[start : start + CHUNK]
                )
            offers += [row.raw for row in rows.values() if row.raw is not None]
        return offers

    async def _partition_entry(self, language: str) -> api.PartitionEntry:
        known = self._partitions.entry(language, self._state())
        return known if known is not None else (await self.partition(language)).entry

    def _hit(self, row: store.CatalogueRow, score: int, query: Query | None) -> api.Hit:
        assert row.raw is not None
        reasons: Sequence[api.Reason] = ()
        if query is not None:
            listed = read_listed(row.raw, with_words=bool(query.words))
            reasons = explain(listed, query, hierarchy=self._hierarchy)
        return api.Hit(
            id=row.id,
            community=row.author,
            own=row.author == self._own_actor,
            score=score,
            reasons=tuple(reasons),
            object=msgspec.Raw(row.raw),
        )

    def _ready(self) -> CatalogueIndex:
        if self._index is None:
            raise UnavailableError("the index is being built", retry_after_s=1)
        return self._index

    def _state(self) -> State:
        return self._serial, self._today()

    def _today(self) -> int:
        return day_of(self._clock.now())


def _load_index() -> Callable[[Hierarchy, str], CatalogueIndex]:
    # Loads numpy (0.2 s, 16 MiB): not before the port is open, and not in the loop.
    from kith_node.catalogue.bitmap_index import BitmapIndex

    return BitmapIndex
