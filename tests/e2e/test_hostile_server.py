"""What a hostile node's server answers: its actor and keys, its outbox, deliveries to it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import Callable

import msgspec
import pytest
from aiohttp import web

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.multikey import encode_multikey
from kith_crypto.strict_json import JsonObject
from kith_protocol.announcements import (
    build_update_actor,
)
from kith_testing.hostile import (
    ACTIVITY_TYPE,
    HostileNode,
    activity,
    announce,
    live,
    never,
    result_of,
    row_of,
    unchanged,
)
from kith_testing.node import LocalNode

OTHER_KEY = SigningKey.from_seed(b"o" * 32)
NEW_KEY = SigningKey.from_seed(b"n" * 32)


def the_key_of(document: JsonObject) -> JsonObject:
    keys = document["assertionMethod"]
    assert isinstance(keys, list)
    [key] = keys
    assert isinstance(key, dict)
    return key


def on_another_origin(document: JsonObject, _: HostileNode) -> None:
    document["inbox"] = "https://victim.example/inbox"


def batch_on_another_origin(document: JsonObject, _: HostileNode) -> None:
    document["endpoints"] = {"kith:batch": "https://victim.example/inbox/batch"}


def outbox_on_another_origin(document: JsonObject, _: HostileNode) -> None:
    document["outbox"] = "https://victim.example/outbox"


def inbox_with_query(document: JsonObject, hostile: HostileNode) -> None:
    document["inbox"] = f"{hostile.origin}/inbox?x=1"


def inbox_in_the_network(document: JsonObject, _: HostileNode) -> None:
    document["inbox"] = "https://192.168.0.1/inbox"


def another_id(document: JsonObject, hostile: HostileNode) -> None:
    document["id"] = f"{hostile.origin}/another"


def an_id_elsewhere(document: JsonObject, _: HostileNode) -> None:
    document["id"] = "https://elsewhere.example/actor"


def no_inbox(document: JsonObject, _: HostileNode) -> None:
    del document["inbox"]


def a_key_of_another_actor(document: JsonObject, _: HostileNode) -> None:
    key = the_key_of(document)
    document["assertionMethod"] = [{**key, "controller": "https://elsewhere.example/actor"}]


def a_small_order_key(document: JsonObject, _: HostileNode) -> None:
    small = encode_multikey(VerifyKey(bytes(32)))
    document["assertionMethod"] = [{**the_key_of(document), "publicKeyMultibase": small}]


def another_context(document: JsonObject, _: HostileNode) -> None:
    document["@context"] = ["https://www.w3.org/ns/activitystreams", {"inbox": "ex:inbox"}]


def a_tombstone(document: JsonObject, _: HostileNode) -> None:
    document["type"] = "Tombstone"


BAD_ACTORS = (
    on_another_origin,
    batch_on_another_origin,
    outbox_on_another_origin,
    inbox_with_query,
    inbox_in_the_network,
    another_id,
    an_id_elsewhere,
    no_inbox,
    a_key_of_another_actor,
    a_small_order_key,
    another_context,
    a_tombstone,
)


@pytest.mark.parametrize("spoil", BAD_ACTORS, ids=lambda spoil: spoil.__name__)
async def test_a_stranger_with_a_spoiled_actor(
    node: LocalNode,
    stranger: HostileNode,
    spoil: Callable[[JsonObject, HostileNode], None],
) -> None:
    document = stranger.draft_actor()
    spoil(document, stranger)
    stranger.show(document)
    with unchanged(node):
        for _ in range(3):
            reply = await stranger.post(node, stranger.follow(node.actor))
            # That it could not be fetched is remembered for a while: 503.
            assert reply.status in {401, 503}
        await node.work()
    assert stranger.asked == {"/actor": 1}
    assert not stranger.inbox


async def answer_redirect(_: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/actor"})


async def answer_private_redirect(_: web.Request) -> web.StreamResponse:
    location = "http://169.254.169.254/latest/meta-data"
    return web.Response(status=307, headers={"Location": location})


async def answer_without_end(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": ACTIVITY_TYPE})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        for _ in range(10_000):
            await response.write(b" " * 65_536)
    return response


async def answer_a_bomb(_: web.Request) -> web.StreamResponse:
    bomb = gzip.compress(bytes(50 * 1024 * 1024), 9)
    headers = {"Content-Type": ACTIVITY_TYPE, "Content-Encoding": "gzip"}
    return web.Response(body=bomb, headers=headers)


async def answer_html(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>", content_type="text/html")


async def answer_error(_: web.Request) -> web.StreamResponse:
    return web.Response(status=500)


async def answer_gone(_: web.Request) -> web.StreamResponse:
    return web.Response(status=410)


async def answer_nesting(_: web.Request) -> web.StreamResponse:
    return activity(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


async def answer_nothing(_: web.Request) -> web.StreamResponse:
    return activity(b"")


ANSWERS = (
    answer_redirect,
    answer_private_redirect,
    answer_without_end,
    answer_a_bomb,
    answer_html,
    answer_error,
    answer_gone,
    answer_nesting,
    answer_nothing,
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
async def test_a_stranger_whose_server_is_hostile(
    node: LocalNode,
    stranger: HostileNode,
    answer: Callable[[web.Request], web.StreamResponse],
) -> None:
    stranger.answers["/actor"] = answer  # type: ignore[assignment]
    with unchanged(node):
        for _ in range(3):
            reply = await stranger.post(node, stranger.follow(node.actor))
            assert reply.status in {401, 503}
            assert reply.code in {"unauthorized", "unavailable"}
    assert stranger.asked == {"/actor": 1}


async def test_a_stranger_whose_server_never_answers_delays_nobody(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    stranger.answers["/actor"] = never
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(stranger.post(node, stranger.follow(node.actor)))
        while not stranger.asked:
            await asyncio.sleep(0)
        await announce(node, peer)
        assert not waiting.done()
        waiting.cancel()


async def test_a_new_key_that_the_old_one_vouches_for(
    node: LocalNode, peer: HostileNode
) -> None:
    old = the_key_of(peer.draft_actor())
    new: JsonObject = {
        "id": f"{peer.actor}#ed25519-key-2",
        "type": "Multikey",
        "controller": peer.actor,
        "publicKeyMultibase": encode_multikey(NEW_KEY.verify_key),
    }
    peer.show({**peer.draft_actor(), "assertionMethod": [old, new]})
    body = peer.create(peer.sign(peer.draft_offer()))
    headers = peer.sign_request(
        node, "POST", "/inbox", body, key=NEW_KEY, key_id=f"{peer.actor}#ed25519-key-2"
    )
    assert (await peer.post(node, body, headers=headers)).status == 202
    assert peer.asked == {"/actor": 1}
    assert not (await row_of(node, peer)).is_paused


async def test_a_new_key_that_nobody_vouches_for_pauses_the_peer(
    node: LocalNode, peer: HostileNode
) -> None:
    offer_id = await announce(node, peer)
    old_key, peer.key = peer.key, NEW_KEY
    peer.show(peer.draft_actor())
    body = peer.create(peer.sign(peer.draft_offer(2)))
    assert result_of(await peer.post(node, body)) == (401, "unauthorized")
    assert (await row_of(node, peer)).is_paused
    with unchanged(node):
        assert (await peer.post(node, body)).status == 401
        # Whoever still has the old key may not announce either, until a steward has looked.
        peer.key = old_key
        assert result_of(await peer.post(node, body)) == (403, "not-a-peer")
    assert await live(node, peer) == {offer_id}
    assert peer.asked["/actor"] <= 2


async def test_an_update_of_the_actor_has_no_authority_and_is_fetched_seldom(
    node: LocalNode, peer: HostileNode
) -> None:
    with unchanged(node):
        for number in range(20):
            body = build_update_actor(peer.origin, bytes([number]) * 16)
            embedded = {**body, "object": peer.draft_actor(OTHER_KEY)}
            assert (await peer.post(node, canonical_bytes(embedded))).status == 202
    assert peer.asked == {"/actor": 1}


async def test_another_programme_ends_the_peering(node: LocalNode, peer: HostileNode) -> None:
    await announce(node, peer)
    peer.show({**peer.draft_actor(), "kith:programme": "youth"})
    body = canonical_bytes(build_update_actor(peer.origin, b"p" * 16))
    assert (await peer.post(node, body)).status == 202
    assert not (await row_of(node, peer)).is_open
    assert await live(node, peer) == set()


async def test_a_log_without_end(node: LocalNode, peer: HostileNode) -> None:
    pages = 0
    item = peer.create(peer.sign(peer.draft_offer()))

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal pages
        pages += 1
        return activity(page_of(peer, [item], cursor=f"same{pages % 2}"))

    peer.answers["/outbox"] = answer
    node.clock.advance(8 * 3600)
    await node.node.federation.catch_up.run_catch_up()
    assert pages <= 2001
    assert await live(node, peer) == {peer.offer_id(1)}


@pytest.mark.parametrize(
    "next_page",
    [
        "https://victim.example/outbox?after=x",
        "http://169.254.169.254/?after=x",
        "ORIGIN/outbox",
        "ORIGIN/other?after=x",
        "ORIGIN/outbox?after=" + "x" * 200,
        "",
    ],
)
async def test_a_log_that_goes_on_elsewhere(
    node: LocalNode, peer: HostileNode, next_page: str
) -> None:
    item = peer.create(peer.sign(peer.draft_offer()))
    page = msgspec.json.decode(page_of(peer, [item]))
    page["next"] = next_page.replace("ORIGIN", peer.origin)

    async def answer(_: web.Request) -> web.StreamResponse:
        return activity(msgspec.json.encode(page))

    peer.answers["/outbox"] = answer
    node.clock.advance(8 * 3600)
    with unchanged(node):
        await node.node.federation.catch_up.run_catch_up()
    assert peer.asked["/outbox"] == 1


async def test_a_log_with_somebody_elses_activities(
    node: LocalNode, peer: HostileNode, stranger: HostileNode
) -> None:
    items = [
        stranger.create(stranger.sign(stranger.draft_offer())),
        peer.create(stranger.sign(peer.draft_offer(), method=peer.key_id)),
        b"7",
        peer.create(peer.sign(peer.draft_offer(2))),
    ]
    pages = [page_of(peer, items, cursor="one"), page_of(peer, [], cursor="two")]

    async def answer(_: web.Request) -> web.StreamResponse:
        return activity(pages.pop(0))

    peer.answers["/outbox"] = answer
    node.clock.advance(8 * 3600)
    await node.node.federation.catch_up.run_catch_up()
    assert await live(node, peer) == {peer.offer_id(2)}
    assert await live(node, stranger) == set()
    assert not stranger.asked


def page_of(peer: HostileNode, items: list[bytes], *, cursor: str = "next") -> bytes:
    outbox = f"{peer.origin}/outbox"
    head = msgspec.json.encode(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": outbox,
            "type": "OrderedCollectionPage",
            "partOf": outbox,
            "next": f"{outbox}?after={cursor}",
        }
    )
    return head[:-1] + b',"orderedItems":[' + b",".join(items) + b"]}"


@pytest.mark.parametrize(
    "answer", [answer_redirect, answer_without_end, answer_a_bomb, answer_html, answer_nesting]
)
async def test_hostile_answers_to_a_delivery_are_survived(
    node: LocalNode,
    peer: HostileNode,
    answer: Callable[[web.Request], web.StreamResponse],
) -> None:
    peer.answers["/inbox/batch"] = answer  # type: ignore[assignment]
    await node.publish(await node.join())
    await node.work()
    assert peer.asked["/inbox/batch"] == 1
    await node.work()
    assert peer.asked["/inbox/batch"] <= 2
