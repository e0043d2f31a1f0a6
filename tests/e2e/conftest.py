"""A whole node in this process, a peer of it that breaks every rule, and a stranger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.hostile import HostileNode, open_hostile
from kith_testing.node import LocalNode, open_local_node


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.fixture
async def peer(node: LocalNode) -> AsyncIterator[HostileNode]:
    async with open_hostile(node.clock) as hostile:
        await hostile.befriend(node)
        yield hostile


@pytest.fixture
async def stranger(node: LocalNode) -> AsyncIterator[HostileNode]:
    async with open_hostile(node.clock, seed=67) as hostile:
        yield hostile
