"""Reports, applications, keys and offers, over HTTP with a real node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.hpke import sealing_public_key
from kith_crypto.objects import offer_id
from kith_node.federation.peer_store import list_audit
from kith_protocol.actor import parse_actor
from kith_protocol.api import CommunityAnswer, RegisterBody, Slots
from kith_protocol.invite import Invite, Role, encode_invite, invite_hash
from kith_protocol.sealed_api import (
    AdmissionBody,
    ApplicationBody,
    CaseAnswer,
    CasesAnswer,
    ModeratorsKeyBody,
    OpeningBody,
    ReportBody,
    ResealBody,
    SealAnswer,
)
from kith_testing.node import Caller, LocalNode, Reply, offer_path, open_local_node

DAY = 86_400
SEALED = encode_base64url(b"s" * 8192)
OTHER = encode_base64url(b"o" * 16_384)
ROOM = "/api/v1/moderation"


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


def name(number: int = 1) -> str:
    return encode_base64url(bytes((number,)) * 16)


async def report(node: LocalNode, who: Caller, number: int = 1, sealed: str = SEALED) -> Reply:
    path, body = f"/api/v1/reports/{name(number)}", ReportBody("safety", sealed)
    return await node.send_json("PUT", path, body, headers=who.reader)


async def apply(node: LocalNode, invite: bytes = b"i" * 32, sealed: str = SEALED) -> Reply:
    body = ApplicationBody(encode_base64url(invite), sealed)
    return await node.send_json("PUT", f"/api/v1/applications/{name()}", body)


async def ask(
    node: LocalNode, who: Caller, method: str, path: str, body: object = None
) -> Reply:
    if body is None:
        return await node.send(method, ROOM + path, headers=who.session)
    return await node.send_json(method, ROOM + path, body, headers=who.session)


async def decide(node: LocalNode, who: Caller, decision: str, number: int = 1) -> Reply:
    path = f"/reports/{name(number)}/decision"
    return await ask(node, who, "POST", path, {"decision": decision})


async def state(node: LocalNode, who: Caller, number: int = 1) -> str:
    path = f"/api/v1/reports/{name(number)}"
    reply = await node.send("GET", path, headers=who.reader)
    return reply.code or str(msgspec.json.decode(reply.body)["state"])


async def audit(node: LocalNode) -> list[tuple[str, str, str]]:
    async with node.node.stores.catalogue.read() as connection:
        lines = await list_audit(connection, 100)
    return [(line.role, line.action, line.object) for line in reversed(lines)]


# --- reports -------------------------------------------------------------------


async def test_the_way_of_a_report(node: LocalNode) -> None:
    member, moderator = await node.join(), await node.join("moderator")
    assert (await report(node, member)).status == 201
    assert (await report(node, member)).status == 200  # the same again
    assert (await report(node, member, sealed=OTHER)).code == "conflict"
    assert await state(node, member) == "waiting"

    reply = await ask(node, moderator, "GET", "/reports")
    [entry] = msgspec.json.decode(reply.body, type=CasesAnswer).cases
    assert (entry.id, entry.category, entry.state, entry.day) == (
        name(),
        "safety",
        "waiting",
        node.today,
    )
    reply = await ask(node, moderator, "GET", f"/reports/{name()}")
    assert msgspec.json.decode(reply.body, type=CaseAnswer) == CaseAnswer(entry, SEALED)

    assert (await decide(node, moderator, "acted")).status == 204
    assert (await decide(node, moderator, "acted")).status == 204
    assert (await decide(node, moderator, "no-action")).code == "conflict"
    assert await state(node, member) == "acted"
    assert await audit(node) == [("moderator", "report-acted", "")]


async def test_a_report_is_deleted_30_days_after_the_decision(node: LocalNode) -> None:
    member, moderator = await node.join(), await node.join("safeguarding")
    await report(node, member, 1)
    await report(node, member, 2)
    await decide(node, moderator, "no-action")
    room = node.node.moderation
    for days, states in [(29, ("no-action", "waiting")), (1, ("", "waiting"))]:
        node.clock.advance(days * DAY)
        await room.run_upkeep()
        known = {encode_base64url(one): one for one in (b"\1" * 16, b"\2" * 16)}
        held = {entry.id: entry.state for entry in await room.reports.list()}
        assert tuple(held.get(one, "") for one in known) == states
    node.clock.advance(149 * DAY)
    await room.run_upkeep()
    assert len(await room.reports.list()) == 1
    node.clock.advance(DAY)
    await room.run_upkeep()
    assert await room.reports.list() == ()


@pytest.mark.parametrize("size", [0, 4096, 8191, 8193, 24_576, 131_071])
async def test_only_sizes_that_are_sealed_are_taken(node: LocalNode, size: int) -> None:
    member = await node.join()
    sealed = encode_base64url(bytes(size))
    assert (await report(node, member, sealed=sealed)).code == "malformed"
    assert (await apply(node, sealed=sealed)).code == "malformed"


async def test_a_full_queue_refuses_what_is_new_and_keeps_what_it_has(node: LocalNode) -> None:
    room = node.node.moderation
    body = ReportBody("spam", SEALED)
    for number in range(500):
        await room.reports.hand_in(number.to_bytes(16, "big"), body, caller=b"c")
    member = await node.join()
    refused = await report(node, member, 200)
    assert (refused.status, refused.code) == (503, "queue-full")
    assert len(await room.reports.list()) == 500


async def test_what_waits_is_sealed_anew_to_a_new_key(node: LocalNode) -> None:
    member, moderator = await node.join(), await node.join("moderator")
    await report(node, member)
    await apply(node)
    for queue in ("reports", "applications"):
        path = f"/{queue}/{name()}"
        assert (await ask(node, moderator, "PUT", path, ResealBody(OTHER))).status == 204
        reply = await ask(node, moderator, "GET", path)
        assert msgspec.json.decode(reply.body, type=CaseAnswer).sealed == OTHER
    await decide(node, moderator, "acted")
    path = f"/reports/{name()}"
    assert (await ask(node, moderator, "PUT", path, ResealBody(SEALED))).code == "not-found"


# --- applications --------------------------------------------------------------


def joining(node: LocalNode, role: Role) -> tuple[Invite, RegisterBody]:
    invite = Invite(node.rng.bytes(16), role, node.today)
    return invite, RegisterBody(
        invite=encode_invite(invite),
        auth=encode_base64url(node.rng.bytes(32)),
        recovery_auth=encode_base64url(node.rng.bytes(32)),
        slots=Slots(passphrase="cGFzcw", recovery="cmVj"),
        device=encode_base64url(node.rng.bytes(8)),
    )


async def test_an_admitted_applicant_joins_with_the_invite_of_their_own(
    node: LocalNode,
) -> None:
    intake = await node.join("intake")
    invite, body = joining(node, "member")
    assert (await apply(node, invite_hash(invite))).status == 201
    assert (await apply(node, invite_hash(invite))).status == 200
    assert (await apply(node, b"x" * 32)).code == "conflict"
    assert (await node.send_json("POST", "/api/v1/members", body)).code == "unauthorized"
    path = f"/applications/{name()}/decision"
    assert (
        await ask(node, intake, "POST", path, AdmissionBody(is_admitted=True))
    ).status == 204
    assert await audit(node) == [("intake", "application-admitted", "")]
    assert invite_hash(invite) not in b"".join(map(str.encode, map(str, node.dump().values())))
    assert (await node.send_json("POST", "/api/v1/members", body)).status == 201
    assert (await node.send_json("POST", "/api/v1/members", body)).code == "unauthorized"


async def test_an_applicant_cannot_give_themselves_a_role(node: LocalNode) -> None:
    intake = await node.join("intake")
    for number, role in enumerate(("vetted", "admin")):
        invite, body = joining(node, "admin" if role == "admin" else "vetted")
        await apply(node, invite_hash(invite))
        path = f"/applications/{name()}/decision"
        reply = await ask(node, intake, "POST", path, AdmissionBody(is_admitted=True))
        assert reply.status == 204, number
        refused = await node.send_json("POST", "/api/v1/members", body)
        assert refused.code == "unauthorized", role


async def test_a_refused_application_opens_nothing_and_an_old_one_vanishes(
    node: LocalNode,
) -> None:
    admin = await node.join("admin")
    invite, body = joining(node, "member")
    await apply(node, invite_hash(invite))
    path = f"/applications/{name()}/decision"
    assert (
        await ask(node, admin, "POST", path, AdmissionBody(is_admitted=False))
    ).status == 204
    assert (await ask(node, admin, "POST", path, AdmissionBody(is_admitted=True))).status == 404
    assert (await node.send_json("POST", "/api/v1/members", body)).code == "unauthorized"
    await apply(node)
    node.clock.advance(14 * DAY)
    await node.node.moderation.run_upkeep()
    assert await node.node.moderation.applications.list() == ()


# --- the key -------------------------------------------------------------------


async def test_the_moderators_key_is_published_and_stays(
    node: LocalNode, tmp_path: Path
) -> None:
    moderator = await node.join("moderator")
    before = await node.send("GET", "/actor")
    key = sealing_public_key(bytes(32))
    body = ModeratorsKeyBody(encode_base64url(key))
    assert (await ask(node, moderator, "PUT", "/key", body)).status == 204
    reply = await node.send("GET", "/actor")
    assert reply.headers["ETag"] != before.headers["ETag"]
    actor = parse_actor(msgspec.json.decode(reply.body), url=node.actor, development=True)
    assert actor.moderators_key == key
    reply = await node.send("GET", "/api/v1/community")
    assert msgspec.json.decode(reply.body, type=CommunityAnswer).moderators_key == body.key
    for wrong in ("", encode_base64url(bytes(1216)[:-1]), encode_base64url(b"\xff" * 1216)):
        refused = await ask(node, moderator, "PUT", "/key", ModeratorsKeyBody(wrong))
        assert refused.status == 400, wrong
    assert (tmp_path / "data" / "keys" / "moderators.json").is_file()


# --- offers and seals ----------------------------------------------------------


async def test_moderators_remove_an_offer_and_its_seal_goes(node: LocalNode) -> None:
    member, moderator = await node.join(), await node.join("moderator")
    key = await node.publish(member)
    await node.work()
    offer = encode_base64url(offer_id(key.verify_key))
    reply = await ask(node, moderator, "GET", f"/offers/{offer}/seal")
    assert len(msgspec.json.decode(reply.body, type=SealAnswer).seal) == 1600
    assert (await ask(node, moderator, "DELETE", f"/offers/{offer}")).status == 204
    assert (await ask(node, moderator, "GET", f"/offers/{offer}/seal")).code == "not-found"
    assert (await ask(node, moderator, "DELETE", f"/offers/{offer}")).code == "not-found"
    assert (await node.call(key, "GET", offer_path(key))).status in {404, 410}
    assert node.dump()["objects.seals"] == []
    url = f"{node.origin}/offers/{offer}"
    assert await audit(node) == [
        ("moderator", "owner-seal", url),
        ("moderator", "offer-removed", url),
    ]


async def test_a_postmark_that_this_node_did_not_stamp_opens_nothing(node: LocalNode) -> None:
    moderator = await node.join("moderator")
    body = OpeningBody(encode_base64url(bytes(64)))
    assert (await ask(node, moderator, "POST", "/opening", body)).code == "malformed"
    assert await audit(node) == []


async def test_no_audit_line_says_who(node: LocalNode) -> None:
    member, moderator = await node.join(), await node.join("moderator")
    await report(node, member)
    await decide(node, moderator, "acted")
    ids = list(node.dump()["members.members"])
    for line in await audit(node):
        assert name() not in line
        assert not any(str(row) in str(line) for row in ids)
