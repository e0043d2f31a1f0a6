"""The library as somebody asks for it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kith_client.system import SystemClock
from kith_protocol.day import Day, day_of
from kith_protocol.resource_files import parse_csv, parse_json
from kith_testing.resources import LINK, TEXT, resource_of, signed_resource
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.terminal import Terminal, join

TODAY = day_of(SystemClock().now())
HELP = resource_of(TEXT, today=Day(TODAY - 1), number=2)


@pytest.fixture(scope="module")
def served() -> Iterator[SmallNode]:
    with serve_small_node(SystemClock()) as node:
        link = signed_resource(resource_of(LINK, today=Day(TODAY - 1)))
        node.library = {"en": [link], "fr": [signed_resource(HELP)]}
        yield node


@pytest.fixture(scope="module")
def terminal(served: SmallNode, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return join(tmp_path_factory.mktemp("reader"), served)


def test_it_is_looked_for_on_the_device_and_shows_where_it_comes_from(
    terminal: Terminal,
) -> None:
    said = terminal.say("library", "find", "resume", "-l", "en")
    for words in (
        "your node sees only which languages you fetch",
        " 1. Writing a CV",
        LINK.url,
        "CV and résumé",
        "licence CC-BY-4.0",
        "of https://ash.example/actor",
        "why: about it",
    ):
        assert words in said
    assert "Nothing fits" in terminal.say("library", "find", "-t", "health", "-l", "en")


def test_help_in_a_crisis_is_marked(terminal: Terminal) -> None:
    said = terminal.say("library", "find", "je veux mourir", "-l", "fr", "--region", "250")
    assert "Numéros utiles help in a crisis" in said
    assert "why: helps in a crisis, for your region" in said
    document = terminal.ask("library", "find", "-l", "fr")
    [found] = msgspec.convert(document["resources"], list[dict[str, object]])
    assert (found["urgent"], found["region"], found["id"]) == (True, "250", HELP.id)


def test_a_text_is_shown_whole(terminal: Terminal) -> None:
    said = terminal.say("library", "show", HELP.id, "-l", "fr")
    assert "Appelle le 3114.\n\nC'est gratuit." in said
    assert "This helps in a crisis." in said


def test_it_is_kept_as_a_text_that_anything_can_show(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    said = terminal.say("library", "keep", str(file), "-l", "en", "-l", "fr")
    assert "2 entries. It is not encrypted." in said
    text = file.read_text(encoding="utf-8")
    assert text.index("Numéros utiles") < text.index("Writing a CV")  # help comes first
    assert "This helps in a crisis." in text
    assert LINK.url in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    refused = terminal.type("library", "keep", str(file), "-l", "en")
    assert "exists already" in refused.stderr


def test_it_is_kept_as_data_that_reads_back(terminal: Terminal, tmp_path: Path) -> None:
    for form, parse in (("json", parse_json), ("csv", parse_csv)):
        file = tmp_path / f"library.{form}"
        terminal.say("library", "keep", str(file), "-l", "fr", "--format", form)
        [row] = parse(file.read_bytes())
        assert (row.id, row.content) == (HELP.id, TEXT)


def test_what_cannot_be_looked_for_is_told(terminal: Terminal) -> None:
    refused = terminal.type("library", "find", "-l", "fr", "--region", "france")
    assert refused.exit_code == 1
    assert "three digits" in refused.stderr
    refused = terminal.type("library", "show", "https://x.example/1", "-l", "fr")
    assert "no such entry" in refused.stderr
