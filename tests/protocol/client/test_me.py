"""The member's commands, as somebody types them, against a small node."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kith_client.cli import me
from kith_client.commands.common import (
    check_passphrase,
    default_home,
    explain,
    pick,
    read_passphrase,
)
from kith_client.errors import ProblemError
from kith_client.recovery import recovery_words
from kith_client.system import SystemClock
from kith_crypto.errors import UsageError
from kith_testing.small_node import SmallNode, serve_small_node

PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"
YES = ("--yes", "--name", "wren")
OFFER = ("-t", "career.cv", "-l", "en", "--way", "review", "--format", "chat")


@dataclasses.dataclass
class Terminal:
    """A folder with keys and a passphrase file, and a way to type commands."""

    home: Path
    passphrase_file: Path
    node: SmallNode

    def type(self, *words: str, answers: str = "") -> Result:
        options = ["--home", str(self.home), "--passphrase-file", str(self.passphrase_file)]
        return CliRunner().invoke(me, [*words, *options], input=answers)

    def ask(self, *words: str) -> dict[str, object]:
        """Return what a command prints with ``--json``."""
        result = self.type(*words, "--json")
        assert result.exit_code == 0, result.output
        document = json.loads(result.stdout)
        assert isinstance(document, dict)
        return document

    def join(self, invite: str = "one") -> Result:
        link = f"{self.node.origin}/#i=spring-invite-{invite}"
        return self.type("join", link, "--name", "wren", "--yes")


@dataclasses.dataclass(frozen=True)
class Start:
    """A node with one member, and the member's key file."""

    node: SmallNode
    keys: bytes


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Join once for all tests of the module, as that takes two derivations."""
    folder = tmp_path_factory.mktemp("start")
    passphrase_file = folder / "passphrase"
    passphrase_file.write_text(f"{PASSPHRASE}\n")
    with serve_small_node(SystemClock()) as node:
        terminal = Terminal(folder / "home", passphrase_file, node)
        result = terminal.join()
        assert result.exit_code == 0, result.output
        yield Start(node, (terminal.home / "keys").read_bytes())


@pytest.fixture
def terminal(start: Start, tmp_path: Path) -> Terminal:
    """Return a terminal with the keys of a member who owns nothing yet."""
    home, passphrase_file = tmp_path / "home", tmp_path / "passphrase"
    home.mkdir(mode=0o700)
    (home / "keys").write_bytes(start.keys)
    passphrase_file.write_text(f"{PASSPHRASE}\n")
    start.node.forget_objects()
    return Terminal(home, passphrase_file, start.node)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Terminal]:
    """Return a terminal without keys, and a node of its own."""
    passphrase_file = tmp_path / "passphrase"
    passphrase_file.write_text(f"{PASSPHRASE}\n")
    with serve_small_node(SystemClock()) as node:
        yield Terminal(tmp_path / "home", passphrase_file, node)


def test_an_offer_from_joining_to_leaving(stranger: Terminal) -> None:
    joined = stranger.join()
    assert joined.exit_code == 0, joined.output
    assert "House rules:\nBe kind." in joined.output
    assert "recovery code" in joined.output

    made = stranger.type("offer", "new", *OFFER, "--summary", "I read it", answers="y\n")
    assert made.exit_code == 0, made.output
    for words in ("topics: career.cv", "in short (en): I read it", "Who gets it:"):
        assert words in made.output

    assert "1. " in stranger.type("offer", "list").output
    edited = stranger.type("offer", "edit", "1", "--room", "full", "--yes")
    assert "full at the moment" in edited.output
    assert stranger.ask("offer", "list")["offers"] != []
    extended = stranger.type("offer", "extend", "1", "--days", "90")
    assert "stands that long already" in extended.output

    withdrawn = stranger.type("offer", "withdraw", "1", "--yes")
    assert "receipts 1" in withdrawn.output
    assert "https://peer.example/actor" in stranger.type("offer", "receipts", "1").output

    left = stranger.ask("leave", "--yes", "--forget")
    assert left["left"] is True
    assert stranger.node.accounts == []
    assert not (stranger.home / "keys").exists()


def test_nothing_is_published_without_a_yes(terminal: Terminal) -> None:
    refused = terminal.type("offer", "new", *OFFER, answers="n\n")
    assert refused.exit_code == 1
    assert terminal.node.offers == {}


def test_json_asks_nothing(terminal: Terminal) -> None:
    refused = terminal.type("offer", "new", *OFFER, "--json")
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    made = terminal.ask("offer", "new", *OFFER, "--yes", "--days", "10")
    assert made["state"] == "waiting"


def test_a_preview_shows_the_exact_bytes_and_sends_nothing(terminal: Terminal) -> None:
    preview = terminal.ask(
        "offer", "preview", *OFFER, "--text", "en=Hello", "--text", "ar=مرحبا"
    )
    shown = preview["object"]
    assert isinstance(shown, dict)
    assert shown["contentMap"] == {"en": "Hello", "ar": "مرحبا"}
    assert "published" not in shown
    assert terminal.node.offers == {}


def test_profiles_from_new_to_withdrawn(terminal: Terminal) -> None:
    made = terminal.type(
        "profile", "new", "--pseudonym", "Wren", "--about", "Radios", "-l", "en"
    )
    assert made.exit_code == 0, made.output
    terminal.ask("offer", "new", *OFFER, "--yes")
    shown = terminal.type("profile", "show-offer", "1", "1", answers="y\n")
    assert "This links the two" in shown.output
    assert "1 offer" in terminal.type("profile", "list").output
    assert "/offers/" in terminal.type("profile", "list", "--all").output
    terminal.type("profile", "hide-offer", "1", "1")
    terminal.type("profile", "edit", "1", "--about", "", "-t", "career", "--by-link")
    (profile,) = terminal.node.profiles.values()
    assert profile.shown == set()
    assert (profile.body.content.about, profile.body.content.topics) == ("", ("career",))
    assert profile.body.listed is False
    assert terminal.type("profile", "withdraw", "1", "--yes").exit_code == 0
    assert terminal.node.profiles == {}


def test_search_shows_why(terminal: Terminal) -> None:
    terminal.ask("offer", "new", *OFFER, "--yes", "--answers", "days", "--summary", "I read it")
    for here in ([], ["--here"]):
        found = terminal.type("search", "-t", "career", "-l", "en", *here).output
        for words in ("1 offer", "CV and résumé", "speaks en", "has room", "I read it"):
            assert words in found
        assert "usually answers within days" in found
    hits = terminal.ask("search", "-t", "resume", "-l", "en", "--way", "review")["hits"]
    assert isinstance(hits, list)
    assert hits[0]["own"] is True
    for here in ([], ["--here"]):
        counted = terminal.type("search", "--facets", "-l", "en", *here).output
        assert "1 offer" in counted
        assert "1  open" in counted


def test_free_words_are_understood_and_what_differs_is_said(terminal: Terminal) -> None:
    terminal.ask("offer", "new", *OFFER, "--yes")
    for here in ([], ["--here"]):
        found = terminal.type("search", "resume", "-l", "en", *here).output
        assert "resume: CV and résumé (career.cv)" in found
        assert "why: about CV and résumé" in found
    near = terminal.type("search", "-t", "craft.writing", "-l", "en").output
    assert "why: about CV and résumé, which is only close to what you asked for" in near
    assert "0 offers" in terminal.type("search", "-t", "craft.writing", "--exact").output
    known = terminal.type("search", "-l", "en", "--knows", "career").output
    assert "shares with you Career" in known
    nothing = terminal.type("search", "xyzzy", "-l", "en").output
    assert "0 offers" in nothing
    assert "Words compared with what people say: xyzzy" in nothing
    assert terminal.ask("search", "resume")["understood"] is not None
    assert "the text cannot be used" in terminal.type("search", "x" * 201).stderr


def test_topics_are_found_by_a_word(terminal: Terminal) -> None:
    assert "career.cv  CV and résumé" in terminal.type("topics", "resume").output
    assert terminal.ask("topics", "xyzzy") == {"topics": [], "perhaps": []}
    assert terminal.ask("topics", "resmue")["topics"] == []
    for wrong in ("carrer", "resmue"):
        refused = terminal.type("search", "-t", wrong)
        assert "perhaps one of: career" in refused.output


def test_whoami_warns_of_new_keyholders(stranger: Terminal) -> None:
    stranger.join()
    assert "Note:" not in stranger.type("whoami").output
    stranger.node.keyholders = ("cabin", "dairy")
    assert "cabin dairy" in stranger.type("whoami").stderr
    assert stranger.ask("whoami")["keyholders_changed"] is True
    stranger.type("whoami", "--accept-keyholders")
    assert stranger.ask("whoami")["keyholders_changed"] is False


def test_a_new_passphrase_and_a_second_device(stranger: Terminal, tmp_path: Path) -> None:
    stranger.join()
    new_file = tmp_path / "new"
    new_file.write_text("barley-quartz-comet-tulip-anvil-fern")
    changed = stranger.ask(
        "passphrase", "--name", "wren", "--new-passphrase-file", str(new_file)
    )
    code = changed["recovery"]
    assert isinstance(code, str)
    assert "does not open" in stranger.type("whoami").output

    second = dataclasses.replace(stranger, home=tmp_path / "second", passphrase_file=new_file)
    assert second.type("sign-in", stranger.node.origin, "--name", "wren").exit_code == 0
    assert second.type("sign-out").exit_code == 0

    third = dataclasses.replace(stranger, home=tmp_path / "third")
    recovered = third.type(
        "recover", stranger.node.origin, "--name", "wren", answers=f"{code}\n"
    )
    assert recovered.exit_code == 0, recovered.output
    assert third.ask("whoami")["role"] == "member"


def test_asks_for_name_and_passphrase_and_suggests_both(stranger: Terminal) -> None:
    link = f"{stranger.node.origin}/#i=spring-invite-one"
    typed = ["join", link, "--home", str(stranger.home)]
    result = CliRunner().invoke(me, typed, input="y\n\n\n")
    assert result.exit_code == 0, result.output
    assert "A passphrase nobody can guess: " in result.stderr
    suggested = result.stderr.split("A passphrase nobody can guess: ")[1].split()[0]
    assert suggested.count("-") == 5
    shown = ["whoami", "--home", str(stranger.home), "--json"]
    assert CliRunner().invoke(me, shown, input=f"{suggested}\n").exit_code == 0


def test_a_short_passphrase_is_asked_for_again(stranger: Terminal) -> None:
    link = f"{stranger.node.origin}/#i=spring-invite-one"
    typed = ["join", link, "--name", "wren", "--yes", "--home", str(stranger.home)]
    result = CliRunner().invoke(me, typed, input=f"short\n{PASSPHRASE}\n{PASSPHRASE}\n")
    assert result.exit_code == 0, result.output
    assert "fewer than 12 characters" in result.stderr


def test_an_own_passphrase_is_typed_twice(stranger: Terminal) -> None:
    link = f"{stranger.node.origin}/#i=spring-invite-one"
    typed = ["join", link, "--name", "wren", "--yes", "--home", str(stranger.home)]
    slip = f"{PASSPHRASE}\nsomething else\n{PASSPHRASE}\n"
    result = CliRunner().invoke(me, typed, input=slip)
    assert result.exit_code == 0, result.output
    assert "that was another one" in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("whoami",), "kith me join LINK"),
        (("join", "https://kith.example/"), "the link has no invite"),
        (("join", "abc"), "give its address"),
        (("join", "http://127.0.0.1:1/#i=abc"), "Check the connection"),
        (("sign-in", "nowhere", "--name", "a"), "https://kith.example"),
    ],
)
def test_errors_are_one_line_with_a_next_step(
    stranger: Terminal, words: tuple[str, ...], says: str
) -> None:
    result = stranger.type(*words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_mistakes_in_offers_are_said_before_anything_is_sent(terminal: Terminal) -> None:
    mistakes: tuple[tuple[tuple[str, ...], str], ...] = (
        (("-l", "en"), "--topic, --way, --format"),
        ((*OFFER, "--summary", "see www.example.org"), "without names, links"),
        ((*OFFER, "--region", "1555"), "not possible"),
        ((*OFFER, "--text", "one", "--text", "two"), "two texts in en"),
        ((*OFFER, "--days", "200"), "at most 90 days"),
        ((*OFFER, "--format", "in-person"), "take other formats"),
        ((*OFFER, "-l", "english"), "--language is written like en"),
        ((*OFFER, "--text", "x" * 601), "--text takes at most 600 characters"),
        ((*OFFER, "-t", "carer.cv"), "perhaps one of: career"),
    )
    for words, says in mistakes:
        result = terminal.type("offer", "new", *words, "--yes")
        assert result.exit_code == 1, words
        assert says in result.stderr
    for words in (
        ("edit", "1", "--room", "full"),
        ("receipts", "x"),
        ("withdraw", "9", "--yes"),
    ):
        assert "kith me offer list" in terminal.type("offer", *words).stderr
    assert terminal.node.offers == {}


def test_what_a_node_finds_too_long_says_to_take_fewer_days() -> None:
    refused = ProblemError("malformed", "Malformed.", status=400, pointer="/endDay")
    assert "take fewer --days" in explain(refused)
    elsewhere = ProblemError("malformed", "Malformed.", status=400, pointer="/topics")
    assert explain(elsewhere) == "Malformed. (/topics)"


def test_an_edit_says_what_changes(terminal: Terminal) -> None:
    for kind in ("offer", "profile"):
        result = terminal.type(kind, "edit", "1")
        assert result.exit_code == 1
        assert "name what should change" in result.stderr


def test_a_search_that_cannot_be_names_its_option(terminal: Terminal) -> None:
    assert "--language cannot be used" in terminal.type("search", "-l", "english!").stderr
    assert "--after cannot be used" in terminal.type("search", "--after", "page2").stderr


def test_a_typing_error_finds_the_topic_that_was_meant(terminal: Terminal) -> None:
    assert "Perhaps: career.cv" in terminal.type("topics", "resmue").output


def test_a_used_invite_says_to_ask_for_another_one(stranger: Terminal, tmp_path: Path) -> None:
    assert stranger.join().exit_code == 0
    again = stranger.join()
    assert "name another folder with --home" in again.stderr
    second = dataclasses.replace(stranger, home=tmp_path / "second").join()
    assert second.exit_code == 1
    assert "ask for another one" in second.stderr


def test_a_void_recovery_code_says_so(stranger: Terminal) -> None:
    words = recovery_words(bytes(16))
    result = stranger.type(
        "recover", stranger.node.origin, "--name", "wren", answers=f"{words}\n"
    )
    assert result.exit_code == 1
    assert "opens no account here" in result.stderr


def test_a_taken_device_is_shut_out_and_the_others_are_let_in_again(
    stranger: Terminal, tmp_path: Path
) -> None:
    assert stranger.join().exit_code == 0
    other = dataclasses.replace(stranger, home=tmp_path / "other")
    signed_in = other.type("sign-in", stranger.node.origin, "--name", "wren")
    assert signed_in.exit_code == 0, signed_in.output
    new = tmp_path / "new"
    new.write_text("barley-quartz-comet-tulip-anvil-fern\n")
    wren = ("--name", "wren", "--new-passphrase-file", str(new))
    taken = stranger.type("devices", "taken", *wren)
    assert taken.exit_code == 0, taken.output
    assert "is shut out" in taken.output
    assert "As a QR code" in taken.output

    refused = other.type("whoami")
    assert refused.exit_code == 1
    assert "kith me devices again" in refused.stderr
    again = other.type("devices", "again", *wren)
    assert again.exit_code == 0, again.output
    opened = dataclasses.replace(other, passphrase_file=new)
    assert opened.ask("whoami")["state"] == "active"


def test_freezing_needs_the_recovery_code_alone(stranger: Terminal, tmp_path: Path) -> None:
    joined = stranger.ask("join", f"{stranger.node.origin}/#i=spring-invite-one", *YES)
    words = str(joined["recovery"])
    elsewhere = dataclasses.replace(stranger, home=tmp_path / "elsewhere")
    frozen = elsewhere.type("freeze", stranger.node.origin, *YES, answers=f"{words}\n")
    assert frozen.exit_code == 0, frozen.output
    assert "Everything is paused; 0 partners will read it." in frozen.output
    void = stranger.type("recover", stranger.node.origin, *YES[1:], answers=f"{words}\n")
    assert "a newer one makes it void" in void.stderr


def test_what_a_node_did_to_the_vault_is_said(stranger: Terminal) -> None:
    assert stranger.join().exit_code == 0
    stranger.node.vaults.clear()
    healed = stranger.type("vault")
    assert healed.exit_code == 0, healed.output
    assert "your vault was gone from your node" in healed.stderr
    assert "0 offers" in healed.stdout
    again = stranger.ask("vault")
    assert (again["warnings"], again["bytes"]) == ([], 240 * 1024)


def test_no_command_takes_a_passphrase_as_an_argument() -> None:
    for command in _commands(me):
        names = [parameter.name for parameter in command.params]
        assert "passphrase" not in names
        assert "Example: kith me" in (command.help or "")


def test_keys_are_in_the_data_folder_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert default_home() == Path("/somewhere/kith/me")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/people/wren")
    assert default_home() == Path("/people/wren/.local/share/kith/me")


def test_reads_a_passphrase_from_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes("größer\r\nsecond line".encode())
    assert read_passphrase(path) == "größer"
    for raw in (b"", b"\nsecond", b"\xff\xfe"):
        path.write_bytes(raw)
        with pytest.raises(UsageError):
            read_passphrase(path)
    with pytest.raises(UsageError):
        read_passphrase(tmp_path / "missing")


def test_refuses_a_passphrase_that_is_easily_guessed() -> None:
    with pytest.raises(UsageError):
        check_passphrase("hunter2")
    assert check_passphrase(PASSPHRASE) == PASSPHRASE


def test_picks_by_number_or_by_the_beginning_of_an_id() -> None:
    ids = (bytes(16), b"\x00" * 15 + b"\x01", b"\xff" * 16)
    assert pick("3", ids, "offer") == ids[2]
    assert pick("____", ids, "offer") == ids[2]
    for wrong in ("0", "4", "AAAA", "zzz"):
        with pytest.raises(UsageError):
            pick(wrong, ids, "offer")


def _commands(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _commands(inner)
    else:
        yield command
