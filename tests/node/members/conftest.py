"""A members room over a real file in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.members_room import MembersRoom, open_members_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[MembersRoom]:
    async with open_members_room(tmp_path) as opened:
        yield opened
