"""The rooms of offers and profiles over a real file in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.offers_room import AT_ONCE, OffersRoom, open_offers_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[OffersRoom]:
    """A room with the usual settings."""
    async with open_offers_room(tmp_path) as opened:
        yield opened


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[OffersRoom]:
    """A room that releases everything at once, as demonstrations do."""
    async with open_offers_room(tmp_path, AT_ONCE) as opened:
        yield opened
