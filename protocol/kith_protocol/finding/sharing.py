"""Parts of a text that share words with lines: which of them are likely to be meant.

Left to the caller: what phrases are known (``segments.py``), and which words say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from kith_protocol.finding.meanings import choose
from kith_protocol.finding.overlap import HALF_QUARTERS, MOST_QUARTERS, Overlap, Shared
from kith_protocol.finding.reader import SHARED, Part, Reader
from kith_protocol.finding.segments import is_function
from kith_protocol.finding.tokens import Token

_MAX_ROUNDS = 4
# How much of the other lines' strengths is added to that of a topic's best: a quarter.
_SHARE_OF_OTHERS = 4


class Sharing:
    """What the words of a text share with lines that somebody can read."""

    def __init__(self, reader: Reader, overlap: Overlap) -> None:
        """Take who reads, and the words of all lines."""
        self._reader = reader
        self._overlap = overlap

    def parts(
        self,
        tokens: Sequence[Token],
        wanted: Sequence[int],
        supporting: Sequence[int],
        others: Iterable[Part],
    ) -> list[Part]:
        """Return what *wanted* tokens mean by the words that they share with lines.

        Args:
            tokens: all, corrected.
            wanted: indexes of those to compare.
            supporting: indexes of further ones that help to decide.
            others: parts known; topics near to theirs are more likely.
        """
        known = {topic for part in others for topic in part.topics}
        parts: list[Part] = []
        strongest = 0
        remaining = list(wanted)
        for _ in range(_MAX_ROUNDS):
            shared = self._likely(
                self._overlap.find(tokens, remaining, supporting, self._reader.is_read), known
            )
            if not shared or shared[0].strength * 2 < strongest:
                break
            strongest = strongest or shared[0].strength
            parts.append(Part(shared[0].tokens, *self._choose(shared)))
            remaining = [index for index in remaining if index not in shared[0].tokens]
        return parts

    def widen(
        self,
        parts: list[Part],
        tokens: Sequence[Token],
        wanted: Sequence[int],
        supporting: Sequence[int],
    ) -> list[Part]:
        """Return *parts* with those replaced that are only part of what a line shares.

        Motivation is a topic, but "lettre de motivation" is half of the name of another.

        Args:
            parts: known ones.
            tokens: all, corrected.
            wanted: indexes of tokens that are in no part.
            supporting: indexes of further ones that help to decide.
        """
        content = {
            part: {index for index in part.tokens if not is_function(tokens[index])}
            for part in parts
        }
        named = [index for indexes in content.values() for index in sorted(indexes)]
        shared = [
            one
            for one in self._overlap.find(
                tokens, wanted, [*named, *supporting], self._reader.is_read
            )
            if one.quarters >= HALF_QUARTERS
            and any(indexes < one.tokens for indexes in content.values())
        ]
        if not shared:
            return parts
        wider = Part(shared[0].tokens, *self._choose(shared))
        kept = [part for part in parts if content[part].isdisjoint(wider.tokens)]
        return [*kept, wider]

    def _likely(self, shared: Iterable[Shared], known: set[str]) -> list[Shared]:
        """Return those of *shared* that are likely beside *known* topics, the likeliest first.

        Lines of topics below or above known ones count twice. Of others most has to be shared,
        or half by several words: when something is known already, one common word is more often
        a chance. A topic of which several lines share something is likelier than by the best
        of them alone.
        """
        above = {upper for topic in known for upper in self._reader.ancestors(topic)}
        likely: dict[str, list[Shared]] = {}
        for one in shared:
            topic = self._reader.phrases.lines[one.place].topic
            if topic in above or not known.isdisjoint(self._reader.ancestors(topic)):
                likely.setdefault(topic, []).append(replace(one, strength=one.strength * 2))
            elif not known or one.quarters >= _least_quarters(one):
                likely.setdefault(topic, []).append(one)
        ranked = []
        for best, *others in likely.values():
            more = sum(one.strength for one in others) // _SHARE_OF_OTHERS
            ranked.append(replace(best, strength=best.strength + more))
        return sorted(ranked, key=lambda one: (-one.strength, one.place))

    def _choose(self, shared: Sequence[Shared]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the topics of the lines that share about as much as the first."""
        best = shared[0]
        return choose(
            (
                self._reader.candidate(
                    one.place,
                    (SHARED, int(one.strength * 8 < best.strength * 7)),
                    order=-one.strength,
                )
                for one in shared
                if one.strength * 2 >= best.strength and one.tokens & best.tokens
            ),
            self._reader.ancestors,
        )


def _least_quarters(shared: Shared) -> int:
    return MOST_QUARTERS if shared.units == 1 else HALF_QUARTERS
