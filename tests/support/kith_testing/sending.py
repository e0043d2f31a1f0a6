"""Nodes that exchange envelopes: what members do, over HTTP."""

from __future__ import annotations

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.objects import offer_id
from kith_protocol.api import BundlesBody
from kith_protocol.bundle import encode_bundle
from kith_protocol.day import Day, week_of
from kith_protocol.hand_in import HAND_IN_TYPE, HandIn, encode_hand_in
from kith_protocol.sealed_api import EnvelopeAnswer
from kith_testing.node import Caller, LocalNode, Reply, offer_path

# Longer than any envelope waits that is not slow.
PAST_DELAYS_S = 61
STEWARD = "admin"


async def befriend(one: LocalNode, other: LocalNode) -> None:
    """Make peers of two open nodes."""
    await one.node.federation.peering.add(other.origin, role=STEWARD)
    for _ in range(2):
        await one.work()
        await other.work()


def unstamped(box: bytes, text: bytes = b"", *, size: int = 4096) -> Unstamped:
    """Return an envelope in which *text* stands for what is sealed."""
    return Unstamped(box, b"c" * 32, text.ljust(size, b"\0"))


def handed_in(to: str, box: bytes, text: bytes = b"", *, is_slow: bool = False) -> bytes:
    """Return the body that hands *text* in for *box* at the node *to*."""
    return encode_hand_in(HandIn(to, is_slow, unstamped(box, text)))


def envelope_path(handle: bytes) -> str:
    """Return where an envelope is handed in and asked for."""
    return f"/api/v1/envelopes/{encode_base64url(handle)}"


async def hand_in(node: LocalNode, caller: Caller, handle: bytes, body: bytes) -> Reply:
    """Hand *body* in."""
    headers = {**caller.session, "Content-Type": HAND_IN_TYPE}
    return await node.send("PUT", envelope_path(handle), headers=headers, body=body)


async def state_of(node: LocalNode, caller: Caller, handle: bytes) -> str:
    """Return what became of an envelope, or the problem's code."""
    reply = await node.send("GET", envelope_path(handle), headers=caller.reader)
    if reply.status != 200:
        return reply.code
    return msgspec.json.decode(reply.body, type=EnvelopeAnswer).state


async def put_bundle(
    node: LocalNode, caller: Caller, key: SigningKey, box: bytes, *, week: Day | None = None
) -> bytes:
    """Upload this week's bundle of the offer of *key* that names *box*; return the bundle."""
    raw = encode_bundle(
        key, week=week or week_of(node.today), sealing_key=bytes(1216), knock_box=box
    )
    body = BundlesBody((encode_base64url(raw),))
    reply = await node.call(key, "PUT", f"{offer_path(key)}/bundles", body, caller=caller)
    assert reply.status == 204, reply.body
    return raw


async def publish_with_bundle(node: LocalNode, caller: Caller, box: bytes) -> bytes:
    """Publish and release an offer whose knocks go to *box*; return the offer's id."""
    key = await node.publish(caller)
    await put_bundle(node, caller, key, box)
    await node.work()
    return offer_id(key.verify_key)
