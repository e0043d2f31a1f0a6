"""What commands print of offers and results, in English sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from kith_client.offers import OwnOffer
from kith_client.search import read_offer
from kith_crypto.errors import KithError
from kith_protocol.api import Hit, Reason, UnderstoodAnswer
from kith_protocol.community_topics import label_of
from kith_protocol.day import Day, format_day
from kith_protocol.offer_content import OfferContent
from kith_protocol.reasons import HEADLINES, headline
from kith_protocol.urls import authority_of, origin_of
from kith_protocol.vocabulary import Vocabulary

_REASONS = {
    "topic-exact": "about {values}",
    "topic-under": "about {values}, which belongs to what you asked for",
    "topic-near": "about {values}, which is only close to what you asked for",
    "words": "mentions {values}",
    "knows": "shares with you {values}",
    "language": "speaks {values}",
    "way": "will {values}",
    "format": "by {values}",
    "when": "{values}",
    "level": "for {values}",
    "way-differs": "but will {values}",
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


def describe_reason(reason: Reason, label: Callable[[str], str]) -> str:
    """Return *reason* as part of a sentence; a code that is not known here as it is.

    Args:
        reason: why an offer was found.
        label: what a topic is called.
    """
    if reason.code == "answers":
        return ", ".join(_ANSWERS.get(value, value) for value in reason.values)
    values = reason.values
    if reason.code.startswith("topic-") or reason.code == "knows":
        values = tuple(map(label, values))
    template = _REASONS.get(reason.code, f"{reason.code} {{values}}")
    return template.format(values=", ".join(values)).strip()


def describe_understood(
    understood: UnderstoodAnswer, label: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the lines that tell what was made of a text, and what else it could mean.

    Args:
        understood: as the search answered.
        label: what a topic is called.
    """
    lines = []
    for meaning in understood.meanings:
        others = _listing(meaning.others, label)
        choice = f"; it could also be {others}" if others else ""
        lines.append(f"{meaning.text}: {_listing(meaning.topics, label)}{choice}")
    if understood.words:
        lines.append(f"Words compared with what people say: {', '.join(understood.words)}")
    if understood.did_you_mean:
        lines.append(f"Did you mean: {_listing(understood.did_you_mean, label)}")
    return tuple(lines)


def describe_hit(hit: Hit, topics: Vocabulary, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that show one result; the first one is its heading."""
    content = _content_of(hit)

    def label(topic: str) -> str:
        if content is None:
            return topics.label(topic, languages)
        return label_of(content, topic, topics, languages)

    where = "your own community" if hit.own else community_name(hit.community)
    about = "an offer" if content is None else ", ".join(map(label, content.topics))
    lines = [f"{about}  ({where})", *_describe_reasons(hit.reasons, label)]
    if content is None:
        return (*lines, "  (this program cannot read the offer)", f"  {hit.id}")
    text = text_in(content.summary, languages)
    said = [f"  {text}"] if text else []
    return (*lines, *said, f"  {hit.id}")


def describe_prospect(hit: Hit) -> str:
    """Return what an offer says of how soon it is answered and of its room, or nothing."""
    content = _content_of(hit)
    if content is None:
        return ""
    said = [_ANSWERS[content.answers]] if content.answers else []
    if content.room == "full":
        said.append(_REASONS["no-room"])
    return "; ".join(said)


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


def _describe_reasons(reasons: Sequence[Reason], label: Callable[[str], str]) -> list[str]:
    """Return a line of what says most and what does not fit, and one of all the rest."""
    if not any(reason.code in HEADLINES for reason in reasons):
        return []
    first, differences = headline(reasons)
    rest = [one for one in reasons if one is not first and one not in differences]
    groups = (("why", (first, *differences)), ("also", rest))
    return [
        f"  {name}: {'; '.join(describe_reason(one, label) for one in group)}"
        for name, group in groups
        if group
    ]


def _listing(topics: Sequence[str], label: Callable[[str], str]) -> str:
    return ", ".join(f"{label(topic)} ({topic})" for topic in topics)


def _content_of(hit: Hit) -> OfferContent | None:
    try:
        return read_offer(bytes(hit.object)).content
    except KithError:
        return None
