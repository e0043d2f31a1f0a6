"""The vocabulary in formats of others: SKOS as JSON-LD 1.1, and CSV.

SKOS is what thesauri are exchanged in. Every concept, retired ones included, has the address
that offers name it by; words that belong to no language are alternative labels without one.
The CSV file has a row for each topic and language, and a row for each retired topic. Left to
the caller: writing files.

Source: W3C SKOS Reference (2009), JSON-LD 1.1, RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.contexts import KITH_NAMESPACE
from kith_protocol.offer import topic_url
from kith_protocol.vocabulary import VOCABULARY_VERSION, Concept, LanguageTexts, Vocabulary

SCHEME = f"{KITH_NAMESPACE}topics"
COLUMNS = (
    "id",
    "parent",
    "language",
    "label",
    "synonyms",
    "description",
    "reviewed",
    "aliases",
    "related",
    "sensitive",
    "replaced_by",
)
SEPARATOR = "; "
# What a spreadsheet would take for the beginning of a formula; some take wide signs, too.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")

_CONTEXT: JsonObject = {
    "@version": 1.1,  # type: ignore[dict-item] # the one number that JSON-LD writes like this
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "kith": KITH_NAMESPACE,
    "id": "@id",
    "type": "@type",
    "ConceptScheme": "skos:ConceptScheme",
    "Concept": "skos:Concept",
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "versionInfo": "owl:versionInfo",
    "editorialNote": {"@id": "skos:editorialNote", "@container": "@language"},
    "hasTopConcept": {"@id": "skos:hasTopConcept", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"},
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "notation": "skos:notation",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "narrower": {"@id": "skos:narrower", "@type": "@id"},
    "related": {"@id": "skos:related", "@type": "@id"},
    "sensitive": {"@id": "kith:sensitive", "@type": "xsd:boolean"},
    "deprecated": {"@id": "owl:deprecated", "@type": "xsd:boolean"},
    "isReplacedBy": {"@id": "dcterms:isReplacedBy", "@type": "@id"},
}


def to_skos(vocabulary: Vocabulary) -> JsonObject:
    """Return *vocabulary* as a SKOS concept scheme in JSON-LD."""
    scheme: JsonObject = {
        "id": SCHEME,
        "type": "ConceptScheme",
        "title": {"en": "Kith topics"},
        "versionInfo": str(VOCABULARY_VERSION),
        "hasTopConcept": [topic_url(one) for one in vocabulary.branches()],
    }
    unread = [one.language for one in vocabulary.languages() if not one.reviewed]
    if unread:
        note = f"Not reviewed by a native speaker: {', '.join(unread)}."
        scheme["editorialNote"] = {"en": note}
    concepts: list[JsonValue] = [
        _concept(vocabulary, concept) for concept in _all_of(vocabulary)
    ]
    return {"@context": _CONTEXT, "@graph": [scheme, *concepts]}


def to_csv(vocabulary: Vocabulary) -> str:
    """Return *vocabulary* as CSV with a header, lines ended by CR LF.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for concept in _all_of(vocabulary):
        if concept.retired is not None:
            writer.writerow(_cells(vocabulary, concept, None))
            continue
        for texts in vocabulary.languages():
            writer.writerow(_cells(vocabulary, concept, texts))
    return file.getvalue()


def _all_of(vocabulary: Vocabulary) -> Iterator[Concept]:
    for topic in (*vocabulary.ids(), *vocabulary.redirects()):
        concept = vocabulary.get(topic)
        assert concept is not None  # both list known ids
        yield concept


def _concept(vocabulary: Vocabulary, concept: Concept) -> JsonObject:
    topic = concept.id
    document: JsonObject = {
        "id": topic_url(topic),
        "type": "Concept",
        "inScheme": SCHEME,
        "notation": topic,
        **_words(vocabulary, concept),
    }
    if concept.retired is not None:
        new = topic_url(vocabulary.resolve(topic))
        return document | {"deprecated": True, "isReplacedBy": new}
    parent = vocabulary.parent(topic)
    if parent is None:
        document["topConceptOf"] = SCHEME
    else:
        document["broader"] = topic_url(parent)
    for name, others in (
        ("narrower", vocabulary.children(topic)),
        ("related", vocabulary.related(topic)),
    ):
        if others:
            document[name] = [topic_url(other) for other in others]
    if vocabulary.is_sensitive(topic):
        document["sensitive"] = True
    return document


def _words(vocabulary: Vocabulary, concept: Concept) -> JsonObject:
    """Return the labels and definitions, by language, those that there are."""
    labels: JsonObject = {}
    further: JsonObject = {"@none": list(concept.aliases)} if concept.aliases else {}
    definitions: JsonObject = {}
    for language in vocabulary.languages():
        texts = language.topics.get(concept.id)
        if texts is None:
            continue
        labels[language.language] = texts.label
        if texts.synonyms:
            further[language.language] = list(texts.synonyms)
        if texts.description:
            definitions[language.language] = texts.description
    named = {"prefLabel": labels, "altLabel": further, "definition": definitions}
    return {name: value for name, value in named.items() if value}


def _cells(
    vocabulary: Vocabulary, concept: Concept, texts: LanguageTexts | None
) -> Sequence[str]:
    """Return the row of *concept* in the language of *texts*; of a retired one in none."""
    topic = concept.id
    words = texts.topics.get(topic) if texts is not None else None
    return [
        _safe(cell)
        for cell in (
            topic,
            vocabulary.parent(topic) or "",
            texts.language if texts is not None else "",
            words.label if words is not None else "",
            _join(words.synonyms if words is not None else ()),
            words.description if words is not None else "",
            _yes(texts is not None and texts.reviewed),
            _join(concept.aliases),
            _join(vocabulary.related(topic)),
            _yes(vocabulary.is_sensitive(topic)),
            vocabulary.resolve(topic) if concept.retired is not None else "",
        )
    ]


def _join(texts: Iterable[str]) -> str:
    return SEPARATOR.join(texts)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
