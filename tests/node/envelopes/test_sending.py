"""An envelope's way from a member of one node into a box of another, or of the same one."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.envelope import parse_envelope
from kith_crypto.errors import DecryptionError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.objects import box_address, community_id
from kith_crypto.seals import KIND_ENVELOPE, open_seal, quarter_of
from kith_crypto.sender_seal import envelope_digest
from kith_crypto.stamp import encode_postmark, postmark_of, verify_stamp
from kith_protocol.sealed_api import EnvelopeAnswer
from kith_testing.clock import FakeClock
from kith_testing.node import LocalNode
from kith_testing.sending import (
    PAST_DELAYS_S,
    hand_in,
    handed_in,
    state_of,
)

HANDLE = b"h" * 16
DAY_S = 86_400


async def _send(
    node: LocalNode, clock: FakeClock, *, to: LocalNode, key: SigningKey, handle: bytes = HANDLE
) -> None:
    """Have a new member hand something in, and let it leave."""
    body = handed_in(to.origin, box_address(key.verify_key), b"hello")
    reply = await hand_in(node, await node.join(), handle, body)
    assert reply.status == 202, reply.body
    assert msgspec.json.decode(reply.body, type=EnvelopeAnswer).state == "queued"
    clock.advance(PAST_DELAYS_S)
    await node.node.envelopes.run_queue()


async def test_an_envelope_arrives_in_a_box_of_another_node_stamped(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    key = await there.open_box(await there.join())
    await _send(here, clock, to=there, key=key)

    [item] = (await there.fetch_box(key)).items
    assert item.node == here.origin
    envelope = parse_envelope(item.envelope)
    assert envelope.sealed.startswith(b"hello")
    assert envelope.day == here.today
    verify_stamp(envelope, [here.node.identity.signing_key.verify_key])
    assert await state_of(here, await here.join(), HANDLE) == "delivered"


async def test_an_envelope_for_a_box_of_the_same_node_waits_as_long(
    here: LocalNode, clock: FakeClock
) -> None:
    caller = await here.join()
    key = await here.open_box(caller)
    body = handed_in(here.origin, box_address(key.verify_key))
    await hand_in(here, caller, HANDLE, body)
    await here.node.envelopes.run_queue()
    assert (await here.fetch_box(key)).items == ()

    clock.advance(PAST_DELAYS_S)
    await here.node.envelopes.run_queue()
    [item] = (await here.fetch_box(key)).items
    assert item.node == here.origin
    assert await state_of(here, caller, HANDLE) == "delivered"
    assert not await here.node.federation.introductions.knows(here.origin)


async def test_handing_over_introduces_the_node_until_half_a_year_has_passed(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    introductions = here.node.federation.introductions
    assert not await introductions.knows(there.origin)
    await _send(here, clock, to=there, key=await there.open_box(await there.join()))

    assert await introductions.knows(there.origin)
    clock.advance(183 * DAY_S)
    assert await introductions.knows(there.origin)
    clock.advance(DAY_S)
    assert not await introductions.knows(there.origin)
    await here.node.federation.upkeep.run_upkeep()
    assert here.dump()["catalogue.introduced"] == []


async def test_nothing_is_left_of_an_envelope_that_has_gone_and_after_eight_days_no_line(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    await _send(here, clock, to=there, key=await there.open_box(await there.join()))
    [row] = here.dump()["catalogue.posted"]
    assert isinstance(row, tuple)
    assert row[-1] is None

    clock.advance(8 * DAY_S)
    await here.node.envelopes.run_forgetting()
    assert await state_of(here, await here.join(), HANDLE) == "delivered"
    clock.advance(DAY_S)
    await here.node.envelopes.run_forgetting()
    assert await state_of(here, await here.join(), HANDLE) == "not-found"
    assert here.dump()["catalogue.posted"] == []


async def test_the_keyholders_and_the_node_together_learn_the_sender_and_only_so(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    key = await there.open_box(await there.join())
    await _send(here, clock, to=there, key=key)
    [item] = (await there.fetch_box(key)).items
    envelope = parse_envelope(item.envelope)
    postmark = postmark_of(envelope)

    seal = await here.node.envelopes.unwrap(encode_postmark(postmark))
    quarter = quarter_of(envelope.day)
    opened = open_seal(
        sha256(f"quarter {quarter}".encode()),
        seal,
        kind=KIND_ENVELOPE,
        community=community_id(here.actor),
        epoch=quarter,
    )
    members = {row[0] for row in here.dump()["members.members"] if isinstance(row, tuple)}
    assert opened.member_id in members
    assert opened.digest == envelope_digest(
        envelope.box, envelope.commitment, sha256(envelope.sealed)
    )
    with pytest.raises(SignatureError):
        await there.node.envelopes.unwrap(encode_postmark(postmark))


async def test_nothing_older_than_nine_weeks_is_unwrapped(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    key = await there.open_box(await there.join())
    await _send(here, clock, to=there, key=key)
    [item] = (await there.fetch_box(key)).items
    postmark = encode_postmark(postmark_of(parse_envelope(item.envelope)))

    clock.advance(8 * 7 * DAY_S)
    await here.node.envelopes.run_keys()
    assert len(await here.node.envelopes.unwrap(postmark)) == 1200
    clock.advance(7 * DAY_S)
    with pytest.raises(DecryptionError):
        await here.node.envelopes.unwrap(postmark)


async def test_a_member_id_is_in_no_row_and_in_no_answer(
    peers: tuple[LocalNode, LocalNode], clock: FakeClock
) -> None:
    here, there = peers
    before = set(map(repr, here.dump()["members.members"]))
    caller = await here.join()
    [row] = [r for r in here.dump()["members.members"] if repr(r) not in before]
    assert isinstance(row, tuple)
    member_id: bytes = row[0]

    body = handed_in(there.origin, b"b" * 16, b"hello")
    reply = await hand_in(here, caller, HANDLE, body)
    rows = here.dump(without=frozenset({"members", "sqlite_stat1"}))
    held = b"".join(
        value
        for lines in rows.values()
        for line in lines
        if isinstance(line, tuple)
        for value in line
        if isinstance(value, bytes)
    )
    assert member_id not in held
    assert member_id not in reply.body
    assert b"hello" in held  # the search finds what is there
