"""What holds for every test: no deadlines, and an unlisted log key is an error."""

import pytest
from hypothesis import settings

from kith_node.runtime.logs import configure_logging

pytest.register_assert_rewrite("kith_testing")  # before anything imports it

settings.register_profile("kith", deadline=None)
settings.load_profile("kith")


@pytest.fixture(autouse=True)
def _strict_logging() -> None:
    configure_logging(strict=True)
