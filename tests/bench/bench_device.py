"""What searching on the device costs: bytes of the files, and time, beside the node's index.

10,000 offers as a node holds them, signed, of a dozen communities, in the vocabulary's topics
and languages. Told are the bytes of the file of each of a few languages and of an offer in it,
as they are and deflated (what a server that compresses would send); milliseconds to search on
the device with a file that was just fetched and with one that is here already; and the same
queries asked of the node's index in the same run.

``run`` returns figures by name. ``python tests/bench/bench_device.py`` prints them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import zlib
from pathlib import Path

from kith_client.search import Search
from kith_node.topics.loading import load_vocabulary
from kith_protocol.partition import parse_partition
from kith_protocol.query import Query
from kith_protocol.urls import actor_url
from kith_testing.clock import FakeClock
from kith_testing.reading_room import NODES, ReadingRoom, open_reading_room

Figures = dict[str, float]

OFFERS = 10_000
NOW = 20_779 * 86_400
SEED = 5
LANGUAGES = ("en", "es", "ar", "ja")
MAX_BYTES = 1 << 30


async def run(folder: Path, offers: int = OFFERS) -> dict[str, Figures]:
    """Return the figures of each language's file, and of searching in it."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = FakeClock(NOW)
    vocabulary = load_vocabulary()
    room = await open_reading_room(folder, vocabulary, offers, clock=clock, seed=SEED)
    topics = vocabulary.ids()[::12]
    try:
        return {
            f"device {language}": {
                **await _bytes_of(room, language),
                **await _times_of(room, language, topics, clock),
            }
            for language in LANGUAGES
        }
    finally:
        await room.close()


async def _bytes_of(room: ReadingRoom, language: str) -> Figures:
    raw = (await room.read(f"/api/v1/catalogue/partitions/{language}")).body
    count = len(parse_partition(raw, max_bytes=MAX_BYTES).offers)
    deflated = len(zlib.compress(raw, 6))
    return {
        "offers": count,
        "file_kib": round(len(raw) / 1024),
        "bytes_per_offer": round(len(raw) / count),
        "deflated_kib": round(deflated / 1024),
        "deflated_bytes_per_offer": round(deflated / count),
    }


async def _times_of(
    room: ReadingRoom, language: str, topics: tuple[str, ...] | list[str], clock: FakeClock
) -> Figures:
    def make() -> Search:
        return Search(session=room, actor=actor_url(NODES[0]), clock=clock)

    queries = [Query(topics=(topic,), languages=(language,)) for topic in topics]
    warm, first = make(), []
    for query in queries[:3]:
        fresh = make()
        await fresh.topics(())
        first.append(await _ms(fresh, query, here=True))
    await warm.find_here(queries[0])
    here = [await _ms(warm, query, here=True) for query in queries]
    there = [await _ms(warm, query, here=False) for query in queries]
    return {
        "first_ms": round(statistics.median(first), 1),
        "device_p50_ms": round(statistics.median(here), 1),
        "node_p50_ms": round(statistics.median(there), 1),
    }


async def _ms(search: Search, query: Query, *, here: bool) -> float:
    began = time.perf_counter()
    await (search.find_here(query) if here else search.find(query))
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(run(Path(folder))), indent=2))


if __name__ == "__main__":
    main()
