"""Made-up offers over the whole vocabulary, for the demonstration.

Nobody wrote these: topics, languages and ways are chosen by a seeded hash so that they look
like a community's (most offers about one or two things, listening for hard matters, teaching
for skills), and the texts are our own sentences of ``data/texts.json`` with a topic's label.
They hold no names, places, addresses or digits. Left to the caller: keys, accounts, publishing.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import msgspec

from kith_node.demo.chooser import Chooser
from kith_protocol.offer_content import Answers, Format, Level, OfferContent, Way, When
from kith_protocol.vocabulary import LABEL_LANGUAGES, Vocabulary

MAX_SUMMARY_CHARACTERS = 120

# Branches in which people come to be heard and accompanied rather than taught.
_HEARING_BRANCHES = frozenset(
    {
        "access",
        "coming-out",
        "elders",
        "faith",
        "health",
        "migration",
        "parenting",
        "peer",
        "relationships",
        "selfcare",
        "transition",
    }
)
_HEARING_WAYS: tuple[Way, ...] = ("advise", "listen", "accompany")
_TEACHING_WAYS: tuple[Way, ...] = ("advise", "teach", "practise", "review")
_FORMATS: tuple[Format, ...] = ("chat", "voice", "video")
_WHENS: tuple[When, ...] = ("weekdays", "evenings", "weekends")
_LEVELS: tuple[Level, ...] = ("starting", "some", "experienced")
_ANSWERS: tuple[Answers | None, ...] = (None, None, "days", "days", "week", "longer")
# Options repeated by how often they should come up.
_TOPIC_COUNTS = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4)
_WAY_COUNTS = (1, 1, 2, 2, 3)
_OPTIONAL_COUNTS = (0, 0, 1, 1, 2, 3)
_FURTHER_LANGUAGE_COUNTS = (0, 0, 0, 0, 1, 1, 1, 2, 3, 5)
# English next to another language is as common in life as it is here.
_SECOND_LANGUAGES = ("en", "en", "en", "en", *LABEL_LANGUAGES, "fa", "uk", "hi", "sw", "nl")
_TEXT_COUNTS = (0, 1, 1, 1, 2)


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences in one language.

    Attributes:
        summaries: with ``{topic}`` where the label goes; one at least has room for any label.
        contents: whole, at most 600 characters each.
    """

    summaries: tuple[str, ...]
    contents: tuple[str, ...]


def load_texts() -> dict[str, Texts]:
    """Return the sentences of ``data/texts.json`` by language."""
    raw = resources.files("kith_node.demo").joinpath("data", "texts.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, Texts])


def make_offers(
    vocabulary: Vocabulary,
    count: int,
    seed: int,
    *,
    languages: Sequence[str] = LABEL_LANGUAGES,
) -> list[OfferContent]:
    """Return *count* offers; the same arguments give the same offers.

    Every topic of the vocabulary is the first topic of an offer before any is so again. A
    sensitive topic is only put beside a sensitive first one, so that the share of offers that
    touch one stays that of the vocabulary.

    Args:
        vocabulary: where topics and labels come from.
        count: how many, 0 or more.
        seed: any number.
        languages: what a community mostly speaks; each offer has one of these, repeat one to
            weigh it more.
    """
    maker = _Maker(vocabulary, Chooser(seed), tuple(languages))
    order = Chooser(seed).shuffle(vocabulary.ids(), "order")
    return [maker.make(order[at % len(order)], at) for at in range(count)]


class _Maker:
    def __init__(
        self, vocabulary: Vocabulary, chooser: Chooser, languages: tuple[str, ...]
    ) -> None:
        self._vocabulary = vocabulary
        self._chooser = chooser
        self._home_languages = languages
        self._texts = load_texts()

    def make(self, topic: str, at: int) -> OfferContent:
        """Return offer number *at*, about *topic* first of all."""
        choose = self._chooser
        ways = _HEARING_WAYS if topic.partition(".")[0] in _HEARING_BRANCHES else _TEACHING_WAYS
        languages = self._languages(at)
        told = self._told_in(languages, at)
        return OfferContent(
            topics=self._topics(topic, at),
            languages=languages,
            ways=choose.some(ways, choose.pick(_WAY_COUNTS, "ways", at), "way", at),
            formats=choose.some(_FORMATS, 1 + choose.below(3, "formats", at), "format", at),
            audience="adults",
            when=choose.some(_WHENS, choose.pick(_OPTIONAL_COUNTS, "when", at), "time", at),
            level=choose.some(_LEVELS, choose.pick(_OPTIONAL_COUNTS, "level", at), "for", at),
            answers=choose.pick(_ANSWERS, "answers", at),
            summary={language: self._summary(topic, language, at) for language in told},
            content=self._content(told, at),
        )

    def _topics(self, first: str, at: int) -> tuple[str, ...]:
        """Return *first* and up to three more, mostly of its branch, none above another."""
        count = self._chooser.pick(_TOPIC_COUNTS, "topics", at)
        branch = first.partition(".")[0]
        near = self._chooser.shuffle(self._vocabulary.descendants(branch), "near", at)
        far = self._chooser.shuffle(self._vocabulary.ids(), "far", at)[:8]
        pool = [*far, *near] if self._chooser.below(4, "mix", at) == 0 else [*near, *far]
        topics = [first]
        for topic in pool:
            if len(topics) < count and self._fits_beside(topic, topics):
                topics.append(topic)
        return tuple(topics)

    def _fits_beside(self, topic: str, topics: Sequence[str]) -> bool:
        vocabulary = self._vocabulary
        if vocabulary.is_sensitive(topic) and not vocabulary.is_sensitive(topics[0]):
            return False
        family = {topic, *vocabulary.ancestors(topic), *vocabulary.descendants(topic)}
        return family.isdisjoint(topics)

    def _languages(self, at: int) -> tuple[str, ...]:
        choose = self._chooser
        count = choose.pick(_FURTHER_LANGUAGE_COUNTS, "languages", at)
        home = choose.pick(self._home_languages, "home", at)
        further = choose.shuffle(_SECOND_LANGUAGES, "further", at)
        return tuple(dict.fromkeys((home, *further[:count])))

    def _told_in(self, languages: Sequence[str], at: int) -> tuple[str, ...]:
        """Return those of *languages* in which this offer says something."""
        able = [language for language in languages if language in self._texts]
        return tuple(able[: self._chooser.pick(_TEXT_COUNTS, "texts", at)])

    def _summary(self, topic: str, language: str, at: int) -> str:
        label = self._label(topic, language)
        sentences = self._texts[language].summaries
        lines = [sentence.replace("{topic}", label) for sentence in sentences]
        fitting = [line for line in lines if len(line) <= MAX_SUMMARY_CHARACTERS]
        return self._chooser.pick(fitting, "summary", at, language)

    def _label(self, topic: str, language: str) -> str:
        """Return the nearest label in *language* that nobody takes for a host name."""
        vocabulary = self._vocabulary
        for candidate in (topic, *vocabulary.ancestors(topic)):
            texts = vocabulary.texts(candidate, language)
            if texts is not None and "." not in texts.label:
                return texts.label
        return vocabulary.label(topic, (language,))

    def _content(self, languages: Sequence[str], at: int) -> dict[str, str]:
        if self._chooser.below(3, "content", at) != 0:
            return {}
        return {
            language: self._chooser.pick(
                self._texts[language].contents, "content", at, language
            )
            for language in languages
        }
