"""The recovery code as people keep it: twelve words on paper, or a QR code.

Words: 128 bits of code and 4 of checksum, eleven bits a word; one slip in sixteen passes the
checksum, and then opens nothing. QR text: Base32 of the code and 4 bytes of checksum, 32
characters, which QR codes store in their alphanumeric mode and which names no application.
What the code derives to is ``signin.derive_recovery``.

Source: the construction is that of BIP 39 for 128 bits, with this project's word list and a
domain label in the checksum; RFC 4648 §6.
"""

import base64
import re

from kith_crypto.errors import UsageError
from kith_crypto.hashes import is_equal, sha256
from kith_crypto.randomness import Rng
from kith_crypto.words import BITS_PER_WORD, WORDS

CODE_BYTES = 16
WORD_COUNT = 12
QR_CHARACTERS = 32
MAX_TYPED_CHARACTERS = 1000

_LABEL = b"kith/rec-check/v1\0"
_CHECKSUM_BITS = WORD_COUNT * BITS_PER_WORD - CODE_BYTES * 8  # 4
_CHECKSUM_BYTES = 4
_BETWEEN_WORDS = re.compile(r"[\s,.;-]+")
_QR_TEXT = re.compile(r"[A-Z2-7]{32}\Z", re.ASCII)
_PLACES = {word: place for place, word in enumerate(WORDS)}


def generate_recovery_code(rng: Rng) -> bytes:
    """Return a new code of 16 bytes."""
    return rng.bytes(CODE_BYTES)


def encode_recovery_words(code: bytes) -> tuple[str, ...]:
    """Return the twelve words for *code*, 16 bytes.

    Raises:
        ValueError: a code of another size.
    """
    checksum = _checksum(code)[0] >> (8 - _CHECKSUM_BITS)
    number = int.from_bytes(code, "big") << _CHECKSUM_BITS | checksum
    shifts = range((WORD_COUNT - 1) * BITS_PER_WORD, -1, -BITS_PER_WORD)
    return tuple(WORDS[number >> shift & (2**BITS_PER_WORD - 1)] for shift in shifts)


def parse_recovery_words(text: str) -> bytes:
    """Return the code that twelve typed words stand for.

    Args:
        text: the words in any case, separated by blanks, line ends, hyphens or punctuation.

    Raises:
        UsageError: not twelve words, one that is not in the list (its number is said, not the
            word), or a checksum that does not fit. All of this is local and says nothing about
            any account.
    """
    if len(text) > MAX_TYPED_CHARACTERS:
        raise UsageError("a recovery code has twelve words")
    words = [word for word in _BETWEEN_WORDS.split(text.lower()) if word]
    if len(words) != WORD_COUNT:
        raise UsageError("a recovery code has twelve words")
    number = 0
    for count, word in enumerate(words, start=1):
        if word not in _PLACES:
            raise UsageError(f"word {count} is not one of the list")
        number = number << BITS_PER_WORD | _PLACES[word]
    code = (number >> _CHECKSUM_BITS).to_bytes(CODE_BYTES, "big")
    if not is_equal(_joined(encode_recovery_words(code)), _joined(words)):
        raise UsageError("the words do not fit together; one of them is wrong")
    return code


def encode_recovery_qr(code: bytes) -> str:
    """Return the 32 characters that the QR code for *code*, 16 bytes, holds.

    Raises:
        ValueError: a code of another size.
    """
    return base64.b32encode(code + _checksum(code)[:_CHECKSUM_BYTES]).decode("ascii")


def parse_recovery_qr(text: str) -> bytes:
    """Return the code that a scanned QR code holds.

    Args:
        text: exactly what was scanned.

    Raises:
        UsageError: not 32 characters of Base32, or a checksum that does not fit.
    """
    if not _QR_TEXT.match(text):
        raise UsageError("this is not the QR code of a recovery code")
    raw = base64.b32decode(text)
    code = raw[:CODE_BYTES]
    if not is_equal(raw[CODE_BYTES:], _checksum(code)[:_CHECKSUM_BYTES]):
        raise UsageError("this is not the QR code of a recovery code")
    return code


def _checksum(code: bytes) -> bytes:
    if len(code) != CODE_BYTES:
        raise ValueError("a recovery code is 16 bytes")
    return sha256(_LABEL + code)


def _joined(words: tuple[str, ...] | list[str]) -> bytes:
    return " ".join(words).encode("ascii")
