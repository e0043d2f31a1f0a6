"""Who may call what, decided here for every route.

A route names its ``Access``; this module checks the credential before the handler runs and
refuses what would join a member to an object: a capability or reader call that carries a
session is an error, so that no client sends one by accident. What is left to rooms: whether
*this* object belongs to *that* key. Source: docs/credentials.md.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

from kith_crypto.content_digest import verify_content_digest
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import CryptoError, RemoteError
from kith_node.http.route import Access, Credential, MemberId, Route
from kith_node.runtime.system import Clock
from kith_protocol.capability import read_capability
from kith_protocol.errors import (
    ForbiddenError,
    NotAPeerError,
    SessionNotWantedError,
    UnauthorizedError,
)
from kith_protocol.http_signature import Message, check_window, verify_claim
from kith_protocol.nonces import NonceMemory

SESSION_SCHEME = "Kith "
READER_HEADER = "kith-reader"


class SignedIn(Protocol):
    """What an opened session says."""

    @property
    def member_id(self) -> bytes:
        """The member's random id."""
        ...

    @property
    def role(self) -> str:
        """The member's role."""
        ...

    @property
    def fresh_token(self) -> str | None:
        """A token under today's key, where the shown one is older."""
        ...


class Sessions(Protocol):
    """Opens session tokens (the members room)."""

    async def open(self, token: str) -> SignedIn:
        """Return who it is, or raise ``UnauthorizedError``."""
        ...


class ReaderPasses(Protocol):
    """Checks the day's pass (the members room)."""

    def check(self, value: str) -> None:
        """Raise ``UnauthorizedError`` unless *value* is today's or yesterday's pass."""
        ...


class PeerVerifier(Protocol):
    """Checks another node's signature (the federation room)."""

    async def verify(self, message: Message) -> str:
        """Return the signing node's actor id, or raise ``UnauthorizedError``."""
        ...

    async def is_peer(self, actor: str) -> bool:
        """Return whether both sides have agreed to exchange."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Authorised:
    """A checked credential and a fresh session token where the shown one was old."""

    credential: Credential
    fresh_token: str | None = None


class Authoriser:
    """Checks the credential that a route asks for."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        reader_passes: ReaderPasses,
        peers: PeerVerifier,
        clock: Clock,
        nonces: NonceMemory,
    ) -> None:
        self._sessions = sessions
        self._reader_passes = reader_passes
        self._peers = peers
        self._clock = clock
        self._nonces = nonces

    async def check(self, route: Route, message: Message, *, has_body: bool) -> Authorised:
        """Return the credential of a request for *route*, before its body has been read.

        Args:
            route: what is called.
            message: the request's head.
            has_body: whether a body follows; a signature then has to cover its digest.

        Raises:
            UnauthorizedError: it is missing or not valid.
            SessionNotWantedError: a session came along where none must.
            NotAPeerError: a valid signature of a node that is no peer.
            ForbiddenError: a valid session of a member without the role.
        """
        token = _session_token(message)
        wants_session = route.access in {Access.SESSION, Access.SESSION_AND_CAPABILITY}
        if token is not None and not wants_session:
            raise SessionNotWantedError(route.path)
        match route.access:
            case Access.NOBODY:
                return Authorised(Credential())
            case Access.SESSION | Access.SESSION_AND_CAPABILITY:
                return await self._check_session(route, message, token, has_body=has_body)
            case Access.CAPABILITY:
                key = self._check_capability(message, has_body=has_body, with_session=False)
                return Authorised(Credential(key=key))
            case Access.READER:
                self._reader_passes.check(message.headers.get(READER_HEADER, ""))
                return Authorised(Credential())
            case Access.PEER | Access.INBOX:
                return await self._check_peer(route, message)

    def check_body(self, route: Route, message: Message, body: bytes) -> None:
        """Check that *body* is what was signed, where the route asks for a signature.

        Raises:
            UnauthorizedError: it is not.
        """
        is_signed = route.access not in {Access.NOBODY, Access.SESSION, Access.READER}
        digest = message.headers.get("content-digest")
        if not is_signed or (digest is None and not body):
            return
        try:
            verify_content_digest(digest or "", body)
        except (RemoteError, CryptoError) as error:
            raise UnauthorizedError(f"digest: {error}") from error

    async def _check_session(
        self, route: Route, message: Message, token: str | None, *, has_body: bool
    ) -> Authorised:
        if token is None:
            raise UnauthorizedError("no session")
        signed_in = await self._sessions.open(token)
        if route.roles and signed_in.role not in route.roles:
            raise ForbiddenError("another role may do that")
        credential = Credential(member=MemberId(signed_in.member_id), role=signed_in.role)
        if route.access is Access.SESSION_AND_CAPABILITY:
            key = self._check_capability(message, has_body=has_body, with_session=True)
            credential = dataclasses.replace(credential, key=key)
        return Authorised(credential, signed_in.fresh_token)

    def _check_capability(
        self, message: Message, *, has_body: bool, with_session: bool
    ) -> VerifyKey:
        now = self._clock.now()
        try:
            key, claim = read_capability(message, has_body=has_body, with_session=with_session)
            check_window(claim, now=now)
            verify_claim(claim, key)
            self._nonces.remember(claim.key_id, claim.nonce or "", now=now)
        except (RemoteError, CryptoError) as error:
            raise UnauthorizedError(f"capability: {error}") from error
        return key

    async def _check_peer(self, route: Route, message: Message) -> Authorised:
        actor = await self._peers.verify(message)
        if route.access is Access.PEER and not await self._peers.is_peer(actor):
            raise NotAPeerError(route.path)
        return Authorised(Credential(actor=actor))


def _session_token(message: Message) -> str | None:
    value = message.headers.get("authorization")
    if value is None:
        return None
    if not value.startswith(SESSION_SCHEME):
        raise UnauthorizedError("not a session")
    return value.removeprefix(SESSION_SCHEME)
