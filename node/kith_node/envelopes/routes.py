"""Addresses of the envelopes room.

Handing in and ``who`` take a session alone; what became of an envelope is asked by its handle,
with the reader pass, so that asking names nobody.
"""

from __future__ import annotations

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_node.envelopes.service import Envelopes
from kith_node.http.bodies import decode_body
from kith_node.http.route import Access, Answer, Call, MemberId, Route
from kith_protocol.errors import NotFoundError
from kith_protocol.hand_in import HAND_IN_TYPE, HANDLE_BYTES, MAX_HAND_IN_BYTES
from kith_protocol.sealed_api import EnvelopeAnswer, WhoAnswer, WhoBody

PATH = "/api/v1/envelopes/{handle}"


def routes(service: Envelopes) -> tuple[Route, ...]:
    """Return the room's addresses."""

    async def hand_in(call: Call) -> Answer:
        state = await service.hand_in(_member(call), _handle(call), call.body)
        return Answer(202, EnvelopeAnswer(state))

    async def state(call: Call) -> Answer:
        return Answer(200, EnvelopeAnswer(await service.state(_handle(call))))

    async def who(call: Call) -> Answer:
        return Answer(200, service.who(_member(call), decode_body(call.body, WhoBody)))

    return (
        Route(
            "PUT",
            PATH,
            Access.SESSION,
            hand_in,
            "Hand in a sealed envelope; it leaves after a random while",
            answer=EnvelopeAnswer,
            status=202,
            max_body=MAX_HAND_IN_BYTES,
            media_types=(HAND_IN_TYPE,),
        ),
        Route(
            "GET",
            PATH,
            Access.READER,
            state,
            "Where an envelope is",
            answer=EnvelopeAnswer,
        ),
        Route(
            "POST",
            "/api/v1/who",
            Access.SESSION,
            who,
            "What lets a mentor recognise a knocker they blocked",
            body=WhoBody,
            answer=WhoAnswer,
        ),
    )


def _member(call: Call) -> MemberId:
    assert call.credential.member is not None  # the route asks for a session
    return call.credential.member


def _handle(call: Call) -> bytes:
    try:
        return parse_base64url(call.path["handle"], size=HANDLE_BYTES)
    except MalformedError as error:
        raise NotFoundError("no such envelope") from error
