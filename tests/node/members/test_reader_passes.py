from __future__ import annotations

import pytest

from kith_node.members.reader_passes import ReaderPasses
from kith_protocol.day import DAY_S
from kith_protocol.errors import UnauthorizedError
from kith_testing.members_room import MembersRoom


def test_every_member_gets_the_same_pass(room: MembersRoom) -> None:
    assert room.members.reader_passes.today() == room.members.reader_passes.today()


def test_a_pass_is_valid_for_two_days(room: MembersRoom) -> None:
    passes = room.members.reader_passes
    value = passes.today()
    passes.check(value)
    room.clock.advance(DAY_S)
    passes.check(value)
    assert passes.today() != value
    room.clock.advance(DAY_S)

    with pytest.raises(UnauthorizedError):
        passes.check(value)


def test_a_pass_of_tomorrow_is_refused(room: MembersRoom) -> None:
    room.clock.advance(DAY_S)
    tomorrows = room.members.reader_passes.today()
    room.clock.advance(-DAY_S)

    with pytest.raises(UnauthorizedError):
        room.members.reader_passes.check(tomorrows)


@pytest.mark.parametrize("value", ["", "A" * 43, "not base64url", "A" * 10_000])
def test_anything_else_is_refused(room: MembersRoom, value: str) -> None:
    with pytest.raises(UnauthorizedError):
        room.members.reader_passes.check(value)


def test_passes_outlive_a_restart(room: MembersRoom) -> None:
    value = room.members.reader_passes.today()

    ReaderPasses(room.keys_dir, clock=room.clock, rng=room.rng).check(value)
