"""Signing in when needed, and calls with a session or with the reader pass.

A session lives in memory only. It is opened by the first call that needs one, replaced when
the node hands out a fresh one, and opened anew, once, when the node no longer takes it. The
reader pass is the same for every member and kept with the keys, so that a search shows the node
no session at all. Capability calls that need no session do not come through here.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeVar

import aiohttp
import msgspec

from kith_client.errors import ProblemError
from kith_client.http import MAX_ANSWER_BYTES, NodeConnection, Reply, Request, decode_answer
from kith_client.records import PassRecord
from kith_client.system import Clock
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError, UsageError
from kith_crypto.randomness import Rng
from kith_protocol.api import ReaderPassAnswer, SessionAnswer, SignInBody
from kith_protocol.day import day_of
from kith_protocol.errors import UnauthorizedError

DEVICE_BYTES = 8
PASS_DAYS = 2  # the day it was handed out, and the next

T = TypeVar("T")


class Session:
    """One member's way into one node."""

    def __init__(
        self,
        connection: NodeConnection,
        *,
        auths: Sequence[bytes],
        reader_pass: PassRecord | None,
        keep_pass: Callable[[PassRecord], None],
        clock: Clock,
        rng: Rng,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            connection: to the member's node.
            auths: 32 bytes that sign in; several while a change of the passphrase is under
                way, none where the account has been left.
            reader_pass: the last one handed out, if any.
            keep_pass: remembers a new one.
            clock: decides whether the pass is still valid.
            rng: names this device, anew each time it signs in.
        """
        self._connection = connection
        self._auths = tuple(auths)
        self._pass = reader_pass
        self._keep_pass = keep_pass
        self._clock = clock
        self._device = new_device(rng)
        self._token: str | None = None

    @property
    def connection(self) -> NodeConnection:
        """Return the connection to the member's node, for calls without a session."""
        return self._connection

    @property
    def device(self) -> str:
        """Return how this device is named in sessions: 8 random bytes, base64url."""
        return self._device

    def use(self, auth: bytes, answer: SessionAnswer) -> None:
        """Go on with *answer*, the session that *auth* opened."""
        self._auths = (auth,)
        self._token = answer.token
        self._store_pass(answer.reader_pass)

    def also_try(self, auth: bytes) -> None:
        """Sign in by *auth* too, while the node may know either it or the old one."""
        self._auths = (*self._auths, auth)

    def forget(self) -> None:
        """Forget how to sign in, after leaving."""
        self._auths = ()
        self._token = None

    def drop_token(self) -> None:
        """Forget the session; the next call that needs one signs in."""
        self._token = None

    async def sign_in(self) -> SessionAnswer:
        """Return a new session.

        Raises:
            ProblemError: ``unauthorized`` where name or passphrase is wrong.
            UsageError: the account has been left.
        """
        refusal: KithError = UsageError("you have left this community")
        for auth in self._auths:
            try:
                return await self.sign_in_by(auth)
            except ProblemError as error:
                if error.code != UnauthorizedError.code:
                    raise
                refusal = error
        raise refusal

    async def sign_in_by(self, auth: bytes) -> SessionAnswer:
        """Return a new session by *auth*, which is the way to sign in from now on.

        Raises:
            ProblemError: ``unauthorized`` where name or passphrase is wrong.
        """
        answer = await sign_in(self._connection, auth, device=self._device)
        self.use(auth, answer)
        return answer

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: msgspec.Struct | None = None,
        key: SigningKey | None = None,
    ) -> Reply:
        """Return the answer to a call with a session, and with *key*'s capability if given."""
        return await self.send_request(Request(method, path, body=body, key=key))

    async def send_request(self, request: Request) -> Reply:
        """Return the answer to *request*, which lacks nothing but the session."""
        token, was_fresh = await self._get_token()
        try:
            reply = await self._connection.send(dataclasses.replace(request, token=token))
        except ProblemError as error:
            if error.code != UnauthorizedError.code or was_fresh:
                raise
            token = (await self.sign_in()).token
            reply = await self._connection.send(dataclasses.replace(request, token=token))
        if reply.fresh_token is not None:
            self._token = reply.fresh_token
        return reply

    async def read(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        etag: str | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> Reply:
        """Return the answer to a GET that shows the reader pass and nothing else."""
        return await self.read_request(
            Request("GET", path, query=query or {}, etag=etag, max_bytes=max_bytes)
        )

    async def read_request(self, request: Request) -> Reply:
        """Return the answer to *request*, which lacks nothing but the reader pass."""
        value, was_fresh = await self._get_pass()
        try:
            return await self._connection.send(dataclasses.replace(request, reader_pass=value))
        except ProblemError as error:
            if error.code != UnauthorizedError.code or was_fresh:
                raise
        value = await self._renew_pass()
        return await self._connection.send(dataclasses.replace(request, reader_pass=value))

    @contextlib.asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[aiohttp.StreamReader]:
        """Yield the body of a GET with the reader pass, while it still comes.

        Raises:
            ProblemError: ``unauthorized`` where the pass has just ended; the next try has a
                new one.
        """
        value, _ = await self._get_pass()
        try:
            async with self._connection.stream(
                Request("GET", path, reader_pass=value)
            ) as content:
                yield content
        except ProblemError as error:
            if error.code == UnauthorizedError.code:
                await self._renew_pass()
            raise

    async def _get_token(self) -> tuple[str, bool]:
        """Return a token, and whether it was opened just now."""
        if self._token is not None:
            return self._token, False
        return (await self.sign_in()).token, True

    async def _get_pass(self) -> tuple[str, bool]:
        today = day_of(self._clock.now())
        if self._pass is not None and today - PASS_DAYS < self._pass.day <= today:
            return self._pass.value, False
        return await self._renew_pass(), True

    async def _renew_pass(self) -> str:
        if self._token is None:
            return (await self.sign_in()).reader_pass
        reply = await self.send("GET", "/api/v1/reader-pass")
        answer = decode_answer(reply, ReaderPassAnswer)
        self._store_pass(answer.reader_pass)
        return answer.reader_pass

    def _store_pass(self, value: str) -> None:
        self._pass = PassRecord(value, day_of(self._clock.now()))
        self._keep_pass(self._pass)


def new_device(rng: Rng) -> str:
    """Return a random name of this device for one session: 8 bytes in base64url."""
    return encode_base64url(rng.bytes(DEVICE_BYTES))


async def sign_in(connection: NodeConnection, auth: bytes, *, device: str) -> SessionAnswer:
    """Return the session that *auth*, of a passphrase or of a recovery code, opens.

    Raises:
        ProblemError: ``unauthorized``: nobody has this *auth*, whatever the reason.
    """
    body = SignInBody(auth=encode_base64url(auth), device=device)
    reply = await connection.send(Request("POST", "/api/v1/session", body=body))
    return decode_answer(reply, SessionAnswer)
