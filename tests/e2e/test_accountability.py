"""A message between two nodes: reported, passed on, proven; its sender found by two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import cast

import pytest

from kith_client.http import NodeConnection
from kith_client.means import Means
from kith_client.moderation import Moderation
from kith_client.post import Peers
from kith_client.reports import Reports
from kith_client.search import Search
from kith_client.session import Session
from kith_client.shelf import Shelf
from kith_crypto.core import ROLE_MENTEE
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import parse_envelope
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message
from kith_crypto.objects import box_address, offer_id
from kith_crypto.stamp import postmark_of
from kith_protocol.api import SessionAnswer, Slots
from kith_protocol.conversation.events import Evidence
from kith_protocol.hand_in import HandIn, encode_hand_in
from kith_protocol.keyholders_case import check_case, open_case, parse_case, purpose_of
from kith_protocol.keyholders_shares import complete, half_open, make_shares
from kith_protocol.reporting import ProvenMessage, ProvenOffer
from kith_protocol.urls import offer_url
from kith_testing.clock import FakeClock
from kith_testing.correspondence import CONVERSATION, MENTEE, MENTOR_BOX, MENTOR_SEED, a_message
from kith_testing.memory_vault import MemoryVault, StoredVault
from kith_testing.node import Caller, LocalNode, open_local_node
from kith_testing.rng import SeededRng
from kith_testing.sending import PAST_DELAYS_S, befriend, hand_in

BOX_KEY = SigningKey.from_seed(sha256(b"mentor's box"))
KEYHOLDERS = SigningKey.from_seed(sha256(b"keyholders"))
PEOPLE = [sha256(name) for name in (b"wren", b"ash", b"elm")]


class Person:
    """A member of a node, with the parts of the client that this is about."""

    def __init__(self, node: LocalNode, caller: Caller, connection: NodeConnection) -> None:
        clock, rng = node.clock, SeededRng(90)
        session = Session(
            connection,
            auths=(),
            reader_pass=None,
            keep_pass=lambda _: None,
            clock=clock,
            rng=rng,
        )
        slots = Slots(passphrase="", recovery="")
        session.use(b"", SessionAnswer(caller.token, caller.reader_pass, "", slots))
        shelf = Shelf(MemoryVault(StoredVault(), bytes(16)))
        self.caller = caller
        self.peers = Peers(session=session, clock=clock)
        self.reports = Reports(
            session=session,
            peers=self.peers,
            search=Search(session=session, actor=node.actor, clock=clock),
            shelf=shelf,
            actor=node.actor,
            clock=clock,
            rng=rng,
        )
        self.moderation = Moderation(
            connection=connection,
            session=session,
            peers=self.peers,
            shelf=shelf,
            actor=node.actor,
            clock=clock,
            rng=rng,
        )


class World:
    """Two peers with moderators."""

    ours: LocalNode
    theirs: LocalNode
    moderator: Person
    their_moderator: Person

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def start(self, folder: Path) -> None:
        clock = FakeClock()
        self.ours, self.theirs = [
            await self._stack.enter_async_context(
                open_local_node(folder / str(seed), seed=seed, clock=clock)
            )
            for seed in (1, 2)
        ]
        self.moderator = await self.person(self.ours, "moderator")
        self.their_moderator = await self.person(self.theirs, "moderator")
        await self.moderator.moderation.make_key()
        await self.their_moderator.moderation.make_key()
        await befriend(self.ours, self.theirs)

    async def person(self, node: LocalNode, role: str = "member") -> Person:
        means = Means(clock=node.clock, rng=SeededRng(91))
        connection = await self._stack.enter_async_context(means.connect(node.origin))
        return Person(node, await node.join(role), connection)

    async def receive(self, reporter: Person, sender: Person, text: str) -> Evidence:
        """Let *sender* of theirs write to *reporter* of ours; return what is kept of it."""
        await self.ours.open_box(reporter.caller, key=BOX_KEY)
        assert box_address(BOX_KEY.verify_key) == MENTOR_BOX
        body = encode_hand_in(HandIn(self.ours.origin, False, a_message(text)))
        reply = await hand_in(self.theirs, sender.caller, bytes(16), body)
        assert reply.status == 202, reply.body
        self.ours.clock.advance(PAST_DELAYS_S)
        await self.theirs.node.envelopes.run_queue()
        (item,) = (await self.ours.fetch_box(BOX_KEY)).items
        stamped, _ = await reporter.peers.verify(parse_envelope(item.envelope), item.node)
        opened = open_message(
            stamped,
            [MENTOR_SEED],
            writer=MENTEE.verify_key,
            conversation=CONVERSATION,
            role=ROLE_MENTEE,
        )
        postmark = postmark_of(stamped.envelope)
        return Evidence(item.node, postmark, opened.frank_key, opened.raw)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        world = World(stack)
        await world.start(tmp_path)
        yield world


def members_of(node: LocalNode) -> set[str]:
    rows = cast("list[tuple[bytes, ...]]", node.dump()["members.members"])
    return {encode_base64url(row[0]) for row in rows}


def open_by_two(raw: bytes) -> bytes:
    """Return the member's id, as two of three keyholders find it."""
    checked = check_case(parse_case(raw))
    seeds = {one: sha256(f"quarter {one}".encode()) for one in checked.epochs}
    shares = make_shares(KEYHOLDERS, seeds, [sealing_public_key(seed) for seed in PEOPLE])
    purpose = purpose_of(raw)
    half = half_open(shares, PEOPLE[0], epochs=checked.epochs, purpose=purpose)
    return open_case(checked, complete(shares, half, PEOPLE[2], purpose=purpose))


async def test_a_message_is_proven_across_nodes_and_acted_on(world: World) -> None:
    others = members_of(world.theirs)
    sender, reporter = await world.person(world.theirs), await world.person(world.ours)
    (sender_id,) = members_of(world.theirs) - others
    evidence = await world.receive(reporter, sender, "something unkind")
    made = await reporter.reports.report_message(
        evidence, category="harassment", words="Again", may_pass_on=True
    )
    opened = await world.moderator.moderation.open_report(made.id)
    assert isinstance(opened.proven, ProvenMessage)
    await world.moderator.moderation.pass_on(opened)
    assert await reporter.reports.state(made.id) == "passed-on"
    await world.ours.work()

    theirs = world.their_moderator.moderation
    (entry,) = await theirs.list_reports()
    assert (entry.origin, entry.state) == (world.ours.origin, "waiting")
    passed = await theirs.open_report(parse_base64url(entry.id))
    assert isinstance(passed.proven, ProvenMessage)
    assert passed.payload.words == "Again"
    found = encode_base64url(open_by_two(await theirs.write_case(passed)))
    assert found == sender_id

    await theirs.decide(parse_base64url(entry.id), "acted")
    await world.theirs.work()
    (ours,) = await world.moderator.moderation.list_reports()
    assert ours.answer == "acted"


async def test_an_offer_is_proven_its_owner_found_and_it_is_removed(world: World) -> None:
    reporter = await world.person(world.ours)
    others = members_of(world.ours)
    mentor = await world.person(world.ours)
    (mentor_id,) = members_of(world.ours) - others
    key = await world.ours.publish(mentor.caller)
    await world.ours.work()
    offer = offer_id(key.verify_key)
    made = await reporter.reports.report_offer(
        offer_url(world.ours.origin, offer), category="deception"
    )
    opened = await world.moderator.moderation.open_report(made.id)
    assert isinstance(opened.proven, ProvenOffer)
    raw = await world.moderator.moderation.write_case(opened)
    assert encode_base64url(open_by_two(raw)) == mentor_id
    await world.moderator.moderation.remove_offer(offer)
    await world.moderator.moderation.decide(made.id, "acted")
    assert await reporter.reports.state(made.id) == "acted"


async def test_a_new_key_seals_what_waits_on_the_node_anew(world: World) -> None:
    sender, reporter = await world.person(world.theirs), await world.person(world.ours)
    evidence = await world.receive(reporter, sender, "something unkind")
    made = await reporter.reports.report_message(evidence, category="harassment")
    renewed = await world.moderator.moderation.make_key()
    assert (renewed.sealed_anew, renewed.left) == (1, 0)
    assert (await world.moderator.moderation.open_report(made.id)).proven is not None
    again = await reporter.reports.report_message(evidence, category="harassment")
    assert (await world.moderator.moderation.open_report(again.id)).proven is not None
