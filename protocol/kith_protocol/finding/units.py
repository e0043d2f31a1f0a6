"""Units by which texts are compared where they share no phrase.

A unit is the stem of a word in one family of languages or, in scripts without blanks, a pair of
neighbouring characters of one kind: ideographs, katakana or hiragana.

Left to the caller: how much a unit is worth.
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_protocol.finding.endings import families_of, family_of
from kith_protocol.finding.function_words import function_phrases, function_words_of
from kith_protocol.finding.phrases import Stems
from kith_protocol.finding.tokens import Token
from kith_protocol.words import is_cjk, pairs_of

# The place of a family's name in units of scripts without blanks.
CJK_UNITS = "cjk"

Unit = tuple[str, str]


def units_of_line(folded: str, language: str, stems: Stems) -> set[Unit]:
    """Return the units of a *folded* text in *language*."""
    units: set[Unit] = set()
    family = family_of(language)
    empty = function_words_of(language)
    for word in folded.split():
        for run in () if word in empty else _runs(word):
            if is_cjk(run[0]):
                units.update((CJK_UNITS, pair) for pair in pairs_of(run))
                continue
            for one in (family,) if family is not None else families_of(run):
                units.add((one.name, stems.of(run, one)))
    return units


def is_same_kind(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the token at *index* is of the kind of the one before it."""
    return _kind(tokens[index - 1].word) == _kind(tokens[index].word)


def _runs(word: str) -> list[str]:
    """Return the parts of *word* of one kind of letters, without those that say nothing."""
    if word.isascii():
        return [word]
    runs: list[str] = []
    before: str | None = None
    for letter in word:
        kind = _kind(letter)
        if kind and letter in function_phrases():
            before = None
        elif kind == before:
            runs[-1] += letter
        else:
            runs.append(letter)
            before = kind
    return [run for run in runs if run not in function_phrases()]


def _kind(letter: str) -> str:
    if "\u3041" <= letter <= "\u309f":
        return "hiragana"
    if "\u30a0" <= letter <= "\u30ff":
        return "katakana"
    return "ideograph" if is_cjk(letter) else ""
