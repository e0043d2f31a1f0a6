"""What a steward chooses in a resource, an entry of the library, with its bounds.

The node adds id, author, dates, revision and proof (``resource.py``). Resources are about
organisations and knowledge, never about members, so their texts may hold telephone numbers and
addresses: that is what a helpline is. What misleads a reader is refused as everywhere.

Source: SPEC.md, section on the library.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

import msgspec

from kith_crypto.errors import MalformedError
from kith_protocol.day import Day
from kith_protocol.errors import PrivacyFloorError, UnknownTopicError
from kith_protocol.offer_content import LanguageTag, RegionCode, TopicId
from kith_protocol.text import clean_text
from kith_protocol.urls import parse_url
from kith_protocol.vocabulary import COMMUNITY_PREFIX

MAX_NAME_TEXT = 120
MAX_SUMMARY_TEXT = 300
MAX_ARTICLE_TEXT = 2000

NameText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_TEXT)]
ResourceSummary = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_SUMMARY_TEXT)]
ArticleText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ARTICLE_TEXT)]
# An identifier of SPDX, or a word such as "unknown".
Licence = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]{0,39}$(?!\n)")]

UpToTwelve = msgspec.Meta(max_length=12)
OneToTwelve = msgspec.Meta(min_length=1, max_length=12)


class ResourceContent(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The part of a resource that its steward chooses: a link, or a short text.

    Attributes:
        topics: concept ids of the shared vocabulary, 1 to 4, no repeats.
        languages: BCP 47 tags of what is behind the link or in the text, 1 to 12, no repeats.
        licence: how it may be used: an identifier of the SPDX list, else ``unknown``.
        reviewed: the day on which somebody last looked whether it is right.
        name: language to title, at most 120 characters each, 1 to 12.
        summary: language to what it is, at most 300 characters each, 0 to 12.
        content: language to text with line breaks, at most 2000 characters each; its
            languages are ``languages``. Empty for a link.
        url: an https address in normal form; empty for a text.
        region: UN M49 code of the country or region that it is for; None: for everybody.
        urgent: whether it helps in a crisis, and stands first.
    """

    topics: Annotated[tuple[TopicId, ...], msgspec.Meta(min_length=1, max_length=4)]
    languages: Annotated[tuple[LanguageTag, ...], OneToTwelve]
    licence: Licence
    reviewed: Day
    name: Annotated[dict[LanguageTag, NameText], OneToTwelve]
    summary: Annotated[dict[LanguageTag, ResourceSummary], UpToTwelve] = {}
    content: Annotated[dict[LanguageTag, ArticleText], UpToTwelve] = {}
    url: str = ""
    region: RegionCode | None = None
    urgent: bool = False


def check_resource_content(content: ResourceContent) -> ResourceContent:
    """Return *content* if it may stand in a library.

    Bounds that msgspec checked when the struct was decoded are not checked again. Whether its
    topics are known is left to the caller.

    Raises:
        MalformedError: a value twice, neither or both of link and text, a link that is not a
            public https address in normal form, a text that is blank at an end or not in NFC.
        UnknownTopicError: a topic of one community only.
        PrivacyFloorError: control, bidi-override or invisible characters.
    """
    for pointer, values in (("/topics", content.topics), ("/languages", content.languages)):
        if len(set(values)) != len(values):
            raise MalformedError("a value stands there twice", pointer=pointer)
    if any(topic.startswith(COMMUNITY_PREFIX) for topic in content.topics):
        raise UnknownTopicError("not a topic of the shared vocabulary", pointer="/topics")
    if bool(content.url) == bool(content.content):
        raise MalformedError("a resource is either a link or a text", pointer="/url")
    if content.url:
        # Also where development takes loopback nodes: links are for people, not for nodes.
        _check_link(content.url)
    elif content.content.keys() != set(content.languages):
        raise MalformedError("the text is in other languages", pointer="/content")
    for texts, most in ((content.name, MAX_NAME_TEXT), (content.summary, MAX_SUMMARY_TEXT)):
        for text in texts.values():
            check_line(text, most)
    for text in content.content.values():
        check_lines(text, MAX_ARTICLE_TEXT)
    return content


def check_line(text: str, max_characters: int) -> str:
    """Return *text* if it is one line that shows what it holds.

    Raises:
        MalformedError: empty, too long, blank at an end or not in NFC.
        PrivacyFloorError: characters that mislead.
    """
    if not 0 < len(text) <= max_characters:
        raise MalformedError(f"a text must have 1 to {max_characters} characters")
    if "\n" in text:
        raise MalformedError("a text of one line, with a line break")
    _check_shown(text, max_characters)
    return text


def check_lines(text: str, max_characters: int) -> str:
    """Return *text* if each of its lines shows what it holds; single empty lines may be there.

    Raises:
        MalformedError: as ``check_line``, or two empty lines in a row.
        PrivacyFloorError: characters that mislead.
    """
    if not 0 < len(text) <= max_characters:
        raise MalformedError(f"a text must have 1 to {max_characters} characters")
    if text != text.strip() or "\n\n\n" in text:
        raise MalformedError("a text with blanks at an end, or a long gap")
    for line in text.split("\n"):
        _check_shown(line, max_characters)
    return text


def _check_shown(line: str, max_characters: int) -> None:
    if line != line.strip():
        raise MalformedError("a line must not begin or end with a blank")
    if not unicodedata.is_normalized("NFC", line):
        raise MalformedError("a text must be in Unicode normal form C")
    if clean_text(line, max_characters) != line:
        raise PrivacyFloorError("the text holds characters that are not allowed")


def _check_link(url: str) -> None:
    try:
        parse_url(url, allows_fragment=True)
    except MalformedError as error:
        raise MalformedError(str(error), pointer="/url") from error
