"""The library: resources of this community and of its peers.

Stewards keep the community's own; they leave through the same outbox as offers, at once, since
they say nothing of a member. Members get whole files, one per language and the same for
everybody, and search them on their devices: the node never learns what somebody looks for.
Nothing here opens a link.

Source: SPEC.md, section on the library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import KithError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import parse_json_object
from kith_node.catalogue import store
from kith_node.catalogue.partitions import (
    MAX_PARTITIONS,
    PartitionCache,
    PartitionFile,
    build_file,
)
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.outbox import Announced, Outbox, Withdrawn
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol import api
from kith_protocol.day import Day, day_of
from kith_protocol.errors import NotFoundError, UnknownTopicError
from kith_protocol.limits import MAX_DOCUMENT_BYTES, MAX_OFFER_DAYS, MAX_RESOURCES_PER_PEER
from kith_protocol.query import primary_language
from kith_protocol.resource import Resource, build_resource, parse_resource
from kith_protocol.resource_content import ResourceContent, check_resource_content
from kith_protocol.urls import resource_url

PAGE = 200  # rows read at once

State = tuple[int, int, int]
"""What a file depends on: the last change of a resource, how many are live, and the day."""


class Library:
    """All resources that this node holds.

    Args:
        database: ``catalogue.db``.
        identity: signs the own ones.
        outbox: takes what leaves.
        is_known_topic: whether a resource of this community may name a topic.
        clock: says what day it is.
        rng: draws ids.
        development: loopback origins of nodes are taken.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        outbox: Outbox,
        *,
        is_known_topic: Callable[[str], bool],
        clock: Clock,
        rng: Rng,
        development: bool,
    ) -> None:
        self._database = database
        self._identity = identity
        self._outbox = outbox
        self._is_known_topic = is_known_topic
        self._clock = clock
        self._rng = rng
        self._development = development
        self._files: PartitionCache[State] = PartitionCache()
        self._languages: tuple[State, dict[str, list[bytes]]] | None = None
        self._reading = asyncio.Lock()

    async def own(self) -> tuple[Resource, ...]:
        """Return this community's live resources, by id."""
        rows = await self._rows_of(self._identity.actor)
        found = (self._read_sound(row.raw) for row in rows if row.raw is not None)
        return tuple(resource for resource in found if resource is not None)

    async def all(self) -> tuple[Resource, ...]:
        """Return all live resources that members may see, by author and id."""
        found = map(self._read_sound, await self._live())
        return tuple(resource for resource in found if resource is not None)

    async def add(self, content: ResourceContent, *, days: int = MAX_OFFER_DAYS) -> str:
        """Announce a resource and return its id.

        Raises:
            UsageError, MalformedError, UnknownTopicError, PrivacyFloorError: as ``put``.
        """
        [url] = await self.put([(None, content)], days=days)
        return url

    async def edit(
        self, url: str, content: ResourceContent, *, days: int = MAX_OFFER_DAYS
    ) -> None:
        """Announce *content* as the next revision of the own resource *url*.

        Raises:
            NotFoundError: this community has no such live resource.
            UsageError, MalformedError, UnknownTopicError, PrivacyFloorError: as ``put``.
        """
        await self.put([(url, content)], days=days)

    async def put(
        self,
        entries: Sequence[tuple[str | None, ResourceContent]],
        *,
        days: int = MAX_OFFER_DAYS,
    ) -> list[str]:
        """Announce all *entries* or none, and return their ids in order.

        Args:
            entries: the id of the own resource that each replaces, None for a new one.
            days: from today until they are over, 1 to 365.

        Raises:
            NotFoundError: this community has no such live resource.
            UsageError: too many days or resources, one named twice, or another process
                changed one of them just now.
            MalformedError, TooLargeError, UnknownTopicError, PrivacyFloorError: a content that
                may not stand in a library.
        """
        if not 1 <= days <= MAX_OFFER_DAYS:
            raise UsageError(f"a resource stands for 1 to {MAX_OFFER_DAYS} days")
        before = {resource.id: resource for resource in await self.own()}
        named = [url for url, _ in entries if url is not None]
        if len(set(named)) != len(named):
            raise UsageError("a resource is named twice")
        if len(before) + len(entries) - len(named) > MAX_RESOURCES_PER_PEER:
            raise UsageError(f"a library holds at most {MAX_RESOURCES_PER_PEER} resources")
        changes = [self._change(url, content, before, days) for url, content in entries]
        await self._outbox.append(changes)
        await self._check_taken(changes)
        return [change.object_id for change in changes]

    async def withdraw(self, url: str) -> None:
        """Take an own resource back, here and at every peer.

        Raises:
            NotFoundError: this community has no such live resource.
        """
        found = [resource for resource in await self.own() if resource.id == url]
        if not found:
            raise NotFoundError("this community has no such resource")
        await self._outbox.append([Withdrawn(url, found[0].end_day)])

    async def receipts(self, url: str) -> list[tuple[str, str]]:
        """Return peer and state of each receipt of a withdrawn resource."""
        return await self._outbox.receipts(url)

    async def partitions(self) -> api.PartitionsAnswer:
        """Return what files there are: one for each language of a live resource.

        Only the ``MAX_PARTITIONS`` languages with the most are listed, the others can be asked
        for all the same: a peer may make up languages, and each costs a file.
        """
        async with self._reading:
            state, languages = await self._by_language()
            most_first = sorted(languages, key=lambda name: (-len(languages[name]), name))
            entries = [
                (await self._file(name, state, languages[name])).entry
                for name in sorted(most_first[:MAX_PARTITIONS])
            ]
        return api.PartitionsAnswer(tuple(entries))

    async def partition(self, language: str) -> PartitionFile:
        """Return the file of all live resources in *language*, a primary subtag.

        Raises:
            NotFoundError: there are none.
        """
        async with self._reading:
            state, languages = await self._by_language()
            if language not in languages:
                raise NotFoundError("no such partition")
            return await self._file(language, state, languages[language])

    def _change(
        self, url: str | None, content: ResourceContent, before: dict[str, Resource], days: int
    ) -> Announced:
        check_resource_content(content)
        if not all(map(self._is_known_topic, content.topics)):
            raise UnknownTopicError("not in the vocabulary", pointer="/topics")
        today = self._today()
        if content.reviewed > today:
            raise UsageError("the day of review is in the future")
        known = before.get(url) if url is not None else None
        if url is not None and known is None:
            raise NotFoundError("this community has no such resource")
        # A clock that was put back must not turn the dates around.
        updated = max(today, known.updated) if known is not None else today
        resource = Resource(
            id=url or resource_url(self._identity.origin, self._rng.bytes(ID_BYTES)),
            author=self._identity.actor,
            published=known.published if known is not None else today,
            updated=updated,
            end_day=Day(updated + days),
            revision=known.revision + 1 if known is not None else 1,
            content=content,
        )
        signed = self._identity.sign(build_resource(resource), day=updated)
        return Announced(
            resource.id,
            resource.revision,
            resource.end_day,
            canonical_bytes(signed),
            is_new=known is None,
        )

    async def _check_taken(self, changes: Sequence[Announced]) -> None:
        async with self._database.read() as connection:
            for change in changes:
                row = await store.object_by_id(connection, change.object_id)
                if row is None or row.raw != change.raw:
                    raise UsageError("another process changed this just now: look, and repeat")

    async def _by_language(self) -> tuple[State, dict[str, list[bytes]]]:
        async with self._database.read() as connection:
            state = (*await store.state_of_resources(connection), int(self._today()))
        if self._languages is None or self._languages[0] != state:
            raws = await self._live()
            self._languages = (state, await asyncio.to_thread(self._group, raws))
        return self._languages

    def _group(self, raws: Sequence[bytes]) -> dict[str, list[bytes]]:
        by_language: dict[str, list[bytes]] = {}
        for raw in raws:
            resource = self._read_sound(raw)
            tags = resource.content.languages if resource is not None else ()
            for language in {primary_language(tag) for tag in tags}:
                by_language.setdefault(language, []).append(raw)
        return by_language

    async def _file(self, language: str, state: State, raws: Sequence[bytes]) -> PartitionFile:
        file = self._files.file(language, state)
        if file is None:
            file = await build_file(language, raws)
            self._files.put(file, state)
        return file

    async def _live(self) -> list[bytes]:
        async with self._database.read() as connection:
            authors = await store.resource_authors(connection)
        rows = [row for author in authors for row in await self._rows_of(author)]
        return [row.raw for row in rows if row.raw is not None]

    async def _rows_of(self, author: str) -> list[store.CatalogueRow]:
        rows: list[store.CatalogueRow] = []
        after = ""
        while True:
            async with self._database.read() as connection:
                page = await store.live_resources(
                    connection, author, today=self._today(), after=after, limit=PAGE
                )
            rows += page
            if len(page) < PAGE:
                return rows
            after = page[-1].id

    def _read_sound(self, raw: bytes) -> Resource | None:
        # Only a damaged file holds other bytes; one damaged row must not hide all others.
        try:
            return self._read(raw)
        except KithError:
            return None

    def _read(self, raw: bytes) -> Resource:
        return parse_resource(
            parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES),
            is_known_topic=lambda _: True,
            development=self._development,
        )

    def _today(self) -> Day:
        return day_of(self._clock.now())
