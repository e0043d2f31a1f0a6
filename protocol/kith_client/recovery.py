"""The recovery code as people type, read and scan it.

How code and words belong together is ``kith_crypto.recovery_code``'s part.
"""

from __future__ import annotations

import re

from kith_crypto.recovery_code import (
    QR_CHARACTERS,
    encode_recovery_qr,
    encode_recovery_words,
    parse_recovery_qr,
)
from kith_crypto.recovery_code import parse_recovery_words as parse_words

_SCANNED = re.compile(rf"\s*([A-Z2-7]{{{QR_CHARACTERS}}})\s*\Z", re.ASCII)


def recovery_words(code: bytes) -> str:
    """Return *code*, 16 bytes, as twelve words with spaces between them."""
    return " ".join(encode_recovery_words(code))


def recovery_qr(words: str) -> str:
    """Return what the QR code of the recovery code *words* says.

    Raises:
        UsageError: they are no recovery code.
    """
    return encode_recovery_qr(parse_words(words))


def parse_recovery_words(text: str) -> bytes:
    """Return the 16 bytes that *text* spells.

    Args:
        text: twelve words, in any case, with spaces, line ends or hyphens between them; or
            what was scanned from the QR code.

    Raises:
        UsageError: it is neither, or does not fit together.
    """
    scanned = _SCANNED.match(text)
    return parse_recovery_qr(scanned[1]) if scanned else parse_words(text)
