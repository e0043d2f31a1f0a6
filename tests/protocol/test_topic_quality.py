"""How well the topics that are shipped are found by words, and the figures that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith_node.topics.loading import load_vocabulary
from kith_protocol.finding.spelling import distance
from kith_protocol.fold import fold
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.vocabulary import LABEL_LANGUAGES, Vocabulary
from kith_testing.small_vocabulary import small_vocabulary
from kith_testing.topic_quality import (
    Judged,
    Share,
    judge,
    labels_found,
    measure,
    misspellings,
    misspelt_found,
    read_judged,
    synonyms_found,
)

JUDGED = read_judged(Path(__file__).parent)
LEAST_ONE_ERROR = 90
LEAST_JUDGED = 90


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def finder(shipped: Vocabulary) -> TopicFinder:
    return TopicFinder(shipped)


# --- what is shipped ---------------------------------------------------------------


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_the_first_topic_of_a_judged_query_is_acceptable(
    finder: TopicFinder, language: str
) -> None:
    share = judge(finder, JUDGED[language], language)
    # One miss of a few queries says nothing yet.
    assert share.percent() >= LEAST_JUDGED or len(share.missed) == 1, share.missed


@pytest.mark.slow
@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_every_topic_is_found_by_each_of_its_words(
    finder: TopicFinder, shipped: Vocabulary, language: str
) -> None:
    assert labels_found(finder, shipped, language).missed == ()
    assert synonyms_found(finder, shipped, language).missed == ()


@pytest.mark.slow
@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_nearly_every_topic_is_found_by_its_label_with_one_typing_error(
    finder: TopicFinder, shipped: Vocabulary, language: str
) -> None:
    share = misspelt_found(finder, shipped, language)
    assert share.percent() >= LEAST_ONE_ERROR, share.missed


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("auto-defensa", "es", "defence"),
        ("CV prüfen", "de", "career.cv"),
        ("js", "en", "software.javascript"),
    ],
)
def test_finds_what_the_words_on_the_front_page_say(
    finder: TopicFinder, text: str, language: str, topic: str
) -> None:
    assert finder.understand(text, languages=[language]).pieces[0].topics == (topic,)


def test_a_judged_query_names_topics_that_there_are(shipped: Vocabulary) -> None:
    unknown = [
        (query.text, topic)
        for queries in JUDGED.values()
        for query in queries
        for topic in query.topics
        if not shipped.is_known(topic)
    ]
    assert unknown == []


# --- the figures -------------------------------------------------------------------


def test_measures_one_language() -> None:
    vocabulary = small_vocabulary()
    judged = [
        Judged("teach me guitar", ("music.guitar",), ("teach",)),
        Judged("xyz", ("peer",)),
    ]
    quality = measure(TopicFinder(vocabulary), vocabulary, "de", judged)
    assert not quality.is_complete
    assert quality.labels == Share(12, 12)
    assert quality.synonyms == Share(9, 9)
    assert quality.one_error.percent() >= LEAST_ONE_ERROR
    assert quality.judged == Share(1, 2, ("xyz (None, not peer)",))
    assert Share(0, 0).percent() == 100


@pytest.mark.parametrize(
    "text", ["Guitar and strings", "السيرة الذاتية", "Резюме", "履歴書と応募書類"]
)
def test_misspells_in_four_ways_with_one_error_each(text: str) -> None:
    wrong = list(misspellings(text))
    assert len(set(wrong)) == 4
    assert [distance(fold(text), one, 1) for one in wrong] == [1, 1, 1, 1]
    assert wrong == list(misspellings(text))


def test_does_not_misspell_what_is_too_short() -> None:
    assert list(misspellings("Go")) == []
