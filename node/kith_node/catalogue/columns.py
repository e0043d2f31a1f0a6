"""What ranking reads of each offer, as one numpy table indexed by position.

24 bytes an offer. The table doubles when it is full, so that adding stays cheap; what is at a
position that was never set means nothing. Sets of values are bit masks in the order of the
tuples of ``kith_protocol.query``. The points are those of ``kith_protocol.ranking``; topics and
languages are scored by the index, which holds them as bitmaps.
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

    Positions = NDArray[np.uint32]
    Hashes = NDArray[np.uint32]
    Points = NDArray[np.int32]
    Table = NDArray[np.void]

FIRST_CAPACITY = 1024
MAX_COMMUNITY = 0xFFFF

_ROW = np.dtype(
    [
        ("ways", np.uint8),
        ("formats", np.uint8),
        ("when", np.uint8),
        ("level", np.uint8),
        ("answers", np.uint8),
        ("is_open", np.uint8),
        ("community", np.uint16),
        ("updated", np.int32),
        ("end_day", np.int32),
        ("hash", np.uint32),
        ("hash_reversed", np.uint32),
    ]
)
_POPCOUNT = np.array([mask.bit_count() for mask in range(64)], dtype=np.int32)


class Columns:
    """The table, and one spare number for each position (``spare``) for passing use."""

    def __init__(self) -> None:
        self._table: Table = np.zeros(FIRST_CAPACITY, dtype=_ROW)
        self.spare: Points = np.zeros(FIRST_CAPACITY, dtype=np.int32)

    @property
    def size_bytes(self) -> int:
        """Return the memory that is taken."""
        return self._table.nbytes + self.spare.nbytes

    def put(self, position: int, offer: Listed, community: int) -> None:
        """Write the row at *position*.

        Args:
            position: from 0.
            offer: what to write.
            community: its number, 0 to ``MAX_COMMUNITY``.
        """
        if position >= len(self._table):
            self._grow(position + 1)
        self._table[position] = (
            mask_of(offer.ways, WAYS),
            mask_of(offer.formats, FORMATS),
            mask_of(offer.when, WHENS),
            mask_of(offer.level, LEVELS),
            ranking.ANSWERS.get(offer.answers or "", 0),
            offer.room == "open",
            community,
            offer.updated,
            offer.end_day,
            *ranking.offer_hash(offer.id),
        )

    def at(self, positions: Positions) -> Table:
        """Return copies of the rows at *positions*."""
        return self._table[positions]

    def ending_after(self, day: int, positions: Positions) -> Positions:
        """Return those of *positions* whose offers have not ended on *day*."""
        return positions[self._table["end_day"][positions] > day]

    def _grow(self, least: int) -> None:
        capacity = len(self._table)
        while capacity < least:
            capacity *= 2
        table = np.zeros(capacity, dtype=_ROW)
        table[: len(self._table)] = self._table
        self._table = table
        self.spare = np.zeros(capacity, dtype=np.int32)


def mask_of(values: Sequence[str], choices: Sequence[str]) -> int:
    """Return *values* as bits, the first of *choices* being the lowest."""
    return sum(1 << choices.index(value) for value in values)


def score_rows(rows: Table, query: Query, day: int) -> Points:
    """Return the points of *rows* but for topics and languages.

    Args:
        rows: as ``Columns.at`` returns them.
        query: what is asked.
        day: the day whose order is read.
    """
    points = rows["is_open"].astype(np.int32) * ranking.ROOM
    points += rows["answers"]
    points += _fresh_points(day - rows["updated"])
    if query.ways:
        points += ranking.WAY * _POPCOUNT[rows["ways"] & mask_of(query.ways, WAYS)]
    if query.formats:
        points += ranking.FORMAT * _POPCOUNT[rows["formats"] & mask_of(query.formats, FORMATS)]
    if query.when:
        points += _preference_points(rows["when"], mask_of(query.when, WHENS))
    if query.level:
        points += _preference_points(rows["level"], mask_of(query.level, LEVELS))
    return points


def best_first(points: Points, rows: Table, day: int, most: int) -> Positions:
    """Return the places of the best *most* rows in order: by points, then as equals rotate.

    Args:
        points: the whole score of each row, 0 or more.
        rows: as ``Columns.at`` returns them.
        day: the day whose order is read.
        most: how many are wanted.
    """
    rotated = _mix32(rows["hash"] ^ np.uint32(ranking.mix32(day)))
    # One number that is the lower, the better: high points first, then a low rotation.
    keys = (ranking.MAX_SCORE - points).astype(np.uint64) << np.uint64(32) | rotated
    places = np.arange(len(keys))
    if len(keys) > most:
        worst = np.partition(keys, most - 1)[most - 1]
        places = np.flatnonzero(keys <= worst)
    order = np.lexsort((rows["hash_reversed"][places], keys[places]))
    return places[order[:most]].astype(np.uint32)


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
