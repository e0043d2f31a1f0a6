"""The offer document: the one thing about a member that leaves a node, and only by these names.

Reading is a strict allow-list: another member, another spelling of a default or a value out of
bounds refuses the whole offer, so that one offer has one set of values. Building goes through
the same checks on the caller's side (``check_content``). Left to the caller: verifying the
proof (``kith_crypto.proof``) with a key of the author's actor, comparing revisions, storing.

Source: SPEC.md, section on offers; FEP-0837 for Proposal and Intent; FEP-8b32 for the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kith_crypto.errors import MalformedError
from kith_crypto.proof import read_proof
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.community_topics import check_topics
from kith_protocol.contexts import KITH_NAMESPACE, OFFER_CONTEXT, check_context, context
from kith_protocol.day import Day, format_day, parse_day
from kith_protocol.errors import ExpiredError, WrongOwnerError
from kith_protocol.limits import MAX_OFFER_DAYS, MAX_REVISION
from kith_protocol.offer_content import (
    Answers,
    Audience,
    ContentText,
    Format,
    LanguageTag,
    Level,
    OfferContent,
    RegionCode,
    Room,
    SummaryText,
    TopicId,
    TopicLabels,
    Way,
    When,
)
from kith_protocol.text import check_text
from kith_protocol.urls import actor_url, followers_url, parse_offer_url
from kith_protocol.wire import convert

MAX_SUMMARY_TEXT = 120
MAX_CONTENT_TEXT = 600

_FUTURE_DAYS = 1  # another node's day may begin before ours by a clock's error

_OneToFour = Meta(min_length=1, max_length=4)
_OneToSix = Meta(min_length=1, max_length=6)
_OneToThree = Meta(min_length=1, max_length=3)


class Offer(msgspec.Struct, frozen=True):
    """An offer as announced.

    Attributes:
        id: ``{origin}/offers/{base64url of 16 bytes}``.
        author: the actor of the node it stands on.
        published: the day of its first release.
        updated: the day of the release that made this revision.
        end_day: it is over when this day begins, UTC.
        revision: from 1; a higher one replaces a lower one.
        content: what its owner chose.
    """

    id: str
    author: str
    published: Day
    updated: Day
    end_day: Day
    revision: int
    content: OfferContent


class _Quantity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hasUnit: Literal["one"]  # noqa: N815 - the vocabulary's name
    hasNumericalValue: Literal["1"]  # noqa: N815 - the vocabulary's name


class _Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    type: Literal["Intent"]
    action: Literal["deliverService"]
    resourceConformsTo: tuple[str, ...]  # noqa: N815 - the vocabulary's name
    resourceQuantity: _Quantity  # noqa: N815 - the vocabulary's name


class _Wire(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={
        "revision": "kith:revision",
        "topics": "kith:topics",
        "topic_labels": "kith:topicLabels",
        "languages": "kith:languages",
        "ways": "kith:ways",
        "formats": "kith:formats",
        "audience": "kith:audience",
        "room": "kith:room",
        "when": "kith:when",
        "level": "kith:level",
        "answers": "kith:answers",
        "group": "kith:group",
        "relay": "kith:relay",
        "region": "kith:region",
    },
):
    """The members of an offer document but ``@context`` and ``proof``."""

    id: str
    type: Literal["Proposal"]
    purpose: Literal["offer"]
    attributedTo: str  # noqa: N815 - the vocabulary's name
    to: tuple[str]
    published: str
    updated: str
    endTime: str  # noqa: N815 - the vocabulary's name
    publishes: _Intent
    revision: Annotated[int, Meta(ge=1, le=MAX_REVISION)]
    topics: Annotated[tuple[TopicId, ...], _OneToFour]
    languages: Annotated[tuple[LanguageTag, ...], _OneToSix]
    ways: Annotated[tuple[Way, ...], _OneToThree]
    formats: Annotated[tuple[Format, ...], _OneToFour]
    audience: Audience
    room: Room
    topic_labels: Annotated[dict[TopicId, TopicLabels], _OneToFour] | UnsetType = UNSET
    when: Annotated[tuple[When, ...], _OneToThree] | UnsetType = UNSET
    level: Annotated[tuple[Level, ...], _OneToThree] | UnsetType = UNSET
    answers: Answers | UnsetType = UNSET
    group: bool | UnsetType = UNSET
    relay: bool | UnsetType = UNSET
    region: RegionCode | UnsetType = UNSET
    summaryMap: Annotated[dict[LanguageTag, SummaryText], _OneToSix] | UnsetType = UNSET  # noqa: N815
    contentMap: Annotated[dict[LanguageTag, ContentText], _OneToSix] | UnsetType = UNSET  # noqa: N815


def topic_url(topic: str) -> str:
    """Return the IRI that stands for *topic*, a concept id, in ``resourceConformsTo``."""
    return f"{KITH_NAMESPACE}topic/{topic}"


def build_offer(offer: Offer) -> JsonObject:
    """Return the document of *offer*, without proof.

    The caller has checked the content (``check_content``), and signs with ``created`` =
    ``updated``, so that the proof tells no time of day either.
    """
    content = offer.content
    document: JsonObject = {
        "@context": context(OFFER_CONTEXT),
        "id": offer.id,
        "type": "Proposal",
        "purpose": "offer",
        "attributedTo": offer.author,
        "to": [_audience_of(offer.author)],
        "published": format_day(offer.published),
        "updated": format_day(offer.updated),
        "endTime": format_day(offer.end_day),
        "publishes": _intent(offer.id, content.topics),
        "kith:revision": offer.revision,
        "kith:topics": list(content.topics),
        "kith:languages": list(content.languages),
        "kith:ways": list(content.ways),
        "kith:formats": list(content.formats),
        "kith:audience": content.audience,
        "kith:room": content.room,
    }
    document.update(_optional_members(content))
    return document


def parse_offer(
    document: JsonObject,
    *,
    programme: str | None,
    is_known_topic: Callable[[str], bool],
    development: bool = False,
) -> Offer:
    """Return the offer in *document*.

    The shape of the proof is checked and that it names a key of the author; its signature is
    not.

    Args:
        document: parsed by the strict JSON reader, proof included.
        programme: ``adults`` or ``youth``, which the offer's audience must equal; ``None``
            takes both.
        is_known_topic: whether a topic may be named; for offers of other communities
            ``Vocabulary.is_placed``.
        development: take loopback origins.

    Raises:
        MalformedError: another member, a missing one, a value out of bounds.
        UnknownTopicError: a topic that may not be named.
        PrivacyFloorError: a text that ``check_text`` refuses.
        WrongOwnerError: id, author, audience or proof belong to different actors.
    """
    check_context(document.get("@context"), OFFER_CONTEXT)
    values = {k: v for k, v in document.items() if k not in ("@context", "proof")}
    wire = convert(values, _Wire)
    signed = _check_owner(document, wire, development=development)
    content = check_content(
        _content_of(wire),
        programme=programme,
        is_known_topic=is_known_topic,
        allows_in_person=True,  # the author's community decided that
    )
    offer = Offer(
        id=wire.id,
        author=wire.attributedTo,
        published=_day(wire.published, "published"),
        updated=_day(wire.updated, "updated"),
        end_day=_day(wire.endTime, "endTime"),
        revision=wire.revision,
        content=content,
    )
    _check_days(offer, signed)
    _check_mirror(wire)
    return offer


def check_content(
    content: OfferContent,
    *,
    programme: str | None,
    is_known_topic: Callable[[str], bool],
    allows_in_person: bool,
) -> OfferContent:
    """Return *content* if it may be offered.

    For what members send and for what peers announce. Bounds that msgspec checked when the
    struct was decoded are not checked again.

    Args:
        content: as decoded.
        programme: ``adults`` or ``youth``, which the audience must equal; ``None`` takes both.
        is_known_topic: whether a topic may be named; for a community's own members
            ``Vocabulary.is_known``.
        allows_in_person: whether this community allows meeting in person.

    Raises:
        MalformedError: a value twice, another programme's audience, ``in-person`` where it is
            not allowed (never in the youth programme), a region without it, labels for other
            than the community topics.
        UnknownTopicError: a topic that may not be named.
        PrivacyFloorError: a text that ``check_text`` refuses.
    """
    if programme is not None and content.audience != programme:
        raise MalformedError("the audience of another programme", pointer="/audience")
    _check_lists(content)
    check_topics(content, is_known_topic=is_known_topic)
    _check_place(content, allows_in_person=allows_in_person)
    _check_texts(content.summary.items(), MAX_SUMMARY_TEXT)
    _check_texts(content.content.items(), MAX_CONTENT_TEXT)
    return content


def check_life(offer: Offer, *, today: Day) -> None:
    """Return if *offer* is live.

    Raises:
        ExpiredError: its last day is over (it ends when ``end_day`` begins).
        MalformedError: it comes from the future, by more than a day.
    """
    if offer.end_day <= today:
        raise ExpiredError("the offer has ended")
    if offer.updated > today + _FUTURE_DAYS:
        raise MalformedError("an offer from the future", pointer="/updated")


def _intent(offer_id: str, topics: Iterable[str]) -> JsonObject:
    return {
        "id": f"{offer_id}#primary",
        "type": "Intent",
        "action": "deliverService",
        "resourceConformsTo": [topic_url(topic) for topic in topics],
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
    }


def _optional_members(content: OfferContent) -> JsonObject:
    members: dict[str, JsonValue] = {
        "kith:topicLabels": {one: dict(texts) for one, texts in content.topic_labels.items()},
        "kith:when": list(content.when),
        "kith:level": list(content.level),
        "kith:answers": content.answers,
        "kith:group": content.group,
        "kith:relay": content.relay,
        "kith:region": content.region,
        "summaryMap": dict(content.summary),
        "contentMap": dict(content.content),
    }
    return {name: value for name, value in members.items() if value}


def _content_of(wire: _Wire) -> OfferContent:
    if wire.group is False or wire.relay is False:
        raise MalformedError("false is spelled by leaving the member out")
    return OfferContent(
        topics=wire.topics,
        languages=wire.languages,
        ways=wire.ways,
        formats=wire.formats,
        audience=wire.audience,
        when=wire.when or (),
        level=wire.level or (),
        room=wire.room,
        answers=wire.answers or None,
        group=bool(wire.group),
        relay=bool(wire.relay),
        region=wire.region or None,
        summary=wire.summaryMap or {},
        content=wire.contentMap or {},
        topic_labels=wire.topic_labels or {},
    )


def _audience_of(author: str) -> str:
    # A Kith node's collections stand at fixed paths beside its actor.
    return followers_url(author.removesuffix("/actor"))


def _check_owner(document: JsonObject, wire: _Wire, *, development: bool) -> Day:
    """Return the day of the proof, if one actor owns it all."""
    origin, _ = parse_offer_url(wire.id, development=development)
    if wire.attributedTo != actor_url(origin):
        raise WrongOwnerError("the author is not the actor of the offer's origin")
    if wire.to != (followers_url(origin),):
        raise WrongOwnerError("the audience is not the author's followers")
    proof = read_proof(document)
    if not proof.verification_method.startswith(f"{wire.attributedTo}#"):
        raise WrongOwnerError("the proof names another actor's key")
    return _day(proof.created, "proof/created")


def _day(text: str, name: str) -> Day:
    try:
        return parse_day(text)
    except MalformedError as error:
        raise MalformedError(str(error), pointer=f"/{name}") from error


def _check_days(offer: Offer, signed: Day) -> None:
    if signed < offer.published:
        raise MalformedError("a proof older than the offer", pointer="/proof/created")
    if not offer.published <= offer.updated < offer.end_day:
        raise MalformedError("the dates are not in order", pointer="/updated")
    if offer.end_day > offer.published + MAX_OFFER_DAYS:
        raise MalformedError("the offer stands for too long", pointer="/endTime")


def _check_mirror(wire: _Wire) -> None:
    expected = tuple(topic_url(topic) for topic in wire.topics)
    if (
        wire.publishes.id != f"{wire.id}#primary"
        or wire.publishes.resourceConformsTo != expected
    ):
        raise MalformedError("publishes does not mirror the offer", pointer="/publishes")


def _check_lists(content: OfferContent) -> None:
    lists: dict[str, tuple[str, ...]] = {
        "topics": content.topics,
        "languages": content.languages,
        "ways": content.ways,
        "formats": content.formats,
        "when": content.when,
        "level": content.level,
    }
    for name, values in lists.items():
        if len(set(values)) != len(values):
            raise MalformedError("a value stands there twice", pointer=f"/{name}")
    tags = (*content.languages, *content.summary, *content.content, content.region or "")
    # The structs' patterns let a final line break through.
    if any("\n" in tag for tag in tags):
        raise MalformedError("a language tag with a line break", pointer="/languages")


def _check_place(content: OfferContent, *, allows_in_person: bool) -> None:
    in_person = "in-person" in content.formats
    if in_person and (not allows_in_person or content.audience == "youth"):
        raise MalformedError("in-person is not allowed here", pointer="/formats")
    if content.region is not None and not in_person:
        raise MalformedError("a region without in-person", pointer="/region")


def _check_texts(texts: Iterable[tuple[str, str]], max_characters: int) -> None:
    for _, text in texts:
        check_text(text, max_characters)
