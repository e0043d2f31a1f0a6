"""Addresses of the key pages room: one for members, one for other nodes.

A page, never a single bundle, so that asking names no offer. The prefix may be empty.
"""

from __future__ import annotations

from kith_crypto.errors import MalformedError
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.key_pages.service import KeyPages
from kith_protocol.errors import UnauthorizedError
from kith_protocol.key_pages import KEY_PAGE_TYPE

MEMBERS_PATH = "/api/v1/keys/{prefix}"
NODES_PATH = "/catalogue/keys/{prefix}"

_SIGNED = {"Cache-Control": "private", "Vary": "Accept, Signature, Signature-Input"}


def routes(service: KeyPages) -> tuple[Route, ...]:
    """Return the room's addresses."""

    async def of_any(call: Call) -> Answer:
        if "node" not in call.query:
            raise MalformedError("no node", pointer="/query/node")
        raw = await service.page(call.query["node"], call.path["prefix"])
        return Answer(200, raw, KEY_PAGE_TYPE)

    async def own(call: Call) -> Answer:
        if call.credential.actor is None:
            raise UnauthorizedError("no signature")
        raw = await service.own_page(call.credential.actor, call.path["prefix"])
        return Answer(200, raw, KEY_PAGE_TYPE, _SIGNED)

    return (
        Route(
            "GET",
            MEMBERS_PATH,
            Access.READER,
            of_any,
            "Key bundles of a node, many at a time",
            query=("node",),
            may_be_empty="prefix",
        ),
        Route(
            "GET",
            NODES_PATH,
            Access.INBOX,
            own,
            "Key bundles of own offers, many at a time",
            is_api=False,
            may_be_empty="prefix",
        ),
    )
