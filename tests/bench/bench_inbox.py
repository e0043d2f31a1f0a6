"""Verified inbox activities per second of one core, single and batched, beside the raw limits.

A real node takes announcements that a peer's key signed: request signature and object proof are
checked and the offer is stored durably before the answer. Interleaved with it, in the same run:
a bare aiohttp server that reads the same requests and answers 202, and bare Ed25519
verification. What is counted is processor time of the serving process, because wall time on a
shared machine says little.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey, verify_ed25519
from kith_node.federation.identity import NodeIdentity, load_identity
from kith_node.federation.signatures import NodeSigner
from kith_node.runtime.system import SystemClock, SystemRng
from kith_protocol.announcements import build_create
from kith_protocol.batch import encode_batch
from kith_protocol.day import Day, day_of
from kith_protocol.limits import PEER_REQUESTS_PER_S
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import batch_url, inbox_url, offer_url, parse_origin
from kith_testing.community import IMMEDIATE, connect
from kith_testing.processes import NodeProcess, free_port, make_node, run_kith, running

CONNECTIONS = 32
ACTIVITY = "application/activity+json"
BARE = Path(__file__).with_name("bare_server.py")

CONTENT = OfferContent(
    topics=("software.javascript", "career.cv"),
    languages=("en", "de"),
    ways=("advise", "review"),
    formats=("chat", "video"),
    summary={"en": "A second pair of eyes on what you have written"},
)


async def run(
    folder: Path, *, rounds: int = 3, singles: int = 150, batches: int = 8
) -> dict[str, float]:
    """Return the figures.

    Args:
        folder: an empty folder.
        rounds: how often the measurements take turns.
        singles: activities sent one by one in a round.
        batches: batches of 100 sent in a round.
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
        sender = Sender(there)
        bare = await start_bare()
        try:
            return await _measure(here, bare, sender, rounds, singles, batches)
        finally:
            bare.process.terminate()
            await bare.process.wait()


class Sender:
    """Makes signed announcements and requests with the key of a real peer."""

    def __init__(self, node: NodeProcess) -> None:
        origin = parse_origin(node.url, development=True)
        self.identity: NodeIdentity = load_identity(node.data / "keys", origin=origin)
        self._rng = SystemRng()
        self._clock = SystemClock()
        self._signer = NodeSigner(
            self.identity, clock=self._clock, rng=self._rng, development=True
        )

    def announce(self) -> bytes:
        """Return one signed ``Create`` of a new offer, as bytes."""
        today = day_of(self._clock.now())
        offer = Offer(
            id=offer_url(self.identity.origin, self._rng.bytes(16)),
            author=self.identity.actor,
            published=today,
            updated=today,
            end_day=Day(today + 60),
            revision=1,
            content=CONTENT,
        )
        signed = self.identity.sign(build_offer(offer), day=today)
        create = self.identity.sign(build_create(self.identity.origin, signed), day=today)
        return canonical_bytes(create)

    def request(self, url: str, body: bytes, media_type: str) -> dict[str, str]:
        """Return the headers of a signed POST."""
        headers = {"content-type": media_type, "content-digest": content_digest(body)}
        return {**headers, **self._signer.sign_request("POST", url, headers)}


class Bare:
    """A bare server and where it takes requests."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url


async def start_bare() -> Bare:
    """Return a bare server; the caller ends its process."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(BARE), str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return Bare(process, f"http://localhost:{port}/inbox")


async def _measure(
    here: NodeProcess, bare: Bare, sender: Sender, rounds: int, singles: int, batches: int
) -> dict[str, float]:
    node_pid, bare_pid = here.pid, bare.process.pid
    inbox, batch = inbox_url(here.url), batch_url(here.url)
    cost: dict[str, list[float]] = {"bare": [], "single": [], "batch": [], "verify": []}
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        for number in range(rounds):
            if number:
                # What a node takes of one peer in a second; its limit is not what is measured.
                await asyncio.sleep((singles + batches) / PEER_REQUESTS_PER_S)
            activities = [sender.announce() for _ in range(singles)]
            cost["bare"].append(
                await post_all(session, bare.url, activities, ACTIVITY, sender, bare_pid)
                / singles
            )
            cost["single"].append(
                await post_all(session, inbox, activities, ACTIVITY, sender, node_pid) / singles
            )
            bodies = [
                encode_batch([sender.announce() for _ in range(100)]) for _ in range(batches)
            ]
            cost["batch"].append(
                await post_all(session, batch, bodies, ACTIVITY, sender, node_pid)
                / (batches * 100)
            )
            cost["verify"].append(verify_cost(sender.identity.signing_key))
    best = {name: min(values) for name, values in cost.items()}
    return {
        "bare_server_per_core_s": round(1 / best["bare"]),
        "verify_per_core_s": round(1 / best["verify"]),
        "inbox_single_per_core_s": round(1 / best["single"]),
        "inbox_batch_100_per_core_s": round(1 / best["batch"]),
        # The single limit: the bare server and the two checks that nobody can leave out.
        "inbox_single_ratio": round((best["bare"] + 2 * best["verify"]) / best["single"], 3),
        # The batch limit: one check an offer.
        "inbox_batch_ratio": round(best["verify"] / best["batch"], 3),
    }


async def post_all(
    session: aiohttp.ClientSession,
    url: str,
    bodies: Sequence[bytes],
    media_type: str,
    sender: Sender,
    pid: int,
) -> float:
    """Send *bodies* and return the processor seconds that process *pid* took."""
    requests = [(body, sender.request(url, body, media_type)) for body in bodies]
    gate = asyncio.Semaphore(CONNECTIONS)

    async def send(body: bytes, headers: dict[str, str]) -> None:
        async with gate, session.post(url, data=body, headers=headers) as response:
            answer = await response.read()
            assert response.status in {200, 202}, answer
            assert b"refused" not in answer, answer[:300]

    before = cpu_seconds(pid)
    await asyncio.gather(*(send(body, headers) for body, headers in requests))
    return cpu_seconds(pid) - before


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds that process *pid* has taken so far."""
    # Nanoseconds on a processor, by thread; /proc/PID/stat counts in hundredths of a second.
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def verify_cost(key: SigningKey, count: int = 2000) -> float:
    """Return the processor seconds of one bare Ed25519 verification."""
    message = bytes(64)
    signature = key.sign(message)
    before = time.process_time()
    for _ in range(count):
        verify_ed25519(key.verify_key, signature, message)
    return (time.process_time() - before) / count
