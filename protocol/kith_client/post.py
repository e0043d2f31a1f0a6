"""Sending: handing envelopes to one's own node, and what the node must be asked before.

A member reaches other nodes only through their own. Handing in and asking for ``who`` show the
session alone, so the node can seal who it was and forget it; where an envelope is, is asked by
its random handle with the reader pass that all members share. Which key a knock is sealed to
comes from key pages, which name no offer; which keys a node stamps with, from the list of
peers, which is the same for everybody.

A member's own node could name wrong keys for another one. What rules that out is comparing
safety words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kith_client.errors import NoKeysError, ProblemError
from kith_client.http import Request, decode_answer
from kith_client.patience import Pause, repeat
from kith_client.session import Session
from kith_client.system import Clock
from kith_crypto.ed25519 import VerifyKey, parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import Envelope
from kith_crypto.errors import KeyRefusedError, MalformedError, SignatureError
from kith_crypto.stamp import Stamped, verify_stamp
from kith_protocol.bundle import Bundle, check_bundle, parse_bundle, weeks_around
from kith_protocol.day import day_of
from kith_protocol.errors import NotFoundError
from kith_protocol.hand_in import HAND_IN_TYPE, HandIn, encode_hand_in
from kith_protocol.key_pages import MAX_PREFIX_BITS, Split, next_prefix, parse_page
from kith_protocol.limits import MAX_FETCH_BYTES
from kith_protocol.sealed_api import (
    EnvelopeAnswer,
    EnvelopeState,
    PeerAnswer,
    PeersAnswer,
    WhoAnswer,
    WhoBody,
)

PEERS_AGE_S = 6 * 3600  # the list is fetched again after so long
PEERS_PAUSE_S = 60  # but a stamp by an unknown key has it fetched at most so often

_ENVELOPES = "/api/v1/envelopes/"
_KEYS = "/api/v1/keys/"


class Post:
    """Handing in, and the calls that go before it."""

    def __init__(self, *, session: Session, clock: Clock, pause: Pause = asyncio.sleep) -> None:
        self._session = session
        self._clock = clock
        self._pause = pause

    async def hand_in(self, handle: bytes, hand_in: HandIn) -> EnvelopeState:
        """Hand an envelope to one's own node and return where it stands.

        Args:
            handle: 16 random bytes, stored with the envelope before this call: repeated with
                the same bytes it changes nothing.
            hand_in: the envelope and the node it is for.

        Raises:
            ProblemError: the node refused.
            NodeUnreachableError: no answer came, after several tries.
        """
        request = Request(
            "PUT",
            _ENVELOPES + encode_base64url(handle),
            raw=encode_hand_in(hand_in),
            media_type=HAND_IN_TYPE,
        )
        reply = await repeat(lambda: self._session.send_request(request), pause=self._pause)
        return decode_answer(reply, EnvelopeAnswer).state

    async def state(self, handle: bytes) -> EnvelopeState | None:
        """Return where an envelope is, or None once the node has forgotten it (8 days)."""
        path = _ENVELOPES + encode_base64url(handle)
        try:
            reply = await repeat(lambda: self._session.read(path), pause=self._pause)
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            return None
        return decode_answer(reply, EnvelopeAnswer).state

    async def ask_who(self, offer: bytes, mentee_key: VerifyKey) -> WhoAnswer:
        """Return the node's word by which the offer's owner recognises this member.

        To be asked for in the moment of sending only: a draft tells the node nothing.

        Args:
            offer: the 16 bytes of its id.
            mentee_key: the conversation key of the knock.
        """
        body = WhoBody(encode_base64url(offer), encode_base64url(mentee_key))
        request = Request("POST", "/api/v1/who", body=body)
        reply = await repeat(lambda: self._session.send_request(request), pause=self._pause)
        return decode_answer(reply, WhoAnswer)

    async def find_bundle(self, node: str, offer: bytes) -> Bundle:
        """Return this week's keys of an offer, found among at least 63 others.

        Walks the node's key pages; the answer is checked against the offer's id, its own
        signature, and the week.

        Args:
            node: origin of the offer's node, one's own or another.
            offer: the 16 bytes of its id.

        Raises:
            NoKeysError: the pages are there, the offer is not among them.
            RemoteError: a page or a bundle that breaks a rule.
        """
        prefix = ""
        for _ in range(MAX_PREFIX_BITS + 1):
            page = parse_page(await self._fetch_page(node, prefix), prefix=prefix)
            if not isinstance(page, Split):
                break
            prefix = next_prefix(prefix, offer)
        else:
            raise MalformedError("split too often")
        if offer not in page.bundles:
            raise NoKeysError("the offer has no keys for this week")
        first, last = weeks_around(day_of(self._clock.now()))
        bundle = parse_bundle(page.bundles[offer])
        return check_bundle(bundle, offer=offer, first_week=first, last_week=last)

    async def _fetch_page(self, node: str, prefix: str) -> bytes:
        reply = await repeat(
            lambda: self._session.read(
                _KEYS + prefix, query={"node": node}, max_bytes=MAX_FETCH_BYTES
            ),
            pause=self._pause,
        )
        return reply.body


class Peers:
    """The nodes with which envelopes go to and fro, as one's own node lists them."""

    def __init__(self, *, session: Session, clock: Clock, pause: Pause = asyncio.sleep) -> None:
        self._session = session
        self._clock = clock
        self._pause = pause
        self._peers: dict[str, PeerAnswer] = {}
        self._fetched_at: int | None = None

    async def list(self) -> tuple[PeerAnswer, ...]:
        """Return all of them, one's own node first."""
        await self._refresh(PEERS_AGE_S)
        return tuple(self._peers.values())

    async def get(self, node: str) -> PeerAnswer | None:
        """Return what is known of *node*, an origin, or None where it is no peer."""
        await self._refresh(PEERS_AGE_S)
        if node not in self._peers:
            await self._refresh(PEERS_PAUSE_S)
        return self._peers.get(node)

    async def keys_of(self, node: str) -> tuple[VerifyKey, ...]:
        """Return the keys *node* stamps with, newest first; none where it is no peer."""
        peer = await self.get(node)
        return () if peer is None else _keys_of(peer)

    async def verify(
        self, envelope: Envelope, node: str
    ) -> tuple[Stamped, Sequence[VerifyKey]]:
        """Return *envelope*, which *node* delivered, its stamp verified, and the node's keys.

        A stamp by none of the known keys has the list fetched once more: the node may have a
        new one since.

        Raises:
            SignatureError: the stamp is not the node's.
        """
        keys = await self.keys_of(node)
        try:
            return verify_stamp(envelope, keys), keys
        except SignatureError:
            if not await self._refresh(PEERS_PAUSE_S):
                raise
        keys = await self.keys_of(node)
        return verify_stamp(envelope, keys), keys

    async def _refresh(self, age_s: int) -> bool:
        """Fetch the list if it is older than *age_s*; return whether it was."""
        now = self._clock.now()
        if self._fetched_at is not None and now - self._fetched_at < age_s:
            return False
        reply = await repeat(lambda: self._session.read("/api/v1/peers"), pause=self._pause)
        answer = decode_answer(reply, PeersAnswer)
        self._peers = {peer.node: peer for peer in answer.peers}
        self._fetched_at = now
        return True


def _keys_of(peer: PeerAnswer) -> tuple[VerifyKey, ...]:
    """Return the keys of *peer* that may be used: one bad key spoils no other."""
    keys = []
    for text in peer.keys:
        try:
            keys.append(parse_verify_key(parse_base64url(text, size=32)))
        except (KeyRefusedError, MalformedError):
            continue
    return tuple(keys)
