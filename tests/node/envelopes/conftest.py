"""Two nodes that are peers, over real HTTP; time stands still until a test moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.clock import FakeClock
from kith_testing.node import LocalNode, open_local_node
from kith_testing.sending import befriend


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def here(tmp_path: Path, clock: FakeClock) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path / "here", seed=1, clock=clock) as node:
        yield node


@pytest.fixture
async def there(tmp_path: Path, clock: FakeClock) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path / "there", seed=2, clock=clock) as node:
        yield node


@pytest.fixture
async def peers(here: LocalNode, there: LocalNode) -> tuple[LocalNode, LocalNode]:
    await befriend(here, there)
    return here, there
