"""Names callers by a keyed, truncated hash of their address that lives as long as the process.

Behind a proxy that the steward named as trusted, the address is the last one the proxy added to
``X-Forwarded-For``; from anybody else that header is ignored. The address itself is kept
nowhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aiohttp import web

from kith_crypto.tokens import keyed_hash

# A caller with IPv6 usually has at least a /64 and would otherwise have 2^64 names.
IPV6_PREFIX_BITS = 64


class Callers:
    """Turns requests into names for rate limits."""

    def __init__(self, key: bytes, trusted_proxies: Sequence[str] = ()) -> None:
        self._key = key
        self._trusted = frozenset(trusted_proxies)

    def name(self, request: web.Request) -> bytes:
        """Return the caller's name, 16 bytes."""
        address = request.remote or ""
        if address in self._trusted:
            forwarded = request.headers.getall("X-Forwarded-For", [])
            address = ",".join(forwarded).rpartition(",")[2].strip() or address
        return keyed_hash(self._key, _coarse(address).encode())


def _coarse(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX_BITS), strict=False))
    return str(parsed)
