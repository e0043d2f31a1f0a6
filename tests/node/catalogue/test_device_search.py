"""Searching on the device finds what the node's own search finds, over 10,000 offers.

Both sides are the real ones: the node's index, its search and its files, and the client's
search over these files. Where the two differ on purpose: the device knows the offers of the
languages that are asked for and no others, so its counts by *language* are over those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_client.search import Search
from kith_node.topics.loading import load_vocabulary
from kith_protocol.api import SearchAnswer
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, Cursor, Query
from kith_protocol.urls import actor_url
from kith_protocol.vocabulary import LABEL_LANGUAGES, Vocabulary
from kith_testing.catalogue import TODAY, some_of
from kith_testing.clock import FakeClock
from kith_testing.reading_room import NODES, ReadingRoom, open_reading_room

OFFERS = 10_000
LANGUAGES = (*LABEL_LANGUAGES, "fa", "uk", "sw")
COMMUNITIES = tuple(map(actor_url, NODES))


class Sides:
    """The two ways of searching, over the same catalogue."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self.vocabulary: Vocabulary = load_vocabulary()
        clock = FakeClock(TODAY * 86_400 + 3600)
        self._room: ReadingRoom = self._loop.run_until_complete(
            open_reading_room(folder, self.vocabulary, OFFERS, clock=clock, seed=11)
        )
        # What a member shows to read is the session's business; here there is none.
        self._search = Search(session=self._room, actor=COMMUNITIES[0], clock=clock)

    def ask(self, query: Query) -> tuple[SearchAnswer, SearchAnswer]:
        """Return what the node finds and what the device finds."""
        return self._loop.run_until_complete(self._ask(query))

    async def _ask(self, query: Query) -> tuple[SearchAnswer, SearchAnswer]:
        return await self._search.find(query), await self._search.find_here(query)

    def close(self) -> None:
        """Close everything."""
        self._loop.run_until_complete(self._room.close())
        self._loop.close()


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    opened = Sides(tmp_path_factory.mktemp("catalogue"))
    yield opened
    opened.close()


VOCABULARY = load_vocabulary()
TOPICS = VOCABULARY.ids()
# Topics of other communities, which count as the shared ones above them, and such as went out.
ELSEWHERE = (*(f"x.{topic}.own" for topic in TOPICS[::7]), *sorted(VOCABULARY.redirects()))
LABELS = tuple(VOCABULARY.label(topic, ("en",)) for topic in TOPICS[::17])
# Words that offers say of themselves, that name no topic, and that nobody says.
SAID = ("calma", "question", "happy to listen", "ritmo", "お伝え", "küçük", "weiter")
TEXTS = (
    *LABELS,
    *SAID,
    *(f"{label} {said}" for label, said in zip(LABELS, SAID, strict=False)),
    "teach me",
    "zxqwv",
    "?!",
)


def seldom(values: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), st.just(()), values)


QUERIES = st.builds(
    Query,
    topics=st.one_of(
        some_of(TOPICS, 1, 3),
        some_of(TOPICS, 1, 1),
        some_of(ELSEWHERE, 1, 2),
        st.just(()),
    ),
    near=st.booleans(),
    knows=seldom(some_of((*TOPICS, *ELSEWHERE), 1, 4)),
    text=st.one_of(st.just(""), st.just(""), st.sampled_from(TEXTS)),
    languages=some_of(LANGUAGES, 1, 3),
    ways=seldom(some_of(WAYS, 1, 3)),
    formats=seldom(some_of(FORMATS, 1, 2)),
    when=seldom(some_of(WHENS, 1, 2)),
    level=seldom(some_of(LEVELS, 1, 2)),
    room_only=st.booleans(),
    communities=seldom(some_of(COMMUNITIES, 1, 4)),
    without=seldom(some_of(COMMUNITIES, 1, 2)),
    counts=st.booleans(),
    limit=st.integers(1, 50),
    after=st.one_of(
        st.none(),
        st.none(),
        st.builds(Cursor, day=st.integers(TODAY - 1, TODAY), offset=st.integers(1, 60)),
    ),
)


def check(sides: Sides, query: Query) -> None:
    there, here = sides.ask(query)
    assert [
        (hit.id, hit.score, hit.reasons, hit.own, bytes(hit.object)) for hit in here.hits
    ] == [(hit.id, hit.score, hit.reasons, hit.own, bytes(hit.object)) for hit in there.hits]
    assert here.total == there.total
    assert here.next == there.next
    assert here.understood == there.understood
    assert (here.facets is None) == (there.facets is None)
    if here.facets is not None and there.facets is not None:
        known = {name: there.facets.languages.get(name) for name in query.languages}
        assert {name: here.facets.languages.get(name) for name in query.languages} == known
        same = replace(there.facets, languages=here.facets.languages)
        assert here.facets == same


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=QUERIES)
def test_the_device_finds_what_the_node_finds(sides: Sides, query: Query) -> None:
    check(sides, query)


@pytest.mark.slow
@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=QUERIES)
def test_so_it_does_with_many_more_queries(sides: Sides, query: Query) -> None:
    check(sides, query)


def test_these_texts_mean_topics_words_ways_and_nothing(sides: Sides) -> None:
    meant = set()
    for text in TEXTS:
        check(sides, Query(text=text, languages=("en", "pt", "ja"), near=True, limit=50))
        _, here = sides.ask(Query(text=text, languages=("en", "pt", "ja", "tr", "de")))
        assert here.understood is not None
        meant |= {
            (name, here.total > 0)
            for name in ("topics", "words", "ways")
            if getattr(here.understood, name)
        } or {("nothing", here.total > 0)}
        reasons = {reason.code for hit in here.hits for reason in hit.reasons}
        meant |= {("words found", True)} if "words" in reasons else set()
    assert meant >= {
        ("topics", True),
        ("words", True),
        ("words", False),
        ("words found", True),
        ("ways", True),
        ("nothing", False),
    }


def test_most_of_these_queries_find_something(sides: Sides) -> None:
    found = [
        sides.ask(Query(topics=(topic,), near=True, languages=("de", language)))[1].total
        for topic, language in zip(TOPICS[::9], ("en", "es", "ar") * 20, strict=False)
    ]
    assert sum(total > 0 for total in found) > len(found) * 0.9
