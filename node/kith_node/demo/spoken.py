"""Wishes in free words: does a node take them for the topic that is meant?

For each language of the vocabulary a few topics are called by their labels, carelessly: in
mixed case and without the accents, as people write in a hurry. Understood is such a wish if
the topic is among those that the node says it searched for.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from kith_node.demo.chooser import Chooser
from kith_protocol.api import SearchAnswer
from kith_protocol.query import Query
from kith_protocol.vocabulary import Vocabulary

EACH = 5  # of one language

# Of Latin, Greek and Cyrillic letters; marks of kana and Arabic letters make other letters.
_ACCENTS = re.compile("[\u0300-\u036f]")


class Spoken(msgspec.Struct, frozen=True):
    """A wish in free words.

    Attributes:
        language: of the words.
        text: as somebody types it.
        topic: that is meant.
    """

    language: str
    text: str
    topic: str


def derive_spoken(vocabulary: Vocabulary, *, seed: int, each: int = EACH) -> list[Spoken]:
    """Return *each* wishes in every language of *vocabulary*; fewer if it has fewer words."""
    chooser = Chooser(seed)
    return [
        Spoken(texts.language, write_carelessly(texts.topics[topic].label), topic)
        for texts in vocabulary.languages()
        for topic in chooser.shuffle(
            [one for one in vocabulary.ids() if one in texts.topics], "spoken", texts.language
        )[:each]
    ]


def write_carelessly(text: str) -> str:
    """Return *text* in mixed case and without accents."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    letters = unicodedata.normalize("NFC", plain)
    return "".join(
        letter.upper() if place % 2 else letter.lower() for place, letter in enumerate(letters)
    )


def query_of(spoken: Spoken) -> Query:
    """Return what the node is asked for *spoken*."""
    return Query(text=spoken.text, languages=(spoken.language,), limit=1)


def is_understood(spoken: Spoken, answer: SearchAnswer) -> bool:
    """Return whether *answer* is to what *spoken* means."""
    return answer.understood is not None and spoken.topic in answer.understood.topics
