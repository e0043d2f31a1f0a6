"""Addresses of reports and applications, and of those who read and decide them."""

from __future__ import annotations

from typing import Final

from kith_crypto.encoding import parse_base64url
from kith_crypto.moderators import LARGEST_SEALED_BYTES
from kith_crypto.objects import ID_BYTES
from kith_node.http.bodies import decode_body
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.moderation.service import Moderation
from kith_protocol.sealed_api import (
    AdmissionBody,
    ApplicationBody,
    CaseAnswer,
    CasesAnswer,
    DecisionBody,
    ModeratorsKeyBody,
    OpeningBody,
    ReportBody,
    ReportStateAnswer,
    ResealBody,
    SealAnswer,
)

# Who may read and decide what. Nobody else is told that there is anything.
MODERATORS: Final = frozenset({"moderator", "safeguarding", "admin"})
INTAKE: Final = MODERATORS | {"intake"}
KEY_MAKERS: Final = frozenset({"moderator", "admin"})

# In base64url, with what stands around it.
MAX_SEALED_BODY_BYTES = LARGEST_SEALED_BYTES * 4 // 3 + 4096

_MODERATION = "/api/v1/moderation"


def routes(service: Moderation) -> tuple[Route, ...]:
    """Return the room's addresses."""
    return (
        *_sending_routes(service),
        *_report_routes(service),
        *_application_routes(service),
        *_key_routes(service),
        *_offer_routes(service),
    )


def _sending_routes(service: Moderation) -> tuple[Route, ...]:
    async def put_report(call: Call) -> Answer:
        body = decode_body(call.body, ReportBody)
        is_new = await service.reports.hand_in(_id(call), body, caller=call.caller)
        return Answer(201 if is_new else 200)

    async def show_state(call: Call) -> Answer:
        return Answer(body=await service.reports.state(_id(call)))

    async def put_application(call: Call) -> Answer:
        body = decode_body(call.body, ApplicationBody)
        is_new = await service.applications.hand_in(_id(call), body, caller=call.caller)
        return Answer(201 if is_new else 200)

    return (
        Route(
            "PUT",
            "/api/v1/reports/{id}",
            Access.READER,
            put_report,
            "Report something to the moderators, sealed",
            body=ReportBody,
            status=201,
            max_body=MAX_SEALED_BODY_BYTES,
        ),
        Route(
            "GET",
            "/api/v1/reports/{id}",
            Access.READER,
            show_state,
            "What became of a report",
            answer=ReportStateAnswer,
        ),
        Route(
            "PUT",
            "/api/v1/applications/{id}",
            Access.NOBODY,
            put_application,
            "Apply to join, sealed",
            body=ApplicationBody,
            status=201,
            max_body=MAX_SEALED_BODY_BYTES,
        ),
    )


def _report_routes(service: Moderation) -> tuple[Route, ...]:
    reports = service.reports

    async def show_all(_: Call) -> Answer:
        return Answer(body=CasesAnswer(await reports.list()))

    async def show(call: Call) -> Answer:
        return Answer(body=await reports.get(_id(call)))

    async def reseal(call: Call) -> Answer:
        await reports.reseal(_id(call), decode_body(call.body, ResealBody).sealed)
        return Answer(204)

    async def decide(call: Call) -> Answer:
        body = decode_body(call.body, DecisionBody)
        await reports.decide(_id(call), body, role=_role(call))
        return Answer(204)

    one = f"{_MODERATION}/reports/{{id}}"
    return (
        Route(
            "GET",
            f"{_MODERATION}/reports",
            Access.SESSION,
            show_all,
            "The moderators' queue of reports",
            answer=CasesAnswer,
            roles=MODERATORS,
        ),
        Route(
            "GET",
            one,
            Access.SESSION,
            show,
            "One report, sealed",
            answer=CaseAnswer,
            roles=MODERATORS,
        ),
        Route(
            "PUT",
            one,
            Access.SESSION,
            reseal,
            "The same report, sealed to the moderators' new key",
            body=ResealBody,
            status=204,
            max_body=MAX_SEALED_BODY_BYTES,
            roles=KEY_MAKERS,
        ),
        Route(
            "POST",
            f"{one}/decision",
            Access.SESSION,
            decide,
            "Decide about a report, or pass it on to another community's moderators",
            body=DecisionBody,
            status=204,
            max_body=MAX_SEALED_BODY_BYTES,
            roles=MODERATORS,
        ),
    )


def _application_routes(service: Moderation) -> tuple[Route, ...]:
    applications = service.applications

    async def show_all(_: Call) -> Answer:
        return Answer(body=CasesAnswer(await applications.list()))

    async def show(call: Call) -> Answer:
        return Answer(body=await applications.get(_id(call)))

    async def reseal(call: Call) -> Answer:
        await applications.reseal(_id(call), decode_body(call.body, ResealBody).sealed)
        return Answer(204)

    async def decide(call: Call) -> Answer:
        body = decode_body(call.body, AdmissionBody)
        await applications.decide(_id(call), is_admitted=body.is_admitted, role=_role(call))
        return Answer(204)

    one = f"{_MODERATION}/applications/{{id}}"
    return (
        Route(
            "GET",
            f"{_MODERATION}/applications",
            Access.SESSION,
            show_all,
            "The queue of applications to join",
            answer=CasesAnswer,
            roles=INTAKE,
        ),
        Route(
            "GET",
            one,
            Access.SESSION,
            show,
            "One application, sealed",
            answer=CaseAnswer,
            roles=INTAKE,
        ),
        Route(
            "PUT",
            one,
            Access.SESSION,
            reseal,
            "The same application, sealed to the moderators' new key",
            body=ResealBody,
            status=204,
            max_body=MAX_SEALED_BODY_BYTES,
            roles=KEY_MAKERS,
        ),
        Route(
            "POST",
            f"{one}/decision",
            Access.SESSION,
            decide,
            "Admit an applicant, or not; the application is deleted",
            body=AdmissionBody,
            status=204,
            roles=INTAKE,
        ),
    )


def _key_routes(service: Moderation) -> tuple[Route, ...]:
    async def put_key(call: Call) -> Answer:
        body = decode_body(call.body, ModeratorsKeyBody)
        await service.put_key(body.key, role=_role(call))
        return Answer(204)

    async def open_seal(call: Call) -> Answer:
        body = decode_body(call.body, OpeningBody)
        return Answer(body=await service.open_sender_seal(body, role=_role(call)))

    return (
        Route(
            "PUT",
            f"{_MODERATION}/key",
            Access.SESSION,
            put_key,
            "Publish the moderators' new public key",
            body=ModeratorsKeyBody,
            status=204,
            roles=KEY_MAKERS,
        ),
        Route(
            "POST",
            f"{_MODERATION}/opening",
            Access.SESSION,
            open_seal,
            "The sender seal of a message that this node stamped, for the keyholders",
            body=OpeningBody,
            answer=SealAnswer,
            roles=MODERATORS,
        ),
    )


def _offer_routes(service: Moderation) -> tuple[Route, ...]:
    async def show_seal(call: Call) -> Answer:
        return Answer(body=await service.owner_seal(_id(call), role=_role(call)))

    async def remove(call: Call) -> Answer:
        await service.remove_offer(_id(call), role=_role(call))
        return Answer(204)

    return (
        Route(
            "GET",
            f"{_MODERATION}/offers/{{id}}/seal",
            Access.SESSION,
            show_seal,
            "The owner seal of an offer of this node, for the keyholders",
            answer=SealAnswer,
            roles=MODERATORS,
        ),
        Route(
            "DELETE",
            f"{_MODERATION}/offers/{{id}}",
            Access.SESSION,
            remove,
            "Remove an offer of this node, here and at every peer",
            status=204,
            roles=MODERATORS,
        ),
    )


def _id(call: Call) -> bytes:
    return parse_base64url(call.path["id"], size=ID_BYTES)


def _role(call: Call) -> str:
    assert call.credential.role is not None  # the route asks for a session
    return call.credential.role
