"""Local prompts: what they notice in twelve languages, and that no text makes them slow."""

# Texts of languages and in widths whose letters look like others.
# ruff: noqa: RUF001

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_client.prompt_rules import KINDS, PromptKind
from kith_client.prompts import Prompt, find_prompts
from kith_client.wording import wording
from kith_protocol.vocabulary import LABEL_LANGUAGES

_FOLDER = Path(__file__).parent / "prompts"
_EVERYDAY = "everyday"
_LEAST = 12
# Floors that hold for every language, recall for every kind in it. Most of the corpus was used
# to mend the rules, so it says that nothing got lost, not how well they do elsewhere.
_RECALL = 0.9
_PRECISION = 0.95
_TEMPLATES = ("boundaries", "confidentiality", "ending", "limits")
_LONGEST_MESSAGE = 12_000


def _corpus(language: str) -> dict[str, list[str]]:
    raw = (_FOLDER / f"{language}.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, list[str]])


def _kinds(text: str) -> set[PromptKind]:
    return {prompt.kind for prompt in find_prompts(text)}


def _calls(text: str) -> int:
    """Return how many functions are called, ours and Python's, to look at *text*."""
    count = 0

    def tell(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    find_prompts("")  # reads the rules
    before = sys.getprofile()
    sys.setprofile(tell)
    try:
        find_prompts(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_the_corpus_has_enough_of_everything(language: str) -> None:
    corpus = _corpus(language)
    assert set(corpus) == {*KINDS, _EVERYDAY}
    assert all(len(set(texts)) >= _LEAST for texts in corpus.values())


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_notices_what_asks(language: str, kind: PromptKind) -> None:
    texts = _corpus(language)[kind]
    missed = [text for text in texts if kind not in _kinds(text)]
    assert len(missed) <= (1 - _RECALL) * len(texts), missed


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_rarely_speaks_without_need(language: str) -> None:
    corpus = _corpus(language)
    wrong = [(text, found) for text in corpus[_EVERYDAY] if (found := _kinds(text))]
    wrong += [
        (text, found)
        for kind in KINDS
        for text in corpus[kind]
        if (found := _kinds(text) - {kind})
    ]
    right = sum(kind in _kinds(text) for kind in KINDS for text in corpus[kind])
    assert right / (right + len(wrong)) >= _PRECISION, wrong


def test_reads_several_languages_in_one_message() -> None:
    text = "Danke! Could we meet in person? 把你的照片发给我。 Bana borç verir misin?"
    assert [prompt.kind for prompt in find_prompts(text)] == ["meeting", "photo", "money"]


def test_says_where_it_was_found() -> None:
    text = "Thank you. Can we go on on WhatsApp? Good night."
    (prompt,) = find_prompts(text)
    assert prompt == Prompt("elsewhere", text.index("Whats"), text.index("?"))


def test_places_lead_back_to_text_in_any_form() -> None:
    text = "\ufb01ne \uff01 ｗｈａｔｓａｐｐ, Wa\u0308hl"
    (prompt,) = find_prompts(text)
    assert text[prompt.start : prompt.end] == "ｗｈａｔｓａｐｐ"


@pytest.mark.parametrize(
    "text",
    [
        "ECRIS-MOI SUR TELEGRAM",
        "Te\u0301le\u0301gram",
        "what\u200bsapp",
        "ＷｈａｔｓＡｐｐ",
        "ватсАп",
        "واتسـاب",
        "تِلِيجرام",
    ],
)
def test_spelling_makes_no_difference(text: str) -> None:
    assert _kinds(text) == {"elsewhere"}


@pytest.mark.parametrize(
    "text",
    ["ich@example.org", "+44 7700 900123", "0151 23456789", "٠٥٠١٢٣٤٥٦٧", "(030) 901820-1234"],
)
def test_knows_addresses_and_telephone_numbers(text: str) -> None:
    assert _kinds(text) == {"elsewhere"}


@pytest.mark.parametrize(
    "text",
    ["2026-12-01 18:00", "12.10.2026 18:30", "1/2/2026 1800", "10 000 000", "3.14159265358979"],
)
def test_dates_and_sums_are_no_telephone_numbers(text: str) -> None:
    assert find_prompts(text) == ()


def test_words_of_different_sentences_belong_together_no_more() -> None:
    assert "photo" in _kinds("Send me a photo please")
    assert find_prompts("I will send it soon. The photo hangs here now.") == ()


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_says_nothing_about_words_that_the_program_offers(language: str) -> None:
    words = wording(language)
    keys = [f"agreement.template.{name}" for name in _TEMPLATES]
    keys += [f"decline.{number}" for number in range(1, 6)]
    assert [key for key in keys if find_prompts(words.say(key))] == []


def test_is_the_same_each_time() -> None:
    text = " ".join(text for language in LABEL_LANGUAGES for text in _corpus(language)["photo"])
    assert find_prompts(text) == find_prompts(text)


@given(st.text(max_size=300))
def test_any_text_gives_prompts_inside_it(text: str) -> None:
    found = find_prompts(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.start, one.end))


@given(st.sampled_from([t for o in LABEL_LANGUAGES for k in KINDS for t in _corpus(o)[k]]))
def test_capitals_and_blanks_make_no_difference(text: str) -> None:
    assert _kinds(f"  {text.swapcase()}  ") == _kinds(text.swapcase())
    assert _kinds(text.lower()) == _kinds(text)


@pytest.mark.parametrize(
    "piece",
    [
        "send me your photo ",
        "send ",
        "a. ",
        "1",
        "1 -",
        "a@",
        "@a.",
        "我给你发照片",
        "あ",
        "ا",
        "e\u0301",
        "\u0301",
        "\ufdfa",
        "pay me money my boss ",
        "a" * 50 + " ",
    ],
)
def test_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    half = piece * (_LONGEST_MESSAGE // 2 // len(piece))
    once, twice = _calls(half), _calls(half + half)
    assert twice <= 2.2 * once + 1000
    # Some letters unfold into eighteen. Whatever it is, it takes less than a second.
    assert twice <= 300 * _LONGEST_MESSAGE


def test_every_group_of_words_is_used_by_a_rule() -> None:
    folder = resources.files("kith_client").joinpath("data", "prompts")
    for language in LABEL_LANGUAGES:
        file = msgspec.json.decode(folder.joinpath(f"{language}.json").read_bytes())
        rules = " ".join(rule for rules in file["rules"].values() for rule in rules).split()
        assert set(file["words"]) <= {part.removeprefix("-") for part in rules}, language
