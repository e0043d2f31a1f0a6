"""Somebody with a seized disk who tries to find out which member owns which object.

They know the ids of all members and of all objects, and put both in order by everything that
the files tell about them: where each row and what did not fit into it lies, in which order it
came into the log, how long it is, its number. Then they guess that the first member owns the
first object, and so on. How good the best of these guesses is, is Spearman's rank correlation
with the truth: 1 or -1 if an order gives everything away, near 0 if it says nothing.

Whatever correlates here would let them guess better than by chance; what chance alone reaches,
with so many guesses, is ``chance``.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np

from kith_testing.seized import Cell, cells, wal_order

# A clue gives a number to each id that it says something of.
Clues = Mapping[str, Mapping[bytes, float]]

FALSE_ALARM = 1e-5  # how often honest random ids may look guilty


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """The best guess: its correlation with the truth, and how often guessing was tried."""

    correlation: float
    clues: tuple[str, str]
    owners: int
    tries: int

    def chance(self, false_alarm: float = FALSE_ALARM) -> float:
        """Return what the best of so many random guesses stays below, almost always.

        Args:
            false_alarm: how often it does not.
        """
        tail = false_alarm / (2 * max(self.tries, 1))
        return min(float(NormalDist().inv_cdf(1 - tail)) / math.sqrt(self.owners - 1), 1.0)


def read_clues(path: Path, ids: Mapping[bytes, bytes]) -> Clues:
    """Return what the database at *path* tells about the order of *ids*.

    Args:
        path: its log, if there is one, is looked at as well.
        ids: as they stand in the file, to what they are called in the result.
    """
    by_size: dict[int, set[bytes]] = defaultdict(set)
    for written in ids:
        by_size[len(written)].add(written)
    lying = [
        (ids[written], cell) for cell in cells(path) for written in _ids_in(cell.local, by_size)
    ]
    found: dict[str, dict[bytes, float]] = defaultdict(dict)
    for name, cell in lying:
        for clue, value in _clues_of(cell).items():
            found[f"{cell.tree} {clue}"].setdefault(name, value)
    found[f"{path.name} seniority"] = _seniority(lying)
    for written, name in ids.items():
        position = wal_order(path, written)
        if position >= 0:
            found[f"{path.name} log"][name] = position
    return found


def match(members: Clues, objects: Clues, owners: Mapping[bytes, bytes]) -> Finding:
    """Return the best guess who owns what.

    Args:
        members: clues to ids of members.
        objects: clues to ids of objects.
        owners: the truth: object to member, at most one object of each.
    """
    best = Finding(0.0, ("", ""), len(owners), 0)
    tries = 0
    for one, of_members in members.items():
        for other, of_objects in objects.items():
            pairs = [
                (of_members[member], of_objects[thing])
                for thing, member in owners.items()
                if member in of_members and thing in of_objects
            ]
            if len(pairs) < len(owners) // 2:
                continue
            tries += 1
            correlation = _rank_correlation(pairs)
            if abs(correlation) > abs(best.correlation):
                best = Finding(correlation, (one, other), len(pairs), 0)
    return dataclasses.replace(best, tries=tries)


def _clues_of(cell: Cell) -> dict[str, float]:
    return {
        # Pages are filled from their end.
        "place": (cell.page << 16) - cell.offset,
        "overflow": cell.overflow,
        "number": cell.number,
        "size": cell.size,
        "rowid": cell.rowid,
    }


def _seniority(lying: Sequence[tuple[bytes, Cell]]) -> dict[bytes, float]:
    """Return how new each id is by what lies on the same pages, in all trees together."""
    pages: dict[tuple[str, int], list[tuple[int, bytes]]] = defaultdict(list)
    for name, cell in lying:
        pages[cell.tree, cell.page].append((-cell.offset, name))
    ranks: dict[bytes, list[float]] = defaultdict(list)
    for page in pages.values():
        for rank, (_, name) in enumerate(sorted(page)):
            ranks[name].append((rank + 0.5) / len(page))
    return {name: sum(several) / len(several) for name, several in ranks.items()}


def _ids_in(local: bytes, by_size: Mapping[int, set[bytes]]) -> set[bytes]:
    return {
        local[at : at + size]
        for size, written in by_size.items()
        for at in range(len(local) - size + 1)
        if local[at : at + size] in written
    }


def _rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    one, other = (_ranks(np.array(column, dtype=float)) for column in zip(*pairs, strict=True))
    if one.std() == 0 or other.std() == 0:
        return 0.0  # the same for all: it says nothing
    return float(np.corrcoef(one, other)[0, 1])


def _ranks(numbers: np.ndarray) -> np.ndarray:
    """Return the ranks of *numbers*, equal ones sharing theirs."""
    _, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]
