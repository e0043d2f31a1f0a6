"""A small node, a clock and a member for the tests of the client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest

from kith_client.keyring import Keyring
from kith_client.means import Means
from kith_client.member import Member
from kith_client.records import CommunityRecord, Records
from kith_protocol.offer_content import OfferContent
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, open_correspondents
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode, serve_small_node


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def node(clock: FakeClock) -> Iterator[SmallNode]:
    with serve_small_node(clock) as served:
        yield served


@pytest.fixture
def means(clock: FakeClock) -> Means:
    return Means(clock=clock, rng=SeededRng(1))


@pytest.fixture
async def member(node: SmallNode, means: Means) -> AsyncIterator[Member]:
    """Return a signed-in member whose keys live in memory, without the work of joining."""
    auth = means.rng.bytes(32)
    node.add_account(auth)
    keyring = Keyring.create(None, passphrase="", vault_key=bytes(32), rng=means.rng)
    keyring.records = Records(
        community=CommunityRecord(
            node=node.origin,
            actor=f"{node.origin}/actor",
            auth=auth,
            keyholders=node.keyholders,
        )
    )
    async with Member(keyring, means, ExitStack()) as opened:
        await opened.account.get()
        yield opened


@pytest.fixture
def content() -> OfferContent:
    return OfferContent(
        topics=("career.cv",),
        languages=("en", "ar"),
        ways=("review",),
        formats=("chat",),
        summary={"en": "I read what you wrote"},
    )


@pytest.fixture
def other_node(clock: FakeClock, node: SmallNode) -> Iterator[SmallNode]:
    """Yield a second node, which exchanges envelopes with the first."""
    with serve_small_node(clock) as served:
        node.post.connect(served.post)
        yield served


@pytest.fixture
async def people(clock: FakeClock) -> AsyncIterator[Correspondents]:
    """Yield who makes members and opens their devices."""
    async with open_correspondents(clock) as made:
        yield made
