from __future__ import annotations

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.objects import offer_id
from kith_protocol.day import DAY_S
from kith_testing.offers_room import CrashError, OffersRoom, url_of


async def _look_up(room: OffersRoom, key: SigningKey) -> tuple[bool, bool]:
    """Return whether the key is known and whether the address is shown."""
    one = offer_id(key.verify_key)
    async with room.objects.read() as connection:
        found = await room.offers.lookup.key_of(connection, one)
        urls = await room.offers.lookup.released_urls(connection, [one])
    assert found in {None, key.verify_key}
    assert urls in {(), (url_of(key),)}
    return found is not None, urls != ()


async def test_an_offer_is_shown_from_its_release_to_its_end(quick: OffersRoom) -> None:
    key = quick.key()
    assert await _look_up(quick, key) == (False, False)
    await quick.publish(key)
    assert await _look_up(quick, key) == (True, False)
    await quick.release()
    assert await _look_up(quick, key) == (True, True)
    quick.clock.advance(30 * DAY_S)
    assert await _look_up(quick, key) == (False, False)


async def test_an_offer_that_is_being_withdrawn_is_not_shown(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(offer_id(key.verify_key))

    assert await _look_up(quick, key) == (False, False)
