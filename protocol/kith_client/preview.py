"""What an offer will show to others, before it is published: in words, and byte for byte.

The bytes are those of the signed object but for what only the release knows: the two dates of
its making and the proof. The words are English; other clients have their own.
"""

from __future__ import annotations

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError
from kith_protocol.day import Day, format_day
from kith_protocol.offer import Offer, build_offer, check_content
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import Origin, actor_url, offer_url

RECEIVERS = (
    "your own community, and every community that yours exchanges offers with, now or later; "
    "nobody can make those who have read it forget it"
)
WITHHELD = (
    "your name, your profile, when you wrote it, your device, your other offers: none of this "
    "is in it"
)

_WAYS = {
    "advise": "advise",
    "teach": "teach",
    "practise": "practise together",
    "review": "review work",
    "listen": "listen",
    "accompany": "accompany",
}
_FORMATS = {
    "chat": "by chat",
    "voice": "by voice",
    "video": "by video",
    "in-person": "in person",
}
_LEVELS = {
    "starting": "people who are starting",
    "some": "people with some experience",
    "experienced": "experienced people",
}
_ANSWERS = {
    "days": "usually within days",
    "week": "usually within a week",
    "longer": "it may take longer than a week",
}
_DATED = ("published", "updated")


class Preview(msgspec.Struct, frozen=True):
    """What would leave the node.

    Attributes:
        words: one line for each thing that is said.
        raw: canonical JSON of the object, without the dates of its making and proof.
        receivers: who gets it, in words.
    """

    words: tuple[str, ...]
    raw: bytes
    receivers: str = RECEIVERS


def preview_offer(
    content: OfferContent, *, offer: bytes, origin: Origin, end_day: Day, revision: int = 1
) -> Preview:
    """Return what an offer will show.

    Args:
        content: what its owner chose.
        offer: the offer's id, 16 bytes.
        origin: of the node it stands on.
        end_day: first day on which it is gone.
        revision: 1 for a new one.

    Raises:
        MalformedError: a value is out of its bounds; ``pointer`` says which.
        PrivacyFloorError: a text holds what may identify a person.
    """
    checked = check_content(
        _check_bounds(content),
        programme=None,  # programme, topics and meeting in person are the community's to check
        is_known_topic=lambda _: True,
        allows_in_person=True,
    )
    document = build_offer(
        Offer(
            id=offer_url(origin, offer),
            author=actor_url(origin),
            published=Day(0),
            updated=Day(0),
            end_day=end_day,
            revision=revision,
            content=checked,
        )
    )
    for name in _DATED:
        del document[name]
    return Preview(describe_offer(checked, end_day), canonical_bytes(document))


def describe_offer(content: OfferContent, end_day: Day) -> tuple[str, ...]:
    """Return what *content* says, one line for each thing."""
    said = [
        ("topics", ", ".join(content.topics)),
        *(
            (f"{topic} is called ({tag})", label)
            for topic, labels in content.topic_labels.items()
            for tag, label in sorted(labels.items())
        ),
        ("languages", ", ".join(content.languages)),
        ("I can", ", ".join(_WAYS[way] for way in content.ways)),
        ("we meet", ", ".join(_FORMATS[form] for form in content.formats)),
        ("when", ", ".join(content.when)),
        ("for", ", ".join(_LEVELS[level] for level in content.level)),
        ("answers", _ANSWERS[content.answers] if content.answers else ""),
        ("region", content.region or ""),
        ("room", "open to new people" if content.room == "open" else "full at the moment"),
        ("audience", content.audience),
        ("circle", "a small group together" if content.group else ""),
        ("relays", "others may pass it on" if content.relay else ""),
        *((f"in short ({tag})", text) for tag, text in sorted(content.summary.items())),
        *((f"text ({tag})", text) for tag, text in sorted(content.content.items())),
        ("gone from", format_day(end_day)[:10]),
    ]
    return tuple(f"{name}: {value}" for name, value in said if value)


def _check_bounds(content: OfferContent) -> OfferContent:
    # msgspec checks bounds when it decodes, not when a program makes the struct.
    try:
        return msgspec.convert(msgspec.to_builtins(content), OfferContent)
    except msgspec.ValidationError as error:
        _, _, path = str(error).partition(" - at `")
        raise MalformedError(str(error), pointer=path.rstrip("`") or None) from error
