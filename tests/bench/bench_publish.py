"""Offers that members publish in a second, each durable before its answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from kith_testing.community import CV_OFFER, IMMEDIATE, join
from kith_testing.processes import make_node, running


async def run(folder: Path, *, members: int = 4, offers: int = 25) -> dict[str, float]:
    """Return the figures.

    Args:
        folder: an empty folder.
        members: how many publish at the same time.
        offers: how many each of them publishes, with a key bundle for each of 13 weeks.
    """
    node = await make_node(folder / "node")
    node.settings.update(IMMEDIATE)
    async with running([node]), contextlib.AsyncExitStack() as stack:
        joined = [
            await stack.enter_async_context(await join(node, f"m{number}"))
            for number in range(members)
        ]
        started = time.perf_counter()

        async def publish_all(number: int) -> None:
            for _ in range(offers):
                await joined[number].offers.publish(CV_OFFER, days=90)

        await asyncio.gather(*(publish_all(number) for number in range(members)))
        seconds = time.perf_counter() - started
    return {"publish_per_s": round(members * offers / seconds, 1)}
