"""A member in the web client's library, in a program of its own, without a browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

WEB = Path(__file__).parents[3] / "node" / "web"
MAIN = "test/interop/main.ts"
TIMEOUT_S = 60
MAX_LINE_BYTES = 2**24


class WebRefusedError(Exception):
    """The library refused; the text is the code of its error."""


class WebMember:
    """Somebody who uses the web client's library."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, name: str, *given: str) -> Any:
        """Return what comes of one call.

        Raises:
            WebRefusedError: it failed.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([name, *given]).encode() + b"\n")
        await stdin.drain()
        line = await asyncio.wait_for(stdout.readline(), TIMEOUT_S)
        assert line, "the program ended"
        answer = json.loads(line)
        if "error" in answer:
            raise WebRefusedError(answer["error"])
        return answer["ok"]


@contextlib.asynccontextmanager
async def web_member(origin: str) -> AsyncIterator[WebMember]:
    """Yield somebody at the node *origin*, who is nobody yet."""
    node = shutil.which("node")
    assert node, "there is no Node.js; run: make setup"
    process = await asyncio.create_subprocess_exec(
        node,
        "tools/run.mjs",
        MAIN,
        origin,
        cwd=WEB,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        limit=MAX_LINE_BYTES,
    )
    try:
        yield WebMember(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.wait_for(process.wait(), TIMEOUT_S)
