"""Topics that only some community has, and the labels that travel with offers naming them.

A community topic (``x.craft.writing.haiku``) says by its id which shared topic it lies below,
so every reader can place it. An offer that names it brings its labels, so every reader can show
it. There is no table of the community topics of others: a label belongs to the offer it came
with, and two communities may give one id different ones.

Left to the caller: which topics there are (``Vocabulary``), and whether labels of an own member
are those of the community. Source: SPEC.md, section on topics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.errors import UnknownTopicError
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import primary_language
from kith_protocol.text import check_text
from kith_protocol.vocabulary import (
    COMMUNITY_PREFIX,
    FALLBACK_LANGUAGE,
    MAX_LABEL_CHARACTERS,
    Vocabulary,
    is_community_topic,
)


def community_topics_of(topics: Iterable[str]) -> tuple[str, ...]:
    """Return those of *topics* that are spelled as a community's, rightly or not."""
    return tuple(topic for topic in topics if topic.startswith(COMMUNITY_PREFIX))


def check_topics(content: OfferContent, *, is_known_topic: Callable[[str], bool]) -> None:
    """Return if the topics of *content* may be named, with their labels.

    Args:
        content: bounds of its members have been checked.
        is_known_topic: whether a topic of right spelling may be named.

    Raises:
        UnknownTopicError: a topic that may not be named, or no community topic though it
            begins like one.
        MalformedError: labels for other than exactly the community topics, a label or a
            language out of bounds.
        PrivacyFloorError: a label that ``check_text`` refuses.
    """
    community = community_topics_of(content.topics)
    if not all(map(is_community_topic, community)):
        raise UnknownTopicError("not the id of a community topic", pointer="/topics")
    if not all(map(is_known_topic, content.topics)):
        raise UnknownTopicError("not in the vocabulary", pointer="/topics")
    if content.topic_labels.keys() != set(community):
        raise MalformedError(
            "each community topic comes with its labels, no other topic does",
            pointer="/topic_labels",
        )
    for labels in content.topic_labels.values():
        for language, label in labels.items():
            # The structs' patterns let a final line break through.
            if "\n" in language:
                raise MalformedError("a language with a line break", pointer="/topic_labels")
            check_text(label, MAX_LABEL_CHARACTERS)


def with_labels(content: OfferContent, vocabulary: Vocabulary) -> OfferContent:
    """Return *content* with the labels of its community topics, all that *vocabulary* has.

    A topic that is not in the vocabulary any more keeps the labels that it has in *content*.

    Args:
        content: topics chosen, labels of no matter.
        vocabulary: of the community, with the words of all its languages: whoever leaves some
            out tells others which languages they read.

    Raises:
        UsageError: there are no labels for a community topic.
    """
    labels = {
        topic: vocabulary.labels(topic) or content.topic_labels.get(topic, {})
        for topic in community_topics_of(content.topics)
    }
    for topic, found in labels.items():
        if not found:
            raise UsageError(f"{topic} is no topic of this community")
    return msgspec.structs.replace(content, topic_labels=labels)


def only_named(content: OfferContent, topics: Sequence[str]) -> OfferContent:
    """Return *content* about *topics*, its own or ones above them, with their labels only."""
    labels = {one: found for one, found in content.topic_labels.items() if one in topics}
    return msgspec.structs.replace(content, topics=tuple(topics), topic_labels=labels)


def label_of(
    content: OfferContent, topic: str, vocabulary: Vocabulary, languages: Sequence[str] = ()
) -> str:
    """Return what *topic*, one that *content* names, is called.

    A community topic is called what its own offer says: the reader's community may call
    something else by that id.

    Args:
        content: of an offer, own or of another community.
        topic: one of its topics.
        vocabulary: the reader's.
        languages: BCP 47 tags in order of preference; only the primary part counts.
    """
    labels = content.topic_labels.get(topic)
    if not labels:
        return vocabulary.label(topic, languages)
    by_language = {primary_language(tag): label for tag, label in reversed(labels.items())}
    wanted = (primary_language(one).lower() for one in (*languages, FALLBACK_LANGUAGE))
    found = next((by_language[one] for one in wanted if one in by_language), None)
    return found if found is not None else next(iter(sorted(labels.items())))[1]
