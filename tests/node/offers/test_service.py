from __future__ import annotations

import msgspec
import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import offer_id
from kith_node.http.route import MemberId
from kith_node.offers import service
from kith_node.offers.service import PAGE
from kith_testing.offers_room import CONTENT, CrashError, OffersRoom


async def test_stewards_see_offers_and_nothing_of_members(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key, member=MemberId(b"a member of 16 B"))
    await quick.release()

    (shown,) = await quick.offers.list_offers()

    assert (shown.id, shown.content) == (encode_base64url(offer_id(key.verify_key)), CONTENT)
    assert b"a member of 16 B" not in msgspec.json.encode(shown)


async def test_the_list_goes_on_after_an_id(room: OffersRoom) -> None:
    room.settings = msgspec.structs.replace(room.settings, new_offers=0)
    room.restart()
    keys = [room.key() for _ in range(PAGE + 2)]
    for key in keys:
        await room.publish(key)
    ids = sorted(offer_id(key.verify_key) for key in keys)

    first = await room.offers.list_offers()
    rest = await room.offers.list_offers(after=ids[PAGE - 1])

    assert [one.id for one in (*first, *rest)] == [encode_base64url(one) for one in ids]
    assert len(first) == PAGE


async def test_what_is_being_withdrawn_is_not_listed(quick: OffersRoom) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(offer_id(key.verify_key))

    assert await quick.offers.list_offers() == ()


async def test_what_is_being_withdrawn_leaves_no_gap_at_which_the_list_would_end(
    quick: OffersRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 1)
    keys = sorted([quick.key(), quick.key()], key=lambda key: offer_id(key.verify_key))
    for key in keys:
        await quick.publish(key)
    await quick.release()
    quick.outbox.faults = ["before"]
    with pytest.raises(CrashError):
        await quick.offers.endings.withdraw(offer_id(keys[0].verify_key))

    (shown,) = await quick.offers.list_offers()

    assert shown.id == encode_base64url(offer_id(keys[1].verify_key))


async def test_what_waits_is_counted(quick: OffersRoom) -> None:
    assert await quick.offers.count_waiting() == 0
    await quick.publish(quick.key())
    await quick.publish(quick.key())
    assert await quick.offers.count_waiting() == 2
    await quick.release()
    assert await quick.offers.count_waiting() == 0
