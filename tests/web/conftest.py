"""Two communities that exchange, and a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kith_testing.browser import chromium, is_wanted
from kith_testing.community import federation
from kith_testing.processes import NodeProcess

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            # One browser and the same nodes for all tests of a file: each visitor is a new one.
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
            if not is_wanted():
                item.add_marker(pytest.mark.skip(reason="BROWSER=0: no browser wanted"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NodeProcess]:
    async with federation(tmp_path_factory.mktemp("node"), 1) as nodes:
        yield nodes[0]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def nodes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[NodeProcess]]:
    async with federation(tmp_path_factory.mktemp("nodes"), 2) as nodes:
        yield nodes
