"""What ranking reads of each offer, as one numpy table indexed by slot.

26 bytes an offer. The table grows by a sixteenth when it is full, so that adding stays cheap
and little stands empty; what is at a slot that was never set means nothing. Sets of values are
bit masks in the order of the tuples of ``kith_protocol.query``. The points are those of
``kith_protocol.ranking``; topics and languages are scored by the index, which holds them as
bitmaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kith_protocol import ranking
from kith_protocol.listed import Listed
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Slots = NDArray[np.uint32]
    Places = NDArray[np.intp]
    Hashes = NDArray[np.uint32]
    Points = NDArray[np.int32]
    FewPoints = NDArray[np.int16]
    Table = NDArray[np.void]

FIRST_CAPACITY = 1024
LAST_DAY = 0xFFFF  # in the year 2149; whatever is later is as good as then

_ROW = np.dtype(
    [
        ("ways", np.uint8),
        ("formats", np.uint8),
        ("when", np.uint8),
        ("level", np.uint8),
        ("answers", np.uint8),
        ("is_open", np.uint8),
        ("community", np.uint32),
        ("updated", np.uint16),
        ("end_day", np.uint16),
        ("position", np.uint32),
        ("hash", np.uint32),
        ("hash_reversed", np.uint32),
    ]
)
_BITS: dict[tuple[str, ...], dict[str, int]] = {
    choices: {value: 1 << place for place, value in enumerate(choices)}
    for choices in (WAYS, FORMATS, WHENS, LEVELS)
}
_POPCOUNT = np.array([mask.bit_count() for mask in range(64)], dtype=np.int32)


class Columns:
    """The table, and one spare number for each slot (``spare``) for passing use."""

    def __init__(self) -> None:
        self._table: Table = np.zeros(FIRST_CAPACITY, dtype=_ROW)
        self.spare: FewPoints = np.zeros(FIRST_CAPACITY, dtype=np.int16)

    @property
    def size_bytes(self) -> int:
        """Return the memory that is taken."""
        return self._table.nbytes + self.spare.nbytes

    def put(self, slot: int, position: int, offer: Listed, community: int) -> None:
        """Write the row at *slot*.

        Args:
            slot: from 0.
            position: of the offer in the catalogue.
            offer: what to write.
            community: its number.
        """
        if slot >= len(self._table):
            self._grow(slot + 1)
        self._table[slot] = (
            mask_of(offer.ways, WAYS),
            mask_of(offer.formats, FORMATS),
            mask_of(offer.when, WHENS),
            mask_of(offer.level, LEVELS),
            ranking.ANSWERS.get(offer.answers or "", 0),
            offer.room == "open",
            community,
            min(offer.updated, LAST_DAY),
            min(offer.end_day, LAST_DAY),
            position,
            *ranking.offer_hash(offer.id),
        )

    def at(self, slots: Slots) -> Table:
        """Return copies of the rows at *slots*."""
        # Ten times quicker than indexing, for records.
        return self._table.take(slots)

    def positions(self, slots: Slots) -> Slots:
        """Return the positions of the offers at *slots*."""
        return self._table["position"].take(slots)

    def count_communities(self, slots: Slots) -> list[tuple[int, int]]:
        """Return how many of *slots* each community has, as (its number, count)."""
        counts = np.bincount(self._table["community"].take(slots))
        numbers = np.flatnonzero(counts)
        return list(zip(numbers.tolist(), counts[numbers].tolist(), strict=True))

    def ending_after(self, day: int, slots: Slots) -> Slots:
        """Return those of *slots* whose offers have not ended on *day*."""
        return slots[self._table["end_day"].take(slots) > day]

    def keep(self, slots: Slots) -> None:
        """Move the rows at *slots* together at the beginning and forget all others."""
        self._table = self._table.take(slots)
        self.spare = np.zeros(len(slots), dtype=np.int16)

    def _grow(self, least: int) -> None:
        capacity = max(least, FIRST_CAPACITY, len(self._table) * 17 // 16)
        table = np.zeros(capacity, dtype=_ROW)
        table[: len(self._table)] = self._table
        self._table = table
        self.spare = np.zeros(capacity, dtype=np.int16)


def mask_of(values: Sequence[str], choices: tuple[str, ...]) -> int:
    """Return *values* as bits, the first of *choices* being the lowest.

    Args:
        values: different ones of *choices*.
        choices: one of the tuples of ``kith_protocol.query``.
    """
    bits = _BITS[choices]
    mask = 0
    for value in values:
        mask |= bits[value]
    return mask


def score_rows(rows: Table, query: Query, day: int) -> Points:
    """Return the points of *rows* but for what the index holds as bitmaps.

    Args:
        rows: as ``Columns.at`` returns them.
        query: what is asked.
        day: the day whose order is read.
    """
    points = rows["is_open"].astype(np.int32) * ranking.ROOM
    points += rows["answers"]
    points += _fresh_points(day - rows["updated"].astype(np.int32))
    if query.ways or query.preferred_ways:
        ways = mask_of((*query.ways, *query.preferred_ways), WAYS)
        points += ranking.WAY * _POPCOUNT[rows["ways"] & ways]
    if query.formats:
        points += ranking.FORMAT * _POPCOUNT[rows["formats"] & mask_of(query.formats, FORMATS)]
    if query.when:
        points += _preference_points(rows["when"], mask_of(query.when, WHENS))
    if query.level:
        points += _preference_points(rows["level"], mask_of(query.level, LEVELS))
    return points


def best_first(points: Points, rows: Table, seed: int, most: int) -> Places:
    """Return the places of the best *most* rows in order, by points and luck.

    Args:
        points: the whole score of each row, 0 or more.
        rows: as ``Columns.at`` returns them.
        seed: ``ranking.rotation_seed`` of the query.
        most: how many are wanted.
    """
    rotated = _mix32(rows["hash"] ^ np.uint32(seed))
    # ``ranking.place_of``, moved up so that it is never negative: the lower, the better.
    keys = (ranking.MAX_SCORE - points).astype(np.uint64) << np.uint64(ranking.LUCK_SHIFT)
    keys += rotated
    places = np.arange(len(keys))
    if len(keys) > most:
        worst = np.partition(keys, most - 1)[most - 1]
        places = np.flatnonzero(keys <= worst)
    order = np.lexsort((rows["hash_reversed"][places], keys[places]))
    return places[order[:most]]


def _fresh_points(ages: Points) -> Points:
    points = np.zeros(len(ages), dtype=np.int32)
    for most, worth in reversed(ranking.FRESH):
        points[ages <= most] = worth
    return points


def _preference_points(offered: NDArray[np.uint8], asked: int) -> Points:
    common = ranking.PREFERENCE * _POPCOUNT[offered & asked]
    return np.where(offered == 0, np.int32(ranking.UNSAID), common)


def _mix32(values: Hashes) -> Hashes:
    values = values ^ values >> np.uint32(16)
    values = values * np.uint32(0x85EB_CA6B)  # arrays wrap at 32 bits
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2_AE35)
    return values ^ values >> np.uint32(16)
