"""Files for searching on the device, kept in memory until what they hold changes.

What a file holds is said in ``kith_protocol.partition``; reading the offers is the service's.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from kith_protocol.api import PartitionEntry
from kith_protocol.partition import encode_partition, etag_of

MAX_KEPT_BYTES = 64 * 1024 * 1024
MAX_PARTITIONS = 200  # listed; there are some 180 languages with an ISO 639-1 code

State = TypeVar("State")
"""What a file depends on: equal as long as it stays the same."""


class PartitionFile(msgspec.Struct, frozen=True):
    """One file with its description."""

    raw: bytes
    entry: PartitionEntry


class PartitionCache(Generic[State]):
    """Files and descriptions of one state of the catalogue."""

    def __init__(self, *, max_bytes: int = MAX_KEPT_BYTES) -> None:
        """Make an empty cache.

        Args:
            max_bytes: of all files together; the one used longest ago goes first. Descriptions
                stay.
        """
        self._max_bytes = max_bytes
        self._state: State | None = None
        self._files: OrderedDict[str, PartitionFile] = OrderedDict()
        self._entries: dict[str, PartitionEntry] = {}

    def file(self, language: str, state: State) -> PartitionFile | None:
        """Return the file of *language* if it is here and belongs to *state*."""
        if state != self._state or language not in self._files:
            return None
        self._files.move_to_end(language)
        return self._files[language]

    def entry(self, language: str, state: State) -> PartitionEntry | None:
        """Return the description of that file, also when the file itself had to go."""
        return self._entries.get(language) if state == self._state else None

    def put(self, file: PartitionFile, state: State) -> None:
        """Keep *file*; whatever belongs to another state is forgotten."""
        if state != self._state:
            self._files.clear()
            self._entries.clear()
            self._state = state
        self._entries[file.entry.language] = file.entry
        self._files[file.entry.language] = file
        while sum(len(one.raw) for one in self._files.values()) > self._max_bytes:
            self._files.popitem(last=False)


async def build_file(language: str, offers: Sequence[bytes]) -> PartitionFile:
    """Return the file of *offers*, made in a thread so that the loop stays free."""
    return await asyncio.to_thread(_build, language, offers)


def _build(language: str, offers: Sequence[bytes]) -> PartitionFile:
    raw = encode_partition(language, offers)
    entry = PartitionEntry(language, etag_of(raw), len(raw), len(set(offers)))
    return PartitionFile(raw, entry)
