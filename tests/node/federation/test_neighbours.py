"""What clients are told of other nodes, and by which keys stamps are verified."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url
from kith_crypto.fingerprint import fingerprint_words
from kith_protocol.activity import Follow
from kith_protocol.announcements import build_reject, build_undo
from kith_protocol.day import DAY_S
from kith_protocol.errors import NotAPeerError
from kith_protocol.limits import MAX_FETCHES_PER_REQUEST
from kith_protocol.sealed_api import PeerAnswer, PeersAnswer
from kith_testing.hostile import HostileNode, open_hostile, row_of
from kith_testing.node import LocalNode, open_local_node


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.fixture
async def peer(node: LocalNode) -> AsyncIterator[HostileNode]:
    async with open_hostile(node.clock) as opened:
        await opened.befriend(node)
        yield opened


@pytest.fixture
async def stranger(node: LocalNode) -> AsyncIterator[HostileNode]:
    async with open_hostile(node.clock, seed=67) as opened:
        yield opened


async def introduce(node: LocalNode, *origins: str) -> None:
    async with node.node.stores.catalogue.transaction() as connection:
        for origin in origins:
            await node.node.federation.introductions.note(connection, origin)


async def gone(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404)


async def ask(node: LocalNode) -> tuple[PeerAnswer, ...]:
    caller = await node.join()
    reply = await node.send("GET", "/api/v1/peers", headers=caller.reader)
    assert reply.status == 200, reply.body
    return msgspec.json.decode(reply.body, type=PeersAnswer).peers


async def test_a_node_alone_names_itself_with_its_keys(node: LocalNode) -> None:
    [own] = await ask(node)
    identity = node.node.identity
    assert identity.keyholders is not None
    assert own == PeerAnswer(
        node=node.origin,
        name="Kith",
        standing="self",
        keys=(encode_base64url(identity.signing_key.verify_key),),
        keyholders=fingerprint_words(identity.keyholders.identity),
    )


async def test_peers_are_named_with_the_keys_that_are_trusted(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    own, other = await ask(node)
    assert own.node == node.origin
    assert other == PeerAnswer(
        node=peer.origin,
        name="Hostile",
        standing="open",
        keys=(encode_base64url(peer.key.verify_key),),
    )


async def test_a_cut_off_peer_is_named_until_its_last_day(
    node: LocalNode, peer: HostileNode
) -> None:
    last = node.today + 14
    await node.node.federation.peering.remove(peer.actor, role="admin")
    [_, other] = await ask(node)
    assert (other.standing, other.until_day) == ("cut-off", last)
    node.clock.advance(15 * DAY_S)
    assert len(await ask(node)) == 1


async def test_a_peer_that_left_is_known_by_its_trusted_document_as_long_as_it_may_deliver(
    node: LocalNode, peer: HostileNode
) -> None:
    node.clock.advance(40 * DAY_S)  # nobody has looked at it for longer than strangers stay
    peering = (await row_of(node, peer)).peering
    ours, [theirs] = peering.our_follow_id, peering.their_follow_ids
    assert ours is not None
    token = peer.rng.bytes(16)
    for document in (
        build_reject(peer.origin, token, Follow(ours, node.actor, peer.actor)),
        build_undo(peer.origin, peer.rng.bytes(16), Follow(theirs, peer.actor, node.actor)),
    ):
        reply = await peer.post(node, canonical_bytes(peer.sign(document)))
        assert reply.status == 202, reply.body
    federation = node.node.federation
    peer.answers["/actor"] = gone
    await federation.upkeep.run_upkeep()
    assert (await row_of(node, peer)).peering.our_follow == "none"
    assert await federation.neighbours.stamp_keys(peer.origin) == (peer.key.verify_key,)
    node.clock.advance(15 * DAY_S)
    await federation.upkeep.run_upkeep()
    federation.peers.forget()
    assert await federation.peers.get(peer.actor) is None
    with pytest.raises(NotAPeerError):
        await federation.neighbours.stamp_keys(peer.origin)


async def test_a_blocked_node_is_not_named(node: LocalNode, peer: HostileNode) -> None:
    await introduce(node, peer.origin)
    await node.node.federation.peering.block(peer.actor, role="admin")
    assert len(await ask(node)) == 1
    with pytest.raises(NotAPeerError):
        await node.node.federation.neighbours.stamp_keys(peer.origin)


async def test_an_introduced_node_is_fetched_once_and_named(
    node: LocalNode, stranger: HostileNode
) -> None:
    await introduce(node, stranger.origin)
    for _ in range(2):
        [_, other] = await ask(node)
        assert (other.node, other.standing) == (stranger.origin, "introduced")
    assert stranger.asked["/actor"] == 1


async def test_an_introduced_node_that_does_not_answer_is_left_out(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    stranger.document = {}
    await introduce(node, stranger.origin)
    assert [one.node for one in await ask(node)] == [node.origin, peer.origin]


async def test_one_question_makes_the_node_fetch_a_few_times_only(node: LocalNode) -> None:
    async with contextlib.AsyncExitStack() as stack:
        others = [
            await stack.enter_async_context(open_hostile(node.clock, seed=seed))
            for seed in range(70, 70 + MAX_FETCHES_PER_REQUEST + 2)
        ]
        await introduce(node, *(other.origin for other in others))
        for known in (MAX_FETCHES_PER_REQUEST, len(others), len(others)):
            assert len(await ask(node)) == 1 + known
        assert {other.asked["/actor"] for other in others} == {1}


async def test_a_stamp_of_our_own_is_verified_with_our_own_key(node: LocalNode) -> None:
    keys = await node.node.federation.neighbours.stamp_keys(node.origin)
    assert keys == (node.node.identity.signing_key.verify_key,)


async def test_a_stranger_has_no_keys_and_is_not_asked(
    node: LocalNode, stranger: HostileNode
) -> None:
    with pytest.raises(NotAPeerError):
        await node.node.federation.neighbours.stamp_keys(stranger.origin)
    assert not stranger.asked
