"""Which offers stand under a profile: those for which both keys have signed.

The signatures are kept, so that a client can be shown them later. An offer that is not live or
has not been released is not shown; one that vanishes leaves every profile with its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import aiosqlite

from kith_crypto.ed25519 import SIGNATURE_BYTES, VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_node.profiles import store
from kith_node.storage.database import Database
from kith_protocol.api import ShownOfferBody
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.shown import verify_shown

MAX_SHOWN = 20


class OwnOffers(Protocol):
    """What the offers room tells (``offers.lookup.Lookup``)."""

    async def key_of(
        self, connection: aiosqlite.Connection, offer_id: bytes
    ) -> VerifyKey | None:
        """Return the key of a live offer or None."""
        ...

    async def released_urls(
        self, connection: aiosqlite.Connection, offer_ids: Iterable[bytes]
    ) -> tuple[str, ...]:
        """Return the addresses of those that are live and released."""
        ...


class Shown:
    """Puts offers under profiles and takes them away."""

    def __init__(self, objects: Database, *, offers: OwnOffers) -> None:
        self._objects = objects
        self._offers = offers

    async def put(
        self, body: ShownOfferBody, *, profile_key: VerifyKey, offer_id: bytes
    ) -> None:
        """Let the offer stand under the profile that *profile_key* owns.

        Raises:
            NotFoundError: there is no such live offer, or no such profile.
            SignatureError: one of the two keys has not signed this.
            ConflictError: ``MAX_SHOWN`` stand there already.
        """
        profile_signature = parse_base64url(body.profile_signature, size=SIGNATURE_BYTES)
        offer_signature = parse_base64url(body.offer_signature, size=SIGNATURE_BYTES)
        async with self._objects.transaction() as connection:
            offer_key = await self._offers.key_of(connection, offer_id)
            if offer_key is None:
                raise NotFoundError("no such offer")
            profile_id, _ = verify_shown(
                profile_key,
                offer_key,
                profile_signature=profile_signature,
                offer_signature=offer_signature,
            )
            if await store.get_profile(connection, profile_id) is None:
                raise NotFoundError("no such profile")
            present = await store.list_shown(connection, profile_id, limit=MAX_SHOWN)
            if len(present) >= MAX_SHOWN and offer_id not in present:
                raise ConflictError(f"{MAX_SHOWN} offers stand there")
            await store.put_shown(
                connection,
                profile_id=profile_id,
                offer_id=offer_id,
                profile_signature=profile_signature,
                offer_signature=offer_signature,
            )

    async def remove(self, *, profile_id: bytes, offer_id: bytes) -> None:
        """Take the offer away; nothing happens where it does not stand there."""
        async with self._objects.transaction() as connection:
            await store.delete_shown(connection, profile_id=profile_id, offer_id=offer_id)

    async def urls(
        self, connection: aiosqlite.Connection, profile_id: bytes
    ) -> tuple[str, ...]:
        """Return the addresses of the offers that members see under a profile."""
        offer_ids = await store.list_shown(connection, profile_id, limit=MAX_SHOWN)
        return await self._offers.released_urls(connection, offer_ids)
