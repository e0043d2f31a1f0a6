"""A whole node, a peer of it and a stranger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.clock import FakeClock
from kith_testing.examples import Stage, open_stage
from kith_testing.hostile import open_hostile
from kith_testing.node import LocalNode, open_local_node


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.fixture
async def stage(node: LocalNode) -> AsyncIterator[Stage]:
    clock: FakeClock = node.clock
    async with open_hostile(clock) as peer, open_hostile(clock, seed=67) as stranger:
        yield await open_stage(node, peer, stranger)
