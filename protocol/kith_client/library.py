"""The library as one member sees it: fetched whole, searched on this device.

For each language the node serves one file of all resources, the same for everybody. The node
sees which languages somebody fetches, never what they look for. Nothing here opens a link.
What a malicious node could do: leave resources out, and show forged ones, since proofs of other
communities are not verified on the device.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from kith_client.kept_files import KeptFiles, Reader
from kith_client.search import Search
from kith_client.system import Clock
from kith_crypto.errors import CryptoError, RemoteError, UsageError
from kith_crypto.strict_json import parse_json_object
from kith_protocol.day import day_of
from kith_protocol.library_search import FoundResource, ResourceQuery, find_resources
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.resource import Resource, parse_resource

_LIBRARY = "/api/v1/library"


class _Shelf(msgspec.Struct, frozen=True):
    objects: tuple[bytes, ...]
    resources: tuple[Resource, ...]


class Library:
    """All resources of one's own and the connected communities."""

    def __init__(self, *, session: Reader, search: Search, actor: str, clock: Clock) -> None:
        """Take the parts.

        Args:
            session: its reader pass is shown.
            search: knows the topics and understands free text.
            actor: of the own community.
            clock: says what day it is.
        """
        self._files = KeptFiles(session, _LIBRARY)
        self._search = search
        self._actor = actor
        self._clock = clock
        self._shelves: dict[str, _Shelf] = {}

    async def list(self, languages: Sequence[str]) -> tuple[Resource, ...]:
        """Return all live resources in any of *languages*, each once, by id.

        Args:
            languages: primary subtags.

        Raises:
            UsageError: no language, so there is no file to look in.
        """
        if not languages:
            raise UsageError("looking into the library needs at least one language")
        today = day_of(self._clock.now())
        found: dict[str, Resource] = {}
        for language in sorted(set(languages)):  # in an order that says nothing
            for resource in await self._fetch(language):
                known = found.get(resource.id)  # one file may be a moment newer than another
                if known is not None and known.revision >= resource.revision:
                    continue
                if resource.end_day > today:
                    found[resource.id] = resource
        return tuple(found[name] for name in sorted(found))

    async def find(self, query: ResourceQuery) -> tuple[FoundResource, ...]:
        """Return what fits *query*, found on this device.

        Raises:
            UsageError: the query names no language.
        """
        resources = await self.list(query.languages)
        vocabulary = await self._search.topics(())
        finder = await self._search.finder() if query.text else None
        return await asyncio.to_thread(
            find_resources,
            resources,
            query,
            vocabulary=vocabulary,
            finder=finder,
            today=day_of(self._clock.now()),
            community=self._actor,
        )

    async def _fetch(self, language: str) -> tuple[Resource, ...]:
        objects = await self._files.fetch(language)
        known = self._shelves.get(language)
        if known is not None and known.objects is objects:
            return known.resources
        read = (_read(raw) for raw in objects)
        resources = tuple(one for one in read if one is not None)
        self._shelves[language] = _Shelf(objects, resources)
        return resources


def _read(raw: bytes) -> Resource | None:
    """Return the resource in *raw*, None if it is none: one bad line spoils no library."""
    try:
        return parse_resource(
            parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES),
            is_known_topic=lambda _: True,
            development=True,
        )
    except (RemoteError, CryptoError):
        return None
