"""Which hosts and addresses this node is willing to connect to.

Strangers choose many of the URLs a node fetches, so each could point into the network that the
node runs in. The list below is explicit because the standard library's ``is_global`` calls
multicast, 6to4, NAT64 and others global. Resolving names, and connecting to exactly the address
that was judged, is left to ``resolver``.

Source: IANA special-purpose address registries (RFC 6890); RFC 6761 and RFC 7686 for names;
WHATWG URL §3.5 for hosts that end in a number.
"""

from __future__ import annotations

import ipaddress
import re

from kith_crypto.errors import RemoteError

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAX_HOST_CHARACTERS = 253
MAX_ADDRESS_CHARACTERS = 45  # the longest IPv6 form

_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(block)
    # 2002::/16 (6to4) carries an IPv4 address through relays that hardly exist any more.
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# Blocks whose last 32 bits are the IPv4 address that is really reached.
_CARRIES_V4 = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)\Z")
_REFUSED_SUFFIXES = (
    ".localhost",
    ".local",
    ".internal",
    ".onion",
    ".i2p",
    ".home.arpa",
)


class RefusedAddressError(RemoteError):
    """The host or address is one that a stranger must not make us connect to."""

    code = "refused-address"
    safe = "This address is not one that this node connects to."


def is_public_address(text: str) -> bool:
    """Return whether *text* is an IP address of the public internet.

    Args:
        text: one IPv4 address in four decimal parts, or one IPv6 address without zone. Any
            other spelling is not public.
    """
    if len(text) > MAX_ADDRESS_CHARACTERS or "%" in text:
        return False
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public_v4(address)
    return _is_public_v6(address)


def is_loopback_address(text: str) -> bool:
    """Return whether *text* is an address of this machine itself."""
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def check_host(host: str) -> None:
    """Check the host of a URL before anything is resolved.

    Args:
        host: lower case, IPv6 in brackets, as ``parse_url`` leaves it.

    Raises:
        RefusedAddressError: an address that is not public or in another form than four
            decimal parts, a name without a dot, with a trailing dot or an odd character, or
            one that only means something inside a network or through a proxy.
    """
    if host.startswith("["):
        if not host.endswith("]") or not is_public_address(host[1:-1]):
            raise RefusedAddressError("IPv6 literal")
        return
    labels = host.split(".")
    # 2130706433, 0177.0.0.1, 0x7f.1 and 127.1 all reach 127.0.0.1 in some resolver.
    if _NUMBER.match(labels[-1]):
        if not is_public_address(host):
            raise RefusedAddressError("IPv4 literal")
        return
    if len(host) > MAX_HOST_CHARACTERS or len(labels) < 2:
        raise RefusedAddressError("not a full domain name")
    if not all(_LABEL.match(label) for label in labels):
        raise RefusedAddressError("not a domain name")
    if host.endswith(_REFUSED_SUFFIXES):
        raise RefusedAddressError("a name without meaning on the public internet")


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    return not any(address in block for block in _REFUSED_V4)


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    if any(address in block for block in _CARRIES_V4):
        return _is_public_v4(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and not any(address in block for block in _REFUSED_V6)
