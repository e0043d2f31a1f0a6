"""Addresses of the members room: joining, signing in, one's account, the day's reader pass."""

from __future__ import annotations

from kith_node.http.bodies import decode_body
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.members.service import Members
from kith_node.members.vault_routes import vault_routes
from kith_protocol.api import (
    AccountAnswer,
    CommunityAnswer,
    ReaderPassAnswer,
    RegisterBody,
    SessionAnswer,
    SignInBody,
)

# Verifiers and two wrapped keys; what is longer is no account.
MAX_ACCOUNT_BYTES = 4096
# A call without a body: libraries name a type of their own choice, or none.
MAX_EMPTY_BYTES = 2
EMPTY_TYPES = ("", "application/json", "application/octet-stream")


def routes(service: Members) -> tuple[Route, ...]:
    """Return the room's addresses."""
    return (*_open_routes(service), *_account_routes(service), *vault_routes(service))


def _open_routes(service: Members) -> tuple[Route, ...]:
    async def show_community(_: Call) -> Answer:
        return Answer(body=service.community())

    async def register(call: Call) -> Answer:
        body = decode_body(call.body, RegisterBody)
        return Answer(201, await service.accounts.register(body, caller=call.caller))

    async def sign_in(call: Call) -> Answer:
        body = decode_body(call.body, SignInBody)
        return Answer(body=await service.accounts.sign_in(body, caller=call.caller))

    return (
        Route(
            "GET",
            "/api/v1/community",
            Access.NOBODY,
            show_community,
            "What anyone may know of the community before joining",
            answer=CommunityAnswer,
        ),
        Route(
            "POST",
            "/api/v1/members",
            Access.NOBODY,
            register,
            "Join with an invite",
            body=RegisterBody,
            answer=SessionAnswer,
            status=201,
            max_body=MAX_ACCOUNT_BYTES,
        ),
        Route(
            "POST",
            "/api/v1/session",
            Access.NOBODY,
            sign_in,
            "Sign in with a passphrase or the recovery code",
            body=SignInBody,
            answer=SessionAnswer,
            max_body=MAX_ACCOUNT_BYTES,
        ),
    )


def _account_routes(service: Members) -> tuple[Route, ...]:
    async def show_account(call: Call) -> Answer:
        return Answer(body=await service.accounts.get(call.member))

    async def delete_account(call: Call) -> Answer:
        await service.accounts.delete(call.member)
        return Answer(204)

    async def sign_out(call: Call) -> Answer:
        await service.accounts.sign_out_everywhere(call.member)
        return Answer(204)

    async def show_reader_pass(_: Call) -> Answer:
        return Answer(body=ReaderPassAnswer(service.reader_passes.today()))

    return (
        Route(
            "GET",
            "/api/v1/account",
            Access.SESSION,
            show_account,
            "What the node holds of you",
            answer=AccountAnswer,
        ),
        Route(
            "DELETE",
            "/api/v1/account",
            Access.SESSION,
            delete_account,
            "Delete your account",
            status=204,
        ),
        Route(
            "POST",
            "/api/v1/account/sign-out",
            Access.SESSION,
            sign_out,
            "End every session of yours",
            status=204,
            max_body=MAX_EMPTY_BYTES,
            media_types=EMPTY_TYPES,
        ),
        Route(
            "GET",
            "/api/v1/reader-pass",
            Access.SESSION,
            show_reader_pass,
            "The pass that opens reading today and tomorrow",
            answer=ReaderPassAnswer,
        ),
    )
