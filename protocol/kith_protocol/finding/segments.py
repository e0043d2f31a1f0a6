"""A text as a row of segments: known phrases, words for ways, words that say nothing, the rest.

Of all ways to cut a text the one is taken whose segments say most. What a segment says grows
with the square of its letters, so that one long phrase beats the short ones it is made of; for
the same letters an exact phrase beats one that is known by its stems, a phrase in a language
that the reader knows beats one in another, and a topic beats a way, a way a function word.

Left to the caller: which topic is meant, and making sense of what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

import msgspec

from kith_protocol.finding.endings import Family, families, families_of
from kith_protocol.finding.function_words import function_phrases, function_words
from kith_protocol.finding.light_words import light_stems
from kith_protocol.finding.phrases import Phrases
from kith_protocol.finding.tokens import Token
from kith_protocol.finding.way_words import way_phrases, way_stems
from kith_protocol.offer_content import Way

# Tokens beyond those of the longest line: what is one word there may be typed as several.
_SPARE = 3
# A form has no more words that say something.
_MAX_FORM_WORDS = 8


class Kind(IntEnum):
    """What a segment is."""

    NOTHING = 0
    FUNCTION = 1
    WAY = 2
    TOPIC = 3


class Segment(msgspec.Struct, frozen=True):
    """Some tokens in a row.

    Attributes:
        start: index of the first token.
        end: index behind the last.
        kind: what it is; ``NOTHING`` is a single token that is nothing known.
        exact: places of the lines that are written so.
        forms: places of lines with the same stems, in languages that the reader knows.
        worth: how much it says.
    """

    start: int
    end: int
    kind: Kind = Kind.NOTHING
    exact: tuple[int, ...] = ()
    forms: tuple[int, ...] = ()
    worth: int = 0


_EXACT, _FORM, _ELSEWHERE, _SMALL = 6, 5, 4, 2


def way_of(word: str, phrases: Phrases) -> Way | None:
    """Return the way that a folded *word* of a language with blanks names, if any."""
    for family in families_of(word):
        way = way_stems().get((family.name, phrases.stems.of(word, family)))
        if way is not None:
            return way
    return None


def is_light(word: str, phrases: Phrases) -> bool:
    """Return whether a folded *word* means a topic only where nothing else does."""
    return way_of(word, phrases) is not None or any(
        (family.name, phrases.stems.of(word, family)) in light_stems()
        for family in families_of(word)
    )


def is_function(token: Token) -> bool:
    """Return whether *token* is a word that says nothing."""
    return not token.is_cjk and token.word in function_words()


def ways_of(
    segments: Iterable[Segment], tokens: Sequence[Token], phrases: Phrases
) -> tuple[Way, ...]:
    """Return the ways that *segments* name, alone or as part of a topic, in order."""
    ways: dict[Way, None] = {}
    for segment in segments:
        if segment.kind in (Kind.WAY, Kind.TOPIC):
            inside = tokens[segment.start : segment.end]
            ways.update(dict.fromkeys(_ways_in(inside, phrases)))
    return tuple(ways)


def _ways_in(tokens: Sequence[Token], phrases: Phrases) -> Iterator[Way]:
    joined = "".join(token.word for token in tokens if token.is_cjk)
    yield from (way for phrase, way in way_phrases().items() if phrase in joined)
    for token in tokens:
        way = None if token.is_cjk else way_of(token.word, phrases)
        if way is not None:
            yield way


class Cutter:
    """Cuts the tokens of one text; made for each text."""

    def __init__(
        self,
        tokens: Sequence[Token],
        phrases: Phrases,
        is_read: Callable[[int], bool],
    ) -> None:
        """Take *tokens*, and *is_read*: whether the reader knows the language of a line."""
        self._tokens = tokens
        self._phrases = phrases
        self._is_read = is_read
        self._weights = [token.weight() for token in tokens]
        self._stems = {
            family.name: [
                "" if token.is_cjk else phrases.stems.of(token.word, family) for token in tokens
            ]
            for family in families()
        }

    def cut(self) -> tuple[Segment, ...]:
        """Return the segments that say most, in order, together all tokens."""
        count = len(self._tokens)
        worth = [0] * (count + 1)
        best: list[Segment] = []
        for start in range(count - 1, -1, -1):
            chosen = Segment(start, start + 1)
            worth[start] = worth[start + 1]
            for segment in self._segments_at(start):
                if segment.worth + worth[segment.end] > worth[start]:
                    chosen = segment
                    worth[start] = segment.worth + worth[segment.end]
            best.append(chosen)
        best.reverse()
        segments: list[Segment] = []
        place = 0
        while place < count:
            segments.append(best[place])
            place = best[place].end
        return tuple(segments)

    def _segments_at(self, start: int) -> Iterator[Segment]:
        forms = self._forms_at(start)
        longest = self._phrases.longest(is_cjk=self._tokens[start].is_cjk)
        joined = ""
        last = max([start + longest + _SPARE, *forms])
        for end in range(start + 1, min(last, len(self._tokens)) + 1):
            joined += self._tokens[end - 1].word
            exact = self._phrases.whole(joined)
            if exact or end in forms:
                yield self._topic(start, end, exact, forms.get(end, []))
            if self._tokens[start].is_cjk:
                yield from self._small_phrase(start, end, joined)
            elif end == start + 1:
                yield from self._small_word(start)

    def _topic(
        self, start: int, end: int, exact: Sequence[int], forms: Sequence[int]
    ) -> Segment:
        factor = _FORM if forms else _ELSEWHERE
        if any(map(self._is_read, exact)):
            factor = _EXACT
        worth = self._worth(start, end, factor)
        return Segment(start, end, Kind.TOPIC, tuple(exact), tuple(forms), worth)

    def _small_phrase(self, start: int, end: int, joined: str) -> Iterator[Segment]:
        kind = Kind.WAY if joined in way_phrases() else Kind.FUNCTION
        if kind is Kind.WAY or joined in function_phrases():
            yield Segment(start, end, kind, worth=self._worth(start, end, _SMALL))

    def _small_word(self, start: int) -> Iterator[Segment]:
        token = self._tokens[start]
        if is_function(token):
            kind = Kind.FUNCTION
        elif way_of(token.word, self._phrases) is not None:
            kind = Kind.WAY
        else:
            return
        yield Segment(start, start + 1, kind, worth=self._worth(start, start + 1, _SMALL))

    def _worth(self, start: int, end: int, factor: int) -> int:
        weight = sum(self._weights[start:end])
        return weight * weight * factor

    def _forms_at(self, start: int) -> dict[int, list[int]]:
        """Return by their ends the lines whose stems are those from *start* on."""
        first = self._tokens[start]
        found: dict[int, list[int]] = {}
        if first.is_cjk:
            return found
        for family in families_of(first.word):
            for end, places in self._forms_in(family, start):
                found.setdefault(end, []).extend(places)
        return found

    def _forms_in(self, family: Family, start: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        stems: list[str] = []
        for end in range(start + 1, len(self._tokens) + 1):
            token = self._tokens[end - 1]
            if token.is_cjk or len(stems) == _MAX_FORM_WORDS:
                return
            if end > start + 1 and is_function(token):
                continue
            stems.append(self._stems[family.name][end - 1])
            places = tuple(filter(self._is_read, self._phrases.forms(stems, family)))
            if places:
                yield end, places
