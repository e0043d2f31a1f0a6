"""A running node with a member, and several that are peers: where end-to-end tests start."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

from kith_client.means import Means
from kith_client.member import Member
from kith_client.system import SystemClock
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import Query
from kith_testing.processes import NodeProcess, make_node, run_kith, running
from kith_testing.waiting import until

PASSPHRASE = "lantern orbit maple drift cobalt fern"

CV_OFFER = OfferContent(
    topics=("career.cv",), languages=("en",), ways=("review",), formats=("chat",)
)

IMMEDIATE = {
    "KITH_RELEASE__DAYS": "0",
    "KITH_OFFERS__QUOTA": "100000",
    "KITH_ENVELOPES__DELAY_S": "0",
    "KITH_ENVELOPES__SLOW_S": "0",
    "KITH_EVENTS__TICK_S": "0",
}


class ShiftedClock:
    """The machine's clock, moved by whole days: what a member's device shows then."""

    def __init__(self, days: int) -> None:
        self._shift_s = days * 86_400
        self._clock = SystemClock()

    def now(self) -> int:
        return self._clock.now() + self._shift_s


async def join(node: NodeProcess, name: str, *, link: str | None = None) -> Member:
    """Join *node* as a new member; the caller closes the member."""
    if link is None:
        link = json.loads(await node.kith("invite", "new", "--json"))["invites"][0]
    joined = await Member.join(
        link, name=name, passphrase=PASSPHRASE, home=node.folder / f"home-{name}"
    )
    return joined.member


async def reopen(node: NodeProcess, name: str, *, days: int = 0) -> Member:
    """Open the keys of a member who joined before, with their clock moved by *days*."""
    return await Member.open(
        node.folder / f"home-{name}",
        passphrase=PASSPHRASE,
        means=Means(clock=ShiftedClock(days)),
    )


async def found_ids(member: Member, query: Query | None = None) -> set[str]:
    """Return the ids of the offers that *member* finds, at most a page."""
    answer = await member.search.find(query or Query(limit=50))
    return {hit.id for hit in answer.hits}


async def wait_found(member: Member, offer_id: str) -> None:
    """Wait until *member* finds the offer."""

    async def is_found() -> bool:
        return offer_id in await found_ids(member)

    await until(is_found, f"{offer_id} is found")


async def wait_gone(member: Member, offer_id: str) -> None:
    """Wait until *member* does not find the offer any more."""

    async def is_gone() -> bool:
        return offer_id not in await found_ids(member)

    await until(is_gone, f"{offer_id} is gone")


async def peer_states(node: NodeProcess) -> dict[str, str]:
    """Return actor to state, as ``kith peer list`` says."""
    listed = json.loads(await node.kith("peer", "list", "--json"))["peers"]
    return {peer["actor"]: peer["state"] for peer in listed}


async def connect(one: NodeProcess, other: NodeProcess) -> None:
    """Make two running nodes peers: one asks, the other's steward approves."""
    await one.kith("peer", "add", other.url)

    async def has_asked() -> bool:
        return (await peer_states(other)).get(one.actor) == "waits for you"

    await until(has_asked, "the request has arrived")
    await other.kith("peer", "approve", one.actor)

    async def is_mutual() -> bool:
        here, there = await peer_states(one), await peer_states(other)
        return here.get(other.actor) == "peer" and there.get(one.actor) == "peer"

    await until(is_mutual, "both are peers")


@contextlib.asynccontextmanager
async def federation(folder: Path, count: int) -> AsyncIterator[list[NodeProcess]]:
    """Run *count* nodes, each a peer of every other, with immediate releases."""
    await run_kith("keyholder", "new", str(folder / "keyholder"))
    keyholders = folder / "keyholder" / "keyholders.json"
    nodes = [
        await make_node(folder / f"node{number}", keyholders=keyholders)
        for number in range(count)
    ]
    for node in nodes:
        node.settings.update(IMMEDIATE)
    async with running(nodes):
        for index, node in enumerate(nodes):
            for other in nodes[index + 1 :]:
                await connect(node, other)
        yield nodes
