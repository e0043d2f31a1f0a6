"""The lock files: everything that is installed is pinned with hashes, from no named index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("pip", "server", "dev", "web")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def locked(lock: str) -> set[str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return {line.partition("==")[0] for line in text.splitlines() if "==" in line}


def names(requirements: list[object]) -> set[str]:
    found = [_NAME.match(one) for one in requirements if isinstance(one, str)]
    return {match.group().lower() for match in found if match} - {"kith-node"}


def test_what_a_node_needs_is_locked() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = names(project["dependencies"] + extras["client"] + extras["server"])
    assert wanted | names(PROJECT["dependency-groups"]["build"]) <= locked("server")


def test_what_developers_need_is_locked_too_and_holds_the_rest() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = names(groups["dev"]) | names(groups["test"]) | names(groups["lint"])
    wanted |= names(groups["browser"])
    assert wanted | locked("server") <= locked("dev")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_line_names_an_index(lock: str) -> None:
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if "==" in line and not line.lstrip().startswith(("--hash", "#")):
            assert line.endswith("\\"), line
            assert following.strip().startswith("--hash=sha256:"), line
        assert "://" not in line
        assert not line.startswith("--")


def test_demo_installs_no_development_tools() -> None:
    assert not {"pytest", "mypy", "ruff"} & locked("server")
