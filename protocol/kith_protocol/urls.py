"""Addresses of nodes and their documents, in one spelling only.

Two programs that read an address differently can be turned against each other, so only
addresses that are already in normal form are taken: https, a lower-case host name of at least
two labels, no default port, no user, no dot segments, no needless escapes, ASCII from a
whitelist. What parses here may be compared as text. Whether a host may be contacted (its
addresses) is left to the guarded client of the node.

In development mode ``http`` is taken too, for loopback hosts only.

Source: RFC 3986 §6.2; FEP-fe34 (origins).
"""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_protocol.limits import MAX_URL_CHARACTERS

Origin: TypeAlias = str
"""Scheme, host and, unless it is the default, port: ``https://node.example``."""

ID_BYTES = 16

_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_PORT = 65535
_MAX_HOST_CHARACTERS = 253
# Names that never lead to a public host (RFC 6761, RFC 8375, RFC 7686).
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".onion", ".i2p")

_URL = re.compile(
    r"(https?)://([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?"
    r"(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)"
    r"(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
    r"(#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?\Z",
    re.ASCII,
)
_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?\Z", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.ASCII)
_ESCAPE = re.compile(r"%(..?)?", re.DOTALL)
_NORMAL_ESCAPE = re.compile(r"[2-9A-F][0-9A-F]\Z", re.ASCII)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]\Z", re.ASCII)
_EMPTY_OR_DOT_SEGMENT = re.compile(r"//|/\.\.?(?:/|\Z)")


class Url(msgspec.Struct, frozen=True):
    """An address in normal form.

    Attributes:
        text: the whole address as written.
        origin: scheme, host and port.
        authority: host and, unless it is the default, port.
        path_query: path with leading slash, and query if there is one.
        fragment: what follows ``#``, or empty.
    """

    text: str
    origin: Origin
    authority: str
    path_query: str
    fragment: str = ""


def parse_url(text: str, *, development: bool = False, allows_fragment: bool = False) -> Url:
    """Return the address in *text*.

    Args:
        text: at most ``MAX_URL_CHARACTERS``.
        development: take ``http`` for loopback hosts too.
        allows_fragment: take ``#…``, as in ids of keys.

    Raises:
        MalformedError: not an address in the one normal form.
    """
    if len(text) > MAX_URL_CHARACTERS:
        raise MalformedError("an address is too long")
    found = _URL.match(text)
    if not found:
        raise MalformedError("not an address in normal form")
    scheme, host, port, path, query, fragment = found.groups()
    authority = _check_authority(scheme, host, port, development=development)
    if fragment is not None and (not allows_fragment or len(fragment) == 1):
        raise MalformedError("an address with a fragment")
    if _EMPTY_OR_DOT_SEGMENT.search(path):
        raise MalformedError("an address with empty or dot segments")
    if "%" in text:
        _check_escapes(text)
    return Url(
        text=text,
        origin=f"{scheme}://{authority}",
        authority=authority,
        path_query=path + (query or ""),
        fragment=(fragment or "")[1:],
    )


def parse_origin(text: str, *, development: bool = False) -> Origin:
    """Return *text* if it is an origin in normal form, without a final slash.

    Raises:
        MalformedError: anything else.
    """
    found = _ORIGIN.match(text) if len(text) <= MAX_URL_CHARACTERS else None
    if not found:
        raise MalformedError("not an origin in normal form")
    scheme, host, port = found.groups()
    return f"{scheme}://{_check_authority(scheme, host, port, development=development)}"


def origin_of(text: str, *, development: bool = False) -> Origin:
    """Return the origin of the address *text*, which may have a fragment.

    Raises:
        MalformedError: as ``parse_url``.
    """
    return parse_url(text, development=development, allows_fragment=True).origin


def is_same_origin(one: str, other: str, *, development: bool = False) -> bool:
    """Return whether both texts are addresses and share an origin; never raises."""
    try:
        origin = origin_of(one, development=development)
        return origin == origin_of(other, development=development)
    except MalformedError:
        return False


def authority_of(origin: Origin) -> str:
    """Return host and port of *origin*, the ``{domain}`` of WebFinger and signatures."""
    return origin.partition("://")[2]


def actor_url(origin: Origin) -> str:
    """Return the id of the node's actor."""
    return f"{origin}/actor"


def node_key_url(origin: Origin) -> str:
    """Return the id of the node's Ed25519 key."""
    return f"{origin}/actor#ed25519-key"


def rsa_key_url(origin: Origin) -> str:
    """Return the id of the node's RSA key."""
    return f"{origin}/actor#main-key"


def inbox_url(origin: Origin) -> str:
    """Return the address of the node's inbox."""
    return f"{origin}/inbox"


def batch_url(origin: Origin) -> str:
    """Return the address that takes batches of activities."""
    return f"{origin}/inbox/batch"


def outbox_url(origin: Origin) -> str:
    """Return the address of the node's log of activities."""
    return f"{origin}/outbox"


def followers_url(origin: Origin) -> str:
    """Return the id of the node's followers collection, the audience of its announcements."""
    return f"{origin}/followers"


def following_url(origin: Origin) -> str:
    """Return the id of the collection of nodes this one follows."""
    return f"{origin}/following"


def offer_url(origin: Origin, offer: bytes) -> str:
    """Return the id of the offer whose 16 bytes are *offer*."""
    assert len(offer) == ID_BYTES
    return f"{origin}/offers/{encode_base64url(offer)}"


def parse_offer_url(text: str, *, development: bool = False) -> tuple[Origin, bytes]:
    """Return origin and the 16 bytes of an offer's id.

    Raises:
        MalformedError: not ``{origin}/offers/{base64url of 16 bytes}``.
    """
    return _parse_id(text, "/offers", development=development)


def resource_url(origin: Origin, resource: bytes) -> str:
    """Return the id of the resource whose 16 bytes are *resource*."""
    assert len(resource) == ID_BYTES
    return f"{origin}/resources/{encode_base64url(resource)}"


def parse_resource_url(text: str, *, development: bool = False) -> tuple[Origin, bytes]:
    """Return origin and the 16 bytes of a resource's id.

    Raises:
        MalformedError: not ``{origin}/resources/{base64url of 16 bytes}``.
    """
    return _parse_id(text, "/resources", development=development)


def activity_url(origin: Origin, token: bytes) -> str:
    """Return the id of the activity whose 16 bytes are *token*."""
    assert len(token) == ID_BYTES
    return f"{origin}/activities/{encode_base64url(token)}"


def _parse_id(text: str, expected: str, *, development: bool) -> tuple[Origin, bytes]:
    url = parse_url(text, development=development)
    folder, _, name = url.path_query.rpartition("/")
    if folder != expected:
        raise MalformedError(f"not an id below {expected}")
    return url.origin, parse_base64url(name, size=ID_BYTES)


def _check_authority(scheme: str, host: str, port: str | None, *, development: bool) -> str:
    if host in _LOOPBACK_HOSTS:
        if not development:
            raise MalformedError("a loopback address")
    elif scheme != "https":
        raise MalformedError("not https")
    else:
        _check_host(host)
    if port is None:
        return host
    # A leading zero would be a second spelling.
    if port[0] == "0" or not 0 < int(port) <= _MAX_PORT or int(port) == _DEFAULT_PORTS[scheme]:
        raise MalformedError("a port that is not in normal form")
    return f"{host}:{port}"


def _check_host(host: str) -> None:
    labels = host.split(".") if len(host) <= _MAX_HOST_CHARACTERS else []
    # A last label of digits is an IPv4 address in one of its many spellings.
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.match, labels)):
        raise MalformedError("not a host name of at least two labels")
    if labels[-1].startswith("0x") or f".{host}".endswith(_PRIVATE_SUFFIXES):
        raise MalformedError("not a public host name")


def _check_escapes(text: str) -> None:
    for found in _ESCAPE.finditer(text):
        digits = found[1]
        # The first digit keeps control characters out; 7F is the one above them.
        if digits is None or not _NORMAL_ESCAPE.match(digits) or digits in ("7F", "5C"):
            raise MalformedError("an escape that is not in normal form")
        if _UNRESERVED.match(chr(int(digits, 16))):
            raise MalformedError("a needless escape")
