"""What a member's program works with: clock, randomness, HTTP, and the folder of the keys."""

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from kith_client.http import NodeConnection
from kith_client.keyfile import hold_lock
from kith_client.patience import Pause
from kith_client.system import Clock, SystemClock, SystemRng
from kith_crypto.errors import UsageError
from kith_crypto.randomness import Rng

KEY_FILE = "keys"


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """What a member's program works with.

    Attributes:
        clock: where the time comes from.
        rng: where keys and nonces come from.
        http: a client session shared by several members (``http.open_http``), closed by
            whoever opened it; by default each member has their own.
        pause: waits between two tries of a call.
    """

    clock: Clock = dataclasses.field(default_factory=SystemClock)
    rng: Rng = dataclasses.field(default_factory=SystemRng)
    http: aiohttp.ClientSession | None = None
    pause: Pause = asyncio.sleep

    def connect(self, node: str) -> NodeConnection:
        """Return a connection to *node*, an origin."""
        return NodeConnection(node, clock=self.clock, rng=self.rng, http=self.http)


def has_keys(home: Path) -> bool:
    """Return whether there is a key file in *home*."""
    return (home / KEY_FILE).exists()


def lock_keys(home: Path | None, stack: ExitStack) -> Path | None:
    """Return the path of the key file in *home*, locked until *stack* is closed.

    Raises:
        KeyringBusyError: another program holds it.
        UsageError: the folder cannot be written.
    """
    if home is None:
        return None
    path = home / KEY_FILE
    stack.enter_context(hold_lock(path))
    return path


def lock_new_keys(home: Path | None, stack: ExitStack) -> Path | None:
    """Return the same for a folder that has no keys yet.

    Raises:
        KeyringBusyError: another program holds it.
        UsageError: there are keys already, or the folder cannot be written.
    """
    path = lock_keys(home, stack)
    if home is not None and has_keys(home):
        raise UsageError(f"there are keys in {home} already; choose another folder")
    return path
