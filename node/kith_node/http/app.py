"""Turns the rooms' routes into one aiohttp application.

Order of work for a request, cheapest refusal first: host, size of the head, query, media type,
rate, credential, body, its digest, handler. The body is read only of callers whose credential
is good, so that strangers can't make the node hold megabytes. Every error leaves as a problem;
whatever is not a ``KithError`` is logged by its class alone and becomes a 500. The access log
is off and no log line names a caller, a path or an id.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable

import structlog
from aiohttp import web

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_node.http.authorise import Authoriser
from kith_node.http.bodies import encode_body
from kith_node.http.callers import Callers
from kith_node.http.limits import Throttle
from kith_node.http.media import check_media_type
from kith_node.http.problems import to_problem
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.http.streams import send_stream
from kith_protocol.errors import (
    MethodNotAllowedError,
    MisdirectedError,
    NotFoundError,
    SlowBodyError,
)
from kith_protocol.http_signature import Message
from kith_protocol.limits import MAX_HEADER_BYTES, MIB

BODY_TIMEOUT_S = 20
# A whole vault over a thin line takes its time; only members' routes let so much in.
BODY_S_PER_MIB = 16
SESSION_HEADER = "Kith-Session"

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_log = structlog.get_logger()

_Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Lets requests in: checks them, calls the handler, writes the answer."""

    def __init__(
        self,
        *,
        origin: str,
        authoriser: Authoriser,
        callers: Callers,
        throttle: Throttle,
        body_timeout_s: float = BODY_TIMEOUT_S,
    ) -> None:
        self._origin = origin
        self._authority = origin.partition("://")[2]
        self._authoriser = authoriser
        self._callers = callers
        self._throttle = throttle
        self._body_timeout_s = body_timeout_s

    def handler_of(self, route: Route) -> _Handle:
        """Return the aiohttp handler of *route*."""

        async def handle(request: web.Request) -> web.StreamResponse:
            answer = await self._answer(route, request)
            if answer.stream is not None:
                return await send_stream(request, answer, answer.stream)
            return to_response(answer)

        return handle

    async def _answer(self, route: Route, request: web.Request) -> Answer:
        self._check_head(request)
        query = _read_query(route, request)
        max_body = 0
        if route.method in _WITH_BODY:
            check_media_type(request.headers, route.media_types)
            max_body = route.max_body
        caller = self._callers.name(request)
        if route.access in {Access.NOBODY, Access.CAPABILITY, Access.READER}:
            self._throttle.take(caller)
        headers = _join_headers(request)
        message = Message(
            method=request.method,
            target_uri=self._origin + request.raw_path,
            authority=self._authority,
            headers=headers,
        )
        has_body = request.body_exists
        authorised = await self._authoriser.check(route, message, has_body=has_body)
        timeout_s = self._body_timeout_s + max_body // MIB * BODY_S_PER_MIB
        body = await _read_body(request, max_body, timeout_s=timeout_s)
        self._authoriser.check_body(route, message, body)
        call = Call(
            path=dict(request.match_info),
            query=query,
            headers=headers,
            body=body,
            credential=authorised.credential,
            caller=caller,
        )
        answer = await route.handler(call)
        if authorised.fresh_token is None:
            return answer
        fresh = {SESSION_HEADER: authorised.fresh_token}
        return dataclasses.replace(answer, headers={**answer.headers, **fresh})

    def _check_head(self, request: web.Request) -> None:
        is_here = request.headers.get("Host", "").lower() == self._authority
        # A whole address in place of a path is for proxies, and could name another host.
        if not is_here or not request.raw_path.startswith("/"):
            raise MisdirectedError("host")
        size = sum(len(name) + len(value) for name, value in request.raw_headers)
        if size > MAX_HEADER_BYTES:
            raise TooLargeError(f"{size} bytes of headers")


def build_app(
    routes: Iterable[Route], door: Door, *, on_stop: Callable[[], None] = lambda: None
) -> web.Application:
    """Return the application that serves *routes*.

    Args:
        routes: of all rooms.
        door: lets requests in.
        on_stop: called when the application stops; it ends what streams, which else would be
            waited for.
    """
    app = web.Application(middlewares=[_errors_to_problems])

    async def stop(_: web.Application) -> None:
        on_stop()

    app.on_shutdown.append(stop)
    for route in routes:
        app.router.add_route(route.method, route.pattern, door.handler_of(route))
    app.on_response_prepare.append(_finish)
    return app


def to_response(answer: Answer) -> web.Response:
    """Return *answer*, which is no stream, as aiohttp sends it."""
    body = encode_body(answer.body)
    response = web.Response(status=answer.status, body=body, headers=dict(answer.headers))
    if body:
        response.headers["Content-Type"] = answer.content_type
    elif "Content-Type" in response.headers:
        del response.headers["Content-Type"]
    return response


@web.middleware
async def _errors_to_problems(request: web.Request, handler: _Handle) -> web.StreamResponse:
    try:
        return await handler(request)
    except KithError as error:
        return to_response(to_problem(error))
    except web.HTTPMethodNotAllowed as error:
        response = to_response(to_problem(MethodNotAllowedError(request.method)))
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except web.HTTPNotFound:
        return to_response(to_problem(NotFoundError("no such path")))
    except Exception as error:  # the outermost loop of HTTP: nothing may leave but a problem
        _log.error("http.failed", error=type(error).__name__)
        return to_response(to_problem(KithError("internal")))


def finish_headers(response: web.StreamResponse) -> None:
    """Add what every answer carries."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


async def _finish(_: web.Request, response: web.StreamResponse) -> None:
    finish_headers(response)
    # aiohttp would name itself and its version.
    response.headers.pop("Server", None)


def _read_query(route: Route, request: web.Request) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in request.query.items():
        if name in query or name not in route.query:
            raise MalformedError("repeated or unknown query parameter", pointer="/query")
        query[name] = value
    return query


async def _read_body(request: web.Request, limit: int, *, timeout_s: float) -> bytes:
    if request.content_length is not None and request.content_length > limit:
        raise TooLargeError(f"{request.content_length} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise TooLargeError(f"more than {limit} bytes")
    except TimeoutError as error:
        raise SlowBodyError("body") from error
    except (web.RequestPayloadError, ConnectionError) as error:
        # Broken chunks, or nobody is there any more: the caller's doing, so nothing to log.
        raise MalformedError("the body broke off") from error
    return bytes(body)


def _join_headers(request: web.Request) -> dict[str, str]:
    # RFC 9421 §2.1: values of all lines, trimmed, joined by comma and space.
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        joined[key] = f"{joined[key]}, {value.strip()}" if key in joined else value.strip()
    return joined
