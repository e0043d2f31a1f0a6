"""Connections: how long one may stay silent, and that whatever goes wrong on it is a problem.

aiohttp answers what it cannot parse, an unknown ``Expect`` and its own failures with texts that
name itself and repeat what came in, waits for ever for the first request, and decompresses
bodies; here it does none of that. Nothing is logged of a bad request: it says nothing but that
somebody sent one. What a whole request means is left to ``app``.

Source: RFC 9112 §2.2, §3; RFC 9457.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from kith_crypto.errors import KithError, MalformedError
from kith_node.http.app import finish_headers, to_response
from kith_node.http.problems import to_problem

KEEP_ALIVE_S = 75.0
# From the opening of a connection to the end of the first request's head; later heads have as
# long as an idle connection may live.
FIRST_HEAD_S = 30.0
# What is left of a refused body is read and thrown away for so long.
LINGER_S = 2.0
SHUTDOWN_S = 10.0
MAX_LINE_BYTES = 8190
MAX_HEADERS = 64

_log = structlog.get_logger()


class _Connection(web.RequestHandler):
    """One connection of a client."""

    def __init__(
        self, server: web.Server, *, loop: asyncio.AbstractEventLoop, first_head_s: float
    ) -> None:
        super().__init__(
            server,
            loop=loop,
            # No access log, and a logger of no library: aiohttp's would name addresses.
            access_log=None,  # type: ignore[arg-type]  # it is documented to turn the log off
            logger=logging.getLogger("http"),
            keepalive_timeout=KEEP_ALIVE_S,
            lingering_time=LINGER_S,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
            auto_decompress=False,
        )
        self._first_head_s = first_head_s
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(self._first_head_s, self._hang_up_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the problem for what aiohttp could not parse or failed at.

        *message* is left alone: it repeats what came in.
        """
        if status == 400:
            return _problem(MalformedError("not HTTP"))
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        _log.error("http.failed", error=type(exc).__name__)
        return _problem(KithError("internal"))

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send *resp*; an error page of aiohttp's own, such as to ``Expect``, as a problem."""
        if isinstance(resp, web.HTTPException):
            resp = _problem(MalformedError("not expected"))
        return await super().finish_response(request, resp, start_time)

    def _hang_up_if_silent(self) -> None:
        if self._request_count == 0:
            self.force_close()


class _Site(web.BaseSite):
    """Where connections come in: an address and port, or a socket that is bound already."""

    def __init__(
        self,
        runner: web.AppRunner,
        *,
        host: str,
        port: int,
        sock: socket.socket | None,
        first_head_s: float,
    ) -> None:
        super().__init__(runner)
        self._first_head_s = first_head_s
        self._host = host
        self._port = port
        self._sock = sock

    @property
    def name(self) -> str:
        return "http"

    async def start(self) -> None:
        await super().start()
        server, loop = self._runner.server, asyncio.get_running_loop()
        assert server is not None

        def connect() -> _Connection:
            return _Connection(server, loop=loop, first_head_s=self._first_head_s)

        if self._sock is not None:
            self._server = await loop.create_server(connect, sock=self._sock)
        else:
            self._server = await loop.create_server(connect, self._host, self._port)


@contextlib.asynccontextmanager
async def serving(
    app: web.Application,
    *,
    host: str = "",
    port: int = 0,
    sock: socket.socket | None = None,
    first_head_s: float = FIRST_HEAD_S,
) -> AsyncIterator[None]:
    """Answer requests to *app* while the block runs.

    At its end no new connections are taken, and requests that are being answered have
    ``SHUTDOWN_S`` to finish.

    Args:
        app: as ``build_app`` returns it.
        host: address to listen on.
        port: of it.
        sock: a bound socket in place of both; it is closed at the end.
        first_head_s: how long a new connection may take to ask something.

    Raises:
        OSError: the address cannot be listened on.
    """
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = _Site(runner, host=host, port=port, sock=sock, first_head_s=first_head_s)
        await site.start()
        yield
    finally:
        await runner.cleanup()


def _problem(error: KithError) -> web.Response:
    response = to_response(to_problem(error))
    finish_headers(response)
    # aiohttp fills in its own name and version where there is none.
    response.headers["Server"] = "Kith"
    response.force_close()
    return response
