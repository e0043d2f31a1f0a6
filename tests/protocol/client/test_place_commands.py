"""Room, pauses and courtesy, as two people type it."""

from __future__ import annotations

from collections.abc import Iterator

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
def mentee(served: SmallNode, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return join(tmp_path_factory.mktemp("mentee"), served)


@pytest.fixture(scope="module")
def mentor(served: SmallNode, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    terminal = Terminal(tmp_path_factory.mktemp("mentor"), served)
    link = f"{served.origin}/#i=spring-invite-two"
    terminal.say("join", link, "--name", "heron", "--yes")
    return terminal


def test_room_is_limited_paused_and_open_again(mentor: Terminal) -> None:
    mentor.say("offer", "new", *OFFER)
    assert "no limit" in mentor.say("offer", "places", "1")
    assert "0 of 2 places taken" in mentor.say("offer", "places", "1", "2")
    said = mentor.say("offer", "pause", "1", "--until", "2099-01-01")
    assert "paused until 2099-01-01" in said
    assert "others read: it is full" in said
    assert mentor.ask("offer", "places", "1")["paused"] is True
    assert "others read: it has room" in mentor.say("offer", "resume", "1")
    result = mentor.type("offer", "pause", "1", "--until", "2001-01-01")
    assert result.exit_code != 0
    assert "come already" in result.output


def test_answering_and_pausing_is_one_command_and_other_knocks_are_taken_back(
    mentor: Terminal, mentee: Terminal
) -> None:
    offers = [mentor.ask("offer", "new", *OFFER)["id"] for _ in range(2)]
    mentee.say("wish", "add", "-t", "career.cv", "-l", "en")
    for offer in offers:
        url = f"{mentor.node.origin}/offers/{offer}"
        mentee.say("knock", "new", url, "--text", "Hello", "--wish", "1")
    tray = mentor.ask("inbox")["knocks"]
    assert isinstance(tray, list)
    assert len(tray) == 2
    mentor.say("answer", "1", "yes", "--text", "Gladly", "--pause")
    assert "Taken back" in mentee.say("inbox")
    assert "0 knocks to answer" in mentor.say("inbox")
    rooms = {mentor.ask("offer", "places", number)["room"] for number in ("2", "3")}
    assert rooms == {"open", "full"}
