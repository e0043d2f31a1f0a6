"""Two communities, each with a library over the room of federation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.library.service import Library
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, library_of, open_peer


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def here(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    (tmp_path / "here").mkdir()
    async with open_peer(tmp_path / "here", seed=1, clock=clock) as node:
        yield node


@pytest.fixture
async def there(tmp_path: Path, clock: FakeClock) -> AsyncIterator[PeerNode]:
    (tmp_path / "there").mkdir()
    async with open_peer(tmp_path / "there", seed=2, clock=clock) as node:
        yield node


@pytest.fixture
async def peers(here: PeerNode, there: PeerNode) -> tuple[PeerNode, PeerNode]:
    await connect(here, there)
    return here, there


@pytest.fixture
def library(here: PeerNode) -> Library:
    return library_of(here)


@pytest.fixture
def library_there(there: PeerNode) -> Library:
    return library_of(there)
