"""The command as a whole: help that teaches, missing extras named, errors in one line."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kith_crypto.fingerprint import fingerprint_words
from kith_node import cli
from kith_node.cli import kith
from kith_node.cli.output import print_table, wants_color
from kith_protocol.keyholders_file import parse_keyholders_file


def test_help_lists_every_command_with_a_sentence() -> None:
    result = CliRunner().invoke(kith, ["--help"])
    assert result.exit_code == 0
    names = ("init", "serve", "invite", "peer", "offers", "topics", "search", "status", "demo")
    for name in (*names, "me"):
        assert f"\n  {name} " in result.output


@pytest.mark.parametrize(
    "name", ["init", "serve", "invite", "peer", "offers", "topics", "search", "status"]
)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(kith, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    assert "\\b" not in result.output
    assert "\n  Example" in result.output


def test_columns_are_aligned_where_letters_are_wide(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "state"), [("花子", "peer"), ("Zoë", "asked"), ("Zoe\u0308", "asked")])
    assert capsys.readouterr().out.splitlines() == [
        "name  state",
        "花子  peer",
        "Zoë   asked",
        "Zoe\u0308   asked",
    ]


def test_no_colour_where_it_is_not_wanted() -> None:
    assert wants_color({"NO_COLOR": "1"}) is False
    assert wants_color({"NO_COLOR": ""}) is None
    assert wants_color({}) is None


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"serve": ("kith_node.cli.no_such_module", "serve", "Run.", "server")}
    monkeypatch.setattr(cli, "_COMMANDS", table)
    result = CliRunner().invoke(kith, ["serve"])
    assert result.exit_code == 1
    assert "kith-node[server]" in result.output


def test_keyholders_get_two_files_and_the_public_one_verifies(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    result = CliRunner().invoke(kith, ["keyholder", "new", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    public = parse_keyholders_file((folder / "keyholders.json").read_bytes())
    assert len(public.sealing_keys) == 8
    assert tuple(json.loads(result.output)["fingerprint"]) == fingerprint_words(public.identity)
    private = folder / "keyholders-private.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_keyholders_files_are_never_overwritten(tmp_path: Path) -> None:
    arguments = ["keyholder", "new", str(tmp_path / "keys")]
    assert CliRunner().invoke(kith, arguments).exit_code == 0
    before = (tmp_path / "keys" / "keyholders-private.json").read_bytes()
    assert CliRunner().invoke(kith, arguments).exit_code == 1
    assert (tmp_path / "keys" / "keyholders-private.json").read_bytes() == before


def test_an_error_is_one_line_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kith.toml").write_text('domain = "x.example"\n[release]\ndays = -1\n')
    arguments = ["kith", "config", "check", "--config", str(tmp_path / "kith.toml")]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    assert capsys.readouterr().err == "kith: release.days = -1: Expected `int` >= 0\n"


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["kith", "keyholder", "new", str(tmp_path / "file" / "below")]
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit):
        cli.main()
    assert "file" in capsys.readouterr().err
