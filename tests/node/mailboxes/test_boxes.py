"""Boxes as their owners use them."""

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.envelope import ENVELOPE_HEAD_BYTES
from kith_crypto.errors import MalformedError
from kith_crypto.objects import box_address
from kith_node.http.route import MemberId
from kith_node.mailboxes.boxes import ENVELOPE_DAYS, KNOCK_DAYS, MAX_MONTHS
from kith_protocol.box_page import parse_box_page
from kith_protocol.day import DAY_S
from kith_protocol.errors import ConflictError, NotFoundError, TooManyError
from kith_protocol.sealed_api import BoxBody
from kith_testing.mailboxes_room import MEMBER, PEER, MailboxesRoom

LARGE = 65536
LAST_OF_MONTH_DAYS = 12  # the clock stands at 2026-11-18 at first


async def test_a_new_box_is_empty(room: MailboxesRoom) -> None:
    box = await room.open()
    page = parse_box_page(await room.mailboxes.boxes.fetch(box))
    assert (page.items, page.has_more) == ((), False)


async def test_opening_a_box_again_changes_nothing_and_counts_once(room: MailboxesRoom) -> None:
    key = SigningKey.generate(room.rng)
    room.boxes_a_month = 1
    room.restart()
    body = BoxBody("reply", room.month + 1)
    answers = [
        await room.mailboxes.boxes.create(
            body, address=box_address(key.verify_key), key=key.verify_key, member=MEMBER
        )
        for _ in range(2)
    ]
    assert (answers, room.created) == ([True, False], 1)


async def test_a_box_of_another_kind_or_month_under_the_address_is_a_conflict(
    room: MailboxesRoom,
) -> None:
    key = SigningKey.generate(room.rng)
    await room.open("reply", key=key)
    with pytest.raises(ConflictError):
        await room.open("knock", key=key)
    with pytest.raises(ConflictError):
        await room.open("reply", key=key, months=3)


async def test_a_member_opens_so_many_boxes_and_no_more(room: MailboxesRoom) -> None:
    room.boxes_a_month = 2
    room.restart()
    await room.open()
    await room.open()
    with pytest.raises(TooManyError):
        await room.open()
    assert await room.count("mailboxes") == 2
    await room.open(member=MemberId(b"o" * 16))


@pytest.mark.parametrize("months", [-1, MAX_MONTHS + 1])
async def test_a_month_that_is_over_or_too_far_away_is_refused(
    room: MailboxesRoom, months: int
) -> None:
    with pytest.raises(MalformedError):
        await room.open(months=months)
    box = await room.open(months=MAX_MONTHS)
    with pytest.raises(MalformedError):
        await room.mailboxes.boxes.renew(box, renew_by=room.month + months)


async def test_a_box_goes_with_what_is_in_it_when_its_month_is_over(
    room: MailboxesRoom,
) -> None:
    box, other = await room.open(months=0), await room.open(months=1)
    await room.deliver(box)
    room.clock.advance(LAST_OF_MONTH_DAYS * DAY_S)
    await room.mailboxes.run_upkeep()
    assert (await room.count("mailboxes"), await room.count("envelopes")) == (2, 1)
    room.clock.advance(DAY_S)
    assert await room.mailboxes.run_upkeep() <= DAY_S
    assert (await room.count("mailboxes"), await room.count("envelopes")) == (1, 0)
    assert await room.items(other) == ()


async def test_a_renewed_box_stays(room: MailboxesRoom) -> None:
    box = await room.open(months=0)
    await room.mailboxes.boxes.renew(box, renew_by=room.month + 2)
    room.clock.advance(40 * DAY_S)
    await room.mailboxes.run_upkeep()
    assert await room.items(box) == ()


async def test_what_is_not_there_cannot_be_renewed_or_fetched_but_closed(
    room: MailboxesRoom,
) -> None:
    boxes = room.mailboxes.boxes
    with pytest.raises(NotFoundError):
        await boxes.renew(bytes(16), renew_by=room.month)
    with pytest.raises(NotFoundError):
        await boxes.fetch(bytes(16))
    await boxes.acknowledge(bytes(16), [bytes(16)])
    await boxes.close(bytes(16))


async def test_a_page_names_the_node_that_delivered_and_the_day(room: MailboxesRoom) -> None:
    box = await room.open()
    raw = await room.deliver(box)
    [item] = await room.items(box)
    assert (item.envelope, item.node, item.day) == (raw, PEER, room.today)


async def test_the_oldest_day_comes_first_and_within_a_day_no_order_of_arrival(
    room: MailboxesRoom,
) -> None:
    box = await room.open()
    arrived = []
    for _ in range(3):
        arrived.append([await room.deliver(box) for _ in range(8)])
        room.clock.advance(DAY_S)
    items = [item.envelope for item in await room.items(box)]
    days = [items[start : start + 8] for start in (0, 8, 16)]
    assert [set(day) for day in days] == [set(day) for day in arrived]
    assert days != arrived


async def test_acknowledged_envelopes_are_gone_and_the_others_stay(room: MailboxesRoom) -> None:
    box = await room.open()
    for _ in range(3):
        await room.deliver(box)
    first, second, third = await room.items(box)
    await room.mailboxes.boxes.acknowledge(box, [second.id, bytes(16)])
    assert await room.items(box) == (first, third)


async def test_an_id_of_another_box_deletes_nothing(room: MailboxesRoom) -> None:
    box, other = await room.open(), await room.open()
    await room.deliver(box)
    [item] = await room.items(box)
    await room.mailboxes.boxes.acknowledge(other, [item.id])
    assert await room.items(box) == (item,)


async def test_large_envelopes_come_page_by_page(room: MailboxesRoom) -> None:
    box = await room.open()
    sent = {await room.deliver(box, size=LARGE) for _ in range(7)}
    found: list[set[bytes]] = []
    has_more = True
    while has_more:
        page = parse_box_page(await room.mailboxes.boxes.fetch(box))
        has_more = page.has_more
        found.append({item.envelope for item in page.items})
        await room.mailboxes.boxes.acknowledge(box, [item.id for item in page.items])
    assert [len(part) for part in found] == [3, 3, 1]
    assert set().union(*found) == sent


async def test_fetching_leaves_no_trace(room: MailboxesRoom) -> None:
    box = await room.open()
    await room.deliver(box)
    pages = {await room.mailboxes.boxes.fetch(box) for _ in range(3)}
    assert len(pages) == 1


async def test_closing_a_box_deletes_what_is_in_it(room: MailboxesRoom) -> None:
    box, other = await room.open(), await room.open()
    await room.deliver(box)
    await room.deliver(other)
    await room.mailboxes.boxes.close(box)
    assert (await room.count("mailboxes"), await room.count("envelopes")) == (1, 1)


async def test_boxes_of_offers_that_have_ended_are_closed_and_replies_left_alone(
    room: MailboxesRoom,
) -> None:
    knock, reply = await room.open("knock"), await room.open("reply")
    await room.deliver(knock)
    await room.deliver(reply)
    await room.mailboxes.close_of([knock, reply, bytes(16)])
    with pytest.raises(NotFoundError):
        await room.items(knock)
    assert len(await room.items(reply)) == 1
    assert await room.count("envelopes") == 1


async def test_envelopes_are_kept_for_their_days_and_no_longer(room: MailboxesRoom) -> None:
    knock, reply = await room.open("knock"), await room.open("reply")
    await room.deliver(knock)
    await room.deliver(reply)
    left = []
    for days in (KNOCK_DAYS, 1, ENVELOPE_DAYS - KNOCK_DAYS - 1, 1):
        room.clock.advance(days * DAY_S)
        await room.mailboxes.run_upkeep()
        left.append((len(await room.items(knock)), len(await room.items(reply))))
    assert left == [(1, 1), (0, 1), (0, 1), (0, 0)]


async def test_an_envelope_is_stored_as_it_came(room: MailboxesRoom) -> None:
    box = await room.open()
    raw = await room.deliver(box, size=LARGE)
    assert len(raw) == ENVELOPE_HEAD_BYTES + LARGE
    assert await room.envelopes(box) == {raw}
