"""``kill -9`` strikes whoever has just said yes: nothing is lost, and nothing is shown twice.

Three answers promise something: the 202 for what a member hands in, the 202 for what a node
delivers, and the 204 for a vault. A fourth one, to what a reader acknowledges, is asked for
only when the node may lose it. Right after each of them the node is killed, and it goes on.
"""

import asyncio
import contextlib
import sqlite3
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.objects import box_address
from kith_protocol.chance import draw_below
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Received, Shown
from kith_protocol.urls import offer_url
from kith_testing.assassin import Assassin, watched_by
from kith_testing.community import CV_OFFER, PASSPHRASE, federation, join, wait_found
from kith_testing.crowd import new_invites
from kith_testing.processes import NodeProcess
from kith_testing.rng import SeededRng
from kith_testing.waiting import until
from kith_testing.wholeness import copy_of

pytestmark = pytest.mark.e2e

ROUNDS = 4
BURST = 4


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path, 2) as started:
        yield started


class Talking:
    """A mentee at the second node who writes, and a mentor at the first who reads."""

    def __init__(self, mentor: Member, mentee: Member, conversation: bytes) -> None:
        self.mentor = mentor
        self.mine = mentee.conversations.open(conversation)
        self.theirs = mentor.conversations.open(conversation)
        self.said: list[str] = []
        self.received: list[str] = []

    async def say(self) -> None:
        """Say something; it counts once the node has taken it."""
        text = f"text {len(self.said)} of many"
        await self.mine.say(text)
        self.said.append(text)

    async def read(self) -> None:
        """Look into the box, and note what is new."""
        for event in await self.theirs.receive():
            if isinstance(event, Received) and isinstance(event.message.body, Text):
                self.received.append(event.message.body.text)

    async def has_read_all(self) -> bool:
        await self.read()
        return len(texts(self.theirs)) >= len(self.said)

    async def check(self) -> None:
        """Check that everything has come once, in its order, and was told of once."""
        await until(self.has_read_all, "everything has come")
        assert texts(self.theirs) == self.said
        assert self.received == self.said


@contextlib.asynccontextmanager
async def talking(
    nodes: list[NodeProcess], http: aiohttp.ClientSession | None = None
) -> AsyncIterator[Talking]:
    """Yield two who talk, the mentee over *http*."""
    here, there = nodes
    [link] = await new_invites(there, 1)
    joined = await Member.join(
        link, name="mentee", passphrase=PASSPHRASE, means=Means(http=http)
    )
    async with await join(here, "mentor") as mentor, joined.member as mentee:
        published = await mentor.offers.publish(CV_OFFER)
        url = offer_url(here.url, published.record.id)
        await wait_found(mentee, url)
        sent = await mentee.knocks.knock(url, "Would you read my CV?")

        async def has_come() -> bool:
            await mentor.knocks.check()
            return bool(mentor.knocks.tray)

        async def is_answered() -> bool:
            await mentee.knocks.check()
            return mentee.knocks.made[0].state == "accepted"

        await until(has_come, "the knock has come")
        await mentor.knocks.accept(mentor.knocks.tray[0], "Gladly.")
        await until(is_answered, "the answer has come")
        await mentor.vault.sync()
        yield Talking(mentor, mentee, sent.conversation)


def texts(conversation: Conversation) -> list[str]:
    return [
        entry.body.text
        for entry in conversation.messages
        if isinstance(entry, Shown) and isinstance(entry.body, Text)
    ]


def posted(node: NodeProcess, state: str) -> int:
    path = node.data / "catalogue.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM posted WHERE state = ?", [state])
    return int(count)


async def test_what_was_handed_in_survives_the_death_of_the_sending_node(
    nodes: list[NodeProcess],
) -> None:
    rng, sender = SeededRng(1), nodes[1]
    assassin = Assassin(sender, "PUT", "/api/v1/envelopes/")
    async with watched_by(assassin) as http, talking(nodes, http) as talk:
        for _ in range(ROUNDS):
            before = posted(sender, "queued") + posted(sender, "delivered")
            count = 1 + draw_below(BURST, rng)
            assassin.arm(after=count)
            for _ in range(count):
                await talk.say()
            with copy_of(sender.data) as files:
                handles = files.ids("catalogue", "SELECT handle FROM posted")
            assert len(handles) == before + count
            await sender.start()
        assert assassin.struck == ROUNDS
        await talk.check()


async def test_what_was_delivered_survives_the_death_of_the_receiving_node(
    nodes: list[NodeProcess],
) -> None:
    rng = SeededRng(2)
    async with talking(nodes) as talk:
        receiver, sender = nodes
        [value] = talk.mentor.vault.list("talk").values()
        key = SigningKey.from_seed(b64decode(str(value["box_seed"])))
        box = box_address(key.verify_key)
        first = posted(sender, "delivered")
        for _ in range(ROUNDS):
            wanted = posted(sender, "delivered") + 1
            for _ in range(1 + draw_below(BURST, rng)):
                await talk.say()
            while posted(sender, "delivered") < wanted:
                await asyncio.sleep(0)
            await receiver.kill()
            delivered = posted(sender, "delivered") - first
            with copy_of(receiver.data) as files:
                held = files.ids(
                    "objects", f"SELECT id FROM envelopes WHERE box = x'{box.hex()}'"
                )
            assert delivered <= len(held) <= len(talk.said)
            await receiver.start()
            # Who could not reach the other waits a minute; a start forgets that.
            await sender.stop()
            await sender.start()
        await talk.check()


async def test_what_a_reader_has_acknowledged_survives_their_device_and_their_node(
    nodes: list[NodeProcess],
) -> None:
    node = nodes[0]
    assassin = Assassin(node, "POST", "/acknowledgements")
    async with talking(nodes) as talk:

        async def is_sent() -> bool:
            return posted(nodes[1], "queued") == 0

        for _ in range(ROUNDS):
            for _ in range(BURST):
                await talk.say()
            await until(is_sent, "everything lies in the box")
            async with watched_by(assassin) as http:
                # Nobody closes it: the device is gone together with the node.
                device = await Member.sign_in(
                    node.url, name="mentor", passphrase=PASSPHRASE, means=Means(http=http)
                )
                assassin.arm()
                with contextlib.suppress(NodeUnreachableError):
                    await device.conversations.open(talk.theirs.id).receive()
            await node.start()
        assert assassin.struck == ROUNDS
        last = await Member.sign_in(node.url, name="mentor", passphrase=PASSPHRASE)
        async with last as member:
            conversation = member.conversations.open(talk.theirs.id)
            await conversation.receive()
            assert texts(conversation) == talk.said
            assert not member.vault.warnings


async def test_a_stored_vault_survives_its_device_and_its_node(
    nodes: list[NodeProcess],
) -> None:
    node = nodes[0]
    assassin = Assassin(node, "PUT", "/api/v1/vault")
    kept: set[str] = set()
    async with await join(node, "member"):
        pass
    for number in range(ROUNDS):
        name = f"Heron number {number}"
        async with watched_by(assassin) as http:
            device = await Member.sign_in(
                node.url, name="member", passphrase=PASSPHRASE, means=Means(http=http)
            )
            found = {one.content.pseudonym for one in device.personas.list()}
            assert found == kept
            assert not device.vault.warnings
            assassin.arm()
            await device.personas.add(name)
            kept.add(name)
        await node.start()
    assert assassin.struck == ROUNDS
