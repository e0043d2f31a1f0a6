"""What ends takes its knock boxes along."""

from __future__ import annotations

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import offer_id
from kith_protocol.bundle import encode_bundle
from kith_protocol.day import DAY_S, DAYS_A_WEEK, Day, week_of
from kith_testing.offers_room import CrashError, OffersRoom

BOX, OTHER = b"b" * 16, b"o" * 16


async def put_bundles(room: OffersRoom, key: SigningKey, *boxes: bytes) -> None:
    """Let the bundles of *key*, one week after the other, name *boxes*."""
    raws = [
        encode_bundle(
            key,
            week=week_of(Day(room.today + number * DAYS_A_WEEK)),
            sealing_key=bytes(1216),
            knock_box=box,
        )
        for number, box in enumerate(boxes)
    ]
    await room.offers.bundles.put(offer_id(key.verify_key), [encode_base64url(r) for r in raws])


async def offer(room: OffersRoom, *boxes: bytes, days: int = 30) -> bytes:
    key = room.key()
    await room.publish(key, days=days)
    await put_bundles(room, key, *boxes)
    return offer_id(key.verify_key)


async def test_withdrawing_an_offer_that_nobody_has_seen_closes_its_boxes(
    room: OffersRoom,
) -> None:
    one = await offer(room, BOX, BOX, OTHER)
    await room.offers.endings.withdraw(one)
    assert room.closed_boxes == {BOX, OTHER}


async def test_withdrawing_a_released_offer_closes_its_boxes(quick: OffersRoom) -> None:
    one = await offer(quick, BOX)
    await quick.release()
    await quick.offers.endings.withdraw(one)
    assert quick.closed_boxes == {BOX}


async def test_boxes_are_closed_before_others_hear_of_the_end(quick: OffersRoom) -> None:
    one = await offer(quick, BOX)
    await quick.release()
    quick.outbox.faults.append("before")
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(one)
    assert quick.closed_boxes == {BOX}


async def test_an_offer_that_is_over_closes_its_boxes(room: OffersRoom) -> None:
    await offer(room, BOX, days=2)
    await offer(room, OTHER, days=30)
    await room.offers.endings.run_expiry()
    assert room.closed_boxes == set()
    room.clock.advance(2 * DAY_S)
    await room.offers.endings.run_expiry()
    assert room.closed_boxes == {BOX}


async def test_a_box_that_another_offer_names_stays_open(room: OffersRoom) -> None:
    await offer(room, BOX)
    hostile = await offer(room, BOX, OTHER)
    await room.offers.endings.withdraw(hostile)
    assert room.closed_boxes == {OTHER}


async def test_withdrawing_what_is_not_there_closes_nothing(room: OffersRoom) -> None:
    await offer(room, BOX)
    assert not await room.offers.endings.withdraw(bytes(16))
    assert room.closed_boxes == set()
