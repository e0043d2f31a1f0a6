from __future__ import annotations

import msgspec
import pytest

from kith_crypto.errors import UsageError
from kith_node.members import store
from kith_node.members.invites import MAX_DAYS, MAX_OPEN
from kith_protocol.day import Day, day_of
from kith_protocol.errors import ConflictError, NotFoundError, UnauthorizedError
from kith_protocol.invite import encode_invite, invite_hash
from kith_testing.members_room import MembersRoom


async def test_open_invites_are_named_by_the_head_of_their_hash(room: MembersRoom) -> None:
    invites = [await room.members.invites.make() for _ in range(3)]

    assert await room.members.invites.list_open() == tuple(
        sorted(invite_hash(invite).hex()[:8] for invite in invites)
    )


async def test_the_file_holds_no_invite(room: MembersRoom) -> None:
    invite = await room.members.invites.make("admin")
    await room.database.rebuild()

    stored = room.database.path.read_bytes()

    assert invite_hash(invite) in stored
    assert invite.code not in stored
    assert encode_invite(invite).encode() not in stored


async def test_an_invite_carries_role_and_last_day(room: MembersRoom) -> None:
    invite = await room.members.invites.make("vetted", days=3)

    assert (invite.role, invite.expiry_day) == ("vetted", day_of(room.clock.now()) + 3)


async def test_neither_role_nor_day_of_an_invite_can_be_changed(room: MembersRoom) -> None:
    invite = await room.members.invites.make("member", days=3)
    body = await room.registration()
    better = (
        msgspec.structs.replace(invite, role="admin"),
        msgspec.structs.replace(invite, expiry_day=Day(invite.expiry_day + 1)),
    )

    for forged in better:
        with pytest.raises(UnauthorizedError):
            await room.members.accounts.register(
                msgspec.structs.replace(body, invite=encode_invite(forged)),
                caller=room.caller(),
            )


async def test_a_revoked_invite_is_closed_and_the_others_stay(room: MembersRoom) -> None:
    kept, revoked = [await room.members.invites.make() for _ in range(2)]
    head = invite_hash(revoked).hex()[:8]

    await room.members.invites.revoke(head)

    assert await room.members.invites.list_open() == (invite_hash(kept).hex()[:8],)
    with pytest.raises(NotFoundError):
        await room.members.invites.revoke(head)


async def test_all_can_be_revoked_at_once(room: MembersRoom) -> None:
    for _ in range(3):
        await room.members.invites.make()

    assert await room.members.invites.revoke_all() == 3
    assert await room.members.invites.list_open() == ()


@pytest.mark.parametrize("head", ["", "1234567", "123456789", "zzzzzzzz", "12 45 78"])
async def test_only_eight_hexadecimal_digits_name_an_invite(
    room: MembersRoom, head: str
) -> None:
    with pytest.raises(UsageError):
        await room.members.invites.revoke(head)


async def test_two_invites_with_one_head_are_not_guessed_between(room: MembersRoom) -> None:
    async with room.database.transaction() as connection:
        for last in (b"\x01", b"\x02"):
            await store.insert_invite(connection, b"\xab" * 31 + last)

    with pytest.raises(ConflictError):
        await room.members.invites.revoke("abababab")

    assert len(await room.members.invites.list_open()) == 2


async def test_no_more_than_the_limit_are_open(room: MembersRoom) -> None:
    async with room.database.transaction() as connection:
        for number in range(MAX_OPEN - 1):
            await store.insert_invite(connection, number.to_bytes(32, "big"))
    await room.members.invites.make()

    with pytest.raises(ConflictError):
        await room.members.invites.make()


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
async def test_an_invite_lives_a_day_to_a_year(room: MembersRoom, days: int) -> None:
    with pytest.raises(UsageError):
        await room.members.invites.make(days=days)


async def test_there_is_no_other_role(room: MembersRoom) -> None:
    with pytest.raises(UsageError, match="safeguarding"):
        await room.members.invites.make("owner")
