"""Near spellings: which of many known texts somebody may have meant.

The distance of two texts is the number of letters dropped, added, replaced or swapped with the
next that leads from one to the other, no place being changed twice (optimal string alignment).
Short texts allow fewer errors, since most short words are near many others.

How near ones are found among thousands: each error touches at most three pairs of neighbouring
letters, blanks at both ends included. So of any 3 k + 1 pairs of a text, at least one stands in
every text that is k errors away. The rarest pairs are looked up, and only texts that have
enough of them, at a length that is possible, are compared.

Left to the caller: folding (``fold.py``), and what to do about several that are equally near.
Length is in code points.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

import msgspec

# Lengths from which one and two errors are allowed; an ideograph counts like a letter.
ONE_ERROR_FROM = 3
TWO_ERRORS_FROM = 8
_PAIRS_OF_ONE_ERROR = 3
# Pairs looked up beyond those that errors could touch: more of them leave fewer to compare.
_PAIRS_TO_SPARE = 3


class Near(msgspec.Struct, frozen=True, order=True):
    """A known text that is near to one looked for; the nearest sorts first.

    Attributes:
        errors: its distance.
        text: as it was given to ``Speller``.
    """

    errors: int
    text: str


def allowed_errors(text: str) -> int:
    """Return how many errors are thought possible in *text*: 0, 1 or 2."""
    return (len(text) >= ONE_ERROR_FROM) + (len(text) >= TWO_ERRORS_FROM)


def distance(one: str, other: str, most: int) -> int | None:
    """Return the distance of *one* and *other*, or None if it is more than *most*."""
    one, other = _without_common_ends(one, other)
    if abs(len(one) - len(other)) > most:
        return None
    if not one or not other:
        return len(one) + len(other)
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, across in enumerate(other, 1):
            cost = min(
                above[column] + 1,
                current[column - 1] + 1,
                above[column - 1] + (letter != across),
            )
            if (
                row > 1
                and column > 1
                and letter == other[column - 2]
                and across == one[row - 2]
            ):
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        # The next row is made of this one, or of the one above by a swap.
        if min(current) > most and min(above) >= most:
            return None
        before, above = above, current
    return above[-1] if above[-1] <= most else None


class Speller:
    """Known texts, to be found by near spellings of them; immutable once made."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take *texts*, folded; repeats count once."""
        # In the order of length, so that those of some lengths stand together everywhere.
        self._texts = sorted(set(texts), key=lambda text: (len(text), text))
        self._lengths = [len(text) for text in self._texts]
        having: dict[str, list[int]] = {}
        for place, text in enumerate(self._texts):
            for pair in _pairs(text):
                having.setdefault(pair, []).append(place)
        self._having = {pair: tuple(places) for pair, places in having.items()}

    def near(self, text: str, *, most: int | None = None) -> tuple[Near, ...]:
        """Return the known texts that are near to *text*, nearest first, then in order.

        Args:
            text: folded; itself it is found with 0 errors.
            most: errors allowed; by its length if left out.
        """
        errors = allowed_errors(text) if most is None else most
        near = [
            Near(found, known)
            for known in self._candidates(text, errors)
            if (found := distance(text, known, errors)) is not None
        ]
        return tuple(sorted(near))

    def _candidates(self, text: str, errors: int) -> list[str]:
        first = bisect_left(self._lengths, len(text) - errors)
        last = bisect_left(self._lengths, len(text) + errors + 1)
        places = []
        for pair in _pairs(text):
            having = self._having.get(pair, ())
            places.append(having[bisect_left(having, first) : bisect_left(having, last)])
        places.sort(key=len)
        touched = _PAIRS_OF_ONE_ERROR * errors
        shared: Counter[int] = Counter()
        for having in places[: touched + _PAIRS_TO_SPARE]:
            shared.update(having)
        needed = max(1, min(len(places) - touched, _PAIRS_TO_SPARE))
        return [self._texts[place] for place, count in shared.items() if count >= needed]


def _pairs(text: str) -> set[str]:
    bordered = f" {text} "
    return {bordered[at : at + 2] for at in range(len(bordered) - 1)}


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
