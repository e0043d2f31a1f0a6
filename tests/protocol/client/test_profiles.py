"""One's own profiles, and what links an offer to one."""

from __future__ import annotations

import pytest

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_testing.small_node import SmallNode

WREN = ProfileContent(pseudonym="Wren", picture="0123456789abcdef", about="I repair radios")


async def test_publishes_a_profile_that_members_can_find(
    node: SmallNode, member: Member
) -> None:
    made = await member.profiles.publish(WREN)
    page = await member.profiles.browse()
    assert [one.content for one in page.profiles] == [WREN]
    assert (await member.profiles.get(made)).content == WREN


async def test_a_profile_by_link_is_in_no_list(node: SmallNode, member: Member) -> None:
    made = await member.profiles.publish(WREN, listed=False)
    assert (await member.profiles.browse()).profiles == ()
    assert (await member.profiles.get(made)).listed is False


async def test_only_publishing_and_extending_show_a_session(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    offer = (await member.offers.publish(content)).record.id
    node.seen.clear()
    made = await member.profiles.publish(WREN, days=10)
    await member.profiles.edit(made, WREN, listed=False)
    await member.profiles.extend(made, days=20)
    await member.profiles.show_offer(made, offer)
    await member.profiles.hide_offer(made, offer)
    await member.profiles.withdraw(made)
    assert [
        (seen.method, "authorization" in seen.headers, "kith-reader" in seen.headers)
        for seen in node.seen
    ] == [
        ("PUT", True, False),
        ("PATCH", False, False),
        ("POST", True, False),
        ("PUT", False, False),
        ("DELETE", False, False),
        ("DELETE", False, False),
    ]


async def test_an_edit_leaves_what_is_not_named(node: SmallNode, member: Member) -> None:
    made = await member.profiles.publish(WREN, listed=False, days=10)
    end_day = member.keys.profile(made).end_day
    changed = ProfileContent(pseudonym="Wren", picture=WREN.picture)
    await member.profiles.edit(made, changed)
    held = node.profiles[encode_base64url(made)]
    assert (held.body.content, held.body.listed, held.body.end_day) == (changed, False, end_day)


async def test_shows_an_offer_by_the_word_of_both_keys(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    offer = (await member.offers.publish(content)).record.id
    made = await member.profiles.publish(WREN)
    await member.profiles.show_offer(made, offer)
    await member.profiles.show_offer(made, offer)
    assert node.profiles[encode_base64url(made)].shown == {encode_base64url(offer)}
    assert member.keys.profile(made).shown == (offer,)
    await member.profiles.hide_offer(made, offer)
    assert node.profiles[encode_base64url(made)].shown == set()
    assert member.keys.profile(made).shown == ()


async def test_a_withdrawn_profile_is_forgotten_and_its_offers_stay(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    offer = (await member.offers.publish(content)).record.id
    made = await member.profiles.publish(WREN)
    await member.profiles.withdraw(made)
    assert node.profiles == {}
    assert member.keys.profiles == ()
    assert encode_base64url(offer) in node.offers
    with pytest.raises(ProblemError):
        await member.profiles.get(made)


async def test_a_lost_answer_is_finished_later(node: SmallNode, member: Member) -> None:
    node.breaks_after = ("PUT", "profiles")
    with pytest.raises(NodeUnreachableError):
        await member.profiles.publish(WREN)
    node.breaks_after = None
    assert await member.resume() == 1
    assert [one.state for one in member.keys.profiles] == ["live"]
    assert len(node.profiles) == 1


async def test_extends_only_to_later_days(node: SmallNode, member: Member) -> None:
    made = await member.profiles.publish(WREN, days=10)
    end_day = await member.profiles.extend(made, days=30)
    assert node.profiles[encode_base64url(made)].body.end_day == end_day
    with pytest.raises(UsageError):
        await member.profiles.extend(made, days=30)
    with pytest.raises(UsageError):
        await member.profiles.extend(made, days=400)


async def test_pictures_are_drawn_from_random_digits(member: Member) -> None:
    assert member.profiles.draw_picture() != member.profiles.draw_picture()
    ProfileContent(pseudonym="x", picture=member.profiles.draw_picture())
