"""Texts for people: the same in all languages, and nothing in them that does not belong."""

import json
import unicodedata
from importlib import resources
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_client.wording import LANGUAGES, Wording, languages, placeholders, wording
from kith_protocol.mentorship.bodies import Cadence, Feeling
from kith_protocol.vocabulary import LABEL_LANGUAGES

MOMENTS = (
    "first-message",
    "first-session",
    "boundaries",
    "confidentiality",
    "hand-over",
    "ending-well",
    "check-in",
)
LONG = 60
MAX_CHARACTERS = 600


def texts(language: str) -> dict[str, str]:
    path = resources.files("kith_client") / "texts" / f"{language}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_there_are_texts_in_all_languages_that_topics_have() -> None:
    assert set(languages()) == set(LABEL_LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_places(language: str) -> None:
    english, translated = texts("en"), texts(language)
    assert translated.keys() == english.keys()
    for key, text in translated.items():
        assert placeholders(text) == placeholders(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_clean(language: str) -> None:
    for key, text in texts(language).items():
        assert text == text.strip() != "", key
        assert unicodedata.is_normalized("NFC", text), key
        assert not {unicodedata.category(sign) for sign in text} & {"Cc", "Cf", "Cs", "Co"}, key
        assert len(text) <= MAX_CHARACTERS, key
        assert "kith" not in text.lower(), key


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_text_was_left_in_english(language: str) -> None:
    english = texts("en")
    same = {
        key
        for key, text in texts(language).items()
        if text == english[key] and len(text) > LONG
    }
    assert same == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_is_there_for_every_moment_and_both_sides(language: str) -> None:
    words = wording(language)
    for moment in MOMENTS:
        for role in ("mentee", "mentor"):
            assert words.say(f"guide.{moment}.{role}")
    for cadence in get_args(Cadence):
        assert words.say(f"cadence.{cadence}")
    for feeling in get_args(Feeling):
        assert words.say(f"check-in.feeling.{feeling}")


@pytest.mark.parametrize(
    ("asked", "given"), [("de-CH", "de"), ("pt_BR", "pt"), ("eo", "en"), ("", "en")]
)
def test_a_language_is_found_by_its_first_part_and_english_stands_in(
    asked: str, given: str
) -> None:
    assert wording(asked).language == given


def test_a_text_with_other_values_than_it_needs_is_an_error() -> None:
    words = Wording("en", {"a": "until {day}"})
    assert words.say("a", day="Monday") == "until Monday"
    for values in ({}, {"night": "x"}, {"day": "x", "night": "y"}):
        with pytest.raises(ValueError, match="day"):
            words.say("a", **values)
    with pytest.raises(KeyError):
        words.say("b")


@given(st.text(max_size=40))
def test_what_people_wrote_is_put_in_as_it_is(said: str) -> None:
    assert Wording("en", {"a": "<{text}>"}).say("a", text=said) == f"<{said}>"
