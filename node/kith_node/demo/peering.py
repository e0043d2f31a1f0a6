"""Making all communities of the demonstration peers of each other, as stewards would."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Callable, Sequence

import msgspec

from kith_node.demo.errors import CheckError
from kith_node.demo.nodes import DemoNode
from kith_node.demo.waiting import run_together, wait_until

CONNECTED = "peer"  # as `kith peer list` says it
TIMEOUT_S = 30
# Asking means starting a program.
POLL_S = 0.5
COMMANDS_AT_ONCE = 2


class _Peer(msgspec.Struct, frozen=True):
    actor: str
    state: str


class _Peers(msgspec.Struct, frozen=True):
    peers: tuple[_Peer, ...]


async def connect_all(nodes: Sequence[DemoNode], *, tick: Callable[[], None]) -> None:
    """Make *nodes*, which are serving, peers of each other; return when all of them say so.

    Args:
        nodes: all of them.
        tick: called once for each pair.

    Raises:
        CheckError: a node does not say so in time.
    """
    gate = asyncio.Semaphore(COMMANDS_AT_ONCE)

    async def add(asking: DemoNode, asked: DemoNode) -> None:
        async with gate:
            await asking.run("peer", "add", asked.origin)
        tick()

    async def is_connected(node: DemoNode) -> bool:
        others = {other.actor for other in nodes if other is not node}
        async with gate:
            return others <= await list_peers(node)

    await run_together(add(one, other) for one, other in itertools.combinations(nodes, 2))
    for node in nodes:
        if not await wait_until(
            functools.partial(is_connected, node),
            timeout_s=TIMEOUT_S,
            every_s=POLL_S,
        ):
            raise CheckError(f"{node.community.name} is not connected with all others")


async def list_peers(node: DemoNode) -> set[str]:
    """Return the actors with which *node* exchanges in both directions."""
    told = await node.run("peer", "list")
    peers = msgspec.json.decode(told, type=_Peers).peers
    return {peer.actor for peer in peers if peer.state == CONNECTED}
