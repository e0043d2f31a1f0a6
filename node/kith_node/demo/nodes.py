"""The nodes of the demonstration: real ``kith`` processes on this machine.

Each has a folder of its own with settings, databases and keys. Whatever is started here is
ended here, by its own process id; what a node says on stderr is kept in its folder and shown
when it fails. Settings that make a demonstration quick go in by variables and are listed below;
none of them is for real use.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from kith_node.demo.errors import NodeFailedError
from kith_node.demo.plan import Community

START_TIMEOUT_S = 60
COMMAND_TIMEOUT_S = 60
STOP_TIMEOUT_S = 15
SHOWN_LOG_CHARACTERS = 2000
LOG_NAME = "serve.log"

# Releases and messages leave at once, anybody may become a peer, a few accounts publish
# everything.
SETTINGS = {
    "KITH_RELEASE__DAYS": "0",
    "KITH_FEDERATION__POLICY": "open",
    "KITH_OFFERS__QUOTA": "100000",
    "KITH_ENVELOPES__DELAY_S": "0",
    "KITH_ENVELOPES__SLOW_S": "0",
    "KITH_EVENTS__TICK_S": "0",
}
CLOCK_SETTING = "KITH_CLOCK_OFFSET_DAYS"


class _Init(msgspec.Struct, frozen=True):
    actor: str


class _Invites(msgspec.Struct, frozen=True):
    invites: tuple[str, ...]


class DemoNode:
    """One community's node.

    Attributes:
        community: its name and languages.
        folder: settings, databases, keys and log.
        port: of loopback.
        actor: its id.
    """

    def __init__(self, community: Community, folder: Path, port: int, actor: str) -> None:
        self.community = community
        self.folder = folder
        self.port = port
        self.actor = actor
        self._process: asyncio.subprocess.Process | None = None

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "kith.toml"

    @property
    def origin(self) -> str:
        """Where the node is reached."""
        return f"http://localhost:{self.port}"

    async def start(self, *, days_ahead: int = 0) -> None:
        """Serve; return when the node is ready.

        Args:
            days_ahead: by how much the node's clock is moved.

        Raises:
            NodeFailedError: it ended or said nothing in time.
        """
        settings = {**SETTINGS, CLOCK_SETTING: str(days_ahead)}
        with (self.folder / LOG_NAME).open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *_kith("serve", "--config", str(self.config)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=_environment(settings),
                # Ctrl-C is ours to handle: it must not reach the node before we are done.
                start_new_session=True,
            )
        self._process = process
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
        except TimeoutError:
            line = b""
        if b"ready" not in line:
            raise NodeFailedError(f"{self.community.name} did not start:\n{self.said()}")

    async def stop(self) -> None:
        """Ask the node to stop; end it if it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.communicate(), STOP_TIMEOUT_S)
        except TimeoutError:
            _signal(process, signal.SIGKILL)
            await process.communicate()

    def said(self) -> str:
        """Return the end of what the node said on stderr; nothing if all went well."""
        log = self.folder / LOG_NAME
        if not log.exists():
            return ""
        return log.read_text(errors="replace")[-SHOWN_LOG_CHARACTERS:].strip()

    def kill(self) -> None:
        """End the node at once, without waiting for it, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            _signal(self._process, signal.SIGKILL)

    async def invite(self, count: int, *, role: str = "member") -> tuple[str, ...]:
        """Return *count* invites for people of *role*."""
        told = await self.run("invite", "new", "--role", role, "--count", str(count))
        return msgspec.json.decode(told, type=_Invites).invites

    async def run(self, *command: str) -> bytes:
        """Run ``kith COMMAND --json`` on this node and return what it printed.

        Raises:
            NodeFailedError: it failed.
        """
        return await self.tell(*command, "--json")

    async def tell(self, *command: str) -> bytes:
        """Run ``kith COMMAND`` on this node and return what it printed.

        Raises:
            NodeFailedError: it failed.
        """
        return await run_kith(*command, "--config", str(self.config))


async def make_node(
    community: Community, folder: Path, port: int, *, keyholders: Path
) -> DemoNode:
    """Return a new node, not yet serving.

    Args:
        community: whose node.
        folder: is made.
        port: free, of loopback.
        keyholders: public file of theirs.

    Raises:
        NodeFailedError: a command failed, such as where *folder* holds a node already.
    """
    told = await run_kith(
        *("init", "--config", str(folder / "kith.toml"), "--domain", f"localhost:{port}"),
        *("--development", "--keyholders", str(keyholders)),
        *("--name", community.name, "--languages", ",".join(community.languages), "--json"),
    )
    return DemoNode(community, folder, port, msgspec.json.decode(told, type=_Init).actor)


async def run_kith(*command: str) -> bytes:
    """Run ``kith COMMAND`` to its end and return what it printed.

    Raises:
        NodeFailedError: it failed or took too long; the message is what it said.
    """
    process = await asyncio.create_subprocess_exec(
        *_kith(*command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(SETTINGS),
        start_new_session=True,
    )
    try:
        out, errors = await asyncio.wait_for(process.communicate(), COMMAND_TIMEOUT_S)
    except TimeoutError as error:
        raise NodeFailedError(f"kith {command[0]}: no end in sight") from error
    finally:
        if process.returncode is None:
            _signal(process, signal.SIGKILL)
            await process.wait()
    if process.returncode != 0:
        said = errors.decode(errors="replace")[-SHOWN_LOG_CHARACTERS:].strip()
        raise NodeFailedError(f"kith {' '.join(command[:2])}: {said}")
    return out


def free_ports(count: int, *, base: int | None = None) -> list[int]:
    """Return *count* ports of loopback: from *base* on, or free ones.

    Raises:
        NodeFailedError: one from *base* on is taken.
    """
    wanted: Sequence[int] = [0] * count if base is None else range(base, base + count)
    with ExitStack() as stack:
        # Held together, so that none comes up twice.
        return [_probe(port, stack) for port in wanted]


def _probe(port: int, stack: ExitStack) -> int:
    probe = stack.enter_context(socket.socket())
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError as error:
        raise NodeFailedError(f"port {port} is in use; choose another --port-base") from error
    return int(probe.getsockname()[1])


def _kith(*command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "kith_node.cli", *command)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    # A steward's own variables must not reach the demonstration's nodes.
    own = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    return {**own, **settings}


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
