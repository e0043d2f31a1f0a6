"""Owner seals: who owns an object, made in the one moment in which the node knows.

Only the keyholders, off the server, can open one. Without their key nothing can be published:
a community that nobody could hold to account is not what its rules promise.
Source: SPEC.md, section on sealed accountability.
"""

from __future__ import annotations

import aiosqlite

from kith_crypto.hashes import sha256
from kith_crypto.randomness import Rng
from kith_crypto.seals import SALT_BYTES, make_seal, quarter_of
from kith_node.http.route import MemberId
from kith_node.offers import store
from kith_node.runtime.system import Clock
from kith_protocol.day import day_of
from kith_protocol.errors import NotReadyError
from kith_protocol.keyholders_file import Keyholders


class OwnerSeals:
    """Makes the seals of offers and profiles and keeps them in the caller's transaction."""

    def __init__(
        self, keyholders: Keyholders | None, *, community: bytes, clock: Clock, rng: Rng
    ) -> None:
        """Take the keyholders' public keys and ``objects.community_id`` of the actor."""
        self._keyholders = keyholders
        self._community = community
        self._clock = clock
        self._rng = rng

    async def keep(
        self,
        connection: aiosqlite.Connection,
        member_id: MemberId,
        *,
        object_id: bytes,
        kind: int,
    ) -> None:
        """Keep a seal that says that *member_id* owns *object_id*, in place of a former one.

        Args:
            connection: inside a transaction on ``objects.db``.
            member_id: it goes nowhere but into the seal.
            object_id: 16 bytes.
            kind: ``KIND_OFFER`` or ``KIND_PROFILE``.

        Raises:
            NotReadyError: there is no keyholders' key for this quarter.
        """
        quarter = quarter_of(day_of(self._clock.now()))
        keys = {} if self._keyholders is None else self._keyholders.sealing_keys
        key = keys.get(quarter)
        if key is None:
            raise NotReadyError(f"no keyholders' key for quarter {quarter}")
        seal = make_seal(
            key,
            member_id=member_id,
            digest=sha256(object_id),
            salt=self._rng.bytes(SALT_BYTES),
            kind=kind,
            community=self._community,
            epoch=quarter,
        )
        await store.put_seal(connection, object_id, kind=kind, seal=seal)

    async def find(
        self, connection: aiosqlite.Connection, object_id: bytes, *, kind: int
    ) -> bytes | None:
        """Return the seal of an object, 1200 bytes, which only the keyholders can open."""
        return await store.get_seal(connection, object_id, kind=kind)

    async def forget(
        self, connection: aiosqlite.Connection, object_id: bytes, *, kind: int
    ) -> None:
        """Remove the seal of an object that vanishes."""
        await store.delete_seal(connection, object_id, kind=kind)
