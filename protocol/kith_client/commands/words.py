"""What commands print of offers and results, in English sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kith_client.offers import OwnOffer
from kith_client.search import read_offer
from kith_client.topics import Topics
from kith_crypto.errors import KithError
from kith_protocol.api import Hit, Reason
from kith_protocol.day import Day, format_day
from kith_protocol.urls import authority_of, origin_of

_REASONS = {
    "topic-exact": "about {values}",
    "topic-under": "about {values}, which belongs to what you asked for",
    "language": "speaks {values}",
    "way": "will {values}",
    "format": "by {values}",
    "when": "{values}",
    "level": "for {values}",
    "when-differs": "but {values}",
    "level-differs": "but for {values}",
    "has-room": "has room",
    "no-room": "full at the moment",
}
_ANSWERS = {
    "days": "usually answers within days",
    "week": "usually answers within a week",
    "longer": "may take longer than a week to answer",
}


def describe_reason(reason: Reason, topics: Topics, languages: Sequence[str]) -> str:
    """Return *reason* as part of a sentence; a code that is not known here as it is."""
    if reason.code == "answers":
        return ", ".join(_ANSWERS.get(value, value) for value in reason.values)
    values = reason.values
    if reason.code.startswith("topic-"):
        values = tuple(topics.label(value, languages) for value in values)
    template = _REASONS.get(reason.code, f"{reason.code} {{values}}")
    return template.format(values=", ".join(values)).strip()


def describe_hit(hit: Hit, topics: Topics, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that show one result; the first one is its heading."""
    why = "; ".join(describe_reason(reason, topics, languages) for reason in hit.reasons)
    where = "your own community" if hit.own else community_name(hit.community)
    lines = [f"{_topics_of(hit, topics, languages)}  ({where})", f"  why: {why}"]
    try:
        content = read_offer(bytes(hit.object)).content
    except KithError:
        return (*lines, "  (this program cannot read the offer)", f"  {hit.id}")
    text = text_in(content.summary, languages)
    said = [f"  {text}"] if text else []
    return (*lines, *said, f"  {hit.id}")


def describe_own(one: OwnOffer) -> str:
    """Return one's own offer in one line."""
    content = one.record.content if one.answer is None else one.answer.content
    room = "" if content.room == "open" else ", full"
    end = format_day(Day(one.record.end_day))[:10]
    return f"{', '.join(content.topics)}  ({one.state}{room}, until {end})"


def community_name(actor: str) -> str:
    """Return how a community is called by people: its host."""
    try:
        return authority_of(origin_of(actor, development=True))
    except KithError:
        return actor


def text_in(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return the text in the first of *languages* that has one, else any."""
    for language in languages:
        if language in texts:
            return texts[language]
    return next(iter(texts.values()), "")


def hit_document(hit: Hit) -> dict[str, object]:
    """Return *hit* as the JSON output has it."""
    return {
        "id": hit.id,
        "community": hit.community,
        "own": hit.own,
        "score": hit.score,
        "reasons": [{"code": one.code, "values": list(one.values)} for one in hit.reasons],
        "object": msgspec.Raw(bytes(hit.object)),
    }


def _topics_of(hit: Hit, topics: Topics, languages: Sequence[str]) -> str:
    try:
        content = read_offer(bytes(hit.object)).content
    except KithError:
        return "an offer"
    return ", ".join(topics.label(topic, languages) for topic in content.topics)
