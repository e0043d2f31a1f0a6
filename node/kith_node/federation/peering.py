"""Peering as stewards and other nodes drive it.

Stewards add, approve, reject, limit, block and remove nodes; other nodes send Follow, Accept,
Reject, Undo, and say that their actor changed or is gone. What that leads to is decided by
``kith_protocol.peering`` and stored by ``registry``. Until the keyholders' public key is set,
nobody can be added.

Source: SPEC.md, section on peering; RFC 7033 for finding a node by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from kith_crypto.errors import CryptoError, MalformedError, RemoteError, UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.strict_json import parse_json_object
from kith_node.federation.actors import ActorFetcher, KnownActor, read_actor
from kith_node.federation.fetch import JRD_TYPE, JSON_TYPE, Fetcher
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.keys import KeyBook
from kith_node.federation.outcome import Outcome
from kith_node.federation.peer_store import AuditLine, PeerRow
from kith_node.federation.peers import PeerBook
from kith_node.federation.registry import Registry
from kith_node.runtime.system import Clock
from kith_protocol.activity import Accept, Delete, Follow, Reject, Undo, UpdateActor
from kith_protocol.day import day_of
from kith_protocol.errors import WrongOwnerError
from kith_protocol.limits import MAX_DISCOVERY_REDIRECTS, MAX_DOCUMENT_BYTES
from kith_protocol.peering import Event, EventKind, Peering
from kith_protocol.urls import Origin, authority_of, node_key_url, parse_origin
from kith_protocol.webfinger import node_resource, parse_webfinger, webfinger_url

PeeringActivity: TypeAlias = Follow | Accept | Reject | Undo | UpdateActor | Delete


class PeerView(msgspec.Struct, frozen=True):
    """A node as stewards see it.

    Attributes:
        actor: its id.
        host: what people call it.
        name: of the community.
        peering: what was agreed.
        is_paused: it shows a key that no trusted key vouches for.
        fingerprint: 8 words of its signing key, to be compared with the other steward.
        looked_day: day of the last decision about it.
    """

    actor: str
    host: str
    name: str
    peering: Peering
    is_paused: bool
    fingerprint: tuple[str, ...]
    looked_day: int


class PeeringService:
    """What stewards decide and other nodes ask.

    Args:
        identity: this node.
        registry: stores what is agreed.
        peers: who is known.
        keys: knows other nodes' actors.
        fetcher: asks other nodes for theirs.
        clock: says what day it is.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        identity: NodeIdentity,
        *,
        registry: Registry,
        peers: PeerBook,
        keys: KeyBook,
        fetcher: Fetcher,
        clock: Clock,
        development: bool = False,
    ) -> None:
        self._identity = identity
        self._registry = registry
        self._peers = peers
        self._keys = keys
        self._fetcher = fetcher
        self._actors = ActorFetcher(fetcher, development=development)
        self._clock = clock
        self._development = development

    async def add(self, address: str, *, role: str) -> str:
        """Ask the node at *address* to become a peer, and return its actor id.

        A peer is asked too: if it has lost what was agreed, it hears of it again.

        Args:
            address: a domain, an origin, an actor id or ``acct:{domain}@{domain}``.
            role: of the steward who decides.

        Raises:
            UsageError: federation is off, that is no node, or none to peer with.
            UnavailableError: it does not answer.
        """
        self._identity.require_keyholders()
        try:
            known = await self._find(address)
        except (RemoteError, CryptoError) as error:
            raise UsageError(f"{address} is no node that can be read: {error}") from error
        if known.actor.programme != self._registry.programme:
            raise UsageError(f"{address} is a community of another programme")
        if not await self._registry.take_document(known):
            raise UsageError(
                f"{address} shows a key that none of its former keys vouches for: "
                "compare the fingerprint words with its stewards, then trust it"
            )
        await self._decide(known, "we-follow", role)
        return known.actor.id

    async def approve(self, address: str, *, role: str) -> None:
        """Accept the Follow that waits, and follow back; if none does, show a limited peer.

        Raises:
            UsageError: nothing waits, or federation is off.
        """
        self._identity.require_keyholders()
        known = await self._stored(address)
        row = await self._peers.get(known.actor.id)
        is_shown = row is None or row.peering.standing != "limited"
        is_asked = row is not None and row.peering.their_follow == "waiting"
        await self._decide(known, "we-approve" if is_asked or is_shown else "we-restore", role)

    async def reject(self, address: str, *, role: str) -> None:
        """Refuse the Follow that waits; what was agreed is ended by ``remove``.

        Raises:
            UsageError: nothing waits.
        """
        await self._decide(await self._stored(address), "we-reject", role)

    async def limit(self, address: str, *, role: str) -> None:
        """Keep what the peer announces, but hide it.

        Raises:
            UsageError: it is no peer, or limited already.
        """
        await self._decide(await self._stored(address), "we-limit", role)

    async def restore(self, address: str, *, role: str) -> None:
        """Show again what a limited peer announces.

        Raises:
            UsageError: it is not limited.
        """
        await self._decide(await self._stored(address), "we-restore", role)

    async def block(self, address: str, *, role: str) -> None:
        """Cut the node off without telling it, and drop all that it announced.

        Raises:
            UsageError: it is unknown, or blocked already.
        """
        await self._decide(await self._stored(address), "we-block", role)

    async def unblock(self, address: str, *, role: str) -> None:
        """Lift a block, and tell the node what ended; it stays removed.

        Raises:
            UsageError: it is not blocked.
        """
        await self._decide(await self._stored(address), "we-unblock", role)

    async def remove(self, address: str, *, role: str) -> None:
        """End the peering, tell the node, and drop all that it announced.

        If it is removed already, it is told again.

        Raises:
            UsageError: it is unknown, or blocked.
        """
        await self._decide(await self._stored(address), "we-remove", role)

    async def trust(self, address: str, *, role: str) -> None:
        """Take a peer's present keys, after stewards have compared their fingerprints.

        Raises:
            UsageError: it is unknown.
            UnavailableError: it does not answer.
        """
        stored = await self._stored(address)
        known = await self._actors.fetch(stored.actor.id)
        audit = AuditLine(day_of(self._clock.now()), role, "we-trust", known.actor.id)
        await self._registry.take_document(known, audit=audit)

    async def list(self) -> Sequence[PeerView]:
        """Return all nodes that are known, by actor id."""
        return [self._view(row) for row in (await self._peers.all()).values()]

    async def handle(self, sender: str, activity: PeeringActivity) -> Outcome:
        """Take an activity about peering that *sender* signed.

        Raises:
            WrongOwnerError: it is about somebody else.
            TooManyError: too many strangers have asked already.
            UnavailableError: the sender's actor cannot be read now.
        """
        if isinstance(activity, UpdateActor):
            await self._keys.refresh(sender)
            return Outcome("accepted", activity.id)
        known = await self._keys.actor(sender)
        done = await self._registry.apply(known, self._event(known, activity))
        return Outcome("accepted" if done.refusal is None else "ignored", activity.id)

    def _event(
        self, known: KnownActor, activity: Follow | Accept | Reject | Undo | Delete
    ) -> Event:
        ours = self._identity.actor
        match activity:
            case Follow():
                if activity.object != ours:
                    raise WrongOwnerError("a Follow of somebody else")
                if known.actor.programme != self._registry.programme:
                    return Event("programme-differs", activity.id)
                return Event("got-follow", activity.id)
            case Delete():
                return Event("got-delete")
            case Undo():
                if activity.follow is not None and activity.follow.object != ours:
                    raise WrongOwnerError("about a Follow of somebody else")
                return Event("got-undo", activity.object_id)
            case Accept() | Reject():
                is_ours = activity.follow is None or activity.follow.actor == ours
                # What is not open is undone under its id, which must be one that we may undo.
                if not is_ours or not activity.object_id.startswith(
                    f"{self._identity.origin}/"
                ):
                    raise WrongOwnerError("about a Follow of somebody else")
                kind: EventKind = "got-accept" if isinstance(activity, Accept) else "got-reject"
                return Event(kind, activity.object_id)

    async def _decide(self, known: KnownActor, kind: EventKind, role: str) -> None:
        today = day_of(self._clock.now())
        audit = AuditLine(today, role, kind, known.actor.id)
        done = await self._registry.apply(known, Event(kind), audit=audit)
        if done.refusal is not None:
            raise UsageError(done.refusal)

    async def _find(self, address: str) -> KnownActor:
        origin = self._origin(address)
        if origin == self._identity.origin:
            raise UsageError("that is this node itself")
        url = webfinger_url(origin, node_resource(origin))
        fetched = await self._fetcher.get(
            url, (JRD_TYPE, JSON_TYPE), redirects=MAX_DISCOVERY_REDIRECTS, is_signed=False
        )
        document = parse_json_object(fetched.body, max_bytes=MAX_DOCUMENT_BYTES)
        actor = parse_webfinger(document, origin=origin, development=self._development)
        return await self._actors.fetch(actor)

    def _origin(self, address: str) -> Origin:
        """Return the origin that a person means by *address*."""
        text = address.strip().lower().removeprefix("acct:").rpartition("@")[2]
        if "://" not in text:
            scheme = "http" if self._is_local(text) else "https"
            text = f"{scheme}://{text}"
        scheme, _, rest = text.partition("://")
        try:
            return parse_origin(
                f"{scheme}://{rest.partition('/')[0]}", development=self._development
            )
        except MalformedError as error:
            raise UsageError(f"{address} is not the address of a node") from error

    def _is_local(self, text: str) -> bool:
        host = text.partition("/")[0].rpartition(":")[0] or text
        return self._development and host in {"localhost", "127.0.0.1", "[::1]"}

    async def _stored(self, address: str) -> KnownActor:
        origin = self._origin(address)
        for row in (await self._peers.all()).values():
            if row.actor.startswith(f"{origin}/"):
                return self._read(row)
        raise UsageError(f"{address} is not known here")

    def _read(self, row: PeerRow) -> KnownActor:
        return read_actor(row.document, url=row.actor, development=self._development)

    def _view(self, row: PeerRow) -> PeerView:
        actor = self._read(row).actor
        key = actor.keys.get(node_key_url(actor.origin))
        return PeerView(
            actor=actor.id,
            host=authority_of(actor.origin),
            name=actor.name,
            peering=row.peering,
            is_paused=row.is_paused,
            fingerprint=() if key is None else fingerprint_words(key),
            looked_day=row.looked_day,
        )
