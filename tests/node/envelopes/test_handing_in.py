"""What is taken from members, what is refused, and that a call may be repeated."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kith_node.envelopes.quota import ENVELOPES_BURST, KNOCKS_A_WEEK
from kith_protocol.hand_in import HandIn, encode_hand_in
from kith_testing.clock import FakeClock
from kith_testing.node import Caller, LocalNode, open_local_node
from kith_testing.sending import (
    STEWARD,
    befriend,
    envelope_path,
    hand_in,
    handed_in,
    publish_with_bundle,
    state_of,
    unstamped,
)

HANDLE = b"h" * 16
BOX = b"b" * 16
DAY_S = 86_400


async def test_the_same_call_again_is_answered_and_queues_nothing(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    caller = await here.join()
    body = handed_in(there.origin, BOX, b"one")
    assert (await hand_in(here, caller, HANDLE, body)).status == 202
    rows = here.dump()["catalogue.posted"]

    assert (await hand_in(here, caller, HANDLE, body)).status == 202
    assert here.dump()["catalogue.posted"] == rows


@pytest.mark.parametrize("is_gone", [False, True])
async def test_another_call_under_the_same_handle_is_refused_also_when_it_has_gone(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock, is_gone: bool
) -> None:
    here, there = peers
    caller = await here.join()
    body = handed_in(there.origin, BOX, b"one")
    await hand_in(here, caller, HANDLE, body)
    if is_gone:
        clock.advance(61)
        await here.node.envelopes.run_queue()
    for other in (
        handed_in(there.origin, BOX, b"two"),
        handed_in(there.origin, b"c" * 16, b"one"),
        handed_in(here.origin, BOX, b"one"),
        handed_in(there.origin, BOX, b"one", is_slow=True),
    ):
        reply = await hand_in(here, caller, HANDLE, other)
        assert (reply.status, reply.code) == (409, "conflict")
    assert (await hand_in(here, caller, HANDLE, body)).status == 202


async def test_a_call_may_be_repeated_after_midnight_and_in_another_week(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    body = handed_in(there.origin, BOX)
    await hand_in(here, await here.join(), HANDLE, body)
    clock.advance(7 * DAY_S)
    await here.node.envelopes.run_keys()
    assert (await hand_in(here, await here.join(), HANDLE, body)).status == 202


async def test_two_calls_at_the_same_moment_queue_one_envelope(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    caller = await here.join()
    body = handed_in(there.origin, BOX)
    replies = await asyncio.gather(*(hand_in(here, caller, HANDLE, body) for _ in range(5)))
    assert {reply.status for reply in replies} == {202}
    assert len(here.dump()["catalogue.posted"]) == 1


async def test_what_is_not_spelt_so_is_refused_before_anything_is_counted(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    caller = await here.join()
    good = handed_in(there.origin, BOX)
    for bad in (good[:-1], good + b"\0", b"", b"\x02" + good[1:]):
        reply = await hand_in(here, caller, HANDLE, bad)
        assert (reply.status, reply.code) == (400, "malformed")
    for path in ("/api/v1/envelopes/short", "/api/v1/envelopes/" + "!" * 22):
        headers = {**caller.session, "Content-Type": "application/vnd.kith.hand-in"}
        reply = await here.send("PUT", path, headers=headers, body=good)
        assert reply.status == 404
    assert here.dump()["catalogue.posted"] == []


async def test_json_is_not_read(here: LocalNode) -> None:
    caller = await here.join()
    reply = await here.send_json(
        "PUT", envelope_path(HANDLE), {"to": here.origin}, headers=caller.session
    )
    assert reply.status == 415


async def test_the_state_of_an_unknown_handle_is_nothing(here: LocalNode) -> None:
    assert await state_of(here, await here.join(), HANDLE) == "not-found"


# --- targets -------------------------------------------------------------------


async def test_a_node_that_nothing_is_agreed_with_gets_nothing(
    here: LocalNode, there: LocalNode
) -> None:
    reply = await hand_in(here, await here.join(), HANDLE, handed_in(there.origin, BOX))
    assert (reply.status, reply.code) == (403, "unreachable-node")
    assert here.dump()["catalogue.posted"] == []


async def test_peers_again_after_a_cut_are_peers_in_full(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    standings = here.node.federation.standings
    await here.node.federation.peering.remove(there.origin, role=STEWARD)
    standing = await standings.of(there.origin)
    assert standing is not None
    assert (standing.kind, standing.until_day) == ("cut-off", here.today + 14)
    await befriend(here, there)
    standing = await standings.of(there.origin)
    assert standing is not None
    assert standing.kind == "open"
    assert here.dump()["catalogue.cut_off"] == []


@pytest.mark.parametrize(("days", "status"), [(0, 202), (14, 202), (15, 403)])
async def test_a_peer_cut_off_is_reached_for_two_weeks(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock, days: int, status: int
) -> None:
    here, there = peers
    await here.node.federation.peering.remove(there.origin, role=STEWARD)
    clock.advance(days * DAY_S)
    reply = await hand_in(here, await here.join(), HANDLE, handed_in(there.origin, BOX))
    assert reply.status == status


async def test_a_blocked_node_is_reached_at_no_time(
    peers: tuple[LocalNode, LocalNode],
) -> None:
    here, there = peers
    await here.node.federation.peering.block(there.origin, role=STEWARD)
    reply = await hand_in(here, await here.join(), HANDLE, handed_in(there.origin, BOX))
    assert reply.status == 403


async def test_without_the_keyholders_key_nothing_is_taken(tmp_path: Path) -> None:
    async with open_local_node(tmp_path, has_keyholders=False) as node:
        reply = await hand_in(node, await node.join(), HANDLE, handed_in(node.origin, BOX))
        assert (reply.status, reply.code) == (503, "not-ready")
        assert node.dump()["catalogue.posted"] == []


async def test_in_a_quarter_without_a_keyholders_key_nothing_is_taken(
    here: LocalNode, clock: FakeClock
) -> None:
    clock.advance(200 * DAY_S)
    reply = await hand_in(here, await here.join(), HANDLE, handed_in(here.origin, BOX))
    assert (reply.status, reply.code) == (503, "not-ready")


# --- how much ------------------------------------------------------------------


async def _knock(node: LocalNode, caller: Caller, number: int, to: str) -> int:
    reply = await hand_in(node, caller, bytes((number,)) * 16, handed_in(to, BOX))
    return reply.status


async def test_ten_knocks_a_week_are_taken_of_a_member_and_others_have_their_own(
    here: LocalNode, clock: FakeClock
) -> None:
    caller = await here.join()
    await publish_with_bundle(here, caller, BOX)
    for number in range(KNOCKS_A_WEEK):
        assert await _knock(here, caller, number, here.origin) == 202
    assert await _knock(here, caller, 100, here.origin) == 429
    assert await _knock(here, caller, 0, here.origin) == 202  # said before
    assert await _knock(here, await here.join(), 101, here.origin) == 202

    other = handed_in(here.origin, b"r" * 16)
    assert (await hand_in(here, caller, b"r" * 16, other)).status == 202
    clock.advance(DAY_S)
    assert await _knock(here, caller, 102, here.origin) == 202


async def test_many_parts_at_once_are_taken_but_not_any_number(here: LocalNode) -> None:
    caller = await here.join()
    for number in range(ENVELOPES_BURST):
        reply = await hand_in(
            here, caller, number.to_bytes(16, "big"), handed_in(here.origin, BOX)
        )
        assert reply.status == 202
    reply = await hand_in(here, caller, b"x" * 16, handed_in(here.origin, BOX))
    assert (reply.status, reply.code) == (429, "too-many-requests")
    assert int(reply.headers["Retry-After"]) <= 10


async def test_all_knocks_are_of_one_size_whatever_the_length_of_names() -> None:
    box = unstamped(BOX, size=8192)
    sizes = {
        len(encode_hand_in(HandIn(to, is_slow=True, unstamped=box))) - len(to)
        for to in ("https://a.b", "https://a-long-name.example")
    }
    assert len(sizes) == 1
