"""Whatever happens on the way, a peer ends with exactly what its peer has live."""

from __future__ import annotations

import pytest

from kith_node.http.route import Answer, Call
from kith_protocol.chance import draw_below
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode
from kith_testing.rng import SeededRng

STEPS = 60
OFFERS = 12


async def _lose_the_request(_: Call) -> Answer:
    return Answer(503)


class Storm:
    """Does one thing after another, chosen by *seed*, to a pair of peers."""

    def __init__(self, here: PeerNode, there: PeerNode, seed: int) -> None:
        self._here = here
        self._there = there
        self._rng = SeededRng(seed)
        self._revisions: dict[int, int] = {}
        self._withdrawn: set[int] = set()

    @property
    def live(self) -> set[str]:
        return {
            self._here.offer_id(number)
            for number in self._revisions
            if number not in self._withdrawn
        }

    @property
    def withdrawn(self) -> set[str]:
        return {self._here.offer_id(number) for number in self._withdrawn}

    async def step(self) -> None:
        """Change an offer, or break or mend something."""
        actions = (
            self._announce,
            self._announce,
            self._announce,
            self._withdraw,
            self._deliver,
            self._deliver,
            self._lose_the_answer,
            self._lose_the_request,
            self._crash,
            self._wait,
        )
        await actions[draw_below(len(actions), self._rng)]()

    async def calm(self, clock: FakeClock) -> None:
        """Mend everything and let time pass."""
        self._there.overrides.clear()
        for _ in range(4):
            clock.advance(13 * 3600)
            await self._here.work()
            await self._there.work()

    async def _announce(self) -> None:
        number = draw_below(OFFERS, self._rng)
        if number not in self._withdrawn:
            revision = self._revisions.get(number, 0) + 1
            self._revisions[number] = revision
            await self._here.announce(self._here.announced(number, revision=revision))

    async def _withdraw(self) -> None:
        number = draw_below(OFFERS, self._rng)
        if number in self._revisions:
            self._withdrawn.add(number)
            await self._here.announce(self._here.withdrawn(number))

    async def _deliver(self) -> None:
        await self._here.federation.delivery.run_delivery()
        await self._there.federation.delivery.run_delivery()

    async def _lose_the_answer(self) -> None:
        inbox, actor = self._there.federation.inbox, self._here.actor

        async def take_and_fail(call: Call) -> Answer:
            await inbox.receive_batch(actor, call.body)
            return Answer(503)

        self._there.overrides["/inbox/batch"] = take_and_fail
        await self._deliver()
        self._there.overrides.clear()

    async def _lose_the_request(self) -> None:
        self._there.overrides["/inbox/batch"] = _lose_the_request
        await self._deliver()
        self._there.overrides.clear()

    async def _crash(self) -> None:
        await (self._here, self._there)[draw_below(2, self._rng)].restart()

    async def _wait(self) -> None:
        self._here.clock.advance(3600)
        await self._there.federation.catch_up.run_catch_up()


@pytest.mark.parametrize("seed", range(4))
async def test_both_sides_agree_after_loss_repetition_and_crashes(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock, seed: int
) -> None:
    here, there = peers
    storm = Storm(here, there, seed)
    for _ in range(STEPS):
        await storm.step()
    await storm.calm(clock)
    assert await there.ids_of(here) == storm.live == await here.ids_of(here)
    for object_id in storm.live:
        assert await there.raw(object_id) == await here.raw(object_id)
    for object_id in storm.withdrawn:
        receipts = await here.federation.outbox.receipts(object_id)
        assert receipts == [(there.actor, "confirmed")]
