"""NodeInfo: the little a node tells crawlers about itself.

Numbers of people come in bands only, and in the largest band not at all. When the band is
renewed (monthly) is left to the caller.

Source: NodeInfo 2.1; FEP-2677 (link to the application actor).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject
from kith_protocol.errors import WrongOwnerError
from kith_protocol.limits import MAX_NAME_CHARACTERS
from kith_protocol.offer_content import Audience
from kith_protocol.text import clean_text
from kith_protocol.urls import Origin, actor_url, parse_url

Policy: TypeAlias = Literal["closed", "approve", "open"]
"""Who may become a peer: nobody by themselves, whom a steward approves, anybody."""

PROTOCOL_VERSION = 1
NODEINFO_TYPE = 'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"'

_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.1"
_APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
_BANDS = (50, 200, 1000)
_MAX_LINKS = 64


class NodeInfo(msgspec.Struct, frozen=True):
    """What another server says of itself; cleaned for display, nothing of it verified.

    Attributes:
        software: its name.
        version: of the software.
        kith_version: of this protocol; ``None``: not a Kith node.
        policy: of peering, as the node words it.
        programme: as the node words it.
    """

    software: str
    version: str
    kith_version: int | None = None
    policy: str | None = None
    programme: str | None = None


def band(count: int) -> int | None:
    """Return the number published in place of *count*: its band's bound, ``None`` above all."""
    return next((bound for bound in _BANDS if count < bound), None)


def build_nodeinfo_links(origin: Origin) -> JsonObject:
    """Return the document at ``/.well-known/nodeinfo``."""
    return {
        "links": [
            {"rel": _SCHEMA, "href": f"{origin}/nodeinfo/2.1"},
            {"rel": _APPLICATION, "href": actor_url(origin)},
        ]
    }


def build_nodeinfo(
    *,
    software_version: str,
    open_registrations: bool,
    users_band: int | None,
    policy: Policy,
    programme: Audience,
) -> JsonObject:
    """Return the document at ``/nodeinfo/2.1``.

    Args:
        software_version: coarse, such as ``0.1``.
        open_registrations: whether anybody may join.
        users_band: as ``band`` gives it; ``None`` publishes no number.
        policy: of peering.
        programme: ``adults`` or ``youth``.
    """
    users: JsonObject = {} if users_band is None else {"total": users_band}
    return {
        "version": "2.1",
        "software": {"name": "kith", "version": software_version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": {"users": users},
        "metadata": {
            "kith": {"version": PROTOCOL_VERSION, "policy": policy, "programme": programme}
        },
    }


def parse_nodeinfo_links(
    document: JsonObject, *, origin: Origin, development: bool = False
) -> str:
    """Return the address of the NodeInfo 2.1 document.

    Raises:
        MalformedError: another form, or no such link.
        WrongOwnerError: it is on another origin than the host that was asked.
    """
    links = document.get("links")
    if not isinstance(links, list) or len(links) > _MAX_LINKS:
        raise MalformedError("not a list of links", pointer="/links")
    for link in links:
        if isinstance(link, dict) and link.get("rel") == _SCHEMA:
            href = link.get("href")
            if not isinstance(href, str):
                raise MalformedError("a link without an address", pointer="/links")
            if parse_url(href, development=development).origin != origin:
                raise WrongOwnerError("NodeInfo is on another origin")
            return href
    raise MalformedError("no link to NodeInfo 2.1", pointer="/links")


def parse_nodeinfo(document: JsonObject) -> NodeInfo:
    """Return what *document* says.

    Raises:
        MalformedError: name or version of the software are missing.
    """
    software = document.get("software")
    if not isinstance(software, dict):
        raise MalformedError("no software named", pointer="/software")
    name, version = software.get("name"), software.get("version")
    if not isinstance(name, str) or not isinstance(version, str):
        raise MalformedError("no software named", pointer="/software")
    kith = _kith_metadata(document)
    kith_version = kith.get("version")
    return NodeInfo(
        software=clean_text(name, MAX_NAME_CHARACTERS),
        version=clean_text(version, MAX_NAME_CHARACTERS),
        kith_version=kith_version if type(kith_version) is int else None,
        policy=_shown(kith, "policy"),
        programme=_shown(kith, "programme"),
    )


def _kith_metadata(document: JsonObject) -> JsonObject:
    metadata = document.get("metadata")
    kith = metadata.get("kith") if isinstance(metadata, dict) else None
    return kith if isinstance(kith, dict) else {}


def _shown(members: JsonObject, name: str) -> str | None:
    value = members.get(name)
    return clean_text(value, MAX_NAME_CHARACTERS) if isinstance(value, str) else None
