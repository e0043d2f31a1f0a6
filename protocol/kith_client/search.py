"""Finding offers: on the node, or on the device over files that are the same for everybody.

Nothing here shows who is looking: the calls carry the reader pass, which all members share. A
running node still sees the query of ``find``; of ``find_here`` it sees only that somebody
fetched the files of some languages. Proofs of remote offers are the node's to verify: the keys
for it are in the other communities' actors, and asking those would tell them of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import decode_answer
from kith_client.session import Session
from kith_client.system import Clock
from kith_client.topics import Topics
from kith_crypto.errors import MalformedError, RemoteError, UsageError
from kith_crypto.strict_json import parse_json_object
from kith_protocol.api import (
    FacetsAnswer,
    Hit,
    PartitionsAnswer,
    SearchAnswer,
    TopicsAnswer,
)
from kith_protocol.day import day_of
from kith_protocol.errors import NotFoundError
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.listed import Listed, read_listed
from kith_protocol.offer import Offer, parse_offer
from kith_protocol.partition import etag_of, parse_partition
from kith_protocol.query import Cursor, Query, encode_cursor, encode_query
from kith_protocol.ranking import page_of, rank, ranking_day

MAX_PARTITION_BYTES = 64 * 1024 * 1024

_CATALOGUE = "/api/v1/catalogue"


class _File(msgspec.Struct, frozen=True):
    etag: str | None
    offers: tuple[bytes, ...]


class Search:
    """The catalogue as one member sees it."""

    def __init__(self, *, session: Session, actor: str, clock: Clock) -> None:
        self._session = session
        self._actor = actor
        self._clock = clock
        self._topics: Topics | None = None
        self._files: dict[str, _File] = {}

    async def topics(self) -> Topics:
        """Return the vocabulary, fetched once."""
        if self._topics is None:
            reply = await self._session.read("/api/v1/topics")
            self._topics = Topics(decode_answer(reply, TopicsAnswer).topics)
        return self._topics

    async def find(self, query: Query) -> SearchAnswer:
        """Return a ranked page from the node, which sees the query while it runs."""
        reply = await self._session.read(_CATALOGUE, query=encode_query(query))
        return decode_answer(reply, SearchAnswer)

    async def facets(self, query: Query) -> FacetsAnswer:
        """Return counts for each value that would remain, from the node."""
        reply = await self._session.read(f"{_CATALOGUE}/facets", query=encode_query(query))
        return decode_answer(reply, FacetsAnswer)

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

        Raises:
            UsageError: the query names no language, so there is no file to look in.
        """
        if not query.languages:
            raise UsageError("searching on the device needs at least one language")
        topics = await self.topics()
        offers = [await self._offers_in(language) for language in query.languages]
        catalogue = _read_all(raw for part in offers for raw in part)
        listed = [offer for offer, _ in catalogue.values()]
        today = day_of(self._clock.now())
        ranked = rank(listed, query, ancestors=topics.ancestors, day=today)
        hits = tuple(
            Hit(
                id=found.id,
                community=catalogue[found.id][0].community,
                own=catalogue[found.id][0].community == self._actor,
                score=found.score,
                reasons=found.reasons,
                object=msgspec.Raw(catalogue[found.id][1]),
            )
            for found in page_of(ranked, query)
        )
        return SearchAnswer(hits, len(ranked), _next(query, len(hits), len(ranked), today))

    async def _offers_in(self, language: str) -> tuple[bytes, ...]:
        known = self._files.get(language)
        try:
            reply = await self._session.read(
                f"{_CATALOGUE}/partitions/{language}",
                etag=known.etag if known is not None else None,
                max_bytes=MAX_PARTITION_BYTES,
            )
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            return ()  # nobody offers anything in this language
        if reply.status == 304 and known is not None:
            return known.offers
        if reply.etag is not None and reply.etag != etag_of(reply.body):
            raise MalformedError("the file of a language is damaged")
        offers = parse_partition(reply.body, max_bytes=MAX_PARTITION_BYTES).offers
        self._files[language] = _File(reply.etag, offers)
        return offers


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


def _read_all(raws: Iterable[bytes]) -> dict[str, tuple[Listed, bytes]]:
    """Return the offers by id, without those that are none: one bad line spoils no search."""
    found: dict[str, tuple[Listed, bytes]] = {}
    for raw in raws:
        try:
            listed = read_listed(raw)
        except RemoteError:
            continue
        found[listed.id] = (listed, raw)
    return found


def _next(query: Query, shown: int, total: int, today: int) -> str | None:
    offset = (query.after.offset if query.after is not None else 0) + shown
    if shown == 0 or offset >= total:
        return None
    return encode_cursor(Cursor(ranking_day(query, today), offset))
