"""How well topics are found by words, as figures for each language.

Pure: given a vocabulary and judged queries, the same figures come out everywhere. A topic is
*found* by a text if it is among the first three of ``find`` and among what ``understand`` takes
the text to mean, choices included; by a wrong spelling also if it is suggested. The reader
knows only the language of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kith_protocol.finding.spelling import allowed_errors
from kith_protocol.fold import fold
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.understood import Understanding
from kith_protocol.vocabulary import Texts, Vocabulary

FIRST = 3
MIN_SYNONYMS = 2

# Rows of keyboards: a neighbour is the next key of the same row.
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ضصثقفغعهخحج",
    "شسيبلاتنمك",
    "ئءؤرىةوزظ",
)


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody typed, and what they may have meant.

    Attributes:
        text: as typed.
        topics: any of them may come first.
        ways: ways of helping that have to be understood, if that matters.
    """

    text: str
    topics: tuple[str, ...]
    ways: tuple[str, ...] = ()


class JudgedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Judged queries of one language."""

    language: str
    queries: tuple[Judged, ...]


class Share(msgspec.Struct, frozen=True):
    """How many of how many, and what was missed.

    Attributes:
        found: how many were.
        total: of how many.
        missed: those that were not, for people to read.
    """

    found: int
    total: int
    missed: tuple[str, ...] = ()

    def percent(self) -> int:
        """Return it in whole percent, rounded down; of nothing all was found."""
        return self.found * 100 // self.total if self.total else 100


class Quality(msgspec.Struct, frozen=True):
    """The figures of one language.

    Attributes:
        language: which.
        is_complete: whether every topic has a label and two synonyms in it.
        labels: topics found by their labels.
        synonyms: topics found by each of their synonyms.
        one_error: topics found by their labels with one typing error.
        judged: judged queries whose first topic is acceptable.
    """

    language: str
    is_complete: bool
    labels: Share
    synonyms: Share
    one_error: Share
    judged: Share


def read_judged(folder: Path) -> dict[str, tuple[Judged, ...]]:
    """Return the judged queries by language.

    Args:
        folder: with ``judged_queries.json``, of all languages, and ``judged``, a folder with a
            file for each language that has more.
    """
    raw = (folder / "judged_queries.json").read_bytes()
    judged = msgspec.json.decode(raw, type=dict[str, tuple[Judged, ...]])
    for path in sorted((folder / "judged").glob("*.json")):
        file = msgspec.json.decode(path.read_bytes(), type=JudgedFile)
        judged[file.language] = (*judged.get(file.language, ()), *file.queries)
    return judged


def measure(
    finder: TopicFinder, vocabulary: Vocabulary, language: str, judged: Iterable[Judged] = ()
) -> Quality:
    """Return the figures of *language*.

    Args:
        finder: made of *vocabulary*.
        vocabulary: which has words in *language*.
        language: one of its languages.
        judged: queries in *language*.
    """
    words = [vocabulary.texts(topic, language) for topic in vocabulary.ids()]
    return Quality(
        language,
        is_complete=all(map(_is_complete, words)),
        labels=labels_found(finder, vocabulary, language),
        synonyms=synonyms_found(finder, vocabulary, language),
        one_error=misspelt_found(finder, vocabulary, language),
        judged=judge(finder, judged, language),
    )


def labels_found(finder: TopicFinder, vocabulary: Vocabulary, language: str) -> Share:
    """Return how many topics are found by their labels; about 0.5 s for 350 topics."""
    texts = [(topic, texts.label) for topic, texts in _known(vocabulary, language)]
    return _share(finder, texts, language)


def synonyms_found(finder: TopicFinder, vocabulary: Vocabulary, language: str) -> Share:
    """Return for how many synonyms their topics are found."""
    texts = [
        (topic, one) for topic, texts in _known(vocabulary, language) for one in texts.synonyms
    ]
    return _share(finder, texts, language)


def misspelt_found(finder: TopicFinder, vocabulary: Vocabulary, language: str) -> Share:
    """Return for how many labels with one typing error their topics are found."""
    texts = [
        (topic, wrong)
        for topic, texts in _known(vocabulary, language)
        for wrong in misspellings(texts.label)
    ]
    return _share(finder, texts, language, suggested=True)


def judge(finder: TopicFinder, judged: Iterable[Judged], language: str) -> Share:
    """Return of how many *judged* queries in *language* the first topic is acceptable."""
    total = 0
    missed = []
    for query in judged:
        total += 1
        understanding = finder.understand(query.text, languages=(language,))
        first = first_topic(understanding)
        if first not in query.topics or not set(query.ways) <= set(understanding.ways):
            missed.append(f"{query.text} ({first}, not {' or '.join(query.topics)})")
    return Share(total - len(missed), total, tuple(missed))


def misspellings(text: str) -> Iterator[str]:
    """Yield *text* with one typing error of each of four kinds, where a hash of it says.

    Two letters swapped, one dropped, one doubled, one replaced by its neighbour. Nothing for
    texts that are too short for an error to be recognised.
    """
    letters = fold(text)
    if allowed_errors(letters) == 0:
        return
    for kind, mistype in enumerate((_swap, _drop, _double, _replace)):
        places = [
            place
            for place, letter in enumerate(letters)
            if letter != " " and mistype(letters, place) not in (letters, "")
        ]
        if places:
            place = places[_hash(f"{kind} {letters}") % len(places)]
            yield mistype(letters, place)


def first_topic(understanding: Understanding) -> str | None:
    """Return the topic that a text is taken to be about first, if any."""
    return understanding.pieces[0].topics[0] if understanding.pieces else None


def _is_complete(texts: Texts | None) -> bool:
    return texts is not None and len(texts.synonyms) >= MIN_SYNONYMS


def _share(
    finder: TopicFinder,
    texts: Iterable[tuple[str, str]],
    language: str,
    *,
    suggested: bool = False,
) -> Share:
    total = 0
    missed = []
    for topic, text in texts:
        total += 1
        first = [one.id for one in finder.find(text, languages=(language,), limit=FIRST)]
        understanding = finder.understand(text, languages=(language,))
        meant = {
            one for piece in understanding.pieces for one in (*piece.topics, *piece.others)
        }
        if suggested:
            meant.update(understanding.did_you_mean)
        if topic not in first or topic not in meant:
            missed.append(f"{text} ({topic})")
    return Share(total - len(missed), total, tuple(missed))


def _known(vocabulary: Vocabulary, language: str) -> Iterator[tuple[str, Texts]]:
    for topic in vocabulary.ids():
        texts = vocabulary.texts(topic, language)
        if texts is not None:
            yield topic, texts


def _swap(text: str, place: int) -> str:
    pair = text[place : place + 2]
    return text[:place] + pair[::-1] + text[place + 2 :] if " " not in pair else text


def _drop(text: str, place: int) -> str:
    return text[:place] + text[place + 1 :]


def _double(text: str, place: int) -> str:
    return text[: place + 1] + text[place:]


def _replace(text: str, place: int) -> str:
    letter = text[place]
    for row in _ROWS:
        if letter in row:
            return text[:place] + row[row.index(letter) - 1] + text[place + 1 :]
    # Another letter of the same script; what it is does not matter.
    return text[:place] + chr(ord(letter) + 1) + text[place + 1 :]


def _hash(text: str) -> int:
    """Return a number that is the same everywhere (32-bit FNV-1a)."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value
