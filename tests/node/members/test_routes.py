from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from kith_crypto.errors import MalformedError
from kith_node.http.route import Access, Answer, Call, Credential
from kith_node.members.routes import routes
from kith_protocol.api import (
    AccountAnswer,
    CredentialsBody,
    ReaderPassAnswer,
    SessionAnswer,
    SignInBody,
)
from kith_protocol.errors import UnauthorizedError
from kith_protocol.vault_upload import encode_credentials
from kith_testing.members_room import COMMUNITY, MembersRoom


async def _call(
    room: MembersRoom,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    route = next(
        route for route in routes(room.members) if (route.method, route.path) == (method, path)
    )
    credential = Credential()
    if token is not None:
        signed_in = await room.members.sessions.open(token)
        credential = Credential(member=signed_in.member_id, role=signed_in.role)
    if not isinstance(body, bytes):
        body = b"" if body is None else msgspec.json.encode(body)
    return await route.handler(Call({}, {}, headers or {}, body, credential, room.caller()))


def test_joining_and_signing_in_need_nothing_and_the_rest_a_session(room: MembersRoom) -> None:
    access = {(route.method, route.path): route.access for route in routes(room.members)}

    assert access == {
        ("GET", "/api/v1/community"): Access.NOBODY,
        ("POST", "/api/v1/members"): Access.NOBODY,
        ("POST", "/api/v1/session"): Access.NOBODY,
        ("GET", "/api/v1/account"): Access.SESSION,
        ("DELETE", "/api/v1/account"): Access.SESSION,
        ("PUT", "/api/v1/account/credentials"): Access.SESSION,
        ("POST", "/api/v1/account/sign-out"): Access.SESSION,
        ("GET", "/api/v1/reader-pass"): Access.SESSION,
        ("GET", "/api/v1/vault/{chunk}"): Access.SESSION,
        ("PUT", "/api/v1/vault"): Access.SESSION,
    }


async def test_anyone_may_read_about_the_community(room: MembersRoom) -> None:
    assert (await _call(room, "GET", "/api/v1/community")).body == COMMUNITY


async def test_the_way_of_an_account(room: MembersRoom) -> None:
    body = await room.registration()
    joined = await _call(room, "POST", "/api/v1/members", body)
    assert joined.status == 201
    shown = SignInBody(auth=body.auth, device=body.device)
    session = (await _call(room, "POST", "/api/v1/session", shown)).body
    assert isinstance(session, SessionAnswer)

    account = (await _call(room, "GET", "/api/v1/account", token=session.token)).body
    assert account == AccountAnswer("member", "active", body.slots)
    passed = (await _call(room, "GET", "/api/v1/reader-pass", token=session.token)).body
    assert passed == ReaderPassAnswer(session.reader_pass)

    new = CredentialsBody(
        auth=room.secret(), recovery_auth=room.secret(), slots=body.slots, device=body.device
    )
    path = "/api/v1/account/credentials"
    raw = encode_credentials(new, {0: b"i" * 1024})
    condition = {"if-none-match": "*"}
    answer = await _call(room, "PUT", path, raw, token=session.token, headers=condition)
    second = answer.body
    assert isinstance(second, SessionAnswer)
    signed_out = await _call(room, "POST", "/api/v1/account/sign-out", token=second.token)
    assert signed_out.status == 204

    shown = SignInBody(auth=new.auth, device=body.device)
    third = (await _call(room, "POST", "/api/v1/session", shown)).body
    assert isinstance(third, SessionAnswer)
    assert (await _call(room, "DELETE", "/api/v1/account", token=third.token)).status == 204
    with pytest.raises(UnauthorizedError):
        await _call(room, "POST", "/api/v1/session", shown)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/v1/members"), ("POST", "/api/v1/session")]
)
@pytest.mark.parametrize("body", [{}, [], "x", {"auth": "short", "device": "x", "more": 1}])
async def test_a_body_of_another_shape_is_refused(
    room: MembersRoom, method: str, path: str, body: object
) -> None:
    with pytest.raises(MalformedError):
        await _call(room, method, path, body)


async def test_verifiers_that_are_not_canonical_are_refused(room: MembersRoom) -> None:
    body = await room.registration()
    # 43 characters carry 258 bits; the last two must be zero.
    crooked = body.auth[:-1] + chr(ord("B"))

    with pytest.raises(MalformedError):
        await _call(
            room, "POST", "/api/v1/members", msgspec.structs.replace(body, auth=crooked)
        )
