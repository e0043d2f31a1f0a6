from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.catalogue.service import Catalogue
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.vocabulary import Vocabulary
from kith_testing.catalogue import COMMUNITIES, CONCEPTS, TODAY, Finder
from kith_testing.clock import FakeClock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "catalogue.db", load_migrations("catalogue"))
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(TODAY * 86_400 + 3600)


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(CONCEPTS)


@pytest.fixture
def catalogue(database: Database, vocabulary: Vocabulary, clock: FakeClock) -> Catalogue:
    return Catalogue(database, vocabulary, clock, COMMUNITIES[0], make_finder=Finder)
