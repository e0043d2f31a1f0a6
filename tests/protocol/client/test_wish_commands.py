"""Wishes as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kith_client.system import SystemClock
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.terminal import Terminal, join

OFFER = ("-t", "career.cv", "-l", "en", "--way", "review", "--format", "chat", "--yes")


@pytest.fixture(scope="module")
def served() -> Iterator[SmallNode]:
    with serve_small_node(SystemClock()) as node:
        yield node


@pytest.fixture(scope="module")
def terminal(served: SmallNode, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return join(tmp_path_factory.mktemp("seeker"), served)


@pytest.fixture(scope="module")
def mentor(served: SmallNode, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    terminal = Terminal(tmp_path_factory.mktemp("mentor"), served)
    link = f"{served.origin}/#i=spring-invite-two"
    terminal.say("join", link, "--name", "heron", "--yes")
    return terminal


def test_a_wish_is_kept_looked_for_and_dropped(terminal: Terminal, mentor: Terminal) -> None:
    kept = terminal.say("wish", "add", "-t", "career.cv", "-l", "en", "--name", "my CV")
    assert "Nobody else knows" in kept
    assert "1. my CV" in terminal.say("wish", "list")
    assert "Nothing new" in terminal.say("wish", "check")

    mentor.say("offer", "new", *OFFER)
    said = terminal.say("wish", "check")
    assert "1 offer, 1 new since last time" in said
    assert "why: about" in said
    assert terminal.ask("wish", "check")["wishes"] == []

    found = terminal.say("wish", "find", "1")
    assert "your node sees only which languages you fetch" in found
    assert "1 offer, 0 new since last time" in found
    asked = terminal.say("wish", "find", "1", "--on-node")
    assert "the node sees what you look for" in asked

    document = terminal.ask("wish", "list")
    assert "career.cv" in json.dumps(document["wishes"])
    assert "It is gone" in terminal.say("wish", "drop", "1")
    assert "You have no wish" in terminal.say("wish", "list")


def test_searching_says_what_each_way_reveals(terminal: Terminal) -> None:
    query = ("search", "-t", "career.cv", "-l", "en")
    assert "the node sees" in terminal.say(*query)
    assert "Nobody sees what you look for" in terminal.say(*query, "--here")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("wish", "add", "-l", "en"), "say what you look for"),
        (("wish", "add", "-t", "career.cv"), "language"),
        (("wish", "find", "7"), "no wish number 7"),
        (("wish", "drop", "zzzz"), "no wish"),
    ],
)
def test_what_cannot_be_used_is_said(
    terminal: Terminal, words: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    result = terminal.type(*words)
    assert result.exit_code != 0
    assert reason in result.output
