"""The forged announcements look real in everything but the proof."""

from __future__ import annotations

import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import SignatureError
from kith_crypto.proof import verify_document
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.demo.errors import CheckError
from kith_node.demo.tamper import OTHER_WORDS, forge, pick_offer
from kith_node.federation.identity import NodeIdentity
from kith_protocol.activity import Create, Update, parse_activity
from kith_protocol.day import Day
from kith_protocol.offer import Offer, build_offer, parse_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import offer_url
from kith_testing.rng import SeededRng

ORIGIN = "http://localhost:1001"


@pytest.fixture(scope="module")
def identity() -> NodeIdentity:
    return NodeIdentity(ORIGIN, SigningKey.from_seed(bytes(32)), RsaSigningKey.generate())


def real_offer(identity: NodeIdentity, *, summary: dict[str, str]) -> JsonObject:
    offer = Offer(
        id=offer_url(ORIGIN, bytes(16)),
        author=identity.actor,
        published=Day(20_000),
        updated=Day(20_000),
        end_day=Day(20_090),
        revision=1,
        content=OfferContent(("software",), ("en",), ("teach",), ("chat",), summary=summary),
    )
    return identity.sign(build_offer(offer), day=Day(20_000))


def activities(identity: NodeIdentity) -> list[Create | Update]:
    offer = real_offer(identity, summary={"en": "Happy to help"})
    forgery = forge(offer, identity, rng=SeededRng(1).bytes)
    read: list[Create | Update] = []
    for raw in forgery.activities:
        activity = parse_activity(parse_json_object(raw, max_bytes=65536), development=True)
        assert isinstance(activity, Create | Update)
        read.append(activity)
    assert read[1].object_id == forgery.invented
    return read


def test_all_three_are_well_formed_announcements_of_valid_offers(
    identity: NodeIdentity,
) -> None:
    for activity in activities(identity):
        parse_offer(
            activity.object, programme="adults", is_known_topic=lambda _: True, development=True
        )


def test_only_the_last_has_a_valid_proof(identity: NodeIdentity) -> None:
    changed, copied, real = activities(identity)
    key = identity.signing_key.verify_key
    verify_document(real.object, key)
    for forged in (changed, copied):
        with pytest.raises(SignatureError):
            verify_document(forged.object, key)


def test_the_first_says_other_words_in_a_newer_revision(identity: NodeIdentity) -> None:
    changed, _, real = activities(identity)
    assert isinstance(changed, Update)
    assert changed.object_id == real.object_id
    assert changed.object["summaryMap"] == {"en": OTHER_WORDS}
    assert changed.object["kith:revision"] == 2


def test_picks_an_offer_of_the_actor_that_says_something(identity: NodeIdentity) -> None:
    silent = real_offer(identity, summary={})
    telling = real_offer(identity, summary={"en": "Happy to help"})
    view = {"silent": canonical_bytes(silent), "telling": canonical_bytes(telling)}
    assert pick_offer(view, identity.actor) == telling
    with pytest.raises(CheckError):
        pick_offer({"silent": canonical_bytes(silent)}, identity.actor)
    with pytest.raises(CheckError):
        pick_offer(view, "http://localhost:1002/actor")
