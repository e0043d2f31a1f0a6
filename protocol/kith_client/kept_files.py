"""Files that are the same for everybody, fetched whole and kept while they stay the same.

A node serves one file of offers and one of resources for each language. It sees which of them
a device asks for, never what is looked for in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import MAX_ANSWER_BYTES, Reply
from kith_crypto.errors import MalformedError
from kith_protocol.errors import NotFoundError
from kith_protocol.partition import etag_of, parse_partition

MAX_FILE_BYTES = 64 * 1024 * 1024


class Reader(Protocol):
    """What is needed of a session: reading what all members may read."""

    async def read(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        etag: str | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> Reply:
        """Return the answer to a GET that shows nobody in particular."""
        ...


class _File(msgspec.Struct, frozen=True):
    etag: str | None
    objects: tuple[bytes, ...]


class KeptFiles:
    """The files of one kind, by language."""

    def __init__(self, session: Reader, base: str) -> None:
        """Take where they are.

        Args:
            session: its reader pass is shown.
            base: path to which a slash and the language are added.
        """
        self._session = session
        self._base = base
        self._files: dict[str, _File] = {}

    def last(self, language: str) -> tuple[bytes, ...] | None:
        """Return the objects of the file as it was fetched last, or None."""
        file = self._files.get(language)
        return None if file is None else file.objects

    async def fetch(self, language: str) -> tuple[bytes, ...]:
        """Return the objects in the file of *language*; none where there is no such file.

        They are the same tuple for as long as the file stays the same.

        Raises:
            MalformedError: the file is damaged.
            ProblemError: the node refused.
            NodeUnreachableError: no answer came.
        """
        known = self._files.get(language)
        try:
            reply = await self._session.read(
                f"{self._base}/{language}",
                etag=known.etag if known is not None else None,
                max_bytes=MAX_FILE_BYTES,
            )
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            self._files.pop(language, None)
            return ()
        if reply.status == 304 and known is not None:
            return known.objects
        if reply.etag is not None and reply.etag != etag_of(reply.body):
            raise MalformedError("the file of a language is damaged")
        objects = parse_partition(reply.body, max_bytes=MAX_FILE_BYTES).offers
        self._files[language] = _File(reply.etag, objects)
        return objects
