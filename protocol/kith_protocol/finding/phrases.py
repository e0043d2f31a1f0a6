"""Every text of a vocabulary, by what it is written as and by its stems.

A *line* is one text of one topic: a label, a synonym, or an alias, which is said in all
languages. A line is found by its folded letters without blanks, so that self-defence, self
defence and selfdefence are one; and by the stems of its words in any order, without words that
say nothing, so that "the writing of poems" is poem writing. The names of languages are lines of
the topic that says so, such as learning one.

Left to the caller: which of several lines is meant.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from kith_protocol.finding.endings import Family, families, family_of, stem, without_particle
from kith_protocol.finding.function_words import function_words, function_words_of
from kith_protocol.fold import fold
from kith_protocol.vocabulary import Concept, Texts, Vocabulary
from kith_protocol.words import is_cjk

# Of what belongs to no language: aliases.
ANY_LANGUAGE = ""

K = TypeVar("K", bound=Hashable)


class Line(msgspec.Struct, frozen=True, gc=False):
    """One text of one topic.

    Attributes:
        topic: id, in use.
        text: as written in the vocabulary.
        language: of the text, ``ANY_LANGUAGE`` for an alias.
        is_label: whether the topic is called so; an alias counts as a label.
        folded: the text's search folding, not empty.
        depth: level of the topic in the hierarchy.
        is_aside: whether it means the topic only where no other is named: the name of a
            language, or what people are.
        is_name: whether it is the name of a language, of which a part means nothing.
    """

    topic: str
    text: str
    language: str
    is_label: bool
    folded: str
    depth: int
    is_aside: bool = False
    is_name: bool = False


class Stems:
    """Stems of words; knows which Arabic words begin with a particle."""

    def __init__(self, arabic: Iterable[str]) -> None:
        """Take the folded words of all Arabic texts."""
        family = family_of("ar")
        assert family is not None  # it has one
        self._bare = {stem(word, family) for word in arabic}

    def of(self, word: str, family: Family) -> str:
        """Return the stem of a folded *word*, without a particle if the rest is known."""
        if family.name == "ar":
            rest = without_particle(word)
            if rest is not None and stem(rest, family) in self._bare:
                return stem(rest, family)
        return stem(word, family)


class Phrases:
    """The lines of one vocabulary; immutable once made."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Fold and stem every text of *vocabulary*, some thousands of short strings."""
        self.lines = tuple(_lines(vocabulary))
        self.stems = Stems(
            word for line in self.lines if line.language == "ar" for word in line.folded.split()
        )
        whole: dict[str, list[int]] = {}
        forms: dict[str, dict[str, list[int]]] = {one.name: {} for one in families()}
        for place, line in enumerate(self.lines):
            whole.setdefault(line.folded.replace(" ", ""), []).append(place)
            for family, form in self._forms_of(line):
                forms[family.name].setdefault(form, []).append(place)
        self._whole = packed(whole)
        self._forms = {name: packed(places) for name, places in forms.items()}
        longest = [0, 0]
        for line in self.lines:
            kind = is_cjk(line.folded[0])
            longest[kind] = max(longest[kind], _token_count(line.folded))
        self._longest = tuple(longest)

    def whole(self, joined: str) -> tuple[int, ...]:
        """Return the places of the lines that are *joined*: folded, blanks left out."""
        return self._whole.get(joined, ())

    def forms(self, stems: Iterable[str], family: Family) -> tuple[int, ...]:
        """Return the places of the lines that have exactly these *stems* in *family*."""
        return self._forms[family.name].get(_form(stems), ())

    def longest(self, *, is_cjk: bool) -> int:
        """Return how many tokens the longest line has, by the kind of letter it begins with."""
        return self._longest[is_cjk]

    def words(self) -> dict[str, frozenset[str]]:
        """Return the different words of all lines with the languages that have them."""
        found: dict[str, frozenset[str]] = {}
        same: dict[frozenset[str], frozenset[str]] = {}
        for line in self.lines:
            for word in line.folded.split():
                languages = found.get(word, frozenset()) | {line.language}
                # There are few combinations, each is kept once.
                found[word] = same.setdefault(languages, languages)
        return found

    def _forms_of(self, line: Line) -> Iterator[tuple[Family, str]]:
        family = family_of(line.language or "en")
        if family is None:
            return
        form = _form(
            self.stems.of(word, family) for word in content_words(line.folded, line.language)
        )
        yield family, form
        if line.language == ANY_LANGUAGE:
            # The plural of an abbreviation is too short for a stem.
            yield family, f"{form}s"


def packed(having: Mapping[K, list[int]]) -> dict[K, tuple[int, ...]]:
    """Return *having* with tuples, which take half the space of short lists."""
    return {key: tuple(places) for key, places in having.items()}


def _token_count(folded: str) -> int:
    words = folded.split()
    return sum(len(word) if any(map(is_cjk, word)) else 1 for word in words)


def content_words(folded: str, language: str | None = None) -> list[str]:
    """Return the words of a *folded* text that say something, or all if none does.

    Args:
        folded: any text.
        language: of the text; if left out, what says nothing in any language does not.
    """
    empty = function_words() if language is None else function_words_of(language)
    words = folded.split()
    return [word for word in words if word not in empty] or words


def _form(stems: Iterable[str]) -> str:
    return " ".join(sorted(set(stems)))


def _lines(vocabulary: Vocabulary) -> Iterator[Line]:
    places = {topic: topic for topic in vocabulary.ids()} | vocabulary.redirects()
    for named, topic in places.items():
        concept = vocabulary.get(named)
        assert concept is not None  # ids and redirects are known
        depth = vocabulary.depth(topic)
        for line in _lines_of(vocabulary, concept, topic, depth):
            yield replace(line, is_aside=True) if concept.people else line
        if concept.languages:
            for language in vocabulary.languages():
                for name in language.language_names.values():
                    for line in _line(topic, name, language.language, False, depth):
                        yield replace(line, is_aside=True, is_name=True)


def _lines_of(
    vocabulary: Vocabulary, concept: Concept, topic: str, depth: int
) -> Iterator[Line]:
    """Yield the lines of *concept*, which is *topic* or was put into it."""
    is_used = concept.id == topic
    for alias in concept.aliases:
        yield from _line(topic, alias, ANY_LANGUAGE, is_used, depth)
    for language in vocabulary.languages():
        texts: Texts | None = language.topics.get(concept.id)
        if texts is not None:
            yield from _line(topic, texts.label, language.language, is_used, depth)
            for synonym in texts.synonyms:
                yield from _line(topic, synonym, language.language, False, depth)


def _line(topic: str, text: str, language: str, is_label: bool, depth: int) -> Iterator[Line]:
    folded = fold(text)
    if folded:
        yield Line(topic, text, language, is_label, folded, depth)
