"""The catalogue of the small node (``small_node.py``): its offers, signed and ranked."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.proof import sign_document
from kith_protocol import api
from kith_protocol.day import Day, format_day
from kith_protocol.errors import NotFoundError
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import read_listed
from kith_protocol.matching import count_facets
from kith_protocol.offer import Offer, build_offer
from kith_protocol.partition import encode_partition
from kith_protocol.query import parse_query
from kith_protocol.ranking import page_of, rank
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.understood import understand_query
from kith_protocol.urls import actor_url, node_key_url, offer_url
from kith_protocol.vocabulary import (
    VOCABULARY_VERSION,
    Concept,
    LanguageTexts,
    Texts,
    Vocabulary,
)
from kith_testing.small_state import HeldOffer

CONCEPTS = (
    Concept("career"),
    Concept("career.cv", aliases=("CV",), related=("craft.writing",)),
    Concept("craft"),
    Concept("craft.writing"),
    Concept("health", sensitive=True),
)
WORDS = {
    "ar": LanguageTexts("ar", False, {"career": Texts("المسار المهني")}),
    "en": LanguageTexts(
        "en",
        True,
        {
            "career": Texts("Career"),
            "career.cv": Texts("CV and résumé", ("resume",)),
            "craft": Texts("Crafts"),
            "craft.writing": Texts("Writing"),
            "health": Texts("Health"),
        },
    ),
}
VOCABULARY = Vocabulary(CONCEPTS, WORDS.values())
TOPICS = api.TopicsAnswer(
    version=VOCABULARY_VERSION,
    topics=CONCEPTS,
    languages=tuple(
        api.TopicLanguage(one.language, one.reviewed, f'"{one.language}"')
        for one in WORDS.values()
    ),
)
_HIERARCHY = Hierarchy(VOCABULARY.ancestors, VOCABULARY.related)
_KEY = SigningKey.from_seed(bytes(range(32)))


class Shelf:
    """The offers of one moment."""

    def __init__(self, offers: Mapping[str, HeldOffer], *, origin: str, today: Day) -> None:
        self._offers = offers
        self._origin = origin
        self._today = today

    def search(self, parameters: Mapping[str, str]) -> api.SearchAnswer:
        """Return what a query finds, ranked by the plain form of the ranking."""
        query = parse_query(parameters, is_known_topic=VOCABULARY.is_known)
        query, understood = understand_query(query, TopicFinder(VOCABULARY))
        listed = [
            read_listed(self.signed(name), with_words=bool(query.words))
            for name in self._offers
        ]
        ranked = rank(
            listed,
            query,
            hierarchy=_HIERARCHY,
            day=self._today,
            community=actor_url(self._origin),
        )
        hits = tuple(
            msgspec.structs.replace(self.hit(one.id), score=one.score, reasons=one.reasons)
            for one in page_of(ranked, query)
        )
        counted = count_facets(listed, query, hierarchy=_HIERARCHY, day=self._today)
        facets = counted if query.counts else None
        return api.SearchAnswer(hits, len(ranked), facets=facets, understood=understood)

    def hit(self, url: str) -> api.Hit:
        """Return one offer by its URL."""
        name = url.rpartition("/")[2]
        if name not in self._offers:
            raise NotFoundError("offer")
        raw = msgspec.Raw(self.signed(name))
        return api.Hit(url, actor_url(self._origin), True, 0, (), raw)

    def partition(self, language: str) -> bytes:
        """Return the file of a language."""
        signed = [self.signed(name) for name in self._offers]
        return encode_partition(
            language, [raw for raw in signed if language in read_listed(raw).languages]
        )

    def signed(self, name: str) -> bytes:
        """Return the bytes of an offer as the node would release it today."""
        held = self._offers[name]
        document = build_offer(
            Offer(
                id=offer_url(self._origin, parse_base64url(name)),
                author=actor_url(self._origin),
                published=self._today,
                updated=self._today,
                end_day=Day(held.body.end_day),
                revision=held.revision,
                content=held.body.content,
            )
        )
        signed = sign_document(
            document,
            _KEY,
            verification_method=node_key_url(self._origin),
            created=format_day(self._today),
        )
        return msgspec.json.encode(signed, order="sorted")
