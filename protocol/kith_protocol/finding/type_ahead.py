"""Finding topics by the beginning of what somebody types.

A query fits a topic by one of its texts, or by the last part of its id, the best of the kinds
of ``Match`` deciding. Equal kinds are ordered by whether the text is in a language the person
reads, whether it is a label, the order of these languages, how much of the text the query
covers, the level in the hierarchy, and last the id: the same query gives the same list
everywhere. An id in full is matched as a whole only, else a branch's name would find all below.

Left to the caller: bounding the query, and texts of several meanings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum

import msgspec

from kith_protocol.finding.endings import families_of
from kith_protocol.finding.phrases import ANY_LANGUAGE, Line, Phrases, content_words, packed
from kith_protocol.finding.spelling import Speller
from kith_protocol.fold import fold
from kith_protocol.vocabulary import Vocabulary
from kith_protocol.words import is_cjk

# With fewer topics found, wrong spellings are thought of.
_FEW = 3
_LAST = "\U0010ffff"


class Match(IntEnum):
    """How a query fits a text, best first."""

    WHOLE = 0
    FORM = 1
    BEGINNING = 2
    WORDS = 3
    PART = 4
    MISSPELT = 5


class Found(msgspec.Struct, frozen=True):
    """One topic that fits a query.

    Attributes:
        id: the topic, in use.
        match: how the query fits.
        text: the label, synonym, alias or id part it fits, as written in the vocabulary.
        language: the language of *text*, empty for an alias or a part of an id.
    """

    id: str
    match: Match
    text: str
    language: str


class TypeAhead:
    """The lines of a vocabulary, sorted for looking up their beginnings."""

    def __init__(self, vocabulary: Vocabulary, phrases: Phrases, speller: Speller) -> None:
        """Sort the lines of *phrases* and their words; *speller* knows their folded texts."""
        self._phrases = phrases
        self._speller = speller
        self._ids = {fold(topic): topic for topic in vocabulary.ids()}
        self._depths = {topic: vocabulary.depth(topic) for topic in vocabulary.ids()}
        lines = (*phrases.lines, *_id_lines(vocabulary))
        self._lines = lines
        self._sorted = sorted(range(len(lines)), key=lambda place: (lines[place].folded, place))
        self._texts = [lines[place].folded for place in self._sorted]
        having: dict[str, list[int]] = {}
        for place, line in enumerate(lines):
            for word in set(line.folded.split()):
                having.setdefault(word, []).append(place)
        self._having = packed(having)
        self._words = sorted(having)

    def find(
        self, wanted: str, *, languages: Mapping[str, int], limit: int
    ) -> tuple[Found, ...]:
        """Return the topics that fit *wanted*, best first, each once.

        Args:
            wanted: the folded query, not empty.
            languages: primary subtags that the person reads, with their places.
            limit: most results wanted.
        """
        found: dict[str, Found] = {}
        for match, look in self._looks().items():
            if len(found) >= (min(_FEW, limit) if match is Match.MISSPELT else limit):
                break
            ranked = sorted(
                (self._rank(line, languages), line.text)
                for line in look(wanted)
                if line.topic not in found
            )
            for (*_, topic, language), text in ranked:
                found.setdefault(str(topic), Found(str(topic), match, text, str(language)))
        return tuple(found.values())[:limit]

    def _looks(self) -> dict[Match, Callable[[str], Iterable[Line]]]:
        return {
            Match.WHOLE: self._whole,
            Match.FORM: self._form,
            Match.BEGINNING: self._beginning,
            Match.WORDS: self._beginning_words,
            Match.PART: self._part,
            Match.MISSPELT: self._misspelt,
        }

    def _rank(self, line: Line, languages: Mapping[str, int]) -> tuple[int | str, ...]:
        place = languages.get(line.language, len(languages))
        is_alias = line.language == ANY_LANGUAGE and line.is_label
        length = len(line.folded)
        return (
            not (is_alias or line.language in languages),
            not line.is_label,
            place,
            length,
            line.depth,
            line.topic,
            line.language,
        )

    def _whole(self, wanted: str) -> Iterator[Line]:
        for place in self._phrases.whole(wanted.replace(" ", "")):
            yield self._lines[place]
        if wanted in self._ids:
            topic = self._ids[wanted]
            yield Line(topic, topic, ANY_LANGUAGE, False, wanted, self._depths[topic])
        yield from (line for line in self._beginning(wanted) if line.folded == wanted)

    def _form(self, wanted: str) -> Iterator[Line]:
        words = content_words(wanted)
        for family in families_of(words[0]):
            stems = [self._phrases.stems.of(word, family) for word in words]
            for place in self._phrases.forms(stems, family):
                yield self._lines[place]

    def _beginning(self, wanted: str) -> Iterator[Line]:
        first = bisect_left(self._texts, wanted)
        last = bisect_left(self._texts, wanted + _LAST)
        for place in self._sorted[first:last]:
            yield self._lines[place]

    def _beginning_words(self, wanted: str) -> Iterator[Line]:
        parts = sorted(set(wanted.split()), key=lambda part: (-len(part), part))
        places = self._having_beginning(parts[0])
        for part in parts[1:]:
            if places:
                places &= self._having_beginning(part)
        for place in sorted(places):
            yield self._lines[place]

    def _having_beginning(self, part: str) -> set[int]:
        first = bisect_left(self._words, part)
        last = bisect_left(self._words, part + _LAST)
        found: set[int] = set()
        for word in self._words[first:last]:
            found.update(self._having[word])
        return found

    def _part(self, wanted: str) -> Iterator[Line]:
        # One letter is part of nearly everything; one ideograph is not.
        if len(wanted) == 1 and not is_cjk(wanted):
            return
        yield from (line for line in self._lines if wanted in line.folded)

    def _misspelt(self, wanted: str) -> Iterator[Line]:
        near = self._speller.near(wanted)
        for one in near:
            if one.errors == near[0].errors:
                for place in self._phrases.whole(one.text.replace(" ", "")):
                    yield self._lines[place]


def _id_lines(vocabulary: Vocabulary) -> Iterator[Line]:
    for topic in vocabulary.ids():
        last = topic.rpartition(".")[2]
        yield Line(topic, last, ANY_LANGUAGE, False, fold(last), vocabulary.depth(topic))
