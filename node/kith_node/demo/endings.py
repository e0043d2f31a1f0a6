"""How offers end: withdrawn by their owners, with receipts from the peers, or expired."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Filling, Standing
from kith_node.demo.holdings import find_survivors
from kith_node.demo.plan import Fate
from kith_node.demo.stage import Stage, refuse
from kith_node.demo.waiting import patiently, run_together, wait_until

TIMEOUT_S = 30
POLL_S = 0.1
CONFIRMED = "confirmed"


def with_fate(filling: Filling, fate: Fate) -> list[Standing]:
    """Return the published offers that the plan gave *fate*."""
    return [offer for offer in filling.offers if offer.planned.fate == fate]


async def withdraw(offers: Sequence[Standing], *, peers: int, tick: Callable[[], None]) -> int:
    """Withdraw *offers* and return how many receipts confirm that they are gone.

    Args:
        offers: to be withdrawn by their owners.
        peers: how many other communities have each of them.
        tick: called once for each offer that all peers confirmed.

    Raises:
        CheckError: a receipt is missing.
    """
    for offer in offers:
        await _withdraw(offer)
    confirmed = 0
    for offer in offers:
        confirmed += await _wait_for_receipts(offer, peers)
        tick()
    return confirmed


async def wait_until_gone(stage: Stage) -> None:
    """Return once no node shows anything that must be gone.

    Raises:
        CheckError: some node still does after a while.
    """
    left: list[str] = []

    async def is_gone() -> bool:
        left[:] = find_survivors(await stage.read_views(), stage.gone)
        return not left

    if not await wait_until(is_gone, timeout_s=TIMEOUT_S, every_s=POLL_S):
        refuse(left)


async def move_clocks(stage: Stage, *, days_ahead: int) -> None:
    """Stop all nodes and start them with their clocks, and ours, moved."""
    await run_together(node.stop() for node in stage.nodes)
    stage.clock.days_ahead = days_ahead
    await run_together(node.start(days_ahead=days_ahead) for node in stage.nodes)


async def _withdraw(offer: Standing) -> None:
    await patiently(lambda: offer.member.offers.withdraw(offer.id))


async def _wait_for_receipts(offer: Standing, peers: int) -> int:
    """Return how many peers confirmed, which must be all."""
    confirmed: list[str] = []

    async def is_confirmed() -> bool:
        receipts = await patiently(lambda: offer.member.offers.receipts(offer.id))
        confirmed[:] = [receipt.peer for receipt in receipts if receipt.state == CONFIRMED]
        return len(confirmed) == peers

    if not await wait_until(is_confirmed, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(
            f"{len(confirmed)} of {peers} communities confirmed that {offer.url} is gone"
        )
    return len(confirmed)
