"""The vocabulary of topics: what an offer, a wish or a resource can be about.

A topic is a concept with a stable dotted id in at most three levels (``craft.writing.poetry``);
what lies above it is the id without its last part. A *community topic* is one that only some
community has: ``x.``, the id of a shared topic, and one more part (``x.craft.writing.haiku``).
Elsewhere it counts as the nearest topic above it that is shared. An id that went out of use
stays and points to the one that took its place, so that old offers keep their meaning.

Words for the topics come language by language, each complete in itself, so that whoever reads
two languages need not fetch twelve.

Left to the caller: reading files and answers, completeness (a topic without words in a language
shows its English label), and what to do with sensitive topics. Sensitive is a topic when
looking for it or offering it says by itself something about a person's orientation, gender,
love life, health, faith or flight.

Source: SPEC.md, section on topics.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from kith_crypto.errors import MalformedError
from kith_protocol.query import primary_language

# The interface languages, in the order in which they are listed.
LABEL_LANGUAGES = ("ar", "en", "it", "fr", "de", "pl", "tr", "pt", "ru", "ja", "zh", "es")
FALLBACK_LANGUAGE = "en"
VOCABULARY_VERSION = 2
MAX_LABEL_CHARACTERS = 80
MAX_DESCRIPTION_CHARACTERS = 200
MAX_FILE_BYTES = 4 * 1024 * 1024
COMMUNITY_PREFIX = "x."

_SHARED_ID = r"(?!x\.)[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}"
_ID = re.compile(_SHARED_ID, re.ASCII)
_COMMUNITY_ID = re.compile(rf"x\.({_SHARED_ID})\.[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
MAX_ID_CHARACTERS = 80
# Controls, line separators, invisible and direction characters: none belongs in a label. The
# joiners stay: Persian and others spell with them.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One topic, without words.

    Attributes:
        id: dotted id.
        related: ids of topics elsewhere that are close to it; named on one side only.
        aliases: what it is called in every language alike: ``js``, ``C++``.
        sensitive: whether this topic itself carries the mark; see ``Vocabulary.is_sensitive``.
        languages: whether the names of languages are words for it.
        people: whether its words also say who somebody is, such as *gay*, so that they mean it
            only where no other topic is named.
        retired: id of the topic that took its place, ``None`` while in use.
    """

    id: str
    related: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sensitive: bool = False
    languages: bool = False
    people: bool = False
    retired: str | None = None


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one topic is called in one language.

    Attributes:
        label: its name, at most 80 characters.
        synonyms: further everyday words for it.
        description: one line of at most 200 characters, or empty.
    """

    label: str
    synonyms: tuple[str, ...] = ()
    description: str = ""


class LanguageTexts(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """All words in one language.

    Attributes:
        language: one of ``LABEL_LANGUAGES``.
        reviewed: whether a native speaker has read them.
        topics: id to words.
        language_names: primary subtag to the name of that language.
    """

    language: str
    reviewed: bool
    topics: dict[str, Texts]
    language_names: dict[str, str] = {}


class _Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    concepts: tuple[Concept, ...]


_concepts_decoder = msgspec.json.Decoder(_Concepts)
_language_decoder = msgspec.json.Decoder(LanguageTexts)


class Vocabulary:
    """All topics with their hierarchy and words; immutable once made.

    Methods that take an id raise ``KeyError`` when ``is_known`` denies it, except where said.
    """

    def __init__(
        self, concepts: Iterable[Concept], languages: Iterable[LanguageTexts] = ()
    ) -> None:
        """Take *concepts* in order, parents before children, and the words for them.

        Raises:
            MalformedError: a rule of the module's head is broken, two topics under one parent
                have the same label in a language, or words are for no topic; ``pointer`` says
                where.
        """
        self._concepts: dict[str, Concept] = {}
        for position, concept in enumerate(concepts):
            _check_concept(concept, self._concepts, f"/concepts/{position}")
            self._concepts[concept.id] = concept
        self._resolved = {topic: _resolve(self._concepts, topic) for topic in self._concepts}
        self._ids = tuple(one.id for one in self._concepts.values() if one.retired is None)
        self._children = _children(self._ids, self._concepts)
        self._related = _related(self._concepts)
        self._languages = {texts.language: texts for texts in languages}
        for texts in self._languages.values():
            _check_texts(texts, self._concepts)

    def ids(self) -> tuple[str, ...]:
        """Return the ids in use, in order: each parent before its children."""
        return self._ids

    def get(self, topic: str) -> Concept | None:
        """Return the concept with this id, in use or retired, or ``None``."""
        return self._concepts.get(topic)

    def is_known(self, topic: str) -> bool:
        """Return whether *topic* is in the vocabulary, retired ones included."""
        return topic in self._concepts

    def resolve(self, topic: str) -> str:
        """Return *topic* itself, or the id in use that took its place."""
        return self._resolved[topic]

    def nearest(self, topic: str) -> str | None:
        """Return the topic in use that *topic*, any string, counts as here, or ``None``.

        That is itself, what took its place or, for an unknown community topic, the nearest
        shared one above.
        """
        is_community = topic.startswith(COMMUNITY_PREFIX)
        chain = (topic, *_above(topic)) if is_community else (topic,)
        return next((self._resolved[one] for one in chain if one in self._concepts), None)

    def is_placed(self, topic: str) -> bool:
        """Return whether offers of any community may name *topic*.

        Either it is known, or it is spelled like a community's and a shared topic above it is.
        """
        return self.is_known(topic) or (
            is_community_topic(topic) and self.nearest(topic) is not None
        )

    def redirects(self) -> dict[str, str]:
        """Return each retired id with the id in use that took its place."""
        return {one: new for one, new in self._resolved.items() if one != new}

    def parent(self, topic: str) -> str | None:
        """Return the id directly above *topic*, ``None`` for a branch."""
        return parent_of(self._concepts[topic].id)

    def ancestors(self, topic: str) -> tuple[str, ...]:
        """Return the ids above *topic*, nearest first, without itself; for any string.

        A retired topic lies directly below the one that took its place, so that old offers
        are still found; an unknown community topic below its nearest shared one; any other
        unknown one alone.
        """
        current = self.nearest(topic)
        if current is None:
            return ()
        above = _above(current)
        return above if current == topic else (current, *above)

    def children(self, topic: str) -> tuple[str, ...]:
        """Return the ids in use directly below *topic*, in order."""
        self._concepts[topic]
        return self._children.get(topic, ())

    def descendants(self, topic: str) -> tuple[str, ...]:
        """Return the ids in use anywhere below *topic*, depth first, without itself."""
        below: list[str] = []
        for child in self.children(topic):
            below += (child, *self.descendants(child))
        return tuple(below)

    def branches(self) -> tuple[str, ...]:
        """Return the ids of the topmost topics in use, in order."""
        return tuple(topic for topic in self._ids if parent_of(topic) is None)

    def related(self, topic: str) -> tuple[str, ...]:
        """Return the ids in use that are close to *topic* from either side; for any string."""
        return self._related.get(topic, ())

    def depth(self, topic: str) -> int:
        """Return the level of *topic*: 1 for a branch, at most 3, or 4 for a community's."""
        return len(_above(self._concepts[topic].id)) + 1

    def languages(self) -> tuple[LanguageTexts, ...]:
        """Return the words of each language, in the order in which they were given."""
        return tuple(self._languages.values())

    def texts(self, topic: str, language: str) -> Texts | None:
        """Return the words for *topic* in *language*, if there are any; for any string."""
        known = self._languages.get(language)
        return None if known is None else known.topics.get(topic)

    def labels(self, topic: str) -> dict[str, str]:
        """Return the label of *topic*, any string, in each language that has one."""
        return {
            texts.language: texts.topics[topic].label
            for texts in self._languages.values()
            if topic in texts.topics
        }

    def label(self, topic: str, languages: Sequence[str] = ()) -> str:
        """Return the label in the first of *languages* that has one, else in English or any.

        Args:
            topic: any string; one without any label stands for itself.
            languages: BCP 47 tags in order of preference; only the primary part counts.
        """
        for language in (*languages, FALLBACK_LANGUAGE, *self._languages):
            texts = self.texts(topic, primary_language(language).lower())
            if texts is not None:
                return texts.label
        return topic

    def is_sensitive(self, topic: str) -> bool:
        """Return whether *topic* or any above it is marked; ``False`` for unknown ones."""
        chain = (topic, *self.ancestors(topic))
        return any(one in self._concepts and self._concepts[one].sensitive for one in chain)


def parse_concepts(raw: bytes) -> tuple[Concept, ...]:
    """Return the concepts in *raw*, a concepts file of at most 4 MiB.

    Raises:
        MalformedError: not such a file.
    """
    try:
        file = _concepts_decoder.decode(_bounded(raw))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(str(error)) from error
    if file.version != VOCABULARY_VERSION:
        raise MalformedError(f"vocabulary version {file.version}", pointer="/version")
    return file.concepts


def parse_language(raw: bytes) -> LanguageTexts:
    """Return the words in *raw*, the file of one language of at most 4 MiB.

    Raises:
        MalformedError: not such a file.
    """
    try:
        return _language_decoder.decode(_bounded(raw))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(str(error)) from error


def parent_of(topic: str) -> str | None:
    """Return the id above *topic* by its spelling alone, ``None`` for a branch."""
    if topic.startswith(COMMUNITY_PREFIX):
        topic = topic.removeprefix(COMMUNITY_PREFIX)
    return topic.rpartition(".")[0] or None


def is_shared_topic(topic: str) -> bool:
    """Return whether *topic* is spelled like one that all communities may have."""
    return _ID.fullmatch(topic) is not None


def is_community_topic(topic: str) -> bool:
    """Return whether *topic* is spelled like one that only some community has."""
    return len(topic) <= MAX_ID_CHARACTERS and _COMMUNITY_ID.fullmatch(topic) is not None


def is_label(text: str) -> bool:
    """Return whether *text* may be a label or synonym: 1 to 80 printable characters, NFC."""
    return _is_line(text, MAX_LABEL_CHARACTERS)


def _above(topic: str) -> tuple[str, ...]:
    above: list[str] = []
    while (parent := parent_of(topic)) is not None:
        above.append(parent)
        topic = parent
    return tuple(above)


def _bounded(raw: bytes) -> bytes:
    if len(raw) > MAX_FILE_BYTES:
        raise MalformedError(f"a file of {len(raw)} bytes")
    return raw


def _check_concept(concept: Concept, seen: Mapping[str, Concept], pointer: str) -> None:
    if not is_shared_topic(concept.id) and not is_community_topic(concept.id):
        raise MalformedError("not a topic id", pointer=f"{pointer}/id")
    if concept.id in seen:
        raise MalformedError(f"{concept.id} appears twice", pointer=f"{pointer}/id")
    parent = parent_of(concept.id)
    if parent is not None and parent not in seen:
        raise MalformedError("the parent comes first", pointer=f"{pointer}/id")
    if not all(map(is_label, concept.aliases)):
        raise MalformedError("characters of an alias", pointer=f"{pointer}/aliases")


def _check_texts(texts: LanguageTexts, concepts: Mapping[str, Concept]) -> None:
    """Refuse words that are malformed, for no topic, or a sibling's label."""
    if texts.language not in LABEL_LANGUAGES:
        raise MalformedError(f"words are not kept in {texts.language}", pointer="/language")
    for name in texts.language_names.values():
        if not is_label(name):
            raise MalformedError("characters of a name", pointer="/languageNames")
    taken: dict[tuple[str | None, str], str] = {}
    for topic, words in texts.topics.items():
        pointer = f"/topics/{topic}"
        if topic not in concepts:
            raise MalformedError("no such topic", pointer=pointer)
        if not all(map(is_label, (words.label, *words.synonyms))):
            raise MalformedError("characters of a label", pointer=pointer)
        if words.description and not _is_line(words.description, MAX_DESCRIPTION_CHARACTERS):
            raise MalformedError("characters of a description", pointer=pointer)
        place = (parent_of(topic), words.label)
        if concepts[topic].retired is None and taken.setdefault(place, topic) != topic:
            raise MalformedError(f"the label of {taken[place]}", pointer=pointer)


def _is_line(text: str, most: int) -> bool:
    return (
        0 < len(text) <= most
        and text == text.strip()
        and _FORBIDDEN.search(text) is None
        and unicodedata.is_normalized("NFC", text)
    )


def _resolve(concepts: Mapping[str, Concept], topic: str) -> str:
    """Return the end of the chain of redirects that starts at *topic*."""
    passed: set[str] = set()
    target = topic
    while (following := concepts[target].retired) is not None:
        passed.add(target)
        if following in passed or following not in concepts:
            raise MalformedError(f"{topic} is retired into nothing")
        target = following
    return target


def _children(
    ids: Iterable[str], concepts: Mapping[str, Concept]
) -> dict[str, tuple[str, ...]]:
    children: dict[str, tuple[str, ...]] = {}
    for topic in ids:
        parent = parent_of(topic)
        if parent is None:
            continue
        if concepts[parent].retired is not None:
            raise MalformedError(f"{topic} is in use below the retired {parent}")
        children[parent] = (*children.get(parent, ()), topic)
    return children


def _related(concepts: Mapping[str, Concept]) -> dict[str, tuple[str, ...]]:
    """Return the relations from both sides, those in use only."""
    found: dict[str, dict[str, None]] = {}
    for one, other in _pairs(concepts):
        found.setdefault(one, {})[other] = None
        found.setdefault(other, {})[one] = None
    return {topic: tuple(others) for topic, others in found.items()}


def _pairs(concepts: Mapping[str, Concept]) -> Iterator[tuple[str, str]]:
    for concept in concepts.values():
        for other in concept.related:
            if other not in concepts:
                raise MalformedError(f"{concept.id} is related to {other}, which is no topic")
            if concept.id in (other, *_above(other)) or other in _above(concept.id):
                raise MalformedError(f"{concept.id} is related to its own line")
            if concept.retired is None and concepts[other].retired is None:
                yield concept.id, other
