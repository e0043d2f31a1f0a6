"""Texts for people, in twelve languages: advice, kind words, one line for each message.

They are data, in ``texts/``: one flat file for each language, key to text, with the same keys
in all. A ``{name}`` stands for a value. Texts are worded so that no number changes them.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from importlib import resources
from typing import Final

import msgspec

DEFAULT_LANGUAGE: Final = "en"
LANGUAGES: Final = ("ar", "de", "en", "es", "fr", "it", "ja", "pl", "pt", "ru", "tr", "zh")

_decoder = msgspec.json.Decoder(dict[str, str])


class Wording:
    """The texts of one language."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        """Take *texts* by key; use ``wording`` for those that come with the program."""
        self.language = language
        self._texts = texts

    def say(self, key: str, **values: str | int) -> str:
        """Return the text of *key* with *values* in their places.

        Raises:
            KeyError: there is no such text.
            ValueError: it needs other values.
        """
        text = self._texts[key]
        if placeholders(text) != values.keys():
            raise ValueError(f"{key} needs {sorted(placeholders(text))}")
        # Not str.format: what people wrote may hold braces, and is put in only once.
        parts = string.Formatter().parse(text)
        return "".join(
            before + (str(values[name]) if name else "") for before, name, _, _ in parts
        )

    def keys(self) -> frozenset[str]:
        """Return all keys."""
        return frozenset(self._texts)


def wording(language: str) -> Wording:
    """Return the texts in *language*, or in English where there are none.

    Args:
        language: BCP 47 tag; only its first part counts.
    """
    primary = language.replace("_", "-").partition("-")[0].lower()
    chosen = primary if primary in LANGUAGES else DEFAULT_LANGUAGE
    folder = resources.files("kith_client") / "texts"
    return Wording(chosen, _decoder.decode((folder / f"{chosen}.json").read_bytes()))


def languages() -> tuple[str, ...]:
    """Return the languages there are texts in."""
    return LANGUAGES


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the values that *text* needs."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
