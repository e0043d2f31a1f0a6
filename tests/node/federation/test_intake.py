"""What is taken of one author, item by item, in one transaction."""

from __future__ import annotations

import pytest

from kith_node.federation import peer_store
from kith_node.http.route import Answer, Call
from kith_protocol.announcements import build_create, build_delete
from kith_protocol.batch import encode_batch, parse_results
from kith_protocol.tombstone import build_tombstone
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, settle


def _delete(node: PeerNode, number: int) -> bytes:
    tombstone = build_tombstone(node.origin, node.offer_id(number))
    return node.sign(build_delete(node.origin, node.identity.sign(tombstone, day=node.today)))


def _create(node: PeerNode, number: int) -> bytes:
    return node.sign(build_create(node.origin, node.offer(number)))


async def _statuses(here: PeerNode, there: PeerNode, *items: bytes) -> list[str]:
    status, body = await here.forge(f"{there.origin}/inbox/batch", encode_batch(items))
    assert status == 200
    return [result.status for result in parse_results(body, count=len(items))]


async def test_a_peer_cut_off_meanwhile_gets_nothing_in(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    # Another process has just removed it: what is in memory here says otherwise for a moment.
    async with there.database.transaction() as connection:
        row = await peer_store.get_peer(connection, here.actor)
        assert row is not None
        await connection.execute("UPDATE peers SET is_open = 0")
    assert await _statuses(here, there, _create(here, 1), _delete(here, 2)) == ["refused"] * 2
    assert (await here.forge(f"{there.origin}/inbox", _create(here, 3)))[0] == 403
    assert await there.ids_of(here) == set()


async def test_withdrawals_of_things_unknown_are_remembered_up_to_a_bound(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    async with there.database.transaction() as connection:
        for number in range(3):
            await connection.execute(
                "INSERT INTO tombstones VALUES (:object, :author, 99999)",
                {"object": f"{here.origin}/offers/{number}", "author": here.actor},
            )
    there.settings = type(there.settings)(name="Small", development=True, max_offers_per_peer=5)
    await there.restart()
    await here.announce(here.announced(9))
    await settle(here, there)
    deletes = [_delete(here, number) for number in range(4)]
    assert await _statuses(here, there, *deletes) == [
        "accepted",
        "accepted",
        "ignored",
        "ignored",
    ]
    assert await _statuses(here, there, _delete(here, 9), _delete(here, 9)) == [
        "accepted",
        "duplicate",
    ]
    assert await there.ids_of(here) == set()


async def test_items_whose_keys_cannot_be_fetched_now_are_to_come_later(
    here: PeerNode, there: PeerNode, clock: FakeClock
) -> None:
    await connect(here, there)
    document = here.offer(1)
    proof = document["proof"]
    assert isinstance(proof, dict)
    proof["verificationMethod"] = f"{here.actor}#new"

    async def broken(_: Call) -> Answer:
        return Answer(503)

    here.overrides["/actor"] = broken
    clock.advance(301)
    raw = here.sign(build_create(here.origin, document))
    assert await _statuses(here, there, raw, _create(here, 2)) == ["later", "accepted"]
    assert (await here.forge(f"{there.origin}/inbox", raw))[0] == 503
    del here.overrides["/actor"]
    clock.advance(301)
    status, body = await here.forge(f"{there.origin}/inbox", raw)
    assert status == 400
    assert b"bad-signature" in body


@pytest.mark.parametrize("count", [1, 24, 25, 26, 60])
async def test_batches_of_every_size_are_taken_whole(
    peers: tuple[PeerNode, PeerNode], count: int
) -> None:
    here, there = peers
    items = [_create(here, number) for number in range(count)]
    assert await _statuses(here, there, *items) == ["accepted"] * count
    changes = there.changes
    assert await _statuses(here, there, *items) == ["duplicate"] * count
    assert there.changes == changes
