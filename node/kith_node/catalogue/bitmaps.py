"""One bitmap of slots for each value that offers name, and what a query selects of them.

For a topic there is one bitmap for each distance: offers that name a topic at most so far below
it; the first holds those that name it, the last all of its branch. Bitmaps may hold slots whose
offers are gone: whoever asks brings the live ones. What is selected and counted is that of
``kith_protocol.matching``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyroaring import BitMap

from kith_protocol.api import FacetsAnswer
from kith_protocol.hierarchy import Hierarchy, near_topics, only_known
from kith_protocol.listed import Listed
from kith_protocol.query import Query, primary_language

Move = Callable[[BitMap], BitMap]


class Bitmaps:
    """All bitmaps of one index."""

    def __init__(self, hierarchy: Hierarchy, *, most_words: int) -> None:
        """Make no bitmaps yet.

        Args:
            hierarchy: of the vocabulary.
            most_words: how many words one community may bring that no other has said.
        """
        self._most_words = most_words
        self._brought: Counter[str] = Counter()  # words by community
        self._hierarchy = hierarchy
        self._topics: dict[str, list[BitMap]] = {}
        self._chains: dict[str, tuple[BitMap, ...]] = {}  # where who names a topic belongs
        self._words: dict[str, BitMap] = {}
        self._languages: dict[str, BitMap] = {}
        self._ways: dict[str, BitMap] = {}
        self._formats: dict[str, BitMap] = {}
        self._when: dict[str, BitMap] = {}
        self._level: dict[str, BitMap] = {}
        self._room: dict[str, BitMap] = {}
        self._communities: dict[str, BitMap] = {}

    def add(self, slot: int, offer: Listed) -> None:
        """Take *offer* in at *slot*, at which nothing was before."""
        for topic in offer.topics:
            for bits in self._chains.get(topic) or self._chain(topic):
                bits.add(slot)
        self._add_words(slot, offer)
        _add(self._languages, map(primary_language, offer.languages), slot)
        _add(self._ways, offer.ways, slot)
        _add(self._formats, offer.formats, slot)
        _add(self._when, offer.when, slot)
        _add(self._level, offer.level, slot)
        _add(self._room, (offer.room,), slot)
        _add(self._communities, (offer.community,), slot)

    def move(self, moved: Move) -> None:
        """Put ``moved(bits)`` in the place of each bitmap, leaving out those that are empty."""
        for sets in self._by_value():
            replaced = {value: moved(bits) for value, bits in sets.items()}
            sets.clear()
            sets.update((value, bits) for value, bits in replaced.items() if bits)
        topics = {
            topic: [moved(bits) for bits in within] for topic, within in self._topics.items()
        }
        self._topics = {topic: within for topic, within in topics.items() if within[-1]}
        self._chains.clear()
        self._count_brought()

    def select(self, query: Query, live: BitMap) -> BitMap:
        """Return which of *live* answer *query*."""
        return _intersect(self._live_of(query, live), self._filters(query).values())

    def count(
        self, query: Query, live: BitMap, communities: Callable[[BitMap], dict[str, int]]
    ) -> FacetsAnswer:
        """Return how many of *live* answer *query*, and for each value how many would.

        Args:
            query: what is asked.
            live: slots of live offers.
            communities: counts those of some slots; there may be thousands of communities, so
                that looking at each bitmap would cost more than looking at each slot.
        """
        live = self._live_of(query, live)
        filters = self._filters(query)
        found = _intersect(live, filters.values())
        branches = {topic: within[-1] for topic, within in self._topics.items()}
        groups = {
            "topics": branches,
            "languages": self._languages,
            "ways": self._ways,
            "formats": self._formats,
            "when": self._when,
            "level": self._level,
            "room": self._room,
        }

        def besides(name: str) -> BitMap:
            if name not in filters:
                return found
            others = (bits for other, bits in filters.items() if other != name)
            return _intersect(live, others)

        return FacetsAnswer(
            **{name: _counts(sets, besides(name)) for name, sets in groups.items()},
            communities=communities(besides("communities")),
            total=len(found),
        )

    def within(self, topic: str) -> Sequence[BitMap]:
        """Return who names *topic* or something at most 0, 1, … levels below it."""
        return self._topics.get(topic, ())

    def near(self, query: Query) -> BitMap:
        """Return who names a near relative of a topic asked that they do not reach."""
        return BitMap().union(
            *(
                BitMap().union(*(within[0] for one in near if (within := self.within(one))))
                - self._branch(topic)
                for topic, near in near_topics(query, self._hierarchy).items()
            )
        )

    def knowing(self, query: Query) -> list[BitMap]:
        """Return, for each topic that the asker only knows, who reaches it."""
        return [self._branch(topic) for topic in only_known(query, self._hierarchy)]

    def saying(self, query: Query) -> list[BitMap]:
        """Return, for each of the query's words, in whose text it occurs."""
        return [self._words[word] for word in query.words if word in self._words]

    def speaking(self, query: Query) -> list[BitMap]:
        """Return, for each language asked in order, who speaks it."""
        return [self._languages.get(language, BitMap()) for language in query.languages]

    def in_language(self, language: str, live: BitMap) -> BitMap:
        """Return which of *live* name *language*."""
        return self._languages.get(language, BitMap()) & live

    @property
    def size_bytes(self) -> int:
        """Return the memory of all bitmaps but those of words."""
        sets = (one for one in self._by_value() if one is not self._words)
        flat = (bits for one in sets for bits in one.values())
        nested = (bits for within in self._topics.values() for bits in within)
        return sum(map(_size_bytes, flat)) + sum(map(_size_bytes, nested))

    @property
    def words_size_bytes(self) -> int:
        """Return the memory of the bitmaps of words, the words themselves left out."""
        return sum(map(_size_bytes, self._words.values()))

    def _chain(self, topic: str) -> tuple[BitMap, ...]:
        """Return the bitmaps of *topic* and all above it, those of its distance and further."""
        chain = self._hierarchy.chain(topic)
        for distance, above in enumerate(chain):
            within = self._topics.setdefault(above, [BitMap()])
            if len(within) <= distance:
                within += [BitMap(within[-1]) for _ in range(distance + 1 - len(within))]
                self._chains.clear()  # those that were made before lack the new ones
        self._chains[topic] = tuple(
            bits
            for distance, above in enumerate(chain)
            for bits in self._topics[above][distance:]
        )
        return self._chains[topic]

    def _add_words(self, slot: int, offer: Listed) -> None:
        """Take in its words, but for new ones where its community has brought too many."""
        for word in offer.words:
            bits = self._words.get(word)
            if bits is None:
                if self._brought[offer.community] >= self._most_words:
                    continue
                self._brought[offer.community] += 1
                bits = self._words[word] = BitMap()
            bits.add(slot)

    def _count_brought(self) -> None:
        """Count each word for the community of the first offer that has it."""
        first = Counter(bits.min() for bits in self._words.values())
        slots = BitMap(first)
        self._brought = Counter(
            {
                community: sum(first[slot] for slot in bits & slots)
                for community, bits in self._communities.items()
            }
        )

    def _by_value(self) -> Iterator[dict[str, BitMap]]:
        yield from (self._words, self._languages, self._ways, self._formats)
        yield from (self._when, self._level, self._room, self._communities)

    def _branch(self, topic: str) -> BitMap:
        within = self.within(topic)
        return within[-1] if within else BitMap()

    def _live_of(self, query: Query, live: BitMap) -> BitMap:
        if query.is_lost:
            return BitMap()
        without = [self._communities[one] for one in query.without if one in self._communities]
        return live.difference(*without) if without else live

    def _filters(self, query: Query) -> dict[str, BitMap]:
        """Return for each group in which the query chooses something who fits the choice."""
        wanted: dict[str, BitMap] = {}
        if query.topics:
            wanted["topics"] = BitMap().union(*map(self._branch, query.topics))
            if query.near:
                wanted["topics"] |= self.near(query)
        elif query.words:
            wanted["words"] = BitMap().union(*self.saying(query))
        for name, values, sets in (
            ("languages", query.languages, self._languages),
            ("ways", query.ways, self._ways),
            ("formats", query.formats, self._formats),
            ("communities", query.communities, self._communities),
        ):
            if values:
                wanted[name] = BitMap().union(*(sets[one] for one in values if one in sets))
        if query.room_only:
            wanted["room"] = self._room.get("open", BitMap())
        return wanted


def _add(sets: dict[str, BitMap], values: Iterable[str], slot: int) -> None:
    for value in values:
        bits = sets.get(value)
        if bits is None:
            bits = sets[value] = BitMap()
        bits.add(slot)


def _intersect(live: BitMap, wanted: Iterable[BitMap]) -> BitMap:
    return live.intersection(*sorted(wanted, key=len))


def _counts(sets: Mapping[str, BitMap], found: BitMap) -> dict[str, int]:
    counted = ((value, bits.intersection_cardinality(found)) for value, bits in sets.items())
    return {value: count for value, count in sorted(counted) if count}


def _size_bytes(bits: BitMap) -> int:
    numbers = bits.get_statistics()
    return (
        numbers["n_bytes_array_containers"]
        + numbers["n_bytes_run_containers"]
        + numbers["n_bytes_bitset_containers"]
    )
