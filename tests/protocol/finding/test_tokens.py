"""Cutting a text into tokens that know their places."""

# Letters of many scripts, some of which look alike.
# ruff: noqa: RUF001

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.finding.tokens import folded_of, tokens_of, typed
from kith_protocol.fold import fold

LETTERS = st.text(
    alphabet="aB +#-é ßıİ中文自助カﾀﾞﾅひー・あالكتابةЁй٣1½\u0301\u200d\U00020000ﷺ…'", max_size=24
)


def words(text: str) -> list[tuple[str, str]]:
    shown, tokens = tokens_of(text)
    return [(token.word, typed(shown, tokens, [at])) for at, token in enumerate(tokens)]


def test_words_know_what_was_typed() -> None:
    assert words("My CVs, please: C++!") == [
        ("my", "My"),
        ("cvs", "CVs"),
        ("please", "please"),
        ("c++", "C++"),
    ]


def test_ideographs_and_kana_stand_alone() -> None:
    assert words("CVの書き方") == [
        ("cv", "CV"),
        ("の", "の"),
        ("書", "書"),
        ("き", "き"),
        ("方", "方"),
    ]


def test_what_changes_its_length_by_folding_leads_back_to_the_whole_word() -> None:
    assert words("Straße") == [("strasse", "Straße")]
    assert [part for _, part in words("写ß")] == ["写ß", "写ß"]


def test_signs_and_marks_alone_are_no_tokens() -> None:
    assert words("++ \u0301 … - #") == []


def test_shows_what_was_typed_without_what_is_left_out() -> None:
    shown, tokens = tokens_of("My CV, please: 履歴書!")
    assert typed(shown, tokens, [0, 1, 3, 4]) == "My CV 履歴"
    assert typed(shown, tokens, []) == ""


def test_an_ideograph_weighs_two_letters() -> None:
    _, tokens = tokens_of("cvs 書")
    assert [token.weight() for token in tokens] == [3, 2]


@given(st.one_of(LETTERS, st.text(max_size=30)))
def test_tokens_in_a_row_are_the_folded_text(text: str) -> None:
    _, tokens = tokens_of(text)
    assert "".join(token.word for token in tokens) == fold(text).replace(" ", "")
    assert folded_of(tokens).replace(" ", "") == fold(text).replace(" ", "")
    assert all(token.word and " " not in token.word for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
