"""Entries of libraries for tests."""

from __future__ import annotations

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.hashes import sha256
from kith_crypto.proof import sign_document
from kith_protocol.day import Day, format_day
from kith_protocol.resource import Resource, build_resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.urls import actor_url, node_key_url, resource_url

LINK = ResourceContent(
    topics=("career.cv",),
    languages=("en", "de-AT"),
    licence="CC-BY-4.0",
    reviewed=Day(100),
    name={"en": "Writing a CV"},
    url="https://example.org/cv",
)
TEXT = ResourceContent(
    topics=("career.cv",),
    languages=("fr",),
    licence="unknown",
    reviewed=Day(100),
    name={"fr": "Numéros utiles", "ar": "أرقام مفيدة"},
    content={"fr": "Appelle le 3114.\n\nC'est gratuit."},
    urgent=True,
    region="250",
)


def a_resource(**changes: object) -> ResourceContent:
    """Return a link in English and German, with *changes*."""
    return msgspec.structs.replace(LINK, **changes)


def resource_of(
    content: ResourceContent,
    *,
    today: Day,
    number: int = 1,
    origin: str = "https://ash.example",
    days: int = 90,
    revision: int = 1,
) -> Resource:
    """Return the resource *number* of the library at *origin*, announced *today*."""
    return Resource(
        id=resource_url(origin, sha256(f"{origin} {number}".encode())[:16]),
        author=actor_url(origin),
        published=today,
        updated=today,
        end_day=Day(today + days),
        revision=revision,
        content=content,
    )


def signed_resource(resource: Resource, key: SigningKey | None = None) -> bytes:
    """Return the bytes of *resource* as announced, with a proof by *key* of its node."""
    origin = resource.author.removesuffix("/actor")
    signed = sign_document(
        build_resource(resource),
        key or SigningKey.from_seed(bytes(range(32))),
        verification_method=node_key_url(origin),
        created=format_day(resource.updated),
    )
    return canonical_bytes(signed)
