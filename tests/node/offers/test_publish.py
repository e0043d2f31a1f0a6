from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id
from kith_node.http.route import MemberId
from kith_node.offers.documents import answer_of
from kith_protocol.day import DAY_S
from kith_protocol.errors import (
    ConflictError,
    ForbiddenError,
    NotReadyError,
    PrivacyFloorError,
    TooManyError,
    UnknownTopicError,
)
from kith_protocol.offer_content import OfferContent
from kith_testing.offers_room import (
    CONTENT,
    MEMBER,
    SETTINGS,
    CrashError,
    OffersRoom,
    open_offers_room,
)


def _changed(**changes: object) -> OfferContent:
    return msgspec.structs.replace(CONTENT, **changes)


async def test_an_offer_its_seal_and_its_change_are_stored_together(room: OffersRoom) -> None:
    key = room.key()

    offer, is_new = await room.publish(key)

    answer = answer_of(offer)
    assert is_new
    assert (answer.content, answer.released, answer.revision) == (CONTENT, False, 1)
    assert (answer.state, answer.published_day, answer.object) == (
        "waiting",
        None,
        msgspec.UNSET,
    )
    assert len(await room.rows("offers")) == 1
    assert await room.rows("unreleased") == [(offer_id(key.verify_key), "create")]
    assert (room.woken, room.created) == (1, 1)


async def test_the_seal_names_the_member_and_the_offer_to_keyholders(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)
    one = offer_id(key.verify_key)

    opened = await room.opened_seal(one)

    assert (opened.member_id, opened.digest) == (MEMBER, sha256(one))


async def test_the_file_holds_no_member(room: OffersRoom) -> None:
    member = MemberId(b"a member of 16 B")
    await room.publish(room.key(), member=member)
    await room.objects.rebuild()

    assert bytes(member) not in room.objects.path.read_bytes()


async def test_the_same_again_is_no_new_offer(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)
    before = await room.rows("seals")

    offer, is_new = await room.publish(key, member=MemberId(b"o" * 16))

    assert not is_new
    assert offer.draft.content == CONTENT
    assert await room.rows("seals") == before
    assert room.created == 1


async def test_the_same_again_after_its_release_is_no_new_offer(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()

    offer, is_new = await quick.publish(key)

    assert (is_new, answer_of(offer).released) == (False, True)


async def test_another_offer_under_the_same_id_is_refused(room: OffersRoom) -> None:
    key = room.key()
    await room.publish(key)

    with pytest.raises(ConflictError):
        await room.publish(key, _changed(ways=("teach",)))
    with pytest.raises(ConflictError):
        await room.publish(key, days=31)

    assert len(await room.rows("offers")) == 1


async def test_an_offer_that_is_being_withdrawn_is_not_published_again(
    quick: OffersRoom,
) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(offer_id(key.verify_key))

    with pytest.raises(ConflictError):
        await quick.publish(key)


@pytest.mark.parametrize("days", [0, -1, 91])
async def test_an_end_out_of_bounds_is_refused(room: OffersRoom, days: int) -> None:
    with pytest.raises(MalformedError) as caught:
        await room.publish(room.key(), days=days)

    assert caught.value.pointer == "/endDay"
    assert await room.rows("offers") == []


@pytest.mark.parametrize("days", [1, 90])
async def test_an_end_within_bounds_is_taken(room: OffersRoom, days: int) -> None:
    offer, _ = await room.publish(room.key(), days=days)

    assert offer.draft.end_day == room.today + days


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (_changed(topics=("no.such.topic",)), UnknownTopicError),
        (_changed(audience="youth"), MalformedError),
        (_changed(formats=("in-person",)), MalformedError),
        (_changed(topics=("craft.writing", "craft.writing")), MalformedError),
        (_changed(summary={"en": "write to me@example.org"}), PrivacyFloorError),
        (_changed(content={"en": "see https://example.org/me"}), PrivacyFloorError),
    ],
)
async def test_content_that_breaks_a_rule_leaves_nothing(
    room: OffersRoom, content: OfferContent, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await room.publish(room.key(), content)

    assert await room.rows("offers") == []
    assert await room.rows("seals") == []


async def test_a_member_publishes_five_new_offers_in_thirty_days(room: OffersRoom) -> None:
    keys = [room.key() for _ in range(5)]
    for key in keys:
        await room.publish(key)

    with pytest.raises(TooManyError) as caught:
        await room.publish(room.key())
    await room.publish(keys[0])  # a repetition is not counted
    await room.publish(room.key(), member=MemberId(b"o" * 16))

    assert len(await room.rows("offers")) == 6
    assert caught.value.retry_after_s is not None
    room.clock.advance(caught.value.retry_after_s)
    await room.publish(room.key())
    with pytest.raises(TooManyError):
        await room.publish(room.key())


async def test_a_restart_fills_the_quota_once(room: OffersRoom) -> None:
    for _ in range(5):
        await room.publish(room.key())
    room.restart()

    await room.publish(room.key())


async def test_the_quota_can_be_lifted(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, new_offers=0)
    async with open_offers_room(tmp_path, settings) as room:
        for _ in range(20):
            await room.publish(room.key())

        assert len(await room.rows("offers")) == 20


async def test_without_keyholders_nothing_is_published(room: OffersRoom) -> None:
    room.keyholders = None
    room.restart()

    with pytest.raises(NotReadyError):
        await room.publish(room.key())

    assert await room.rows("offers") == []


async def test_without_a_key_of_this_quarter_nothing_is_published(room: OffersRoom) -> None:
    room.clock.advance(900 * DAY_S)

    with pytest.raises(NotReadyError):
        await room.publish(room.key())


@pytest.mark.parametrize("role", ["member", "admin", "moderator"])
async def test_only_vetted_members_publish_for_youth(tmp_path: Path, role: str) -> None:
    settings = msgspec.structs.replace(SETTINGS, programme="youth")
    content = _changed(audience="youth")
    async with open_offers_room(tmp_path, settings) as room:
        with pytest.raises(ForbiddenError):
            await room.publish(room.key(), content, role=role)
        offer, _ = await room.publish(room.key(), content, role="vetted")

        assert offer.draft.content == content


async def test_meeting_in_person_is_offered_where_the_steward_allows_it(
    tmp_path: Path,
) -> None:
    settings = msgspec.structs.replace(SETTINGS, allows_in_person=True)
    content = _changed(formats=("in-person",), region="154")
    async with open_offers_room(tmp_path, settings) as room:
        offer, _ = await room.publish(room.key(), content)

        assert offer.draft.content == content
