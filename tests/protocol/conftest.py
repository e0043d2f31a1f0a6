"""Reads the vector files of ``protocol/vectors``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_VECTORS = Path(__file__).parents[2] / "protocol" / "vectors"


@pytest.fixture(scope="session")
def load_vectors() -> Callable[[str], Any]:
    """Return the function that reads the vector file of a name."""

    def load(name: str) -> Any:
        return json.loads((_VECTORS / name).read_text(encoding="utf-8"))

    return load
