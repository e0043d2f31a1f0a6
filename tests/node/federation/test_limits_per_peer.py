"""How many live offers one peer may have here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.federation.service import FederationSettings
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, library_of, open_peer, settle
from kith_testing.resources import LINK


@pytest.fixture
async def small(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    (tmp_path / "small").mkdir()
    settings = FederationSettings(
        name="Small", development=True, max_offers_per_peer=3, max_resources_per_peer=2
    )
    async with open_peer(tmp_path / "small", seed=9, clock=clock, settings=settings) as node:
        yield node


async def test_a_peer_may_fill_its_share_and_no_more(small: PeerNode, here: PeerNode) -> None:
    await connect(here, small)
    await here.announce(*[here.announced(number) for number in range(5)])
    await settle(here, small)
    assert await small.ids_of(here) == {here.offer_id(number) for number in range(3)}
    assert small.federation.inbox.tally["too-large"] == 2


async def test_updates_are_taken_when_the_share_is_full_and_withdrawals_make_room(
    small: PeerNode, here: PeerNode
) -> None:
    await connect(here, small)
    await here.announce(*[here.announced(number) for number in range(3)])
    await settle(here, small)
    newer = here.announced(1, revision=2)
    await here.announce(newer)
    await settle(here, small)
    assert await small.raw(here.offer_id(1)) == newer.raw
    await here.announce(here.withdrawn(2), here.announced(7))
    await settle(here, small)
    await here.announce(here.announced(8))
    await settle(here, small)
    assert here.offer_id(2) not in await small.ids_of(here)
    assert len(await small.ids_of(here)) == 3


async def test_updates_use_up_nothing_of_the_share(small: PeerNode, here: PeerNode) -> None:
    await connect(here, small)
    for revision in (1, 2):
        await here.announce(here.announced(1, revision=revision))
        await settle(here, small)
    # One batch, in which the update comes first.
    await here.announce(*[here.announced(number, revision=3) for number in (1, 2, 3)])
    await settle(here, small)
    assert await small.ids_of(here) == {here.offer_id(number) for number in (1, 2, 3)}


async def test_offers_and_resources_have_shares_of_their_own(
    small: PeerNode, here: PeerNode
) -> None:
    await connect(here, small)
    await here.announce(*[here.announced(number) for number in range(5)])
    urls = await library_of(here).put([(None, LINK)] * 3)
    await settle(here, small)
    assert len(await small.ids_of(here)) == 3
    held = {one.id for one in await library_of(small).all()}
    assert held < set(urls)
    assert len(held) == 2
    await library_of(here).withdraw(held.pop())
    await settle(here, small)
    await library_of(here).add(LINK)
    await settle(here, small)
    assert len(await library_of(small).all()) == 2
