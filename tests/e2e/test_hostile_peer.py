"""A peer that breaks every rule: who sends, in what order, in what batches.

Each test sends one kind of wrong thing and asserts what was answered, that nothing was stored
that should not be (rows are compared before and after), and how often the node was made to
fetch. The node is real, with its files and its port; time stands still.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.strict_json import JsonObject
from kith_node.federation.actors import KnownActor, read_actor
from kith_node.federation.keys import MAX_STRANGERS, KeyBook
from kith_node.federation.peer_store import PeerRow, put_peer
from kith_node.federation.registry import MAX_CLOSED
from kith_protocol.activity import Follow
from kith_protocol.announcements import (
    build_accept,
    build_create,
    build_delete,
    build_delete_actor,
    build_undo,
)
from kith_protocol.batch import encode_batch
from kith_protocol.day import DAY_S
from kith_protocol.http_signature import CAPABILITY_TAG, Message, sign_message
from kith_protocol.limits import MAX_ACTIVITY_BYTES, MAX_BATCH_BYTES
from kith_protocol.peering import Peering
from kith_protocol.tombstone import build_tombstone
from kith_protocol.urls import node_key_url, offer_url
from kith_testing.hostile import (
    ACTIVITY_TYPE,
    HostileNode,
    activity,
    announce,
    live,
    open_hostile,
    result_of,
    row_of,
    unchanged,
)
from kith_testing.node import CV, OPEN, LocalNode, open_local_node

OFFER = CV
OTHER_KEY = SigningKey.from_seed(b"o" * 32)


async def test_a_right_announcement_is_taken_so_that_the_rest_proves_something(
    node: LocalNode, peer: HostileNode
) -> None:
    offer_id = await announce(node, peer)
    assert await live(node, peer) == {offer_id}
    assert not peer.asked


async def test_no_signature(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    with unchanged(node):
        headers = {"Content-Type": ACTIVITY_TYPE, "Content-Digest": content_digest(body)}
        assert result_of(await peer.post(node, body, headers=headers)) == (401, "unauthorized")
    assert not peer.asked


async def test_a_signature_by_another_key(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    with unchanged(node):
        for _ in range(5):
            headers = peer.sign_request(node, "POST", "/inbox", body, key=OTHER_KEY)
            reply = await peer.post(node, body, headers=headers)
            assert result_of(reply) == (401, "unauthorized")
    # It may have rotated its key: looked up once, not each time.
    assert peer.asked == {"/actor": 1}


@pytest.mark.parametrize("age_s", [301, -61])
async def test_a_signature_outside_of_the_window(
    node: LocalNode, peer: HostileNode, age_s: int
) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    with unchanged(node):
        headers = peer.sign_request(node, "POST", "/inbox", body, age_s=age_s)
        reply = await peer.post(node, body, headers=headers)
        assert result_of(reply) == (401, "unauthorized")
    assert not peer.asked


async def test_a_body_changed_on_the_way(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    headers = peer.sign_request(node, "POST", "/inbox", body)
    with unchanged(node):
        reply = await peer.post(node, body.replace(b"chat", b"tact"), headers=headers)
        assert result_of(reply) == (401, "unauthorized")


async def test_a_request_for_another_path(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    headers = peer.sign_request(node, "POST", "/inbox/batch", body)
    with unchanged(node):
        reply = await peer.post(node, body, headers=headers)
        assert result_of(reply) == (401, "unauthorized")


async def test_a_request_sent_twice(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    headers = peer.sign_request(node, "POST", "/inbox", body)
    assert (await peer.post(node, body, headers=headers)).status == 202
    with unchanged(node):
        reply = await peer.post(node, body, headers=headers)
        assert result_of(reply) == (400, "replayed")


async def test_an_activity_under_a_fresh_signature(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    assert (await peer.post(node, body)).status == 202
    with unchanged(node):
        assert (await peer.post(node, body)).status == 202
        assert await peer.post_batch(node, [body, body]) == ["duplicate", "duplicate"]


async def test_a_capability_in_place_of_a_nodes_signature(
    node: LocalNode, peer: HostileNode
) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    content = {"content-type": ACTIVITY_TYPE, "content-digest": content_digest(body)}
    signature = sign_message(
        Message("POST", f"{node.origin}/inbox", node.authority, content),
        key=peer.key,
        key_id=peer.key_id,
        created=node.clock.now(),
        nonce=node.rng.bytes(16),
        tag=CAPABILITY_TAG,
    )
    with unchanged(node):
        reply = await peer.post(node, body, headers={**content, **signature})
        assert result_of(reply) == (401, "unauthorized")


@pytest.mark.parametrize(
    "key_id",
    [
        "acct:evil@evil.example",
        "https://evil.example/actor",
        "http://evil.example/actor#key",
        "https://10.0.0.1/actor#key",
        "https://[::ffff:127.0.0.1]/actor#key",
        "https://evil.example@good.example/actor#key",
        "ftp://evil.example/actor#key",
        "javascript:alert(1)",
        "https://evil.example:443/actor#key",
        "https://EVIL.example/actor#key",
        "https://2130706433/actor#key",
        "https://evil.localhost/actor#key",
        "https://evil.onion/actor#key",
        "x" * 2000,
    ],
)
async def test_key_ids_that_are_no_address_of_a_key(
    node: LocalNode, peer: HostileNode, key_id: str
) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    headers = peer.sign_request(node, "POST", "/inbox", body, key_id=key_id)
    with unchanged(node):
        reply = await peer.post(node, body, headers=headers)
    # No name is resolved for most; ``evil.example`` exists nowhere.
    assert reply.status in {401, 503}


async def test_signing_in_the_nodes_own_name(node: LocalNode, peer: HostileNode) -> None:
    body = peer.create(peer.sign(peer.draft_offer()))
    key_id = node_key_url(node.origin)
    headers = peer.sign_request(node, "POST", "/inbox", body, key_id=key_id)
    with unchanged(node):
        reply = await peer.post(node, body, headers=headers)
        assert result_of(reply) == (401, "unauthorized")


async def test_a_stranger_announces(node: LocalNode, stranger: HostileNode) -> None:
    body = stranger.create(stranger.sign(stranger.draft_offer()))
    with unchanged(node):
        assert result_of(await stranger.post(node, body)) == (403, "not-a-peer")
        batch = encode_batch([body])
        reply = await stranger.post(node, batch, path="/inbox/batch")
        assert result_of(reply) == (403, "not-a-peer")
        delete = stranger.delete(stranger.offer_id(1))
        assert result_of(await stranger.post(node, delete)) == (403, "not-a-peer")
    assert stranger.asked == {"/actor": 1}


async def test_a_stranger_that_floods(node: LocalNode, stranger: HostileNode) -> None:
    replies = [await stranger.post(node, stranger.follow(node.actor)) for _ in range(8)]
    # Following once makes it known, but no peer: no more is heard of it than of strangers.
    assert [reply.status for reply in replies].count(202) <= 6
    assert replies[-1].code == "too-many-requests"
    assert int(replies[-1].headers["Retry-After"]) > 0


async def test_naming_the_key_of_a_peer_does_not_use_up_its_turns(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    body = stranger.follow(node.actor)
    for _ in range(210):
        headers = stranger.sign_request(node, "POST", "/inbox", body, key_id=peer.key_id)
        assert (await stranger.post(node, body, headers=headers)).status == 401
    assert (await peer.post(node, peer.create(peer.sign(peer.draft_offer())))).status == 202
    assert peer.asked["/actor"] <= 1


async def test_an_activity_of_somebody_else(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    body = stranger.create(stranger.sign(stranger.draft_offer()))
    with unchanged(node):
        assert result_of(await peer.post(node, body)) == (403, "wrong-owner")
        assert await peer.post_batch(node, [body]) == ["refused:wrong-owner"]
    assert not stranger.asked


async def test_an_announcement_after_its_withdrawal(node: LocalNode, peer: HostileNode) -> None:
    create = peer.create(peer.sign(peer.draft_offer()))
    update = peer.update(peer.sign(peer.draft_offer(revision=9)))
    offer_id = await announce(node, peer)
    assert (await peer.post(node, peer.delete(offer_id))).status == 202
    assert await live(node, peer) == set()
    with unchanged(node):
        for body in (create, update):
            assert result_of(await peer.post(node, body)) == (410, "gone")
        assert await peer.post_batch(node, [create, update]) == ["refused:gone"] * 2
    node.clock.advance(89 * DAY_S)
    await node.node.federation.upkeep.run_upkeep()
    await node.node.catalogue.expire(node.today)
    peer.show(peer.draft_actor())
    assert (await peer.post(node, create)).code == "gone"


async def test_an_older_revision_after_a_newer_one(node: LocalNode, peer: HostileNode) -> None:
    full = replace(OFFER, room="full")
    await announce(node, peer)
    newer = peer.update(peer.sign(peer.draft_offer(revision=3, content=full)))
    assert (await peer.post(node, newer)).status == 202
    with unchanged(node):
        for revision in (1, 2, 3):
            older = peer.update(peer.sign(peer.draft_offer(revision=revision)))
            assert (await peer.post(node, older)).status == 202
            assert await peer.post_batch(node, [older]) == ["duplicate"]


async def test_withdrawals_of_a_thousand_unknown_offers_fetch_nothing(
    node: LocalNode, peer: HostileNode
) -> None:
    for start in (0, 500):
        items = [peer.delete(peer.offer_id(start + number)) for number in range(500)]
        statuses = await peer.post_batch(node, items)
        assert set(statuses) == {"accepted"}
    assert not peer.asked
    assert not peer.inbox


async def test_withdrawals_that_the_author_did_not_prove(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    offer_id = await announce(node, peer)
    own = await node.publish(await node.join())
    await node.work()
    tombstone = {"id": offer_id, "type": "Tombstone", "attributedTo": node.actor}
    bodies = [
        (peer.delete(offer_id, is_proved=False), "malformed"),
        (canonical_bytes(build_delete(peer.origin, {**tombstone})), "wrong-owner"),
        (peer.delete(offer_url(node.origin, b"o" * 16)), "wrong-owner"),
        (peer.delete(stranger.offer_id(1)), "wrong-owner"),
    ]
    with unchanged(node):
        for body, code in bodies:
            assert (await peer.post(node, body)).code == code
    assert await live(node, peer) == {offer_id}
    assert own is not None


async def test_the_actors_own_withdrawal_drops_everything(
    node: LocalNode, peer: HostileNode
) -> None:
    for number in range(3):
        await announce(node, peer, number)
    body = canonical_bytes(peer.sign(build_delete_actor(peer.origin)))
    assert (await peer.post(node, body)).status == 202
    assert await live(node, peer) == set()
    assert not (await row_of(node, peer)).is_open
    await node.node.catalogue.catch_up()
    assert not peer.asked


async def test_nobody_withdraws_another_actor(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    offer_id = await announce(node, peer)
    forged = canonical_bytes(stranger.sign(build_delete_actor(peer.origin)))
    with unchanged(node):
        assert result_of(await stranger.post(node, forged)) == (403, "wrong-owner")
    assert await live(node, peer) == {offer_id}


async def test_a_batch_of_500_with_one_bad_item(node: LocalNode, peer: HostileNode) -> None:
    # With little around them, and most of them withdrawals, so that 500 fit.
    short: JsonObject = {"@context": "https://www.w3.org/ns/activitystreams"}
    offers = [peer.sign(peer.draft_offer(number)) for number in range(200)]
    graves = [
        peer.sign(build_tombstone(peer.origin, peer.offer_id(number)))
        for number in range(200, 500)
    ]
    documents = [build_create(peer.origin, offer) for offer in offers]
    documents += [build_delete(peer.origin, grave) for grave in graves]
    items = [canonical_bytes({**document, **short}) for document in documents]
    items[100] = items[100].replace(b'"chat"', b'"video"')
    statuses = await peer.post_batch(node, items)
    assert statuses[100] == "refused:bad-signature"
    assert statuses.count("accepted") == 499
    assert len(await live(node, peer)) == 199
    assert not peer.asked


async def test_a_batch_of_501(node: LocalNode, peer: HostileNode) -> None:
    body = b'{"type":"OrderedCollectionPage","orderedItems":[' + b"{}," * 500 + b"{}]}"
    with unchanged(node):
        reply = await peer.post(node, body, path="/inbox/batch")
        assert result_of(reply) == (413, "too-large")


async def test_a_batch_of_one_byte_too_many(node: LocalNode, peer: HostileNode) -> None:
    item = peer.create(peer.sign(peer.draft_offer()))
    body = encode_batch([item]).ljust(MAX_BATCH_BYTES + 1)
    with unchanged(node):
        reply = await peer.post(node, body, path="/inbox/batch")
        assert result_of(reply) == (413, "too-large")
    assert (await peer.post(node, body[:-1], path="/inbox/batch")).status == 200


async def test_items_that_are_no_activities(node: LocalNode, peer: HostileNode) -> None:
    with unchanged(node):
        items = [b"{}", b"7", b"null", b"[]", b'"x"', b"[" * 20 + b"]" * 20]
        assert set(await peer.post_batch(node, items)) == {"refused:malformed"}


async def test_an_oversize_item_spoils_only_itself(node: LocalNode, peer: HostileNode) -> None:
    good = peer.create(peer.sign(peer.draft_offer()))
    long = b'{"x":"' + b"a" * MAX_ACTIVITY_BYTES + b'"}'
    assert await peer.post_batch(node, [long, good]) == ["refused:too-large", "accepted"]


async def test_an_accept_of_a_follow_that_was_never_sent(
    node: LocalNode, stranger: HostileNode
) -> None:
    never_sent = Follow(
        f"{node.origin}/activities/AAAAAAAAAAAAAAAAAAAAAA", node.actor, stranger.actor
    )
    accept = build_accept(stranger.origin, b"a" * 16, never_sent)
    with unchanged(node):
        assert (await stranger.post(node, canonical_bytes(accept))).status == 202
    assert stranger.asked == {"/actor": 1}


async def test_an_accept_of_somebody_elses_follow(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    row = await row_of(node, peer)
    ours = row.peering.our_follow_id
    assert ours is not None
    accept = build_accept(stranger.origin, b"a" * 16, Follow(ours, node.actor, peer.actor))
    with unchanged(node):
        reply = await stranger.post(node, canonical_bytes(accept))
        assert result_of(reply) == (403, "wrong-owner")


async def test_an_undo_of_somebody_elses_follow(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    [theirs] = (await row_of(node, peer)).peering.their_follow_ids
    undo = build_undo(stranger.origin, b"u" * 16, Follow(theirs, peer.actor, node.actor))
    bare = {**undo, "object": theirs}
    with unchanged(node):
        reply = await stranger.post(node, canonical_bytes(undo))
        assert result_of(reply) == (403, "wrong-owner")
        reply = await stranger.post(node, canonical_bytes(bare))
        assert result_of(reply) == (403, "wrong-owner")
    assert (await row_of(node, peer)).is_open


async def test_a_follow_of_somebody_else(node: LocalNode, stranger: HostileNode) -> None:
    with unchanged(node):
        body = stranger.follow("https://elsewhere.example/actor")
        assert result_of(await stranger.post(node, body)) == (403, "wrong-owner")


async def test_unknown_types_change_nothing(node: LocalNode, peer: HostileNode) -> None:
    with unchanged(node):
        for kind in ("Announce", "Move", "Like", "Add", "Block", "Question"):
            document = {
                **build_undo(peer.origin, b"x" * 16, Follow(peer.actor, peer.actor, node.actor))
            }
            document["type"] = kind
            assert (await peer.post(node, canonical_bytes(document))).status == 202
    assert not peer.asked


async def test_a_full_list_of_strangers_does_not_keep_stewards_from_asking(
    node: LocalNode, stranger: HostileNode
) -> None:
    webfinger = {
        "subject": f"acct:{stranger.origin[7:]}@{stranger.origin[7:]}",
        "links": [{"rel": "self", "type": ACTIVITY_TYPE, "href": stranger.actor}],
    }

    async def answer(_: web.Request) -> web.StreamResponse:
        return activity(msgspec.json.encode(webfinger), "application/jrd+json")

    stranger.answers["/.well-known/webfinger"] = answer
    async with node.node.stores.catalogue.transaction() as connection:
        for number in range(MAX_CLOSED):
            row = PeerRow(f"https://s{number}.example/actor", b"{}", Peering())
            await put_peer(connection, row)
    reply = await stranger.post(node, stranger.follow(node.actor))
    assert result_of(reply) == (429, "too-many-requests")
    await node.node.federation.peering.add(stranger.origin, role="admin")
    await row_of(node, stranger)


async def test_documents_of_strangers_are_kept_in_bounds(
    node: LocalNode, stranger: HostileNode
) -> None:
    known = read_actor(canonical_bytes(stranger.document), url=stranger.actor, development=True)
    fetched: list[str] = []

    async def fetch(url: str) -> KnownActor:
        fetched.append(url)
        return known

    async def take(_: KnownActor) -> bool:
        raise AssertionError("no peer")

    book = KeyBook(
        node.node.federation.peers, fetch=fetch, take=take, clock=node.clock, rng=node.rng
    )
    for number in range(MAX_STRANGERS + 1):
        await book.actor(f"https://s{number}.example/actor")
    await book.actor("https://s1.example/actor")
    assert len(fetched) == MAX_STRANGERS + 1
    await book.actor("https://s0.example/actor")
    assert len(fetched) == MAX_STRANGERS + 2


async def test_a_closed_node_peers_with_nobody(tmp_path: Path) -> None:
    config = replace(OPEN, federation=replace(OPEN.federation, policy="closed"))
    async with (
        open_local_node(tmp_path, config=config) as node,
        open_hostile(node.clock) as stranger,
    ):
        for _ in range(3):
            await stranger.post(node, stranger.follow(node.actor))
            await node.work()
        assert not (await row_of(node, stranger)).is_open
        assert {msgspec.json.decode(body)["type"] for body in stranger.inbox} == {"Reject"}


async def test_a_node_without_keyholders_takes_nothing(tmp_path: Path) -> None:
    async with (
        open_local_node(tmp_path, has_keyholders=False) as node,
        open_hostile(node.clock) as stranger,
    ):
        with unchanged(node):
            reply = await stranger.post(node, stranger.follow(node.actor))
            assert result_of(reply) == (409, "federation-off")
            await node.work()
