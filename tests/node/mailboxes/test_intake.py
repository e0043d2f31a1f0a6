"""Taking envelopes in: who may, what is refused, and that no answer tells about boxes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith_crypto.envelope import ENVELOPE_HEAD_BYTES, MAX_ENVELOPE_BYTES
from kith_crypto.errors import (
    CryptoError,
    MalformedError,
    RemoteError,
    SignatureError,
    TooLargeError,
)
from kith_node.mailboxes.intake import STAMP_FUTURE_DAYS, STAMP_PAST_DAYS
from kith_node.mailboxes.quotas import KNOCKS_A_DAY, MAX_BOX_BYTES, MAX_ENVELOPES, SHARES
from kith_protocol.day import DAY_S
from kith_protocol.errors import ExpiredError, NotAPeerError
from kith_testing.mailboxes_room import PEER, MailboxesRoom

STRANGER = "https://stranger.example"
LARGE = 65536
KNOCK = 8192


async def test_an_envelope_comes_into_its_box(room: MailboxesRoom) -> None:
    box, other = await room.open(), await room.open()
    raw = await room.deliver(box)
    assert await room.envelopes(box) == {raw}
    assert await room.items(other) == ()
    assert room.arrived == 1


async def test_the_same_envelope_twice_lies_there_once(room: MailboxesRoom) -> None:
    box = await room.open()
    raw = await room.deliver(box)
    room.clock.advance(DAY_S)
    await room.mailboxes.deliver(PEER, raw)
    [item] = await room.items(box)
    assert (item.envelope, item.day) == (raw, room.today - 1)


async def test_an_envelope_for_no_box_is_taken_and_leaves_nothing(room: MailboxesRoom) -> None:
    await room.deliver(bytes(16))
    assert await room.count("envelopes") == 0
    # Clients hear of it like of any other: a tick must not tell that a box exists.
    assert room.arrived == 1


async def test_as_much_is_written_for_no_box_and_for_the_same_again_as_for_a_new_one(
    room: MailboxesRoom,
) -> None:
    box = await room.open()
    raw = room.envelope(box, size=LARGE)
    written = []
    for one in (raw, raw, room.envelope(bytes(16), size=LARGE)):
        await room.objects.checkpoint()
        await room.mailboxes.deliver(PEER, one)
        written.append(Path(f"{room.objects.path}-wal").stat().st_size)
    assert min(written) > LARGE
    assert max(written) < 1.5 * min(written)


async def test_a_stranger_is_refused_before_anything_is_read(room: MailboxesRoom) -> None:
    box = await room.open()
    with pytest.raises(NotAPeerError):
        await room.mailboxes.deliver(STRANGER, room.envelope(box, node=STRANGER))
    with pytest.raises(NotAPeerError):
        await room.mailboxes.deliver(STRANGER, bytes(MAX_ENVELOPE_BYTES + 1))


async def test_a_stamp_of_another_node_is_refused(room: MailboxesRoom) -> None:
    box = await room.open()
    with pytest.raises(SignatureError):
        await room.mailboxes.deliver(PEER, room.envelope(box, node="https://peer2.example"))
    assert await room.count("envelopes") == 0
    assert room.arrived == 0


@pytest.mark.parametrize("position", [1, 17, 53, 1281, ENVELOPE_HEAD_BYTES])
async def test_an_envelope_changed_under_way_is_refused(
    room: MailboxesRoom, position: int
) -> None:
    box = await room.open()
    raw = bytearray(room.envelope(box))
    raw[position] ^= 1
    with pytest.raises(SignatureError):
        await room.mailboxes.deliver(PEER, bytes(raw))
    assert await room.count("envelopes") == 0


async def test_an_envelope_for_another_box_than_it_was_sent_to_is_refused(
    room: MailboxesRoom,
) -> None:
    box, other = await room.open(), await room.open()
    with pytest.raises(MalformedError):
        await room.mailboxes.intake.deliver(PEER, room.envelope(box), box=other)
    await room.mailboxes.intake.deliver(PEER, room.envelope(box), box=box)
    assert len(await room.items(box)) == 1


async def test_what_is_too_large_is_refused(room: MailboxesRoom) -> None:
    with pytest.raises(TooLargeError):
        await room.mailboxes.deliver(PEER, bytes(MAX_ENVELOPE_BYTES + 1))


async def test_the_day_of_the_stamp_counts_for_eight_days_and_one_ahead(
    room: MailboxesRoom,
) -> None:
    box = await room.open()
    for days_ago in (STAMP_PAST_DAYS, 0, -STAMP_FUTURE_DAYS):
        await room.mailboxes.deliver(PEER, room.envelope(box, days_ago=days_ago))
    with pytest.raises(ExpiredError):
        await room.mailboxes.deliver(PEER, room.envelope(box, days_ago=STAMP_PAST_DAYS + 1))
    with pytest.raises(MalformedError):
        await room.mailboxes.deliver(PEER, room.envelope(box, days_ago=-STAMP_FUTURE_DAYS - 1))
    assert len(await room.items(box)) == 3


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400), size=st.sampled_from([0, 5441, 9537]))
async def test_any_bytes_are_refused_and_leave_nothing(
    room: MailboxesRoom, raw: bytes, size: int
) -> None:
    with pytest.raises((RemoteError, CryptoError)):
        await room.mailboxes.deliver(PEER, b"\1" + raw.ljust(size, b"\0"))
    assert await room.count("envelopes") == 0


async def test_a_full_box_for_replies_keeps_what_it_has(room: MailboxesRoom) -> None:
    box = await room.open("reply")
    kept = [await room.deliver(box, size=LARGE) for _ in range(MAX_BOX_BYTES // 66_881)]
    await room.deliver(box, size=LARGE)
    assert await room.count("envelopes") == len(kept)
    await room.deliver(box)  # a small one still fits
    assert await room.count("envelopes") == len(kept) + 1


async def test_a_node_hands_in_twenty_knocks_a_day_however_often_the_box_is_emptied(
    room: MailboxesRoom,
) -> None:
    box = await room.open("knock")
    for _ in range(KNOCKS_A_DAY):
        await room.deliver(box, size=KNOCK)
    ids = [item.id for item in await room.items(box)]
    await room.mailboxes.boxes.acknowledge(box, ids)
    await room.deliver(box, size=KNOCK)
    assert await room.items(box) == ()
    other = await room.deliver(box, size=KNOCK, node="https://peer2.example")
    assert await room.envelopes(box) == {other}
    room.clock.advance(DAY_S)
    await room.deliver(box, size=KNOCK)
    assert len(await room.items(box)) == 2


async def test_conversations_have_no_limit_a_day(room: MailboxesRoom) -> None:
    box = await room.open("reply")
    for _ in range(KNOCKS_A_DAY + 5):
        await room.deliver(box)
    assert await room.count("envelopes") == KNOCKS_A_DAY + 5


async def test_a_loud_node_cannot_keep_the_knocks_of_others_out(room: MailboxesRoom) -> None:
    box = await room.open("knock")
    loud = [f"https://peer{number}.example" for number in range(5)]
    for _ in range(4):  # five loud nodes fill their quarters, one after the other
        for node in loud:
            for _ in range(KNOCKS_A_DAY):
                await room.deliver(box, node=node)
        room.clock.advance(DAY_S)
    assert await room.count("envelopes") == MAX_ENVELOPES
    await room.deliver(box, node="https://peer-quiet.example")
    async with room.objects.read() as connection:
        rows = list(
            await connection.execute_fetchall(
                "SELECT peer, count(*) FROM envelopes GROUP BY peer"
            )
        )
    counts = {row[0]: row[1] for row in rows}
    assert counts["https://peer-quiet.example"] == 1
    assert max(counts.values()) <= MAX_ENVELOPES // SHARES
    assert sum(counts.values()) == MAX_ENVELOPES
