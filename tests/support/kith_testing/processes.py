"""Real `kith serve` processes on loopback, for end-to-end tests.

Each node has its own folder, databases and free port. Readiness is the line that the server
prints, so nothing sleeps. What it says on stderr and stdout is kept and shown when it fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run_kith(*arguments: str, env: dict[str, str] | None = None) -> str:
    """Run one `kith` command to its end and return what it printed.

    Raises:
        AssertionError: it failed; the message is what it said.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "kith_node.cli",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )
    out, err = await asyncio.wait_for(process.communicate(), START_TIMEOUT_S)
    assert process.returncode == 0, f"kith {' '.join(arguments)}: {err.decode()}"
    return out.decode()


class NodeProcess:
    """One node: its folder and, while it runs, its process."""

    def __init__(self, folder: Path, port: int, invite: str) -> None:
        self.folder = folder
        self.port = port
        self.first_invite = invite
        self.settings: dict[str, str] = {}  # ``KITH_…`` variables of every command
        self._process: asyncio.subprocess.Process | None = None
        self._printed = b""

    @property
    def log(self) -> Path:
        """What the server has said on stderr, in all its runs."""
        return self.folder / "serve.log"

    def said(self) -> bytes:
        """Return everything that the server has written to stderr and stdout so far."""
        return self.log.read_bytes() + self._printed

    @property
    def config(self) -> Path:
        return self.folder / "kith.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def actor(self) -> str:
        return f"{self.url}/actor"

    async def kith(self, *arguments: str) -> str:
        """Run a `kith` command on this node's databases."""
        return await run_kith(*arguments, env=self._environment())

    async def start(self) -> None:
        """Start serving; return when it is ready."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "kith_node.cli",
                "serve",
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self._environment()},
            )
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), START_TIMEOUT_S)
        self._printed += line
        assert b"ready" in line, f"{self.url} did not start: {self.log.read_text()}"

    def _environment(self) -> dict[str, str]:
        return {**self.settings, "KITH_CONFIG": str(self.config)}

    async def stop(self) -> None:
        """Stop gracefully."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        printed, _ = await asyncio.wait_for(process.communicate(), STOP_TIMEOUT_S)
        self._printed += printed


async def make_node(folder: Path, *flags: str, keyholders: Path | None = None) -> NodeProcess:
    """Make a node in *folder* with a free port and releases that leave at once."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    if keyholders is None:
        await run_kith("keyholder", "new", str(folder / "keyholder"))
        keyholders = folder / "keyholder" / "keyholders.json"
    out = await run_kith(
        *("init", "--config", str(folder / "kith.toml"), "--domain", f"localhost:{port}"),
        *("--development", "--keyholders", str(keyholders), "--json", *flags),
    )
    return NodeProcess(folder, port, json.loads(out)["invite"])


@contextlib.asynccontextmanager
async def running(nodes: Sequence[NodeProcess]) -> AsyncIterator[None]:
    """Run *nodes* for the block and stop them afterwards, whatever happens."""
    try:
        for node in nodes:
            await node.start()
        yield
    finally:
        for node in nodes:
            await node.kill()
