from __future__ import annotations

import msgspec
import pytest

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_node.http.route import MemberId
from kith_node.members import store
from kith_protocol.api import CredentialsBody, SessionAnswer, SignInBody, Slots
from kith_protocol.errors import (
    ConflictError,
    NotFoundError,
    TooManyError,
    UnauthorizedError,
)
from kith_testing.members_room import ATTEMPTS, SLOTS, MembersRoom


async def _member_of(room: MembersRoom, token: str) -> MemberId:
    return (await room.members.sessions.open(token)).member_id


async def _replace(room: MembersRoom, member: MemberId, body: CredentialsBody) -> SessionAnswer:
    """Put new credentials with the first vault of *member*."""
    vault = {0: b"i" * 1024}
    answer, _ = await room.members.accounts.replace_credentials(
        member, body, vault, expected=None
    )
    return answer


def _credentials(room: MembersRoom, **changes: str) -> CredentialsBody:
    body = CredentialsBody(
        auth=room.secret(),
        recovery_auth=room.secret(),
        slots=Slots(passphrase="bmV3", recovery="bmV3ZXI"),
        device=room.device(),
    )
    return msgspec.structs.replace(body, **changes)


async def test_whoever_holds_an_invite_becomes_a_member_with_its_role(
    room: MembersRoom,
) -> None:
    session, _ = await room.join("moderator")

    signed_in = await room.members.sessions.open(session.token)

    assert (session.role, signed_in.role, session.slots) == ("moderator", "moderator", SLOTS)
    room.members.reader_passes.check(session.reader_pass)


async def test_an_invite_makes_one_member_only(room: MembersRoom) -> None:
    _, body = await room.join()
    again = msgspec.structs.replace(body, auth=room.secret(), recovery_auth=room.secret())

    with pytest.raises(UnauthorizedError):
        await room.members.accounts.register(again, caller=room.caller())

    assert await room.members.accounts.count() == 1


@pytest.mark.parametrize("invite", ["not an invite", "A" * 28, ""])
async def test_without_an_open_invite_nobody_joins(room: MembersRoom, invite: str) -> None:
    body = msgspec.structs.replace(await room.registration(), invite=invite)

    with pytest.raises(UnauthorizedError):
        await room.members.accounts.register(body, caller=room.caller())

    assert await room.members.accounts.count() == 0


async def test_an_invite_can_be_used_on_its_last_day_and_not_after(room: MembersRoom) -> None:
    on_time, too_late = await room.registration(), await room.registration()
    room.clock.advance(14 * 86_400)
    await room.members.accounts.register(on_time, caller=room.caller())
    room.clock.advance(86_400)

    with pytest.raises(UnauthorizedError):
        await room.members.accounts.register(too_late, caller=room.caller())


async def test_a_taken_verifier_leaves_the_invite_open(room: MembersRoom) -> None:
    _, first = await room.join()
    second = await room.registration()
    clashing = msgspec.structs.replace(second, auth=first.auth)

    with pytest.raises(ConflictError):
        await room.members.accounts.register(clashing, caller=room.caller())
    await room.members.accounts.register(second, caller=room.caller())

    assert await room.members.accounts.count() == 2


async def test_passphrase_and_recovery_code_must_differ(room: MembersRoom) -> None:
    body = await room.registration()
    body = msgspec.structs.replace(body, recovery_auth=body.auth)

    with pytest.raises(MalformedError):
        await room.members.accounts.register(body, caller=room.caller())


@pytest.mark.parametrize("which", ["auth", "recovery_auth"])
async def test_passphrase_and_recovery_code_both_sign_in(room: MembersRoom, which: str) -> None:
    session, body = await room.join()
    shown = SignInBody(auth=getattr(body, which), device=room.device())

    again = await room.members.accounts.sign_in(shown, caller=room.caller())

    assert await _member_of(room, again.token) == await _member_of(room, session.token)
    assert again.slots == SLOTS


async def test_wrong_passphrase_and_suspended_member_are_one_error(room: MembersRoom) -> None:
    session, body = await room.join()
    await room.members.accounts.suspend(await _member_of(room, session.token))
    errors = []

    for auth in (room.secret(), body.auth):
        with pytest.raises(UnauthorizedError) as caught:
            await room.members.accounts.sign_in(
                SignInBody(auth=auth, device=room.device()), caller=room.caller()
            )
        errors.append(str(caught.value))

    assert errors[0] == errors[1]


async def test_attempts_are_counted_by_caller(room: MembersRoom) -> None:
    _, body = await room.join()
    shown = SignInBody(auth=body.auth, device=body.device)
    for _ in range(ATTEMPTS):
        await room.members.accounts.sign_in(shown, caller=b"a")

    with pytest.raises(TooManyError):
        await room.members.accounts.sign_in(shown, caller=b"a")
    with pytest.raises(TooManyError):
        await room.members.accounts.register(await room.registration(), caller=b"a")
    await room.members.accounts.sign_in(shown, caller=b"b")


async def test_new_credentials_replace_the_old_and_end_other_sessions(
    room: MembersRoom,
) -> None:
    session, old = await room.join()
    member = await _member_of(room, session.token)
    new = _credentials(room)

    answer = await _replace(room, member, new)

    assert await _member_of(room, answer.token) == member
    assert (await room.members.accounts.get(member)).slots == new.slots
    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(session.token)
    for auth in (old.auth, old.recovery_auth):
        with pytest.raises(UnauthorizedError):
            await room.members.accounts.sign_in(
                SignInBody(auth=auth, device=room.device()), caller=room.caller()
            )
    for auth in (new.auth, new.recovery_auth):
        await room.members.accounts.sign_in(
            SignInBody(auth=auth, device=room.device()), caller=room.caller()
        )


async def test_new_credentials_must_not_be_somebody_elses(room: MembersRoom) -> None:
    _, other = await room.join()
    session, _ = await room.join()
    member = await _member_of(room, session.token)

    with pytest.raises(ConflictError):
        await _replace(room, member, _credentials(room, auth=other.auth))

    assert await _member_of(room, session.token) == member


async def test_signing_out_everywhere_ends_every_session(room: MembersRoom) -> None:
    session, body = await room.join()
    other = await room.members.accounts.sign_in(
        SignInBody(auth=body.auth, device=room.device()), caller=room.caller()
    )

    await room.members.accounts.sign_out_everywhere(await _member_of(room, session.token))

    for token in (session.token, other.token):
        with pytest.raises(UnauthorizedError):
            await room.members.sessions.open(token)


async def test_a_deleted_account_is_gone(room: MembersRoom) -> None:
    session, body = await room.join()
    member = await _member_of(room, session.token)

    await room.members.accounts.delete(member)

    with pytest.raises(UnauthorizedError):
        await room.members.accounts.get(member)
    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(session.token)
    with pytest.raises(UnauthorizedError):
        await _replace(room, member, _credentials(room))
    with pytest.raises(UnauthorizedError):
        await room.members.accounts.sign_in(
            SignInBody(auth=body.auth, device=body.device), caller=room.caller()
        )


async def test_suspending_ends_sessions_and_reinstating_allows_new_ones(
    room: MembersRoom,
) -> None:
    session, body = await room.join()
    member = await _member_of(room, session.token)

    await room.members.accounts.suspend(member)
    state = (await room.members.accounts.get(member)).state
    await room.members.accounts.reinstate(member)

    assert state == store.SUSPENDED
    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(session.token)
    shown = SignInBody(auth=body.auth, device=body.device)
    await room.members.accounts.sign_in(shown, caller=room.caller())


async def test_nobody_can_be_suspended_who_is_not_there(room: MembersRoom) -> None:
    with pytest.raises(NotFoundError):
        await room.members.accounts.suspend(MemberId(bytes(16)))


async def test_the_row_holds_hashes_of_what_was_shown_and_nothing_of_it(
    room: MembersRoom,
) -> None:
    _, body = await room.join()
    await room.database.rebuild()

    stored = room.database.path.read_bytes()

    for secret in (body.auth, body.recovery_auth, body.device):
        assert parse_base64url(secret) not in stored
        assert secret.encode() not in stored
    assert body.invite.encode() not in stored
