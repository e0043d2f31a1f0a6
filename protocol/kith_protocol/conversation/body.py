"""What the bodies of all messages are made of, and what a private text may hold.

Private texts may hold links, names and line breaks; only what misleads a reader is refused.

Source: SPEC.md, section on conversations.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kith_crypto.ed25519 import SIGNATURE_BYTES
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hpke import PUBLIC_KEY_BYTES
from kith_crypto.objects import ID_BYTES
from kith_protocol.text import clean_text

MAX_TEXT_CHARACTERS = 12_000  # four bytes each and escapes still fit the largest envelope
MAX_KNOCK_CHARACTERS = 800  # sealing refuses a knock whose texts do not fit together
MAX_HINT_CHARACTERS = 200

ShortWords = Annotated[str, msgspec.Meta(max_length=MAX_HINT_CHARACTERS)]
KnockText = Annotated[str, msgspec.Meta(max_length=MAX_KNOCK_CHARACTERS)]
Blob16 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$(?!\n)")]
Blob32 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
Blob64 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{86}$(?!\n)")]


class BodyStruct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all bodies and their parts; shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


def check_words(text: str, max_characters: int) -> str:
    """Return *text* if it may stand in a private message.

    Raises:
        MalformedError: too long, not in NFC, or with control, bidi-override or invisible
            characters; line breaks are allowed.
    """
    if len(text) > max_characters:
        raise MalformedError(f"a text has at most {max_characters} characters")
    for line in text.split("\n"):
        if clean_text(line, max_characters) != line.strip():
            raise MalformedError("a text holds characters that are not allowed")
    return text


def check_body(body: BodyStruct) -> None:
    """Return if no text in *body* misleads and all its bytes are canonical base64url.

    Raises:
        MalformedError: one does, or some are not.
    """
    for name in body.__struct_fields__:
        _check_value(name, getattr(body, name))


def _check_value(name: str, value: object) -> None:
    if isinstance(value, BodyStruct):
        check_body(value)
    elif isinstance(value, tuple):
        for item in value:
            _check_value(name, item)
    elif isinstance(value, str) and name not in _BLOBS:
        check_words(value, MAX_TEXT_CHARACTERS)
    elif isinstance(value, str) and value:
        parse_base64url(value, size=_BLOBS[name])


_BLOBS: dict[str, int | None] = {
    "key": 32,
    "box": ID_BYTES,
    "who": ID_BYTES,
    "sign": SIGNATURE_BYTES,
    "bind": SIGNATURE_BYTES,
    "file": ID_BYTES,
    "hash": 32,
    "data": None,
    "thing": ID_BYTES,
    "after": 32,
    "commitment": 32,
    "opening": 32,
    "session": ID_BYTES,
    "circle": ID_BYTES,
    "follows": ID_BYTES,
    "reply": PUBLIC_KEY_BYTES,
    "roster": 32,
    "previous": 32,
    "convener": 32,
    "seats": 32,
    "acknowledged": 32,
}
