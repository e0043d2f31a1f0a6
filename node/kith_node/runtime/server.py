"""Serves a node until it is told to stop.

Order of a start: lock the folder, open the databases, open the port, build the index, start the
jobs, say *ready*. Order of a stop: close the port, let running requests and jobs finish (at
most ten seconds each), rebuild the files, close.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from kith_crypto.errors import UsageError
from kith_crypto.randomness import Rng
from kith_node.http.connections import serving
from kith_node.runtime.config import Config
from kith_node.runtime.system import Clock
from kith_node.runtime.wiring import Node, open_node

LOCK_NAME = "node.lock"


async def serve_forever(
    config: Config, *, clock: Clock, rng: Rng, announce: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        config: the node's settings.
        clock: the real one, or one that is moved in development.
        rng: the system's.
        announce: called once when requests are answered.

    Raises:
        UsageError: another process serves this folder, or the port is taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with _locked(Path(config.data_dir)):
        async with open_node(config, clock=clock, rng=rng) as node:
            async with _listening(node):
                await node.start()
                announce()
                await stop.wait()
            await node.stop()


@contextlib.asynccontextmanager
async def _listening(node: Node) -> AsyncIterator[None]:
    host, port = node.config.host_and_port
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serving(node.app, host=host, port=port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {node.config.listen}: {error.strerror}"
            ) from error
        yield


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not there; make the node with `kith init`")
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"another process serves {folder} already") from error
        yield
    finally:
        os.close(descriptor)
