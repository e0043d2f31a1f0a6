"""The vocabulary for other programs: SKOS, and tables."""

from __future__ import annotations

import csv
import io

from kith_crypto.strict_json import JsonObject
from kith_node.topics.export import COLUMNS, SCHEME, to_csv, to_skos
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary

BASE = "https://kith.invalid/ns#topic/"
CONCEPTS = (
    Concept("craft", related=("music",)),
    Concept("craft.ink", aliases=("DIY", "+ink"), sensitive=True),
    Concept("craft.pens", retired="craft.ink"),
    Concept("music"),
)
ENGLISH = LanguageTexts(
    "en",
    False,
    {
        "craft": Texts("Crafts", ("making", '"handiwork"'), "Making things, by hand."),
        "craft.ink": Texts("Ink"),
        "craft.pens": Texts("Pens"),
        "music": Texts("Music", ("=SUM(A1)",)),
    },
)
ARABIC = LanguageTexts("ar", True, {"craft": Texts("حرف", ("يدويات",))})
SMALL = Vocabulary(CONCEPTS, [ENGLISH, ARABIC])


def graph() -> dict[object, JsonObject]:
    nodes = to_skos(SMALL)["@graph"]
    assert isinstance(nodes, list)
    return {node["id"]: node for node in nodes if isinstance(node, dict)}


def test_skos_has_a_scheme_with_its_topmost_concepts() -> None:
    assert graph()[SCHEME] == {
        "id": SCHEME,
        "type": "ConceptScheme",
        "title": {"en": "Kith topics"},
        "versionInfo": "2",
        "hasTopConcept": [f"{BASE}craft", f"{BASE}music"],
        "editorialNote": {"en": "Not reviewed by a native speaker: en."},
    }


def test_skos_says_all_about_a_concept_under_the_address_that_offers_use() -> None:
    assert graph()[f"{BASE}craft"] == {
        "id": f"{BASE}craft",
        "type": "Concept",
        "inScheme": SCHEME,
        "notation": "craft",
        "prefLabel": {"en": "Crafts", "ar": "حرف"},
        "altLabel": {"en": ["making", '"handiwork"'], "ar": ["يدويات"]},
        "definition": {"en": "Making things, by hand."},
        "topConceptOf": SCHEME,
        "narrower": [f"{BASE}craft.ink"],
        "related": [f"{BASE}music"],
    }


def test_skos_relations_are_said_from_both_sides() -> None:
    assert graph()[f"{BASE}music"]["related"] == [f"{BASE}craft"]
    assert graph()[f"{BASE}craft.ink"]["broader"] == f"{BASE}craft"


def test_skos_keeps_words_of_no_language_and_marks() -> None:
    ink = graph()[f"{BASE}craft.ink"]
    assert ink["altLabel"] == {"@none": ["DIY", "+ink"]}
    assert ink["sensitive"] is True


def test_skos_sends_readers_of_retired_concepts_on() -> None:
    assert graph()[f"{BASE}craft.pens"] == {
        "id": f"{BASE}craft.pens",
        "type": "Concept",
        "inScheme": SCHEME,
        "notation": "craft.pens",
        "prefLabel": {"en": "Pens"},
        "deprecated": True,
        "isReplacedBy": f"{BASE}craft.ink",
    }


def test_every_member_has_a_meaning_in_the_context() -> None:
    document = to_skos(SMALL)
    context = document["@context"]
    assert isinstance(context, dict)
    assert {name for node in graph().values() for name in node} <= set(context)
    for meaning in context.values():
        address = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(address, str) and not address.startswith(("@", "http")):
            assert address.partition(":")[0] in context


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(SMALL), newline="")))


def test_csv_has_a_row_for_each_topic_and_language_and_each_retired_topic() -> None:
    assert [(row["id"], row["language"]) for row in rows()] == [
        ("craft", "en"),
        ("craft", "ar"),
        ("craft.ink", "en"),
        ("craft.ink", "ar"),
        ("music", "en"),
        ("music", "ar"),
        ("craft.pens", ""),
    ]
    assert all(None not in row.values() for row in rows())


def test_csv_says_all_about_a_topic() -> None:
    assert rows()[0] == {
        "id": "craft",
        "parent": "",
        "language": "en",
        "label": "Crafts",
        "synonyms": 'making; "handiwork"',
        "description": "Making things, by hand.",
        "reviewed": "no",
        "aliases": "",
        "related": "music",
        "sensitive": "no",
        "replaced_by": "",
    }
    untranslated = rows()[3]
    assert (untranslated["label"], untranslated["reviewed"]) == ("", "yes")
    assert untranslated["sensitive"] == "yes"
    assert rows()[6]["replaced_by"] == "craft.ink"


def test_csv_is_written_as_rfc_4180_says() -> None:
    lines = to_csv(SMALL).split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1].startswith('craft,,en,Crafts,"making; ""handiwork""","Making things, by')
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)


def test_no_cell_of_a_csv_is_a_formula() -> None:
    assert rows()[4]["synonyms"] == "'=SUM(A1)"
    plain = Vocabulary([Concept("craft", aliases=("+ink", "C++"))], [ARABIC])
    assert ",'+ink; C++," in to_csv(plain)
    wide = Vocabulary([Concept("craft", aliases=("\uff1dSUM(A1)", "C++"))], [ARABIC])
    assert ",'\uff1dSUM(A1); C++," in to_csv(wide)
