"""Members of small nodes who write to each other, each on as many devices as a test likes.

A device is a whole ``Member`` with the real vault; only joining, which takes a derivation, is
left out.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from contextlib import ExitStack

from kith_client.keyring import Keyring
from kith_client.means import Means
from kith_client.member import Member
from kith_client.records import CommunityRecord, Records
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Shown
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import offer_url
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode
from kith_testing.small_vault import SmallVault

CV = OfferContent(topics=("career.cv",), languages=("en",), ways=("review",), formats=("chat",))


async def no_pause(_: float) -> None:
    """Wait not at all between two tries."""


@dataclasses.dataclass(frozen=True)
class Person:
    """A member of a node, by what their devices share."""

    node: SmallNode
    auth: bytes
    vault_key: bytes

    @property
    def vault(self) -> SmallVault:
        """What the node stores for them."""
        (account,) = (one for one in self.node.accounts if one.is_of(self.auth))
        return self.node.vault_of(account)


@dataclasses.dataclass(frozen=True)
class Device:
    """One device of a member."""

    person: Person
    member: Member

    @property
    def node(self) -> SmallNode:
        """The node of the member's community."""
        return self.person.node

    async def offer(self) -> str:
        """Publish an offer and return its address."""
        made = await self.member.offers.publish(CV)
        return offer_url(self.node.origin, made.record.id)

    def texts(self, conversation: bytes) -> list[str]:
        """Return what was said, in the order of its showing."""
        entries = self.member.conversations.open(conversation).messages
        return [
            entry.body.text
            for entry in entries
            if isinstance(entry, Shown) and isinstance(entry.body, Text)
        ]


class Correspondents:
    """Makes members and opens their devices; closes what it opened."""

    def __init__(self, clock: FakeClock, stack: contextlib.AsyncExitStack) -> None:
        self._clock = clock
        self._stack = stack
        self._count = 0

    def person(self, node: SmallNode) -> Person:
        """Return a new member of *node*."""
        self._count += 1
        rng = SeededRng(1000 + self._count)
        person = Person(node, rng.bytes(32), rng.bytes(32))
        node.add_account(person.auth)
        return person

    async def device(self, person: Person) -> Device:
        """Return a new device of *person*, with their vault as it is stored now."""
        self._count += 1
        means = Means(clock=self._clock, rng=SeededRng(self._count), pause=no_pause)
        keyring = Keyring.create(None, passphrase="", vault_key=person.vault_key, rng=means.rng)
        node = person.node
        community = CommunityRecord(node.origin, f"{node.origin}/actor", person.auth)
        keyring.records = Records(community=community)
        member = await self._stack.enter_async_context(Member(keyring, means, ExitStack()))
        await member.refresh()
        return Device(person, member)

    async def member(self, node: SmallNode) -> Device:
        """Return the only device of a new member."""
        return await self.device(self.person(node))


@contextlib.asynccontextmanager
async def open_correspondents(clock: FakeClock) -> AsyncIterator[Correspondents]:
    """Yield a maker of members."""
    async with contextlib.AsyncExitStack() as stack:
        yield Correspondents(clock, stack)
