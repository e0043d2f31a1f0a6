"""From what somebody types to the topics that it means, in twelve languages at once.

Its parts are in ``finding``, one idea each.

``find`` is for typing ahead (``type_ahead.py``). ``understand`` is for a whole free text:

1. It is cut into known phrases, words for ways of helping, and words that say nothing
   (``segments.py``). A word for a way or of everyday life (``light_words.py``), or one that is
   the rest of a longer phrase, counts as a topic only if there is no other topic.
2. A word of at least five letters that is unknown, and one typing error away from a known one,
   is read as that, if it leads to one topic only (``corrections.py``). The same goes for the
   text as a whole.
3. What is left is compared with all texts by the words that they share (``sharing.py``).
4. What is left then are words to look for in offers; what they may have been a wrong spelling
   of is listed, and never applied silently.
5. If no topic was found, all is done once more as if the reader knew all languages.

What several topics could be meant by is decided in ``meanings.py``. Nothing is learned and
nothing is remembered: the same text means the same to the same reader, everywhere.

Left to the caller: making the finder off the event loop (some tenths of a second), and showing
choices. Source: SPEC.md, section on search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kith_protocol.finding.corrections import Known
from kith_protocol.finding.overlap import Overlap
from kith_protocol.finding.phrases import Phrases
from kith_protocol.finding.reading import Reading
from kith_protocol.finding.spelling import Speller
from kith_protocol.finding.type_ahead import Found, Match, TypeAhead
from kith_protocol.fold import fold
from kith_protocol.query import MAX_TEXT_CHARACTERS, primary_language
from kith_protocol.understood import Understanding
from kith_protocol.vocabulary import Vocabulary

__all__ = ["MAX_RESULTS", "Found", "Match", "TopicFinder"]

MAX_RESULTS = 100


class TopicFinder:
    """Finds the topics of one vocabulary by words; immutable once made."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Fold, stem and sort every text of *vocabulary*."""
        self._ancestors = vocabulary.ancestors
        phrases = Phrases(vocabulary)
        words = phrases.words()
        self._known = Known(
            phrases,
            Overlap(phrases),
            texts=Speller(line.folded for line in phrases.lines),
            words=Speller(words),
            languages_of=words,
        )
        self._type_ahead = TypeAhead(vocabulary, phrases, self._known.texts)

    def find(self, query: str, *, languages: Sequence[str], limit: int) -> tuple[Found, ...]:
        """Return the topics that fit *query*, best first, each at most once.

        Args:
            query: what the person typed; all after the first 200 characters is ignored.
            languages: BCP 47 tags the person reads, preferred first; others are found too.
            limit: most results wanted, 1 to 100.

        Raises:
            ValueError: *limit* is out of bounds.
        """
        if not 1 <= limit <= MAX_RESULTS:
            raise ValueError(f"limit {limit}")
        wanted = fold(query[:MAX_TEXT_CHARACTERS])
        if not wanted:
            return ()
        return self._type_ahead.find(wanted, languages=_places(languages), limit=limit)

    def understand(self, text: str, *, languages: Sequence[str]) -> Understanding:
        """Return what *text* means.

        Args:
            text: as typed; all after the first 200 characters is ignored.
            languages: BCP 47 tags the person reads, preferred first; others are understood too.
        """
        bounded = text[:MAX_TEXT_CHARACTERS]
        places = _places(languages)
        reading = Reading(
            bounded, languages=places, known=self._known, ancestors=self._ancestors
        )
        return reading.understanding()


def _places(languages: Iterable[str]) -> dict[str, int]:
    primary = dict.fromkeys(primary_language(tag).lower() for tag in languages)
    return {language: place for place, language in enumerate(primary)}
