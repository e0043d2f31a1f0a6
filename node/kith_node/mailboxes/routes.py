"""Addresses of mailboxes. Nothing lists them: owners know theirs from their vault."""

from __future__ import annotations

from kith_crypto.encoding import parse_base64url
from kith_crypto.envelope import MAX_ENVELOPE_BYTES
from kith_crypto.objects import ID_BYTES, box_address
from kith_node.http.bodies import decode_body
from kith_node.http.ownership import parse_owned_id
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.mailboxes.service import Mailboxes
from kith_protocol.box_page import BOX_PAGE_TYPE, ENVELOPE_TYPE
from kith_protocol.errors import NotAPeerError
from kith_protocol.sealed_api import AcknowledgeBody, BoxBody, BoxMonthBody
from kith_protocol.urls import Origin, actor_url

PATH = "/api/v1/mailboxes/{address}"


def routes(service: Mailboxes) -> tuple[Route, ...]:
    """Return the room's addresses."""
    return (*_owner_routes(service), _delivery_route(service))


def _owner_routes(service: Mailboxes) -> tuple[Route, ...]:
    boxes = service.boxes

    async def create(call: Call) -> Answer:
        assert call.credential.key is not None  # the route asks for a capability
        assert call.credential.member is not None  # and for a session
        is_new = await boxes.create(
            decode_body(call.body, BoxBody),
            address=_own(call),
            key=call.credential.key,
            member=call.credential.member,
        )
        return Answer(201 if is_new else 200)

    async def renew(call: Call) -> Answer:
        body = decode_body(call.body, BoxMonthBody)
        await boxes.renew(_own(call), renew_by=body.renew_by)
        return Answer(204)

    async def fetch(call: Call) -> Answer:
        return Answer(body=await boxes.fetch(_own(call)), content_type=BOX_PAGE_TYPE)

    async def acknowledge(call: Call) -> Answer:
        body = decode_body(call.body, AcknowledgeBody)
        await boxes.acknowledge(_own(call), [parse_base64url(one) for one in body.ids])
        return Answer(204)

    async def close(call: Call) -> Answer:
        await boxes.close(_own(call))
        return Answer(204)

    return (
        Route(
            "PUT",
            PATH,
            Access.SESSION_AND_CAPABILITY,
            create,
            "Open a mailbox",
            body=BoxBody,
            status=201,
        ),
        Route(
            "PATCH",
            PATH,
            Access.CAPABILITY,
            renew,
            "Keep a mailbox longer",
            body=BoxMonthBody,
            status=204,
        ),
        Route("GET", PATH, Access.CAPABILITY, fetch, "What lies in a mailbox, a padded page"),
        Route(
            "POST",
            f"{PATH}/acknowledgements",
            Access.CAPABILITY,
            acknowledge,
            "Let the node delete what you have stored",
            body=AcknowledgeBody,
            status=204,
        ),
        Route(
            "DELETE",
            PATH,
            Access.CAPABILITY,
            close,
            "Close a mailbox and delete what is in it",
            status=204,
        ),
    )


def _delivery_route(service: Mailboxes) -> Route:
    async def deliver(call: Call) -> Answer:
        node = _sender(call)
        box = parse_base64url(call.path["address"], size=ID_BYTES)
        await service.intake.deliver(node, call.body, box=box)
        return Answer(202)

    return Route(
        "POST",
        "/mailboxes/{address}",
        Access.INBOX,
        deliver,
        "Takes one envelope",
        status=202,
        max_body=MAX_ENVELOPE_BYTES,
        media_types=(ENVELOPE_TYPE,),
        is_api=False,
    )


def _own(call: Call) -> bytes:
    return parse_owned_id(call.path["address"], call.credential.key, box_address)


def _sender(call: Call) -> Origin:
    actor = call.credential.actor or ""
    node = actor.rpartition("/")[0]
    if actor != actor_url(node):  # only there the actor of a Kith node stands
        raise NotAPeerError("not the actor of a node")
    return node
