"""The index in memory: one bitmap for each value, one table for ranking.

A query is an intersection of bitmaps (``bitmaps.py``). Of more than ``WINDOW`` matches only a
window in order of slot is ranked, which bounds the work; where it begins depends on the day
alone (``ranking.window_start``), and it wraps around at the end.

Every version of an offer takes a *slot* of its own, and the former one's is given up: so a
change costs no more than an addition, whatever the offer said before. Slots that were given up
are reclaimed together, as soon as they are a quarter of those in use; that takes about a second
for a million offers and happens after hundreds of thousands of changes.

All calls are synchronous, quick and made from one thread.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pyroaring import BitMap

from kith_node.catalogue.bitmaps import Bitmaps
from kith_node.catalogue.columns import Columns, best_first, score_rows
from kith_node.catalogue.index import Page
from kith_protocol import ranking
from kith_protocol.api import FacetsAnswer
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.query import Cursor, Query

if TYPE_CHECKING:
    from kith_node.catalogue.columns import FewPoints, Points, Slots

WINDOW = 20_000
# Each different word takes about 300 bytes: 60 MB for a peer that sends nothing but new ones.
MOST_WORDS = 200_000
MIN_GIVEN_UP = 1024  # fewer are not worth the work
NOWHERE = -1


class BitmapIndex:
    """A ``CatalogueIndex``. See the module."""

    def __init__(
        self,
        hierarchy: Hierarchy,
        community: str,
        *,
        window: int = WINDOW,
        most_words: int = MOST_WORDS,
    ) -> None:
        """Make an empty index.

        Args:
            hierarchy: of the vocabulary.
            community: actor of the community that searches here.
            window: the most matches that one search ranks.
            most_words: how many words one community may bring that no other has said; further
                new ones of its offers find nothing.
        """
        self._community = community
        self._window_size = window
        self._bitmaps = Bitmaps(hierarchy, most_words=most_words)
        self._columns = Columns()
        self._slots = array("i")  # by position
        self._next_slot = 0
        self._given_up = 0  # slots below that one that nothing is in
        self._day = 0
        self._live = BitMap()  # present and not ended on that day
        self._present = BitMap()
        self._numbers: dict[str, int] = {}

    def put(self, position: int, offer: Listed) -> None:
        """Take *offer* in at *position*, in place of what was there."""
        slot = self._take_slot(position)
        number = self._numbers.setdefault(offer.community, len(self._numbers))
        self._columns.put(slot, position, offer, number)
        self._bitmaps.add(slot, offer)
        self._present.add(slot)
        if offer.end_day > self._day:
            self._live.add(slot)

    def drop(self, position: int) -> None:
        """Forget what is at *position*, if anything."""
        if position < len(self._slots) and self._slots[position] != NOWHERE:
            slot = self._slots[position]
            self._slots[position] = NOWHERE
            self._given_up += 1
            self._present.remove(slot)
            self._live.discard(slot)

    def search(self, query: Query, day: int) -> Page:
        """Return the page of *query* when today is *day*."""
        found = self._bitmaps.select(query, self._live_on(day))
        shown = ranking.ranking_day(query, day)
        window = self._window(found, shown)
        slots = _array(window)
        rows = self._columns.at(slots)
        points = score_rows(rows, query, shown)
        self._add_points(points, query, window, slots)
        seed = ranking.rotation_seed(query, shown, self._community)
        best = best_first(points, rows, seed, ranking.MAX_RANKED)
        start = query.after.offset if query.after is not None else 0
        stop = start + query.limit
        with_room = int(np.count_nonzero(rows["is_open"][best]))
        dealt = ranking.spread(rows["community"][best].tolist(), with_room)
        page = best[list(itertools.islice(dealt, start, stop))]
        return Page(
            tuple(zip(rows["position"][page].tolist(), points[page].tolist(), strict=True)),
            len(found),
            Cursor(shown, stop) if stop < len(best) else None,
        )

    def facets(self, query: Query, day: int) -> FacetsAnswer:
        """Return the counts of *query* when today is *day*."""
        return self._bitmaps.count(query, self._live_on(day), self._count_communities)

    def positions_in(self, language: str, day: int) -> list[int]:
        """Return the positions of live offers that name *language* (a primary subtag)."""
        slots = self._bitmaps.in_language(language, self._live_on(day))
        return sorted(self._columns.positions(_array(slots)).tolist())

    def size(self, day: int) -> int:
        """Return the number of live offers."""
        return len(self._live_on(day))

    @property
    def size_bytes(self) -> int:
        """Return the memory of bitmaps and columns, words left out."""
        slots = len(self._slots) * self._slots.itemsize
        return self._columns.size_bytes + self._bitmaps.size_bytes + slots

    @property
    def words_size_bytes(self) -> int:
        """Return the memory of the bitmaps of words."""
        return self._bitmaps.words_size_bytes

    def _take_slot(self, position: int) -> int:
        """Return a slot that nothing was in; the one that *position* had is given up."""
        self.drop(position)
        if self._given_up > MIN_GIVEN_UP and self._given_up > self._next_slot // 4:
            self._reclaim()
        if position >= len(self._slots):
            missing = position + 1 - len(self._slots)
            self._slots.extend(itertools.repeat(NOWHERE, missing))
        slot = self._slots[position] = self._next_slot
        self._next_slot += 1
        return slot

    def _reclaim(self) -> None:
        kept = _array(self._present)
        moved = np.zeros(self._next_slot, dtype=np.uint32)
        moved[kept] = np.arange(len(kept), dtype=np.uint32)
        present = self._present
        self._bitmaps.move(lambda bits: _bitmap(moved[_array(bits & present)]))
        self._live = _bitmap(moved[_array(self._live)])
        self._present = BitMap(range(len(kept)))
        self._columns.keep(kept)
        self._next_slot = len(kept)
        self._given_up = 0
        positions = self._columns.positions(_array(self._present)).tolist()
        for slot, position in enumerate(positions):
            self._slots[position] = slot

    def _count_communities(self, slots: BitMap) -> dict[str, int]:
        names = list(self._numbers)  # in the order of their numbers
        counts = self._columns.count_communities(_array(slots))
        return {names[number]: count for number, count in counts}

    def _live_on(self, day: int) -> BitMap:
        if day != self._day:
            left = self._columns.ending_after(day, _array(self._present))
            self._live = _bitmap(left)
            self._day = day
        return self._live

    def _window(self, found: BitMap, day: int) -> BitMap:
        if len(found) <= self._window_size:
            return found
        start = ranking.window_start(day, len(found))
        stop = start + self._window_size
        return found[start:stop] | found[: max(0, stop - len(found))]

    def _add_points(self, points: Points, query: Query, window: BitMap, slots: Slots) -> None:
        """Add to *points* what the bitmaps know."""
        furthest = len(ranking.TOPIC_BY_DISTANCE) - 1
        for topic in query.topics:
            within = self._bitmaps.within(topic)
            worth = [
                ranking.TOPIC_BY_DISTANCE[min(distance, furthest)]
                for distance in range(len(within))
            ]
            points += self._nearest(within, worth, window, slots)
        if query.near:
            points += self._nearest([self._bitmaps.near(query)], [ranking.NEAR], window, slots)
        for sets, worth_each, most in (
            (self._bitmaps.saying(query), ranking.WORD, ranking.MOST_WORDS),
            (self._bitmaps.knowing(query), ranking.KNOWN, ranking.MOST_KNOWN),
        ):
            if sets:
                points += worth_each * np.minimum(self._counted(sets, window, slots), most)
        spoken = self._bitmaps.speaking(query)
        worth = [ranking.language_points(place) for place in range(len(spoken))]
        points += self._nearest(spoken, worth, window, slots)

    def _nearest(
        self, sets: Sequence[BitMap], worth: Sequence[int], window: BitMap, slots: Slots
    ) -> FewPoints:
        """Return for each slot what the first of *sets* that holds it is worth, else 0."""
        spare = self._columns.spare
        for bits, points in reversed(list(zip(sets, worth, strict=True))):
            spare[_array(bits & window)] = points
        found = spare[slots]
        spare[slots] = 0
        return found

    def _counted(self, sets: Sequence[BitMap], window: BitMap, slots: Slots) -> FewPoints:
        """Return for each slot how many of *sets* hold it."""
        spare = self._columns.spare
        for bits in sets:
            spare[_array(bits & window)] += 1
        found = spare[slots]
        spare[slots] = 0
        return found


def _array(bits: BitMap) -> Slots:
    return np.frombuffer(bits.to_array(), dtype=np.uint32)


def _bitmap(slots: Slots) -> BitMap:
    return BitMap(array("I", slots.tobytes()))
