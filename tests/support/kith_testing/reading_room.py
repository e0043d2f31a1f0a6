"""A node's catalogue of any size with its real routes, read by a client without a network.

What is left out is the way between: HTTP, the reader pass and its rate limit, tested elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import Reply
from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KithError
from kith_crypto.hashes import sha256
from kith_crypto.proof import sign_document
from kith_node.catalogue.routes import routes as catalogue_routes
from kith_node.catalogue.service import Catalogue
from kith_node.catalogue.store import put_object
from kith_node.demo.offers import make_offers
from kith_node.http.route import Call, Credential, Route
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_node.topics.routes import routes as topic_routes
from kith_protocol.day import Day, format_day
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.urls import actor_url, node_key_url, offer_url
from kith_protocol.vocabulary import Vocabulary
from kith_testing.clock import FakeClock

NODES = tuple(f"https://node{number}.example" for number in range(12))
FULL_EVERY = 9
LIFE_DAYS = 60
CHUNK = 1000


class ReadingRoom:
    """The catalogue of ``NODES[0]``; stands in for a session that only reads."""

    def __init__(
        self, database: Database, catalogue: Catalogue, routes: Sequence[Route]
    ) -> None:
        self._database = database
        self.catalogue = catalogue
        self._routes = [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path) + r"\Z"), route)
            for route in routes
        ]

    async def read(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        etag: str | None = None,
        max_bytes: int = 0,
    ) -> Reply:
        """Answer as ``Session.read`` does."""
        headers = {} if etag is None else {"if-none-match": etag}
        for pattern, route in self._routes:
            if found := pattern.match(path):
                call = Call(found.groupdict(), query or {}, headers, b"", Credential(), b"")
                try:
                    answer = await route.handler(call)
                except KithError as error:
                    raise ProblemError(error.code, error.safe, status=404) from error
                body = answer.body
                raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
                tags = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status, raw, tags.get("etag"))
        raise AssertionError(path)

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()


async def open_reading_room(
    folder: Path, vocabulary: Vocabulary, count: int, *, clock: FakeClock, seed: int
) -> ReadingRoom:
    """Return a node's catalogue with *count* offers, signed, of a dozen communities."""
    database = await open_database(folder / "catalogue.db", load_migrations("catalogue"))
    today = Day(clock.now() // 86_400)
    contents = make_offers(vocabulary, count, seed)
    offers = list(sign_all(contents, today=today))
    for start in range(0, len(offers), CHUNK):
        async with database.transaction() as connection:
            for offer, raw in offers[start : start + CHUNK]:
                await put_object(
                    connection,
                    id=offer.id,
                    author=offer.author,
                    revision=1,
                    end_day=offer.end_day,
                    hidden=False,
                    raw=raw,
                )
    catalogue = Catalogue(
        database,
        vocabulary,
        clock,
        actor_url(NODES[0]),
        make_finder=partial(TopicFinder, vocabulary),
    )
    await catalogue.catch_up()
    return ReadingRoom(
        database, catalogue, (*catalogue_routes(catalogue), *topic_routes(vocabulary))
    )


def sign_all(contents: Sequence[OfferContent], *, today: Day) -> Iterable[tuple[Offer, bytes]]:
    """Yield each content as an offer of one of ``NODES`` in turn, with its bytes as signed."""
    keys = {node: SigningKey.from_seed(sha256(node.encode())) for node in NODES}
    for number, content in enumerate(contents):
        node = NODES[number % len(NODES)]
        day = Day(today - number % 50)
        if number % FULL_EVERY == 0:
            content = msgspec.structs.replace(content, room="full")
        offer = Offer(
            id=offer_url(node, sha256(number.to_bytes(4, "big"))[:16]),
            author=actor_url(node),
            published=day,
            updated=day,
            end_day=Day(day + LIFE_DAYS),
            revision=1,
            content=content,
        )
        signed = sign_document(
            build_offer(offer),
            keys[node],
            verification_method=node_key_url(node),
            created=format_day(day),
        )
        yield offer, canonical_bytes(signed)
