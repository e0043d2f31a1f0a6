"""Words of a text that are read as others, because they are one typing error away.

Only unknown words are, of at least five letters, and only where all known words that are so
near are forms of one word. Those of the reader's languages come before others.

Left to the caller: undoing what makes the meaning ambiguous.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence

import msgspec

from kith_protocol.finding.endings import families_of
from kith_protocol.finding.overlap import Overlap
from kith_protocol.finding.phrases import ANY_LANGUAGE, Phrases
from kith_protocol.finding.segments import is_function, is_light
from kith_protocol.finding.spelling import Speller
from kith_protocol.finding.tokens import Token
from kith_protocol.vocabulary import LABEL_LANGUAGES

# Shorter words are near too many others to be corrected, more of them are no sentence.
SHORTEST_CORRECTED = 5
MAX_CORRECTED = 8


class Known(msgspec.Struct, frozen=True):
    """What texts are compared with.

    Attributes:
        phrases: all lines of a vocabulary.
        overlap: of these lines.
        texts: knows the folded lines.
        words: knows their words.
        languages_of: languages of each of these words, ``ANY_LANGUAGE`` for aliases.
    """

    phrases: Phrases
    overlap: Overlap
    texts: Speller
    words: Speller
    languages_of: Mapping[str, frozenset[str]]


def corrections(
    tokens: Sequence[Token], known: Known, languages: Collection[str]
) -> dict[int, str]:
    """Return by their indexes the words that some of *tokens* are read as.

    Args:
        tokens: of a text.
        known: what it is compared with.
        languages: that the reader knows; all if none.
    """
    languages = {ANY_LANGUAGE, *(languages or LABEL_LANGUAGES)}
    unknown = [
        index
        for index, token in enumerate(tokens)
        if len(token.word) >= SHORTEST_CORRECTED and not _is_known(token, known, languages)
    ]
    found = {}
    for index in unknown[:MAX_CORRECTED]:
        word = tokens[index].word
        # The first letter is seldom wrong, and words that differ in it are seldom meant.
        every = [one.text for one in known.words.near(word, most=1) if one.text[0] == word[0]]
        near = [one for one in every if not languages.isdisjoint(known.languages_of[one])]
        near = near or every
        if near and _is_one_word(near, known.phrases):
            found[index] = near[0]
    return found


def _is_known(token: Token, known: Known, languages: Container[str]) -> bool:
    return (
        is_function(token)
        or known.overlap.knows(token.word, languages)
        or bool(known.phrases.whole(token.word))
        or is_light(token.word, known.phrases)
        or known.overlap.is_compound(token.word)
    )


def _is_one_word(words: Sequence[str], phrases: Phrases) -> bool:
    return any(
        len({phrases.stems.of(word, family) for word in words}) == 1
        for family in families_of(words[0])
    )
