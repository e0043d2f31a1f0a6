"""The first half of a run: communities are made, connected and filled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kith_client.member import Member
from kith_node.demo import holdings
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Filler
from kith_node.demo.keyholding import make_keyholders
from kith_node.demo.nodes import DemoNode, free_ports, make_node
from kith_node.demo.peering import connect_all
from kith_node.demo.plan import Community, Plan
from kith_node.demo.stage import Stage, refuse
from kith_node.demo.view import fetch_key
from kith_node.demo.waiting import patiently, run_together, wait_until
from kith_protocol.query import Query

MAKING_AT_ONCE = 2  # each is a program of its own
SETTLE_TIMEOUT_S = 90
SETTLE_POLL_S = 0.25

Invites = tuple[str, ...]


async def open_communities(stage: Stage, plan: Plan) -> list[Invites]:
    """Make and start the nodes, connect them, and return invites for each.

    Raises:
        NodeFailedError: a command or a node failed.
        CheckError: they did not connect.
    """
    communities = plan.communities
    ports = free_ports(len(communities), base=stage.options.port_base)
    gate = asyncio.Semaphore(MAKING_AT_ONCE)

    async def make(
        community: Community, port: int, tick: Callable[[], None]
    ) -> tuple[DemoNode, Invites]:
        async with gate:
            folder = stage.folder / community.name.lower()
            public = await make_keyholders(folder)
            node = await make_node(community, folder, port, keyholders=public)
            invites = await node.invite(plan.accounts)
        tick()
        return node, invites

    number = len(communities)
    label = f"Making {number} {'community' if number == 1 else 'communities'}"
    with stage.progress.part("make", label, steps=number) as tick:
        made = await run_together(
            make(community, port, tick)
            for community, port in zip(communities, ports, strict=True)
        )
    stage.nodes = [node for node, _ in made]
    with stage.progress.part("start", "Starting them"):
        await run_together(node.start() for node in stage.nodes)
    pairs = len(communities) * (len(communities) - 1) // 2
    with stage.progress.part("connect", "Connecting them", steps=pairs) as tick:
        await connect_all(stage.nodes, tick=tick)
    return [invites for _, invites in made]


async def fill(stage: Stage, plan: Plan, invites: list[Invites]) -> None:
    """Let people join and publish; return when everything has arrived everywhere.

    Raises:
        CheckError: it did not in time.
        ProblemError: a node refused something.
    """
    homes = stage.folder / "members" if stage.options.keeps_homes else None
    count = len(plan.offers)
    with stage.progress.part("publish", f"Publishing {count} offers", steps=count) as tick:
        filler = Filler(stage.nodes, plan, means=stage.means, homes=homes, tick=tick)
        stage.filling = await filler.fill(invites)
    with stage.progress.part("settle", "Waiting until all is everywhere"):
        for reader, node in zip(stage.readers(), stage.nodes, strict=True):
            if not await _has_all(reader, count):
                raise CheckError(f"{node.community.name} did not get all {count} offers")


async def verify(stage: Stage) -> int:
    """Return how many remote offers all nodes hold, each proof verified once more here.

    Raises:
        CheckError: a node holds something else than was published, or a proof is not its
            author's.
    """
    with stage.progress.part("verify", "Comparing and verifying everything"):
        views = await stage.check_holdings()
        keys = {node.actor: await fetch_key(node, stage.means) for node in stage.nodes}
        refuse(holdings.verify_proofs(views.values(), keys))
        return holdings.count_remote(views)


async def _has_all(reader: Member, count: int) -> bool:
    """Return whether the node of *reader* finds *count* offers in time."""

    async def is_complete() -> bool:
        answer = await patiently(lambda: reader.search.find(Query(limit=1)))
        return answer.total >= count

    return await wait_until(is_complete, timeout_s=SETTLE_TIMEOUT_S, every_s=SETTLE_POLL_S)
