"""The vocabulary on the device: labels, what lies above what, and finding a topic by a word.

The node hands out the whole vocabulary, the same for everybody, so looking something up in it
asks nobody. Left to the caller: plurals and choosing between several meanings.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence

from kith_protocol.api import TopicEntry
from kith_protocol.query import primary_language

MAX_DEPTH = 16  # the vocabulary has four levels; a node that sends a circle gets no further
MAX_RESULTS = 50
MAX_NEAR_CHARACTERS = 80
NEARNESS = 0.75  # of 1, by the measure of difflib

_WHOLE, _BEGINNING, _WORD, _PART = range(4)


class Topics:
    """A vocabulary as a node handed it out."""

    def __init__(self, entries: Sequence[TopicEntry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._texts = tuple(_texts_of(entries))

    def __len__(self) -> int:
        return len(self._entries)

    def is_known(self, topic: str) -> bool:
        """Return whether there is such a topic."""
        return topic in self._entries

    def is_sensitive(self, topic: str) -> bool:
        """Return whether the topic is marked as sensitive; False for unknown ones."""
        return topic in self._entries and self._entries[topic].sensitive

    def ancestors(self, topic: str) -> tuple[str, ...]:
        """Return the topics above *topic*, nearest first; nothing for an unknown one."""
        above: list[str] = []
        entry = self._entries.get(topic)
        while entry is not None and entry.parent is not None and len(above) < MAX_DEPTH:
            above.append(entry.parent)
            entry = self._entries.get(entry.parent)
        return tuple(above)

    def label(self, topic: str, languages: Sequence[str] = ()) -> str:
        """Return the label in the first of *languages* that has one, else English."""
        entry = self._entries.get(topic)
        if entry is None:
            return topic
        for language in (*languages, "en"):
            for tag in (language, primary_language(language)):
                if tag in entry.labels:
                    return entry.labels[tag]
        return topic

    def find(
        self, query: str, *, languages: Sequence[str] = (), limit: int = 10
    ) -> tuple[str, ...]:
        """Return ids of the topics that fit *query*, best first.

        Args:
            query: a word or the beginning of one, in any language of the vocabulary.
            languages: those the person reads; texts in them come first among equals.
            limit: the most results wanted.
        """
        wanted = fold(query)
        best: dict[str, tuple[int, bool, int, str]] = {}
        for topic, language, text in self._texts:
            fit = _fit(wanted, text)
            if fit is None:
                continue
            rank = (fit, language not in languages, len(text), topic)
            best[topic] = min(rank, best.get(topic, rank))
        return tuple(sorted(best, key=lambda topic: best[topic])[: min(limit, MAX_RESULTS)])

    def near(self, query: str, *, limit: int = 3) -> tuple[str, ...]:
        """Return ids of topics that are written almost like *query*, nearest first.

        Args:
            query: a word with a typing error perhaps, in any language, or an id.
            limit: the most results wanted.
        """
        wanted = fold(query)[:MAX_NEAR_CHARACTERS]
        texts = {text for _, _, text in self._texts}
        close = difflib.get_close_matches(wanted, texts, n=MAX_RESULTS, cutoff=NEARNESS)
        ids = [topic for near in close for topic, _, text in self._texts if text == near]
        return tuple(dict.fromkeys(ids))[:limit]


def fold(text: str) -> str:
    """Return *text* without case, accents and punctuation, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (
        letter if letter.isalnum() else " "
        for letter in decomposed
        if not unicodedata.combining(letter)
    )
    return " ".join("".join(letters).split())


def _texts_of(entries: Sequence[TopicEntry]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        for language, label in entry.labels.items():
            yield entry.id, language, fold(label)
        for language, synonyms in entry.synonyms.items():
            for synonym in synonyms:
                yield entry.id, language, fold(synonym)
        yield entry.id, "", fold(entry.id)


def _fit(wanted: str, text: str) -> int | None:
    if not wanted or wanted not in text:
        return None
    if wanted == text:
        return _WHOLE
    if text.startswith(wanted):
        return _BEGINNING
    if f" {wanted}" in text:
        return _WORD
    return _PART if len(wanted) > 1 else None
