from __future__ import annotations

import msgspec
import pytest

from kith_crypto.objects import offer_id
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.http.route import MemberId
from kith_node.offers.documents import answer_of, parse_own
from kith_node.offers.outbox import Announced
from kith_protocol.day import DAY_S
from kith_protocol.release import ReleaseConfig
from kith_testing.offers_room import (
    ACTOR,
    CONTENT,
    CrashError,
    OffersRoom,
    OneKeyIdentity,
    url_of,
)

FULL = msgspec.structs.replace(CONTENT, room="full")


async def _publish(room: OffersRoom, count: int) -> list[bytes]:
    """Publish *count* offers, each by a member of its own."""
    ids = []
    for _ in range(count):
        key = room.key()
        await room.publish(key, member=MemberId(room.rng.bytes(16)))
        ids.append(offer_id(key.verify_key))
    return ids


async def _signed(room: OffersRoom) -> list[tuple[object, object]]:
    return [(row[0], row[2]) for row in await room.rows("offers")]


async def test_fewer_changes_than_make_a_release_wait_three_days(room: OffersRoom) -> None:
    await _publish(room, 4)

    delay_s = await room.release()
    room.clock.advance(int(delay_s) - 1)
    await room.release()
    assert room.outbox.log == []

    room.clock.advance(1)
    await room.release()
    assert len(room.outbox.live) == 4


async def test_the_fifth_change_makes_a_release(room: OffersRoom) -> None:
    await _publish(room, 4)
    await room.release()
    await _publish(room, 1)

    await room.release()

    assert len(room.outbox.live) == 5
    assert await room.rows("unreleased") == []


async def test_after_a_restart_the_days_are_counted_anew(room: OffersRoom) -> None:
    await _publish(room, 1)
    await room.release()
    room.clock.advance(2 * DAY_S)
    room.restart()
    await room.release()
    room.clock.advance(2 * DAY_S)
    await room.release()
    assert room.outbox.log == []

    room.clock.advance(DAY_S)
    await room.release()
    assert len(room.outbox.log) == 1


async def test_what_leaves_is_dated_that_day_and_signed_by_the_node(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)
    await room.release()
    room.clock.advance(3 * DAY_S)
    await room.release()

    raw = room.outbox.live[url_of(key)].raw

    document = parse_json_object(raw, max_bytes=65_536)
    verify_document(document, OneKeyIdentity().key.verify_key)
    offer = parse_own(raw, development=False)
    assert (offer.author, offer.published, offer.updated) == (ACTOR, room.today, room.today)
    assert offer.content == CONTENT
    own = answer_of(await room.offers.editor.get(offer_id(key.verify_key)))
    assert (own.state, own.released, own.published_day) == ("released", True, room.today)
    assert own.object == msgspec.Raw(raw)


async def test_an_update_keeps_the_day_of_publication(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    published = quick.today
    quick.clock.advance(5 * DAY_S)
    await quick.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)

    await quick.release()

    offer = parse_own(quick.outbox.live[url_of(key)].raw, development=False)
    assert (offer.published, offer.updated) == (published, published + 5)


async def test_a_release_is_in_no_order_of_ids_or_creation(quick: OffersRoom) -> None:
    quick.settings = msgspec.structs.replace(quick.settings, new_offers=0)
    quick.restart()
    keys = [quick.key() for _ in range(12)]
    for key in keys:
        await quick.publish(key)

    await quick.release()

    created = [url_of(key) for key in keys]
    left = [change.object_id for change in quick.outbox.log]
    assert sorted(left) == sorted(created)
    assert left not in (created, sorted(created))


async def test_nothing_waiting_is_no_release(quick: OffersRoom) -> None:
    assert await quick.release() > 60
    assert quick.outbox.log == []


async def test_an_offer_that_ended_while_it_waited_never_leaves(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key, days=2)
    await room.release()
    room.clock.advance(4 * DAY_S)

    await room.release()

    assert room.outbox.log == []


async def test_a_clock_that_was_put_back_does_not_turn_dates_around(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    first_day = quick.today
    quick.clock.advance(-2 * DAY_S)
    await quick.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)

    await quick.release()

    offer = parse_own(quick.outbox.live[url_of(key)].raw, development=False)
    assert (offer.revision, offer.published, offer.updated) == (2, first_day, first_day)


async def test_room_changes_let_some_releases_pass_and_then_leave(room: OffersRoom) -> None:
    slow = ReleaseConfig(changes=100)
    room.settings = msgspec.structs.replace(room.settings, new_offers=0, release=slow)
    room.restart()
    keys = [room.key() for _ in range(12)]
    for key in keys:
        await room.publish(key)
    await room.release()
    room.clock.advance(3 * DAY_S)
    await room.release()
    for key in keys:
        await room.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)

    left = []
    await room.release()
    for _ in range(3):
        room.clock.advance(3 * DAY_S)
        await room.release()
        left.append(sum(change.revision == 2 for change in room.outbox.live.values()))

    assert 0 < left[0] < left[1] < left[2] == 12


async def test_a_room_that_lets_a_release_pass_waits_for_another_one(room: OffersRoom) -> None:
    room.settings = msgspec.structs.replace(
        room.settings, release=ReleaseConfig(changes=1, max_age_s=DAY_S, max_room_waits=50)
    )
    room.restart()
    key = room.key()
    await room.publish(key)
    await room.release()
    await room.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)

    for _ in range(20):
        delay_s = await room.release()

    assert delay_s > DAY_S - 60
    assert [change.revision for change in room.outbox.live.values()] == [1]


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize("restarts", [True, False])
async def test_an_interrupted_release_is_finished_with_the_same_bytes(
    quick: OffersRoom, fault: str, restarts: bool
) -> None:
    ids = await _publish(quick, 3)
    quick.outbox.faults = [fault]
    with pytest.raises(CrashError):
        await quick.release()
    signed = dict(await _signed(quick))
    if restarts:
        quick.restart()
    quick.clock.advance(DAY_S)

    await quick.release()

    assert dict(await _signed(quick)) == signed
    assert await quick.rows("unreleased") == []
    left = {change.raw for change in quick.outbox.live.values()}
    assert left == set(signed.values())
    assert len(quick.outbox.log) == len(ids)


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_an_edit_after_an_interrupted_release_is_the_next_revision(
    quick: OffersRoom, fault: str
) -> None:
    key = quick.key()
    await quick.publish(key)
    quick.outbox.faults = [fault]
    with pytest.raises(CrashError):
        await quick.release()

    await quick.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)
    assert quick.outbox.contents() == {url_of(key): CONTENT}
    await quick.release()

    assert quick.outbox.contents() == {url_of(key): FULL}
    kinds = [change.is_new for change in quick.outbox.log if isinstance(change, Announced)]
    assert kinds == [True, False]


async def test_an_edit_is_refused_while_a_release_cannot_be_finished(
    quick: OffersRoom,
) -> None:
    key = quick.key()
    await quick.publish(key)
    quick.outbox.faults = ["before", "before"]
    with pytest.raises(CrashError):
        await quick.release()

    with pytest.raises(CrashError):
        await quick.offers.editor.edit(offer_id(key.verify_key), FULL, if_match=None)

    await quick.release()
    assert quick.outbox.contents() == {url_of(key): CONTENT}


async def test_what_another_process_withdraws_during_a_release_stays_withdrawn(
    quick: OffersRoom,
) -> None:
    key = quick.key()
    await quick.publish(key)
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.release()
    ours = quick.offers
    quick.restart()  # the other process, over the same files
    await quick.offers.endings.withdraw(offer_id(key.verify_key))

    await ours.run_release()

    assert quick.outbox.live == {}
    assert quick.outbox.gone == {url_of(key)}
    assert await quick.rows("offers") == []
