"""The file of a community's own topics, and the vocabulary that has them in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import UsageError
from kith_node.topics.own import (
    MAX_FILE_BYTES,
    MAX_OWN_TOPICS,
    check_need,
    load_own_topics,
    load_with_own,
    save_own_topics,
    with_own,
)
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary

HAIKU = "x.craft.writing.haiku"
SHARED = Vocabulary(
    (
        Concept("craft"),
        Concept("craft.writing"),
        Concept("craft.writing.poetry"),
        Concept("faith", sensitive=True),
        Concept("craft.letters", retired="craft.writing"),
    ),
    [
        LanguageTexts(
            "en",
            reviewed=True,
            topics={
                "craft": Texts("Crafts"),
                "craft.writing": Texts("Writing"),
                "craft.writing.poetry": Texts("Poetry"),
                "faith": Texts("Faith"),
                "craft.letters": Texts("Letters"),
            },
        )
    ],
)
OWN = {HAIKU: {"en": Texts("Haiku", ("short poem",), "Three lines."), "ja": Texts("俳句")}}


def write(folder: Path, topics: object, **more: object) -> None:
    text = json.dumps({"version": 1, "topics": topics, **more})
    (folder / "topics.json").write_text(text, encoding="utf-8")


def test_a_node_without_the_file_has_the_shared_topics(tmp_path: Path) -> None:
    assert load_own_topics(tmp_path) == {}
    assert load_with_own(SHARED, tmp_path) is SHARED


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save_own_topics(tmp_path, OWN)
    assert load_own_topics(tmp_path) == OWN
    save_own_topics(tmp_path, {})
    assert load_own_topics(tmp_path) == {}
    assert [path.name for path in tmp_path.iterdir()] == ["topics.json"]


def test_the_communitys_topics_stand_among_the_shared_ones(tmp_path: Path) -> None:
    save_own_topics(tmp_path, {**OWN, "x.faith.choir": {"en": Texts("Choir")}})
    vocabulary = load_with_own(SHARED, tmp_path)
    assert vocabulary.is_known(HAIKU)
    assert vocabulary.children("craft.writing") == ("craft.writing.poetry", HAIKU)
    assert vocabulary.ancestors(HAIKU) == ("craft.writing", "craft")
    assert vocabulary.labels(HAIKU) == {"en": "Haiku", "ja": "俳句"}
    assert vocabulary.texts(HAIKU, "en") == OWN[HAIKU]["en"]
    assert vocabulary.label("craft", ("en",)) == "Crafts"
    assert vocabulary.is_sensitive("x.faith.choir")
    assert vocabulary.redirects() == {"craft.letters": "craft.writing"}
    assert not SHARED.is_known(HAIKU)


def test_a_topic_below_a_retired_one_counts_as_what_took_its_place() -> None:
    cards = "x.craft.letters.cards"
    vocabulary = with_own(SHARED, {cards: {"en": Texts("Cards")}})
    assert vocabulary.resolve(cards) == "craft.writing"
    assert vocabulary.ancestors(cards) == ("craft.writing", "craft")
    assert vocabulary.label(cards, ("en",)) == "Cards"
    assert cards not in vocabulary.ids()


def test_a_topic_that_all_communities_have_meanwhile_counts_as_theirs() -> None:
    verse = "x.craft.writing.verse"
    vocabulary = with_own(SHARED, {verse: {"ja": Texts("詩"), "en": Texts("poetry")}})
    assert vocabulary.resolve(verse) == "craft.writing.poetry"
    assert vocabulary.labels(verse) == {"en": "poetry", "ja": "詩"}
    assert verse not in vocabulary.ids()


@pytest.mark.parametrize(
    ("topic", "label", "instead"),
    [
        ("x.craft.letters.cards", "Cards", "add x.craft.writing.cards"),
        ("x.craft.writing.verse", "poetry", "it is craft.writing.poetry"),
    ],
)
def test_no_new_topic_is_needed_for_what_all_communities_have(
    topic: str, label: str, instead: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(instead)):
        check_need(SHARED, topic, {"en": Texts(label)})
    check_need(SHARED, HAIKU, OWN[HAIKU])


def test_one_topic_may_be_called_like_another_one_elsewhere() -> None:
    vocabulary = with_own(SHARED, {"x.faith.poetry": {"en": Texts("Poetry")}})
    assert vocabulary.resolve("x.faith.poetry") == "x.faith.poetry"


@pytest.mark.parametrize(
    ("topics", "part"),
    [
        ({"craft.haiku": {"en": {"label": "Haiku"}}}, "craft.haiku is no id"),
        ({"x.haiku": {"en": {"label": "Haiku"}}}, "x.haiku is no id"),
        ({"x.x.craft.haiku": {"en": {"label": "Haiku"}}}, "x.x.craft.haiku is no id"),
        ({"x.craft.a.b.c": {"en": {"label": "Haiku"}}}, "x.craft.a.b.c: there is no topic"),
        ({"x.craft.a.b.c.d": {"en": {"label": "Haiku"}}}, "x.craft.a.b.c.d is no id"),
        ({"x.craft." + "h" * 73: {"en": {"label": "Haiku"}}}, "is no id"),
        ({"x.": {"en": {"label": "Haiku"}}}, "is no id"),
        ({"x.sports.judo": {"en": {"label": "Judo"}}}, "there is no topic sports"),
        ({HAIKU: {}}, "no label in any language"),
        ({HAIKU: {"eu": {"label": "Haiku"}}}, "not in eu"),
        ({HAIKU: {"en": {"label": ""}}}, f"{HAIKU} in en"),
        ({HAIKU: {"en": {"label": "H" * 81}}}, f"{HAIKU} in en"),
        ({HAIKU: {"en": {"label": "\u202ehaiku"}}}, "characters that are not allowed"),
        ({HAIKU: {"en": {"label": "Haiku\u200e"}}}, HAIKU),
        ({HAIKU: {"en": {"label": "haiku.example.com/me"}}}, "a link"),
        ({HAIKU: {"en": {"label": "Haiku", "synonyms": ["@haiku"]}}}, "a handle"),
        ({HAIKU: {"en": {"label": "Haiku", "synonyms": ["a"] * 21}}}, "20 synonyms"),
        ({HAIKU: {"en": {"label": "Haiku", "description": "d" * 201}}}, "200"),
        ({HAIKU: {"en": {"label": "Haiku", "colour": "red"}}}, "colour"),
        ({HAIKU: {"en": {"synonyms": []}}}, "label"),
        ({HAIKU: "Haiku"}, "object"),
        (
            {
                HAIKU: {"en": {"label": "Poem"}},
                "x.craft.writing.poem": {"en": {"label": "Poem"}},
            },
            HAIKU,
        ),
        (
            {f"x.craft.n{n}": {"en": {"label": f"N{n}"}} for n in range(MAX_OWN_TOPICS + 1)},
            "at most 200",
        ),
        ([], "object"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_says_where(
    tmp_path: Path, topics: object, part: str
) -> None:
    write(tmp_path, topics)
    with pytest.raises(UsageError) as caught:
        load_with_own(SHARED, tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "topics.json"))
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_another_release_or_too_large_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {}, version=2)
    with pytest.raises(UsageError, match="version 2"):
        load_own_topics(tmp_path)
    (tmp_path / "topics.json").write_bytes(b" " * (MAX_FILE_BYTES + 1))
    with pytest.raises(UsageError, match=re.escape(str(MAX_FILE_BYTES))):
        load_own_topics(tmp_path)
    (tmp_path / "topics.json").write_bytes(b'{"version":1,"topics":{"\xff":{}}}')
    with pytest.raises(UsageError):
        load_own_topics(tmp_path)


topic_ids = st.text("x.crafthwing-9 ", min_size=1, max_size=24) | st.sampled_from(
    [HAIKU, "x.craft.letters.cards", "x.faith.choir", "x.craft.writing.poetry.haiku"]
)
texts = st.builds(Texts, st.text(min_size=1, max_size=9) | st.just("Poetry"))


@given(
    st.dictionaries(
        topic_ids, st.dictionaries(st.sampled_from(["en", "ja", "eu"]), texts), max_size=4
    )
)
def test_any_topics_make_a_vocabulary_or_are_refused(
    topics: dict[str, dict[str, Texts]],
) -> None:
    try:
        vocabulary = with_own(SHARED, topics)
    except UsageError:
        return
    assert all(map(vocabulary.is_known, topics))
    assert all(vocabulary.labels(topic) for topic in topics)
    assert all(vocabulary.nearest(topic) in vocabulary.ids() for topic in topics)
