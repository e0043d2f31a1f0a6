"""Signing our requests, and finding out which node signed one that arrived.

Refusals come in order of cost: headers, time, names, rate, digest, and only then a key that may
have to be fetched and a signature to verify. A failure never says which check it was. What the
node may do is left to the inbox and to the routes.

Source: RFC 9421 §3.2; SPEC.md, section on delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kith_crypto.errors import CryptoError, RemoteError, SignatureError
from kith_crypto.randomness import Rng
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.keys import KeyBook
from kith_node.federation.peers import PeerBook
from kith_node.http.limits import Throttle
from kith_node.runtime.system import Clock
from kith_protocol.errors import UnauthorizedError
from kith_protocol.http_signature import (
    KITH_TAG,
    ClaimedSignature,
    Message,
    check_window,
    make_message,
    read_signature,
    sign_message,
    verify_claim,
)
from kith_protocol.limits import (
    PEER_BURST,
    PEER_REQUESTS_PER_S,
    UNKNOWN_HOST_REQUESTS_PER_MINUTE,
)
from kith_protocol.nonces import NonceMemory
from kith_protocol.urls import Url, node_key_url, parse_url

NONCE_BYTES = 16
# Hosts cost nothing to invent, and each may make us fetch: this much for all strangers.
STRANGERS_PER_S = 2
STRANGERS_BURST = 60

_ALL_STRANGERS = b""


class NodeSigner:
    """Signs requests with the node's key."""

    def __init__(
        self, identity: NodeIdentity, *, clock: Clock, rng: Rng, development: bool = False
    ) -> None:
        self._identity = identity
        self._clock = clock
        self._rng = rng
        self._development = development

    def sign_request(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return the signature's headers and those of the content that it covers."""
        message = make_message(method, parse_url(url, development=self._development), headers)
        return sign_message(
            message,
            key=self._identity.signing_key,
            key_id=node_key_url(self._identity.origin),
            created=self._clock.now(),
            nonce=self._rng.bytes(NONCE_BYTES),
        )


class PeerSignatures:
    """Verifies requests of other nodes.

    Args:
        identity: ours; nobody else signs in our name.
        keys: finds keys by their ids.
        peers: who is known.
        clock: for the time window and the rates.
        heard: called with each peer that has just proved who it is.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        identity: NodeIdentity,
        *,
        keys: KeyBook,
        peers: PeerBook,
        clock: Clock,
        heard: Callable[[str], None],
        development: bool = False,
    ) -> None:
        self._identity = identity
        self._heard = heard
        self._keys = keys
        self._peers = peers
        self._clock = clock
        self._development = development
        self._nonces = NonceMemory()
        self._peer_rate = Throttle(PEER_REQUESTS_PER_S, PEER_BURST, clock=clock)
        per_host = UNKNOWN_HOST_REQUESTS_PER_MINUTE
        self._host_rate = Throttle(per_host / 60, per_host, clock=clock)
        self._stranger_rate = Throttle(STRANGERS_PER_S, STRANGERS_BURST, clock=clock)

    async def verify(self, message: Message) -> str:
        """Return the actor id of the node that signed *message*.

        Args:
            message: the request, its target rebuilt from our public origin. Its signature
                covers the digest of the body; comparing the two is left to the caller, who
                has not read the body yet.

        Raises:
            UnauthorizedError: no signature, or one that is not good.
            ReplayedError: a good one that was seen before.
            TooManyError: the peer, or the host that is none (yet), sends too much.
        """
        try:
            claim, url = self._read(message)
            peer = await self._peers.get(url.text.partition("#")[0])
            if peer is None:
                self._host_rate.take(url.origin.encode())
                self._stranger_rate.take(_ALL_STRANGERS)
            actor = await self._verify(claim)
        except (RemoteError, CryptoError) as error:
            raise UnauthorizedError(f"signature: {error}") from error
        # Only now: anybody could use up a known node's turns by naming its key.
        if peer is not None and peer.is_open:
            self._peer_rate.take(actor.encode())
        elif peer is not None:
            self._host_rate.take(url.origin.encode())
        self._nonces.remember(claim.key_id, claim.nonce or "", now=self._clock.now())
        if peer is not None and peer.is_open:
            self._heard(actor)
        return actor

    async def is_peer(self, actor: str) -> bool:
        """Return whether *actor* and this node have both agreed to exchange."""
        peer = await self._peers.get(actor)
        return peer is not None and peer.is_open

    def _read(self, message: Message) -> tuple[ClaimedSignature, Url]:
        claim = read_signature(message, tag=KITH_TAG)
        check_window(claim, now=self._clock.now())
        url = parse_url(claim.key_id, development=self._development, allows_fragment=True)
        if url.origin == self._identity.origin:
            raise SignatureError("signed in our own name")
        return claim, url

    async def _verify(self, claim: ClaimedSignature) -> str:
        found = await self._keys.find(claim.key_id)
        try:
            verify_claim(claim, found.key)
        except SignatureError:
            # The key may have changed under its id since we fetched it.
            renewed = await self._keys.renew(found)
            if renewed is None:
                raise
            verify_claim(claim, renewed.key)
        return found.actor
