"""Words of a free text."""

# Letters of many scripts, some of which look alike.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.fold import fold
from kith_protocol.words import words_of

# Letters of every kind that folding and splitting treat differently.
LETTERS = st.text(
    alphabet="aB +#-éßıİ中文自助カﾀﾞﾅひー・あالكتابةЁй٣1½\u0301\u200d\U00020000", max_size=24
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("!?", ()),
        ("Letters, letters & C++", ("letters", "c++")),
        ("auto-defensa", ("auto", "defensa")),
        ("Ämter", ("amter",)),
        ("自助練習", ("自助", "助練", "練習")),
        ("本", ("本",)),
        ("CVを見る", ("cv", "を見", "見る")),
        ("hands-on 手紙 と C#", ("hands", "on", "手紙", "と", "c#")),
        ("手紙abc手紙", ("手紙", "abc")),
        ("ﾋﾟｱ", ("ピア",)),
        ("كتابة الرسائل", ("كتابه", "الرسايل")),
    ],
)
def test_the_words_of_a_text(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_gives_no_more_than_wanted() -> None:
    assert words_of("one two one three", most=2) == ("one", "two")
    assert words_of("一二三四", most=0) == ()


@given(LETTERS, st.integers(0, 5))
def test_fewer_are_the_beginning_of_more(text: str, most: int) -> None:
    words = words_of(text)
    assert words_of(text, most=most) == words[:most]
    assert len(set(words)) == len(words)


@given(LETTERS)
def test_folded_text_has_the_same_words(text: str) -> None:
    assert words_of(fold(text)) == words_of(text)


@given(LETTERS, LETTERS)
def test_words_do_not_depend_on_what_stands_beside(left: str, right: str) -> None:
    both = dict.fromkeys((*words_of(left), *words_of(right)))
    assert words_of(f"{left} {right}") == tuple(both)
