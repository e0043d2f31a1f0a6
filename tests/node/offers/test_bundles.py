from __future__ import annotations

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, SignatureError
from kith_crypto.objects import offer_id
from kith_protocol.day import DAYS_A_WEEK, Day, week_of
from kith_protocol.errors import ExpiredError, NotFoundError, WrongOwnerError
from kith_testing.offers_room import MEMBER, OffersRoom, bundle_of


async def _put(room: OffersRoom, key: SigningKey, *raws: bytes) -> None:
    encoded = [encode_base64url(raw) for raw in raws]
    await room.offers.bundles.put(offer_id(key.verify_key), encoded)


async def _published(room: OffersRoom, days: int = 30) -> SigningKey:
    key = room.key()
    await room.publish(key, days=days)
    return key


async def test_one_bundle_is_kept_for_each_week_until_the_end(room: OffersRoom) -> None:
    key = await _published(room)
    last_day = room.today + 29
    days = range(week_of(room.today), last_day + 1, DAYS_A_WEEK)
    raws = [bundle_of(key, day) for day in days]

    await _put(room, key, *raws)
    await _put(room, key, *raws)

    assert [row[2] for row in await room.rows("bundles")] == raws


async def test_a_new_bundle_takes_the_place_of_the_old(room: OffersRoom) -> None:
    key = await _published(room)
    old = bundle_of(key, room.today)
    await _put(room, key, old)
    async with room.objects.transaction() as connection:
        await connection.execute("UPDATE bundles SET bytes = zeroblob(1333)")

    await _put(room, key, old)

    assert [row[2] for row in await room.rows("bundles")] == [old]


async def test_a_week_without_a_day_of_the_offer_is_refused(room: OffersRoom) -> None:
    days = week_of(room.today) + DAYS_A_WEEK - room.today  # it ends when Monday begins
    key = await _published(room, days)
    await _put(room, key, bundle_of(key, room.today))

    with pytest.raises(MalformedError):
        await _put(room, key, bundle_of(key, room.today + days))


async def test_a_past_week_is_refused(room: OffersRoom) -> None:
    key = await _published(room)

    with pytest.raises(ExpiredError):
        await _put(room, key, bundle_of(key, room.today - DAYS_A_WEEK))


async def test_a_refused_bundle_takes_the_others_along(room: OffersRoom) -> None:
    key = await _published(room)

    with pytest.raises(MalformedError):
        await _put(room, key, bundle_of(key, room.today), bundle_of(key, room.today + 60))

    assert await room.rows("bundles") == []


async def test_bundles_of_another_offer_are_refused(room: OffersRoom) -> None:
    key = await _published(room)

    with pytest.raises(WrongOwnerError):
        await _put(room, key, bundle_of(room.key(), room.today))


async def test_a_bundle_that_was_tampered_with_is_refused(room: OffersRoom) -> None:
    key = await _published(room)
    raw = bytearray(bundle_of(key, room.today))
    raw[100] ^= 1

    with pytest.raises(SignatureError):
        await _put(room, key, bytes(raw))


@pytest.mark.parametrize("raw", [b"", b"x" * 1333, b"x" * 1332])
async def test_what_is_no_bundle_is_refused(room: OffersRoom, raw: bytes) -> None:
    key = await _published(room)

    with pytest.raises(MalformedError):
        await _put(room, key, raw)


async def test_two_bundles_for_one_week_are_refused(room: OffersRoom) -> None:
    key = await _published(room)
    raw = bundle_of(key, room.today)

    with pytest.raises(MalformedError):
        await _put(room, key, raw, raw)


async def test_bundles_of_an_unknown_offer_are_refused(room: OffersRoom) -> None:
    key = room.key()

    with pytest.raises(NotFoundError):
        await _put(room, key, bundle_of(key, room.today))


async def test_bundles_of_a_week_are_those_of_released_offers(room: OffersRoom) -> None:
    week = week_of(room.today)
    keys = [await _published(room) for _ in range(5)]
    for key in keys:
        await _put(room, key, *(bundle_of(key, day) for day in (week, week + DAYS_A_WEEK)))
    assert await room.offers.bundles.of_week(week) == ()
    await room.release()
    room.restart()
    await _published(room)

    expected = sorted((offer_id(key.verify_key), bundle_of(key, week)) for key in keys)

    assert await room.offers.bundles.of_week(week) == tuple(expected)
    after = expected[2][0]
    assert await room.offers.bundles.of_week(week, after=after) == tuple(expected[3:])
    assert await room.offers.bundles.of_week(Day(week + 5 * DAYS_A_WEEK)) == ()


async def test_a_waiting_edit_does_not_hide_the_bundle(quick: OffersRoom) -> None:
    key = await _published(quick)
    await _put(quick, key, bundle_of(key, quick.today))
    await quick.release()
    one = offer_id(key.verify_key)
    offer = await quick.offers.editor.get(one)

    await quick.offers.editor.extend(one, offer.draft.end_day + 1, member=MEMBER)

    assert len(await quick.offers.bundles.of_week(week_of(quick.today))) == 1
