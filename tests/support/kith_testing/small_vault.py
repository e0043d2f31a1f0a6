"""The vaults of the small node (``small_node.py``), in plain sight, with switches for tests."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from kith_crypto.errors import MalformedError
from kith_protocol.errors import NotFoundError, PreconditionFailedError
from kith_protocol.vault_upload import (
    CHUNK_TYPE,
    CHUNKS_TYPE,
    INDEX_CHUNK,
    chunk_etag,
    parse_chunks,
)
from kith_testing.small_state import Seen


class SmallVault:
    """The vault of one account.

    Attributes:
        chunks: as they were put.
        writes: how often anything was put.
    """

    def __init__(self) -> None:
        self.chunks: dict[int, bytes] = {}
        self.writes = 0

    def answer(self, seen: Seen, parts: list[str]) -> web.Response:
        """Answer a call with the session of the vault's owner."""
        if seen.method == "PUT" and len(parts) == 1:
            if seen.headers["content-type"] != CHUNKS_TYPE:
                raise MalformedError("media type")
            return web.Response(status=204, headers={"ETag": self.put(seen)})
        if seen.method != "GET" or int(parts[1]) not in self.chunks:
            raise NotFoundError("chunk")
        chunk = self.chunks[int(parts[1])]
        headers = {"ETag": chunk_etag(chunk)}
        if seen.headers.get("if-none-match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=chunk, content_type=CHUNK_TYPE, headers=headers)

    def put(self, seen: Seen) -> str:
        """Take the chunks of a request and return the new entity tag."""
        self.check(seen.headers)
        chunks = parse_chunks(seen.body)
        assert INDEX_CHUNK in chunks
        return self.take(self.chunks | chunks)

    def check(self, headers: Mapping[str, str]) -> None:
        """Refuse to write over anything but what the caller has seen."""
        index = self.chunks.get(INDEX_CHUNK)
        is_expected = (
            headers.get("if-none-match") == "*"
            if index is None
            else headers.get("if-match") == chunk_etag(index)
        )
        if not is_expected:
            raise PreconditionFailedError("another vault")

    def take(self, chunks: Mapping[int, bytes]) -> str:
        """Replace everything and return the new entity tag."""
        self.chunks = {number: chunk for number, chunk in chunks.items() if chunk}
        self.writes += 1
        return chunk_etag(self.chunks[INDEX_CHUNK])
