"""The description of a node's API as a file, for those who build clients.

``python -m kith_testing.openapi_file > protocol/openapi.json`` renews it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from kith_node.http.openapi import build_openapi
from kith_testing.node import LocalNode, open_local_node
from kith_testing.wire_vectors import render


def describe(node: LocalNode) -> bytes:
    """Return the file; it says the same for every node and every release of one protocol."""
    return render(build_openapi(node.node.routes, version="1"))


async def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_local_node(Path(folder)) as node:
            sys.stdout.buffer.write(describe(node))


if __name__ == "__main__":
    asyncio.run(_print())
