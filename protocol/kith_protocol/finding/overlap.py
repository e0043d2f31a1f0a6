"""Lines that share words with a text, where no phrase of the vocabulary is written in full.

Lines and texts are compared by *units* (``units.py``). A unit is worth the more,
the fewer topics have it. A line's overlap grows with the worth that is shared, and shrinks with
how much of the line is not: a word that is half of a short synonym says more than the same word
in a long label.

A word that is no unit is also taken for the beginning of one, for one with an unknown ending,
or in German for two in one word.

Left to the caller: which tokens to compare, and wrong spellings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterator, Sequence

import msgspec

from kith_protocol.finding.endings import Family, families, families_of, family_of
from kith_protocol.finding.function_words import function_words
from kith_protocol.finding.light_words import light_stems
from kith_protocol.finding.phrases import ANY_LANGUAGE, Phrases, packed
from kith_protocol.finding.tokens import Token
from kith_protocol.finding.units import CJK_UNITS, Unit, is_same_kind, units_of_line
from kith_protocol.finding.way_words import way_stems

# How much a unit counts that is there itself, and one that is only similar.
_SAME, _SIMILAR = 4, 3
_SHORTEST_BEGINNING = 5
_LONGEST_ENDING = 3
_SHORTEST_PART = 4
_MOST_LONGER_WORDS = 8
# How much of a line is most of it, and half.
MOST_QUARTERS, HALF_QUARTERS = 3, 2
# A line of which less than half is shared counts only if few topics have the word at all.
_FEW_TOPICS = 4
_LINKS = ("", "s", "es", "n", "en", "e", "er")


class Shared(msgspec.Struct, frozen=True):
    """A line that shares units with a text.

    Attributes:
        place: of the line.
        strength: how much it shares.
        tokens: indexes of the tokens that it shares.
        quarters: how much of the line that is, rounded down.
        units: how many units it shares.
    """

    place: int
    strength: int
    tokens: frozenset[int]
    quarters: int
    units: int


class Overlap:
    """The units of all lines of some phrases; immutable once made."""

    def __init__(self, phrases: Phrases) -> None:
        """Count the units of every line."""
        self._phrases = phrases
        lines = phrases.lines
        having: dict[Unit, list[int]] = {}
        units_of_lines = []
        for place, line in enumerate(lines):
            is_whole = line.language == ANY_LANGUAGE or line.is_name
            units = (
                set() if is_whole else units_of_line(line.folded, line.language, phrases.stems)
            )
            units_of_lines.append(units)
            for unit in units:
                having.setdefault(unit, []).append(place)
        self._having = packed(having)
        self._topics = {
            unit: len({lines[place].topic for place in places})
            for unit, places in having.items()
        }
        self._most = len({line.topic for line in lines})
        self._totals = [sum(map(self._worth, units)) for units in units_of_lines]
        self._sorted: dict[str, list[str]] = {one.name: [] for one in families()}
        for name, word in sorted(self._having):
            if name != CJK_UNITS:
                self._sorted[name].append(word)

    def knows(self, word: str, languages: Container[str]) -> bool:
        """Return whether a folded *word* is a unit of a line in one of *languages*."""
        lines = self._phrases.lines
        return any(
            lines[place].language in languages
            for family in families_of(word)
            for place in self._having.get(
                (family.name, self._phrases.stems.of(word, family)), ()
            )
        )

    def is_compound(self, word: str) -> bool:
        """Return whether a folded *word* is two known words in one."""
        return any(True for _ in self._parts(word))

    def find(
        self,
        tokens: Sequence[Token],
        wanted: Sequence[int],
        supporting: Sequence[int],
        is_read: Callable[[int], bool],
    ) -> list[Shared]:
        """Return the lines that share units with some tokens, the strongest first.

        Args:
            tokens: of a text.
            wanted: indexes of tokens to compare, ascending.
            supporting: indexes of further ones that count only for lines that have wanted ones.
            is_read: whether a line is in a language to look at: a word that is part of a text
                in another language is more often a chance than a meaning.
        """
        counts: dict[int, dict[frozenset[int], int]] = {}
        rarest: dict[int, int] = {}
        for indexes, units in self._units_of(tokens, wanted):
            self._count(indexes, units, counts, rarest)
        found = set(counts)
        for indexes, units in self._units_of(tokens, supporting):
            self._count(indexes, units, counts, rarest, among=found)
        shared = [
            one
            for place, parts in counts.items()
            if is_read(place) and (one := self._shared(place, parts, rarest[place])) is not None
        ]
        shared.sort(key=lambda one: (-one.strength, one.place))
        return shared

    def _worth(self, unit: Unit) -> int:
        return (self._most // self._topics[unit]).bit_length()

    def _count(
        self,
        indexes: frozenset[int],
        units: dict[Unit, int],
        counts: dict[int, dict[frozenset[int], int]],
        rarest: dict[int, int],
        among: set[int] | None = None,
    ) -> None:
        for unit, factor in units.items():
            worth = self._worth(unit) * factor
            topics = self._topics[unit]
            for place in self._having[unit]:
                if among is not None and place not in among:
                    continue
                parts = counts.setdefault(place, {})
                parts[indexes] = max(worth, parts.get(indexes, 0))
                rarest[place] = min(topics, rarest.get(place, topics))

    def _shared(
        self,
        place: int,
        parts: dict[frozenset[int], int],
        rarest: int,
    ) -> Shared | None:
        worth = sum(parts.values())
        total = self._totals[place] * _SAME
        strength = worth * worth // total
        quarters = worth * 4 // total
        if quarters < HALF_QUARTERS and rarest > _FEW_TOPICS:
            return None
        return Shared(place, strength, frozenset().union(*parts), quarters, len(parts))

    def _units_of(
        self, tokens: Sequence[Token], indexes: Sequence[int]
    ) -> Iterator[tuple[frozenset[int], dict[Unit, int]]]:
        """Yield units of the tokens at *indexes*, with the tokens that each is made of."""
        runs: list[list[int]] = []
        for index in indexes:
            if not tokens[index].is_cjk:
                yield frozenset((index,)), self._similar(tokens[index].word)
            elif runs and runs[-1][-1] == index - 1 and is_same_kind(tokens, index):
                runs[-1].append(index)
            else:
                runs.append([index])
        for run in runs:
            for first, second in zip(run, run[1:] or run, strict=False):
                pair = frozenset((first, second))
                unit = (CJK_UNITS, "".join(tokens[index].word for index in sorted(pair)))
                if unit in self._having:
                    yield pair, {unit: _SAME}

    def _similar(self, word: str) -> dict[Unit, int]:
        """Return the units that *word* may be, with how much each counts."""
        found: dict[Unit, int] = {}
        for family in families_of(word):
            unit = (family.name, self._phrases.stems.of(word, family))
            if unit in self._having:
                found[unit] = _SAME
        if not found:
            found = dict.fromkeys(self._parts(word), _SIMILAR)
        if not found:
            for family in families_of(word):
                stem = self._phrases.stems.of(word, family)
                found |= {(family.name, one): _SIMILAR for one in self._nearly(stem, family)}
        return found

    def _nearly(self, stem: str, family: Family) -> Iterator[str]:
        """Yield known stems with the same beginning as *stem*, as much of it as possible."""
        known = self._sorted[family.name]
        shortest = max(_SHORTEST_BEGINNING, len(stem) - _LONGEST_ENDING)
        for size in range(len(stem), shortest - 1, -1):
            beginning = stem[:size]
            place = bisect_left(known, beginning)
            longest = size + (_LONGEST_ENDING if size < len(stem) else len(stem))
            found = [
                one
                for one in known[place : place + _MOST_LONGER_WORDS]
                if one.startswith(beginning) and len(one) <= longest
            ]
            if found:
                yield from found
                return

    def _parts(self, word: str) -> Iterator[Unit]:
        """Yield the units in a German *word* that is made of two known words.

        The second may be one that says little: Wohnungssuche is about Wohnung.
        """
        family = family_of("de")
        assert family is not None  # it has one
        for size in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            second = self._unit(word[size:], family)
            if second is None and not self._says_little(word[size:], family):
                continue
            for link in _LINKS:
                first = self._unit(word[:size].removesuffix(link), family)
                if first is not None and word[:size].endswith(link):
                    yield from (first,) if second is None else (first, second)
                    return

    def _says_little(self, word: str, family: Family) -> bool:
        unit = (family.name, self._phrases.stems.of(word, family))
        return word in function_words() or unit in light_stems() or unit in way_stems()

    def _unit(self, word: str, family: Family) -> Unit | None:
        if len(word) < _SHORTEST_PART:
            return None
        unit = (family.name, self._phrases.stems.of(word, family))
        return unit if unit in self._having else None
