"""Two communities that exchange, and a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from kith_testing.browser import chromium, is_wanted
from kith_testing.community import federation
from kith_testing.processes import NodeProcess

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not is_wanted():
                item.add_marker(pytest.mark.skip(reason="BROWSER=0: no browser wanted"))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[NodeProcess]:
    async with federation(tmp_path, 1) as nodes:
        yield nodes[0]


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path, 2) as nodes:
        yield nodes
