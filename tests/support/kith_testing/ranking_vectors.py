"""Makes ``protocol/vectors/ranking.json``: a small catalogue, queries, and the right answers.

After a change of the protocol run ``PYTHONPATH=tests/support python -m
kith_testing.ranking_vectors`` into that file; a test fails while it differs.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kith_protocol import ranking
from kith_protocol.listed import Listed
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, parse_query
from kith_testing.catalogue import TODAY, ancestors, document_of, offer_id

COMMUNITIES = tuple(
    f"https://{name}.example/actor" for name in ("ash", "elm", "fir", "oak", "yew")
)
TOPICS = (
    "craft",
    "craft.writing",
    "craft.writing.poetry",
    "craft.sewing",
    "career.cv",
    "x.own",
)
LANGUAGES = (("en",), ("pt-BR", "en"), ("ar",), ("zh-Hans", "en-GB"), ("pl", "de"))
ANSWERS = (None, "days", "week", "longer")
QUERIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("everything, first page", {}),
    ("everything, third page", {"after": f"{TODAY}-40"}),
    ("everything in one page", {"limit": "50"}),
    ("the order of yesterday goes on", {"after": f"{TODAY - 1}-20"}),
    ("a cursor that is too old has today's order", {"after": f"{TODAY - 2}-20"}),
    ("a topic with all below it", {"topics": "craft"}),
    ("several topics", {"topics": "craft.writing,career.cv"}),
    ("a topic that nobody names", {"topics": "career.interview"}),
    ("languages in order of preference", {"languages": "pt,en", "limit": "50"}),
    ("languages by primary subtag", {"languages": "zh-Hant,pt-PT"}),
    ("ways and formats", {"ways": "teach,listen", "formats": "video,voice"}),
    ("when and level never exclude", {"when": "weekends,evenings", "level": "some"}),
    ("only with room", {"room": "open", "topics": "craft.sewing"}),
    ("one community", {"communities": COMMUNITIES[1]}),
    ("all but two communities", {"without": f"{COMMUNITIES[0]},{COMMUNITIES[2]}"}),
    (
        "all together",
        {
            "topics": "craft.writing",
            "languages": "en,pt",
            "ways": "review",
            "formats": "chat",
            "when": "evenings",
            "level": "starting,experienced",
            "limit": "5",
        },
    ),
)


def make() -> bytes:
    """Return the file."""
    offers = [_offer(number) for number in range(72)]
    vectors: dict[str, Any] = {
        "about": "A catalogue and what queries to it answer on one day. Rules: ranking.py.",
        "day": TODAY,
        "mix32": [[value, ranking.mix32(value)] for value in (0, 1, TODAY, 0xFFFF_FFFF)],
        "hashes": [[offer.id, *ranking.offer_hash(offer.id)] for offer in offers[:3]],
        "windows": [
            [TODAY + days, count, ranking.window_start(TODAY + days, count)]
            for days, count in ((0, 20_001), (0, 50_000), (1, 50_000))
        ],
        "spread": [
            {"communities": text, "with_room": room, "order": list(ranking.spread(text, room))}
            for text, room in (
                ("", 0),
                ("aaab", 4),
                ("aaaabbbbc", 9),
                ("aaaabbbbc", 5),
                ("a" * 53 + "bcb" + "a" * 3, 59),
            )
        ],
        "ancestors": {
            topic: ancestors(topic) for topic in (*TOPICS, "career", "career.interview")
        },
        "offers": [document_of(offer) for offer in offers],
        "queries": [_case(name, parameters, offers) for name, parameters in QUERIES],
    }
    return (_lines(msgspec.to_builtins(vectors)) + "\n").encode()


def _lines(value: Any) -> str:
    """Return *value* as JSON with a line for each member and each object of a list."""
    if isinstance(value, dict) and {"day", "results"} & value.keys():
        members = (f"{_lines(key)}:{_lines(member)}" for key, member in value.items())
        return "{\n" + ",\n".join(members) + "\n}"
    is_list = isinstance(value, list) and value and isinstance(value[0], dict)
    if is_list and "code" not in value[0]:
        return "[\n" + ",\n".join(map(_lines, value)) + "\n]"
    return msgspec.json.encode(value).decode()


def _offer(number: int) -> Listed:
    """Return one of a catalogue in which every value occurs with many others."""
    community = COMMUNITIES[(number * number) % 7 % 5]
    topics = (TOPICS[number % 6], TOPICS[(number // 6) % 6])
    return Listed(
        id=offer_id(number, community),
        community=community,
        updated=TODAY - (number * 11) % 60,
        end_day=TODAY + (number * 5) % 40,
        topics=tuple(dict.fromkeys(topics)),
        languages=LANGUAGES[number % 5],
        ways=_some(WAYS, number, 3),
        formats=_some(FORMATS, number // 2, 4),
        when=_some(WHENS, number // 3, 3)[: number % 4],
        level=_some(LEVELS, number // 5, 3)[: number % 3],
        room="full" if number % 8 == 3 else "open",
        answers=ANSWERS[number % 4],  # type: ignore[arg-type]
    )


def _some(choices: tuple[Any, ...], number: int, most: int) -> tuple[Any, ...]:
    start = number % len(choices)
    return (*choices[start:], *choices[:start])[: 1 + number % most]


def _case(name: str, parameters: dict[str, str], offers: list[Listed]) -> dict[str, Any]:
    query = parse_query(parameters, is_known_topic=lambda _: True)
    ranked = ranking.rank(offers, query, ancestors=ancestors, day=TODAY)
    return {
        "name": name,
        "parameters": parameters,
        "total": len(ranked),
        "results": list(ranking.page_of(ranked, query)),
    }


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(make())
