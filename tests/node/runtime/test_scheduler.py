"""Jobs run when they asked to, when somebody wakes them, and again after a failure."""

import asyncio
import itertools
import json
from collections.abc import Callable

import pytest

from kith_node.runtime.logs import configure_logging
from kith_node.runtime.scheduler import GRACE_S, MAX_RETRY_S, RETRY_S, JobRun, Scheduler
from kith_testing.quick_loop import run_quickly


class Job:
    """Notes when it runs; after *times* runs the test may stop."""

    def __init__(self, times: int, run: Callable[[int], float]) -> None:
        self.ran_at: list[float] = []
        self.enough = asyncio.Event()
        self._times = times
        self._run = run

    async def __call__(self) -> float:
        self.ran_at.append(asyncio.get_running_loop().time())
        if len(self.ran_at) >= self._times:
            self.enough.set()
        return self._run(len(self.ran_at))


async def run_until(*jobs: Job, wait_for: Job) -> None:
    scheduler = Scheduler()
    for number, job in enumerate(jobs):
        scheduler.add(str(number), job)
    scheduler.start()
    await wait_for.enough.wait()
    await scheduler.stop()


def test_a_job_runs_at_once_and_then_when_it_asked_to() -> None:
    async def scenario() -> list[float]:
        job = Job(4, lambda count: 10.0 * count)
        await run_until(job, wait_for=job)
        return job.ran_at

    assert run_quickly(scenario()) == pytest.approx([0, 10, 30, 60])


def test_a_woken_job_runs_now() -> None:
    async def scenario() -> list[float]:
        scheduler = Scheduler()
        job = Job(2, lambda _: 1000.0)
        wake = scheduler.waker("job")  # before the job is known
        scheduler.add("job", job)
        scheduler.start()
        await asyncio.sleep(7)
        wake()
        await job.enough.wait()
        await scheduler.stop()
        return job.ran_at

    assert run_quickly(scenario()) == pytest.approx([0, 7])


def test_a_job_woken_while_it_runs_runs_once_more() -> None:
    async def scenario() -> int:
        scheduler = Scheduler()
        count = 0

        async def job() -> float:
            nonlocal count
            count += 1
            if count == 1:
                for _ in range(5):
                    scheduler.wake("job")
                await asyncio.sleep(3)
            return 1000.0

        scheduler.add("job", job)
        scheduler.start()
        await asyncio.sleep(500)
        await scheduler.stop()
        return count

    assert run_quickly(scenario()) == 2


def test_waking_where_nothing_runs_does_nothing() -> None:
    Scheduler().wake("unknown")


def test_a_failing_job_is_repeated_ever_later_and_hinders_no_other() -> None:
    async def scenario() -> tuple[list[float], list[float]]:
        def fail(count: int) -> float:
            if count != 9:
                raise RuntimeError("of somebody")
            return 1.0

        failing, other = Job(10, fail), Job(1, lambda _: 100.0)
        await run_until(failing, other, wait_for=failing)
        return failing.ran_at, other.ran_at

    failing, other = run_quickly(scenario())
    delays = [after - before for before, after in itertools.pairwise(failing)]
    expected = [min(RETRY_S * 2**count, MAX_RETRY_S) for count in range(8)]
    assert delays == pytest.approx([*expected, 1.0])
    assert len(other) > 5


def test_after_a_success_the_delays_begin_anew() -> None:
    async def scenario() -> list[float]:
        def fail(count: int) -> float:
            if count in {1, 2, 4}:
                raise RuntimeError
            return 1.0

        job = Job(5, fail)
        await run_until(job, wait_for=job)
        return job.ran_at

    expected = [0, RETRY_S, 3 * RETRY_S, 3 * RETRY_S + 1, 4 * RETRY_S + 1]
    assert run_quickly(scenario()) == pytest.approx(expected)


def test_a_failure_is_logged_without_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(strict=True)

    async def scenario() -> None:
        def fail(_: int) -> float:
            raise RuntimeError("plover lives at 203.0.113.7")

        job = Job(1, fail)
        await run_until(job, wait_for=job)

    run_quickly(scenario())
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line) == {
        "event": "job.failed",
        "level": "error",
        "job": "0",
        "error": "RuntimeError",
    }


def stop_after(job: JobRun, *, seconds: float) -> tuple[float, bool]:
    """Return how long stopping took, and whether the job was cancelled."""

    async def scenario() -> tuple[float, bool]:
        cancelled = False

        async def watched() -> float:
            nonlocal cancelled
            try:
                return await job()
            except asyncio.CancelledError:
                cancelled = True
                raise

        scheduler = Scheduler()
        scheduler.add("job", watched)
        scheduler.start()
        await asyncio.sleep(seconds)
        began = asyncio.get_running_loop().time()
        await scheduler.stop()
        return asyncio.get_running_loop().time() - began, cancelled

    return run_quickly(scenario())


def test_stopping_wakes_nobody_for_another_round() -> None:
    runs = 0

    async def job() -> float:
        nonlocal runs
        runs += 1
        return 1000.0

    took_s, cancelled = stop_after(job, seconds=1)
    assert took_s == pytest.approx(0)
    assert (cancelled, runs) == (False, 1)


def test_stopping_lets_a_running_job_finish() -> None:
    async def job() -> float:
        await asyncio.sleep(5)
        return 0.0

    took_s, cancelled = stop_after(job, seconds=1)
    assert took_s == pytest.approx(4)
    assert cancelled is False


def test_stopping_ends_a_job_that_takes_too_long() -> None:
    async def job() -> float:
        await asyncio.sleep(10_000)
        return 0.0

    took_s, cancelled = stop_after(job, seconds=1)
    assert took_s == pytest.approx(GRACE_S)
    assert cancelled is True


def test_stopping_before_the_start_is_nothing() -> None:
    run_quickly(Scheduler().stop())
