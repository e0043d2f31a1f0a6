"""WebFinger: a node answers for itself and for nobody else.

Three names lead to the actor: ``acct:{domain}@{domain}``, the origin with a slash, and the
actor's own id. No member has a name here; what is unknown is answered by the caller in the same
bytes for everything. Fetching and its limits are left to the caller.

Source: RFC 7033; FEP-d556 (finding the application actor).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.errors import WrongOwnerError
from kith_protocol.urls import Origin, actor_url, authority_of, parse_url
from kith_protocol.wire import read_string

JRD_TYPE = "application/jrd+json"
ACTIVITY_TYPE = "application/activity+json"

_SERVICE = "https://www.w3.org/ns/activitystreams#Service"
_LD_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_MAX_LINKS = 64
_ACCOUNT = re.compile(
    r"acct:[A-Za-z0-9._~!$&'()*+,;=:%-]{1,255}@([a-z0-9.:-]{1,260})\Z", re.ASCII
)


def node_resource(origin: Origin) -> str:
    """Return the account name of the node at *origin*, ``acct:{domain}@{domain}``."""
    authority = authority_of(origin)
    return f"acct:{authority}@{authority}"


def webfinger_url(origin: Origin, resource: str) -> str:
    """Return the address at which the host *origin* is asked for *resource*."""
    return f"{origin}/.well-known/webfinger?resource={quote(resource, safe='')}"


def build_webfinger(resource: str, *, origin: Origin) -> JsonObject | None:
    """Return the answer to a query for *resource*, or ``None``: nothing of that name."""
    actor = actor_url(origin)
    account = node_resource(origin)
    home = f"{origin}/"
    if resource not in (account, home, actor):
        return None
    links: list[JsonValue] = [{"rel": "self", "type": ACTIVITY_TYPE, "href": actor}]
    if resource == home:
        links.append({"rel": _SERVICE, "type": ACTIVITY_TYPE, "href": actor})
    names = [account, home, actor]
    subject = home if resource == home else account
    aliases: list[JsonValue] = [name for name in names if name != subject]
    return {"subject": subject, "aliases": aliases, "links": links}


def parse_webfinger(document: JsonObject, *, origin: Origin, development: bool = False) -> str:
    """Return the address of the actor that *document* names.

    Whether that actor says the same of itself is checked when it is fetched.

    Args:
        document: the answer of the host at *origin*.
        origin: the host that was asked.
        development: take loopback origins.

    Raises:
        MalformedError: another form, no link to an actor, or links to several.
        WrongOwnerError: the subject or the actor is on another origin.
    """
    _check_subject(read_string(document, "subject"), origin, development=development)
    links = document.get("links")
    if not isinstance(links, list) or len(links) > _MAX_LINKS:
        raise MalformedError("not a list of links", pointer="/links")
    found = {
        link.get("href")
        for link in links
        if isinstance(link, dict)
        and link.get("rel") == "self"
        and link.get("type") in (ACTIVITY_TYPE, _LD_TYPE)
        and isinstance(link.get("href"), str)
    }
    if len(found) != 1:
        raise MalformedError("not one link to an actor", pointer="/links")
    actor = found.pop()
    assert isinstance(actor, str)
    if parse_url(actor, development=development).origin != origin:
        raise WrongOwnerError("the actor is on another origin")
    return actor


def _check_subject(subject: str, origin: Origin, *, development: bool) -> None:
    account = _ACCOUNT.match(subject) if len(subject) <= 600 else None
    if account:
        is_here = account[1] == authority_of(origin)
    else:
        is_here = parse_url(subject, development=development).origin == origin
    if not is_here:
        raise WrongOwnerError("the subject is on another host")
