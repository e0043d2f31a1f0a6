from __future__ import annotations

import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import offer_id
from kith_node.offers.outbox import Withdrawn
from kith_protocol.api import Receipt
from kith_protocol.day import DAY_S, DAYS_A_WEEK, Day, week_of
from kith_protocol.errors import NotFoundError
from kith_testing.offers_room import MEMBER, CrashError, OffersRoom, bundle_of, url_of

TABLES = ("offers", "unreleased", "bundles", "seals")


async def _everything(room: OffersRoom) -> list[tuple[object, ...]]:
    return [row for table in TABLES for row in await room.rows(table)]


async def _with_bundle(room: OffersRoom) -> bytes:
    key = room.key()
    await room.publish(key)
    one = offer_id(key.verify_key)
    await room.offers.bundles.put(one, [encode_base64url(bundle_of(key, room.today))])
    return one


async def test_what_never_left_vanishes_without_a_word(room: OffersRoom) -> None:
    one = await _with_bundle(room)

    assert await room.offers.endings.withdraw(one)

    assert await _everything(room) == []
    assert room.outbox.log == []


async def test_what_had_left_is_withdrawn_at_once(quick: OffersRoom) -> None:
    one = await _with_bundle(quick)
    await quick.release()
    url = next(iter(quick.outbox.live))

    assert await quick.offers.endings.withdraw(one)

    assert quick.outbox.log[-1] == Withdrawn(url, quick.today + 30)
    assert quick.outbox.live == {}
    assert await _everything(quick) == []


async def test_withdrawing_again_does_nothing(quick: OffersRoom) -> None:
    one = await _with_bundle(quick)
    await quick.release()
    await quick.offers.endings.withdraw(one)
    taken = len(quick.outbox.log)

    assert not await quick.offers.endings.withdraw(one)

    assert len(quick.outbox.log) == taken


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize("retry", ["owner", "job", "job after a restart"])
async def test_an_interrupted_withdrawal_is_finished(
    quick: OffersRoom, fault: str, retry: str
) -> None:
    one = await _with_bundle(quick)
    await quick.release()
    quick.outbox.faults = [fault]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(one)

    if retry == "job after a restart":
        quick.restart()
    if retry == "owner":
        await quick.offers.endings.withdraw(one)
    else:
        await quick.release()

    assert quick.outbox.live == {}
    assert len(quick.outbox.gone) == 1
    assert await _everything(quick) == []


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_what_may_have_left_is_withdrawn_aloud(quick: OffersRoom, fault: str) -> None:
    one = await _with_bundle(quick)
    quick.outbox.faults = [fault]
    with pytest.raises(CrashError):
        await quick.release()

    await quick.offers.endings.withdraw(one)
    await quick.release()

    assert quick.outbox.live == {}
    assert len(quick.outbox.gone) == 1
    assert await _everything(quick) == []


async def test_a_waiting_change_goes_with_its_offer(quick: OffersRoom) -> None:
    one = await _with_bundle(quick)
    await quick.release()
    present = await quick.offers.editor.get(one)
    await quick.offers.editor.extend(one, present.draft.end_day + 10, member=MEMBER)

    await quick.offers.endings.withdraw(one)
    await quick.release()

    assert quick.outbox.live == {}
    assert quick.outbox.log[-1] == Withdrawn(
        next(iter(quick.outbox.gone)), present.draft.end_day + 10
    )
    assert await _everything(quick) == []


async def test_stewards_remove_an_offer_by_its_id(quick: OffersRoom) -> None:
    one = await _with_bundle(quick)
    await quick.release()

    await quick.offers.endings.remove(one)

    assert quick.outbox.live == {}
    with pytest.raises(NotFoundError):
        await quick.offers.endings.remove(one)


async def test_receipts_are_those_of_the_outbox(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    one = offer_id(key.verify_key)
    await quick.release()
    assert (await quick.offers.endings.receipts(one)).receipts == ()

    await quick.offers.endings.withdraw(one)

    assert quick.outbox.gone == {url_of(key)}
    assert (await quick.offers.endings.receipts(one)).receipts == (
        Receipt("https://peer.example/actor", "confirmed"),
    )


async def test_an_offer_is_dropped_on_its_end_day_without_a_word(quick: OffersRoom) -> None:
    await _with_bundle(quick)
    await quick.release()
    quick.clock.advance(29 * DAY_S)
    await quick.offers.endings.run_expiry()
    assert len(await quick.rows("offers")) == 1

    quick.clock.advance(DAY_S)
    await quick.offers.endings.run_expiry()

    assert await _everything(quick) == []
    assert len(quick.outbox.log) == 1


async def test_bundles_of_past_weeks_are_dropped(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)
    weeks = [room.today + DAYS_A_WEEK * number for number in range(3)]
    await room.offers.bundles.put(
        offer_id(key.verify_key), [encode_base64url(bundle_of(key, day)) for day in weeks]
    )
    room.clock.advance(DAYS_A_WEEK * DAY_S)

    await room.offers.endings.run_expiry()

    kept = [row[1] for row in await room.rows("bundles")]
    assert kept == [week_of(Day(day)) for day in weeks[1:]]


async def test_the_expiry_job_wakes_at_midnight(room: OffersRoom) -> None:
    delay_s = await room.offers.endings.run_expiry()

    room.clock.advance(int(delay_s))

    assert room.clock.now() % DAY_S == 0
    assert delay_s > 0
