"""Offers, queries and a tiny vocabulary for tests of search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, Cursor, Query
from kith_protocol.understood import Piece, Understanding
from kith_protocol.vocabulary import Concept

TODAY = 20_779
TOPICS = ("a", "a.b", "a.b.c", "a.b.d", "a.e", "f", "f.g", "x.own")
LANGUAGES = ("ar", "en", "en-GB", "pt", "pt-BR", "zh-Hans")
CONCEPTS = (
    Concept("a"),
    Concept("a.b"),
    Concept("a.b.c", related=("f",)),
    Concept("f"),
    Concept("a.old", retired="f"),
)
WORDS = ("alpha", "beta", "gamma", "delta")
RELATED = {"a.b.c": ("f.g",), "f.g": ("a.b.c",), "a.e": ("f",), "f": ("a.e",)}
COMMUNITIES = tuple(f"https://{name}.example/actor" for name in ("ash", "elm", "fir"))


def ancestors(topic: str) -> tuple[str, ...]:
    """Return the ids above a dotted *topic*, nearest first; none for community topics."""
    if topic.startswith("x."):
        return ()
    parts = topic.split(".")
    return tuple(".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))


def related(topic: str) -> tuple[str, ...]:
    """Return the ids related to *topic*, from both sides alike."""
    return RELATED.get(topic, ())


HIERARCHY = Hierarchy(ancestors, related)


class Finder:
    """Understands each word that is a topic's id, a way of helping, or neither; ``?`` never."""

    def understand(self, text: str, *, languages: Sequence[str]) -> Understanding:
        """Return what *text* means; *languages* do not matter."""
        parts = [part for part in text.split() if part != "?"]
        topics = [part for part in parts if part in TOPICS]
        words = [part for part in parts if part not in TOPICS and part not in WAYS]
        return Understanding(
            pieces=tuple(Piece(part, (part,), related(part)) for part in topics),
            ways=tuple(way for way in WAYS if way in parts),
            words=tuple(words),
            did_you_mean=("a.b", "f") if words else (),
        )


def offer_id(number: int, community: str = COMMUNITIES[0]) -> str:
    """Return a valid offer URL of *community*, another one for each *number*."""
    name = encode_base64url(sha256(number.to_bytes(8, "big"))[:16])
    return f"{community.removesuffix('/actor')}/offers/{name}"


def listed(number: int = 0, **members: Any) -> Listed:
    """Return a plain offer with *members* in place of the usual ones."""
    usual: dict[str, Any] = {
        "community": COMMUNITIES[0],
        "updated": TODAY,
        "end_day": TODAY + 90,
        "topics": ("a.b",),
        "languages": ("en",),
        "ways": ("teach",),
        "formats": ("chat",),
    }
    usual.update(members)
    usual.setdefault("id", offer_id(number, usual["community"]))
    return Listed(**usual)


def document_of(offer: Listed, summary: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the object that announces *offer*; its proof proves nothing.

    Its words are its content, besides what the *summary* says.
    """
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "attributedTo": offer.community,
        "endTime": _date(offer.end_day),
        "id": offer.id,
        "kith:formats": list(offer.formats),
        "kith:languages": list(offer.languages),
        "kith:revision": 1,
        "kith:room": offer.room,
        "kith:topics": list(offer.topics),
        "kith:ways": list(offer.ways),
        "proof": {"type": "DataIntegrityProof"},
        "published": _date(offer.updated),
        "purpose": "offer",
        "summaryMap": summary or {"en": "I can help \u2028 \\n with that"},
        "type": "Proposal",
        "updated": _date(offer.updated),
    }
    if offer.when:
        document["kith:when"] = list(offer.when)
    if offer.level:
        document["kith:level"] = list(offer.level)
    if offer.words:
        document["contentMap"] = {"en": " ".join(sorted(offer.words))}
    if offer.answers is not None:
        document["kith:answers"] = offer.answers
    return document


def raw_of(offer: Listed) -> bytes:
    """Return the JCS bytes of ``document_of``."""
    return canonical_bytes(document_of(offer))


def _date(day: int) -> str:
    return f"{dt.date.fromordinal(719_163 + day).isoformat()}T00:00:00Z"


def some_of(
    choices: tuple[str, ...], least: int, most: int
) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return a strategy of *least* to *most* different values of *choices*, in any order."""
    return st.lists(st.sampled_from(choices), min_size=least, max_size=most, unique=True).map(
        tuple
    )


def listed_offers() -> st.SearchStrategy[Listed]:
    """Return a strategy of offers, some of them ended; ids are set by the caller."""
    return st.builds(
        Listed,
        id=st.just(""),
        community=st.sampled_from((*COMMUNITIES, *COMMUNITIES[:1] * 3)),
        updated=st.integers(TODAY - 60, TODAY),
        end_day=st.sampled_from((TODAY - 1, *range(TODAY, TODAY + 9))),
        topics=some_of(TOPICS, 1, 4),
        languages=some_of(LANGUAGES, 1, 3),
        ways=some_of(WAYS, 1, 3),
        formats=some_of(FORMATS, 1, 4),
        when=some_of(WHENS, 0, 3),
        level=some_of(LEVELS, 0, 3),
        room=st.sampled_from(("open", "full")),
        answers=st.sampled_from((None, "days", "week", "longer")),
        words=some_of(WORDS, 0, 3).map(frozenset),
    )


def queries() -> st.SearchStrategy[Query]:
    """Return a strategy of queries with few filters, which a small catalogue often answers."""
    return st.builds(
        Query,
        topics=_seldom(some_of((*TOPICS, "a.none"), 1, 3), 2),
        near=st.booleans(),
        knows=_seldom(some_of((*TOPICS, "a.none"), 1, 4), 2),
        text=st.sampled_from(("", "", "free, text")),
        languages=_seldom(some_of(("ar", "en", "pt", "zh", "ja"), 2, 4), 2),
        ways=_seldom(some_of(WAYS, 2, 6)),
        formats=_seldom(some_of(FORMATS, 1, 4)),
        when=_seldom(some_of(WHENS, 1, 3), 2),
        level=_seldom(some_of(LEVELS, 1, 3), 2),
        room_only=st.sampled_from((False, False, True)),
        communities=_seldom(some_of(COMMUNITIES, 1, 2)),
        without=_seldom(some_of(COMMUNITIES, 1, 1)),
        counts=st.booleans(),
        limit=st.integers(1, 50),
        after=st.one_of(
            st.none(),
            st.none(),
            st.builds(Cursor, day=st.integers(TODAY - 2, TODAY + 1), offset=st.integers(1, 9)),
        ),
    )


def understood_queries() -> st.SearchStrategy[Query]:
    """Return a strategy of queries whose text has been understood, or was not there."""
    return st.builds(
        replace,
        queries(),
        words=_seldom(some_of((*WORDS, "omega"), 1, 4), 2),
        preferred_ways=_seldom(some_of(WAYS, 1, 2)),
        is_lost=st.sampled_from((False,) * 9 + (True,)),
    )


def _seldom(
    values: st.SearchStrategy[tuple[Any, ...]], in_how_many: int = 4
) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.integers(1, in_how_many).flatmap(lambda n: values if n == 1 else st.just(()))
