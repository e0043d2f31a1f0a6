"""The rules of a good vocabulary, as a list of what breaks them.

``Vocabulary`` refuses what would not work at all; here is what a vocabulary owes to the people
who look for something in it: every topic in every language with a name, at least two more
everyday words and a description; no word that leads to two siblings; nothing invisible in any
text. All findings are listed, not only the first, so that a translator can mend a file in one
go. Left to the caller: reading files, and showing the findings.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from kith_protocol.fold import fold
from kith_protocol.vocabulary import (
    LABEL_LANGUAGES,
    MAX_DESCRIPTION_CHARACTERS,
    MAX_LABEL_CHARACTERS,
    Concept,
    LanguageTexts,
    Texts,
    is_label,
    is_shared_topic,
    parent_of,
)

MIN_SYNONYMS = 2

_SAID = {
    "id": "this is no id of a topic: lower-case letters, at most three parts with dots",
    "twice": "the id is there twice",
    "orphan": "there is no {words}, which would be above it",
    "retired": "it is retired in favour of {words}, which is not in use",
    "related": "it is related to {words}, which is no topic, or above or below it",
    "language": "words are not kept in this language; use one of {words}",
    "missing-language": "there are no words in this language",
    "unknown-topic": "there is no such topic; remove it or correct the id",
    "no-label": "it has no label; add one",
    "no-description": "it has no description; add one line",
    "few-synonyms": (
        f"it needs {MIN_SYNONYMS} everyday words besides its label, and has: {{words}}"
    ),
    "repeated": "{words} is its label or a synonym already; say something else or remove it",
    "same-label": "{words} has the same label; change one of them",
    "shared-word": "{words} has that word, too; keep it where it is more usual",
    "characters": "{words}: remove what cannot be seen (control or direction characters)",
    "not-nfc": "{words}: write it in composed letters (Unicode NFC)",
    "blanks": "{words}: remove the blanks at the ends",
    "too-long": "{words} is too long",
    "no-letters": "{words} has no letters, so nobody can look for it",
}
RULES = tuple(_SAID)


class Finding(msgspec.Struct, frozen=True, order=True):
    """One broken rule.

    Attributes:
        language: in which, or empty where it is about the topic itself.
        topic: its id, or empty where it is about a whole language.
        rule: one of ``RULES``.
        words: the texts or ids that it is about.
    """

    language: str
    topic: str
    rule: str
    words: tuple[str, ...] = ()


def check(concepts: Sequence[Concept], languages: Iterable[LanguageTexts]) -> list[Finding]:
    """Return everything that breaks a rule, in the order of the files.

    Args:
        concepts: of the whole vocabulary.
        languages: what there is; each of ``LABEL_LANGUAGES`` should be there.
    """
    given = list(languages)
    findings = check_concepts(concepts)
    there = {one.language for one in given}
    for language in LABEL_LANGUAGES:
        if language not in there:
            findings.append(Finding(language, "", "missing-language"))
    for one in given:
        findings += check_language(concepts, one)
    return findings


def check_concepts(concepts: Sequence[Concept]) -> list[Finding]:
    """Return what breaks a rule of the topics themselves, whatever they are called."""
    known = {concept.id: concept for concept in concepts}
    findings: list[Finding] = []
    seen: set[str] = set()
    for concept in concepts:
        if not is_shared_topic(concept.id):
            findings.append(Finding("", concept.id, "id"))
        if concept.id in seen:
            findings.append(Finding("", concept.id, "twice"))
        findings += _check_place(concept, seen, known)
        findings += [_found("", concept.id, one) for one in _unfit(concept.aliases)]
        seen.add(concept.id)
    return findings


def check_language(concepts: Iterable[Concept], texts: LanguageTexts) -> list[Finding]:
    """Return what breaks a rule in the words of one language."""
    language = texts.language
    known = {concept.id: concept for concept in concepts}
    if language not in LABEL_LANGUAGES:
        return [Finding(language, "", "language", (" ".join(LABEL_LANGUAGES),))]
    findings = [
        Finding(language, topic, "unknown-topic")
        for topic in texts.topics
        if topic not in known
    ]
    in_use = [concept for concept in known.values() if concept.retired is None]
    for concept in in_use:
        words = texts.topics.get(concept.id)
        if words is None:
            findings.append(Finding(language, concept.id, "no-label"))
        else:
            found = _check_words(concept, words)
            findings += [_found(language, concept.id, one) for one in found]
    return findings + list(_check_siblings(in_use, texts))


def describe(finding: Finding) -> str:
    """Return *finding* in English: where, and what to do."""
    place = " ".join(filter(None, (finding.language, finding.topic)))
    words = ", ".join(f"“{word}”" for word in finding.words) or "none"
    return f"{place}: {_SAID[finding.rule].format(words=words)}"


# A rule and what breaks it.
_Broken = tuple[str, tuple[str, ...]]


def _found(language: str, topic: str, broken: _Broken) -> Finding:
    return Finding(language, topic, *broken)


def _check_place(
    concept: Concept, above: set[str], known: Mapping[str, Concept]
) -> Iterator[Finding]:
    """Yield what is wrong with where *concept* stands; *above* are those before it."""
    parent = parent_of(concept.id)
    if parent is not None and (parent not in above or _is_lost_below(concept, known[parent])):
        yield Finding("", concept.id, "orphan", (parent,))
    if concept.retired is not None and not _leads_to_use(concept, known):
        yield Finding("", concept.id, "retired", (concept.retired,))
    for other in concept.related:
        in_line = _is_in_line(other, concept.id) or _is_in_line(concept.id, other)
        if other not in known or in_line:
            yield Finding("", concept.id, "related", (other,))


def _is_lost_below(concept: Concept, parent: Concept) -> bool:
    return concept.retired is None and parent.retired is not None


def _is_in_line(other: str, topic: str) -> bool:
    """Return whether *other* is *topic* or above it."""
    current: str | None = topic
    while current is not None:
        if current == other:
            return True
        current = parent_of(current)
    return False


def _leads_to_use(concept: Concept, known: Mapping[str, Concept]) -> bool:
    passed: set[str] = set()
    current: Concept | None = concept
    while current is not None and current.retired is not None and current.id not in passed:
        passed.add(current.id)
        current = known.get(current.retired)
    return current is not None and current.retired is None


def _check_words(concept: Concept, words: Texts) -> Iterator[_Broken]:
    yield from _unfit((words.label, *words.synonyms))
    if not words.description:
        yield "no-description", ()
    else:
        yield from _unfit((words.description,), most=MAX_DESCRIPTION_CHARACTERS)
    label = fold(words.label)
    taken = {label}
    for synonym in words.synonyms:
        if (folded := fold(synonym)) in taken:
            yield "repeated", (synonym,)
        taken.add(folded)
    further = taken.union(map(fold, concept.aliases)) - {label}
    if len(further) < MIN_SYNONYMS:
        yield "few-synonyms", (*words.synonyms, *concept.aliases)


def _check_siblings(concepts: Iterable[Concept], texts: LanguageTexts) -> Iterator[Finding]:
    """Yield each word of a topic that a sibling before it has already."""
    taken: dict[tuple[str | None, str], tuple[str, bool]] = {}
    for concept in concepts:
        words = texts.topics.get(concept.id)
        if words is None:
            continue
        own: dict[str, tuple[str, bool]] = {}
        for text in (words.label, *words.synonyms, *concept.aliases):
            own.setdefault(fold(text), (text, not own))
        for folded, (text, is_name) in own.items():
            place = (parent_of(concept.id), folded)
            other, is_other_name = taken.setdefault(place, (concept.id, is_name))
            if other == concept.id or not folded:
                continue
            rule = "same-label" if is_name and is_other_name else "shared-word"
            yield Finding(texts.language, concept.id, rule, (text, other))


def _unfit(texts: Iterable[str], *, most: int = MAX_LABEL_CHARACTERS) -> Iterator[_Broken]:
    """Yield what is wrong with the spelling of *texts*, each of at most *most* characters."""
    for text in texts:
        shown = ("".join(map(_show, text)),)
        if not all(map(_is_visible, text)):
            yield "characters", shown
        if not unicodedata.is_normalized("NFC", text):
            yield "not-nfc", shown
        if text != text.strip():
            yield "blanks", shown
        if len(text) > most:
            yield "too-long", shown
        if not fold(text):
            yield "no-letters", shown


def _show(character: str) -> str:
    """Return *character*, by its number where it could not be seen."""
    return character if _is_visible(character) else f"<U+{ord(character):04X}>"


@functools.lru_cache(maxsize=8192)
def _is_visible(character: str) -> bool:
    # Between two letters, so that only the character itself is judged.
    return is_label(f"x{character}x") or not unicodedata.is_normalized("NFC", character)
