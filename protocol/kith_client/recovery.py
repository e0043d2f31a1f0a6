"""The recovery code as twelve words for paper, and back.

The 16 bytes and the first four bits of their SHA-256 are 132 bits, eleven for each word of
``kith_crypto.words``; the four bits catch most slips of the pen.
Source: the construction of BIP 39, over our own list.
"""

from __future__ import annotations

import unicodedata

from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_crypto.words import BITS_PER_WORD, WORDS

CODE_BYTES = 16
CODE_WORDS = 12
_CHECK_BITS = CODE_WORDS * BITS_PER_WORD - 8 * CODE_BYTES
_WORD_MASK = (1 << BITS_PER_WORD) - 1


def recovery_words(code: bytes) -> str:
    """Return *code*, 16 bytes, as twelve words with spaces between them."""
    number = int.from_bytes(code, "big") << _CHECK_BITS | _check_of(code)
    shifts = range((CODE_WORDS - 1) * BITS_PER_WORD, -1, -BITS_PER_WORD)
    return " ".join(WORDS[number >> shift & _WORD_MASK] for shift in shifts)


def parse_recovery_words(text: str) -> bytes:
    """Return the 16 bytes that *text* spells.

    Args:
        text: twelve words, in any case, with spaces, line ends or hyphens between them.

    Raises:
        UsageError: another number of words, a word that is not in the list, or words that
            do not fit together.
    """
    words = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").split()
    if len(words) != CODE_WORDS:
        raise UsageError(f"a recovery code has {CODE_WORDS} words, these are {len(words)}")
    places = {word: place for place, word in enumerate(WORDS)}
    number = 0
    for nth, word in enumerate(words, 1):
        if word not in places:
            raise UsageError(f"word {nth} of the recovery code is not in the list of words")
        number = number << BITS_PER_WORD | places[word]
    code = (number >> _CHECK_BITS).to_bytes(CODE_BYTES, "big")
    if _check_of(code) != number & ((1 << _CHECK_BITS) - 1):
        raise UsageError("the words of the recovery code do not fit together; check each one")
    return code


def _check_of(code: bytes) -> int:
    return sha256(code)[0] >> (8 - _CHECK_BITS)
