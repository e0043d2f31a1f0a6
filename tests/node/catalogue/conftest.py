from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_node.catalogue.service import Catalogue
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_node.topics.vocabulary import Vocabulary
from kith_testing.catalogue import COMMUNITIES, TODAY
from kith_testing.clock import FakeClock

VOCABULARY = b"""{"version":1,"topics":[
{"id":"a","labels":{"ar":"1","en":"1"}},
{"id":"a.b","labels":{"ar":"2","en":"2"},"parent":"a"},
{"id":"a.b.c","labels":{"ar":"3","en":"3"},"parent":"a.b"},
{"id":"a.old","labels":{"ar":"4","en":"4"},"parent":"a","retired":"f"},
{"id":"f","labels":{"ar":"5","en":"5"}}
]}"""


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
    return Vocabulary.from_json(VOCABULARY)


@pytest.fixture
def catalogue(database: Database, vocabulary: Vocabulary, clock: FakeClock) -> Catalogue:
    return Catalogue(database, vocabulary, clock, COMMUNITIES[0])
