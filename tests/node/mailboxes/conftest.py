"""The room of mailboxes over a real file in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_testing.mailboxes_room import MailboxesRoom, open_mailboxes_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[MailboxesRoom]:
    async with open_mailboxes_room(tmp_path) as opened:
        yield opened
