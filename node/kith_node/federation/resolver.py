"""Names to addresses, each judged; the connection goes to exactly what was judged.

aiohttp connects to what its resolver returns, so a second look-up cannot rebind the name. A
single answer that is not public refuses the name as a whole: a mixed answer is an attack or a
mistake. Address literals never reach a resolver and are judged by ``addresses.check_host``.

Source: RFC 6761 (``localhost``); SPEC.md, section on fetching.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

from kith_node.federation.addresses import (
    LOOPBACK_HOSTS,
    RefusedAddressError,
    is_loopback_address,
    is_public_address,
)

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Returns all addresses of a name; raises ``OSError`` where there are none."""


async def look_up(host: str) -> Sequence[str]:
    """Return all addresses that the system's resolver knows for *host*."""
    found = await asyncio.get_running_loop().getaddrinfo(
        host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class VettedResolver(AbstractResolver):
    """Resolves for aiohttp and refuses a name with any address that is not public.

    Args:
        lookup: how names become addresses.
        development: ``localhost`` may be resolved, to loopback addresses only.
    """

    def __init__(self, lookup: Lookup = look_up, *, development: bool = False) -> None:
        self._lookup = lookup
        self._development = development

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of *host*.

        Raises:
            RefusedAddressError: one of them may not be connected to.
            OSError: there are none.
        """
        addresses = await self._lookup(host)
        if not addresses:
            raise OSError("no address")
        is_local = self._development and host in LOOPBACK_HOSTS
        is_allowed = is_loopback_address if is_local else is_public_address
        if not all(is_allowed(address) for address in addresses):
            raise RefusedAddressError("a name with an address that is not public")
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
        "proto": socket.IPPROTO_TCP,
        "flags": socket.AI_NUMERICHOST,
    }
