"""A public key as eight words that two people can compare.

Showing them beside the right key, and warning when they change, is the caller's part.
"""

from kith_crypto.hashes import sha256
from kith_crypto.words import BITS_PER_WORD, WORDS

WORD_COUNT = 8  # 88 bits: nobody makes a second key with the same words


def fingerprint_words(key: bytes) -> tuple[str, ...]:
    """Return the eight words for *key*.

    They are the first 88 bits of its SHA-256, eleven bits a word, most significant first.

    Args:
        key: a public key's raw bytes.
    """
    used_bits = WORD_COUNT * BITS_PER_WORD
    number = int.from_bytes(sha256(key), "big") >> (256 - used_bits)
    shifts = range(used_bits - BITS_PER_WORD, -1, -BITS_PER_WORD)
    return tuple(WORDS[number >> shift & (2**BITS_PER_WORD - 1)] for shift in shifts)
