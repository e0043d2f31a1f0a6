"""The member's vault: records in memory, on this device's disk, and encrypted on the node.

    member.vault.put("persona", "1", {"pseudonym": "Heron"})
    await member.vault.sync()

``sync`` makes this copy and the one on the node the same: it reads what other devices wrote,
joins it with what was written here, and writes the result in one call that the node takes only
if nobody else has written meanwhile; else it tries again. It is never a reason to lose a
record: whatever the node answers, this copy only grows.

A node that shows an older vault than it had, or chunks that do not fit, is found out
(``warnings``) and given what it lacks. Source: protocol/spec/vault.md; docs/adr/0010.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from kith_client.errors import ProblemError
from kith_client.http import Reply, Request
from kith_client.keystore import KeyStore
from kith_client.session import Session
from kith_crypto.errors import DecryptionError, UnavailableError
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject
from kith_crypto.vault import LARGEST_CHUNK_BYTES
from kith_protocol.errors import NotFoundError, PreconditionFailedError
from kith_protocol.vault.chest import (
    Index,
    Stored,
    Writing,
    judge_index,
    open_data,
    open_index,
)
from kith_protocol.vault.layout import SMALLEST_CHUNK_BYTES
from kith_protocol.vault.records import Contents
from kith_protocol.vault_upload import (
    CHUNKS_TYPE,
    INDEX_CHUNK,
    encode_chunks,
    etag_of_hash,
)

MAX_TRIES: Final = 8
MAX_READS: Final = 3
READS_AT_ONCE: Final = 6
_NOT_MODIFIED = 304

Warning_: TypeAlias = Literal["rolled-back", "forked", "damaged", "gone"]
"""What a node did to a vault: showed an older one; one that was never written after the last
seen one; chunks that do not fit their index; none where there was one."""


class Vault:
    """The vault of the member whose keys are open.

    Attributes:
        warnings: what the node was found to have done to the vault since it was opened.
        tell: is told of each of them once, at once.
    """

    def __init__(self, *, session: Session, keys: KeyStore) -> None:
        """Take the parts."""
        self._session = session
        self._keys = keys
        self._copy = keys.copy
        self._lock = asyncio.Lock()
        self.warnings: set[Warning_] = set()
        self.tell: Callable[[Warning_], None] = lambda _: None

    # --- records -------------------------------------------------------------------

    def list(self, kind: str) -> Mapping[str, JsonObject]:
        """Return the values of all records of *kind*, by id."""
        return self._copy.list(kind)

    def put(self, kind: str, record: str, value: JsonObject) -> None:
        """Add or replace a record, in memory; ``sync`` or a commit of the keys keeps it."""
        self._copy.put(kind, record, value)
        self._keys.changed()

    def delete(self, kind: str, record: str) -> None:
        """Delete a record, where there is one."""
        self._copy.delete(kind, record)
        self._keys.changed()

    @property
    def device(self) -> bytes:
        """Return 16 random bytes that stand for this device; they stay on it."""
        return self._copy.device

    def renew_device(self) -> None:
        """Stand for a new device from now on: this copy turned out to be an older one."""
        self._copy.renew_device()
        self._keys.changed()

    @property
    def is_behind(self) -> bool:
        """Return whether there is something that the node does not have yet."""
        return self._copy.is_behind

    @property
    def size_bytes(self) -> int:
        """Return how much room the chunks of records take on the node; 0 where not known."""
        return sum(self._copy.stored.sizes) if self._copy.stored else 0

    # --- the node --------------------------------------------------------------------

    async def sync(self) -> None:
        """Return when this copy and the node's are the same.

        Raises:
            NodeUnreachableError: no answer came; what is here is kept on this device.
            ProblemError: the node refused.
            DecryptionError: the vault is under another key: another device has changed the
                passphrase.
            UnavailableError: other devices kept writing.
            VaultFullError: there is more than a vault holds.
        """
        async with self._lock:
            self._keys.commit()
            # A write is taken only over the newest vault, so it is a look at it, too.
            # What did not fit is looked at again, before it is written over.
            is_known = (
                self._copy.stored is not None
                and self._copy.is_behind
                and not self._copy.damaged
            )
            for _ in range(MAX_TRIES):
                if not is_known:
                    await self._pull()
                    self._keys.commit()
                if not self._copy.is_behind or await self._push():
                    return
                is_known = False
        raise UnavailableError("other devices are writing to the vault", retry_after_s=5)

    async def rewrite(
        self, vault_key: bytes, make: Callable[[Mapping[int, bytes]], Request]
    ) -> Reply:
        """Write the whole vault under a new key; return the answer to the call that did.

        Args:
            vault_key: the new one, 32 bytes.
            make: returns the call that carries all the chunks.

        Raises:
            NodeUnreachableError: no answer came; the node may or may not have taken it.
            ProblemError: the node refused.
            UnavailableError: other devices kept writing.
        """
        async with self._lock:
            for _ in range(MAX_TRIES):
                await self._pull()
                self._keys.commit()
                writing = self._copy.write(vault_key, anew=True)
                reply = await self._try_write(make(writing.chunks), writing)
                if reply is not None:
                    return reply
        raise UnavailableError("other devices are writing to the vault", retry_after_s=5)

    async def _push(self) -> bool:
        """Write what the node lacks; return whether it took it."""
        writing = self._copy.write(self._keys.vault_key)
        body = encode_chunks(writing.chunks)
        request = Request("PUT", "/api/v1/vault", raw=body, media_type=CHUNKS_TYPE)
        if await self._try_write(request, writing) is None:
            return False
        self._keys.commit()
        return True

    async def _try_write(self, request: Request, writing: Writing) -> Reply | None:
        """Return the answer, or None where another device has written meanwhile."""
        stored, sent = self._copy.stored, self._copy.snapshot()
        if stored is None:
            guarded = dataclasses.replace(request, etag="*")
        else:
            guarded = dataclasses.replace(request, if_match=etag_of_hash(stored.mark))
        try:
            reply = await self._session.send_request(guarded)
        except ProblemError as error:
            if error.code != PreconditionFailedError.code:
                raise
            return None
        self._copy.written(writing, sent)
        self._keys.changed()
        return reply

    async def _pull(self) -> None:
        for _ in range(MAX_READS - 1):
            if await self._try_pull(is_last=False):
                return
        await self._try_pull(is_last=True)

    async def _try_pull(self, *, is_last: bool) -> bool:
        """Read the vault; return False where another device wrote in the middle of it."""
        raw = await self._read_index()
        if raw is None:
            return True
        if not raw:
            if self._copy.seen:
                self._warn("gone")
            self._copy.take({}, None, fresh=())
            return True
        index, mark = self._open_index(raw), sha256(raw)
        verdict = judge_index(index, mark, seen=self._copy.seen, seen_mark=self._copy.seen_mark)
        if verdict in ("rolled-back", "forked"):
            self._warn(verdict)
        known = self._copy.stored
        fresh = index.differing(None if known is None else known.index)
        contents, sizes, damaged = await self._read_data(index, fresh)
        if damaged and not is_last:
            return False
        if damaged and not self._copy.seen:
            raise DecryptionError("cannot be opened")
        if damaged:
            self._warn("damaged")
        stored = Stored(index, mark, _sizes_of(index, known, sizes))
        if self._copy.take(contents, stored, fresh=fresh, damaged=damaged):
            self._warn("rolled-back")
        self._keys.changed()
        return True

    def _warn(self, warning: Warning_) -> None:
        if warning not in self.warnings:
            self.warnings.add(warning)
            self.tell(warning)

    def _open_index(self, raw: bytes) -> Index:
        try:
            return open_index(self._keys.vault_key, raw)
        except DecryptionError:
            # The node took a new key, and its answer was lost.
            if not self._keys.next_vault_key:
                raise
            index = open_index(self._keys.next_vault_key, raw)
        self._keys.take_next_vault_key()
        return index

    async def _read_index(self) -> bytes | None:
        """Return the index chunk, nothing where there is none, None where it is unchanged."""
        stored = None if self._copy.damaged else self._copy.stored
        try:
            reply = await self._session.send_request(
                Request(
                    "GET",
                    f"/api/v1/vault/{INDEX_CHUNK}",
                    etag=None if stored is None else etag_of_hash(stored.mark),
                    max_bytes=LARGEST_CHUNK_BYTES,
                )
            )
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            return b""
        return None if reply.status == _NOT_MODIFIED else reply.body

    async def _read_data(
        self, index: Index, fresh: Sequence[int]
    ) -> tuple[Contents, dict[int, int], set[int]]:
        """Return records and sizes of the chunks *fresh*, and which of them did not fit."""
        gate = asyncio.Semaphore(READS_AT_ONCE)

        async def read(chunk: int) -> bytes:
            async with gate:
                return await self._read_chunk(chunk)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = {chunk: group.create_task(read(chunk)) for chunk in fresh}
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        contents: Contents = {}
        damaged: set[int] = set()
        for chunk, task in tasks.items():
            try:
                contents |= open_data(self._keys.vault_key, chunk, task.result(), index=index)
            except DecryptionError:
                damaged.add(chunk)
        sizes = {chunk: len(tasks[chunk].result()) for chunk in tasks.keys() - damaged}
        return contents, sizes, damaged

    async def _read_chunk(self, chunk: int) -> bytes:
        """Return a chunk as the node has it, nothing where it has none."""
        path = f"/api/v1/vault/{chunk}"
        request = Request("GET", path, max_bytes=LARGEST_CHUNK_BYTES)
        try:
            return (await self._session.send_request(request)).body
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            return b""


def _sizes_of(index: Index, known: Stored | None, read: Mapping[int, int]) -> tuple[int, ...]:
    """Return the size of each data chunk: as read now, as known before, or the smallest."""
    is_known = known is not None and known.index.number == index.number
    before = dict(enumerate(known.sizes, 1)) if known is not None and is_known else {}
    sizes = before | dict(read)
    return tuple(sizes.get(chunk, SMALLEST_CHUNK_BYTES) for chunk in range(1, index.number + 1))
