"""The words of a free text, as search compares them.

Folded (``fold.py``), each once, in the order of the text. Scripts that write no blanks between
words (ideographs and kana) come as overlapping pairs of characters, a single character alone,
so that whoever looks for a part of a run finds it. No stop words, no stems: what is compared
here are the offers' own texts, of which nobody knows the language for sure.
"""

from __future__ import annotations

import re

from kith_protocol.fold import fold

# Ideographs, kana and what is written among them, for regular expressions.
CJK = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_FIRST_CJK = "\u2e80"
_CJK_RUN = re.compile(f"[{CJK}]+")


def words_of(text: str, *, most: int | None = None) -> tuple[str, ...]:
    """Return the different words of *text*.

    Args:
        text: of any length.
        most: how many are wanted at most; all if left out.
    """
    folded = fold(text)
    words = dict.fromkeys(folded.split() if folded.isascii() else _split(folded))
    return tuple(words) if most is None else tuple(words)[:most]


def is_cjk(letter: str) -> bool:
    """Return whether *letter* is written without blanks between words."""
    return letter >= _FIRST_CJK and _CJK_RUN.match(letter) is not None


def _split(folded: str) -> list[str]:
    found: list[str] = []
    for token in folded.split():
        place = 0
        for run in _CJK_RUN.finditer(token):
            if run.start() > place:
                found.append(token[place : run.start()])
            found += pairs_of(run.group())
            place = run.end()
        if place < len(token):
            found.append(token[place:])
    return found


def pairs_of(run: str) -> list[str]:
    """Return the overlapping pairs of characters of *run*, or *run* itself if it is one."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
