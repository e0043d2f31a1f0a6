"""Finding topics by words, in every language of the vocabulary at once.

A query matches a topic by one of its texts (labels, synonyms, its id's last part), the best of
these kinds deciding: the whole text, its beginning, beginnings of words in it, a part of it. An
id in full is matched as a whole only, else a branch's name would find everything below it.
Equal kinds are ordered by whether the text is a label, whether it is in a language the person
reads, how much of it the query covers, the level in the hierarchy, and last the id: the same
query gives the same list everywhere.

Left to the caller: typing errors, plurals, and choosing between several meanings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum

import msgspec

from kith_node.topics.fold import fold
from kith_node.topics.vocabulary import Topic, Vocabulary, primary_language

# Longer input is a mistake or an attack; no label is half as long.
MAX_QUERY_CHARACTERS = 200
MAX_RESULTS = 100
# From here on code points are ideographs or kana, of which a single one can be a word.
_FIRST_CJK = "\u2e80"


class Match(IntEnum):
    """How a query fits a text, best first."""

    WHOLE = 0
    BEGINNING = 1
    WORDS = 2
    PART = 3


class Found(msgspec.Struct, frozen=True):
    """One topic that fits a query.

    Attributes:
        id: the topic, in use.
        match: how the query fits.
        text: the label, synonym or id part it fits, as written in the vocabulary.
        language: the language of *text*, empty for a part of an id.
    """

    id: str
    match: Match
    text: str
    language: str


class _Text(msgspec.Struct, frozen=True):
    """One text of a topic; ``is_id`` if it is an id of several parts."""

    text: str
    language: str
    is_label: bool
    is_id: bool
    folded: str


class _Entry(msgspec.Struct, frozen=True):
    """All texts of one topic; ``joined`` is a quick way to see that none of them fits."""

    topic_id: str
    depth: int
    texts: tuple[_Text, ...]
    joined: str


class TopicIndex:
    """The folded texts of one vocabulary; immutable once made."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Fold every text of *vocabulary* that is in use, a few thousand short strings."""
        self._entries = tuple(_entries(vocabulary))

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
        wanted = fold(query[:MAX_QUERY_CHARACTERS])
        parts = tuple(wanted.split())
        primary = tuple(primary_language(tag) for tag in languages)
        if not parts:
            return ()
        best = [
            min(ranked)
            for entry in self._entries
            if all(part in entry.joined for part in parts)
            and (ranked := _rank_texts(entry, wanted, parts, primary))
        ]
        best.sort()
        return tuple(_found(rank) for rank in best[:limit])


# Match, not a label, place of the language, length, depth, id, language, text.
_Rank = tuple[Match, bool, int, int, int, str, str, str]


def _entries(vocabulary: Vocabulary) -> Iterator[_Entry]:
    for topic_id in vocabulary.ids():
        topic = vocabulary.get(topic_id)
        assert topic is not None  # ids() are known
        texts = tuple(
            _Text(text, language, is_label, not language and "." in text, fold(text))
            for text, language, is_label in _words(topic)
        )
        joined = "\n".join(text.folded for text in texts)
        yield _Entry(topic_id, vocabulary.depth(topic_id), texts, joined)


def _words(topic: Topic) -> Iterator[tuple[str, str, bool]]:
    for language, label in topic.labels.items():
        yield label, language, True
    for language, synonyms in topic.synonyms.items():
        for synonym in synonyms:
            yield synonym, language, False
    yield topic.id, "", False
    if topic.parent is not None:
        yield topic.id.rpartition(".")[2], "", False


def _rank_texts(
    entry: _Entry, wanted: str, parts: tuple[str, ...], languages: tuple[str, ...]
) -> list[_Rank]:
    return [
        (
            match,
            not text.is_label,
            languages.index(text.language) if text.language in languages else len(languages),
            len(text.folded),
            entry.depth,
            entry.topic_id,
            text.language,
            text.text,
        )
        for text in entry.texts
        if (match := _match(wanted, parts, text)) is not None
    ]


def _match(wanted: str, parts: tuple[str, ...], text: _Text) -> Match | None:
    folded = text.folded
    if wanted == folded:
        return Match.WHOLE
    if text.is_id or any(part not in folded for part in parts):
        return None
    if folded.startswith(wanted):
        return Match.BEGINNING
    words = folded.split()
    if all(any(word.startswith(part) for word in words) for part in parts):
        return Match.WORDS
    # One letter is part of nearly everything; one ideograph is not.
    if wanted in folded and (len(wanted) > 1 or wanted >= _FIRST_CJK):
        return Match.PART
    return None


def _found(rank: _Rank) -> Found:
    match, _, _, _, _, topic_id, language, text = rank
    return Found(topic_id, match, text, language)
