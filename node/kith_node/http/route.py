"""What a room tells the application about one address: method, path, credential, shapes.

Rooms return tuples of ``Route``; ``app.py`` assembles them, ``authorise.py`` enforces
``access`` and ``openapi.py`` describes them. A handler gets a ``Call`` whose credential has
been checked and returns an ``Answer``.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import NewType, Protocol

from kith_crypto.ed25519 import VerifyKey

MemberId = NewType("MemberId", bytes)


class Access(enum.Enum):
    """Which credential opens a route (docs/credentials.md)."""

    NOBODY = "nobody"
    SESSION = "session"
    CAPABILITY = "capability"
    SESSION_AND_CAPABILITY = "session+capability"
    READER = "reader"
    PEER = "peer"
    INBOX = "inbox"  # a signature by any node; who may say what is decided by peering


@dataclasses.dataclass(frozen=True, slots=True)
class Credential:
    """Who calls, as far as the route needs to know.

    Attributes:
        member: set for sessions only.
        role: role of that member.
        key: the object's key, set for capabilities only.
        actor: the node that signed, set for peers only.
    """

    member: MemberId | None = None
    role: str | None = None
    key: VerifyKey | None = None
    actor: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One authorised request.

    Attributes:
        path: values of the path's placeholders, percent-decoded.
        query: parameters of the query; a repeated one has been refused.
        headers: lower-case names.
        body: at most the route's ``max_body`` bytes.
        caller: a keyed, truncated hash of the client's address, for rate limits only.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    credential: Credential
    caller: bytes

    @property
    def member(self) -> MemberId:
        """The member who calls; only of routes that ask for a session."""
        assert self.credential.member is not None
        return self.credential.member


class Stream(Protocol):
    """A body that comes piece by piece, such as an asynchronous generator."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return what yields the pieces; each is sent as soon as it is there."""
        ...

    async def aclose(self) -> None:
        """Give everything back; called once nothing more is sent, whatever the reason."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns.

    Attributes:
        status: of HTTP.
        body: a Struct (sent as JSON), ready bytes, or nothing.
        content_type: of the body.
        headers: others.
        stream: in place of a body, where that has no end yet.
    """

    status: int = 200
    body: object | bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    stream: Stream | None = None


Handler = Callable[[Call], Awaitable[Answer]]


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """One address.

    Attributes:
        path: aiohttp pattern, such as ``/api/v1/offers/{id}``.
        body: Struct type of the JSON body, or None where the handler reads bytes.
        answer: Struct type of the JSON answer, or None.
        status: of success, for the description.
        max_body: bytes; a longer body is 413 before it is read to its end.
        query: names of the parameters that are read; any other is refused (400).
        media_types: content types that the body may have.
        is_api: whether it belongs into the OpenAPI document.
        may_be_empty: name of the last placeholder, where nothing may stand in its place.
        roles: of members who may call it with their session; empty: all may.
    """

    method: str
    path: str
    access: Access
    handler: Handler
    summary: str
    body: type | None = None
    answer: type | None = None
    status: int = 200
    max_body: int = 65536
    query: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ("application/json",)
    is_api: bool = True
    may_be_empty: str = ""

    @property
    def pattern(self) -> str:
        """The path as the router matches it."""
        if not self.may_be_empty:
            return self.path
        return self.path.replace(
            f"{{{self.may_be_empty}}}", f"{{{self.may_be_empty}:[^{{}}/]*}}"
        )

    roles: frozenset[str] = frozenset()
