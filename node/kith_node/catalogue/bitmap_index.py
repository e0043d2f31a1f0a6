"""The index in memory: one bitmap for each value, one table for ranking.

A query is an intersection of bitmaps. For a topic there is one bitmap for each distance: offers
that name a topic at most so far below it; the last one holds all of its branch. Of more than
``WINDOW`` matches only a window in order of position is ranked, which bounds the work; where it
begins depends on the day alone (``ranking.window_start``), and it wraps around at the end.

All calls are synchronous, quick and made from one thread. Positions may be used again: bits of
a former offer are taken away when the next one moves in, so that dropping is cheap.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from pyroaring import BitMap

from kith_node.catalogue.columns import MAX_COMMUNITY, Columns, best_first, score_rows
from kith_node.catalogue.index import Counts, Page
from kith_protocol import ranking
from kith_protocol.listed import Listed
from kith_protocol.query import Cursor, Query, primary_language

if TYPE_CHECKING:
    from kith_node.catalogue.columns import Points, Positions

WINDOW = 20_000


class BitmapIndex:
    """A ``CatalogueIndex``. See the module."""

    def __init__(self, ancestors: ranking.Ancestors, *, window: int = WINDOW) -> None:
        """Make an empty index.

        Args:
            ancestors: the vocabulary's hierarchy.
            window: the most matches that one search ranks.
        """
        self._ancestors = ancestors
        self._window_size = window
        self._columns = Columns()
        self._day = 0
        self._live = BitMap()  # present and not ended on that day
        self._present = BitMap()
        self._used = BitMap()  # positions that may have bits in the bitmaps below
        self._open = BitMap()
        self._topics: dict[str, list[BitMap]] = {}
        self._languages: dict[str, BitMap] = {}
        self._ways: dict[str, BitMap] = {}
        self._formats: dict[str, BitMap] = {}
        self._communities: dict[str, BitMap] = {}
        self._numbers: dict[str, int] = {}

    def put(self, position: int, offer: Listed) -> None:
        """Take *offer* in at *position*, in place of what was there."""
        if position in self._used:
            self._clear(position)
        # Beyond 65,536 communities some share a number and with it their places in a block.
        number = self._numbers.setdefault(offer.community, len(self._numbers)) & MAX_COMMUNITY
        self._columns.put(position, offer, number)
        self._add_topics(position, offer)
        _add(self._languages, map(primary_language, offer.languages), position)
        _add(self._ways, offer.ways, position)
        _add(self._formats, offer.formats, position)
        _add(self._communities, (offer.community,), position)
        if offer.room == "open":
            self._open.add(position)
        self._used.add(position)
        self._present.add(position)
        if offer.end_day > self._day:
            self._live.add(position)

    def drop(self, position: int) -> None:
        """Forget what is at *position*, if anything."""
        self._present.discard(position)
        self._live.discard(position)

    def search(self, query: Query, day: int) -> Page:
        """Return the page of *query* when today is *day*."""
        found = self._matches(query, day)
        shown = ranking.ranking_day(query, day)
        window = self._window(found, shown)
        positions = _array(window)
        rows = self._columns.at(positions)
        points = score_rows(rows, query, shown)
        points += self._topic_points(query, window, positions)
        points += self._language_points(query, window, positions)
        best = best_first(points, rows, shown, ranking.MAX_RANKED)
        start = query.after.offset if query.after is not None else 0
        stop = start + query.limit
        with_room = int(np.count_nonzero(rows["is_open"][best]))
        dealt = ranking.spread(rows["community"][best].tolist(), with_room)
        page = best[list(itertools.islice(dealt, start, stop))]
        return Page(
            tuple(zip(positions[page].tolist(), points[page].tolist(), strict=True)),
            len(found),
            Cursor(shown, stop) if stop < len(best) else None,
        )

    def facets(self, query: Query, day: int) -> Counts:
        """Return counts for all matches of *query* when today is *day*."""
        found = self._matches(query, day)
        return Counts(
            topics=_counts({topic: sets[-1] for topic, sets in self._topics.items()}, found),
            languages=_counts(self._languages, found),
            ways=_counts(self._ways, found),
            formats=_counts(self._formats, found),
            communities=_counts(self._communities, found),
            total=len(found),
        )

    def languages(self, day: int) -> tuple[str, ...]:
        """Return the primary subtags that live offers name, sorted."""
        live = self._live_on(day)
        return tuple(
            sorted(tag for tag, bits in self._languages.items() if bits.intersect(live))
        )

    def positions_in(self, language: str, day: int) -> list[int]:
        """Return the positions of live offers that name *language* (a primary subtag)."""
        bits = self._languages.get(language, BitMap())
        return (bits & self._live_on(day)).to_array().tolist()

    def size(self, day: int) -> int:
        """Return the number of live offers."""
        return len(self._live_on(day))

    @property
    def size_bytes(self) -> int:
        """Return the memory of bitmaps and columns."""
        return self._columns.size_bytes + sum(map(_size_bytes, self._bitmaps()))

    def _add_topics(self, position: int, offer: Listed) -> None:
        for topic in offer.topics:
            for distance, above in enumerate((topic, *self._ancestors(topic))):
                within = self._topics.setdefault(above, [BitMap()])
                while len(within) <= distance:
                    within.append(BitMap(within[-1]))
                for bits in within[distance:]:
                    bits.add(position)

    def _clear(self, position: int) -> None:
        for bits in self._bitmaps():
            bits.discard(position)

    def _bitmaps(self) -> Iterator[BitMap]:
        yield from (self._live, self._present, self._used, self._open)
        yield from itertools.chain.from_iterable(self._topics.values())
        for sets in (self._languages, self._ways, self._formats, self._communities):
            yield from sets.values()

    def _live_on(self, day: int) -> BitMap:
        if day != self._day:
            left = self._columns.ending_after(day, _array(self._present))
            self._live = _bitmap(left)
            self._day = day
        return self._live

    def _matches(self, query: Query, day: int) -> BitMap:
        wanted = [self._live_on(day)]
        if query.topics:
            named = (self._topics[topic][-1] for topic in query.topics if topic in self._topics)
            wanted.append(BitMap().union(*named))
        for values, sets in (
            (query.languages, self._languages),
            (query.ways, self._ways),
            (query.formats, self._formats),
            (query.communities, self._communities),
        ):
            if values:
                wanted.append(BitMap().union(*(sets[name] for name in values if name in sets)))
        if query.room_only:
            wanted.append(self._open)
        found = wanted[0].intersection(*sorted(wanted[1:], key=len))
        return found.difference(
            *(self._communities[actor] for actor in query.without if actor in self._communities)
        )

    def _window(self, found: BitMap, day: int) -> BitMap:
        if len(found) <= self._window_size:
            return found
        start = ranking.window_start(day, len(found))
        stop = start + self._window_size
        return found[start:stop] | found[: max(0, stop - len(found))]

    def _topic_points(self, query: Query, window: BitMap, positions: Positions) -> Points:
        points = np.zeros(len(positions), dtype=np.int32)
        furthest = len(ranking.TOPIC_BY_DISTANCE) - 1
        for topic in query.topics:
            within = self._topics.get(topic, [])
            worth = [
                ranking.TOPIC_BY_DISTANCE[min(distance, furthest)]
                for distance in range(len(within))
            ]
            points += self._nearest(within, worth, window, positions)
        return points

    def _language_points(self, query: Query, window: BitMap, positions: Positions) -> Points:
        spoken = [self._languages.get(language, BitMap()) for language in query.languages]
        worth = [ranking.language_points(place) for place in range(len(spoken))]
        return self._nearest(spoken, worth, window, positions)

    def _nearest(
        self, sets: list[BitMap], worth: list[int], window: BitMap, positions: Positions
    ) -> Points:
        """Return for each position what the first of *sets* that holds it is worth, else 0."""
        spare = self._columns.spare
        for bits, points in reversed(list(zip(sets, worth, strict=True))):
            spare[_array(bits & window)] = points
        found = spare[positions]
        spare[positions] = 0
        return found


def _add(sets: dict[str, BitMap], values: Iterable[str], position: int) -> None:
    for value in values:
        bits = sets.get(value)
        if bits is None:
            bits = sets[value] = BitMap()
        bits.add(position)


def _counts(sets: Mapping[str, BitMap], found: BitMap) -> dict[str, int]:
    counted = ((value, bits.intersection_cardinality(found)) for value, bits in sets.items())
    return {value: count for value, count in sorted(counted) if count}


def _array(bits: BitMap) -> Positions:
    return np.frombuffer(bits.to_array(), dtype=np.uint32)


def _bitmap(positions: Positions) -> BitMap:
    return BitMap(array("I", positions.tobytes()))


def _size_bytes(bits: BitMap) -> int:
    numbers = bits.get_statistics()
    return (
        numbers["n_bytes_array_containers"]
        + numbers["n_bytes_run_containers"]
        + numbers["n_bytes_bitset_containers"]
    )
