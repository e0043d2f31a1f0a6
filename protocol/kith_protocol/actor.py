"""The node's actor document: building our own, reading everybody's.

The node is the only actor; no member ever is. Our own carries two keys (Ed25519 as Multikey for
proofs and signatures between Kith nodes, RSA for everybody else) and a proof. Others' are read
by name: unknown members are dropped, keys that do not conform are passed over, addresses on
another origin than the actor's refuse the document. Fetching it from its own id, and deciding
which keys to trust, are left to the caller (``verify_actor`` checks the proof).

Source: ActivityPub §4; FEP-521a (Multikey), FEP-844e (implements), FEP-fe34 (origins).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, MalformedError
from kith_crypto.multikey import encode_multikey, parse_multikey
from kith_crypto.proof import read_proof, verify_document
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.bundle import SEALING_KEY_BYTES
from kith_protocol.contexts import (
    ACTOR_CONTEXT,
    check_context,
    check_foreign_context,
    context,
)
from kith_protocol.errors import GoneError, WrongOwnerError
from kith_protocol.keyholders import KeyholderKeys, encode_keyholders, parse_keyholders
from kith_protocol.limits import MAX_ACTOR_KEYS, MAX_NAME_CHARACTERS, MAX_SUMMARY_CHARACTERS
from kith_protocol.offer_content import Audience
from kith_protocol.text import clean_text
from kith_protocol.urls import (
    Origin,
    actor_url,
    authority_of,
    batch_url,
    followers_url,
    following_url,
    inbox_url,
    node_key_url,
    outbox_url,
    parse_url,
    rsa_key_url,
)
from kith_protocol.wire import read_string

_PROGRAMMES: dict[str, Audience] = {"adults": "adults", "youth": "youth"}
_RFC_9421 = "https://datatracker.ietf.org/doc/html/rfc9421"
_IMPLEMENTS: list[tuple[str, str]] = [
    (_RFC_9421, "RFC-9421: HTTP Message Signatures"),
    (
        f"{_RFC_9421}#name-eddsa-using-curve-edwards25",
        "RFC-9421 signatures using the Ed25519 algorithm",
    ),
]
_MAX_PEM_CHARACTERS = 4096


class ActorDraft(msgspec.Struct, frozen=True):
    """What our own actor document is made of.

    Attributes:
        origin: where the node is.
        name: of the community, shown to others.
        summary: one paragraph, plain text.
        programme: ``adults`` or ``youth``.
        verify_key: the node's Ed25519 key.
        rsa_public_pem: the node's RSA key, SPKI PEM.
        keyholders: the keyholders' keys of this quarter, if they are set.
        moderators_key: public sealing key of the moderators, 1216 bytes, if there is one.
    """

    origin: Origin
    name: str
    summary: str
    programme: Audience
    verify_key: VerifyKey
    rsa_public_pem: str
    keyholders: KeyholderKeys | None = None
    moderators_key: bytes | None = None


class Actor(msgspec.Struct, frozen=True):
    """What an actor document says; nothing in it has been verified.

    Attributes:
        id: the address it was fetched from.
        origin: of all its addresses.
        name: cleaned for display.
        summary: cleaned for display.
        inbox: takes activities.
        outbox: its log, if it names one.
        followers: audience of its announcements, if it names one.
        batch: takes batches; only on Kith nodes.
        keys: id to Ed25519 key, of ``assertionMethod``.
        rsa_keys: id to PEM, of ``publicKey``, unparsed.
        programme: ``adults`` or ``youth``; ``None``: not a Kith node.
        keyholders: the keyholders' keys, if they are set.
        moderators_key: public sealing key of the moderators, if there is one.
        signs_rfc9421: whether it says that it reads RFC 9421; a hint.
    """

    id: str
    origin: Origin
    name: str
    summary: str
    inbox: str
    outbox: str | None
    followers: str | None
    batch: str | None
    keys: dict[str, VerifyKey]
    rsa_keys: dict[str, str]
    programme: Audience | None
    keyholders: KeyholderKeys | None = None
    moderators_key: bytes | None = None
    signs_rfc9421: bool = False


def build_actor(draft: ActorDraft) -> JsonObject:
    """Return our actor document, unsigned."""
    origin = draft.origin
    actor = actor_url(origin)
    document: JsonObject = {
        "@context": context(ACTOR_CONTEXT),
        "id": actor,
        "type": "Application",
        "preferredUsername": authority_of(origin),
        "name": draft.name,
        "summary": draft.summary,
        "url": f"{origin}/",
        "inbox": inbox_url(origin),
        "outbox": outbox_url(origin),
        "followers": followers_url(origin),
        "following": following_url(origin),
        "endpoints": {"sharedInbox": inbox_url(origin), "kith:batch": batch_url(origin)},
        "manuallyApprovesFollowers": True,
        "discoverable": False,
        "indexable": False,
        "publicKey": {
            "id": rsa_key_url(origin),
            "owner": actor,
            "publicKeyPem": draft.rsa_public_pem,
        },
        "assertionMethod": [_multikey(origin, draft.verify_key)],
        "generator": {
            "type": "Application",
            "implements": [{"href": href, "name": name} for href, name in _IMPLEMENTS],
        },
        "kith:programme": draft.programme,
    }
    if draft.keyholders is not None:
        document["kith:keyholders"] = encode_keyholders(draft.keyholders)
    if draft.moderators_key is not None:
        document["kith:moderatorsKey"] = encode_base64url(draft.moderators_key)
    return document


def parse_actor(document: JsonObject, *, url: str, development: bool = False) -> Actor:
    """Return what *document* says.

    Args:
        document: parsed by the strict JSON reader.
        url: the address it was fetched from, after which nothing was followed.
        development: take loopback origins.

    Raises:
        GoneError: the actor has left a tombstone.
        MalformedError: a context that may give names another meaning, a member that is
            missing or of another form.
        WrongOwnerError: the id is not *url*, or an address is on another origin.
        KeyRefusedError, SignatureError: the keyholders' keys are not in order.
    """
    kinds = document.get("type")
    if "Tombstone" in (kinds if isinstance(kinds, list) else [kinds]):
        raise GoneError("the actor is gone")
    is_kith = "kith:programme" in document
    if is_kith:
        check_context(document.get("@context"), ACTOR_CONTEXT)
    else:
        check_foreign_context(document.get("@context"))
    if document.get("id") != url:
        raise WrongOwnerError("the actor's id is not the address it was fetched from")
    origin = parse_url(url, development=development).origin
    endpoints = document.get("endpoints")
    batch = endpoints.get("kith:batch") if is_kith and isinstance(endpoints, dict) else None
    here = _Addresses(origin, development=development)
    return Actor(
        id=url,
        origin=origin,
        name=_shown(document.get("name"), MAX_NAME_CHARACTERS),
        summary=_shown(document.get("summary"), MAX_SUMMARY_CHARACTERS),
        inbox=here.check_inbox(read_string(document, "inbox")),
        outbox=here.check_optional(document.get("outbox")),
        followers=here.check_optional(document.get("followers")),
        batch=here.check_inbox(batch) if isinstance(batch, str) else None,
        keys=_read_keys(document.get("assertionMethod"), url, here),
        rsa_keys=_read_rsa_keys(document.get("publicKey"), url, here),
        programme=_read_programme(document) if is_kith else None,
        keyholders=_read_keyholders(document) if is_kith else None,
        moderators_key=_read_moderators_key(document) if is_kith else None,
        signs_rfc9421=_reads_rfc9421(document.get("generator")),
    )


def verify_actor(
    document: JsonObject, actor: Actor, trusted: Mapping[str, VerifyKey]
) -> JsonObject:
    """Return *document* without its proof, if a trusted key of the actor made that.

    Args:
        document: as parsed from the bytes received.
        actor: what ``parse_actor`` read in it.
        trusted: id to key: the keys known from before; at first contact ``actor.keys``, which
            then says only that it is in itself consistent.

    Raises:
        MalformedError: no proof, or one of another shape.
        WrongOwnerError: the proof names a key that is not trusted or not the actor's.
        SignatureError: the proof does not verify.
    """
    method = read_proof(document).verification_method
    if method not in trusted or not method.startswith(f"{actor.id}#"):
        raise WrongOwnerError("the actor is not signed by a trusted key")
    return verify_document(document, trusted[method])


class _Addresses:
    """Checks that addresses in an actor document are on the actor's origin."""

    def __init__(self, origin: Origin, *, development: bool) -> None:
        self._origin = origin
        self._development = development

    def check(self, text: str) -> str:
        url = parse_url(text, development=self._development)
        if url.origin != self._origin:
            raise WrongOwnerError("an address on another origin than the actor")
        return text

    def check_inbox(self, text: str) -> str:
        # Implementations differ on how they sign an address with a query.
        if "?" in text:
            raise MalformedError("an inbox with a query", pointer="/inbox")
        return self.check(text)

    def check_optional(self, value: JsonValue) -> str | None:
        return self.check(value) if isinstance(value, str) else None

    def has_key_id(self, text: str) -> bool:
        try:
            url = parse_url(text, development=self._development, allows_fragment=True)
        except MalformedError:
            return False
        return url.origin == self._origin


def _multikey(origin: Origin, key: VerifyKey) -> JsonObject:
    return {
        "id": node_key_url(origin),
        "type": "Multikey",
        "controller": actor_url(origin),
        "publicKeyMultibase": encode_multikey(key),
    }


def _shown(value: JsonValue, max_characters: int) -> str:
    return clean_text(value, max_characters) if isinstance(value, str) else ""


def _entries(value: JsonValue) -> list[JsonObject]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items[:MAX_ACTOR_KEYS] if isinstance(item, dict)]


def _read_keys(value: JsonValue, actor: str, here: _Addresses) -> dict[str, VerifyKey]:
    keys: dict[str, VerifyKey] = {}
    for entry in _entries(value):
        key_id, text = entry.get("id"), entry.get("publicKeyMultibase")
        if entry.get("type") != "Multikey" or entry.get("controller") != actor:
            continue
        if not isinstance(key_id, str) or not isinstance(text, str):
            continue
        if key_id in keys:
            raise MalformedError("a key id stands there twice", pointer="/assertionMethod")
        try:
            key = parse_multikey(text)
        except KithError:
            continue  # another kind of key, or none (FEP-521a: passed over)
        if here.has_key_id(key_id):
            keys[key_id] = key
    return keys


def _read_rsa_keys(value: JsonValue, actor: str, here: _Addresses) -> dict[str, str]:
    keys: dict[str, str] = {}
    for entry in _entries(value):
        key_id, pem = entry.get("id"), entry.get("publicKeyPem")
        if entry.get("owner") != actor or not isinstance(key_id, str):
            continue
        if not isinstance(pem, str) or len(pem) > _MAX_PEM_CHARACTERS:
            continue
        if key_id in keys:
            raise MalformedError("a key id stands there twice", pointer="/publicKey")
        if here.has_key_id(key_id):
            keys[key_id] = pem
    return keys


def _read_programme(document: JsonObject) -> Audience:
    programme = _PROGRAMMES.get(read_string(document, "kith:programme"))
    if programme is None:
        raise MalformedError("an unknown programme", pointer="/kith:programme")
    return programme


def _read_keyholders(document: JsonObject) -> KeyholderKeys | None:
    value = document.get("kith:keyholders")
    return None if value is None else parse_keyholders(value)


def _read_moderators_key(document: JsonObject) -> bytes | None:
    if "kith:moderatorsKey" not in document:
        return None
    text = read_string(document, "kith:moderatorsKey")
    return parse_base64url(text, size=SEALING_KEY_BYTES)


def _reads_rfc9421(generator: JsonValue) -> bool:
    implements = generator.get("implements") if isinstance(generator, dict) else None
    return any(entry.get("href") == _RFC_9421 for entry in _entries(implements))
