"""Answers that have no end yet: written piece by piece until their source or the caller stops.

Who does not read for half a minute has gone: a line that died silently is no longer held once
something was to be written on it. What is written, and when it ends, is the source's part.
"""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web

from kith_node.http.route import Answer, Stream

WRITE_TIMEOUT_S = 30.0


async def send_stream(
    request: web.Request,
    answer: Answer,
    stream: Stream,
    *,
    write_timeout_s: float = WRITE_TIMEOUT_S,
) -> web.StreamResponse:
    """Send the head of *answer* and all that *stream* yields; it is closed in any case.

    Args:
        request: what is answered.
        answer: status, type and headers.
        stream: where the body comes from.
        write_timeout_s: how long the caller may read nothing.
    """
    response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    response.headers["Content-Type"] = answer.content_type
    async with contextlib.aclosing(stream):
        try:
            await response.prepare(request)
            async for piece in stream:
                async with asyncio.timeout(write_timeout_s):
                    await response.write(piece)
        except (ConnectionError, TimeoutError):
            # Nobody is there any more. What waits to be written would hold the connection.
            if request.transport is not None:
                request.transport.abort()
    return response
