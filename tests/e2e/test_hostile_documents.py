"""Offers, proofs and activities of a peer that are wrong in one way each."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.announcements import (
    build_create,
)
from kith_protocol.limits import MAX_ACTIVITY_BYTES
from kith_protocol.offer import topic_url
from kith_protocol.urls import offer_url
from kith_testing.hostile import (
    HostileNode,
    result_of,
    unchanged,
)
from kith_testing.node import LocalNode

OTHER_KEY = SigningKey.from_seed(b"o" * 32)


Spoil = Callable[[JsonObject, HostileNode, LocalNode], None]


def spoil_topics(offer: JsonObject, *_: object) -> None:
    offer["kith:topics"] = ["no.such.topic"]


def spoil_owner(offer: JsonObject, _: HostileNode, node: LocalNode) -> None:
    offer["attributedTo"] = node.actor


def spoil_owner_list(offer: JsonObject, peer: HostileNode, _: LocalNode) -> None:
    offer["attributedTo"] = [peer.actor]


def spoil_origin(offer: JsonObject, *_: object) -> None:
    offer["id"] = offer_url("https://elsewhere.example", b"e" * 16)


def spoil_own_origin(offer: JsonObject, _: HostileNode, node: LocalNode) -> None:
    offer["id"] = offer_url(node.origin, b"e" * 16)


def spoil_audience(offer: JsonObject, *_: object) -> None:
    offer["to"] = ["https://www.w3.org/ns/activitystreams#Public"]


def spoil_audience_member(offer: JsonObject, peer: HostileNode, _: LocalNode) -> None:
    offer["to"] = [f"{peer.origin}/followers", f"{peer.origin}/members/7"]


def spoil_context(offer: JsonObject, *_: object) -> None:
    context = offer["@context"]
    assert isinstance(context, list)
    offer["@context"] = [*context, {"attributedTo": "https://evil.example/x"}]


def spoil_programme(offer: JsonObject, *_: object) -> None:
    offer["kith:audience"] = "youth"


def spoil_member(offer: JsonObject, *_: object) -> None:
    offer["kith:mentor"] = "somebody"


def spoil_long_life(offer: JsonObject, *_: object) -> None:
    offer["endTime"] = "2099-01-01T00:00:00Z"


def spoil_time_of_day(offer: JsonObject, *_: object) -> None:
    offer["endTime"] = str(offer["endTime"]).replace("T00:00:00Z", "T00:00:01Z")


def spoil_future(offer: JsonObject, *_: object) -> None:
    offer["published"] = offer["updated"] = "2030-01-01T00:00:00Z"
    offer["endTime"] = "2030-06-01T00:00:00Z"


def spoil_over(offer: JsonObject, *_: object) -> None:
    offer["published"] = offer["updated"] = "2025-01-01T00:00:00Z"
    offer["endTime"] = "2025-06-01T00:00:00Z"


def spoil_revision(offer: JsonObject, *_: object) -> None:
    offer["kith:revision"] = 2**31


def spoil_text(offer: JsonObject, *_: object) -> None:
    offer["contentMap"] = {"en": "Write to me: @somebody@evil.example"}


def spoil_markup(offer: JsonObject, *_: object) -> None:
    offer["summaryMap"] = {"en": "\u202egnitirw"}


def spoil_length(offer: JsonObject, *_: object) -> None:
    offer["contentMap"] = {"en": "a" * 601}


def spoil_type(offer: JsonObject, *_: object) -> None:
    offer["type"] = "Person"


def spoil_mirror(offer: JsonObject, *_: object) -> None:
    publishes = offer["publishes"]
    assert isinstance(publishes, dict)
    offer["publishes"] = {**publishes, "resourceConformsTo": ["https://evil.example/t"]}


def name_topic(offer: JsonObject, topic: str, labels: JsonValue) -> None:
    """Let *offer* be about *topic* alone, mirror included."""
    publishes = offer["publishes"]
    assert isinstance(publishes, dict)
    offer["publishes"] = {**publishes, "resourceConformsTo": [topic_url(topic)]}
    offer["kith:topics"] = [topic]
    offer["kith:topicLabels"] = labels


def with_labels(name: str, labels: JsonValue, topic: str = "x.craft.writing.haiku") -> Spoil:
    def spoil(offer: JsonObject, *_: object) -> None:
        name_topic(offer, topic, {topic: labels} if isinstance(labels, dict) else labels)

    spoil.__name__ = f"labels_{name}"
    return spoil


def with_topic(name: str, topic: str) -> Spoil:
    spoil = with_labels(name, {"en": "Haiku"}, topic)
    spoil.__name__ = f"topic_{name}"
    return spoil


def spoil_needless_labels(offer: JsonObject, *_: object) -> None:
    offer["kith:topicLabels"] = {"x.craft.writing.haiku": {"en": "Haiku"}}


def spoil_labels_of_another(offer: JsonObject, *_: object) -> None:
    name_topic(offer, "x.craft.writing.haiku", {"x.craft.writing.tanka": {"en": "Tanka"}})


def spoil_missing_labels(offer: JsonObject, *_: object) -> None:
    name_topic(offer, "x.craft.writing.haiku", {})
    del offer["kith:topicLabels"]


SPOILS: dict[Spoil, str] = {
    with_topic("of_an_unknown_branch", "x.nosuch.haiku"): "unknown-topic",
    with_topic("without_a_branch", "x.haiku"): "unknown-topic",
    with_topic("twice_foreign", "x.x.craft.haiku"): "unknown-topic",
    with_topic("too_deep", "x.craft.writing.poetry.haiku.spring"): "unknown-topic",
    with_topic("of_81_characters", "x.craft." + "h" * 73): "malformed",
    with_labels("that_turn_the_text", {"en": "\u202eukiah"}): "unsafe-text",
    with_labels("with_a_link", {"en": "haiku.example.com/me"}): "unsafe-text",
    with_labels("with_a_handle", {"en": "Haiku", "ja": "@somebody"}): "unsafe-text",
    with_labels("too_long", {"en": "H" * 81}): "malformed",
    with_labels("in_no_language", {}): "malformed",
    with_labels("in_13_languages", {f"e{c}": "H" for c in "abcdefghijklm"}): "malformed",
    with_labels("in_200_languages", {f"en-{n:04}": "H" for n in range(200)}): "malformed",
    with_labels("in_1000_languages", {f"en-{n:04}": "H" for n in range(1000)}): "malformed",
    with_labels("that_are_a_list", [{"en": "Haiku"}]): "malformed",
    spoil_needless_labels: "malformed",
    spoil_labels_of_another: "malformed",
    spoil_missing_labels: "malformed",
    spoil_topics: "unknown-topic",
    spoil_owner: "wrong-owner",
    spoil_owner_list: "wrong-owner",
    spoil_origin: "wrong-owner",
    spoil_own_origin: "wrong-owner",
    spoil_audience: "wrong-owner",
    spoil_audience_member: "malformed",
    spoil_context: "malformed",
    spoil_programme: "malformed",
    spoil_member: "malformed",
    spoil_long_life: "malformed",
    spoil_time_of_day: "malformed",
    spoil_future: "malformed",
    spoil_over: "expired",
    spoil_revision: "malformed",
    spoil_text: "unsafe-text",
    spoil_markup: "unsafe-text",
    spoil_length: "malformed",
    spoil_type: "malformed",
    spoil_mirror: "malformed",
}


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
async def test_a_spoiled_offer_with_a_good_proof(
    node: LocalNode, peer: HostileNode, spoil: Spoil
) -> None:
    draft = peer.draft_offer()
    spoil(draft, peer, node)
    signed = peer.sign(draft)
    right = build_create(peer.origin, peer.sign(peer.draft_offer()))
    body = canonical_bytes(peer.sign({**right, "object": signed}))
    with unchanged(node):
        reply = await peer.post(node, body)
        assert reply.code == SPOILS[spoil]
        assert 400 <= reply.status < 500
        assert await peer.post_batch(node, [body]) == [f"refused:{SPOILS[spoil]}"]
    assert not peer.asked


Twist = Callable[[JsonObject, HostileNode], JsonObject]


def tampered(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {**signed, "kith:ways": ["teach"]}


def undated(signed: JsonObject, _: HostileNode) -> JsonObject:
    proof = signed["proof"]
    assert isinstance(proof, dict)
    return {**signed, "proof": {**proof, "created": "2026-11-23T00:00:00Z"}}


def unproved(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {name: value for name, value in signed.items() if name != "proof"}


def proved_by_another_key(signed: JsonObject, peer: HostileNode) -> JsonObject:
    return peer.sign(unproved(signed, peer), key=OTHER_KEY)


def proved_under_another_name(signed: JsonObject, peer: HostileNode) -> JsonObject:
    method = "https://elsewhere.example/actor#ed25519-key"
    return peer.sign(unproved(signed, peer), method=method)


def proved_by_a_key_not_listed(signed: JsonObject, peer: HostileNode) -> JsonObject:
    return peer.sign(unproved(signed, peer), method=f"{peer.actor}#another")


def proof_list(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {**signed, "proof": [signed["proof"], signed["proof"]]}


def proof_url(signed: JsonObject, peer: HostileNode) -> JsonObject:
    return {**signed, "proof": f"{peer.origin}/proof"}


def context_added(signed: JsonObject, _: HostileNode) -> JsonObject:
    context = signed["@context"]
    assert isinstance(context, list)
    return {**signed, "@context": [*context, "https://evil.example/context"]}


def context_swapped(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {**signed, "@context": "https://www.w3.org/ns/activitystreams"}


def member_added(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {**signed, "kith:relay": True}


def legacy_signature(signed: JsonObject, _: HostileNode) -> JsonObject:
    return {**signed, "signature": {"type": "RsaSignature2017"}}


def with_proof_member(name: str, value: str) -> Twist:
    def twist(signed: JsonObject, _: HostileNode) -> JsonObject:
        proof = signed["proof"]
        assert isinstance(proof, dict)
        return {**signed, "proof": {**proof, name: value}}

    twist.__name__ = f"proof_{name}_{value[:12]}"
    return twist


TWISTS: dict[Twist, str] = {
    tampered: "bad-signature",
    undated: "bad-signature",
    unproved: "malformed",
    proved_by_another_key: "bad-signature",
    proved_under_another_name: "wrong-owner",
    proved_by_a_key_not_listed: "bad-signature",
    proof_list: "malformed",
    proof_url: "malformed",
    context_added: "malformed",
    context_swapped: "malformed",
    member_added: "bad-signature",
    legacy_signature: "malformed",
    with_proof_member("proofPurpose", "authentication"): "malformed",
    with_proof_member("cryptosuite", "eddsa-rdfc-2022"): "malformed",
    with_proof_member("proofValue", "z" + "2" * 60_000): "malformed",
    with_proof_member("proofValue", "u" + "A" * 86): "malformed",
    with_proof_member("domain", "evil.example"): "malformed",
    with_proof_member("created", "2026-11-22T00:00:00.000Z"): "malformed",
}


@pytest.mark.parametrize("twist", TWISTS, ids=lambda twist: twist.__name__)
async def test_a_right_offer_with_a_wrong_proof(
    node: LocalNode, peer: HostileNode, twist: Twist
) -> None:
    signed = twist(peer.sign(peer.draft_offer()), peer)
    right = build_create(peer.origin, peer.sign(peer.draft_offer()))
    body = canonical_bytes(peer.sign({**right, "object": signed}))
    with unchanged(node):
        reply = await peer.post(node, body)
        assert reply.code == TWISTS[twist]
        assert 400 <= reply.status < 500
    # A key that is not listed may be new: asked once.
    assert sum(peer.asked.values()) <= 1


ACTIVITY_CHANGES: dict[str, tuple[JsonObject, str]] = {
    "a list of actors": ({"actor": ["ACTOR"]}, "malformed"),
    "no actor": ({"actor": None}, "malformed"),
    "an actor of ours": ({"actor": "NODE/actor"}, "wrong-owner"),
    "no id": ({"id": None}, "malformed"),
    "an id elsewhere": ({"id": "https://elsewhere.example/activities/x"}, "wrong-owner"),
    "an id of ours": ({"id": "NODE/activities/x"}, "wrong-owner"),
    "a long id": ({"id": "https://elsewhere.example/" + "a" * 3000}, "malformed"),
    "an id in another spelling": ({"id": "PEER/%7Eactivities/x"}, "malformed"),
    "an id with a user": ({"id": "https://good.example@evil.example/x"}, "malformed"),
    "a list of objects": ({"object": []}, "malformed"),
    "a number for an object": ({"object": 7}, "malformed"),
    "an object by its id alone": (
        {"object": "PEER/offers/AAAAAAAAAAAAAAAAAAAAAA"},
        "malformed",
    ),
    "a context with other meanings": (
        {"@context": [{"actor": "https://evil.example/foo"}]},
        "malformed",
    ),
}


@pytest.mark.parametrize("name", ACTIVITY_CHANGES)
async def test_an_activity_of_another_form(
    node: LocalNode, peer: HostileNode, name: str
) -> None:
    changes, code = ACTIVITY_CHANGES[name]
    filled = (
        msgspec.json.encode(changes)
        .replace(b"ACTOR", peer.actor.encode())
        .replace(b"NODE", node.origin.encode())
        .replace(b"PEER", peer.origin.encode())
    )
    document = build_create(peer.origin, peer.sign(peer.draft_offer()))
    document.update(msgspec.json.decode(filled))
    with unchanged(node):
        assert (await peer.post(node, msgspec.json.encode(document))).code == code
    assert not peer.asked


async def test_an_embedded_actor_with_other_keys(node: LocalNode, peer: HostileNode) -> None:
    draft = peer.draft_actor(OTHER_KEY)
    offer = peer.sign(peer.draft_offer(), key=OTHER_KEY)
    activity_document = {**build_create(peer.origin, offer), "actor": draft}
    with unchanged(node):
        reply = await peer.post(node, canonical_bytes(activity_document))
        assert result_of(reply) == (400, "bad-signature")


async def test_two_readings_of_one_activity(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    twice = body.replace(b'{"@context"', b'{"type":"Follow","@context"', 1)
    with unchanged(node):
        assert result_of(await peer.post(node, twice)) == (400, "malformed")


async def test_an_activity_of_one_byte_too_many(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer())).ljust(MAX_ACTIVITY_BYTES + 1)
    with unchanged(node):
        assert result_of(await peer.post(node, body)) == (413, "too-large")
    assert (await peer.post(node, body[:-1])).status == 202
