"""The queue: random waits and order, patience with single nodes, what a crash leaves."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_crypto.envelope import Envelope, encode_envelope
from kith_crypto.errors import MalformedError, UnavailableError
from kith_node.envelopes import store
from kith_node.envelopes.queue import MAX_WAITING, Delays, Queue
from kith_node.envelopes.store import Waiting
from kith_node.federation.fetch import Reply
from kith_node.federation.introductions import Introductions
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.day import Day, day_of
from kith_protocol.errors import NotAPeerError, TooManyError
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

OWN = "https://own.example"
PEER = "https://peer.example"
OTHER = "https://other.example"
DAY_S = 86_400


def envelope(number: int) -> bytes:
    """Return an envelope whose box is *number*."""
    box = number.to_bytes(16, "big")
    return encode_envelope(
        Envelope(box, bytes(32), 20_000, bytes(1228), bytes(64), bytes(4096))
    )


class KilledError(BaseException):
    """The process ends after the node took the envelope."""


@dataclasses.dataclass(slots=True)
class Bench:
    """A queue over a real file, and what other nodes would see of it."""

    database: Database
    clock: FakeClock
    rng: SeededRng
    delays: Delays = dataclasses.field(default_factory=Delays)
    answers: dict[str, Reply | BaseException] = dataclasses.field(default_factory=dict)
    slow: dict[str, asyncio.Event] = dataclasses.field(default_factory=dict)
    blocked: set[str] = dataclasses.field(default_factory=set)
    sent: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    queue: Queue = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that is in memory only, as after a crash."""
        self.queue = Queue(
            self.database,
            origin=OWN,
            post=self._post,
            deliver=self._deliver,
            reaches=self._reaches,
            introductions=Introductions(self.database, clock=self.clock),
            delays=self.delays,
            clock=self.clock,
            rng=self.rng,
            wake=lambda: None,
        )

    async def _post(self, url: str, body: bytes, media_type: str) -> Reply:
        assert media_type == "application/vnd.kith.envelope"
        node, _, box = url.rpartition("/mailboxes/")
        assert len(box) == 22
        if node in self.slow:
            await self.slow[node].wait()
        answer = self.answers.get(node, Reply(202, b"", None))
        self.sent.append((node, int.from_bytes(body[1:17], "big")))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _reaches(self, node: str) -> bool:
        return node not in self.blocked

    async def _deliver(self, node: str, raw: bytes) -> None:
        assert node == OWN
        self.sent.append((OWN, int.from_bytes(raw[1:17], "big")))
        answer = self.answers.get(OWN)
        if isinstance(answer, BaseException):
            raise answer

    async def put(self, number: int, *, peer: str = PEER, is_slow: bool = False) -> None:
        """Store envelope *number* and tell the queue."""
        waiting = Waiting(number.to_bytes(16, "big"), peer, is_slow)
        async with self.database.transaction() as connection:
            assert await store.add_posted(
                connection,
                waiting,
                day=day_of(self.clock.now()),
                mark=bytes(16),
                raw=envelope(number),
            )
        self.queue.add(waiting)

    async def state(self, number: int) -> str:
        """Return what became of envelope *number*."""
        async with self.database.read() as connection:
            posted = await store.get_posted(connection, number.to_bytes(16, "big"))
        assert posted is not None
        return posted.state

    async def arrivals(self, *, until_s: int, step_s: int = 1) -> list[tuple[int, int]]:
        """Let time pass; return (second, number) of each envelope that was sent."""
        found: list[tuple[int, int]] = []
        for second in range(0, until_s + 1, step_s):
            before = len(self.sent)
            await self.queue.run_queue()
            found += [(second, number) for _, number in self.sent[before:]]
            self.clock.advance(step_s)
        return found


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "catalogue.db", load_migrations("catalogue"))
    yield opened
    await opened.close()


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database, FakeClock(), SeededRng())


# --- waits and order -----------------------------------------------------------


async def test_each_envelope_waits_a_random_while(bench: Bench) -> None:
    for number in range(40):
        await bench.put(number)
    arrivals = await bench.arrivals(until_s=61)
    seconds = [second for second, _ in arrivals]
    assert sorted(number for _, number in arrivals) == list(range(40))
    assert min(seconds) >= 5
    assert max(seconds) <= 60
    assert len(set(seconds)) > 15


async def test_slow_ones_take_up_to_half_an_hour(bench: Bench) -> None:
    for number in range(40):
        await bench.put(number, is_slow=True)
    seconds = [at for at, _ in await bench.arrivals(until_s=1830, step_s=30)]
    assert len(seconds) == 40
    assert max(seconds) > 900
    assert max(seconds) <= 1800


async def test_what_is_due_at_once_goes_in_another_order(bench: Bench) -> None:
    for number in range(20):
        await bench.put(number)
    bench.clock.advance(61)
    await bench.queue.run_queue()
    order = [number for _, number in bench.sent]
    assert sorted(order) == list(range(20))
    assert order != sorted(order)
    # Nor is it that of the waits: the same waits, drawn again, and another order.
    due = Bench(bench.database, bench.clock, SeededRng(1), delays=Delays(0, 0))
    for number in range(100, 120):
        await due.put(number)
    await due.queue.run_queue()
    assert [number for _, number in due.sent] != list(range(100, 120))


async def test_no_delay_sends_at_once(bench: Bench) -> None:
    bench.delays = Delays(0, 0)
    bench.restart()
    await bench.put(1)
    await bench.queue.run_queue()
    assert bench.sent == [(PEER, 1)]
    assert await bench.state(1) == "delivered"


async def test_a_run_says_when_it_is_worth_running_again(bench: Bench) -> None:
    assert await bench.queue.run_queue() == 300.0
    await bench.put(1)
    delay_s = await bench.queue.run_queue()
    assert 5 <= delay_s <= 60
    bench.clock.advance(int(delay_s) + 1)
    await bench.queue.run_queue()
    assert bench.sent == [(PEER, 1)]


# --- answers -------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 301])
async def test_a_refusal_is_final(bench: Bench, status: int) -> None:
    bench.answers[PEER] = Reply(status, b"", None)
    await bench.put(1)
    await bench.arrivals(until_s=61, step_s=61)
    await bench.queue.run_queue()
    assert bench.sent == [(PEER, 1)]
    assert await bench.state(1) == "failed"


@pytest.mark.parametrize(
    "answer",
    [
        Reply(500, b"", None),
        Reply(429, b"", "120"),
        UnavailableError("no answer"),
        MalformedError("its answer"),
    ],
)
async def test_a_node_that_fails_is_tried_again_and_gets_everything(
    bench: Bench, answer: Reply | Exception
) -> None:
    bench.answers[PEER] = answer
    for number in range(3):
        await bench.put(number)
    bench.clock.advance(61)
    delay_s = await bench.queue.run_queue()
    assert len(bench.sent) == 1  # one try, not one for each envelope
    assert delay_s >= 60
    bench.answers.clear()
    bench.clock.advance(300)
    await bench.queue.run_queue()
    assert {await bench.state(number) for number in range(3)} == {"delivered"}


async def test_after_seven_days_of_failures_what_waits_has_failed(bench: Bench) -> None:
    bench.answers[PEER] = UnavailableError("no answer")
    await bench.put(1)
    for _ in range(15):
        bench.clock.advance(DAY_S // 2 + 60)
        await bench.queue.run_queue()
    assert await bench.state(1) == "failed"
    assert await bench.queue.run_queue() == 300.0


async def test_a_silent_node_that_speaks_to_us_gets_its_envelopes_now(bench: Bench) -> None:
    bench.answers[PEER] = UnavailableError("no answer")
    await bench.put(1)
    bench.clock.advance(61)
    await bench.queue.run_queue()
    bench.answers.clear()
    await bench.queue.run_queue()
    assert len(bench.sent) == 1
    bench.queue.hear(f"{PEER}/actor")
    await bench.queue.run_queue()
    assert await bench.state(1) == "delivered"


async def test_a_slow_node_delays_nobody_else(bench: Bench) -> None:
    bench.delays = Delays(0, 0)
    bench.restart()
    bench.slow[PEER] = asyncio.Event()
    await bench.put(1, peer=PEER)
    await bench.put(2, peer=OTHER)
    run = asyncio.ensure_future(bench.queue.run_queue())
    async with asyncio.timeout(5):
        while await bench.state(2) != "delivered":
            pass
        await bench.put(3, peer=OTHER)  # while the slow one is still being served
        while await bench.state(3) != "delivered":
            pass
        assert await bench.state(1) == "queued"
        bench.slow[PEER].set()
        await run
    assert await bench.state(1) == "delivered"


async def test_nothing_goes_to_a_node_that_was_blocked_meanwhile(bench: Bench) -> None:
    await bench.put(1)
    bench.blocked.add(PEER)
    bench.clock.advance(61)
    await bench.queue.run_queue()
    assert bench.sent == []
    assert await bench.state(1) == "failed"


async def test_own_boxes_refuse_and_put_off_as_others_do(bench: Bench) -> None:
    bench.answers[OWN] = UnavailableError("later")
    await bench.put(1, peer=OWN)
    bench.clock.advance(61)
    await bench.queue.run_queue()
    assert await bench.state(1) == "queued"
    bench.answers[OWN] = NotAPeerError("no")
    bench.clock.advance(300)
    await bench.queue.run_queue()
    assert await bench.state(1) == "failed"


# --- crashes and ends ----------------------------------------------------------


async def test_a_restart_loses_nothing_and_draws_new_waits(bench: Bench) -> None:
    for number in range(20):
        await bench.put(number)
    bench.clock.advance(30)
    await bench.queue.run_queue()
    sent_before = len(bench.sent)
    assert 0 < sent_before < 20

    bench.restart()
    await bench.queue.run_queue()
    assert len(bench.sent) == sent_before  # even those that were nearly due wait anew
    bench.clock.advance(61)
    await bench.queue.run_queue()
    assert sorted(number for _, number in bench.sent) == list(range(20))


async def test_a_crash_before_it_is_noted_hands_over_again(bench: Bench) -> None:
    bench.delays = Delays(0, 0)
    bench.restart()
    await bench.put(1)
    bench.answers[PEER] = KilledError()
    with pytest.raises(BaseExceptionGroup):
        await bench.queue.run_queue()
    assert await bench.state(1) == "queued"

    bench.answers.clear()
    bench.restart()
    await bench.queue.run_queue()
    assert bench.sent == [(PEER, 1), (PEER, 1)]  # the node takes both for one
    assert await bench.state(1) == "delivered"


async def test_what_is_older_than_seven_days_is_given_up_also_after_restarts(
    bench: Bench,
) -> None:
    bench.answers[PEER] = UnavailableError("no answer")
    await bench.put(1)
    bench.clock.advance(7 * DAY_S)
    today = day_of(bench.clock.now())
    await bench.queue.drop_old(today - 7)
    assert await bench.state(1) == "queued"
    bench.restart()
    await bench.queue.run_queue()
    await bench.queue.drop_old(Day(today + 1 - 7))
    assert await bench.state(1) == "failed"
    bench.clock.advance(61)
    await bench.queue.run_queue()
    assert bench.sent == []


async def test_the_queue_is_bounded(bench: Bench) -> None:
    for number in range(MAX_WAITING - 1):
        bench.queue.add(Waiting(number.to_bytes(16, "big"), PEER, is_slow=False))
    bench.queue.check_room()
    bench.queue.add(Waiting(b"l" * 16, PEER, is_slow=False))
    with pytest.raises(TooManyError):
        bench.queue.check_room()
