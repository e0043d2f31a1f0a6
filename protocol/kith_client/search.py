"""Finding offers: on the node, or on the device over files that are the same for everybody.

Nothing here shows who is looking: the calls carry the reader pass, which all members share. A
running node still sees the query of ``find``; of ``find_here`` it sees only that somebody
fetched the files of some languages. Proofs of remote offers are the node's to verify: the keys
for it are in the other communities' actors, and asking those would tell them of the reader.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from kith_client.http import decode_answer
from kith_client.kept_files import KeptFiles, Reader
from kith_client.system import Clock
from kith_crypto.errors import KithError, MalformedError, RemoteError, UsageError
from kith_crypto.strict_json import parse_json_object
from kith_protocol.api import (
    FacetsAnswer,
    Hit,
    PartitionsAnswer,
    SearchAnswer,
    TopicsAnswer,
    UnderstoodAnswer,
)
from kith_protocol.day import day_of
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.listed import Listed, read_listed
from kith_protocol.matching import count_facets, is_match
from kith_protocol.offer import Offer, parse_offer
from kith_protocol.placing import place_counts, place_query
from kith_protocol.query import Cursor, Query, encode_cursor, encode_query
from kith_protocol.ranking import MAX_RANKED, Ranked, page_of, rank, ranking_day
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.understood import understand_query
from kith_protocol.vocabulary import LABEL_LANGUAGES, LanguageTexts, Vocabulary

_CATALOGUE = "/api/v1/catalogue"
_TOPICS = "/api/v1/topics"


_Catalogue: TypeAlias = "dict[str, tuple[Listed, bytes]]"
"""Offers by id, each with its bytes as signed."""


class Search:
    """The catalogue as one member sees it."""

    def __init__(self, *, session: Reader, actor: str, clock: Clock) -> None:
        self._session = session
        self._actor = actor
        self._clock = clock
        self._topics: TopicsAnswer | None = None
        self._words: dict[str, LanguageTexts] = {}
        self._vocabularies: dict[frozenset[str], Vocabulary] = {}
        self._finder: TopicFinder | None = None
        self._files = KeptFiles(session, f"{_CATALOGUE}/partitions")
        self._read: dict[tuple[str, bool], tuple[tuple[bytes, ...], _Catalogue]] = {}

    async def topics(self, languages: Sequence[str] = LABEL_LANGUAGES) -> Vocabulary:
        """Return the vocabulary, each part of it fetched once.

        Args:
            languages: those of the words wanted. Asking for some tells the node that somebody
                reads them; all of them tell nothing.
        """
        if self._topics is None:
            reply = await self._session.read(_TOPICS)
            self._topics = decode_answer(reply, TopicsAnswer)
        held = {one.language for one in self._topics.languages}
        wanted = frozenset(languages) & held & frozenset(LABEL_LANGUAGES)
        if wanted not in self._vocabularies:
            missing = [one for one in LABEL_LANGUAGES if one in wanted - self._words.keys()]
            await self._fetch_words(missing)
            ordered = [self._words[one] for one in LABEL_LANGUAGES if one in wanted]
            self._vocabularies[wanted] = Vocabulary(self._topics.topics, ordered)
        return self._vocabularies[wanted]

    async def finder(self) -> TopicFinder:
        """Return what finds topics by words of any language; made once."""
        if self._finder is None:
            vocabulary = await self.topics()
            # Folding all the words takes a moment, in which others may go on.
            self._finder = await asyncio.to_thread(TopicFinder, vocabulary)
        return self._finder

    async def find(self, query: Query) -> SearchAnswer:
        """Return a ranked page from the node, which sees the query while it runs."""
        reply = await self._session.read(_CATALOGUE, query=encode_query(query))
        return decode_answer(reply, SearchAnswer)

    async def get(self, offer_url: str) -> Hit:
        """Return one offer, of any community, by its URL."""
        reply = await self._session.read(f"{_CATALOGUE}/offer", query={"id": offer_url})
        return decode_answer(reply, Hit)

    async def partitions(self) -> PartitionsAnswer:
        """Return which files there are for searching on the device."""
        reply = await self._session.read(f"{_CATALOGUE}/partitions")
        return decode_answer(reply, PartitionsAnswer)

    async def find_here(self, query: Query) -> SearchAnswer:
        """Return a ranked page computed on this device; nobody sees the query.

        The files of the query's languages are fetched, whole, unless they are here already.
        Counts are over those files: of other languages they know what is offered in these too.

        Raises:
            UsageError: the query names no language, so there is no file to look in.
        """
        [answer] = await self.find_all_here((query,))
        return answer

    async def find_all_here(self, queries: Sequence[Query]) -> tuple[SearchAnswer, ...]:
        """Return the answers of ``find_here`` to *queries*, with each file fetched once.

        The node can neither count the queries nor tell which languages are preferred.

        Args:
            queries: the limit of each may be as high as ``ranking.MAX_RANKED``.

        Raises:
            UsageError: one of them names no language.
        """
        if not all(query.languages for query in queries):
            raise UsageError("searching on the device needs at least one language")
        if not queries:
            return ()
        topics = await self.topics(())
        finder = await self.finder() if any(query.text for query in queries) else None
        wanted = {language for query in queries for language in query.languages}
        files = {language: await self._files.fetch(language) for language in sorted(wanted)}
        answers = []
        for query in queries:
            answers.append(self._find_in(files, query, topics, finder))
            await asyncio.sleep(0)  # each takes a moment, after which others may go on
        return tuple(answers)

    def held(self, languages: Iterable[str]) -> frozenset[str]:
        """Return the ids of all offers in the files of *languages*, as last searched here."""
        current = {name: self._files.last(name) for name in languages}
        return frozenset(
            offer
            for (language, _), (offers, catalogue) in self._read.items()
            if offers is current.get(language)
            for offer in catalogue
        )

    def _find_in(
        self,
        files: Mapping[str, tuple[bytes, ...]],
        query: Query,
        topics: Vocabulary,
        finder: TopicFinder | None,
    ) -> SearchAnswer:
        query = place_query(query, topics)
        understood: UnderstoodAnswer | None = None
        if query.text and finder is not None:
            query, understood = understand_query(query, finder)
        hierarchy = Hierarchy(topics.ancestors, topics.related)
        catalogue: _Catalogue = {}
        for language in query.languages:
            offers = files[language]
            catalogue |= self._catalogue_in(language, offers, with_words=bool(query.words))
        listed = [offer for offer, _ in catalogue.values()]
        today = day_of(self._clock.now())
        ranked = rank(listed, query, hierarchy=hierarchy, day=today, community=self._actor)
        hits = tuple(self._hit(found, *catalogue[found.id]) for found in page_of(ranked, query))
        total = len(ranked)
        if total == MAX_RANKED:  # there may be more than are listed
            total = sum(is_match(one, query, hierarchy=hierarchy, day=today) for one in listed)
        facets: FacetsAnswer | None = None
        if query.counts:
            counts = count_facets(listed, query, hierarchy=hierarchy, day=today)
            facets = place_counts(counts, topics)
        return SearchAnswer(
            hits,
            total=total,
            next=_next(query, len(hits), len(ranked), today),
            facets=facets,
            understood=understood,
        )

    def _hit(self, found: Ranked, listed: Listed, raw: bytes) -> Hit:
        return Hit(
            id=found.id,
            community=listed.community,
            own=listed.community == self._actor,
            score=found.score,
            reasons=found.reasons,
            object=msgspec.Raw(raw),
        )

    async def _fetch_words(self, languages: Iterable[str]) -> None:
        """Fetch the words of *languages* together; the first error ends all of it."""
        try:
            async with asyncio.TaskGroup() as group:
                for language in languages:
                    group.create_task(self._fetch_words_in(language))
        except* KithError as errors:
            # People need one line, not a tree: the others are mostly the same.
            raise errors.exceptions[0] from errors

    async def _fetch_words_in(self, language: str) -> None:
        reply = await self._session.read(f"{_TOPICS}/{language}")
        words = decode_answer(reply, LanguageTexts)
        if words.language != language:
            raise MalformedError(f"asked for words in {language}, got {words.language}")
        self._words[language] = words

    def _catalogue_in(
        self, language: str, offers: tuple[bytes, ...], *, with_words: bool
    ) -> _Catalogue:
        """Return the offers of a language, read once for as long as its file stays the same."""
        known = self._read.get((language, with_words))
        if known is not None and known[0] is offers:
            return known[1]
        catalogue = _read_all(offers, with_words=with_words)
        self._read[language, with_words] = (offers, catalogue)
        return catalogue


def read_offer(raw: bytes) -> Offer:
    """Return the offer that *raw*, an object of the catalogue, holds.

    Raises:
        RemoteError: it is no offer of the protocol.
    """
    return parse_offer(
        parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES),
        programme=None,
        is_known_topic=lambda _: True,
        development=True,
    )


def _read_all(raws: Iterable[bytes], *, with_words: bool) -> _Catalogue:
    """Return the offers by id, without those that are none: one bad line spoils no search."""
    found: _Catalogue = {}
    for raw in raws:
        try:
            listed = read_listed(raw, with_words=with_words)
        except RemoteError:
            continue
        found[listed.id] = (listed, raw)
    return found


def _next(query: Query, shown: int, total: int, today: int) -> str | None:
    offset = (query.after.offset if query.after is not None else 0) + shown
    if shown == 0 or offset >= total:
        return None
    return encode_cursor(Cursor(ranking_day(query, today), offset))
