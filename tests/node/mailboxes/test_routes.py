"""Mailboxes of a real node, over real HTTP, with real peers."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import box_address
from kith_protocol.announcements import build_update_actor
from kith_protocol.box_page import BOX_PAGE_TYPE, MIN_PAGE_BYTES
from kith_protocol.day import DAY_S, month_of
from kith_protocol.sealed_api import AcknowledgeBody, BoxBody, BoxMonthBody
from kith_testing.hostile import HostileNode, open_hostile, result_of, row_of
from kith_testing.node import LocalNode, box_path, open_local_node

CUT_OFF_DAYS = 14


def address_of(key: SigningKey) -> bytes:
    return box_address(key.verify_key)


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


@pytest.fixture
async def box(node: LocalNode) -> SigningKey:
    return await node.open_box(await node.join())


async def items(node: LocalNode, box: SigningKey) -> list[bytes]:
    return [item.envelope for item in (await node.fetch_box(box)).items]


async def test_a_box_is_opened_filled_emptied_and_closed(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    raw = peer.envelope(address_of(box))
    assert (await peer.deliver(node, raw)).status == 202
    [item] = (await node.fetch_box(box)).items
    assert (item.envelope, item.node) == (raw, peer.origin)
    body = AcknowledgeBody((encode_base64url(item.id),))
    path = f"{box_path(box)}/acknowledgements"
    assert (await node.call(box, "POST", path, body)).status == 204
    assert await items(node, box) == []
    assert (await node.call(box, "DELETE", box_path(box))).status == 204
    assert (await node.call(box, "GET", box_path(box))).code == "not-found"


async def test_an_empty_box_and_one_with_a_message_answer_alike(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    before = await node.call(box, "GET", box_path(box))
    await peer.deliver(node, peer.envelope(address_of(box)))
    after = await node.call(box, "GET", box_path(box))
    assert len(before.body) == len(after.body) == MIN_PAGE_BYTES
    assert before.headers["Content-Type"] == after.headers["Content-Type"] == BOX_PAGE_TYPE
    assert before.headers.keys() == after.headers.keys()


async def test_opening_again_is_no_error_and_another_kind_is(
    node: LocalNode, box: SigningKey
) -> None:
    caller = await node.join()
    body = BoxBody("reply", month_of(node.today) + 2)
    again = await node.call(box, "PUT", box_path(box), body, caller=caller)
    other = BoxBody("knock", month_of(node.today) + 2)
    changed = await node.call(box, "PUT", box_path(box), other, caller=caller)
    assert (again.status, changed.code) == (200, "conflict")


async def test_a_box_is_kept_for_a_later_month(node: LocalNode, box: SigningKey) -> None:
    body = BoxMonthBody(month_of(node.today) + 6)
    assert (await node.call(box, "PATCH", box_path(box), body)).status == 204
    node.clock.advance(150 * DAY_S)
    await node.node.mailboxes.run_upkeep()
    assert await items(node, box) == []


async def test_another_key_neither_reads_nor_empties_nor_closes_a_box(
    node: LocalNode, box: SigningKey
) -> None:
    other = SigningKey.generate(node.rng)
    body = AcknowledgeBody((encode_base64url(bytes(16)),))
    acknowledgements = f"{box_path(box)}/acknowledgements"
    answers = [
        (await node.call(other, "GET", box_path(box))).code,
        (await node.call(other, "DELETE", box_path(box))).code,
        (await node.call(other, "PATCH", box_path(box), BoxMonthBody(700))).code,
        (await node.call(other, "POST", acknowledgements, body)).code,
    ]
    assert answers == ["wrong-owner"] * 4


async def test_the_answer_is_the_same_whether_there_is_a_box(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    there = await peer.deliver(node, peer.envelope(address_of(box)))
    nowhere = await peer.deliver(node, peer.envelope(bytes(16)))
    hidden = {"Date"}
    assert (there.status, there.body) == (nowhere.status, nowhere.body) == (202, b"")
    assert {name: value for name, value in there.headers.items() if name not in hidden} == {
        name: value for name, value in nowhere.headers.items() if name not in hidden
    }


async def test_a_node_that_is_no_peer_is_refused(
    node: LocalNode, stranger: HostileNode, box: SigningKey
) -> None:
    reply = await stranger.deliver(node, stranger.envelope(address_of(box)))
    assert result_of(reply) == (403, "not-a-peer")
    assert await items(node, box) == []


async def test_an_envelope_that_somebody_else_stamped_is_refused(
    node: LocalNode, peer: HostileNode, stranger: HostileNode, box: SigningKey
) -> None:
    reply = await peer.deliver(node, stranger.envelope(address_of(box)))
    assert result_of(reply) == (400, "bad-signature")
    assert await items(node, box) == []


async def test_the_box_in_the_path_is_the_envelopes(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    reply = await peer.deliver(node, peer.envelope(address_of(box)), box=bytes(16))
    assert result_of(reply) == (400, "malformed")
    assert await items(node, box) == []


async def test_a_node_that_was_cut_off_delivers_for_fourteen_days_more(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    await node.node.federation.peering.remove(peer.actor, role="admin")
    assert (await peer.deliver(node, peer.envelope(address_of(box)))).status == 202
    node.clock.advance(CUT_OFF_DAYS * DAY_S)
    assert (await peer.deliver(node, peer.envelope(address_of(box)))).status == 202
    node.clock.advance(DAY_S)
    reply = await peer.deliver(node, peer.envelope(address_of(box)))
    assert result_of(reply) == (403, "not-a-peer")


async def test_a_blocked_node_delivers_nothing(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    await node.node.federation.peering.block(peer.actor, role="admin")
    reply = await peer.deliver(node, peer.envelope(address_of(box)))
    assert result_of(reply) == (403, "not-a-peer")
    assert await items(node, box) == []


async def test_a_peer_that_turns_to_another_programme_delivers_nothing(
    node: LocalNode, peer: HostileNode, box: SigningKey
) -> None:
    document = peer.draft_actor()
    document["kith:programme"] = "youth"
    peer.show(document)
    told = build_update_actor(peer.origin, peer.rng.bytes(16))
    await peer.post(node, canonical_bytes(peer.sign(told)))
    assert not (await row_of(node, peer)).is_open
    reply = await peer.deliver(node, peer.envelope(address_of(box)))
    assert result_of(reply) == (403, "not-a-peer")


async def test_an_introduced_node_delivers(
    node: LocalNode, stranger: HostileNode, box: SigningKey
) -> None:
    federation = node.node.federation
    async with node.node.stores.catalogue.transaction() as connection:
        await federation.introductions.note(connection, stranger.origin)
    reply = await stranger.deliver(node, stranger.envelope(address_of(box)))
    assert reply.status == 202
    assert len(await items(node, box)) == 1


async def test_an_introduced_node_of_another_programme_is_refused(
    node: LocalNode, stranger: HostileNode, box: SigningKey
) -> None:
    document = stranger.draft_actor()
    document["kith:programme"] = "youth"
    stranger.show(document)
    async with node.node.stores.catalogue.transaction() as connection:
        await node.node.federation.introductions.note(connection, stranger.origin)
    reply = await stranger.deliver(node, stranger.envelope(address_of(box)))
    assert result_of(reply) == (403, "not-a-peer")


async def test_opening_a_box_leaves_nothing_in_the_members_file(node: LocalNode) -> None:
    caller = await node.join()
    before = {name: rows for name, rows in node.dump().items() if name.startswith("members")}
    await node.open_box(caller)
    after = {name: rows for name, rows in node.dump().items() if name.startswith("members")}
    assert before == after


async def test_withdrawing_an_offer_closes_the_box_that_its_bundles_name(
    node: LocalNode, peer: HostileNode
) -> None:
    caller = await node.join()
    box = await node.open_box(caller, "knock")
    offer = await node.publish_with_bundle(caller, address_of(box))
    await node.work()
    await peer.deliver(node, peer.envelope(address_of(box), size=8192))
    assert len(await items(node, box)) == 1
    assert await node.node.offers.endings.withdraw(offer)
    assert (await node.call(box, "GET", box_path(box))).code == "not-found"
    assert node.dump()["objects.envelopes"] == []


async def test_a_body_of_another_shape_is_refused(node: LocalNode) -> None:
    caller = await node.join()
    key = SigningKey.generate(node.rng)
    kind, month = {"kind": "knock"}, {"renewBy": 700}
    for body in (kind, month, kind | {"renewBy": 4001}, month | {"kind": "post"}):
        raw = msgspec.json.encode(body)
        headers = node.sign(key, "PUT", box_path(key), body=raw, headers=caller.session)
        reply = await node.send("PUT", box_path(key), headers=headers, body=raw)
        assert reply.code == "malformed"
