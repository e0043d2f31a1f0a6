"""Names callers by a keyed, truncated hash of their address that lives as long as the process.

Behind proxies that the steward named as trusted, the address is the last one in
``X-Forwarded-For`` that is no trusted proxy's: what stands before it anybody may have written.
From everybody else that header is ignored. The address itself is kept nowhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aiohttp import web

from kith_crypto.tokens import keyed_hash

# A caller with IPv6 usually has at least a /64 and would otherwise have 2^64 names.
IPV6_PREFIX_BITS = 64

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Callers:
    """Turns requests into names for rate limits."""

    def __init__(self, key: bytes, trusted_proxies: Sequence[str] = ()) -> None:
        """Take the process's key and the proxies' addresses or networks.

        Raises:
            ValueError: a proxy is neither.
        """
        self._key = key
        self._trusted = tuple(ipaddress.ip_network(proxy) for proxy in trusted_proxies)

    def name(self, request: web.Request) -> bytes:
        """Return the caller's name, 16 bytes."""
        address = _parse(request.remote or "")
        if self._is_trusted(address):
            forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
            for text in reversed(forwarded):
                # What a trusted proxy wrote but nobody can read is one caller, not none.
                address = _parse(text.strip()) if text.strip() else address
                if not self._is_trusted(address):
                    break
        return keyed_hash(self._key, _coarse(address).encode())

    def _is_trusted(self, address: _Address | None) -> bool:
        return address is not None and any(address in proxy for proxy in self._trusted)


def _parse(text: str) -> _Address | None:
    """Return the address in *text*, with or without a port, or None."""
    host = text
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        host = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    # One that listens for both kinds is told IPv4 callers so; they would share one /64.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _coarse(address: _Address | None) -> str:
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        whole = int(address)
        return f"{whole >> (128 - IPV6_PREFIX_BITS):x}/{IPV6_PREFIX_BITS}"
    return str(address)
