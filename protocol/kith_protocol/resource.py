"""The resource document: an entry of a community's library as it is announced to peers.

Reading is a strict allow-list, as for offers: another member, another spelling of a default or
a value out of bounds refuses the whole. Left to the caller: verifying the proof, comparing
revisions, storing. Nobody but a steward ever opens its link from a node.

Source: SPEC.md, section on the library; Activity Vocabulary (Page, Article); FEP-8b32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.proof import read_proof
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.contexts import RESOURCE_CONTEXT, check_context, context
from kith_protocol.day import Day, format_day, parse_day
from kith_protocol.errors import ExpiredError, UnknownTopicError, WrongOwnerError
from kith_protocol.limits import MAX_OFFER_DAYS, MAX_RESOURCE_BYTES, MAX_REVISION
from kith_protocol.offer_content import LanguageTag, RegionCode, TopicId
from kith_protocol.resource_content import (
    ArticleText,
    Licence,
    NameText,
    OneToTwelve,
    ResourceContent,
    ResourceSummary,
    check_resource_content,
)
from kith_protocol.urls import actor_url, followers_url, parse_resource_url
from kith_protocol.wire import convert

_FUTURE_DAYS = 1  # another node's day may begin before ours by a clock's error

RESOURCE_TYPES = frozenset({"Page", "Article"})


class Resource(msgspec.Struct, frozen=True):
    """An entry of a library as announced.

    Attributes:
        id: ``{origin}/resources/{base64url of 16 bytes}``.
        author: the actor of the community whose library it stands in.
        published: the day it was first announced.
        updated: the day this revision was made.
        end_day: it is over when this day begins, UTC; at most 365 days after ``updated``, so
            that what nobody looks after goes by itself.
        revision: from 1; a higher one replaces a lower one.
        content: what a steward chose.
    """

    id: str
    author: str
    published: Day
    updated: Day
    end_day: Day
    revision: int
    content: ResourceContent


class _Wire(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={
        "author": "attributedTo",
        "end": "endTime",
        "revision": "kith:revision",
        "topics": "kith:topics",
        "languages": "kith:languages",
        "licence": "kith:licence",
        "reviewed": "kith:reviewed",
        "region": "kith:region",
        "urgent": "kith:urgent",
        "name": "nameMap",
        "summary": "summaryMap",
        "content": "contentMap",
    },
):
    """The members of a resource document but ``@context`` and ``proof``."""

    id: str
    type: Literal["Page", "Article"]
    author: str
    to: tuple[str]
    published: str
    updated: str
    end: str
    revision: Annotated[int, Meta(ge=1, le=MAX_REVISION)]
    topics: Annotated[tuple[TopicId, ...], Meta(min_length=1, max_length=4)]
    languages: Annotated[tuple[LanguageTag, ...], OneToTwelve]
    licence: Licence
    reviewed: str
    name: Annotated[dict[LanguageTag, NameText], OneToTwelve]
    summary: Annotated[dict[LanguageTag, ResourceSummary], OneToTwelve] | UnsetType = UNSET
    content: Annotated[dict[LanguageTag, ArticleText], OneToTwelve] | UnsetType = UNSET
    url: Annotated[str, Meta(min_length=1)] | UnsetType = UNSET
    region: RegionCode | UnsetType = UNSET
    urgent: bool | UnsetType = UNSET


def is_resource(document: JsonObject) -> bool:
    """Return whether *document* says that it is a resource; nothing of it is checked."""
    return document.get("type") in RESOURCE_TYPES


def build_resource(resource: Resource) -> JsonObject:
    """Return the document of *resource*, without proof.

    The caller has checked the content (``check_resource_content``) and signs with ``created``
    = ``updated``.

    Raises:
        TooLargeError: its texts together make it longer than ``MAX_RESOURCE_BYTES``.
    """
    content = resource.content
    optional: dict[str, JsonValue] = {
        "summaryMap": dict(content.summary),
        "contentMap": dict(content.content),
        "url": content.url,
        "kith:region": content.region,
        "kith:urgent": content.urgent,
    }
    document: JsonObject = {
        "@context": context(RESOURCE_CONTEXT),
        "id": resource.id,
        "type": "Page" if content.url else "Article",
        "attributedTo": resource.author,
        "to": [followers_url(resource.author.removesuffix("/actor"))],
        "published": format_day(resource.published),
        "updated": format_day(resource.updated),
        "endTime": format_day(resource.end_day),
        "kith:revision": resource.revision,
        "kith:topics": list(content.topics),
        "kith:languages": list(content.languages),
        "kith:licence": content.licence,
        "kith:reviewed": format_day(content.reviewed),
        "nameMap": dict(content.name),
        **{name: value for name, value in optional.items() if value},
    }
    _check_size(document)
    return document


def parse_resource(
    document: JsonObject,
    *,
    is_known_topic: Callable[[str], bool],
    development: bool = False,
) -> Resource:
    """Return the resource in *document*.

    The shape of the proof is checked and that it names a key of the author; its signature is
    not.

    Args:
        document: parsed by the strict JSON reader, proof included.
        is_known_topic: whether a topic may be named.
        development: take loopback origins of nodes (never of links).

    Raises:
        MalformedError: another member, a missing one, a value out of bounds.
        TooLargeError: longer than ``MAX_RESOURCE_BYTES``.
        UnknownTopicError: a topic that may not be named.
        PrivacyFloorError: a text with characters that mislead.
        WrongOwnerError: id, author, audience or proof belong to different actors.
    """
    check_context(document.get("@context"), RESOURCE_CONTEXT)
    values = {k: v for k, v in document.items() if k not in ("@context", "proof")}
    wire = convert(values, _Wire)
    signed = _check_owner(document, wire, development=development)
    _check_size({**values, "@context": document["@context"]})
    resource = Resource(
        id=wire.id,
        author=wire.author,
        published=_day(wire.published, "published"),
        updated=_day(wire.updated, "updated"),
        end_day=_day(wire.end, "endTime"),
        revision=wire.revision,
        content=check_resource_content(_content_of(wire)),
    )
    if not all(map(is_known_topic, wire.topics)):
        raise UnknownTopicError("not in the vocabulary", pointer="/kith:topics")
    _check_days(resource, signed)
    return resource


def check_resource_life(resource: Resource, *, today: Day) -> None:
    """Return if *resource* is live.

    Raises:
        ExpiredError: its last day is over.
        MalformedError: it comes from the future, by more than a day.
    """
    if resource.end_day <= today:
        raise ExpiredError("the resource has ended")
    if resource.updated > today + _FUTURE_DAYS:
        raise MalformedError("a resource from the future", pointer="/updated")


def _content_of(wire: _Wire) -> ResourceContent:
    if wire.urgent is False:
        raise MalformedError("false is spelled by leaving the member out")
    if (wire.type == "Page") != bool(wire.url):
        raise MalformedError("a Page has a link, an Article has none", pointer="/url")
    return ResourceContent(
        topics=wire.topics,
        languages=wire.languages,
        licence=wire.licence,
        reviewed=_day(wire.reviewed, "kith:reviewed"),
        name=wire.name,
        summary=wire.summary or {},
        content=wire.content or {},
        url=wire.url or "",
        region=wire.region or None,
        urgent=bool(wire.urgent),
    )


def _check_owner(document: JsonObject, wire: _Wire, *, development: bool) -> Day:
    """Return the day of the proof, if one actor owns it all."""
    origin, _ = parse_resource_url(wire.id, development=development)
    if wire.author != actor_url(origin):
        raise WrongOwnerError("the author is not the actor of the resource's origin")
    if wire.to != (followers_url(origin),):
        raise WrongOwnerError("the audience is not the author's followers")
    proof = read_proof(document)
    if not proof.verification_method.startswith(f"{wire.author}#"):
        raise WrongOwnerError("the proof names another actor's key")
    return _day(proof.created, "proof/created")


def _day(text: str, name: str) -> Day:
    try:
        return parse_day(text)
    except MalformedError as error:
        raise MalformedError(str(error), pointer=f"/{name}") from error


def _check_days(resource: Resource, signed: Day) -> None:
    if signed < resource.updated:
        raise MalformedError("a proof older than the resource", pointer="/proof/created")
    if not resource.published <= resource.updated < resource.end_day:
        raise MalformedError("the dates are not in order", pointer="/updated")
    if resource.end_day > resource.updated + MAX_OFFER_DAYS:
        raise MalformedError("the resource stands for too long", pointer="/endTime")
    if resource.content.reviewed > resource.updated:
        raise MalformedError("reviewed after it was announced", pointer="/kith:reviewed")


def _check_size(unsigned: JsonObject) -> None:
    size = len(canonical_bytes(unsigned))
    if size > MAX_RESOURCE_BYTES:
        raise TooLargeError(f"a resource has at most {MAX_RESOURCE_BYTES} bytes, not {size}")
