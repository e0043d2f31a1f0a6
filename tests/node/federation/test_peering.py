"""How nodes become peers and stop, as stewards drive it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_crypto.errors import UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_node.federation import registry as registry_module
from kith_node.federation.identity import FederationOffError
from kith_node.federation.peer_store import delete_peer, list_audit
from kith_node.federation.service import FederationSettings
from kith_protocol.activity import Follow
from kith_protocol.announcements import (
    build_accept,
    build_delete_actor,
    build_follow,
    build_reject,
    build_undo,
)
from kith_testing.clock import FakeClock
from kith_testing.peer import STEWARD, PeerNode, open_peer, settle


async def _open(
    tmp_path: Path, clock: FakeClock, seed: int, settings: FederationSettings
) -> AsyncIterator[PeerNode]:
    folder = tmp_path / f"node{seed}"
    folder.mkdir()
    async with open_peer(folder, seed=seed, clock=clock, settings=settings) as node:
        yield node


@pytest.fixture
async def closed(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    settings = FederationSettings(name="Closed", policy="closed", development=True)
    async for node in _open(tmp_path, clock, 11, settings):
        yield node


@pytest.fixture
async def opened(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    settings = FederationSettings(name="Open", policy="open", development=True)
    async for node in _open(tmp_path, clock, 12, settings):
        yield node


@pytest.fixture
async def youth(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    settings = FederationSettings(name="Youth", programme="youth", development=True)
    async for node in _open(tmp_path, clock, 13, settings):
        yield node


async def _are_peers(one: PeerNode, other: PeerNode) -> bool:
    return await one.federation.signatures.is_peer(
        other.actor
    ) and await other.federation.signatures.is_peer(one.actor)


async def _decide(node: PeerNode, what: str, other: PeerNode) -> None:
    await getattr(node.federation.peering, what)(other.origin, role=STEWARD)


async def test_peering_waits_for_the_other_steward(here: PeerNode, there: PeerNode) -> None:
    await here.add(there)
    await settle(here, there)
    assert not await _are_peers(here, there)
    [view] = await there.federation.peering.list()
    assert view.peering.their_follow == "waiting"
    assert view.name == "Node 1"
    assert view.fingerprint == fingerprint_words(here.identity.signing_key.verify_key)
    await there.approve(here)
    await settle(here, there)
    assert await _are_peers(here, there)


@pytest.mark.parametrize(
    "form",
    ["{domain}", "{origin}", "{origin}/", "{actor}", "acct:{domain}@{domain}", " {domain} "],
)
async def test_a_node_is_found_by_every_form_of_its_name(
    here: PeerNode, there: PeerNode, form: str
) -> None:
    domain = there.origin.partition("://")[2]
    address = form.format(domain=domain, origin=there.origin, actor=there.actor)
    assert await here.federation.peering.add(address, role=STEWARD) == there.actor


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nowhere",
        "https://",
        "a b.example",
        "10.0.0.1",
        "user@",
        "https://node.example:99999",
    ],
)
async def test_what_is_no_address_is_an_error_the_steward_can_mend(
    here: PeerNode, address: str
) -> None:
    with pytest.raises(UsageError):
        await here.federation.peering.add(address, role=STEWARD)


async def test_a_node_is_not_its_own_peer(here: PeerNode) -> None:
    with pytest.raises(UsageError):
        await here.add(here)


async def test_an_unknown_node_cannot_be_decided_about(here: PeerNode, there: PeerNode) -> None:
    for what in (
        "approve",
        "reject",
        "limit",
        "restore",
        "block",
        "unblock",
        "remove",
        "trust",
    ):
        with pytest.raises(UsageError):
            await _decide(here, what, there)


async def test_a_rejected_node_is_told(here: PeerNode, there: PeerNode) -> None:
    await here.add(there)
    await settle(here, there)
    await _decide(there, "reject", here)
    await settle(here, there)
    [view] = await here.federation.peering.list()
    assert view.peering.our_follow == "none"
    assert not await _are_peers(here, there)


async def test_an_open_node_needs_no_steward(here: PeerNode, opened: PeerNode) -> None:
    await here.add(opened)
    await settle(here, opened)
    assert await _are_peers(here, opened)


async def test_a_closed_node_says_no_until_its_steward_asks(
    here: PeerNode, closed: PeerNode
) -> None:
    await here.add(closed)
    await settle(here, closed)
    assert not await _are_peers(here, closed)
    await closed.add(here)
    await settle(here, closed)
    assert await _are_peers(here, closed)


async def test_two_stewards_who_ask_at_the_same_time_meet(
    here: PeerNode, there: PeerNode
) -> None:
    await here.add(there)
    await there.add(here)
    await settle(here, there)
    assert await _are_peers(here, there)


async def test_another_programme_is_rejected(here: PeerNode, youth: PeerNode) -> None:
    with pytest.raises(UsageError):
        await here.add(youth)
    follow = build_follow(youth.origin, b"f" * 16, here.actor)
    assert (await youth.forge(f"{here.origin}/inbox", youth.sign(follow)))[0] == 202
    [view] = await here.federation.peering.list()
    assert view.peering.their_follow == "none"
    async with here.database.read() as connection:
        rows = list(await connection.execute_fetchall("SELECT activity FROM letters"))
    assert b'"type":"Reject"' in rows[0][0]


async def test_a_peer_that_changes_its_programme_is_cut_off(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    here.settings = FederationSettings(name="Node 1", programme="youth", development=True)
    await here.restart()
    clock.advance(12 * 3600)
    await there.federation.catch_up.run_catch_up()
    assert not await there.federation.signatures.is_peer(here.actor)
    assert await there.ids_of(here) == set()


async def test_a_blocked_node_is_not_told_and_its_offers_are_gone(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    await _decide(there, "block", here)
    assert await there.ids_of(here) == set()
    await settle(here, there)
    assert await here.federation.signatures.is_peer(there.actor)
    await here.announce(here.announced(2))
    await settle(here, there)
    assert await there.ids_of(here) == set()
    follow = build_follow(here.origin, b"f" * 16, there.actor)
    assert (await here.forge(f"{there.origin}/inbox", here.sign(follow)))[0] == 403
    with pytest.raises(UsageError):
        await there.add(here)
    await _decide(there, "unblock", here)
    [view] = await there.federation.peering.list()
    assert view.peering.standing == "removed"


async def test_a_peering_begins_anew_after_a_block_was_lifted(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await _decide(there, "block", here)
    await settle(here, there)
    assert await here.federation.signatures.is_peer(there.actor)
    await _decide(there, "unblock", here)
    await settle(here, there)
    assert not await here.federation.signatures.is_peer(there.actor)
    await there.add(here)
    await settle(here, there)
    await here.approve(there)
    await settle(here, there)
    assert await _are_peers(here, there)


async def test_a_node_that_lost_its_database_is_a_peer_again_when_it_asks(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await there.announce(there.announced(1))
    async with here.database.transaction() as connection:
        await delete_peer(connection, there.actor)
    here.federation.peers.forget()
    await here.add(there)
    await settle(here, there)
    assert await _are_peers(here, there)
    assert await here.ids_of(there) == {there.offer_id(1)}


async def test_an_established_peering_is_ended_by_remove_and_not_by_reject(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    with pytest.raises(UsageError, match="remove"):
        await _decide(there, "reject", here)
    await settle(here, there)
    assert await _are_peers(here, there)
    for _ in range(2):  # said again, it is told again
        await _decide(there, "remove", here)
        await settle(here, there)
        [view] = await here.federation.peering.list()
        assert view.peering.our_follow == view.peering.their_follow == "none"


async def test_an_accept_of_a_follow_that_is_not_ours_to_undo_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    foreign = Follow(f"{there.origin}/activities/{'A' * 22}", here.actor, there.actor)
    accept = there.sign(build_accept(there.origin, b"a" * 16, foreign))
    assert (await there.forge(f"{here.origin}/inbox", accept))[0] == 403


async def test_withdrawals_are_unreachable_at_a_node_that_we_blocked(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    await _decide(here, "block", there)
    await here.announce(here.withdrawn(1))
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "unreachable")
    ]


@pytest.mark.parametrize("decision", ["block", "remove"])
async def test_what_a_node_had_not_confirmed_when_it_was_cut_off_is_unreachable(
    peers: tuple[PeerNode, PeerNode], decision: str
) -> None:
    here, there = peers
    await here.announce(here.announced(1), here.announced(2))
    await settle(here, there)
    await here.announce(here.withdrawn(1))
    await settle(here, there)
    await here.announce(here.withdrawn(2))
    await _decide(here, decision, there)
    assert [
        await here.federation.outbox.receipts(here.offer_id(number)) for number in (1, 2)
    ] == [[(there.actor, "confirmed")], [(there.actor, "unreachable")]]


async def test_a_limited_peer_is_kept_but_hidden(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers

    async def hidden() -> list[int]:
        async with there.database.read() as connection:
            rows = await connection.execute_fetchall(
                "SELECT hidden FROM catalogue_objects WHERE author = :actor ORDER BY position",
                {"actor": here.actor},
            )
            return [row[0] for row in rows]

    await here.announce(here.announced(1))
    await settle(here, there)
    await _decide(there, "limit", here)
    await here.announce(here.announced(2))
    await settle(here, there)
    assert await hidden() == [1, 1]
    await _decide(there, "approve", here)
    assert await hidden() == [0, 0]


async def test_decisions_are_noted_with_the_role_alone(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await _decide(there, "limit", here)
    async with there.database.read() as connection:
        lines = await list_audit(connection, 10)
    assert [(line.role, line.action, line.object) for line in lines] == [
        (STEWARD, "we-limit", here.actor),
        (STEWARD, "we-approve", here.actor),
    ]
    assert {line.day for line in lines} == {clock.now() // 86_400}


async def test_a_decision_that_changes_nothing_is_refused_and_not_noted(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    _, there = peers
    here, _ = peers
    for what in ("approve", "restore", "unblock"):
        with pytest.raises(UsageError):
            await _decide(there, what, here)
    async with there.database.read() as connection:
        assert len(await list_audit(connection, 10)) == 1


async def test_without_the_keyholders_key_federation_is_off(
    tmp_path: Path, here: PeerNode, clock: FakeClock
) -> None:
    (tmp_path / "off").mkdir()
    async with open_peer(tmp_path / "off", seed=8, clock=clock, has_keyholders=False) as off:
        with pytest.raises(FederationOffError):
            await off.add(here)
        follow = here.sign(build_follow(here.origin, b"f" * 16, off.actor))
        for path in ("/inbox", "/inbox/batch"):
            status, body = await here.forge(off.origin + path, follow)
            assert status == 409
            assert b"federation-off" in body
        assert await off.federation.peering.list() == []


async def test_answers_to_follows_that_were_never_sent_change_nothing(
    here: PeerNode, stranger: PeerNode
) -> None:
    invented = Follow(f"{here.origin}/activities/{'A' * 22}", here.actor, stranger.actor)
    about_others = Follow(
        f"{stranger.origin}/activities/{'A' * 22}", stranger.actor, stranger.actor
    )
    inbox = f"{here.origin}/inbox"
    for activity, status in (
        (build_accept(stranger.origin, b"a" * 16, invented), 202),
        (build_reject(stranger.origin, b"b" * 16, invented), 202),
        (build_accept(stranger.origin, b"d" * 16, about_others), 403),
        (build_undo(stranger.origin, b"e" * 16, about_others), 403),
    ):
        assert (await stranger.forge(inbox, stranger.sign(activity)))[0] == status
    assert not await here.federation.signatures.is_peer(stranger.actor)
    assert all(
        view.peering.our_follow == "none" for view in await here.federation.peering.list()
    )


async def test_a_follow_of_somebody_else_is_refused(
    here: PeerNode, there: PeerNode, stranger: PeerNode
) -> None:
    follow = stranger.sign(build_follow(stranger.origin, b"f" * 16, there.actor))
    assert (await stranger.forge(f"{here.origin}/inbox", follow))[0] == 403
    assert await here.federation.peering.list() == []


async def test_a_node_that_takes_itself_back_is_forgotten_with_all_it_announced(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    gone = here.sign(build_delete_actor(here.origin))
    assert (await here.forge(f"{there.origin}/inbox", gone))[0] == 202
    assert await there.ids_of(here) == set()
    assert not await there.federation.signatures.is_peer(here.actor)


async def test_strangers_beyond_a_bound_are_put_off(
    here: PeerNode, stranger: PeerNode, clock: FakeClock
) -> None:
    async with here.database.transaction() as connection:
        for number in range(registry_module.MAX_CLOSED):
            await connection.execute(
                "INSERT INTO peers VALUES (:actor, x'00', '{}', 0, 0, '', 0, 0)",
                {"actor": f"https://n{number}.example/actor"},
            )
    here.federation.peers.forget()
    follow = stranger.sign(build_follow(stranger.origin, b"f" * 16, here.actor))
    assert (await stranger.forge(f"{here.origin}/inbox", follow))[0] == 429
    # They asked for nothing that is still open, so they are forgotten.
    await here.federation.upkeep.run_upkeep()
    clock.advance(60)
    assert (await stranger.forge(f"{here.origin}/inbox", follow))[0] == 202


async def test_nobody_speaks_in_another_nodes_name(
    here: PeerNode, there: PeerNode, stranger: PeerNode
) -> None:
    await there.add(here)
    await there.work()
    [before] = await here.federation.peering.list()
    follow_id = before.peering.their_follow_ids[0]
    inbox = f"{here.origin}/inbox"
    follow = build_follow(there.origin, b"f" * 16, here.actor)
    undo = build_undo(there.origin, b"u" * 16, Follow(follow_id, there.actor, here.actor))
    for activity in (follow, undo, build_delete_actor(there.origin)):
        status, body = await stranger.forge(inbox, there.sign(activity))
        assert status == 403
        assert b"wrong-owner" in body
    assert await here.federation.peering.list() == [before]
