"""A node in a thread of its own that is offered damaged things, and the damage.

Each offer is either taken or refused with an error that means a plain 4xx; what is refused
leaves all three files as they were, seen from other connections to them.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeVar

from hypothesis import event
from hypothesis import strategies as st

from kith_crypto.errors import CryptoError, KithError, RemoteError
from kith_protocol.errors import QueueFullError, TooManyError
from kith_testing.node import LocalNode, open_local_node

CALL_TIMEOUT_S = 30
FILES = ("members.db", "objects.db", "catalogue.db")

T = TypeVar("T")
Step = tuple[str, int, int, bytes]

_PLACE = st.integers(0, 1 << 17)
_STEP = st.tuples(
    st.sampled_from(("flip", "set", "cut", "drop", "repeat", "insert", "splice", "zero")),
    _PLACE,
    st.one_of(st.integers(0, 64), _PLACE),
    st.binary(max_size=8),
)
DAMAGE = st.lists(_STEP, max_size=4)


def damage(raw: bytes, steps: list[Step], other: bytes = b"") -> bytes:
    """Return *raw* after *steps*: bits flipped, parts cut, repeated, or taken from *other*."""
    data = bytearray(raw)
    for kind, place, size, some in steps:
        start = place % (len(data) + 1)
        end = min(start + size, len(data))
        if kind == "flip" and start < len(data):
            data[start] ^= 1 << size % 8
        elif kind == "set":
            data[start : start + len(some)] = some
        elif kind == "cut":
            del data[start:]
        elif kind == "drop":
            del data[start:end]
        elif kind == "repeat":
            data[start:start] = data[start:end]
        elif kind == "insert":
            data[start:start] = some
        elif kind == "splice":
            data[start:end] = other[start:end]
        elif kind == "zero":
            data[start:end] = bytes(end - start)
    return bytes(data)


def is_refusal(error: KithError) -> bool:
    """Return whether *error* is what a caller is told with a 4xx."""
    return isinstance(error, RemoteError | CryptoError | TooManyError | QueueFullError)


class Fuzzed:
    """A node in a thread of its own, and a look at its files from outside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._stack = ExitStack()
        self._files: list[sqlite3.Connection] = []
        self.local: LocalNode

    async def _run(self) -> None:
        async with open_local_node(self._folder) as local:
            self.local = local
            self._ready.set()
            await self._over.wait()

    def start(self) -> None:
        """Start the node and open its files."""
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=[self._run()], daemon=True
        )
        self._thread.start()
        assert self._ready.wait(CALL_TIMEOUT_S)
        for name in FILES:
            opened = sqlite3.connect(self._folder / "data" / name)
            self._files.append(self._stack.enter_context(closing(opened)))

    def stop(self) -> None:
        """Stop the node."""
        self._stack.close()
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(CALL_TIMEOUT_S)
        self._loop.close()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Return what *work* returns on the node's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_TIMEOUT_S)

    def offer(self, make: Callable[[], Awaitable[T]]) -> T | None:
        """Return what became of an offer that was taken, None if it was refused.

        Args:
            make: parses and hands in, all of it on the node's loop.

        Raises:
            AssertionError: something was stored and refused, or refused as no caller is.
        """
        before = self._versions()

        async def wait() -> T:
            return await make()

        refusal: KithError | None = None
        result: T | None = None
        try:
            result = self.run(wait())
        except KithError as error:
            refusal = error
        event("taken" if refusal is None else refusal.code)
        if refusal is not None:
            assert is_refusal(refusal), repr(refusal)
            assert self._versions() == before, f"refused ({refusal.code}) and stored"
        return result

    def _versions(self) -> list[int]:
        """Return numbers that change when anybody else commits to a file."""
        return [one.execute("PRAGMA data_version").fetchone()[0] for one in self._files]
