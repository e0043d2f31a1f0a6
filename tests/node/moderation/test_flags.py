"""Reports between two real nodes, and from a peer that does what it likes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.strict_json import JsonObject
from kith_protocol.flag import build_flag
from kith_protocol.sealed_api import DecisionBody, ReportBody
from kith_testing.clock import FakeClock
from kith_testing.hostile import HostileNode, open_hostile
from kith_testing.node import Caller, LocalNode, Reply, open_local_node

SEALED = b"f" * 8192
REPORT = b"r" * 16


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[tuple[LocalNode, LocalNode]]:
    clock = FakeClock()
    async with (
        open_local_node(tmp_path / "here", clock=clock) as here,
        open_local_node(tmp_path / "there", clock=clock, seed=2) as there,
    ):
        await here.node.federation.peering.add(there.origin, role="admin")
        for _ in range(3):
            await here.work()
            await there.work()
        assert await here.node.federation.letters.is_open(there.actor)
        assert await there.node.federation.letters.is_open(here.actor)
        yield here, there


async def hand_in(node: LocalNode) -> None:
    body = ReportBody("harassment", encode_base64url(b"s" * 8192))
    await node.node.moderation.reports.hand_in(REPORT, body, caller=b"c")


async def decide(node: LocalNode, who: Caller, report: str, body: DecisionBody) -> Reply:
    path = f"/api/v1/moderation/reports/{report}/decision"
    return await node.send_json("POST", path, body, headers=who.session)


async def pass_on(
    here: LocalNode, there: LocalNode, *, to: str = "", sealed: bytes = SEALED, offer: str = ""
) -> Reply:
    body = DecisionBody("passed-on", to or there.origin, encode_base64url(sealed), offer)
    return await decide(here, await here.join("moderator"), encode_base64url(REPORT), body)


@pytest.mark.parametrize(("word", "kind"), [("acted", "Accept"), ("no-action", "Reject")])
async def test_a_report_is_passed_on_decided_and_answered(
    nodes: tuple[LocalNode, LocalNode], word: Literal["acted", "no-action"], kind: str
) -> None:
    here, there = nodes
    await hand_in(here)
    offer = f"{there.origin}/offers/{encode_base64url(bytes(16))}"
    reply = await pass_on(here, there, offer=offer)
    assert (reply.status, reply.code) == (204, "")
    await here.work()
    [entry] = await there.node.moderation.reports.list()
    assert (entry.origin, entry.object, entry.category) == (here.origin, offer, "harassment")
    assert entry.id != encode_base64url(REPORT)
    case = await there.node.moderation.reports.get(parse_base64url(entry.id))
    assert case.sealed == encode_base64url(SEALED)

    moderator = await there.join("safeguarding")
    assert (await decide(there, moderator, entry.id, DecisionBody(word))).status == 204
    [letter] = [row for row in there.dump()["catalogue.letters"] if kind in str(row)]
    assert letter
    await there.work()
    [own] = await here.node.moderation.reports.list()
    assert (own.state, own.answer) == ("passed-on", word)


async def test_what_leaves_with_a_flag_is_known_to_the_last_member(
    nodes: tuple[LocalNode, LocalNode],
) -> None:
    here, there = nodes
    await hand_in(here)
    assert (await pass_on(here, there)).status == 204
    [letter] = here.dump()["catalogue.letters"]
    raw = next(part for part in letter if isinstance(part, bytes))  # type: ignore[attr-defined]
    document = msgspec.json.decode(raw)
    assert set(document) == {
        "@context",
        "id",
        "type",
        "actor",
        "object",
        "to",
        "kith:sealed",
        "proof",
    }
    assert (document["object"], document["to"]) == (there.actor, [there.actor])
    assert encode_base64url(REPORT) not in raw.decode()


async def test_a_report_does_not_leave_for_others_than_open_peers(
    nodes: tuple[LocalNode, LocalNode],
) -> None:
    here, there = nodes
    await hand_in(here)
    own = f"{here.origin}/offers/{encode_base64url(bytes(16))}"
    assert (await pass_on(here, there, offer=own)).code == "malformed"
    assert (await pass_on(here, there, sealed=bytes(65_536))).code == "too-large"
    assert (await pass_on(here, there, to=here.origin)).code == "forbidden"
    assert (await pass_on(here, there, to="http://127.0.0.1:9")).code == "not-a-peer"
    peering = here.node.federation.peering
    await peering.limit(there.origin, role="admin")
    assert (await pass_on(here, there)).code == "not-a-peer"
    await peering.block(there.origin, role="admin")
    assert (await pass_on(here, there)).code == "not-a-peer"
    [entry] = await here.node.moderation.reports.list()
    assert entry.state == "waiting"
    assert here.dump()["catalogue.letters"] == []


# --- a peer that does what it likes ---------------------------------------------------


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[LocalNode, HostileNode]]:
    clock = FakeClock()
    async with open_local_node(tmp_path, clock=clock) as node, open_hostile(clock) as peer:
        await peer.befriend(node)
        yield node, peer


def flag(
    node: LocalNode, peer: HostileNode, number: int = 1, values: JsonObject | None = None
) -> bytes:
    document: JsonObject = build_flag(
        peer.origin, bytes((number,)) * 16, to=node.origin, sealed=SEALED
    )
    return canonical_bytes(peer.sign(document | (values or {})))


async def test_a_flag_arrives_once_and_is_kept_with_its_origin(
    stage: tuple[LocalNode, HostileNode],
) -> None:
    node, peer = stage
    for _ in range(2):
        assert (await peer.post(node, flag(node, peer))).status in {200, 202}
    [entry] = await node.node.moderation.reports.list()
    assert (entry.origin, entry.category) == (peer.origin, "")
    # A reporter's device asks for its own reports only.
    caller = await node.join()
    reply = await node.send("GET", f"/api/v1/reports/{entry.id}", headers=caller.reader)
    assert reply.code == "not-found"


async def test_a_flag_in_another_form_or_about_others_is_refused(
    stage: tuple[LocalNode, HostileNode],
) -> None:
    node, peer = stage
    wrong: list[tuple[JsonObject, str]] = [
        ({"object": "https://else.example/actor"}, "malformed"),
        ({"object": f"{peer.origin}/offers/{encode_base64url(bytes(16))}"}, "wrong-owner"),
        ({"object": [node.actor]}, "malformed"),
        ({"id": f"{peer.origin}/somewhere/else"}, "malformed"),
        ({"kith:sealed": encode_base64url(bytes(8191))}, "malformed"),
        ({"kith:sealed": 1}, "malformed"),
        ({"kith:category": "boredom"}, "malformed"),
    ]
    for values, code in wrong:
        reply = await peer.post(node, flag(node, peer, values=values))
        assert reply.code == code, values
    assert await node.node.moderation.reports.list() == ()


async def test_one_peer_cannot_fill_the_queue(stage: tuple[LocalNode, HostileNode]) -> None:
    node, peer = stage
    codes = [(await peer.post(node, flag(node, peer, one))).code for one in range(1, 23)]
    assert codes[:20] == [""] * 20
    assert set(codes[20:]) == {"too-many-requests"}
    caller = await node.join()
    body = ReportBody("safety", encode_base64url(b"s" * 8192))
    path = f"/api/v1/reports/{encode_base64url(REPORT)}"
    reply = await node.send_json("PUT", path, body, headers=caller.reader)
    assert reply.status == 201


async def test_a_limited_peer_and_a_stranger_pass_nothing_on(
    stage: tuple[LocalNode, HostileNode],
) -> None:
    node, peer = stage
    await node.node.federation.peering.limit(peer.origin, role="admin")
    assert (await peer.post(node, flag(node, peer))).code == "forbidden"
    async with open_hostile(node.clock, seed=67) as stranger:
        assert (await stranger.post(node, flag(node, stranger))).code == "not-a-peer"
    assert await node.node.moderation.reports.list() == ()
