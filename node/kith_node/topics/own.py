"""A community's own topics: the file its stewards keep, and the vocabulary that has them in it.

The file is ``topics.json`` in the node's data folder: id to language to words. ::

    {"version": 1, "topics": {"x.craft.writing.haiku": {"en": {"label": "Haiku"}}}}

A later release of the shared vocabulary may retire the topic that one of these lies below, or
take the topic up under an id of its own. Then the community's is retired too: it stays known,
so that offers keep their meaning, and counts as the one that took its place.

Left to the caller: when to read. A running node has what was in the file when it started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from kith_crypto.errors import KithError, MalformedError, UsageError
from kith_protocol.fold import fold
from kith_protocol.text import check_text
from kith_protocol.vocabulary import (
    LABEL_LANGUAGES,
    MAX_DESCRIPTION_CHARACTERS,
    MAX_LABEL_CHARACTERS,
    Concept,
    LanguageTexts,
    Texts,
    Vocabulary,
    is_community_topic,
    parent_of,
)

FILE_NAME = "topics.json"
FILE_VERSION = 1
MAX_FILE_BYTES = 1024 * 1024
MAX_OWN_TOPICS = 200  # all clients read them all
MAX_SYNONYMS = 20

OwnTopics: TypeAlias = Mapping[str, Mapping[str, Texts]]
"""Id to language to words."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    topics: dict[str, dict[str, Texts]]


_decoder = msgspec.json.Decoder(_File)


def load_own_topics(data_dir: Path) -> dict[str, dict[str, Texts]]:
    """Return what the file in *data_dir* says, nothing where there is none.

    Raises:
        UsageError: it is no such file.
    """
    path = data_dir / FILE_NAME
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    if len(raw) > MAX_FILE_BYTES:
        raise UsageError(f"{path}: {len(raw)} bytes, at most {MAX_FILE_BYTES} are read")
    try:
        file = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if file.version != FILE_VERSION:
        raise UsageError(f"{path}: version {file.version}, this release reads {FILE_VERSION}")
    return file.topics


def save_own_topics(data_dir: Path, topics: OwnTopics) -> None:
    """Put *topics*, checked, in place of the file in *data_dir*, at once or not at all."""
    path = data_dir / FILE_NAME
    ordered = {one: dict(topics[one]) for one in sorted(topics)}
    raw = msgspec.json.encode(_File(FILE_VERSION, ordered))
    partial = path.with_suffix(".part")
    partial.write_bytes(msgspec.json.format(raw, indent=2) + b"\n")
    partial.replace(path)


def load_with_own(shared: Vocabulary, data_dir: Path) -> Vocabulary:
    """Return *shared* with the topics of the file in *data_dir*.

    Raises:
        UsageError: names the file, the topic and what is wrong with it.
    """
    topics = load_own_topics(data_dir)
    try:
        return with_own(shared, topics)
    except UsageError as error:
        raise UsageError(f"{data_dir / FILE_NAME}: {error}") from error


def with_own(shared: Vocabulary, topics: OwnTopics) -> Vocabulary:
    """Return *shared* with the community's own *topics*.

    Raises:
        UsageError: a topic or its words cannot be used, two under one parent have the same
            label, or there are too many.
    """
    if not topics:
        return shared
    if len(topics) > MAX_OWN_TOPICS:
        raise UsageError(f"{len(topics)} topics; a community has at most {MAX_OWN_TOPICS}")
    own = []
    for topic, words in topics.items():
        check_own_topic(shared, topic, words)
        own.append(Concept(topic, retired=successor_of(shared, topic, words)))
    ids = (*shared.ids(), *shared.redirects())
    concepts = [*filter(None, map(shared.get, ids)), *own]
    concepts.sort(key=lambda concept: concept.retired is not None)
    try:
        return Vocabulary(concepts, _words_of(shared, topics))
    except MalformedError as error:
        raise UsageError(f"{(error.pointer or '').rpartition('/')[2]}: {error}") from error


def check_own_topic(shared: Vocabulary, topic: str, words: Mapping[str, Texts]) -> None:
    """Return if a community may have *topic*, called *words*.

    Args:
        shared: the vocabulary without any community's topics.
        topic: id.
        words: language to words.

    Raises:
        UsageError: not the id of a community topic, nothing to lie below, a language that
            words are not kept in, words that no offer may carry.
    """
    parent = parent_of(topic)
    if not is_community_topic(topic) or parent is None:
        raise UsageError(
            f"{topic} is no id of a community's topic: write x., the id of a shared topic and "
            "one more part, such as x.craft.writing.haiku"
        )
    if not shared.is_known(parent):
        raise UsageError(f"{topic}: there is no topic {parent}; see `kith topics tree`")
    if not words:
        raise UsageError(f"{topic} has no label in any language")
    for language, texts in words.items():
        if language not in LABEL_LANGUAGES:
            known = " ".join(LABEL_LANGUAGES)
            raise UsageError(f"{topic}: words are kept in {known}, not in {language}")
        _check_words(texts, f"{topic} in {language}")


def successor_of(shared: Vocabulary, topic: str, words: Mapping[str, Texts]) -> str | None:
    """Return the shared topic that the community's *topic* counts as, ``None`` for itself.

    That is what took the place of the topic it lies below, or a topic beside it with the same
    label in some language.
    """
    parent = parent_of(topic)
    assert parent is not None
    current = shared.resolve(parent)
    if current != parent:
        return current
    return next(
        (one for one in shared.children(parent) if _is_called(shared, one, words)), None
    )


def check_need(shared: Vocabulary, topic: str, words: Mapping[str, Texts]) -> None:
    """Return if *topic*, new and checked, is not what all communities have already.

    Raises:
        UsageError: it is, or what it would lie below is retired; says what to use instead.
    """
    successor = successor_of(shared, topic, words)
    if successor is None:
        return
    parent = parent_of(topic)
    if parent is not None and shared.resolve(parent) == successor:
        own_part = topic.rpartition(".")[2]
        raise UsageError(f"{parent} has become {successor}; add x.{successor}.{own_part}")
    raise UsageError(f"all communities have that topic: it is {successor}")


def _is_called(shared: Vocabulary, topic: str, words: Mapping[str, Texts]) -> bool:
    labels = shared.labels(topic)
    return any(
        fold(labels[language]) == fold(texts.label)
        for language, texts in words.items()
        if language in labels
    )


def _check_words(texts: Texts, place: str) -> None:
    if len(texts.synonyms) > MAX_SYNONYMS:
        raise UsageError(f"{place}: at most {MAX_SYNONYMS} synonyms")
    limits = [(text, MAX_LABEL_CHARACTERS) for text in (texts.label, *texts.synonyms)]
    if texts.description:
        limits.append((texts.description, MAX_DESCRIPTION_CHARACTERS))
    for text, most in limits:
        try:
            check_text(text, most)
        except KithError as error:
            raise UsageError(f"{place}: {text!r}: {error}") from error


def _words_of(shared: Vocabulary, topics: OwnTopics) -> Iterator[LanguageTexts]:
    held = {one.language: one for one in shared.languages()}
    for language in LABEL_LANGUAGES:
        own = {one: words[language] for one, words in topics.items() if language in words}
        known = held.get(language)
        if known is not None:
            yield msgspec.structs.replace(known, topics={**known.topics, **own})
        elif own:
            yield LanguageTexts(language, reviewed=False, topics=own)
