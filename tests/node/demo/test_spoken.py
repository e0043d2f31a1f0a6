"""Wishes in free words, as people write in a hurry."""

from __future__ import annotations

from collections import Counter

import pytest

from kith_node.demo.spoken import (
    Spoken,
    derive_spoken,
    is_understood,
    query_of,
    write_carelessly,
)
from kith_node.topics.loading import load_vocabulary
from kith_protocol.api import SearchAnswer, UnderstoodAnswer
from kith_protocol.fold import fold
from kith_protocol.query import MAX_TEXT_CHARACTERS
from kith_protocol.vocabulary import LABEL_LANGUAGES, Concept, LanguageTexts, Texts, Vocabulary

VOCABULARY = load_vocabulary()
WISH = Spoken("pl", "rZeMiOsLo", "craft")


@pytest.mark.parametrize(
    ("text", "careless"),
    [
        ("Rzemiosło", "rZeMiOsŁo"),
        ("Métiers", "mEtIeRs"),
        ("Учёба", "уЧеБа"),
        ("ガード", "ガード"),
        ("أهل", "أهل"),
    ],
)
def test_writes_in_mixed_case_without_accents(text: str, careless: str) -> None:
    assert write_carelessly(text) == careless


def test_careless_writing_folds_like_the_label() -> None:
    for texts in VOCABULARY.languages():
        for words in texts.topics.values():
            assert fold(write_carelessly(words.label)) == fold(words.label)


def test_every_language_has_as_many_wishes_about_different_topics() -> None:
    wishes = derive_spoken(VOCABULARY, seed=1)
    assert Counter(wish.language for wish in wishes) == dict.fromkeys(LABEL_LANGUAGES, 5)
    assert len({(wish.language, wish.topic) for wish in wishes}) == len(wishes)
    assert all(len(wish.text) <= MAX_TEXT_CHARACTERS for wish in wishes)


def test_the_same_seed_gives_the_same_wishes_and_another_others() -> None:
    first = derive_spoken(VOCABULARY, seed=1)
    assert derive_spoken(VOCABULARY, seed=1) == first
    assert derive_spoken(VOCABULARY, seed=2) != first


def test_only_topics_with_words_are_asked_for() -> None:
    texts = LanguageTexts("pl", True, {"craft": Texts("Rzemiosło")})
    small = Vocabulary([Concept("craft"), Concept("music")], [texts])
    assert derive_spoken(small, seed=1) == [Spoken("pl", "rZeMiOsŁo", "craft")]


def test_the_node_gets_the_words_and_the_language() -> None:
    query = query_of(WISH)
    assert (query.text, query.languages, query.topics) == ("rZeMiOsLo", ("pl",), ())


def test_understood_is_what_was_searched_for() -> None:
    def answer(*topics: str) -> SearchAnswer:
        return SearchAnswer((), 0, understood=UnderstoodAnswer(topics=topics))

    assert is_understood(WISH, answer("music", "craft"))
    assert not is_understood(WISH, answer("music"))
    assert not is_understood(WISH, SearchAnswer((), 0))
