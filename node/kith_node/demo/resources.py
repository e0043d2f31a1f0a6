"""Made-up resources over the whole vocabulary, for the demonstration.

Nobody keeps these: topics, languages and regions are chosen by a seeded hash, the texts are our
own sentences of ``data/library.json`` with a topic's label, and the links lead to names that
are reserved for examples. They hold no telephone numbers, since somebody could call one. Left
to the caller: putting them into libraries.

Source: RFC 2606 (names for examples); UN M49 (regions).
"""

from __future__ import annotations

from importlib import resources

import msgspec

from kith_node.demo.chooser import Chooser
from kith_node.topics.loading import load_vocabulary
from kith_protocol.day import Day
from kith_protocol.resource_content import MAX_NAME_TEXT, ResourceContent
from kith_protocol.vocabulary import LABEL_LANGUAGES, Vocabulary

HOSTS = ("example.org", "example.com", "example.net", "library.example", "guides.example")

LONG_AGO = Day(20_000)  # October 2024, past by every clock
_MAX_AGE_DAYS = 300
# Where help is looked for at once; the others are looked up in quiet.
_URGENT_TOPICS = (
    "peer.crisis-planning",
    "peer.listening",
    "health.mental",
    "relationships.leaving-violence",
    "safety.harassment",
    "safety.stalkerware",
    "housing",
    "migration",
)
_LICENCES = ("unknown", "unknown", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0")
_REGIONS = {
    "ar": ("504", "818"),
    "en": ("710", "826", "840"),
    "it": ("380",),
    "fr": ("056", "250"),
    "de": ("040", "276", "756"),
    "pl": ("616",),
    "tr": ("792",),
    "pt": ("076", "620"),
    "ru": ("398", "643"),
    "ja": ("392",),
    "zh": ("156", "158"),
    "es": ("032", "484", "724"),
}
# Options repeated by how often they should come up.
_TOPIC_COUNTS = (1, 1, 1, 2, 2, 3)
_FURTHER_LANGUAGE_COUNTS = (0, 0, 0, 0, 1, 1, 2)
_URGENT_EVERY = 12  # of those that follow the first urgent one in each language
_TEXT_EVERY = 4
_REGION_EVERY = 3


class LibraryTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences in one language.

    Attributes:
        names, urgent_names: with ``{topic}`` where the label goes.
        summaries, urgent_summaries: whole, one line each.
        texts, urgent_texts: whole, with line breaks.
    """

    names: tuple[str, ...]
    summaries: tuple[str, ...]
    texts: tuple[str, ...]
    urgent_names: tuple[str, ...]
    urgent_summaries: tuple[str, ...]
    urgent_texts: tuple[str, ...]


def load_library_texts() -> dict[str, LibraryTexts]:
    """Return the sentences of ``data/library.json`` by language."""
    raw = resources.files("kith_node.demo").joinpath("data", "library.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, LibraryTexts])


def make_resources(
    count: int, seed: int, *, today: Day = LONG_AGO
) -> tuple[ResourceContent, ...]:
    """Return *count* resources; the same arguments give the same ones.

    The languages take turns, and the first twelve are urgent, one in each. Every topic of the
    vocabulary is the first topic of one that is not urgent before any is so again.

    Args:
        count: how many, 0 or more.
        seed: any number.
        today: they were reviewed then or up to 300 days before.
    """
    maker = _Maker(load_vocabulary(), Chooser(seed), today)
    return tuple(maker.make(at) for at in range(count))


class _Maker:
    def __init__(self, vocabulary: Vocabulary, chooser: Chooser, today: Day) -> None:
        self._vocabulary = vocabulary
        self._chooser = chooser
        self._today = today
        self._texts = load_library_texts()
        self._order = chooser.shuffle(vocabulary.ids(), "order")

    def make(self, at: int) -> ResourceContent:
        """Return resource number *at*."""
        choose = self._chooser
        home = LABEL_LANGUAGES[at % len(LABEL_LANGUAGES)]
        is_urgent = at < len(LABEL_LANGUAGES) or choose.below(_URGENT_EVERY, "urgent", at) == 0
        is_text = choose.below(_TEXT_EVERY, "text", at) == 0
        topics = self._topics(at, is_urgent=is_urgent)
        languages = self._languages(home, at)
        is_local = is_urgent or choose.below(_REGION_EVERY, "local", at) == 0
        return ResourceContent(
            topics=topics,
            languages=languages,
            licence=choose.pick(_LICENCES, "licence", at),
            reviewed=Day(self._today - choose.below(_MAX_AGE_DAYS + 1, "reviewed", at)),
            name={one: self._name(topics[0], one, at, is_urgent) for one in languages},
            summary={one: self._summary(one, at, is_urgent) for one in languages},
            content={one: self._text(one, at, is_urgent) for one in languages if is_text},
            url="" if is_text else self._link(topics[0], home, at),
            region=choose.pick(_REGIONS[home], "region", at) if is_local else None,
            urgent=is_urgent,
        )

    def _topics(self, at: int, *, is_urgent: bool) -> tuple[str, ...]:
        """Return a first topic and perhaps others below the same branch."""
        choose = self._chooser
        if is_urgent:
            return (choose.pick(_URGENT_TOPICS, "urgent topic", at),)
        first = self._order[at % len(self._order)]
        near = self._vocabulary.children(self._vocabulary.parent(first) or first)
        others = choose.some(near, choose.pick(_TOPIC_COUNTS, "topics", at) - 1, "near", at)
        return tuple(dict.fromkeys((first, *others)))

    def _languages(self, home: str, at: int) -> tuple[str, ...]:
        count = self._chooser.pick(_FURTHER_LANGUAGE_COUNTS, "languages", at)
        # English next to another language is as common in life as it is here.
        pool = ("en", *self._chooser.shuffle(LABEL_LANGUAGES, "further", at))
        further = [one for one in dict.fromkeys(pool) if one != home]
        return (home, *further[:count])

    def _name(self, topic: str, language: str, at: int, is_urgent: bool) -> str:
        texts = self._texts[language]
        names = texts.urgent_names if is_urgent else texts.names
        label = self._vocabulary.label(topic, (language,))
        lines = [name.replace("{topic}", label) for name in names]
        fitting = [line for line in lines if len(line) <= MAX_NAME_TEXT] or [label]
        return self._chooser.pick(fitting, "name", at)

    def _summary(self, language: str, at: int, is_urgent: bool) -> str:
        texts = self._texts[language]
        lines = texts.urgent_summaries if is_urgent else texts.summaries
        return self._chooser.pick(lines, "summary", at)

    def _text(self, language: str, at: int, is_urgent: bool) -> str:
        texts = self._texts[language]
        return self._chooser.pick(
            texts.urgent_texts if is_urgent else texts.texts, "article", at
        )

    def _link(self, topic: str, language: str, at: int) -> str:
        host = self._chooser.pick(HOSTS, "host", at)
        return f"https://{host}/{language}/{topic.replace('.', '/')}/{at}"
