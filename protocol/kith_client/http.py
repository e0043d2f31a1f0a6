"""One connection to one node: requests out, structs and typed problems back.

No cookies, no redirects, no proxy settings from the environment, no content encodings; every
answer has a size cap and every call a time limit. Which credential a call needs, and refreshing
sessions, is ``session.py``'s part.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
from collections.abc import AsyncIterator, Mapping
from typing import Self, TypeVar
from urllib.parse import urlencode

import aiohttp
import msgspec
from yarl import URL

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.system import Clock
from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.randomness import Rng
from kith_protocol.capability import sign_capability
from kith_protocol.errors import ReplayedError, UnauthorizedError
from kith_protocol.http_signature import Message
from kith_protocol.urls import authority_of, parse_origin

TOTAL_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
MAX_ANSWER_BYTES = 4 * 1024 * 1024
NONCE_BYTES = 16

SESSION_HEADER = "Kith-Session"
READER_HEADER = "Kith-Reader"
PROBLEM_TYPE = "application/problem+json"
_PROBLEM_PREFIX = "/problems/"
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_LONG_BODY_BYTES = 512 * 1024
# The same for everybody: a version or library name would be a fingerprint.
_USER_AGENT = "kith"

_PERHAPS_REPLAYED = frozenset({ReplayedError.code, UnauthorizedError.code})

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


class _Problem(msgspec.Struct, frozen=True):
    """A problem document; other members are allowed and ignored (RFC 9457 §3.2)."""

    type: str = ""
    title: str = ""
    pointer: str | None = None


_problem_decoder = msgspec.json.Decoder(_Problem)


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Attributes:
        path: on the node, such as ``/api/v1/session``; already percent-encoded.
        query: parameters, sent in this order.
        body: a Struct that is sent as JSON, or None.
        raw: bytes that are sent as they are, in place of *body*.
        media_type: of the body.
        token: a session, where the call needs one.
        reader_pass: the day's pass, where the call needs it.
        key: the object's capability, where the call needs it.
        etag: what the caller has already, for a conditional GET; ``*`` to change only what
            does not exist yet.
        if_match: what the caller has seen, to change only that.
        max_bytes: the longest answer that is read.
    """

    method: str
    path: str
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: msgspec.Struct | None = None
    raw: bytes = dataclasses.field(default=b"", repr=False)
    media_type: str = "application/json"
    token: str | None = dataclasses.field(default=None, repr=False)
    reader_pass: str | None = dataclasses.field(default=None, repr=False)
    key: SigningKey | None = None
    etag: str | None = None
    if_match: str | None = None
    max_bytes: int = MAX_ANSWER_BYTES


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer.

    Attributes:
        fresh_token: a session under today's key, where the one shown was older.
    """

    status: int
    body: bytes = dataclasses.field(repr=False)
    etag: str | None = None
    fresh_token: str | None = dataclasses.field(default=None, repr=False)


class NodeConnection:
    """Sends requests to one node. Use as ``async with``."""

    def __init__(
        self,
        base_url: str,
        *,
        clock: Clock,
        rng: Rng,
        http: aiohttp.ClientSession | None = None,
    ) -> None:
        """Prepare a connection; nothing is sent yet.

        Args:
            base_url: the node's public address; plain http for this machine only.
            clock: dates capability signatures.
            rng: makes their nonces.
            http: a session shared with others, which the caller closes; made by
                ``open_http``. By default the connection has its own.

        Raises:
            MalformedError: *base_url* is no address of a node.
        """
        self.origin = parse_origin(base_url.rstrip("/"), development=True)
        self._clock = clock
        self._rng = rng
        self._http = http
        self._owns_http = http is None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close what this connection opened itself."""
        if self._owns_http and self._http is not None:
            await self._http.close()
            self._http = None

    async def send(self, request: Request) -> Reply:
        """Return the node's answer to *request*.

        Raises:
            ProblemError: the node refused.
            NodeUnreachableError: no whole answer came.
            TooLargeError: the answer is longer than the request allows.
            MalformedError: the answer is neither a success nor a problem.
        """
        try:
            return await self._send_once(request)
        except ProblemError as error:
            # The HTTP library sends a call again, byte for byte, when a kept connection turns
            # out to be closed; if the node had read it, the nonce is used up by then.
            if request.key is None or error.code not in _PERHAPS_REPLAYED:
                raise
        return await self._send_once(request)

    @contextlib.asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[aiohttp.StreamReader]:
        """Yield the body of the answer to *request*, a GET, while it still comes.

        There is no time limit after the connection is made: how long to wait is the caller's.

        Raises:
            ProblemError: the node refused.
            NodeUnreachableError: no answer came, or it broke off inside of the block.
        """
        target = self.origin + request.path
        try:
            async with self._client().request(
                request.method,
                URL(target, encoded=True),
                headers=self._headers_of(request, target, b""),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
            ) as response:
                if response.status != 200:
                    raise _to_error(response, await _read_capped(response, request.max_bytes))
                yield response.content
        except (aiohttp.ClientError, OSError) as error:
            raise NodeUnreachableError(f"{self.origin} does not answer") from error

    def _client(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = open_http()
        return self._http

    async def _send_once(self, request: Request) -> Reply:
        body = request.raw if request.body is None else _encoder.encode(request.body)
        target = self.origin + request.path
        if request.query:
            target += "?" + urlencode(request.query)
        try:
            async with self._client().request(
                request.method,
                URL(target, encoded=True),
                data=_payload(body),
                headers=self._headers_of(request, target, body),
                allow_redirects=False,
                skip_auto_headers=("Content-Type",),
            ) as response:
                return _to_reply(response, await _read_capped(response, request.max_bytes))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NodeUnreachableError(f"{self.origin} does not answer") from error

    def _headers_of(self, request: Request, target: str, body: bytes) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": _USER_AGENT}
        if request.method in _METHODS_WITH_BODY:
            headers["Content-Type"] = request.media_type
        if body:
            headers["Content-Digest"] = content_digest(body)
        if request.token is not None:
            headers["Authorization"] = f"Kith {request.token}"
        if request.reader_pass is not None:
            headers[READER_HEADER] = request.reader_pass
        if request.etag is not None:
            headers["If-None-Match"] = request.etag
        if request.if_match is not None:
            headers["If-Match"] = request.if_match
        if request.key is not None:
            headers |= self._sign(request.method, target, headers, request.key)
        return headers

    def _sign(
        self, method: str, target: str, headers: Mapping[str, str], key: SigningKey
    ) -> dict[str, str]:
        message = Message(
            method=method,
            target_uri=target,
            authority=authority_of(self.origin),
            headers={name.lower(): value for name, value in headers.items()},
        )
        nonce = self._rng.bytes(NONCE_BYTES)
        return sign_capability(message, key=key, created=self._clock.now(), nonce=nonce)


def _payload(body: bytes) -> bytes | io.BytesIO | None:
    """Return *body* as the HTTP library wants it: long ones as a file, read bit by bit."""
    if len(body) > _LONG_BODY_BYTES:
        return io.BytesIO(body)
    return body or None


def open_http(*, max_connections: int = 20) -> aiohttp.ClientSession:
    """Return a client session as this package needs it; the caller closes it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=max_connections),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=TOTAL_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        auto_decompress=False,
        trust_env=False,
    )


def decode_answer(reply: Reply, kind: type[T]) -> T:
    """Return the body of *reply* as *kind*.

    Raises:
        MalformedError: it has another shape.
    """
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise MalformedError("the node's answer has an unknown form") from error


async def _read_capped(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            raise TooLargeError(f"the node's answer is longer than {max_bytes} bytes")
    return bytes(body)


def _to_reply(response: aiohttp.ClientResponse, body: bytes) -> Reply:
    if 200 <= response.status < 300 or response.status == 304:
        return Reply(
            status=response.status,
            body=body,
            etag=response.headers.get("ETag"),
            fresh_token=response.headers.get(SESSION_HEADER),
        )
    raise _to_error(response, body)


def _to_error(response: aiohttp.ClientResponse, body: bytes) -> Exception:
    if response.content_type != PROBLEM_TYPE:
        return MalformedError(f"the node answered {response.status} without saying why")
    try:
        problem = _problem_decoder.decode(body)
    except (ValueError, RecursionError):
        problem = _Problem()
    return ProblemError(
        problem.type.removeprefix(_PROBLEM_PREFIX) or "problem",
        problem.title or ProblemError.safe,
        status=response.status,
        pointer=problem.pointer,
        retry_after_s=_parse_retry_after(response.headers.get("Retry-After")),
    )


def _parse_retry_after(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return int(text[:9])
