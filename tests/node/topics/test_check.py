"""The rules of the vocabulary: each can be broken, and the shipped one breaks none."""

from __future__ import annotations

from importlib import resources

import pytest

from kith_node.topics.check import (
    RULES,
    Finding,
    check,
    check_concepts,
    check_language,
    describe,
)
from kith_node.topics.loading import load_concepts
from kith_node.topics.translation import parse_translation
from kith_protocol.vocabulary import LABEL_LANGUAGES, Concept, LanguageTexts, Texts

INK = Texts("Ink", ("inks", "ink drawing"), "Drawing and writing with ink.")
PENS = Texts("Pens", ("pen", "nibs"), "Choosing and mending pens.")
CONCEPTS = (Concept("craft"), Concept("craft.ink"), Concept("craft.pens"))
CRAFT = Texts("Crafts", ("making", "handiwork"), "Making things by hand.")


def words(*, craft: Texts = CRAFT, ink: Texts = INK, pens: Texts = PENS) -> LanguageTexts:
    return LanguageTexts("en", True, {"craft": craft, "craft.ink": ink, "craft.pens": pens})


def found(texts: LanguageTexts, *concepts: Concept) -> list[tuple[str, str, tuple[str, ...]]]:
    findings = check_language(concepts or CONCEPTS, texts)
    assert all(one.language == texts.language for one in findings)
    return [(one.topic, one.rule, one.words) for one in findings]


def broken(*concepts: Concept) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.topic, one.rule, one.words) for one in check_concepts(concepts)]


def test_the_shipped_vocabulary_breaks_no_rule() -> None:
    data = resources.files("kith_node.topics").joinpath("data")
    words_of_all = [
        parse_translation(data.joinpath(f"{language}.json").read_bytes())
        for language in LABEL_LANGUAGES
    ]
    findings = check(load_concepts(), words_of_all)
    if findings:
        first = "\n".join(describe(one) for one in findings[:20])
        pytest.fail(f"{len(findings)} findings, the first of them:\n{first}")


def test_a_complete_language_breaks_no_rule() -> None:
    assert found(words()) == []
    assert check_concepts(CONCEPTS) == []


def test_every_language_has_to_be_there() -> None:
    missing = [one for one in check(CONCEPTS, [words()]) if one.rule == "missing-language"]
    assert [one.language for one in missing] == [one for one in LABEL_LANGUAGES if one != "en"]
    everything = [LanguageTexts(one, True, words().topics) for one in LABEL_LANGUAGES]
    assert check(CONCEPTS, everything) == []


def test_words_are_kept_in_twelve_languages_only() -> None:
    findings = check_language(CONCEPTS, LanguageTexts("nl", True, {}))
    assert [one.rule for one in findings] == ["language"]
    assert "tr" in describe(findings[0])


def test_every_topic_in_use_needs_words_and_a_retired_one_does_not() -> None:
    texts = LanguageTexts("en", True, {"craft": CRAFT, "craft.ink": INK})
    assert found(texts) == [("craft.pens", "no-label", ())]
    retired = Concept("craft.pens", retired="craft.ink")
    assert found(texts, *CONCEPTS[:2], retired) == []


def test_words_for_no_topic_are_named() -> None:
    texts = LanguageTexts("en", True, words().topics | {"craft.pen": PENS})
    assert ("craft.pen", "unknown-topic", ()) in found(texts)


def test_a_description_is_needed() -> None:
    texts = words(ink=Texts("Ink", INK.synonyms))
    assert found(texts) == [("craft.ink", "no-description", ())]


def test_two_synonyms_are_needed_and_what_all_languages_share_counts() -> None:
    texts = words(ink=Texts("Ink", ("inks",), INK.description))
    assert found(texts) == [("craft.ink", "few-synonyms", ("inks",))]
    shared = Concept("craft.ink", aliases=("INK", "sumi"))
    assert found(texts, CONCEPTS[0], shared, CONCEPTS[2]) == []
    name_only = Concept("craft.ink", aliases=("INK",))
    assert found(texts, CONCEPTS[0], name_only, CONCEPTS[2]) == [
        ("craft.ink", "few-synonyms", ("inks", "INK"))
    ]


@pytest.mark.parametrize("again", ["ink", "ÍNK", "Inks"])
def test_a_synonym_is_another_word(again: str) -> None:
    texts = words(ink=Texts("Ink", (*INK.synonyms, again), INK.description))
    assert found(texts) == [("craft.ink", "repeated", (again,))]


def test_siblings_have_different_labels_in_folded_form() -> None:
    texts = words(pens=Texts("ÍNK", PENS.synonyms, PENS.description))
    assert found(texts) == [("craft.pens", "same-label", ("ÍNK", "craft.ink"))]


@pytest.mark.parametrize("shared", ["ink", "Inks", "ink-drawing"])
def test_siblings_share_no_word(shared: str) -> None:
    texts = words(pens=Texts("Pens", (*PENS.synonyms, shared), PENS.description))
    assert found(texts) == [("craft.pens", "shared-word", (shared, "craft.ink"))]


def test_what_all_languages_share_is_no_siblings_word() -> None:
    concepts = (*CONCEPTS[:2], Concept("craft.pens", aliases=("INKS",)))
    assert found(words(), *concepts) == [("craft.pens", "shared-word", ("INKS", "craft.ink"))]


def test_topics_that_are_no_siblings_may_share_words() -> None:
    texts = words(ink=Texts("Crafts", ("making", "ink"), INK.description))
    assert found(texts) == []


@pytest.mark.parametrize(
    ("text", "rule", "shown"),
    [
        ("in\u200fk s", "characters", "in<U+200F>k s"),
        ("in\x07k s", "characters", "in<U+0007>k s"),
        ("الحِ\u202eرف", "characters", "الحِ<U+202E>رف"),
        ("in\nk s", "characters", "in<U+000A>k s"),
        ("e\u0301ncre", "not-nfc", "e\u0301ncre"),
        (" encre", "blanks", " encre"),
        ("x" * 81, "too-long", "x" * 81),
        ("!?", "no-letters", "!?"),
    ],
)
def test_texts_are_plain(text: str, rule: str, shown: str) -> None:
    as_synonym = words(ink=Texts("Ink", (*INK.synonyms, text), INK.description))
    assert found(as_synonym) == [("craft.ink", rule, (shown,))]
    as_label = words(ink=Texts(text, INK.synonyms, INK.description))
    assert found(as_label) == [("craft.ink", rule, (shown,))]
    assert broken(Concept("craft", aliases=(text,))) == [("craft", rule, (shown,))]


def test_a_description_is_one_line_of_at_most_two_hundred_characters() -> None:
    for text, rule in (
        ("x" * 201, "too-long"),
        ("Ink.\nPens.", "characters"),
        ("Ink \u2066pens", "characters"),
    ):
        texts = words(ink=Texts("Ink", INK.synonyms, text))
        assert [finding[:2] for finding in found(texts)] == [("craft.ink", rule)]
    assert found(words(ink=Texts("Ink", INK.synonyms, "x" * 200))) == []


def test_joiners_inside_words_are_letters() -> None:
    persian = "\u0645\u06cc\u200c\u0631\u0648\u0645"
    texts = words(ink=Texts(persian, INK.synonyms, INK.description))
    assert found(texts) == []


def test_no_id_is_there_twice() -> None:
    assert broken(Concept("craft"), Concept("craft")) == [("craft", "twice", ())]


@pytest.mark.parametrize("topic", ["Craft", "craft.ink.blue.dark", "x.craft.ink", "craft.*"])
def test_ids_have_their_form_and_at_most_three_levels(topic: str) -> None:
    above = (Concept("craft"), Concept("craft.ink"), Concept("craft.ink.blue"))
    assert ("", topic, "id") in [
        (one.language, one.topic, one.rule) for one in check_concepts((*above, Concept(topic)))
    ]
    assert check_concepts(above) == []


def test_no_topic_is_an_orphan() -> None:
    alone = ("craft.ink", "orphan", ("craft",))
    assert broken(Concept("craft.ink")) == [alone]
    assert broken(Concept("craft.ink"), Concept("craft")) == [alone]
    old = Concept("craft", retired="music")
    assert broken(Concept("music"), old, Concept("craft.ink")) == [alone]


def test_retired_topics_lead_to_one_in_use() -> None:
    chain = (Concept("a"), Concept("b", retired="c"), Concept("c", retired="a"))
    assert broken(*chain) == []
    assert broken(Concept("b", retired="c")) == [("b", "retired", ("c",))]
    circle = (Concept("b", retired="c"), Concept("c", retired="b"))
    assert broken(*circle) == [("b", "retired", ("c",)), ("c", "retired", ("b",))]


@pytest.mark.parametrize("other", ["craft", "craft.ink", "craft.ink.red", "music"])
def test_related_topics_exist_and_are_elsewhere(other: str) -> None:
    ink = Concept("craft.ink", related=(other, "craft.pens"))
    below = Concept("craft.ink.red", related=("craft.pens",))
    assert broken(Concept("craft"), ink, below, Concept("craft.pens")) == [
        ("craft.ink", "related", (other,))
    ]


def test_every_rule_is_put_in_words() -> None:
    for rule in RULES:
        text = describe(Finding("en", "craft.ink", rule, ("one", "two")))
        assert text.startswith("en craft.ink: ")
        assert "{" not in text
    assert describe(Finding("en", "", "missing-language")).startswith("en: ")
    assert "none" in describe(Finding("en", "craft", "few-synonyms"))
