"""Whoever reads: which texts are in their languages, and so how well a text fits.

Left to the caller: what fits, and how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from kith_protocol.finding.meanings import Candidate
from kith_protocol.finding.phrases import ANY_LANGUAGE, Phrases

# How a part of a text fits a line, best first.
EXACT, FORM, SHARED, MISSPELT = range(4)


class Part(msgspec.Struct, frozen=True):
    """A part of a text that names topics.

    Attributes:
        tokens: indexes of its tokens.
        topics: what is meant.
        others: what could be.
    """

    tokens: frozenset[int]
    topics: tuple[str, ...]
    others: tuple[str, ...]


class Reader(msgspec.Struct, frozen=True):
    """Somebody who knows some languages.

    Attributes:
        languages: primary subtags with their places; all are known if there are none.
        phrases: what they can read.
        ancestors: the topics above one.
    """

    languages: Mapping[str, int]
    phrases: Phrases
    ancestors: Callable[[str], Sequence[str]]

    def is_read(self, place: int) -> bool:
        """Return whether the line at *place* is in one of the languages, or in all."""
        language = self.phrases.lines[place].language
        return not self.languages or language == ANY_LANGUAGE or language in self.languages

    def candidate(self, place: int, fit: tuple[int, ...], order: int = 0) -> Candidate:
        """Return the topic of the line at *place* as a candidate.

        Args:
            place: of the line.
            fit: how the line fits, ``EXACT`` to ``MISSPELT``, and what comes behind that.
            order: among equals.
        """
        line = self.phrases.lines[place]
        # What shares a word with a label need not share it with the topic's name.
        is_synonym = fit[0] != SHARED and not line.is_label
        return Candidate(
            (int(not self.is_read(place)), *fit, int(is_synonym)),
            order,
            self.languages.get(line.language, len(self.languages)),
            line.depth,
            line.topic,
        )
