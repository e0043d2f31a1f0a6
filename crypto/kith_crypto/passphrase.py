"""Names and passphrases to offer first: random, easy to write down and to type.

Judging what people choose instead is the caller's part.
"""

from kith_crypto.randomness import Rng
from kith_crypto.words import BITS_PER_WORD, WORDS

PASSPHRASE_WORDS = 6  # 66 bits under Argon2id
NAME_WORDS = 3  # 33 bits; only the person themself ever needs to tell names apart
_SEPARATOR = "-"


def suggest_passphrase(rng: Rng) -> str:
    """Return six random words, joined by hyphens."""
    return _draw_words(rng, PASSPHRASE_WORDS)


def suggest_name(rng: Rng) -> str:
    """Return a login name of three random words, joined by hyphens."""
    return _draw_words(rng, NAME_WORDS)


def _draw_words(rng: Rng, count: int) -> str:
    # The list's length is a power of two, so cutting bits off is even.
    numbers = (int.from_bytes(rng.bytes(2), "big") for _ in range(count))
    return _SEPARATOR.join(WORDS[number & (2**BITS_PER_WORD - 1)] for number in numbers)
