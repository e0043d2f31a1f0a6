"""Somebody who kills a node in the very moment in which it has said yes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace

import aiohttp

from kith_testing.processes import NodeProcess

_OK = range(200, 300)


class Assassin:
    """Looks at every answer that one member's program gets.

    Attributes:
        struck: how often the node was killed.
    """

    def __init__(self, node: NodeProcess, method: str, part: str) -> None:
        """Take the node, and which call's answer is its last one.

        Args:
            node: the victim.
            method: of the call.
            part: of the call's path.
        """
        self._node = node
        self._method = method
        self._part = part
        self._left = 0
        self.struck = 0

    def arm(self, after: int = 1) -> None:
        """Kill after so many answers of that kind."""
        self._left = after

    async def see(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        """Look at an answer before whoever asked for it does."""
        is_it = params.method == self._method and self._part in params.url.path
        if not is_it or params.response.status not in _OK or self._left == 0:
            return
        self._left -= 1
        if self._left == 0:
            await self._node.kill()
            self.struck += 1


@contextlib.asynccontextmanager
async def watched_by(assassin: Assassin) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a session of a member's program, all answers to which *assassin* sees."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_end.append(assassin.see)
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trace_configs=[tracing]
    ) as session:
        yield session
