"""Folding: the vectors, and what must hold for any text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.fold import fold


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    folded: str


class VectorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    comment: str
    vectors: tuple[Vector, ...]


VECTORS = msgspec.json.decode(
    (Path(__file__).parents[2] / "protocol/vectors/fold.json").read_bytes(), type=VectorFile
).vectors


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector.text))
def test_folds_as_the_vector_says(vector: Vector) -> None:
    assert fold(vector.text) == vector.folded


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector.text))
def test_folds_composed_and_decomposed_text_alike(vector: Vector) -> None:
    assert fold(unicodedata.normalize("NFD", vector.text)) == vector.folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(alphabet="aAàÅ#+ .-ـءأؤىةﻻﷺ٣ガｶﾞŁıİςﬀ\u0301\u200d\u00ad", max_size=20))
def test_folding_twice_changes_nothing_with_letters_that_fold(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=40))
def test_folded_text_has_single_inner_spaces_and_no_capitals(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.lower()


@given(st.text(max_size=20), st.text(max_size=20))
def test_folds_words_one_by_one(left: str, right: str) -> None:
    apart = f"{fold(left)} {fold(right)}".strip()
    assert fold(f"{left} {right}") == apart


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=20))
def test_folds_ascii_alone_as_among_other_letters(text: str) -> None:
    assert f"\u00e9 {fold(text)}".strip().replace("\u00e9", "e") == fold(f"\u00e9 {text}")


def test_rests_on_every_single_character() -> None:
    characters = (chr(point) for point in range(0x3000) if not 0xD800 <= point < 0xE000)
    assert [one for one in characters if fold(fold(one)) != fold(one)] == []
