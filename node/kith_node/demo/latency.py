"""From publishing to visible everywhere: how long one single offer takes.

The clock starts before the owner's device begins to make the offer's keys and stops when the
search service of every peer has it, so making keys, sealing, signing, delivery, both checks and
the index are all in it. Peers are asked again and again, which adds up to ``POLL_S`` and costs
processor time that the nodes on the same machine then lack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from kith_client.errors import ProblemError
from kith_client.member import Member
from kith_node.demo.chooser import Chooser
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Filling, Standing
from kith_node.demo.nodes import DemoNode
from kith_node.demo.plan import Planned
from kith_node.demo.waiting import patiently, run_together, wait_until
from kith_node.runtime.system import Clock
from kith_protocol.errors import NotFoundError
from kith_protocol.urls import offer_url

SAMPLES = 20
DAYS = 7
POLL_S = 0.02
TIMEOUT_S = 30


class Spread(msgspec.Struct, frozen=True):
    """Milliseconds: the median, and what 95 of 100 stay within."""

    p50: int
    p95: int


class Stopwatch:
    """Publishes single offers and measures how long the peers take to show them."""

    def __init__(
        self,
        nodes: Sequence[DemoNode],
        filling: Filling,
        *,
        clock: Clock,
        tick: Callable[[], None],
    ) -> None:
        """Take filled, settled nodes; *tick* is called once for each sample."""
        self._nodes = nodes
        self._filling = filling
        self._clock = clock
        self._tick = tick

    async def measure(self, *, samples: int, seed: int) -> tuple[Spread, list[Standing]]:
        """Return the spread over *samples* offers, and the offers, which stay.

        Raises:
            CheckError: an offer did not arrive somewhere in time.
        """
        chooser = Chooser(seed)
        took_ms: list[int] = []
        published: list[Standing] = []
        for at in range(samples):
            like = chooser.pick(self._filling.offers, "like", at)
            began = self._clock.monotonic()
            offer = await self._publish(like)
            await self._wait_for(offer)
            took_ms.append(round((self._clock.monotonic() - began) * 1000))
            published.append(offer)
            self._tick()
        return spread(took_ms), published

    async def _publish(self, like: Standing) -> Standing:
        planned = Planned(
            community=like.planned.community,
            account=like.planned.account,
            content=like.planned.content,
            days=DAYS,
            row=like.planned.row,
        )
        own = await patiently(lambda: like.member.offers.publish(planned.content, days=DAYS))
        origin = self._nodes[planned.community].origin
        return Standing(own.record.id, offer_url(origin, own.record.id), planned, like.member)

    async def _wait_for(self, offer: Standing) -> None:
        peers = [
            account.member
            for account in self._filling.accounts
            if account.place == 0 and account.community != offer.planned.community
        ]
        seen = await run_together(self._is_seen(peer, offer.url) for peer in peers)
        if not all(seen):
            raise CheckError(f"{offer.url} did not arrive everywhere in {TIMEOUT_S} s")

    async def _is_seen(self, reader: Member, url: str) -> bool:
        async def is_there() -> bool:
            return await is_visible(reader, url)

        return await wait_until(is_there, timeout_s=TIMEOUT_S, every_s=POLL_S)


async def is_visible(reader: Member, url: str) -> bool:
    """Return whether the node of *reader* shows the offer *url*."""
    try:
        await patiently(lambda: reader.search.get(url))
    except ProblemError as error:
        if error.code == NotFoundError.code:
            return False
        raise
    return True


def spread(took_ms: Sequence[int]) -> Spread:
    """Return the spread of at least one time, by nearest rank."""
    ordered = sorted(took_ms)
    return Spread(p50=_rank(ordered, 50), p95=_rank(ordered, 95))


def _rank(ordered: Sequence[int], percent: int) -> int:
    return ordered[-(-len(ordered) * percent // 100) - 1]
