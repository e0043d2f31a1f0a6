"""Finding topics by words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_node.topics.search import MAX_RESULTS, Match, TopicIndex
from kith_node.topics.vocabulary import LABEL_LANGUAGES, load_vocabulary

VOCABULARY = load_vocabulary()
INDEX = TopicIndex(VOCABULARY)
AGAIN = TopicIndex(load_vocabulary())


def first(query: str, *languages: str) -> str | None:
    found = INDEX.find(query, languages=languages, limit=1)
    return found[0].id if found else None


def every_text() -> list[tuple[str, str, str, bool]]:
    texts: list[tuple[str, str, str, bool]] = []
    for topic_id in VOCABULARY.ids():
        known = VOCABULARY.get(topic_id)
        assert known is not None
        texts += [(topic_id, language, label, True) for language, label in known.labels.items()]
        for language, words in known.synonyms.items():
            texts += [(topic_id, language, word, False) for word in words]
    return texts


@pytest.mark.parametrize(
    ("query", "topic_id"),
    [
        ("CV", "career.cv"),
        ("caree", "career"),
        ("softwa", "software"),
        ("resume", "career.cv"),
        ("js", "software.javascript"),
        ("c", "software.c"),
        ("C#", "software.dotnet.csharp"),
        ("c++", "software.cpp"),
        ("\uff36\uff35\uff25", "software.javascript.vue"),
        ("react nat", "software.mobile.react-native"),
        ("self defense", "defence"),
        ("السيره الذاتيه", "career.cv"),
        ("دعم الاقران", "peer"),
        ("wohnen", "housing"),
        ("住", "housing"),
        ("お金", "money"),
        ("Жилье", "housing"),
        ("history.oral", "history.oral"),
        ("oral history", "history.oral"),
    ],
)
def test_finds_first_what_was_meant(query: str, topic_id: str | None) -> None:
    assert first(query) == topic_id


def test_finds_each_topic_by_each_label_and_synonym_as_a_whole() -> None:
    for topic_id, language, text, _ in every_text():
        found = INDEX.find(text, languages=[language], limit=MAX_RESULTS)
        whole = [one.id for one in found if one.match is Match.WHOLE]
        assert topic_id in whole, text


def test_finds_labels_before_synonyms_and_whole_texts_before_parts() -> None:
    found = INDEX.find("performing", languages=["en"], limit=10)
    assert [one.match for one in found] == sorted(one.match for one in found)
    assert found[0].id == "performing"


def test_says_which_text_fits() -> None:
    found = INDEX.find("cover let", languages=["en"], limit=1)[0]
    assert (found.text, found.language, found.match) == ("cover letter", "en", Match.BEGINNING)


def test_finds_words_in_any_order() -> None:
    found = INDEX.find("parents talking", languages=["en"], limit=1)[0]
    assert (found.id, found.match) == ("coming-out.family", Match.WORDS)


def test_finds_parts_of_words_but_not_of_one_letter() -> None:
    assert first("otograph") == "craft.photography"
    assert all(
        one.match is not Match.PART for one in INDEX.find("q", languages=[], limit=MAX_RESULTS)
    )


def test_does_not_find_everything_below_a_branch_by_the_branch_s_id() -> None:
    ids = [one.id for one in INDEX.find("selfcare", languages=["en"], limit=MAX_RESULTS)]
    assert ids == ["selfcare"]


def test_prefers_the_reader_s_language_among_equals() -> None:
    # Migration is spelled alike in English, French and German.
    for language in ("en", "fr-CA", "de"):
        found = INDEX.find("Migration", languages=[language, "ar"], limit=1)[0]
        assert found.language == language.partition("-")[0]


def test_shows_each_topic_once() -> None:
    ids = [one.id for one in INDEX.find("o", languages=[], limit=MAX_RESULTS)]
    assert len(ids) > 10
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("query", ["", "   ", "!?", "\u202e", "ـ", "🌈", "zzzz"])
def test_finds_nothing_for_nothing(query: str) -> None:
    assert INDEX.find(query, languages=["en"], limit=10) == ()


def test_reads_only_the_first_two_hundred_characters() -> None:
    assert first("CV" + " " * 198 + "nonsense") == "career.cv"
    assert first("CV" + " " * 197 + "nonsense") is None


@pytest.mark.parametrize("limit", [0, -1, MAX_RESULTS + 1])
def test_refuses_a_limit_out_of_bounds(limit: int) -> None:
    with pytest.raises(ValueError):
        INDEX.find("cv", languages=[], limit=limit)


@given(
    st.one_of(st.text(max_size=8), st.sampled_from([text for _, _, text, _ in every_text()])),
    st.lists(st.sampled_from(LABEL_LANGUAGES), max_size=3, unique=True),
    st.integers(1, 20),
)
def test_a_shorter_list_is_the_beginning_of_a_longer_one(
    query: str, languages: list[str], limit: int
) -> None:
    longer = INDEX.find(query, languages=languages, limit=MAX_RESULTS)
    assert INDEX.find(query, languages=languages, limit=limit) == longer[:limit]
    assert AGAIN.find(query, languages=languages, limit=limit) == longer[:limit]
