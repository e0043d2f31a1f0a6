"""The one client with which this node speaks to others.

Every URL is judged before anything is resolved, every address before it is connected to
(``addresses``, ``resolver``), and nothing a server answers makes the node go elsewhere: no
redirects but a few of the same origin where the caller allows them, no cookies, no proxies from
the environment, no more bytes than asked for. What an answer means is left to the caller.

Source: RFC 9110 §15.4 (redirects), §8.4 (codings); SPEC.md, limits.
"""

from __future__ import annotations

import contextlib
import dataclasses
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, Protocol

import aiohttp
import yarl

from kith_crypto.content_digest import content_digest
from kith_crypto.errors import MalformedError, RemoteError, TooLargeError, UnavailableError
from kith_node.federation.addresses import LOOPBACK_HOSTS, RefusedAddressError, check_host
from kith_node.federation.resolver import Lookup, VettedResolver, look_up
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.limits import FETCH_TIMEOUT_S, MAX_DISCOVERY_REDIRECTS, MAX_FETCH_BYTES
from kith_protocol.urls import Url, parse_url

ACTIVITY_TYPE = "application/activity+json"
JRD_TYPE = "application/jrd+json"
JSON_TYPE = "application/json"
# The same for every node and release, so that it tells nothing.
USER_AGENT = "Kith"

# What nearly every program on the web calls itself; many servers refuse who says nothing.
ANYBODY = "Mozilla/5.0"

MAX_GLANCE_BYTES = 1024
CONNECT_TIMEOUT_S = 5.0
CONNECTIONS_PER_HOST = 4
HTTPS_PORT = 443

_LD_JSON_TYPE = "application/ld+json"
_ACTIVITY_PROFILE = "https://www.w3.org/ns/activitystreams"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GZIP = 16 + zlib.MAX_WBITS


class RequestSigner(Protocol):
    """Signs requests in this node's name."""

    def sign_request(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return the headers to add; *headers* are the content fields, lower case."""
        ...


class _Inflate(Protocol):
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Fetched:
    """What a GET brought: the URL that answered, the media type, the body."""

    url: str
    media_type: str
    body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What a POST was answered: ``retry_after`` is the header as received."""

    status: int
    body: bytes
    retry_after: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Glance:
    """What a page was answered without its body: ``location`` is the header or empty."""

    status: int
    location: str


class Fetcher:
    """Fetches from and delivers to other nodes. ``close`` it when done.

    Args:
        signer: signs every request that is to be signed.
        lookup: how names become addresses.
        development: ``http`` to loopback hosts, at any port, is allowed; never otherwise.
        timeout_s: for one request as a whole.
    """

    def __init__(
        self,
        signer: RequestSigner,
        *,
        lookup: Lookup = look_up,
        development: bool = False,
        timeout_s: float = FETCH_TIMEOUT_S,
    ) -> None:
        self._signer = signer
        self._lookup = lookup
        self._development = development
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=CONNECT_TIMEOUT_S)
        self._session: aiohttp.ClientSession | None = None

    async def get(
        self,
        url: str,
        media_types: tuple[str, ...] = (ACTIVITY_TYPE,),
        *,
        redirects: int = 0,
        is_signed: bool = True,
    ) -> Fetched:
        """Return what *url* answers.

        Args:
            url: normalised, as ``parse_url`` demands.
            media_types: what may come; ``ACTIVITY_TYPE`` includes its JSON-LD spelling.
            redirects: how many of the same origin are followed, at most 3.
            is_signed: whether to sign; not for what everybody may read, which loops otherwise.

        Raises:
            RefusedAddressError: the URL may not be connected to.
            GoneError: 410.
            NotFoundError: 404.
            UnavailableError: no answer in time, or another status than 200.
            TooLargeError: more than ``MAX_FETCH_BYTES``.
            MalformedError: another media type, or a coding that was not asked for.
        """
        target = self._check(url)
        for _ in range(min(redirects, MAX_DISCOVERY_REDIRECTS) + 1):
            headers = {"Accept": ", ".join(media_types)}
            signed = self._signer.sign_request("GET", target.text, {}) if is_signed else {}
            async with self._request("GET", target, {**headers, **signed}) as response:
                if response.status not in _REDIRECTS:
                    return await _read_answer(response, target.text, media_types)
                location = response.headers.get("Location", "")
            target = self._check_redirect(target, location)
        raise RemoteError("too many redirects")

    async def post(self, url: str, body: bytes, media_type: str = ACTIVITY_TYPE) -> Reply:
        """Send *body*, signed, and return the answer whatever its status.

        Raises:
            RefusedAddressError: the URL may not be connected to.
            UnavailableError: no answer in time.
            TooLargeError: the answer is longer than ``MAX_FETCH_BYTES``.
        """
        target = self._check(url)
        content = {"content-type": media_type, "content-digest": content_digest(body)}
        headers = {**content, **self._signer.sign_request("POST", target.text, content)}
        async with self._request("POST", target, headers, body) as response:
            answer = await _read_body(response)
            return Reply(response.status, answer, response.headers.get("Retry-After"))

    async def glance(self, method: Literal["HEAD", "GET"], url: str) -> Glance:
        """Return how a page of the web answers; nothing is followed, signed or kept.

        The request says as little as a request can: no name of this node or of Kith.

        Args:
            method: of a GET at most ``MAX_GLANCE_BYTES`` are waited for.
            url: normalised, without fragment.

        Raises:
            MalformedError: not such a URL.
            RefusedAddressError: the URL may not be connected to.
            UnavailableError: no answer in time.
        """
        headers = {"Accept": "*/*", "User-Agent": ANYBODY, "Accept-Encoding": "identity"}
        async with self._request(method, self._check(url), headers) as response:
            glance = Glance(response.status, response.headers.get("Location", ""))
            # A little of the body shows that there is one; the connection ends with the rest.
            await response.content.read(MAX_GLANCE_BYTES)
            return glance

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @contextlib.asynccontextmanager
    async def _request(
        self, method: str, target: Url, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **headers}
        url = yarl.URL(target.text, encoded=True)
        try:
            async with self._open().request(
                method, url, headers=sent, data=body, allow_redirects=False
            ) as response:
                yield response
        except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError too
            raise UnavailableError(f"no answer: {type(error).__name__}") from error

    def _open(self) -> aiohttp.ClientSession:
        # Opened late: a session belongs to the running loop.
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=VettedResolver(self._lookup, development=self._development),
                use_dns_cache=False,
                limit_per_host=CONNECTIONS_PER_HOST,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                trust_env=False,
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Content-Type", "Accept-Encoding"),
            )
        return self._session

    def _check(self, url: str) -> Url:
        target = parse_url(url, development=self._development)
        seen = yarl.URL(target.text, encoded=True)
        # Two readers of one URL must not see two hosts.
        if str(seen) != target.text or str(seen.origin()) != target.origin:
            raise RefusedAddressError("a URL that can be read in two ways")
        host = f"[{seen.host}]" if ":" in (seen.host or "") else seen.host or ""
        if self._development and host in LOOPBACK_HOSTS:
            return target
        if seen.scheme != "https" or seen.port != HTTPS_PORT:
            raise RefusedAddressError("another scheme or port")
        check_host(host)
        return target

    def _check_redirect(self, source: Url, location: str) -> Url:
        try:
            joined = yarl.URL(source.text, encoded=True).join(yarl.URL(location, encoded=True))
        except ValueError as error:
            raise RemoteError("a redirect to nowhere") from error
        target = self._check(str(joined))
        if target.origin != source.origin:
            raise RemoteError("a redirect to another origin")
        return target


async def _read_answer(
    response: aiohttp.ClientResponse, url: str, media_types: tuple[str, ...]
) -> Fetched:
    if response.status == 410:
        raise GoneError("410")
    if response.status == 404:
        raise NotFoundError("404")
    if response.status != 200:
        raise UnavailableError(f"status {response.status}")
    media_type = _read_media_type(response.headers.getall("Content-Type", []))
    if media_type not in media_types:
        raise MalformedError("another media type than asked for")
    return Fetched(url, media_type, await _read_body(response))


def _read_media_type(values: Sequence[str]) -> str:
    """Return the media type, the two spellings of ActivityPub's as one."""
    if len(values) != 1:
        return ""
    kind, _, parameters = values[0].partition(";")
    media_type = kind.strip().lower()
    if media_type != _LD_JSON_TYPE:
        return media_type
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        is_profile = name.strip().lower() == "profile"
        if is_profile and _ACTIVITY_PROFILE in value.strip().strip('"').split():
            return ACTIVITY_TYPE
    return media_type


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    codings = response.headers.getall("Content-Encoding", [])
    if codings not in ([], ["identity"], ["gzip"]):
        raise MalformedError("a content coding that was not asked for")
    inflate = zlib.decompressobj(_GZIP) if codings == ["gzip"] else None
    body = bytearray()
    async for chunk in response.content.iter_any():
        room = MAX_FETCH_BYTES - len(body) + 1
        body += chunk if inflate is None else _inflate(inflate, chunk, room)
        if len(body) > MAX_FETCH_BYTES:
            raise TooLargeError("the answer is too long")
    if inflate is not None and (not inflate.eof or inflate.unused_data):
        raise MalformedError("not one gzip stream")
    return bytes(body)


def _inflate(inflate: _Inflate, chunk: bytes, room: int) -> bytes:
    try:
        return inflate.decompress(chunk, room)
    except zlib.error as error:
        raise MalformedError("not gzip") from error
