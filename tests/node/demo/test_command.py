"""What `kith demo` refuses before it starts anything; tests/e2e/test_demo.py runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kith_node.demo.command import demo


def test_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    result = CliRunner().invoke(demo, ["--once", "--folder", str(tmp_path)])
    assert result.exit_code == 2
    assert "is not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.parametrize(
    "arguments", [["--nodes", "0"], ["--nodes", "11"], ["--offers", "10"], ["--seed", "-1"]]
)
def test_refuses_numbers_out_of_bounds(arguments: list[str]) -> None:
    result = CliRunner().invoke(demo, arguments)
    assert result.exit_code == 2
    assert "is not in the range" in result.output


def test_help_shows_how_to_run_it() -> None:
    result = CliRunner().invoke(demo, ["--help"])
    assert result.exit_code == 0
    assert "kith demo --once --json" in result.output
