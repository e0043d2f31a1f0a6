"""A text cut into the smallest parts that mean something, with their places in it.

A token is a word or, in scripts without blanks between words, one character. Tokens are folded;
their places lead back to what was typed, for showing.

Left to the caller: bounding the length, and joining tokens to words and phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from kith_protocol.fold import fold
from kith_protocol.words import CJK, is_cjk

_CJK_OR_NOT = re.compile(f"[{CJK}]|[^{CJK}]+")
_IN_WORDS = "LMN"


class Token(msgspec.Struct, frozen=True):
    """A smallest part of a text.

    Attributes:
        word: folded, without blanks, not empty.
        start: index of its first character in the text that ``tokens_of`` returns.
        end: index behind its last.
        is_cjk: whether it is one character of a script without blanks between words.
    """

    word: str
    start: int
    end: int
    is_cjk: bool = False

    def weight(self) -> int:
        """Return how much it says, in letters: an ideograph is worth two."""
        return 2 if self.is_cjk else len(self.word)


def tokens_of(text: str) -> tuple[str, tuple[Token, ...]]:
    """Return *text* as tokens point into it, in compatibility form, and its tokens.

    Their words in a row are those of the folded text.
    """
    shown = unicodedata.normalize("NFKC", text)
    tokens: list[Token] = []
    start = 0
    while start < len(shown):
        end = _end_of_word(shown, start)
        if end == start:
            start += 1
            continue
        for word in fold(shown[start:end]).split():
            tokens += _tokens_of_word(word, start, end)
        start = end
    return shown, tuple(tokens)


def typed(shown: str, tokens: Sequence[Token], indexes: Sequence[int]) -> str:
    """Return what was typed as some tokens, what lies between others left out.

    Args:
        shown: as ``tokens_of`` returned it.
        tokens: all of them.
        indexes: of those wanted, ascending.
    """
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return " ".join(
        shown[tokens[first].start : tokens[last].end].strip() for first, last in runs
    )


def folded_of(tokens: Sequence[Token]) -> str:
    """Return the words of *tokens* as folding leaves a text."""
    words: list[str] = []
    was_cjk = False
    for token in tokens:
        if was_cjk and token.is_cjk:
            words[-1] += token.word
        else:
            words.append(token.word)
        was_cjk = token.is_cjk
    return " ".join(words)


def _end_of_word(text: str, start: int) -> int:
    end = start
    while end < len(text):
        character = text[end]
        category = unicodedata.category(character)
        is_inside = category[0] in _IN_WORDS or category == "Cf" or character in "+#"
        if not is_inside:
            break
        end += 1
    return end


def _tokens_of_word(word: str, start: int, end: int) -> list[Token]:
    """Return the tokens of one folded word that stands from *start* to *end*."""
    parts = [part.group() for part in _CJK_OR_NOT.finditer(word)]
    # Characters lead back to their places if none was lost or added by folding.
    is_plain = len(word) == end - start
    tokens = []
    place = start
    for part in parts:
        first, behind = (place, place + len(part)) if is_plain else (start, end)
        tokens.append(Token(part, first, behind, is_cjk(part)))
        place += len(part)
    return tokens
