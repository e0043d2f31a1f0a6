"""Signed documents and requests of a node that exists only in tests."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.proof import sign_document
from kith_crypto.strict_json import JsonObject
from kith_protocol.day import Day, format_day, parse_day
from kith_protocol.http_signature import Message, make_message
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import Origin, actor_url, node_key_url, offer_url, parse_url

ASH: Origin = "https://ash.example"
ELM: Origin = "https://elm.example"
ASH_KEY = SigningKey.from_seed(bytes(range(32)))
ELM_KEY = SigningKey.from_seed(bytes(range(32, 64)))
TODAY = parse_day("2026-11-22T00:00:00Z")

CONTENT = OfferContent(
    topics=("craft.writing", "career.cv"),
    languages=("en", "ar"),
    ways=("teach", "review"),
    formats=("chat", "voice"),
)
FULL_CONTENT = OfferContent(
    topics=("craft.writing",),
    languages=("en",),
    ways=("advise",),
    formats=("in-person",),
    audience="adults",
    when=("evenings",),
    level=("starting", "some"),
    room="full",
    answers="week",
    group=True,
    relay=True,
    region="155",
    summary={"en": "Letters that get answered"},
    content={"en": "We write together, slowly.", "ar": "نكتب معا، ببطء."},
)
COMMUNITY_CONTENT = OfferContent(
    topics=("x.craft.writing.haiku", "craft.writing"),
    languages=("en", "ja"),
    ways=("practise",),
    formats=("chat",),
    topic_labels={"x.craft.writing.haiku": {"ar": "هايكو", "en": "Haiku", "ja": "俳句"}},
)


def sign_as(
    origin: Origin, key: SigningKey, document: JsonObject, day: Day = TODAY
) -> JsonObject:
    """Return *document* with the proof of the node at *origin*."""
    return sign_document(
        document, key, verification_method=node_key_url(origin), created=format_day(day)
    )


def an_offer(content: OfferContent = CONTENT, **changes: object) -> Offer:
    """Return an offer of Ash, published today for 90 days."""
    offer = Offer(
        id=offer_url(ASH, bytes(range(16))),
        author=actor_url(ASH),
        published=TODAY,
        updated=TODAY,
        end_day=Day(TODAY + 90),
        revision=1,
        content=content,
    )
    return replace(offer, **changes)


def a_signed_offer(content: OfferContent = CONTENT, **changes: object) -> JsonObject:
    """Return the document of such an offer, signed by Ash."""
    offer = an_offer(content, **changes)
    return sign_as(ASH, ASH_KEY, build_offer(offer), offer.updated)


def a_request(
    method: str = "POST",
    url: str = f"{ELM}/inbox",
    *,
    body: bytes | None = b"{}",
    headers: Mapping[str, str] | None = None,
) -> Message:
    """Return a request as its sender prepares it, unsigned."""
    fields = dict(headers or {})
    if body is not None:
        fields["content-digest"] = content_digest(body)
        fields.setdefault("content-type", "application/activity+json")
    return make_message(method, parse_url(url), fields)


def with_headers(message: Message, headers: Mapping[str, str]) -> Message:
    """Return *message* as it arrives with these fields added."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return replace(message, headers={**message.headers, **lowered})
