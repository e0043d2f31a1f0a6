"""Members' vaults: chunks that their devices encrypted, written together or not at all.

Whoever writes says which index (chunk 0) they have read; if another device has written since,
nothing is changed and they merge first. So a reader sees only states that some device wrote,
and an index that does not fit is a rollback, never bad luck. The node knows numbers and sizes.

Source: SPEC.md, section on vaults; docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Mapping

import aiosqlite

from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import is_equal
from kith_crypto.randomness import Rng
from kith_crypto.tokens import keyed_hash
from kith_node.http.limits import Throttle
from kith_node.http.quota import PROCESS_KEY_BYTES
from kith_node.http.route import MemberId
from kith_node.members import store, vault_store
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.errors import (
    NotFoundError,
    PreconditionFailedError,
    UnauthorizedError,
)
from kith_protocol.vault_upload import (
    INDEX_CHUNK,
    MAX_CHUNKS,
    MAX_VAULT_BYTES,
    chunk_etag,
)

# One write costs 1 and another 1 for each 64 KiB: two whole vaults at once, 64 KiB a second.
COST_BYTES = 65_536
BURST = 520
PER_S = 1.0


class WriteLimit:
    """How much one member may write, in memory, under a hash keyed anew by each process."""

    def __init__(self, *, clock: Clock, rng: Rng, factor: int = 1) -> None:
        """Take the clock; *factor* widens the limit."""
        self._key = rng.bytes(PROCESS_KEY_BYTES)
        self._throttle = Throttle(PER_S * factor, BURST * factor, clock=clock)

    def charge(self, member_id: MemberId, size: int) -> None:
        """Count *size* bytes.

        Raises:
            TooManyError: the member has written too much.
        """
        self._throttle.take(keyed_hash(self._key, member_id), 1 + size // COST_BYTES)


class Vaults:
    """Reads and writes chunks of vaults."""

    def __init__(self, members: Database, *, limit: WriteLimit) -> None:
        """Take the open ``members.db``."""
        self._members = members
        self._limit = limit

    async def read(self, member_id: MemberId, chunk: int) -> bytes:
        """Return one chunk of the member's vault.

        Raises:
            NotFoundError: there is no such chunk.
        """
        async with self._members.read() as connection:
            found = await vault_store.get_chunk(connection, member_id, chunk)
        if found is None:
            raise NotFoundError("no such chunk")
        return found

    async def write(
        self, member_id: MemberId, chunks: Mapping[int, bytes], *, expected: str | None
    ) -> str:
        """Write *chunks* and return the new index's tag; all of them or, if refused, none.

        Args:
            member_id: whose vault.
            chunks: number to bytes, empty to delete; the index is among them.
            expected: tag of the index that the writer has read; None for a new vault.

        Raises:
            MalformedError: without an index.
            PreconditionFailedError: the index is another one.
            TooLargeError: the vault would be larger than allowed.
            TooManyError: the member has written too much.
            UnauthorizedError: the member is gone.
        """
        tag = self.charge(member_id, chunks)
        async with self._members.transaction() as connection:
            if await store.get_member(connection, member_id) is None:
                raise UnauthorizedError("the member is gone")
            await check_index(connection, member_id, expected)
            await vault_store.put_chunks(connection, member_id, chunks)
            count, size = await vault_store.measure_vault(connection, member_id)
            if count > MAX_CHUNKS or size > MAX_VAULT_BYTES:
                raise TooLargeError(f"a vault of {count} chunks, {size} bytes")
        return tag

    def charge(self, member_id: MemberId, chunks: Mapping[int, bytes]) -> str:
        """Count what is to be written; return the tag that the index will have.

        Raises:
            MalformedError: without an index.
            TooManyError: the member has written too much.
        """
        index = chunks.get(INDEX_CHUNK, b"")
        if not index:
            raise MalformedError("a vault is written with its index")
        self._limit.charge(member_id, sum(map(len, chunks.values())))
        return chunk_etag(index)


async def check_index(
    connection: aiosqlite.Connection, member_id: bytes, expected: str | None
) -> None:
    """Return if the vault's index is the one that the writer has read.

    Args:
        connection: inside the transaction that writes.
        member_id: whose vault.
        expected: the index's tag; None: there is no vault yet.

    Raises:
        PreconditionFailedError: it is another one.
    """
    index = await vault_store.get_chunk(connection, member_id, INDEX_CHUNK)
    if index is None or expected is None:
        is_right = index is None and expected is None
    else:
        is_right = is_equal(chunk_etag(index).encode(), expected.encode())
    if not is_right:
        raise PreconditionFailedError("the index is another one")
