"""Which key a key id stands for: peers' as trusted, strangers' as fetched.

A key is found only under the exact id that its owner's document lists, and that document only
under the id it was fetched from. Failures are remembered for minutes and never push a good key
out; a failed signature may have a key fetched again, but seldom.

Source: FEP-521a; SPEC.md, section on keys.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import CryptoError, RemoteError, SignatureError, UnavailableError
from kith_crypto.randomness import Rng
from kith_node.federation.actors import KnownActor, read_actor
from kith_node.federation.peers import PeerBook
from kith_node.runtime.system import Clock
from kith_protocol.errors import NotFoundError

MAX_ACTORS = 10_000
# Their documents may have 64 KiB each, and hosts cost nothing to invent.
MAX_STRANGERS = 500
KEEP_S = 6 * 3600
KEEP_FAILURE_S = 120
FAILURE_JITTER_S = 120
MIN_REFETCH_S = 300

T = TypeVar("T")

FetchActor = Callable[[str], Awaitable[KnownActor]]
TakeDocument = Callable[[KnownActor], Awaitable[bool]]
"""Stores what a peer's actor has become; False if its new key is not to be trusted."""


class FoundKey(msgspec.Struct, frozen=True):
    """A key and its owner.

    Attributes:
        key_id: as asked for.
        actor: id of the owner.
        key: the key itself.
    """

    key_id: str
    actor: str
    key: VerifyKey


class _Memory(Generic[T]):
    """The values used last, at most *size*."""

    def __init__(self, size: int = MAX_ACTORS) -> None:
        self._size = size
        self._values: OrderedDict[str, T] = OrderedDict()

    def get(self, name: str) -> T | None:
        value = self._values.get(name)
        if value is not None:
            self._values.move_to_end(name)
        return value

    def put(self, name: str, value: T) -> None:
        self._values[name] = value
        self._values.move_to_end(name)
        while len(self._values) > self._size:
            self._values.popitem(last=False)

    def drop(self, name: str) -> None:
        self._values.pop(name, None)


class KeyBook:
    """Finds keys by their ids.

    Args:
        peers: their stored documents come first.
        fetch: returns the actor of an id.
        take: is shown what a *peer's* actor has become, and decides.
        clock: for ages.
        rng: for jitter.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        peers: PeerBook,
        *,
        fetch: FetchActor,
        take: TakeDocument,
        clock: Clock,
        rng: Rng,
        development: bool = False,
    ) -> None:
        self._peers = peers
        self._fetch = fetch
        self._take = take
        self._clock = clock
        self._rng = rng
        self._development = development
        self._read: _Memory[tuple[bytes, KnownActor]] = _Memory()
        self._fetched: _Memory[tuple[float, KnownActor]] = _Memory(MAX_STRANGERS)
        self._failed_until: _Memory[float] = _Memory()
        self._tried_at: _Memory[float] = _Memory()

    async def find(self, key_id: str) -> FoundKey:
        """Return the key of *key_id*, from memory where it is known.

        Raises:
            NotFoundError: its owner does not list it.
            UnavailableError: the owner cannot be reached now, or was not a moment ago.
            RemoteError, CryptoError: the owner's document is not in order.
        """
        actor_id = key_id.partition("#")[0]
        known = await self._known(actor_id)
        if known is not None and key_id in known.actor.keys:
            return _found(known, key_id)
        if known is not None and not self._may_refetch(actor_id):
            raise NotFoundError("the actor does not list this key")
        return _found(await self._fetch_once(actor_id), key_id)

    async def renew(self, found: FoundKey) -> FoundKey | None:
        """Return the key that now stands under the same id, or None if nothing is new.

        Fetches at most once in ``MIN_REFETCH_S`` for each owner; the known key stays.
        """
        if not self._may_refetch(found.actor):
            return None
        try:
            renewed = _found(await self._fetch_once(found.actor), found.key_id)
        except (RemoteError, CryptoError, UnavailableError):
            return None
        return None if renewed.key == found.key else renewed

    async def remembered(self, actor_id: str) -> KnownActor | None:
        """Return the actor *actor_id* if it is known; nothing is fetched."""
        return await self._known(actor_id)

    async def actor(self, actor_id: str) -> KnownActor:
        """Return the actor *actor_id*, from memory where it is known.

        Raises:
            As ``find``.
        """
        return await self._known(actor_id) or await self._fetch_once(actor_id)

    async def refresh(self, actor_id: str, *, is_own_idea: bool = False) -> None:
        """Fetch a peer's actor again; failures change nothing.

        Args:
            actor_id: nothing happens if it is no peer's.
            is_own_idea: nobody outside made us do it, so that it need not be seldom.
        """
        if await self._peers.get(actor_id) is None:
            return
        if not is_own_idea and not self._may_refetch(actor_id):
            return
        with contextlib.suppress(RemoteError, CryptoError, UnavailableError):
            await self._fetch_once(actor_id)

    async def _known(self, actor_id: str) -> KnownActor | None:
        peer = await self._peers.get(actor_id)
        if peer is not None:
            return self._parse(actor_id, peer.document)
        fetched = self._fetched.get(actor_id)
        if fetched is None or self._clock.monotonic() - fetched[0] > KEEP_S:
            return None
        return fetched[1]

    def _parse(self, actor_id: str, document: bytes) -> KnownActor:
        read = self._read.get(actor_id)
        if read is None or read[0] != document:
            known = read_actor(document, url=actor_id, development=self._development)
            read = (document, known)
            self._read.put(actor_id, read)
        return read[1]

    def _may_refetch(self, actor_id: str) -> bool:
        # Per owner, not per key id: fragments cost nothing to invent.
        now = self._clock.monotonic()
        tried_at = self._tried_at.get(actor_id)
        if tried_at is not None and now - tried_at < MIN_REFETCH_S:
            return False
        self._tried_at.put(actor_id, now)
        return True

    async def _fetch_once(self, actor_id: str) -> KnownActor:
        if (self._failed_until.get(actor_id) or 0.0) > self._clock.monotonic():
            raise UnavailableError("the actor could not be fetched a moment ago")
        try:
            known = await self._fetch(actor_id)
        except (RemoteError, CryptoError, UnavailableError):
            self._failed_until.put(actor_id, self._clock.monotonic() + self._failure_s())
            self._tried_at.drop(actor_id)  # that the key is missing has not been seen
            raise
        if await self._peers.get(actor_id) is None:
            self._fetched.put(actor_id, (self._clock.monotonic(), known))
        elif not await self._take(known):
            raise SignatureError("a new key that no trusted key vouches for")
        return known

    def _failure_s(self) -> float:
        part = int.from_bytes(self._rng.bytes(2), "big") / 0x10000
        return KEEP_FAILURE_S + part * FAILURE_JITTER_S


def _found(known: KnownActor, key_id: str) -> FoundKey:
    key = known.actor.keys.get(key_id)
    if key is None:
        raise NotFoundError("the actor does not list this key")
    return FoundKey(key_id, known.actor.id, key)
