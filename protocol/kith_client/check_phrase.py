"""A check phrase: two people agree on it by voice, and ask for it when something seems off.

It is kept in the vault and never sent. Whoever knows only what was written does not know it, so
it must not be written: a text that holds it is not sent. It proves nothing about somebody who
was told the phrase, or who sits at the other one's open device.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from kith_client.shelf import Shelf
from kith_crypto.errors import UsageError
from kith_crypto.randomness import Rng
from kith_crypto.words import BITS_PER_WORD, WORDS
from kith_protocol.conversation.bodies import Body, Part

KIND = "phrase"
MAX_CHARACTERS = 100
MIN_LETTERS = 6  # a shorter one would be part of what people say anyway

_WORDS = 3


class PhraseRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The check phrase of one conversation. Its ``repr`` shows nothing.

    Attributes:
        phrase: 1 to 100 characters.
    """

    phrase: str

    def __repr__(self) -> str:
        return "PhraseRecord(...)"


def suggest_phrase(rng: Rng) -> str:
    """Return three words of the word list, to be said aloud."""
    numbers = (int.from_bytes(rng.bytes(2), "big") for _ in range(_WORDS))
    return " ".join(WORDS[number % 2**BITS_PER_WORD] for number in numbers)


def read_phrase(shelf: Shelf, conversation: bytes) -> str:
    """Return the check phrase of a conversation, or an empty text."""
    kept = shelf.get(KIND, conversation, PhraseRecord)
    return "" if kept is None else kept.phrase


def put_phrase(shelf: Shelf, conversation: bytes, phrase: str) -> None:
    """Keep a check phrase, or with an empty text none; the caller saves.

    Raises:
        UsageError: it is too short or too long.
    """
    if not phrase.strip():
        shelf.drop(KIND, conversation)
        return
    if len(phrase) > MAX_CHARACTERS or len(_letters(phrase)) < MIN_LETTERS:
        raise UsageError(
            f"a check phrase has at least {MIN_LETTERS} letters or digits and at most "
            f"{MAX_CHARACTERS} characters in all; three words are a good length"
        )
    shelf.put(KIND, conversation, PhraseRecord(phrase.strip()))


def refuse_phrase(body: Body, phrase: str) -> None:
    """Return if *body* may be sent: none of its texts holds *phrase*.

    Letter case, spaces and marks make no difference. Files are not looked into.

    Raises:
        UsageError: one does.
    """
    wanted = _letters(phrase)
    if not wanted or isinstance(body, Part):
        return
    if any(wanted in _letters(text) for text in _texts(msgspec.to_builtins(body))):
        raise UsageError(
            "this holds the check phrase of this conversation, so it was not sent: once it is "
            "written here it proves nothing any more. Say it aloud; or agree on another one "
            "and set that first"
        )


def _letters(text: str) -> str:
    """Return the letters and digits of *text* alone, all in one form and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
