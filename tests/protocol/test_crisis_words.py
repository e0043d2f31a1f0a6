"""Words of a crisis are recognised as people type them, and everyday words are not."""

from __future__ import annotations

import pytest

from kith_protocol.crisis_words import WORDS, is_crisis
from kith_protocol.vocabulary import LABEL_LANGUAGES


def test_there_are_words_in_every_language_of_the_vocabulary() -> None:
    assert set(WORDS) == set(LABEL_LANGUAGES)
    assert all(len(set(words)) == len(words) >= 8 for words in WORDS.values())


@pytest.mark.parametrize(
    "text",
    [
        "suicide",
        "I WANT TO DIE.",
        "what to do about self-harm?",
        "死にたいです",
        "もう死にたい",
        "Suizid",
        "je veux mourir",
        "хочу умереть",
        "أريد أن أموت",
        "我不想活了",
        "Ölmek istiyorum",
        "chce umrzec",
    ],
)
def test_these_are(text: str) -> None:
    assert is_crisis(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "grapes",
        "writing a CV",
        "Python",
        "Lebenslauf",
        "Violine",
        "drapery",
        "簡歷",
        "履歴書",
    ],
)
def test_these_are_not(text: str) -> None:
    assert not is_crisis(text)
