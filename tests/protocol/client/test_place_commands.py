"""Room, pauses and courtesy, as two people type it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kith_client.commands.common import pick, short_id
from kith_client.system import SystemClock
from kith_crypto.encoding import encode_base64url
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


def test_room_that_is_changed_by_hand_is_not_turned_back(mentor: Terminal) -> None:
    made = str(mentor.ask("offer", "new", *OFFER)["id"])
    mentor.say("offer", "edit", made, "--room", "full", "--yes")
    mentor.say("inbox")
    assert mentor.ask("offer", "places", made)["room"] == "full"
    mentor.say("offer", "edit", made, "--room", "open", "--yes")
    mentor.say("inbox")
    assert mentor.ask("offer", "places", made)["room"] == "open"


def test_an_offer_is_not_opened_by_hand_while_its_places_are_taken(
    mentor: Terminal, mentee: Terminal
) -> None:
    made = str(mentor.ask("offer", "new", *OFFER)["id"])
    mentor.say("offer", "places", made, "1")
    mentee.say("knock", "new", f"{mentor.node.origin}/offers/{made}", "--text", "Hello")
    mentor.say("inbox")
    mentor.say("answer", "1", "yes")
    result = mentor.type("offer", "edit", made, "--room", "open", "--yes")
    assert result.exit_code != 0
    assert "all 1 places are taken" in result.output.replace("\n", " ")


def test_before_knocking_one_sees_how_soon_a_mentor_answers(
    mentor: Terminal, mentee: Terminal
) -> None:
    made = mentor.ask("offer", "new", *OFFER, "--answers", "week")["id"]
    url = f"{mentor.node.origin}/offers/{made}"
    draft = mentee.say("knock", "new", url, "--text", "Hello", "--draft")
    assert "usually answers" not in draft, "a draft asks nobody anything"
    said = mentee.say("knock", "new", url, "--text", "Hello")
    assert said.index("usually answers within a week") < said.index("delivered")


def test_until_goes_with_pause(mentor: Terminal) -> None:
    result = mentor.type("answer", "1", "no", "--until", "2099-01-01")
    assert result.exit_code != 0
    assert "--until goes with --pause" in result.output


def test_who_names_a_knock_that_is_not_there_is_told_where_to_look(mentor: Terminal) -> None:
    result = mentor.type("answer", "99", "yes", "--text", "Gladly")
    assert result.exit_code != 0
    assert "kith me inbox" in result.output


@pytest.mark.parametrize("size", [16, 32])
def test_an_id_that_begins_like_an_option_is_taken_for_an_id(
    mentor: Terminal, size: int
) -> None:
    name = encode_base64url(b"\xf8" * size)
    assert name.startswith("-")
    for said in (name, short_id(b"\xf8" * size)):
        result = mentor.type("offer", "places", said)
        assert "no offer has an id like" in result.output
    assert pick(short_id(b"\xf8" * size), (b"\xf8" * size,), "offer") == b"\xf8" * size
