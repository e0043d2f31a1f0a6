from __future__ import annotations

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import SignatureError
from kith_crypto.objects import offer_id, profile_id
from kith_node.profiles.shown import MAX_SHOWN
from kith_protocol.api import ProfileBody, ShownOfferBody
from kith_protocol.day import DAY_S
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.offer_content import ProfileContent
from kith_protocol.shown import sign_shown
from kith_testing.offers_room import MEMBER, OffersRoom, url_of

CONTENT = ProfileContent(pseudonym="Ash", picture="0123456789abcdef")


async def _profile(room: OffersRoom) -> SigningKey:
    key = room.key()
    await room.profiles.publish(
        ProfileBody(CONTENT, True, room.today + 60),
        profile_id=profile_id(key.verify_key),
        key=key.verify_key,
        member=MEMBER,
        role="member",
    )
    return key


async def _offer(room: OffersRoom) -> SigningKey:
    key = room.key()
    await room.publish(key)
    return key


def _signed(profile_key: SigningKey, offer_key: SigningKey) -> ShownOfferBody:
    by_profile, by_offer = sign_shown(profile_key, offer_key)
    return ShownOfferBody(encode_base64url(by_profile), encode_base64url(by_offer))


async def _show(room: OffersRoom, profile_key: SigningKey, offer_key: SigningKey) -> None:
    await room.profiles.shown.put(
        _signed(profile_key, offer_key),
        profile_key=profile_key.verify_key,
        offer_id=offer_id(offer_key.verify_key),
    )


async def _urls(room: OffersRoom, profile_key: SigningKey) -> tuple[str, ...]:
    return (await room.profiles.get(profile_id(profile_key.verify_key))).offers


async def test_an_offer_is_shown_from_its_release_to_its_end(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)
    await _show(quick, profile, offer)
    await _show(quick, profile, offer)
    assert await _urls(quick, profile) == ()

    await quick.release()
    assert await _urls(quick, profile) == (url_of(offer),)
    assert (await quick.profiles.page()).profiles[0].offers == (url_of(offer),)

    quick.clock.advance(30 * DAY_S)
    assert await _urls(quick, profile) == ()
    await quick.offers.endings.run_expiry()
    assert await quick.rows("shown_offers") == []


async def test_both_signatures_are_kept(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)
    await _show(quick, profile, offer)

    ids = (profile_id(profile.verify_key), offer_id(offer.verify_key))
    assert await quick.rows("shown_offers") == [(*ids, *sign_shown(profile, offer))]


async def test_a_withdrawn_offer_leaves_the_profile(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)
    await _show(quick, profile, offer)
    await quick.release()

    await quick.offers.endings.withdraw(offer_id(offer.verify_key))

    assert await _urls(quick, profile) == ()
    assert await quick.rows("shown_offers") == []


async def test_a_withdrawn_profile_leaves_its_offers_alone(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)
    await _show(quick, profile, offer)

    await quick.profiles.withdraw(profile_id(profile.verify_key))

    assert await quick.rows("shown_offers") == []
    assert len(await quick.rows("offers")) == 1


async def test_an_offer_can_be_taken_away(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)
    await _show(quick, profile, offer)
    ids = (profile_id(profile.verify_key), offer_id(offer.verify_key))

    for _ in range(2):
        await quick.profiles.shown.remove(profile_id=ids[0], offer_id=ids[1])

    assert await quick.rows("shown_offers") == []


async def test_one_signature_for_another_pair_is_refused(quick: OffersRoom) -> None:
    profile, other = await _profile(quick), await _profile(quick)
    offer, other_offer = await _offer(quick), await _offer(quick)
    good = _signed(profile, offer)
    bad = (
        ShownOfferBody(good.profile_signature, _signed(other, offer).offer_signature),
        ShownOfferBody(_signed(profile, other_offer).profile_signature, good.offer_signature),
        ShownOfferBody(good.offer_signature, good.profile_signature),
    )

    for body in bad:
        with pytest.raises(SignatureError):
            await quick.profiles.shown.put(
                body,
                profile_key=profile.verify_key,
                offer_id=offer_id(offer.verify_key),
            )

    assert await quick.rows("shown_offers") == []


async def test_neither_offer_nor_profile_may_be_missing(quick: OffersRoom) -> None:
    profile, offer = await _profile(quick), await _offer(quick)

    with pytest.raises(NotFoundError):
        await _show(quick, profile, quick.key())
    with pytest.raises(NotFoundError):
        await _show(quick, quick.key(), offer)


async def test_no_more_than_the_limit_stand_under_one_profile(quick: OffersRoom) -> None:
    profile = await _profile(quick)
    async with quick.objects.transaction() as connection:
        for number in range(MAX_SHOWN):
            one = number.to_bytes(16, "big")
            await connection.execute(
                "INSERT INTO offers VALUES (:id, zeroblob(32), x'00', 0, 'draft')", {"id": one}
            )
            await connection.execute(
                "INSERT INTO shown_offers"
                " VALUES (:profile, :offer, zeroblob(64), zeroblob(64))",
                {"profile": profile_id(profile.verify_key), "offer": one},
            )
    offer = await _offer(quick)

    with pytest.raises(ConflictError):
        await _show(quick, profile, offer)
