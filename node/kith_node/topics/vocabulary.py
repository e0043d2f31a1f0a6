"""The vocabulary of topics: what an offer, a wish or a resource can be about.

A topic is a stable dotted id in at most three levels (``craft.writing.poetry``) whose parent is
the id without its last part. English and Arabic labels are always there, the ten other
languages where somebody has written them. An id that went out of use stays in the file and
points to the one that took its place, so that old offers keep their meaning.

Left to the caller: community topics (``x.…``), and what to do with sensitive ones. Sensitive is
a topic when looking for it or offering it says by itself something about a person's
orientation, gender, love life, health, faith or flight.

Source: protocol/SPEC.md, *Topics*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

import msgspec

from kith_crypto.errors import MalformedError

# The interface languages, in the order in which labels are stored.
LABEL_LANGUAGES = ("ar", "en", "it", "fr", "de", "pl", "tr", "pt", "ru", "ja", "zh", "es")
REQUIRED_LANGUAGES = ("en", "ar")
FALLBACK_LANGUAGE = "en"
MAX_DEPTH = 3
MAX_LABEL_CHARACTERS = 80
MAX_VOCABULARY_BYTES = 4 * 1024 * 1024
VOCABULARY_VERSION = 1

_ID = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}")
# Controls, line separators, invisible and direction characters: none belongs in a label.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One concept of the vocabulary.

    Attributes:
        id: dotted id, one to three parts.
        parent: id of the topic above, ``None`` for a branch.
        labels: language to label, ``en`` and ``ar`` always among them.
        synonyms: language to further everyday words for it.
        sensitive: whether this topic itself carries the mark; see ``Vocabulary.is_sensitive``.
        retired: id of the topic that took its place, ``None`` while in use.
    """

    id: str
    labels: dict[str, str]
    parent: str | None = None
    synonyms: dict[str, tuple[str, ...]] = {}
    sensitive: bool = False
    retired: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    topics: tuple[Topic, ...]


_decoder = msgspec.json.Decoder(_File)


class Vocabulary:
    """All topics with their hierarchy; immutable once made.

    Methods that take an id raise ``KeyError`` when ``is_known`` denies it, except ``get``.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        """Take *topics* in file order, parents before children.

        Raises:
            MalformedError: a rule of the module's head is broken; ``pointer`` says where.
        """
        self._topics: dict[str, Topic] = {}
        for position, topic in enumerate(topics):
            _check_topic(topic, self._topics, f"/topics/{position}")
            self._topics[topic.id] = topic
        _check_siblings(self._topics.values())
        self._resolved = {
            topic_id: _resolve(self._topics, topic_id) for topic_id in self._topics
        }
        self._ids = tuple(topic.id for topic in self._topics.values() if topic.retired is None)
        self._ancestors = {topic_id: _ancestors(topic_id) for topic_id in self._topics}
        self._children = _children(self._ids, self._topics)

    @classmethod
    def from_json(cls, raw: bytes) -> Vocabulary:
        """Return the vocabulary in *raw*, a vocabulary file of at most 4 MiB.

        Raises:
            MalformedError: not such a file, or its hierarchy or labels break a rule.
        """
        if len(raw) > MAX_VOCABULARY_BYTES:
            raise MalformedError(f"a vocabulary of {len(raw)} bytes")
        try:
            file = _decoder.decode(raw)
        except msgspec.DecodeError as error:
            raise MalformedError(str(error)) from error
        if file.version != VOCABULARY_VERSION:
            raise MalformedError(f"vocabulary version {file.version}", pointer="/version")
        return cls(file.topics)

    def ids(self) -> tuple[str, ...]:
        """Return the ids in use, in file order: each parent before its children."""
        return self._ids

    def get(self, topic_id: str) -> Topic | None:
        """Return the topic with this id, in use or retired, or ``None``."""
        return self._topics.get(topic_id)

    def is_known(self, topic_id: str) -> bool:
        """Return whether *topic_id* is in the vocabulary, retired ones included."""
        return topic_id in self._topics

    def resolve(self, topic_id: str) -> str:
        """Return *topic_id* itself, or the id in use that took its place."""
        return self._resolved[topic_id]

    def ancestors(self, topic_id: str) -> tuple[str, ...]:
        """Return the ids above *topic_id*, nearest first, without itself."""
        return self._ancestors[topic_id]

    def children(self, topic_id: str) -> tuple[str, ...]:
        """Return the ids in use directly below *topic_id*, in file order."""
        self._topics[topic_id]
        return self._children.get(topic_id, ())

    def descendants(self, topic_id: str) -> tuple[str, ...]:
        """Return the ids in use anywhere below *topic_id*, depth first, without itself."""
        below: list[str] = []
        for child in self.children(topic_id):
            below += (child, *self.descendants(child))
        return tuple(below)

    def branches(self) -> tuple[str, ...]:
        """Return the ids of the topmost topics in use, in file order."""
        return tuple(topic_id for topic_id in self._ids if not self._ancestors[topic_id])

    def depth(self, topic_id: str) -> int:
        """Return the level of *topic_id*: 1 for a branch, at most 3."""
        return len(self._ancestors[topic_id]) + 1

    def label(self, topic_id: str, languages: Sequence[str] = ()) -> str:
        """Return the label in the first of *languages* that has one, else the English one.

        Args:
            topic_id: a known id.
            languages: BCP 47 tags in order of preference; only the primary part counts.
        """
        labels = self._topics[topic_id].labels
        for language in languages:
            label = labels.get(primary_language(language))
            if label is not None:
                return label
        return labels[FALLBACK_LANGUAGE]

    def is_sensitive(self, topic_id: str) -> bool:
        """Return whether *topic_id* or any topic above it is marked sensitive."""
        chain = (topic_id, *self._ancestors[topic_id])
        return any(self._topics[one].sensitive for one in chain)


def load_vocabulary() -> Vocabulary:
    """Return the vocabulary that is shipped with this package; parses it anew each time."""
    raw = resources.files("kith_node.topics").joinpath("vocabulary.json").read_bytes()
    return Vocabulary.from_json(raw)


def primary_language(tag: str) -> str:
    """Return the lower-case primary part of a BCP 47 *tag*: ``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


def _check_topic(topic: Topic, seen: Mapping[str, Topic], pointer: str) -> None:
    if _ID.fullmatch(topic.id) is None:
        raise MalformedError("not a topic id", pointer=f"{pointer}/id")
    if topic.id in seen:
        raise MalformedError(f"{topic.id} appears twice", pointer=f"{pointer}/id")
    expected_parent = topic.id.rpartition(".")[0] or None
    if topic.parent != expected_parent:
        raise MalformedError("the parent is the id's head", pointer=f"{pointer}/parent")
    if topic.parent is not None and topic.parent not in seen:
        raise MalformedError("the parent comes first", pointer=f"{pointer}/parent")
    for language in REQUIRED_LANGUAGES:
        if language not in topic.labels:
            raise MalformedError(f"no label in {language}", pointer=f"{pointer}/labels")
    for language, label in topic.labels.items():
        _check_text(language, label, f"{pointer}/labels")
    for language, words in topic.synonyms.items():
        for word in words:
            _check_text(language, word, f"{pointer}/synonyms")


def _check_text(language: str, text: str, pointer: str) -> None:
    if language not in LABEL_LANGUAGES:
        raise MalformedError(f"labels are not kept in {language}", pointer=pointer)
    if not 0 < len(text) <= MAX_LABEL_CHARACTERS or text != text.strip():
        raise MalformedError("a label has 1 to 80 characters", pointer=f"{pointer}/{language}")
    if _FORBIDDEN.search(text) or not unicodedata.is_normalized("NFC", text):
        raise MalformedError("characters of a label", pointer=f"{pointer}/{language}")


def _check_siblings(topics: Iterable[Topic]) -> None:
    """Refuse two topics in use under one parent with the same label in a language."""
    taken: set[tuple[str | None, str, str]] = set()
    for topic in topics:
        if topic.retired is not None:
            continue
        for language, label in topic.labels.items():
            place = (topic.parent, language, label)
            if place in taken:
                raise MalformedError(f"{topic.id} has a sibling's label in {language}")
            taken.add(place)


def _resolve(topics: Mapping[str, Topic], topic_id: str) -> str:
    """Return the end of the chain of redirects that starts at *topic_id*."""
    passed: set[str] = set()
    target = topic_id
    while (following := topics[target].retired) is not None:
        passed.add(target)
        if following in passed or following not in topics:
            raise MalformedError(f"{topic_id} is retired into nothing")
        target = following
    return target


def _ancestors(topic_id: str) -> tuple[str, ...]:
    parts = topic_id.split(".")
    return tuple(".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))


def _children(ids: Iterable[str], topics: Mapping[str, Topic]) -> dict[str, tuple[str, ...]]:
    children: dict[str, tuple[str, ...]] = {}
    for topic_id in ids:
        parent = topics[topic_id].parent
        if parent is None:
            continue
        if topics[parent].retired is not None:
            raise MalformedError(f"{topic_id} is in use below the retired {parent}")
        children[parent] = (*children.get(parent, ()), topic_id)
    return children
