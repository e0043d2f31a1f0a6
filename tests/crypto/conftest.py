"""Reads the vector files of ``crypto/vectors``, and those that protocol needs as well."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = (_ROOT / "crypto" / "vectors", _ROOT / "protocol" / "vectors")


@pytest.fixture(scope="session")
def load_vectors() -> Callable[[str], Any]:
    """Return the function that reads the vector file of a name."""

    def load(name: str) -> Any:
        path = next(folder / name for folder in _FOLDERS if (folder / name).exists())
        return json.loads(path.read_text(encoding="utf-8"))

    return load
