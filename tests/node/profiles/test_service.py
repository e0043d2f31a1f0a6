from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.objects import profile_id
from kith_crypto.seals import KIND_PROFILE
from kith_node.http.route import MemberId
from kith_node.profiles.service import PAGE
from kith_protocol.api import ProfileAnswer, ProfileBody
from kith_protocol.day import DAY_S
from kith_protocol.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    NotReadyError,
    PrivacyFloorError,
    TooManyError,
    UnknownTopicError,
)
from kith_protocol.offer_content import ProfileContent
from kith_testing.offers_room import MEMBER, OffersRoom

CONTENT = ProfileContent(
    pseudonym="Ash", picture="0123456789abcdef", languages=("en",), topics=("craft.writing",)
)


async def _publish(
    room: OffersRoom,
    key: SigningKey,
    content: ProfileContent = CONTENT,
    *,
    listed: bool = True,
    days: int = 30,
    member: MemberId = MEMBER,
    role: str = "member",
) -> tuple[ProfileAnswer, bool]:
    return await room.profiles.publish(
        ProfileBody(content, listed, room.today + days),
        profile_id=profile_id(key.verify_key),
        key=key.verify_key,
        member=member,
        role=role,
    )


def _changed(**changes: object) -> ProfileContent:
    return msgspec.structs.replace(CONTENT, **changes)


async def test_a_profile_is_seen_as_published(room: OffersRoom) -> None:
    key = room.key()

    published, is_new = await _publish(room, key)

    one = profile_id(key.verify_key)
    assert is_new
    assert published == ProfileAnswer(encode_base64url(one), CONTENT, True, room.today + 30)
    assert await room.profiles.get(one) == published
    assert (await room.profiles.page()).profiles == (published,)
    assert room.created == 1


async def test_the_seal_names_the_member_and_the_profile_to_keyholders(
    room: OffersRoom,
) -> None:
    key = room.key()
    await _publish(room, key)
    one = profile_id(key.verify_key)

    opened = await room.opened_seal(one, KIND_PROFILE)

    assert (opened.member_id, opened.digest) == (MEMBER, sha256(one))


async def test_the_file_holds_no_member(room: OffersRoom) -> None:
    member = MemberId(b"a member of 16 B")
    await _publish(room, room.key(), member=member)
    await room.objects.rebuild()

    assert bytes(member) not in room.objects.path.read_bytes()


async def test_the_same_again_is_no_new_profile(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)

    _, is_new = await _publish(room, key)

    assert not is_new
    assert room.created == 1


async def test_another_profile_under_the_same_id_is_refused(room: OffersRoom) -> None:
    key = room.key()
    first, _ = await _publish(room, key)

    with pytest.raises(ConflictError):
        await _publish(room, key, _changed(about="Other"))
    with pytest.raises(ConflictError):
        await _publish(room, key, listed=False)
    with pytest.raises(ConflictError):
        await _publish(room, key, days=31)

    assert (await room.profiles.page()).profiles == (first,)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (_changed(pseudonym="@ash"), PrivacyFloorError),
        (_changed(pronouns="they\u202e"), PrivacyFloorError),
        (_changed(about="see https://example.org"), PrivacyFloorError),
        (_changed(about=" blank"), MalformedError),
        (_changed(topics=("no.such.topic",)), UnknownTopicError),
        (_changed(topics=("career", "career")), MalformedError),
        (_changed(languages=("en", "en")), MalformedError),
    ],
)
async def test_content_that_breaks_a_rule_leaves_nothing(
    room: OffersRoom, content: ProfileContent, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await _publish(room, room.key(), content)

    assert await room.rows("profiles") == []
    assert await room.rows("seals") == []


@pytest.mark.parametrize("days", [0, 91])
async def test_an_end_out_of_bounds_is_refused(room: OffersRoom, days: int) -> None:
    with pytest.raises(MalformedError):
        await _publish(room, room.key(), days=days)


async def test_a_member_publishes_five_new_profiles_in_thirty_days(room: OffersRoom) -> None:
    for _ in range(5):
        await _publish(room, room.key())

    with pytest.raises(TooManyError):
        await _publish(room, room.key())

    assert len(await room.rows("profiles")) == 5
    assert len(await room.rows("seals")) == 5


async def test_only_vetted_members_publish_for_youth(room: OffersRoom) -> None:
    room.settings = msgspec.structs.replace(room.settings, programme="youth")
    room.restart()

    with pytest.raises(ForbiddenError):
        await _publish(room, room.key(), role="admin")
    await _publish(room, room.key(), role="vetted")


async def test_without_keyholders_nothing_is_published(room: OffersRoom) -> None:
    room.keyholders = None
    room.restart()

    with pytest.raises(NotReadyError):
        await _publish(room, room.key())

    assert await room.rows("profiles") == []


async def test_a_profile_by_link_is_found_by_its_link_only(room: OffersRoom) -> None:
    key = room.key()
    published, _ = await _publish(room, key, listed=False)

    assert (await room.profiles.page()).profiles == ()
    assert await room.profiles.get(profile_id(key.verify_key)) == published


async def test_pages_are_in_order_of_id_and_end(room: OffersRoom) -> None:
    room.settings = msgspec.structs.replace(room.settings, new_profiles=0)
    room.restart()
    for _ in range(PAGE + 3):
        await _publish(room, room.key())

    first = await room.profiles.page()
    assert first.next is not None
    rest = await room.profiles.page(after=parse_base64url(first.next))

    raw_ids = [parse_base64url(one.id) for one in (*first.profiles, *rest.profiles)]
    assert raw_ids == sorted(raw_ids)
    assert (len(first.profiles), len(rest.profiles), rest.next) == (PAGE, 3, None)


async def test_a_full_last_page_has_no_next(room: OffersRoom) -> None:
    room.settings = msgspec.structs.replace(room.settings, new_profiles=0)
    room.restart()
    for _ in range(PAGE):
        await _publish(room, room.key())

    assert (await room.profiles.page()).next is None


async def test_an_edit_changes_content_listing_and_a_nearer_end(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)
    body = ProfileBody(_changed(about="I like ink."), False, room.today + 20)

    edited = await room.profiles.edit(profile_id(key.verify_key), body)

    assert (edited.content, edited.listed, edited.end_day) == (
        body.content,
        False,
        room.today + 20,
    )
    assert await room.profiles.get(profile_id(key.verify_key)) == edited


@pytest.mark.parametrize("days", [0, 31])
async def test_an_edit_does_not_extend(room: OffersRoom, days: int) -> None:
    key = room.key()
    await _publish(room, key)

    with pytest.raises(MalformedError):
        await room.profiles.edit(
            profile_id(key.verify_key), ProfileBody(CONTENT, True, room.today + days)
        )


async def test_an_edit_is_checked_like_a_new_profile(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)

    with pytest.raises(PrivacyFloorError):
        await room.profiles.edit(
            profile_id(key.verify_key),
            ProfileBody(_changed(about="@ash"), True, room.today + 30),
        )


async def test_extending_renews_the_seal(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)
    one = profile_id(key.verify_key)

    extended = await room.profiles.extend(one, room.today + 80, member=MemberId(b"x" * 16))

    assert extended.end_day == room.today + 80
    assert (await room.opened_seal(one, KIND_PROFILE)).member_id == b"x" * 16


@pytest.mark.parametrize("days", [29, 91])
async def test_extending_out_of_bounds_is_refused(room: OffersRoom, days: int) -> None:
    key = room.key()
    await _publish(room, key)

    with pytest.raises(MalformedError):
        await room.profiles.extend(profile_id(key.verify_key), room.today + days, member=MEMBER)


async def test_a_withdrawn_profile_is_gone_with_its_seal(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)
    one = profile_id(key.verify_key)

    await room.profiles.withdraw(one)
    await room.profiles.withdraw(one)

    assert await room.rows("profiles") == []
    assert await room.rows("seals") == []
    with pytest.raises(NotFoundError):
        await room.profiles.get(one)


async def test_a_profile_that_is_over_is_not_seen_and_soon_dropped(room: OffersRoom) -> None:
    key = room.key()
    await _publish(room, key)
    one = profile_id(key.verify_key)
    room.clock.advance(30 * DAY_S)

    assert (await room.profiles.page()).profiles == ()
    for attempt in (
        room.profiles.get(one),
        room.profiles.edit(one, ProfileBody(CONTENT, True, room.today + 1)),
        room.profiles.extend(one, room.today + 1, member=MEMBER),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    delay_s = await room.profiles.run_expiry()

    assert await room.rows("profiles") == []
    assert await room.rows("seals") == []
    room.clock.advance(int(delay_s))
    assert room.clock.now() % DAY_S == 0


async def test_a_live_profile_outlives_the_expiry_of_others(room: OffersRoom) -> None:
    short, long = room.key(), room.key()
    await _publish(room, short, days=1)
    await _publish(room, long, days=2)
    room.clock.advance(DAY_S)

    await room.profiles.run_expiry()

    assert [row[0] for row in await room.rows("profiles")] == [profile_id(long.verify_key)]
