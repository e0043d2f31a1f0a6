"""Makes ``protocol/vectors/kith_wire.json`` from fixed seeds.

The file is the contract with other implementations; a change in it is a change of the
protocol. ``python -m kith_testing.wire_vectors`` prints it.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id, profile_id
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.activity import Follow
from kith_protocol.actor import ActorDraft, build_actor
from kith_protocol.announcements import (
    build_accept,
    build_accept_delete,
    build_create,
    build_delete,
    build_follow,
)
from kith_protocol.bundle import encode_bundle
from kith_protocol.capability import sign_capability
from kith_protocol.day import Day, week_of
from kith_protocol.http_signature import Message, read_signature, sign_message
from kith_protocol.invite import ROLES, Invite, encode_invite, invite_hash, invite_link
from kith_protocol.key_pages import Page, encode_page
from kith_protocol.keyholders import sign_keyholders
from kith_protocol.offer import build_offer
from kith_protocol.resource import Resource, build_resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.shown import sign_shown
from kith_protocol.tombstone import build_tombstone
from kith_protocol.urls import activity_url, actor_url, node_key_url, offer_url
from kith_testing.resources import LINK, TEXT, resource_of
from kith_testing.wire_documents import (
    ASH,
    ASH_KEY,
    COMMUNITY_CONTENT,
    CONTENT,
    ELM,
    ELM_KEY,
    FULL_CONTENT,
    TODAY,
    a_request,
    an_offer,
    sign_as,
    with_headers,
)

Vectors: TypeAlias = JsonObject

OFFER_KEY = SigningKey.from_seed(sha256(b"offer"))
PROFILE_KEY = SigningKey.from_seed(sha256(b"profile"))
KEYHOLDERS_KEY = SigningKey.from_seed(sha256(b"keyholders"))
SEALING_KEY = b"".join(sha256(bytes((n,))) for n in range(38))
NOW = 1_795_298_400
NONCE = bytes(range(16))
TOKEN = bytes(range(16, 32))
OFFER_ID = offer_id(OFFER_KEY.verify_key)
# A public key of the vectors of RFC 9421, of which the private half is public too.
RSA_PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhAKYdtoeoy8zcAcR874L\n"
    "8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgaj\n"
    "zrw3MOEt8uA5txSKobBpKDeBLOsdJKFqMGmXCQvEG7YemcxDTRPxAleIAgYYRjTS\n"
    "d/QBwVW9OwNFhekro3RtlinV0a75jfZgkne/YiktSvLG34lw2zqXBDTC5NHROUqG\n"
    "TlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0PuKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dS\n"
    "FFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQPSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ1\n"
    "0wIDAQAB\n"
    "-----END PUBLIC KEY-----\n"
)


TAKEN = ("Node.js and ASP.NET", "2019, 3.5 years", "نكتب معا، ببطء", "I knit @ home", "C++")
REFUSED = {
    "": "malformed",
    "a" * 31: "malformed",
    " blank": "malformed",
    "Cafe\u0301": "malformed",
    "two\nlines": "unsafe-text",
    "\u202eturned": "unsafe-text",
    "zero\u200bwidth": "unsafe-text",
    "www.node.example": "unsafe-text",
    "see node.example/me": "unsafe-text",
    "find mypage.com": "unsafe-text",
    "ask @someone": "unsafe-text",
    "a@node.example": "unsafe-text",
    "\uff57\uff57\uff57.node": "unsafe-text",
    "call 555 123 4567": "unsafe-text",
    "\u0661\u0662\u0663\u0664\u0665\u0666\u0667": "unsafe-text",
}


def make() -> Vectors:
    """Return all vectors."""
    week = week_of(TODAY)
    bundle = encode_bundle(OFFER_KEY, week=week, sealing_key=SEALING_KEY, knock_box=NONCE)
    page = encode_page(Page(week=week, bundles={OFFER_ID: bundle}))
    by_profile, by_offer = sign_shown(PROFILE_KEY, OFFER_KEY)
    return {
        "about": "Documents and requests of Kith, from fixed seeds. Bytes are hexadecimal.",
        "checked": "Made by kith_testing.wire_vectors; read, verified and tampered with by "
        "tests/protocol/test_kith_wire.py. The keys are public: never use them.",
        "keys": _keys(),
        "documents": _documents(),
        "activities": _activities(),
        "requests": _requests(),
        "bundle": {"week": week, "knock_box": NONCE.hex(), "bytes": bundle.hex()},
        "key_page": {"prefix": "", "bytes": page.hex()},
        "shown": {
            "profile": profile_id(PROFILE_KEY.verify_key).hex(),
            "offer": OFFER_ID.hex(),
            "profile_signature": by_profile.hex(),
            "offer_signature": by_offer.hex(),
        },
        "invites": [_invite(place) for place in range(len(ROLES))],
        "texts": {"max_characters": 30, "taken": list(TAKEN), "refused": dict(REFUSED)},
    }


def _keys() -> JsonObject:
    keys = {
        "ash": ASH_KEY,
        "elm": ELM_KEY,
        "offer": OFFER_KEY,
        "profile": PROFILE_KEY,
        "keyholders": KEYHOLDERS_KEY,
    }
    return {
        name: {"seed": key.seed.hex(), "public": key.verify_key.hex()}
        for name, key in keys.items()
    }


def _documents() -> JsonObject:
    offer = an_offer(CONTENT, id=offer_url(ASH, OFFER_ID))
    full = an_offer(
        FULL_CONTENT, id=offer_url(ASH, OFFER_ID), revision=2, updated=Day(TODAY + 3)
    )
    community = an_offer(COMMUNITY_CONTENT, id=offer_url(ASH, OFFER_ID), revision=3)
    draft = ActorDraft(
        origin=ASH,
        name="Ash",
        summary="People who write letters.",
        programme="adults",
        verify_key=ASH_KEY.verify_key,
        rsa_public_pem=RSA_PEM,
        keyholders=sign_keyholders(KEYHOLDERS_KEY, sealing_key=SEALING_KEY, epoch=8107),
    )
    unsigned = {
        "actor": (build_actor(draft), TODAY),
        "offer": (build_offer(offer), TODAY),
        "offer_with_everything": (build_offer(full), full.updated),
        "offer_with_a_community_topic": (build_offer(community), TODAY),
        "tombstone": (build_tombstone(ASH, offer.id), Day(TODAY + 5)),
        "resource_link": (build_resource(_resource(LINK, 1)), TODAY),
        "resource_text": (build_resource(_resource(TEXT, 2)), TODAY),
    }
    return {
        name: _signed(document, sign_as(ASH, ASH_KEY, document, day))
        for name, (document, day) in unsigned.items()
    }


def _resource(content: ResourceContent, number: int) -> Resource:
    return resource_of(content, today=TODAY, number=number, origin=ASH)


def _signed(unsigned: JsonObject, signed: JsonObject) -> JsonObject:
    return {
        "signed": signed,
        "signed_canonical_sha256": sha256(canonical_bytes(signed)).hex(),
        "unsigned_canonical_sha256": sha256(canonical_bytes(unsigned)).hex(),
    }


def _activities() -> JsonObject:
    follow = Follow(activity_url(ASH, TOKEN), actor_url(ASH), actor_url(ELM))
    documents = _documents()
    offer, tombstone = (_member(documents, name, "signed") for name in ("offer", "tombstone"))
    delete = build_delete(ASH, tombstone)
    by_ash = {
        "follow": build_follow(ASH, TOKEN, actor_url(ELM)),
        "create": build_create(ASH, offer),
        "create_resource": build_create(ASH, _member(documents, "resource_link", "signed")),
        "delete": delete,
    }
    by_elm = {
        "accept": build_accept(ELM, TOKEN, follow),
        "receipt": build_accept_delete(ELM, str(delete["id"]), actor_url(ASH)),
    }
    return {
        **{name: sign_as(ASH, ASH_KEY, one) for name, one in by_ash.items()},
        **{name: sign_as(ELM, ELM_KEY, one) for name, one in by_elm.items()},
    }


def _member(value: JsonObject, *path: str) -> JsonObject:
    for name in path:
        inner = value[name]
        assert isinstance(inner, dict)
        value = inner
    return value


def _requests() -> JsonObject:
    body = canonical_bytes(_activities()["follow"])
    offer = f"{ASH}/api/v1/offers/{encode_base64url(OFFER_ID)}"
    session = {"content-type": "application/json", "authorization": "Kith c2Vzc2lvbg"}
    delivery = a_request(url=f"{ELM}/inbox", body=body)
    fetch = a_request("GET", f"{ELM}/outbox?after=abc", body=None)
    signed = {"delivery": delivery, "fetch": fetch}
    owned = {
        "capability": a_request("DELETE", offer, body=None),
        "capability_with_session": a_request("PUT", offer, body=b"{}", headers=session),
    }
    return {
        **{name: _sent(_sign_as_node(one)) for name, one in signed.items()},
        **{name: _sent(_sign_as_owner(one)) for name, one in owned.items()},
        "bodies": {"delivery": body.decode(), "capability_with_session": "{}"},
    }


def _sign_as_node(message: Message) -> Message:
    fields = sign_message(
        message, key=ASH_KEY, key_id=node_key_url(ASH), created=NOW, nonce=NONCE
    )
    return with_headers(message, fields)


def _sign_as_owner(message: Message) -> Message:
    return with_headers(
        message, sign_capability(message, key=OFFER_KEY, created=NOW, nonce=NONCE)
    )


def _sent(signed: Message) -> JsonObject:
    is_capability = "kith-capability" in signed.headers["signature-input"]
    claim = read_signature(
        signed,
        tag="kith-capability" if is_capability else None,
        has_body="content-digest" in signed.headers,
    )
    headers: JsonObject = dict(signed.headers)
    return {
        "method": signed.method,
        "target_uri": signed.target_uri,
        "authority": signed.authority,
        "headers": headers,
        "signature_base": claim.base.decode(),
    }


def _invite(place: int) -> JsonObject:
    invite = Invite(sha256(bytes((place,)))[:16], ROLES[place], Day(TODAY + 14))
    return {
        "code": invite.code.hex(),
        "role": invite.role,
        "expiry_day": invite.expiry_day,
        "text": encode_invite(invite),
        "link": invite_link(ASH, invite),
        "hash": invite_hash(invite).hex(),
    }


def render(vectors: JsonValue) -> bytes:
    """Return *vectors* as they stand in the file."""
    return msgspec.json.format(msgspec.json.encode(vectors), indent=1) + b"\n"


if __name__ == "__main__":
    print(render(make()).decode(), end="")
