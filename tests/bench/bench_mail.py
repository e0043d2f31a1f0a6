"""Envelopes into boxes and out of clients, beside a bare server; signing in, opening a vault.

A real node takes envelopes that a peer hands over: the request's signature and the stamp are
checked, and what is stored is committed, before 202. Interleaved with it, in the same run: a
bare aiohttp server that reads the same requests. What is counted there is processor time of the
serving process; for handing in, the way into a box of the same node is part of it. Signing in
and the vault are what a person waits for, on the wall clock: most of it is the derivation from
the passphrase, which is made slow on purpose.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import aiohttp
import msgspec
from bench_inbox import (
    CONNECTIONS,
    Bare,
    Sender,
    cpu_seconds,
    post_all,
    start_bare,
    verify_cost,
)

from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import WRAPPED_SEAL_BYTES, Unstamped, encode_envelope
from kith_crypto.signin import derive_sign_in
from kith_crypto.stamp import stamp_envelope
from kith_node.runtime.system import SystemClock, SystemRng
from kith_protocol.api import SessionAnswer, SignInBody
from kith_protocol.box_page import ENVELOPE_TYPE
from kith_protocol.day import day_of
from kith_protocol.hand_in import HAND_IN_TYPE, HandIn, encode_hand_in
from kith_protocol.limits import PEER_REQUESTS_PER_S
from kith_protocol.urls import parse_origin
from kith_testing.community import IMMEDIATE, PASSPHRASE, connect, join
from kith_testing.processes import NodeProcess, make_node, run_kith, running

SEALED_BYTES = 4096


async def run(folder: Path, *, rounds: int = 4, count: int = 150) -> dict[str, float]:
    """Return the figures.

    Args:
        folder: an empty folder.
        rounds: how often the measurements take turns.
        count: envelopes in a round.
    """
    await run_kith("keyholder", "new", str(folder / "keyholder"))
    keyholders = folder / "keyholder" / "keyholders.json"
    nodes = [
        await make_node(folder / name, keyholders=keyholders) for name in ("here", "there")
    ]
    for node in nodes:
        node.settings.update(IMMEDIATE)
    here, there = nodes
    async with running(nodes):
        await connect(here, there)
        await there.stop()
        bare = await start_bare()
        try:
            taken = await _take_in(here, bare, Sender(there), rounds, count)
        finally:
            bare.process.terminate()
            await bare.process.wait()
        return {**taken, **await _use_as_member(here, count)}


async def _take_in(
    here: NodeProcess, bare: Bare, sender: Sender, rounds: int, count: int
) -> dict[str, float]:
    cost: dict[str, list[float]] = {"bare": [], "node": [], "verify": []}
    # A box that is not there: a node does the same work for it, and it never fills up.
    box = bytes(16)
    url = f"{here.url}/mailboxes/{encode_base64url(box)}"
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        for number in range(rounds):
            if number:
                await asyncio.sleep(
                    count / PEER_REQUESTS_PER_S
                )  # what a node takes of one peer
            raws = [_envelope(box, sender) for _ in range(count)]
            for name, place, pid in (
                ("bare", bare.url, bare.process.pid),
                ("node", url, here.pid),
            ):
                seconds = await post_all(session, place, raws, ENVELOPE_TYPE, sender, pid)
                cost[name].append(seconds / count)
            cost["verify"].append(verify_cost(sender.identity.signing_key))
    best = {name: min(values) for name, values in cost.items()}
    return {
        "bare_server_per_core_s": round(1 / best["bare"]),
        "mailbox_in_per_core_s": round(1 / best["node"]),
        # The bare server and the two checks that nobody can leave out: request and stamp.
        "mailbox_in_ratio": round((best["bare"] + 2 * best["verify"]) / best["node"], 3),
    }


def _envelope(box: bytes, sender: Sender) -> bytes:
    rng = SystemRng()
    stamped = stamp_envelope(
        Unstamped(box, rng.bytes(32), rng.bytes(SEALED_BYTES)),
        node_key=sender.identity.signing_key,
        wrapped_seal=rng.bytes(WRAPPED_SEAL_BYTES),
        day=day_of(SystemClock().now()),
    )
    return encode_envelope(stamped.envelope)


async def _use_as_member(here: NodeProcess, count: int) -> dict[str, float]:
    async with await join(here, "bench") as member:
        await member.personas.add("Quiet Heron")
        await member.vault.sync()
        community = member.keys.community
        assert community is not None
        handed_in = await _hand_in(here, community.auth, count)
    started = time.perf_counter()
    await asyncio.to_thread(derive_sign_in, "bench", PASSPHRASE, community=bytes(16))
    derived = time.perf_counter() - started
    started = time.perf_counter()
    other = await Member.sign_in(here.url, name="bench", passphrase=PASSPHRASE)
    signed_in = time.perf_counter() - started
    async with other:
        started = time.perf_counter()
        await other.vault.sync()
        synced = time.perf_counter() - started
        assert other.personas.list()
    return {
        "hand_in_node_ms": round(1000 * handed_in, 2),
        "derivation_ms": round(1000 * derived, 1),
        "sign_in_and_open_vault_ms": round(1000 * signed_in, 1),
        "vault_unchanged_ms": round(1000 * synced, 1),
    }


async def _hand_in(here: NodeProcess, auth: bytes, count: int) -> float:
    """Hand in *count* envelopes and return the node's processor seconds for each."""
    rng = SystemRng()
    body = SignInBody(encode_base64url(auth), encode_base64url(rng.bytes(8)))
    json_type = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as http:
        async with http.post(
            f"{here.url}/api/v1/session", data=msgspec.json.encode(body), headers=json_type
        ) as response:
            answer = msgspec.json.decode(await response.read(), type=SessionAnswer)
        headers = {"Authorization": f"Kith {answer.token}", "Content-Type": HAND_IN_TYPE}
        raws = [
            encode_hand_in(
                HandIn(
                    parse_origin(here.url, development=True),
                    is_slow=True,
                    unstamped=Unstamped(bytes(16), rng.bytes(32), rng.bytes(SEALED_BYTES)),
                )
            )
            for _ in range(count)
        ]
        before = cpu_seconds(here.pid)
        for raw in raws:
            url = f"{here.url}/api/v1/envelopes/{encode_base64url(rng.bytes(16))}"
            async with http.put(url, data=raw, headers=headers) as reply:
                assert reply.status == 202, await reply.text()
        return (cpu_seconds(here.pid) - before) / count
