"""What a proven report shows to people, line by line, safe for any screen.

Moderators and keyholders read the same lines. Whoever wrote what is shown is hostile by
assumption: characters that turn, hide or steer are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import ROLE_MENTEE, Core
from kith_crypto.strict_json import JsonValue
from kith_protocol.day import Day, format_day
from kith_protocol.offer import Offer
from kith_protocol.reporting import Proven, ProvenMessage
from kith_protocol.resource_content import ResourceContent
from kith_protocol.text import clean_text

MAX_LINE_CHARACTERS = 70_000  # longer than any message

_MINUTES_A_DAY = 24 * 60
# Keys, addresses and counters: they say nothing to people.
_TECHNICAL = frozenset({"type", "ack", "turn", "key", "box", "who", "sign", "bind", "day"})


def describe_proven(proven: Proven) -> tuple[str, ...]:
    """Return the lines that show what was proven, the first one its heading."""
    if isinstance(proven, ProvenMessage):
        return describe_core(proven.core)
    return _describe_offer(proven.offer)


def describe_core(core: Core) -> tuple[str, ...]:
    """Return the lines that show a message, the first one its heading."""
    day, minute = divmod(core.minute, _MINUTES_A_DAY)
    at = f"{format_day(Day(day))[:10]} {minute // 60:02}:{minute % 60:02} UTC"
    side = "the one who asked" if core.role == ROLE_MENTEE else "the one who was asked"
    kind = _shown(core.body.get("type"))
    heading = f"{kind or 'message'} by {side}, {at} by their clock"
    said = {name: value for name, value in core.body.items() if name not in _TECHNICAL}
    return (heading, *_describe_members(said))


def describe_resource(content: ResourceContent) -> tuple[str, ...]:
    """Return the lines that show an entry of a library, its titles first."""
    texts = [
        (f"{name} ({language})", text)
        for name, said in (
            ("title", content.name),
            ("in short", content.summary),
            ("text", content.content),
        )
        for language, text in sorted(said.items())
    ]
    details = {
        "link": content.url,
        "topics": ", ".join(content.topics),
        "languages": ", ".join(content.languages),
        "licence": content.licence,
        "region": content.region or "",
        "reviewed": format_day(content.reviewed)[:10],
        "helps in a crisis": "yes" if content.urgent else "",
    }
    lines: list[str] = []
    for name, text in (*texts, *details.items()):
        first, *rest = _lines_of(text) or [""]
        lines += [f"{name}: {first}", *(f"  {line}" for line in rest)] if text else []
    return tuple(lines)


def _describe_members(members: Mapping[str, JsonValue]) -> tuple[str, ...]:
    lines: list[str] = []
    for name, value in sorted(members.items()):
        first, *rest = _lines_of(value) or [""]
        lines += [f"{name}: {first}", *(f"  {line}" for line in rest)]
    return tuple(lines)


def _describe_offer(offer: Offer) -> tuple[str, ...]:
    content = offer.content
    dates = f"published {format_day(offer.published)[:10]}"
    texts = [
        f"{name} ({language}): {_shown(text)}"
        for name, said in (("in short", content.summary), ("text", content.content))
        for language, text in sorted(said.items())
    ]
    return (
        f"offer {offer.id}, {dates}, revision {offer.revision}",
        f"topics: {', '.join(content.topics)}",
        f"ways: {', '.join(content.ways)}; formats: {', '.join(content.formats)}",
        *texts,
    )


def _lines_of(value: JsonValue) -> list[str]:
    if isinstance(value, str):
        return [_shown(line) for line in value.splitlines()]
    return [_shown(canonical_bytes(value).decode())]


def _shown(value: JsonValue) -> str:
    return clean_text(value, MAX_LINE_CHARACTERS) if isinstance(value, str) else ""
