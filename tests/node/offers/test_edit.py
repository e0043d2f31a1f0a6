from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import MalformedError
from kith_crypto.objects import offer_id
from kith_node.http.route import MemberId
from kith_node.offers.documents import OwnOffer, answer_of, etag_of
from kith_protocol.day import DAY_S
from kith_protocol.errors import (
    ExpiredError,
    GoneError,
    NotFoundError,
    PrivacyFloorError,
    StaleError,
)
from kith_protocol.offer_content import OfferContent
from kith_testing.offers_room import CONTENT, CrashError, OffersRoom, url_of

FULL = msgspec.structs.replace(CONTENT, room="full")
OTHER = msgspec.structs.replace(CONTENT, ways=("teach",))


async def _edit(
    room: OffersRoom, key: SigningKey, content: OfferContent, if_match: str | None = None
) -> OwnOffer:
    one = offer_id(key.verify_key)
    return await room.offers.editor.edit(one, content, if_match=if_match)


async def _get(room: OffersRoom, key: SigningKey) -> OwnOffer:
    return await room.offers.editor.get(offer_id(key.verify_key))


async def _extend(room: OffersRoom, key: SigningKey, days: int) -> OwnOffer:
    return await room.offers.editor.extend(
        offer_id(key.verify_key), room.today + days, member=MemberId(b"x" * 16)
    )


async def _released(room: OffersRoom, content: OfferContent = CONTENT) -> SigningKey:
    key = room.key()
    await room.publish(key, content)
    await room.release()
    return key


async def test_an_edit_before_release_stays_one_creation(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)

    edited = await _edit(quick, key, OTHER)

    assert (edited.draft.revision, edited.row.change) == (1, "create")
    await quick.release()
    assert quick.outbox.contents() == {url_of(key): OTHER}
    assert len(quick.outbox.log) == 1


async def test_an_edit_after_release_waits_as_the_next_revision(quick: OffersRoom) -> None:
    key = await _released(quick)

    await _edit(quick, key, OTHER)
    edited = await _edit(quick, key, msgspec.structs.replace(OTHER, relay=True))

    answer = answer_of(edited)
    assert (answer.revision, answer.released, answer.state) == (2, True, "waiting")
    assert (answer.published_day, answer.object) == (quick.today, msgspec.UNSET)
    assert quick.outbox.contents() == {url_of(key): CONTENT}
    await quick.release()
    assert quick.outbox.contents()[url_of(key)].relay
    assert [change.revision for change in quick.outbox.live.values()] == [2]


async def test_editing_to_the_same_content_changes_nothing(quick: OffersRoom) -> None:
    key = await _released(quick)
    before = await quick.rows("offers")

    await _edit(quick, key, CONTENT)

    assert await quick.rows("offers") == before
    assert await quick.rows("unreleased") == []


async def test_a_change_of_room_alone_is_told_apart(quick: OffersRoom) -> None:
    key = await _released(quick)

    assert (await _edit(quick, key, FULL)).row.change == "room"
    both = msgspec.structs.replace(FULL, ways=("teach",))
    assert (await _edit(quick, key, both)).row.change == "update"
    assert (
        await _edit(quick, key, msgspec.structs.replace(both, room="open"))
    ).row.change == "update"


async def test_a_room_turned_back_leaves_what_was_released(quick: OffersRoom) -> None:
    key = await _released(quick)
    before = await quick.rows("offers")
    quick.clock.advance(3 * DAY_S)

    await _edit(quick, key, FULL)
    back = await _edit(quick, key, CONTENT)

    assert (back.row.change, back.draft.revision) == (None, 1)
    assert await quick.rows("offers") == before
    assert await quick.rows("unreleased") == []
    await quick.release()
    assert len(quick.outbox.log) == 1


async def test_the_entity_tag_is_that_of_the_content(quick: OffersRoom) -> None:
    key = quick.key()
    published, _ = await quick.publish(key)
    tag = etag_of(published.draft)
    await quick.release()

    assert etag_of((await _get(quick, key)).draft) == tag
    edited = await _edit(quick, key, OTHER, tag)
    assert etag_of(edited.draft) != tag


@pytest.mark.parametrize("if_match", ['"other"', "", '"'])
async def test_an_edit_of_what_has_changed_is_refused(room: OffersRoom, if_match: str) -> None:
    key = room.key()
    await room.publish(key)

    with pytest.raises(StaleError):
        await _edit(room, key, OTHER, if_match)

    assert (await _get(room, key)).draft.content == CONTENT


async def test_any_version_matches_a_star(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)

    assert (await _edit(room, key, OTHER, "*")).draft.content == OTHER


async def test_an_edit_is_checked_like_a_new_offer(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)
    content = msgspec.structs.replace(CONTENT, summary={"en": "ask @somebody"})

    with pytest.raises(PrivacyFloorError):
        await _edit(room, key, content)


async def test_there_is_nothing_to_see_of_an_unknown_offer(room: OffersRoom) -> None:
    key = room.key()

    for attempt in (_get(room, key), _edit(room, key, OTHER), _extend(room, key, 40)):
        with pytest.raises(NotFoundError):
            await attempt


async def test_an_offer_that_is_over_is_not_changed(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key, days=2)
    room.clock.advance(2 * DAY_S)

    for attempt in (_get(room, key), _edit(room, key, OTHER), _extend(room, key, 40)):
        with pytest.raises(ExpiredError):
            await attempt


async def test_an_offer_that_is_being_withdrawn_is_not_changed(quick: OffersRoom) -> None:
    key = await _released(quick)
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(offer_id(key.verify_key))

    for attempt in (_get(quick, key), _edit(quick, key, OTHER), _extend(quick, key, 40)):
        with pytest.raises(GoneError):
            await attempt


async def test_extending_renews_the_seal_and_waits_as_an_update(quick: OffersRoom) -> None:
    key = await _released(quick)
    one = offer_id(key.verify_key)

    extended = await _extend(quick, key, 80)

    assert (extended.draft.end_day, extended.row.change) == (quick.today + 80, "update")
    assert (await quick.opened_seal(one)).member_id == b"x" * 16
    await quick.release()
    assert quick.outbox.live[url_of(key)].end_day == quick.today + 80


async def test_extending_an_unreleased_offer_stays_one_creation(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)

    extended = await _extend(room, key, 80)

    assert (extended.row.change, extended.draft.revision) == ("create", 1)


async def test_extending_to_the_same_end_renews_the_seal_alone(quick: OffersRoom) -> None:
    key = await _released(quick)

    extended = await _extend(quick, key, 30)

    assert (extended.row.change, extended.draft.revision) == (None, 1)
    assert (await quick.opened_seal(offer_id(key.verify_key))).member_id == b"x" * 16


@pytest.mark.parametrize("days", [29, 91, 400])
async def test_an_end_out_of_bounds_is_refused(room: OffersRoom, days: int) -> None:
    key = room.key()
    await room.publish(key)

    with pytest.raises(MalformedError) as caught:
        await _extend(room, key, days)

    assert caught.value.pointer == "/endDay"
    assert (await room.opened_seal(offer_id(key.verify_key))).member_id != b"x" * 16


async def test_an_offer_stands_at_most_a_year_after_its_publication(
    quick: OffersRoom,
) -> None:
    key = quick.key()
    await quick.publish(key, days=90)
    await quick.release()
    last_day = quick.today + 365
    for _ in range(3):
        quick.clock.advance(89 * DAY_S)
        await _extend(quick, key, 90)
        await quick.release()
    quick.clock.advance(80 * DAY_S)

    with pytest.raises(MalformedError):
        await _extend(quick, key, last_day + 1 - quick.today)
    extended = await _extend(quick, key, last_day - quick.today)

    assert extended.draft.end_day == last_day
    await quick.release()
    assert quick.outbox.live[url_of(key)].end_day == last_day
