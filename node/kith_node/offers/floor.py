"""The privacy floor: a topic that hardly anybody mentions is put as the topic above it.

It is applied while the owner watches: the answer to publishing shows what will leave, so that
preview and announcement are the same bytes. It counts offers, not people, and offers of one
person count as many: it is advice against standing out, never anonymity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from kith_protocol.community_topics import only_named
from kith_protocol.offer_content import OfferContent


class Topics(Protocol):
    """The part of the vocabulary that offers need (``kith_protocol.vocabulary.Vocabulary``)."""

    def is_known(self, topic_id: str) -> bool:
        """Return whether there is such a topic."""
        ...

    def ancestors(self, topic_id: str) -> tuple[str, ...]:
        """Return the topics above a known one, nearest first."""
        ...

    def labels(self, topic_id: str) -> dict[str, str]:
        """Return what a topic is called, by language."""
        ...


class Floor:
    """Puts rare topics one level up."""

    def __init__(
        self, least: int, *, offers_about: Callable[[str], int], topics: Topics
    ) -> None:
        """Take the number of live offers below which a topic is rare (0 turns it off).

        *offers_about* counts the live offers of the catalogue that mention a topic.
        """
        self._least = least
        self._offers_about = offers_about
        self._topics = topics

    def apply(self, content: OfferContent, *, kept: Collection[str] = ()) -> OfferContent:
        """Return *content* with its rare topics put one level up.

        Topmost topics have nothing above them and stay.

        Args:
            content: checked.
            kept: topics that the offer has already and keeps.
        """
        if self._least == 0:
            return content
        topics: dict[str, None] = {}
        for topic in content.topics:
            topics[topic if topic in kept else self._generalise(topic)] = None
        return only_named(content, tuple(topics))

    def _generalise(self, topic: str) -> str:
        if not self._topics.is_known(topic):
            return topic
        above = self._topics.ancestors(topic)
        is_rare = self._offers_about(topic) + 1 < self._least  # this offer counts too
        return above[0] if above and is_rare else topic
