"""Makes ``protocol/vectors/ranking.json``: a small catalogue, queries, and the right answers.

After a change of the protocol run ``PYTHONPATH=tests/support python -m
kith_testing.ranking_vectors`` into that file; a test fails while it differs.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_protocol import ranking
from kith_protocol.api import Reason
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed, read_listed
from kith_protocol.matching import count_facets
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, Query, parse_query
from kith_protocol.reasons import headline
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
RELATED = {
    "craft.writing": ("career.cv",),
    "career.cv": ("craft.writing",),
    "craft.sewing": ("x.own",),
    "x.own": ("craft.sewing",),
}
SUMMARIES = (
    {"en": "Letters, CVs and C++ on quiet evenings"},
    {"en": "Mending old coats", "pt": "Remendar casacos velhos"},
    {"ar": "\u0643\u062a\u0627\u0628\u0629 \u0627\u0644\u0631\u0633\u0627\u0626\u0644"},
    {"zh": "\u5beb\u4fe1\u8207\u81ea\u52a9\u7df4\u7fd2"},
    {"de": "Briefe \u00fcben, auch f\u00fcr \u00c4mter"},
)
LANGUAGES = (("en",), ("pt-BR", "en"), ("ar",), ("zh-Hans", "en-GB"), ("pl", "de"))
ANSWERS = (None, "days", "week", "longer")
# What a text was understood to mean is no parameter and stands beside them.
QUERIES: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
    ("everything, first page", {}, {}),
    ("everything, third page", {"after": f"{TODAY}-40"}, {}),
    ("everything in one page", {"limit": "50"}, {}),
    ("the order of yesterday goes on", {"after": f"{TODAY - 1}-20"}, {}),
    ("a cursor that is too old has today's order", {"after": f"{TODAY - 2}-20"}, {}),
    ("a topic with all below it", {"topics": "craft"}, {}),
    ("several topics", {"topics": "craft.writing,career.cv"}, {}),
    ("a topic that nobody names", {"topics": "career.interview"}, {}),
    ("languages in order of preference", {"languages": "pt,en", "limit": "50"}, {}),
    ("languages by primary subtag", {"languages": "zh-Hant,pt-PT"}, {}),
    ("ways and formats", {"ways": "teach,listen", "formats": "video,voice"}, {}),
    ("when and level never exclude", {"when": "weekends,evenings", "level": "some"}, {}),
    ("only with room", {"room": "open", "topics": "craft.sewing"}, {}),
    ("one community", {"communities": COMMUNITIES[1]}, {}),
    ("all but two communities", {"without": f"{COMMUNITIES[0]},{COMMUNITIES[2]}"}, {}),
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
        {},
    ),
    ("near relatives too", {"topics": "craft.sewing", "near": "yes", "limit": "50"}, {}),
    (
        "near relatives of several topics",
        {"topics": "craft.writing.poetry,career.cv", "near": "yes", "limit": "50"},
        {},
    ),
    ("who knows the same is preferred", {"topics": "craft", "knows": "career.cv,x.own"}, {}),
    ("what is asked is not known", {"topics": "career.cv", "knows": "career.cv"}, {}),
    ("nor is what lies above it", {"topics": "career.cv", "knows": "career,craft"}, {}),
    ("words without a topic are required", {"text": "?"}, {"words": ["briefe", "coats"]}),
    (
        "words in Arabic",
        {"text": "?"},
        {"words": ["\u0627\u0644\u0631\u0633\u0627\u064a\u0644"]},
    ),
    ("words without blanks", {"text": "?"}, {"words": ["\u81ea\u52a9", "\u7df4\u7fd2"]}),
    (
        "words with a topic are preferred",
        {"topics": "craft.writing", "text": "?"},
        {"words": ["c++", "evenings", "quiet", "letters"]},
    ),
    (
        "ways of a text are preferred",
        {"topics": "craft.writing", "text": "?"},
        {"preferred_ways": ["listen", "review"]},
    ),
    ("nothing understood", {"text": "?", "counts": "yes"}, {"is_lost": True}),
    ("counts of everything", {"counts": "yes", "limit": "1"}, {}),
    (
        "counts leave out the choice of their own group",
        {
            "counts": "yes",
            "limit": "2",
            "topics": "craft.writing",
            "near": "yes",
            "languages": "en",
            "ways": "teach,listen",
            "formats": "chat",
            "when": "evenings",
            "room": "open",
            "communities": f"{COMMUNITIES[0]},{COMMUNITIES[1]},{COMMUNITIES[2]}",
            "without": COMMUNITIES[2],
        },
        {},
    ),
    (
        "counts of required words",
        {"counts": "yes", "limit": "1", "text": "?", "languages": "en"},
        {"words": ["coats"]},
    ),
)
SEEDS: tuple[tuple[int, Query], ...] = (
    (0, Query()),
    (1, Query()),
    (0, Query(topics=("craft", "career.cv"))),
    (0, Query(topics=("career.cv", "craft"), languages=("en",), limit=5)),
    (0, Query(knows=("craft", "career.cv"))),
    (0, Query(words=("\u81ea\u52a9",), text="?")),
)
REASONS = (
    ("topic-exact", "topic-under", "language", "has-room"),
    ("topic-under", "words", "way-differs", "when-differs", "level-differs", "no-room"),
    ("topic-near", "words", "language", "when-differs", "has-room"),
    ("topic-near", "language", "way", "no-room"),
    ("knows", "language", "way", "format", "when", "level", "has-room"),
    ("knows", "language", "format", "when", "level", "has-room"),
    ("language", "format", "when", "level", "has-room"),
    ("language", "when", "level", "has-room"),
    ("language", "level", "has-room", "answers"),
    ("language", "has-room", "answers"),
    ("has-room", "answers"),
    ("has-room",),
    ("no-room",),
)


def related(topic: str) -> tuple[str, ...]:
    """Return the topics related to *topic*."""
    return RELATED.get(topic, ())


HIERARCHY = Hierarchy(ancestors, related)


def make() -> bytes:
    """Return the file."""
    documents = [document_of(_offer(number), SUMMARIES[number % 7 % 5]) for number in range(72)]
    offers = [read_listed(canonical_bytes(one), with_words=True) for one in documents]
    known = (*TOPICS, "career", "career.interview")
    vectors: dict[str, Any] = {
        "about": "A catalogue and what queries to it answer on one day. Rules: matching.py, "
        "ranking.py, reasons.py.",
        "day": TODAY,
        "community": COMMUNITIES[0],
        "mix32": [[value, ranking.mix32(value)] for value in (0, 1, TODAY, 0xFFFF_FFFF)],
        "hashes": [[offer.id, *ranking.offer_hash(offer.id)] for offer in offers[:3]],
        "seeds": [
            {
                "days": days,
                "topics": query.topics,
                "knows": query.knows,
                "words": query.words,
                "seed": ranking.rotation_seed(query, TODAY + days, COMMUNITIES[0]),
            }
            for days, query in SEEDS
        ],
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
        "headlines": [_headline(codes) for codes in REASONS],
        "ancestors": {topic: ancestors(topic) for topic in known},
        "related": {topic: related(topic) for topic in known},
        "offers": documents,
        "words": [[offer.id, sorted(offer.words)] for offer in offers[:5]],
        "queries": [_case(*case, offers) for case in QUERIES],
    }
    return (_lines(msgspec.to_builtins(vectors)) + "\n").encode()


def _headline(codes: tuple[str, ...]) -> dict[str, Any]:
    first, differences = headline([Reason(code, ("x",)) for code in codes])
    return {
        "codes": codes,
        "first": first.code,
        "differences": [reason.code for reason in differences],
    }


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


def _case(
    name: str,
    parameters: dict[str, str],
    understood: dict[str, Any],
    offers: list[Listed],
) -> dict[str, Any]:
    query = read_case(parameters, understood)
    ranked = ranking.rank(
        offers, query, hierarchy=HIERARCHY, day=TODAY, community=COMMUNITIES[0]
    )
    case: dict[str, Any] = {"name": name, "parameters": parameters}
    if understood:
        case["understood"] = understood
    if query.counts:
        case["facets"] = count_facets(offers, query, hierarchy=HIERARCHY, day=TODAY)
    return case | {"total": len(ranked), "results": list(ranking.page_of(ranked, query))}


def read_case(parameters: dict[str, str], understood: dict[str, Any]) -> Query:
    """Return the query of one case."""
    query = parse_query(parameters, is_known_topic=lambda _: True)
    members = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in understood.items()
    }
    return msgspec.structs.replace(query, **members)


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(make())
