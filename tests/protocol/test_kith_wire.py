from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import verify_content_digest
from kith_crypto.ed25519 import parse_verify_key
from kith_crypto.errors import KithError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id, profile_id
from kith_crypto.proof import verify_document
from kith_protocol.activity import Accept, Create, Delete, Follow, parse_activity
from kith_protocol.actor import parse_actor, verify_actor
from kith_protocol.bundle import check_bundle, parse_bundle
from kith_protocol.capability import read_capability
from kith_protocol.http_signature import Message, check_window, read_signature, verify_claim
from kith_protocol.invite import encode_invite, invite_hash, parse_invite
from kith_protocol.key_pages import Page, parse_page
from kith_protocol.keyholders import verify_keyholders
from kith_protocol.offer import parse_offer
from kith_protocol.resource import parse_resource
from kith_protocol.shown import verify_shown
from kith_protocol.text import check_text
from kith_protocol.tombstone import parse_tombstone
from kith_protocol.urls import node_key_url, parse_offer_url
from kith_testing.resources import LINK, TEXT
from kith_testing.wire_documents import COMMUNITY_CONTENT
from kith_testing.wire_vectors import NOW, make, render

ASH = "https://ash.example"
FILE = Path(__file__).parents[2] / "protocol/vectors/kith_wire.json"


@pytest.fixture(scope="module")
def vectors(load_vectors: Callable[[str], Any]) -> Any:
    return load_vectors("kith_wire.json")


def key_of(vectors: Any, name: str) -> Any:
    return parse_verify_key(bytes.fromhex(vectors["keys"][name]["public"]))


def request_of(vectors: Any, name: str) -> Message:
    one = vectors["requests"][name]
    return Message(one["method"], one["target_uri"], one["authority"], one["headers"])


def test_the_file_is_what_the_code_makes() -> None:
    assert FILE.read_bytes() == render(make()), "see kith_testing.wire_vectors"


def test_the_documents_verify_and_stand_for_themselves(vectors: Any) -> None:
    documents = vectors["documents"]
    for document in documents.values():
        signed = document["signed"]
        unsigned = verify_document(signed, key_of(vectors, "ash"))
        assert sha256(canonical_bytes(signed)).hex() == document["signed_canonical_sha256"]
        assert sha256(canonical_bytes(unsigned)).hex() == document["unsigned_canonical_sha256"]
        with pytest.raises(SignatureError):
            verify_document({**signed, "id": f"{ASH}/other"}, key_of(vectors, "ash"))
    for name in ("offer", "offer_with_everything", "offer_with_a_community_topic"):
        offer = parse_offer(
            documents[name]["signed"], programme="adults", is_known_topic=lambda _: True
        )
        assert parse_offer_url(offer.id) == (ASH, offer_id(key_of(vectors, "offer")))
    assert offer.content == COMMUNITY_CONTENT
    assert parse_tombstone(documents["tombstone"]["signed"]).id == offer.id
    for name, content in (("resource_link", LINK), ("resource_text", TEXT)):
        resource = parse_resource(
            documents[name]["signed"], is_known_topic=lambda topic: topic in TEXT.topics
        )
        assert resource.content == content


def test_the_actor_is_trusted_by_its_own_key(vectors: Any) -> None:
    document = vectors["documents"]["actor"]["signed"]
    actor = parse_actor(document, url=f"{ASH}/actor")
    assert actor.keys == {node_key_url(ASH): key_of(vectors, "ash")}
    verify_actor(document, actor, actor.keys)
    assert actor.keyholders is not None
    assert verify_keyholders(actor.keyholders).verify_key == key_of(vectors, "keyholders")


def test_the_activities_verify_and_mean_what_they_say(vectors: Any) -> None:
    activities = vectors["activities"]
    kinds = {
        "follow": Follow,
        "create": Create,
        "create_resource": Create,
        "delete": Delete,
        "accept": Accept,
        "receipt": Accept,
    }
    assert activities.keys() == kinds.keys()
    for name, kind in kinds.items():
        signer = "elm" if name in ("accept", "receipt") else "ash"
        assert isinstance(parse_activity(activities[name]), kind)
        verify_document(activities[name], key_of(vectors, signer))
        with pytest.raises(SignatureError):
            verify_document(activities[name], key_of(vectors, "offer"))


def test_the_nodes_requests_verify(vectors: Any) -> None:
    for name in ("delivery", "fetch"):
        message = request_of(vectors, name)
        claim = read_signature(message)
        assert claim.base.decode() == vectors["requests"][name]["signature_base"]
        assert claim.key_id == node_key_url(ASH)
        check_window(claim, now=NOW)
        verify_claim(claim, key_of(vectors, "ash"))
        moved = replace(message, target_uri=f"{ASH}/inbox")
        with pytest.raises(SignatureError):
            verify_claim(read_signature(moved), key_of(vectors, "ash"))


def test_the_owners_requests_verify(vectors: Any) -> None:
    for name, with_session in (("capability", False), ("capability_with_session", True)):
        key, claim = read_capability(
            request_of(vectors, name), has_body=with_session, with_session=with_session
        )
        assert key == key_of(vectors, "offer")
        assert claim.base.decode() == vectors["requests"][name]["signature_base"]
        verify_claim(claim, key)


def test_the_digests_fit_the_bodies(vectors: Any) -> None:
    for name, body in vectors["requests"]["bodies"].items():
        header = vectors["requests"][name]["headers"]["content-digest"]
        verify_content_digest(header, body.encode())
        with pytest.raises(KithError):
            verify_content_digest(header, body.encode() + b" ")


def test_the_bundle_is_the_offers_and_stands_on_its_page(vectors: Any) -> None:
    raw = bytes.fromhex(vectors["bundle"]["bytes"])
    offer = offer_id(key_of(vectors, "offer"))
    bundle = parse_bundle(raw)
    week = vectors["bundle"]["week"]
    assert check_bundle(bundle, offer=offer, first_week=week, last_week=week) is bundle
    assert bundle.knock_box.hex() == vectors["bundle"]["knock_box"]
    page = parse_page(bytes.fromhex(vectors["key_page"]["bytes"]), prefix="")
    assert page == Page(week=week, bundles={offer: raw})


def test_both_keys_show_the_offer_under_the_profile(vectors: Any) -> None:
    shown = vectors["shown"]
    ids = verify_shown(
        key_of(vectors, "profile"),
        key_of(vectors, "offer"),
        profile_signature=bytes.fromhex(shown["profile_signature"]),
        offer_signature=bytes.fromhex(shown["offer_signature"]),
    )
    assert [one.hex() for one in ids] == [shown["profile"], shown["offer"]]
    assert ids[0] == profile_id(key_of(vectors, "profile"))


def test_the_invites_are_read_and_known_by_their_hash(vectors: Any) -> None:
    assert len(vectors["invites"]) == 6
    for one in vectors["invites"]:
        invite = parse_invite(one["text"])
        assert invite.code.hex() == one["code"]
        assert (invite.role, invite.expiry_day) == (one["role"], one["expiry_day"])
        assert encode_invite(invite) == one["text"]
        assert one["link"].endswith(f"/#i={one['text']}")
        assert invite_hash(invite).hex() == one["hash"]


def test_the_texts_are_taken_or_refused_for_the_reason_given(vectors: Any) -> None:
    texts = vectors["texts"]
    for text in texts["taken"]:
        assert check_text(text, texts["max_characters"]) == text
    for text, code in texts["refused"].items():
        with pytest.raises(KithError) as caught:
            check_text(text, texts["max_characters"])
        assert caught.value.code == code
