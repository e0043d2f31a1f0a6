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
from kith_protocol.listed import read_listed
from kith_protocol.offer import Offer, build_offer
from kith_protocol.partition import encode_partition
from kith_protocol.query import parse_query
from kith_protocol.ranking import page_of, rank
from kith_protocol.urls import actor_url, node_key_url, offer_url
from kith_testing.small_state import HeldOffer

TOPICS = (
    api.TopicEntry("career", {"en": "Career", "ar": "المسار المهني"}),
    api.TopicEntry(
        "career.cv", {"en": "CV and résumé"}, parent="career", synonyms={"en": ("resume",)}
    ),
    api.TopicEntry("craft", {"en": "Crafts"}),
    api.TopicEntry("craft.writing", {"en": "Writing"}, parent="craft"),
    api.TopicEntry("health", {"en": "Health"}, sensitive=True),
)
_PARENTS = {"career.cv": ("career",), "craft.writing": ("craft",)}
_KEY = SigningKey.from_seed(bytes(range(32)))


class Shelf:
    """The offers of one moment."""

    def __init__(self, offers: Mapping[str, HeldOffer], *, origin: str, today: Day) -> None:
        self._offers = offers
        self._origin = origin
        self._today = today

    def search(self, parameters: Mapping[str, str]) -> api.SearchAnswer:
        """Return what a query finds, ranked by the plain form of the ranking."""
        query = parse_query(parameters, is_known_topic=lambda _: True)
        listed = [read_listed(self.signed(name)) for name in self._offers]
        ranked = rank(
            listed, query, ancestors=lambda topic: _PARENTS.get(topic, ()), day=self._today
        )
        hits = tuple(
            msgspec.structs.replace(self.hit(one.id), score=one.score, reasons=one.reasons)
            for one in page_of(ranked, query)
        )
        return api.SearchAnswer(hits, len(ranked))

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
