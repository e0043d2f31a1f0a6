"""Runs the node's jobs: each when it asked to be run, or as soon as somebody wakes it.

The only place where anything sleeps. A job is a coroutine that does what is due and returns the
seconds until it wants to run again; it must be safe to repeat, because a crash may happen at
any instant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

JobRun = Callable[[], Awaitable[float]]

RETRY_S = 5.0
MAX_RETRY_S = 300.0
GRACE_S = 10.0

_log = structlog.get_logger()


class Scheduler:
    """Holds the jobs by name."""

    def __init__(self) -> None:
        self._jobs: dict[str, JobRun] = {}
        self._calls: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._is_stopping = False

    def add(self, name: str, run: JobRun) -> None:
        """Register a job; it first runs when ``start`` is called."""
        self._jobs[name] = run
        self._calls[name] = asyncio.Event()

    def wake(self, name: str) -> None:
        """Run the job now, or once more right after its present run.

        Where no jobs run (the command line) nothing happens: the running node notices.
        """
        if name in self._calls:
            self._calls[name].set()

    def waker(self, name: str) -> Callable[[], None]:
        """Return a callback that wakes the job *name*, which may be added later."""
        return lambda: self.wake(name)

    def start(self) -> None:
        """Start every job."""
        self._tasks = [
            asyncio.get_running_loop().create_task(self._repeat(name, run), name=name)
            for name, run in self._jobs.items()
        ]

    async def stop(self) -> None:
        """Let running jobs finish for at most ``GRACE_S`` seconds, then cancel them."""
        self._is_stopping = True
        for call in self._calls.values():
            call.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _repeat(self, name: str, run: JobRun) -> None:
        call = self._calls[name]
        failures = 0
        while not self._is_stopping:
            call.clear()
            try:
                delay_s = await run()
                failures = 0
            except Exception as error:  # the outermost loop of a job: it is logged and repeated
                _log.error("job.failed", job=name, error=type(error).__name__)
                delay_s = min(RETRY_S * 2**failures, MAX_RETRY_S)
                failures += 1
            try:
                async with asyncio.timeout(delay_s):
                    await call.wait()
            except TimeoutError:
                continue
