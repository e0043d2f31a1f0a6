"""A word to people who wait: lines may be slow, over Tor more so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import click

T = TypeVar("T")

PATIENCE_S = 3.0
REMIND_S = 15.0


async def waiting_for(what: str, result: Awaitable[T]) -> T:
    """Return *result*, with a line on stderr while it takes long.

    Args:
        what: is being done, such as ``Looking into your boxes``.
        result: of the work.
    """
    task = asyncio.ensure_future(result)
    wait_s = PATIENCE_S
    try:
        while not task.done():
            done, _ = await asyncio.wait({task}, timeout=wait_s)
            if not done:
                click.echo(f"{what} … (the line is slow; Ctrl-C loses nothing)", err=True)
            wait_s = REMIND_S
        return task.result()
    finally:
        task.cancel()
