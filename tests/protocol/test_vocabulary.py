"""The vocabulary's hierarchy, its words, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_protocol.vocabulary import (
    MAX_FILE_BYTES,
    MAX_ID_CHARACTERS,
    Concept,
    LanguageTexts,
    Texts,
    Vocabulary,
    is_community_topic,
    is_label,
    parent_of,
    parse_concepts,
    parse_language,
)

CONCEPTS = (
    Concept("craft", related=("health.costs",)),
    Concept("craft.writing"),
    Concept("craft.writing.poetry"),
    Concept("craft.writing.verse", retired="craft.writing.poetry"),
    Concept("craft.rhymes", retired="craft.writing.verse", related=("health",)),
    Concept("health", sensitive=True),
    Concept("health.costs"),
)
WORDS = (
    LanguageTexts("de", True, {"craft": Texts("Handwerk"), "health": Texts("Gesundheit")}),
    LanguageTexts("en", True, {"craft": Texts("Craft"), "craft.writing": Texts("Writing")}),
)
SMALL = Vocabulary(CONCEPTS, WORDS)
WITH_OWN = Vocabulary((*CONCEPTS, Concept("x.craft.writing.haiku")), WORDS)


def encode(*concepts: Concept, version: int = 2) -> bytes:
    return msgspec.json.encode({"version": version, "concepts": concepts})


def english(**labels: str) -> LanguageTexts:
    return LanguageTexts("en", True, {one: Texts(label) for one, label in labels.items()})


# --- the hierarchy -------------------------------------------------------------


def test_names_ancestors_nearest_first() -> None:
    assert SMALL.ancestors("craft.writing.poetry") == ("craft.writing", "craft")
    assert SMALL.ancestors("craft") == ()


def test_names_parents() -> None:
    parents = [SMALL.parent(one) for one in ("craft", "craft.writing", "craft.writing.poetry")]
    assert parents == [None, "craft", "craft.writing"]


def test_names_descendants_and_children_without_retired_ones() -> None:
    assert SMALL.descendants("craft") == ("craft.writing", "craft.writing.poetry")
    assert SMALL.children("craft") == ("craft.writing",)
    assert SMALL.children("craft.writing.poetry") == ()


def test_counts_levels_from_one() -> None:
    levels = [SMALL.depth(one) for one in ("craft", "craft.writing", "craft.writing.poetry")]
    assert levels == [1, 2, 3]
    assert WITH_OWN.depth("x.craft.writing.haiku") == 3


def test_lists_branches() -> None:
    assert SMALL.branches() == ("craft", "health")


def test_inherits_the_mark() -> None:
    assert SMALL.is_sensitive("health.costs")
    assert not SMALL.is_sensitive("craft.writing")
    assert not SMALL.is_sensitive("unknown")


def test_follows_a_chain_of_retired_topics() -> None:
    assert SMALL.resolve("craft.rhymes") == "craft.writing.poetry"
    assert SMALL.resolve("craft") == "craft"
    assert SMALL.is_known("craft.rhymes")
    assert "craft.rhymes" not in SMALL.ids()
    assert SMALL.redirects() == {
        "craft.writing.verse": "craft.writing.poetry",
        "craft.rhymes": "craft.writing.poetry",
    }


def test_a_retired_topic_lies_below_the_one_that_took_its_place() -> None:
    assert SMALL.ancestors("craft.rhymes") == (
        "craft.writing.poetry",
        "craft.writing",
        "craft",
    )


def test_relations_hold_from_both_sides_and_between_topics_in_use_only() -> None:
    assert SMALL.related("craft") == ("health.costs",)
    assert SMALL.related("health.costs") == ("craft",)
    assert SMALL.related("health") == SMALL.related("craft.rhymes") == ()
    assert SMALL.related("unknown") == ()


def test_knows_nothing_of_other_ids() -> None:
    assert SMALL.get("x.craft.boats") is None
    assert not SMALL.is_known("craft.boats")
    assert SMALL.nearest("craft.boats") is None
    assert SMALL.ancestors("craft.boats") == ()


@pytest.mark.parametrize(
    "ask",
    [
        Vocabulary.parent,
        Vocabulary.children,
        Vocabulary.descendants,
        Vocabulary.depth,
        Vocabulary.resolve,
    ],
)
def test_raises_a_key_error_for_an_unknown_id(ask: Callable[[Vocabulary, str], object]) -> None:
    with pytest.raises(KeyError):
        ask(SMALL, "craft.boats")


# --- topics of a community ------------------------------------------------------


def test_a_communitys_topic_lies_below_the_shared_one_that_it_names() -> None:
    assert WITH_OWN.ancestors("x.craft.writing.haiku") == ("craft.writing", "craft")
    assert WITH_OWN.children("craft.writing") == (
        "craft.writing.poetry",
        "x.craft.writing.haiku",
    )


@pytest.mark.parametrize(
    ("topic", "nearest"),
    [
        ("x.craft.writing.haiku", "craft.writing"),
        ("x.craft.writing.verse.blank", "craft.writing.poetry"),
        ("x.craft.boats.canoes", "craft"),
        ("x.boats.canoes", None),
        ("x.", None),
        ("craft.rhymes", "craft.writing.poetry"),
    ],
)
def test_an_unknown_topic_of_a_community_counts_as_the_nearest_above(
    topic: str, nearest: str | None
) -> None:
    assert SMALL.nearest(topic) == nearest
    if nearest is None:
        assert SMALL.ancestors(topic) == ()
    else:
        assert SMALL.ancestors(topic) == (nearest, *SMALL.ancestors(nearest))


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("x.craft.haiku", True),
        ("x.craft.writing.poetry.haiku", True),
        ("x.craft", False),
        ("x.x.craft.haiku", False),
        ("x.craft.Haiku", False),
        ("craft.haiku", False),
        ("x.craft." + "a" * MAX_ID_CHARACTERS, False),
    ],
)
def test_knows_how_topics_of_communities_are_spelled(topic: str, expected: bool) -> None:
    assert is_community_topic(topic) is expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("craft", True),
        ("craft.rhymes", True),
        ("x.craft.boats", True),
        ("craft.boats", False),
        ("x.boats.sails", False),
        ("x.craft.Boats", False),
    ],
)
def test_offers_may_name_known_topics_and_those_of_communities_below_them(
    topic: str, expected: bool
) -> None:
    assert SMALL.is_placed(topic) is expected


def test_the_spelling_alone_says_what_is_above() -> None:
    assert parent_of("craft.writing") == "craft"
    assert parent_of("x.craft.writing.haiku") == "craft.writing"
    assert parent_of("craft") is None


# --- words ----------------------------------------------------------------------


def test_labels_in_the_first_language_that_has_one() -> None:
    assert SMALL.label("craft", ["sw", "de-AT", "en"]) == "Handwerk"
    assert SMALL.label("craft.writing", ["de", "ar"]) == "Writing"


def test_labels_in_every_language_that_has_one() -> None:
    assert SMALL.labels("craft") == {"de": "Handwerk", "en": "Craft"}
    assert SMALL.labels("health") == {"de": "Gesundheit"}
    assert SMALL.labels("x.boats") == {}


def test_labels_by_the_id_where_no_language_has_one() -> None:
    assert SMALL.label("health.costs", ["de"]) == "health.costs"
    assert SMALL.label("unknown") == "unknown"


def test_keeps_words_by_language() -> None:
    assert SMALL.texts("craft", "de") == Texts("Handwerk")
    assert SMALL.texts("craft", "fr") is None
    assert SMALL.texts("unknown", "de") is None
    assert SMALL.languages() == WORDS


# --- what is refused -------------------------------------------------------------


@pytest.mark.parametrize(
    "topic",
    ["", "Craft", "craft.", ".craft", "craft..a", "craft_a", "a-", "craft1", "x\n", "a.b.c.d"],
)
def test_refuses_an_id_of_another_form(topic: str) -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept(topic)])


def test_refuses_an_id_twice() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft"), Concept("craft")])


def test_refuses_a_child_without_or_before_its_parent() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft.writing")])
    with pytest.raises(MalformedError) as caught:
        Vocabulary([Concept("music"), Concept("craft.writing"), Concept("craft")])
    assert caught.value.pointer == "/concepts/1/id"


@pytest.mark.parametrize(
    "text",
    ["", " x", "x ", "a\u202eb", "a\u200fb", "a\x07b", "a\nb", "e\u0301", "x" * 81, "\ufeffa"],
)
def test_refuses_text_that_misleads(text: str) -> None:
    assert not is_label(text)
    for words in (Texts(text), Texts("Craft", (text,))):
        with pytest.raises(MalformedError):
            Vocabulary([Concept("craft")], [LanguageTexts("en", True, {"craft": words})])
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft", aliases=(text,))])


@pytest.mark.parametrize("text", ["x" * 201, "two\nlines", " x", "a\u2067b"])
def test_refuses_a_description_that_is_no_short_line(text: str) -> None:
    words = Texts("Craft", description=text)
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft")], [LanguageTexts("en", True, {"craft": words})])


def test_refuses_a_language_that_words_are_not_kept_in() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft")], [LanguageTexts("nl", True, {})])


def test_refuses_words_for_no_topic() -> None:
    with pytest.raises(MalformedError) as caught:
        Vocabulary([Concept("craft")], [english(craft="Craft", music="Music")])
    assert caught.value.pointer == "/topics/music"


def test_refuses_one_label_for_two_siblings() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft"), Concept("music")], [english(craft="Art", music="Art")])


def test_allows_a_retired_topic_its_successors_label() -> None:
    concepts = [Concept("craft"), Concept("crafts", retired="craft")]
    made = Vocabulary(concepts, [english(craft="Craft", crafts="Craft")])
    assert made.resolve("crafts") == "craft"


@pytest.mark.parametrize(
    "retired",
    [("craft", "craft"), ("craft", "music"), ("craft", "unknown")],
)
def test_refuses_retiring_into_a_circle_or_nothing(retired: tuple[str, str]) -> None:
    source, target = retired
    with pytest.raises(MalformedError):
        Vocabulary([Concept(source, retired=target), Concept("music", retired="craft")])


def test_refuses_a_topic_in_use_below_a_retired_one() -> None:
    with pytest.raises(MalformedError):
        Vocabulary(
            [Concept("music"), Concept("craft", retired="music"), Concept("craft.writing")]
        )


@pytest.mark.parametrize("other", ["unknown", "craft.ink", "craft"])
def test_refuses_a_relation_to_nothing_itself_or_what_is_above(other: str) -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft"), Concept("craft.ink", related=(other,))])


def test_refuses_a_relation_to_what_is_below() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Concept("craft", related=("craft.ink",)), Concept("craft.ink")])


def test_refuses_a_name_of_a_language_that_is_no_text() -> None:
    names = {"en": "Engl\u202eish"}
    with pytest.raises(MalformedError):
        Vocabulary([], [LanguageTexts("en", True, {}, language_names=names)])


# --- files ------------------------------------------------------------------------


def test_reads_concepts() -> None:
    assert parse_concepts(encode(*CONCEPTS)) == CONCEPTS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"version":2}',
        b'{"version":2,"concepts":[],"more":1}',
        b'{"version":2,"concepts":[{"id":"craft","colour":"x"}]}',
        b'{"version":"2","concepts":[]}',
        encode(Concept("craft"), version=1),
        encode() + b" " * MAX_FILE_BYTES,
    ],
)
def test_refuses_another_file_of_concepts(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_concepts(raw)


def test_reads_words() -> None:
    for words in WORDS:
        assert parse_language(msgspec.json.encode(words)) == words


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b'{"language":"de","topics":{}}',
        b'{"language":"de","reviewed":true,"topics":{"craft":{"synonyms":[]}}}',
        b'{"language":"de","reviewed":true,"topics":{"craft":{"label":"A","note":""}}}',
        b'{"language":"de","reviewed":1,"topics":{}}',
        b'{"language":"de","reviewed":true,"topics":{}}' + b" " * MAX_FILE_BYTES,
    ],
)
def test_refuses_another_file_of_words(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_language(raw)


@pytest.mark.parametrize("parse", [parse_concepts, parse_language])
@given(raw=st.binary(max_size=100))
def test_any_bytes_give_a_value_or_a_malformed_error(
    parse: Callable[[bytes], object], raw: bytes
) -> None:
    try:
        value = parse(raw)
    except MalformedError:
        return
    assert value is not None
