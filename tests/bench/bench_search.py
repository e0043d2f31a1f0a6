"""How quickly the catalogue is searched, beside plainly indexed SQLite, in one run.

Both answer the same queries over the same made-up offers, one after the other in turn, so that
what else the machine does hits both alike; the bench stops if their answers differ. The plain
side keeps offers in a table with indexed side tables for topics and languages, selects what
matches and ranks it in Python by the same points.

Further queries, which only the index answers, have near relatives, known topics, words of what
offers say, and counts; the offers have words for them, and what those cost is told apart.

``run`` returns figures: milliseconds for a query (p50, p99), MiB of memory or file,
microseconds to add or replace an offer. ``python tests/bench/bench_search.py 10000`` prints
them.
"""

from __future__ import annotations

import heapq
import itertools
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_node.catalogue.bitmap_index import WINDOW, BitmapIndex
from kith_node.catalogue.columns import mask_of
from kith_protocol import ranking
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed, read_listed
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")
Figures = dict[str, float]

TODAY = 20_779
SEED = 7
QUERIES = 200
ROOTS, CHILDREN, LEAVES = 12, 4, 5  # 12 + 48 + 240 topics in three levels
LANGUAGES = tuple(a + b for a in "abcde" for b in "mnopqrst")  # 40
COMMUNITIES = 2000
HERE = "https://c0.example/actor"
DIFFERENT_WORDS = 50_000
WORDS_OF_OFFER = 24


def run(sizes: Sequence[int] = (10_000, 100_000)) -> dict[str, Figures]:
    """Return figures for each of *sizes* (offers), by name of the size."""
    return {str(size): measure(size) for size in sizes}


def measure(size: int) -> Figures:
    """Return the figures at *size* offers."""
    offers = make_offers(size)
    queries = make_queries()
    with tempfile.TemporaryDirectory() as folder:
        plain, plain_build_s = _timed(partial(PlainSqlite, Path(folder) / "plain.db", offers))
        index, build_s = _timed(partial(_build, offers))
        ours, theirs = _interleave(index, plain, queries)
        figures = {
            "index_p50_ms": _percentile(ours, 50),
            "index_p99_ms": _percentile(ours, 99),
            "index_mib": index.size_bytes / 2**20,
            "index_add_us": build_s / size * 1e6,
            "index_update_us": _update_us(index, offers),
            "sqlite_p50_ms": _percentile(theirs, 50),
            "sqlite_p99_ms": _percentile(theirs, 99),
            "sqlite_mib": plain.size_bytes / 2**20,
            "sqlite_add_us": plain_build_s / size * 1e6,
        }
        plain.close()
    figures["times_faster_p50"] = figures["sqlite_p50_ms"] / figures["index_p50_ms"]
    figures["times_faster_p99"] = figures["sqlite_p99_ms"] / figures["index_p99_ms"]
    figures |= _measure_more(offers, queries, build_s)
    return {name: round(figure, 3) for name, figure in figures.items()}


def _measure_more(
    offers: Sequence[Listed], queries: Sequence[Query], build_s: float
) -> Figures:
    """Return the figures of an index whose offers have words, and of reading offers."""
    words = make_words(len(offers))
    saying = [
        replace(offer, words=frozenset(said)) for offer, said in zip(offers, words, strict=True)
    ]
    index, with_words_s = _timed(partial(_build, saying))
    figures = {
        "words_mib": index.words_size_bytes / 2**20,
        "words_add_us": (with_words_s - build_s) / len(offers) * 1e6,
        "facets_p50_ms": _percentile(_facets(index, queries), 50),
        "read_us": _read_us(offers, words, with_words=False),
        "read_with_words_us": _read_us(offers, words, with_words=True),
    }
    for name, asked in make_more_queries(queries).items():
        for query in asked[:5]:
            index.search(query, TODAY)
        taken = [_timed(partial(index.search, query, TODAY))[1] * 1000 for query in asked]
        figures[f"{name}_p50_ms"] = _percentile(taken, 50)
        figures[f"{name}_p99_ms"] = _percentile(taken, 99)
    return figures


def ancestors(topic: str) -> tuple[str, ...]:
    """Return the ids above a dotted *topic*, nearest first."""
    parts = topic.split(".")
    return tuple(".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))


def related(topic: str) -> tuple[str, ...]:
    """Return the topics related to *topic*: two leaves have each other's place elsewhere."""
    root, _, rest = topic.partition(".")
    if not rest:
        return ()
    number = int(root.removeprefix("r"))
    return tuple(f"r{(number + step) % ROOTS}.{rest}" for step in (1, ROOTS - 1))


HIERARCHY = Hierarchy(ancestors, related)


def topics() -> list[str]:
    """Return all made-up topics, the more popular ones first."""
    found: list[str] = []
    for root in range(ROOTS):
        found.append(f"r{root}")
        for child in range(CHILDREN):
            found.append(f"r{root}.c{child}")
            found.extend(f"r{root}.c{child}.l{leaf}" for leaf in range(LEAVES))
    order = np.random.default_rng(SEED).permutation(len(found))
    return [found[place] for place in order]


def make_offers(size: int) -> list[Listed]:
    """Return *size* offers; topics, languages and communities are unequally popular."""
    rng = np.random.default_rng(SEED)
    names = topics()
    chosen_topics = _popular(rng, len(names), (size, 4))
    chosen_languages = _popular(rng, len(LANGUAGES), (size, 3))
    communities = _popular(rng, COMMUNITIES, (size, 1))[:, 0]
    numbers = rng.integers(0, 2**30, (size, 8))
    return [
        Listed(
            id=f"https://c{communities[place]}.example/offers/{place:022d}",
            community=f"https://c{communities[place]}.example/actor",
            updated=TODAY - int(row[0] % 90),
            end_day=TODAY - 9 + int(row[1] % 90),  # a tenth has ended
            topics=_distinct([names[one] for one in chosen_topics[place, : 1 + row[2] % 4]]),
            languages=_distinct(
                [LANGUAGES[one] for one in chosen_languages[place, : 1 + row[3] % 3]]
            ),
            ways=_some(WAYS, int(row[4]), 1 + row[2] % 3),
            formats=_some(FORMATS, int(row[5]), 1 + row[3] % 3),
            when=_some(WHENS, int(row[6]), row[4] % 3),
            level=_some(LEVELS, int(row[7]), row[5] % 3),
            room="full" if row[6] % 7 == 0 else "open",
            answers=("days", "week", "longer", None)[row[7] % 4],
        )
        for place, row in enumerate(numbers)
    ]


def make_queries() -> list[Query]:
    """Return queries: a fifth for a root, the others for a middle topic or a leaf."""
    rng = np.random.default_rng(SEED + 1)
    by_depth = [[name for name in topics() if name.count(".") == depth] for depth in range(3)]
    found = []
    for number in range(QUERIES):
        names = by_depth[(0, 1, 1, 2, 2)[number % 5]]
        languages = _popular(rng, len(LANGUAGES), (1, 3))[0, : 1 + number % 3]
        found.append(
            Query(
                topics=(names[int(rng.integers(len(names)))],),
                languages=_distinct([LANGUAGES[one] for one in languages]),
                ways=_some(WAYS, number, 1 + number % 3),
                when=_some(WHENS, number, number % 3),
                limit=50,
            )
        )
    return found


def make_words(size: int) -> list[list[str]]:
    """Return what each of *size* offers says of itself; words are unequally popular."""
    rng = np.random.default_rng(SEED + 2)
    chosen = _popular(rng, DIFFERENT_WORDS, (size, WORDS_OF_OFFER))
    names = [f"wort{number}" for number in range(DIFFERENT_WORDS)]
    return [[names[one] for one in row] for row in chosen.tolist()]


def make_more_queries(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Return *queries* as they could be asked as well, and some of words alone."""
    names = topics()
    rng = np.random.default_rng(SEED + 3)
    words = [
        _distinct([f"wort{one}" for one in row])
        for row in _popular(rng, DIFFERENT_WORDS, (len(queries), 4)).tolist()
    ]
    knows = [
        _distinct([names[one] for one in row])
        for row in _popular(rng, len(names), (len(queries), 6)).tolist()
    ]
    pairs = list(zip(queries, words, strict=True))
    return {
        "near": [replace(query, near=True) for query in queries],
        "knows": [
            replace(query, knows=known) for query, known in zip(queries, knows, strict=True)
        ],
        "words": [replace(query, topics=(), words=said) for query, said in pairs],
        "all": [
            replace(query, near=True, knows=known, words=said)
            for (query, said), known in zip(pairs, knows, strict=True)
        ],
    }


SQL_CREATE = """
PRAGMA journal_mode=WAL;
CREATE TABLE offers (
    position INTEGER PRIMARY KEY, end_day INTEGER, updated INTEGER, ways INTEGER,
    whens INTEGER, is_open INTEGER, answers INTEGER, hash INTEGER, hash_reversed INTEGER,
    community TEXT, bytes BLOB
);
CREATE TABLE topics (topic TEXT, position INTEGER);
CREATE TABLE languages (language TEXT, position INTEGER);
"""
SQL_INDEX = """
CREATE INDEX by_topic ON topics (topic, position);
CREATE INDEX by_language ON languages (language, position);
ANALYZE;
"""
SQL_SEARCH = """
WITH
    named AS (
        SELECT position, max(asked.value ->> 1) AS points
        FROM json_each(:topics) AS asked JOIN topics ON topic = asked.value ->> 0
        GROUP BY position
    ),
    spoken AS (
        SELECT position, max(asked.value ->> 1) AS points
        FROM json_each(:languages) AS asked JOIN languages ON language = asked.value ->> 0
        GROUP BY position
    )
SELECT offers.position, named.points + spoken.points, updated, ways, whens, is_open, answers,
    hash, hash_reversed, community
FROM named JOIN spoken USING (position) JOIN offers USING (position)
WHERE end_day > :day AND ways & :ways
"""


class PlainSqlite:
    """What one would write without an index in memory: joins by index, ranking in Python."""

    def __init__(self, path: Path, offers: Sequence[Listed]) -> None:
        """Make the file at *path*, holding *offers*."""
        self._path = path
        self._database = sqlite3.connect(path)
        self._database.executescript(SQL_CREATE)
        self._database.executemany(
            "INSERT INTO offers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    place,
                    offer.end_day,
                    offer.updated,
                    mask_of(offer.ways, WAYS),
                    mask_of(offer.when, WHENS),
                    offer.room == "open",
                    ranking.ANSWERS.get(offer.answers or "", 0),
                    *ranking.offer_hash(offer.id),
                    offer.community,
                    b"x" * 600,
                )
                for place, offer in enumerate(offers)
            ),
        )
        for table in ("topics", "languages"):
            self._database.executemany(
                f"INSERT INTO {table} VALUES (?, ?)",
                (
                    (value, place)
                    for place, offer in enumerate(offers)
                    for value in getattr(offer, table)
                ),
            )
        self._database.executescript(SQL_INDEX)
        self._below: dict[str, list[tuple[str, int]]] = {}
        for name in topics():
            for distance, above in enumerate((name, *ancestors(name))):
                points = ranking.TOPIC_BY_DISTANCE[distance]
                self._below.setdefault(above, []).append((name, points))

    @property
    def size_bytes(self) -> int:
        """Return the size of the file."""
        return self._path.stat().st_size

    def search(self, query: Query) -> tuple[list[tuple[int, int]], int]:
        """Return the first page of *query* as (position, score), and how many match."""
        ways, whens = mask_of(query.ways, WAYS), mask_of(query.when, WHENS)
        languages = [
            (tag, ranking.language_points(place)) for place, tag in enumerate(query.languages)
        ]
        values = {
            "topics": json.dumps(self._below[query.topics[0]]),
            "languages": json.dumps(languages),
            "day": TODAY,
            "ways": ways,
        }
        seed = ranking.rotation_seed(query, TODAY, HERE)
        ranked = []
        for row in self._database.execute(SQL_SEARCH, values):
            position, score, updated, offered, said, is_open, answers, *rest = row
            score += ranking.ROOM * is_open + answers + _fresh(TODAY - updated)
            score += ranking.WAY * (offered & ways).bit_count()
            if whens:
                common = ranking.PREFERENCE * (said & whens).bit_count()
                score += common if said else ranking.UNSAID
            place = ranking.mix32(rest[0] ^ seed) - (score << ranking.LUCK_SHIFT)
            ranked.append((place, rest[1], position, score, rest[2]))
        best = heapq.nsmallest(ranking.MAX_RANKED, ranked)
        with_room = sum(row[3] >= ranking.ROOM for row in best)
        dealt = ranking.spread([row[4] for row in best], with_room)
        page = [best[place] for place in itertools.islice(dealt, query.limit)]
        return [row[2:4] for row in page], len(ranked)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _fresh(age_days: int) -> int:
    return next((points for most, points in ranking.FRESH if age_days <= most), 0)


def _build(offers: Sequence[Listed]) -> BitmapIndex:
    index = BitmapIndex(HIERARCHY, HERE)
    for position, offer in enumerate(offers):
        index.put(position, offer)
    return index


def _interleave(
    index: BitmapIndex, plain: PlainSqlite, queries: Sequence[Query]
) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for query in queries[:5]:  # warm up both
        index.search(query, TODAY)
        plain.search(query)
    for query in queries:
        page, seconds = _timed(partial(index.search, query, TODAY))
        ours.append(seconds * 1000)
        (hits, total), seconds = _timed(partial(plain.search, query))
        theirs.append(seconds * 1000)
        if page.total != total or (total <= WINDOW and list(page.hits) != hits):
            raise AssertionError(f"different answers to {query}")
    return ours, theirs


def _facets(index: BitmapIndex, queries: Sequence[Query]) -> list[float]:
    return [_timed(partial(index.facets, query, TODAY))[1] * 1000 for query in queries[:50]]


def _read_us(
    offers: Sequence[Listed], words: Sequence[list[str]], *, with_words: bool
) -> float:
    """Return what it costs to read an offer from its bytes."""
    raws = [
        canonical_bytes(
            {
                "attributedTo": offer.community,
                "contentMap": {"en": " ".join(said[6:])},
                "endTime": "2026-12-01T00:00:00Z",
                "id": offer.id,
                "kith:formats": list(offer.formats),
                "kith:languages": list(offer.languages),
                "kith:topics": list(offer.topics),
                "kith:ways": list(offer.ways),
                "summaryMap": {"en": " ".join(said[:6])},
                "updated": "2026-11-01T00:00:00Z",
            }
        )
        for offer, said in zip(offers[:20_000], words, strict=False)
    ]

    def read() -> None:
        for raw in raws:
            read_listed(raw, with_words=with_words)

    return _timed(read)[1] / len(raws) * 1e6


def _update_us(index: BitmapIndex, offers: Sequence[Listed]) -> float:
    """Return what it costs to put another offer where one was."""
    count = min(500, len(offers))

    def update() -> None:
        for position in range(count):
            index.put(position, offers[position])

    return _timed(update)[1] / count * 1e6


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _percentile(values: Sequence[float], percent: int) -> float:
    return float(np.percentile(np.array(values), percent))


def _popular(rng: np.random.Generator, count: int, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Return numbers below *count*, the n-th of them n times rarer than the first."""
    weights = 1 / np.arange(1, count + 1)
    return rng.choice(count, size=shape, p=weights / weights.sum())


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _some(choices: tuple[T, ...], start: int, count: int) -> tuple[T, ...]:
    first = start % len(choices)
    return (*choices[first:], *choices[:first])[:count]


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    print(json.dumps(run(sizes), indent=2))
