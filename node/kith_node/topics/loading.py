"""Reading the shipped vocabulary: one file of concepts, and one of words for each language.

The names of some hundred languages are from Unicode CLDR (Unicode License v3).

Left to the caller: keeping what was read; every call reads and checks the files anew.
"""

from __future__ import annotations

from importlib import resources

import msgspec
from msgspec.structs import replace

from kith_protocol.vocabulary import (
    LABEL_LANGUAGES,
    Concept,
    LanguageTexts,
    Vocabulary,
    parse_concepts,
    parse_language,
)

_names_decoder = msgspec.json.Decoder(dict[str, dict[str, str]])


def load_vocabulary() -> Vocabulary:
    """Return the vocabulary in all its languages."""
    names = _names_decoder.decode(_read("language_names.json"))
    languages = (
        replace(load_language(language), language_names=names[language])
        for language in LABEL_LANGUAGES
    )
    return Vocabulary(load_concepts(), languages)


def load_concepts() -> tuple[Concept, ...]:
    """Return the topics of the vocabulary, retired ones included."""
    return parse_concepts(_read("concepts.json"))


def load_language(language: str) -> LanguageTexts:
    """Return the words in *language*, one of ``LABEL_LANGUAGES``, without languages' names."""
    return parse_language(_read(f"{language}.json"))


def _read(name: str) -> bytes:
    return resources.files("kith_node.topics").joinpath("data", name).read_bytes()
