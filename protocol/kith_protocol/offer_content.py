"""What a member chooses in an offer or a profile, as structs with their bounds.

The node adds id, author, dates, revision and proof (``offer.py``). Text rules are in
``text.py``; topics are checked against the vocabulary by the caller. Source: SPEC.md, section
on offers.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Way = Literal["advise", "teach", "practise", "review", "listen", "accompany"]
Format = Literal["chat", "voice", "video", "in-person"]
When = Literal["weekdays", "evenings", "weekends"]
Level = Literal["starting", "some", "experienced"]
Room = Literal["open", "full"]
Answers = Literal["days", "week", "longer"]
Audience = Literal["adults", "youth"]

TopicId = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
LanguageTag = Annotated[
    str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")
]
SummaryText = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
ContentText = Annotated[str, msgspec.Meta(min_length=1, max_length=600)]
LabelText = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
TopicLabels = Annotated[dict[LanguageTag, LabelText], msgspec.Meta(min_length=1, max_length=12)]
RegionCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3}$(?!\n)")]


class OfferContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The part of an offer that its owner chooses.

    Attributes:
        topics: concept ids, 1 to 4, no repeats.
        languages: BCP 47 tags, 1 to 6, no repeats.
        ways: how help is given, 1 to 3.
        formats: 1 to 4; ``in-person`` only where the community allows it.
        audience: must equal the node's programme.
        when: as the owner feels it, no time zone; empty by default.
        level: of the mentee, 0 to 3.
        room: whether another mentee fits; the number of places stays in the vault.
        answers: how soon the owner usually answers, if they chose to say so.
        group: true for circles.
        relay: true if relays may pass it on.
        region: UN M49 subregion, only with ``in-person``.
        summary: language to one line, at most 120 characters each.
        content: language to text, at most 600 characters each.
        topic_labels: for each community topic among ``topics``, and no other, language to
            label, 1 to 12 of at most 80 characters each (``community_topics.py``).
    """

    topics: Annotated[tuple[TopicId, ...], msgspec.Meta(min_length=1, max_length=4)]
    languages: Annotated[tuple[LanguageTag, ...], msgspec.Meta(min_length=1, max_length=6)]
    ways: Annotated[tuple[Way, ...], msgspec.Meta(min_length=1, max_length=3)]
    formats: Annotated[tuple[Format, ...], msgspec.Meta(min_length=1, max_length=4)]
    audience: Audience = "adults"
    when: Annotated[tuple[When, ...], msgspec.Meta(max_length=3)] = ()
    level: Annotated[tuple[Level, ...], msgspec.Meta(max_length=3)] = ()
    room: Room = "open"
    answers: Answers | None = None
    group: bool = False
    relay: bool = False
    region: RegionCode | None = None
    summary: Annotated[dict[LanguageTag, SummaryText], msgspec.Meta(max_length=6)] = {}
    content: Annotated[dict[LanguageTag, ContentText], msgspec.Meta(max_length=6)] = {}
    topic_labels: Annotated[dict[TopicId, TopicLabels], msgspec.Meta(max_length=4)] = {}


class ProfileContent(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A published persona, seen only by signed-in members of its own community.

    Attributes:
        pseudonym: 1 to 40 characters.
        pronouns: at most 40 characters, or empty.
        about: a line about oneself, at most 300 characters, or empty.
        languages: BCP 47 tags, 0 to 6.
        topics: concept ids, 0 to 8.
        picture: 16 hexadecimal digits from which clients draw the picture; never a photo.
    """

    pseudonym: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    picture: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    pronouns: Annotated[str, msgspec.Meta(max_length=40)] = ""
    about: Annotated[str, msgspec.Meta(max_length=300)] = ""
    languages: Annotated[tuple[LanguageTag, ...], msgspec.Meta(max_length=6)] = ()
    topics: Annotated[tuple[TopicId, ...], msgspec.Meta(max_length=8)] = ()
