"""Knocking, answering and talking, as two people type it, against two small nodes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kith_client.cli import me
from kith_client.commands.messages import describe_body
from kith_client.commands.progress import waiting_for
from kith_client.system import SystemClock
from kith_protocol.conversation.bodies import Card, Close, Freeze, Rekey, Text
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.terminal import Terminal, join

OFFER = ("-t", "career.cv", "-l", "en", "--way", "review", "--format", "chat")


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[SmallNode, SmallNode]]:
    with serve_small_node(SystemClock()) as one, serve_small_node(SystemClock()) as other:
        one.post.connect(other.post)
        yield one, other


@pytest.fixture(scope="module")
def mentee(
    nodes: tuple[SmallNode, SmallNode], tmp_path_factory: pytest.TempPathFactory
) -> Terminal:
    return join(tmp_path_factory.mktemp("mentee"), nodes[0])


@pytest.fixture(scope="module")
def mentor(
    nodes: tuple[SmallNode, SmallNode], tmp_path_factory: pytest.TempPathFactory
) -> Terminal:
    return join(tmp_path_factory.mktemp("mentor"), nodes[1])


def offer_of(mentor: Terminal) -> str:
    made = mentor.ask("offer", "new", *OFFER, "--yes")
    return f"{mentor.node.origin}/offers/{made['id']}"


def test_from_knocking_to_leaving_with_everything(
    mentee: Terminal, mentor: Terminal, tmp_path: Path
) -> None:
    offer = offer_of(mentor)
    assert "Wren" in mentee.say("persona", "new", "--pseudonym", "Wren", "--about", "I learn")
    assert "1. Wren" in mentee.say("persona", "list")

    knocked = mentee.say(
        "knock", "new", offer, "--text", "Would you read my CV?", "--persona", "1"
    )
    assert "delivered; no answer yet" in knocked

    tray = mentor.say("inbox")
    assert "1 knock to answer" in tray
    assert "Would you" not in tray, "the tray shows no preview unless it is asked for"
    assert "Would you read my CV?" in mentor.say("inbox", "1")
    assert "I learn" in mentor.say("inbox", "--preview")
    assert "You talk from now on" in mentor.say("answer", "1", "yes", "--text", "Gladly")
    assert "0 knocks to answer" in mentor.say("inbox")

    assert "They say: Gladly" in mentee.say("knock", "list")
    assert "(answer) Gladly" in mentee.say("talk", "1", "--say", "Thank you!")
    assert "piped in\non two lines" in mentee.say(
        "talk", "1", "--say", "-", answers="piped in\non two lines\n"
    )
    assert "2 messages" in mentor.say("inbox")
    read = mentor.ask("talk", "1", "--safety-words")
    texts = [one["text"] for one in read["messages"]]  # type: ignore[attr-defined] # a list
    assert texts[-2:] == ["Thank you!", "piped in\non two lines"]
    assert read["with"] == "Wren"
    assert read["safety_words"] == mentee.ask("talk", "1", "--safety-words")["safety_words"]

    letter = tmp_path / "cv.txt"
    letter.write_text("ten years of lighthouses")
    mentee.say("talk", "1", "--file", str(letter))
    saved = mentor.ask("talk", "1", "--save", str(tmp_path / "got"))["saved"]
    assert isinstance(saved, list)
    assert Path(saved[0]).read_text() == "ten years of lighthouses"
    assert Path(saved[0]).name == "file-1.txt"

    mentor.say("talk", "1", "--close", "--say", "Good luck")
    assert "ended by the other side" in mentee.say("talk", "1")

    files = mentee.ask("export", str(tmp_path / "export"))["files"]
    assert isinstance(files, list)
    document = json.loads(Path(files[0]).read_text())
    (conversation,) = document["export"]["conversations"]
    assert [one["text"] for one in conversation["messages"] if one["kind"] == "text"] == [
        "Thank you!",
        "piped in\non two lines",
    ]
    assert "Good luck" in Path(files[1]).read_text()
    assert all(Path(file).stat().st_mode & 0o077 == 0 for file in files)


def test_a_decline_is_kind_and_may_help(mentee: Terminal, mentor: Terminal) -> None:
    mentee.say("knock", "new", offer_of(mentor), "--text", "Hello")
    mentor.say("inbox")
    assert "They will read" in mentor.say(
        "answer", "1", "no", "--text", "No room now", "--suggest", "craft.writing"
    )
    shown = mentee.say("knock", "list")
    assert "They say: No room now" in shown
    assert "craft.writing" in shown


def test_a_decline_may_use_kind_words_that_come_with_the_program(
    mentee: Terminal, mentor: Terminal
) -> None:
    declines = mentor.ask("guide", "declines")["declines"]
    assert isinstance(declines, dict)
    mentee.say("knock", "new", offer_of(mentor), "--text", "Hello")
    mentor.say("inbox")
    for slip in (("no", "--template", "99"), ("yes", "--template", "1")):
        assert mentor.type("answer", "1", *slip).exit_code == 1
    mentor.say("answer", "1", "no", "--template", "3")
    assert declines["3"] in mentee.say("knock", "list")


def test_a_draft_is_sent_later_and_taken_back(mentee: Terminal, mentor: Terminal) -> None:
    drafted = mentee.ask("knock", "new", offer_of(mentor), "--text", "Hello", "--draft")
    assert drafted["state"] == "draft"
    number = str(drafted["id"])
    assert mentee.ask("knock", "send", number)["state"] == "delivered"
    assert "taken back" in mentee.say("knock", "withdraw", number)


def test_somebody_is_blocked_and_let_in_again(mentee: Terminal, mentor: Terminal) -> None:
    mentee.say("knock", "new", offer_of(mentor), "--text", "Something unkind")
    mentor.say("inbox")
    assert "They are told nothing" in mentor.say("block", "1", "--knock")
    assert "0 knocks" in mentor.say("inbox")
    assert len(mentor.ask("block", "--list")["blocks"]) == 1  # type: ignore[arg-type] # a list
    assert "lifted" in mentor.say("block", "1", "--lift")
    assert "blocked nobody" in mentor.say("block", "--list")


def test_a_persona_is_changed_and_forgotten(mentor: Terminal) -> None:
    made = mentor.ask("persona", "new", "--pronouns", "they", "-l", "en")
    number = str(made["id"])
    edited = mentor.ask("persona", "edit", number, "--pseudonym", "Heron", "--new-picture")
    assert edited["content"]["pseudonym"] == "Heron"  # type: ignore[index] # a document
    assert edited["content"] != made["content"]
    assert "forgotten" in mentor.say("persona", "remove", number)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("talk", "99"), "no conversation number 99"),
        (("knock", "new", "nowhere", "--text", "x"), "nowhere"),
        (("block",), "say which"),
        (("talk", "1", "--watch", "--json"), "--watch goes with"),
    ],
)
def test_a_slip_is_one_line_with_a_way_on(
    mentee: Terminal, words: tuple[str, ...], said: str
) -> None:
    result = mentee.type(*words)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert said in result.output
    assert "list`" not in result.output or "me conversation" not in result.output


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (Text("hello"), "hello"),
        (Card("Wren", "0" * 16, "they"), "(card) Wren (they)"),
        (Freeze(), "(paused by its owner)"),
        (Close("bye"), "(ended) bye"),
        (Rekey(), ""),
    ],
)
def test_each_kind_of_message_has_words(body: Text | Card | Freeze | Close, words: str) -> None:
    assert describe_body(body) == words


async def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> str:
        return "done"

    assert await waiting_for("Working", work()) == "done"
    assert capsys.readouterr().err == ""


def test_every_command_says_what_it_does() -> None:
    for name, command in me.commands.items():
        assert isinstance(command, click.Command)
        assert command.help, name
