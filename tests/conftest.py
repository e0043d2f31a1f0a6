"""What holds for every test: no deadlines, and an unlisted log key is an error."""

import os

import pytest
from hypothesis import settings

from kith_node.runtime.logs import configure_logging

pytest.register_assert_rewrite("kith_testing")  # before anything imports it

# The same examples in every run; `make fuzz` draws new ones.
settings.register_profile("kith", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("KITH_TEST_PROFILE", "kith"))


@pytest.fixture(autouse=True)
def _strict_logging() -> None:
    configure_logging(strict=True)
