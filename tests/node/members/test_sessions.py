from __future__ import annotations

import stat

import pytest

from kith_node.members.sessions import KEPT_DAYS, Sessions
from kith_protocol.day import DAY_S, day_of
from kith_protocol.errors import UnauthorizedError
from kith_testing.members_room import MembersRoom


def _key_files(room: MembersRoom) -> set[str]:
    return {path.name for path in (room.keys_dir / "session").iterdir()}


@pytest.mark.parametrize("token", ["", "x", "A" * 86, "ä" * 20, "A" * 5000])
async def test_anything_but_a_token_is_refused(room: MembersRoom, token: str) -> None:
    await room.join()

    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(token)


async def test_a_token_with_one_changed_character_is_refused(room: MembersRoom) -> None:
    session, _ = await room.join()
    changed = ("B" if session.token[40] == "A" else "A").join(
        (session.token[:40], session.token[41:])
    )

    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(changed)


async def test_a_token_of_today_gets_no_fresh_one(room: MembersRoom) -> None:
    session, _ = await room.join()

    assert (await room.members.sessions.open(session.token)).fresh_token is None


async def test_a_token_of_yesterday_gets_one_of_today(room: MembersRoom) -> None:
    session, _ = await room.join()
    room.clock.advance(DAY_S)

    old = await room.members.sessions.open(session.token)
    assert old.fresh_token is not None
    fresh = await room.members.sessions.open(old.fresh_token)

    assert fresh.member_id == old.member_id
    assert fresh.fresh_token is None


async def test_a_token_lives_seven_days_and_its_key_no_longer(room: MembersRoom) -> None:
    session, _ = await room.join()
    first_day = day_of(room.clock.now())
    room.clock.advance((KEPT_DAYS - 1) * DAY_S)
    await room.members.sessions.open(session.token)
    assert f"{first_day}.key" in _key_files(room)

    room.clock.advance(DAY_S)

    with pytest.raises(UnauthorizedError):
        await room.members.sessions.open(session.token)
    assert f"{first_day}.key" not in _key_files(room)


async def test_tokens_outlive_a_restart(room: MembersRoom) -> None:
    session, _ = await room.join()
    restarted = Sessions(room.database, room.keys_dir, clock=room.clock, rng=room.rng)

    assert (await restarted.open(session.token)).role == "member"


async def test_a_restart_tomorrow_reads_the_keys_of_today(room: MembersRoom) -> None:
    session, _ = await room.join()
    room.clock.advance(DAY_S)
    restarted = Sessions(room.database, room.keys_dir, clock=room.clock, rng=room.rng)

    assert (await restarted.open(session.token)).fresh_token is not None


async def test_keys_are_readable_by_their_owner_alone(room: MembersRoom) -> None:
    await room.join()
    folder = room.keys_dir / "session"

    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_the_job_destroys_old_keys_and_wakes_at_midnight(room: MembersRoom) -> None:
    await room.join()
    room.clock.advance(KEPT_DAYS * DAY_S)

    delay_s = await room.members.sessions.run_keys()

    assert _key_files(room) == {f"{day_of(room.clock.now())}.key"}
    room.clock.advance(int(delay_s))
    assert room.clock.now() % DAY_S == 0


async def test_files_of_others_in_the_folder_are_left_alone(room: MembersRoom) -> None:
    await room.members.sessions.run_keys()
    strange = room.keys_dir / "session" / "notes.key"
    strange.write_text("not a key of ours")

    await room.members.sessions.run_keys()

    assert strange.read_text() == "not a key of ours"


async def test_a_signed_in_member_is_not_shown_in_logs(room: MembersRoom) -> None:
    session, _ = await room.join()
    signed_in = await room.members.sessions.open(session.token)

    assert repr(signed_in) == "SignedIn(...)"
