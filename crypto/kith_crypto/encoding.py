"""base64url without padding, read in its canonical form only.

Source: RFC 4648 §5; the refusal of non-zero trailing bits is §3.5.
"""

import base64
import binascii
import re

from kith_crypto.errors import MalformedError

# No ``$``: it would let a final newline through.
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z", re.ASCII)


def encode_base64url(data: bytes) -> str:
    """Return *data* in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def parse_base64url(text: str, *, size: int | None = None) -> bytes:
    """Return the bytes that *text* encodes.

    Args:
        text: base64url without padding.
        size: exact number of bytes expected, or ``None`` for any.

    Raises:
        MalformedError: other characters, padding, an impossible length, trailing bits that
            are not zero (so that every value has one spelling), or not *size* bytes.
    """
    if size is not None and len(text) != (size * 4 + 2) // 3:
        raise MalformedError("base64url text of unexpected length")
    if not _ALPHABET.match(text):
        raise MalformedError("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise MalformedError("not base64url") from error
    if encode_base64url(data) != text:
        raise MalformedError("base64url is not canonical")
    return data
