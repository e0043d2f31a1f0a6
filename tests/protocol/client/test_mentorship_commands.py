"""A mentorship as two people type it, against two small nodes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import icalendar
import pytest
from click.testing import CliRunner

from kith_client.cli import me
from kith_client.commands.cautions import ask_before_sending, cautions_about, texts_of
from kith_client.commands.common import Place
from kith_client.commands.guide import MOMENTS
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import read_coming_day, read_day, send_or_keep
from kith_client.errors import NodeUnreachableError
from kith_client.system import SystemClock
from kith_client.wording import languages, wording
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import AgreementProposal, Slot, Terms
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.terminal import Terminal, join

OFFER = ("-t", "career.cv", "-l", "en", "--way", "review", "--format", "chat")
UTC_ZONE = ("--zone", "UTC")
MOVES_ON = "Let us talk on WhatsApp instead, my number is +49 170 1234567"
GROUPS = ("agreement", "session", "goal", "note", "check-in", "closing", "thanks")


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[SmallNode, SmallNode]]:
    with serve_small_node(SystemClock()) as one, serve_small_node(SystemClock()) as other:
        one.post.connect(other.post)
        yield one, other


class Pair:
    """A mentee and a mentor who talk; each names the conversation by its number, 1."""

    def __init__(self, mentee: Terminal, mentor: Terminal) -> None:
        self.mentee = mentee
        self.mentor = mentor


@pytest.fixture(scope="module")
def pair(nodes: tuple[SmallNode, SmallNode], tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Return two people who have just begun to talk."""
    mentee = join(tmp_path_factory.mktemp("mentee"), nodes[0])
    mentor = join(tmp_path_factory.mktemp("mentor"), nodes[1])
    _begin(mentee, mentor)
    return Pair(mentee, mentor)


def _begin(mentee: Terminal, mentor: Terminal) -> None:
    made = mentor.ask("offer", "new", *OFFER, "--yes")
    address = f"{mentor.node.origin}/offers/{made['id']}"
    mentee.say("knock", "new", address, "--text", "Would you read my CV?")
    mentor.say("inbox")
    accepted = mentor.say("answer", "1", "yes", "--text", "Gladly")
    assert "kith me guide first-message" in accepted
    assert "accepted" in mentee.say("knock", "list")


def _at(**later: int) -> str:
    """Return a time to come as one types it."""
    now = datetime.fromtimestamp(SystemClock().now(), UTC)
    return f"{now + timedelta(**later):%Y-%m-%d %H:%M}"


def _list(document: dict[str, object], name: str) -> list[dict[str, object]]:
    found = document[name]
    assert isinstance(found, list)
    return found


def test_terms_are_proposed_changed_one_by_one_and_accepted(pair: Pair) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    assert "Nothing is agreed" in mentee.say("agreement", "show", "1")
    goals = ("--goal", "A CV that I like", "--goal", "A letter")
    proposed = mentee.say("agreement", "propose", "1", *goals, "--sessions", "4")
    assert "You propose:" in proposed
    assert "Goals: A CV that I like; A letter" in proposed

    assert "kith me talk 1" not in mentor.say("inbox")
    shown = mentor.ask("talk", "1")
    typed = _list(shown, "messages")[-1]
    assert typed["type"] == "agreement"
    assert typed["text"]
    body = typed["body"]
    assert isinstance(body, dict)
    assert body["terms"]["sessions"] == 4

    counter = mentor.ask("agreement", "propose", "1", "--cadence", "weekly", "--minutes", "45")
    terms = counter["proposed"]
    assert isinstance(terms, dict)
    assert (terms["sessions"], terms["cadence"]) == (4, "weekly")
    refused = mentor.type("agreement", "accept", "1")
    assert refused.exit_code == 1
    assert "your own" in refused.stderr

    accepted = mentee.say("agreement", "accept", "1")
    assert "Agreed on" in accepted
    assert "kith me guide boundaries" in accepted
    changed = mentor.say("agreement", "propose", "1", "--review", "2199-01-31")
    assert " * Look back on: 2199-01-31" in changed
    assert "   How often: every week" in changed, "only what differs is marked"
    declined = mentee.ask("agreement", "decline", "1")
    assert declined["proposed"] is None
    assert declined["terms"] is not None


def test_the_template_is_shown_before_it_is_proposed(pair: Pair) -> None:
    refused = pair.mentor.type("agreement", "propose", "1", "--template", answers="n\n")
    assert refused.exit_code == 1
    assert "You would propose:" in refused.output
    assert pair.mentor.ask("agreement", "show", "1")["proposed"] is None
    template = ("--template", "-l", "de", "--cadence", "monthly", "--yes")
    proposed = pair.mentor.ask("agreement", "propose", "1", *template)["proposed"]
    assert isinstance(proposed, dict)
    assert proposed["cadence"] == "monthly"
    assert proposed["confidentiality"]
    assert pair.mentor.ask("agreement", "decline", "1")["proposed"] is None


def test_a_session_from_five_times_to_a_calendar(pair: Pair, tmp_path: Path) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    times = (_at(days=9), _at(days=8), _at(days=10))
    offered = mentee.say("session", "propose", "1", *times, *UTC_ZONE, "--text", "Or later?")
    assert "You propose times:" in offered
    assert "kith me guide first-session" in offered

    seen = mentor.ask("session", "list", "1")
    [session] = _list(seen, "sessions")
    assert session["state"] == "proposed"
    proposed = _list(session, "proposed")
    assert [slot["offset"] for slot in proposed] == [None, None, None], "no zone unless asked"
    assert [slot["minutes"] for slot in proposed] == [45, 45, 45], "as agreed"
    assert [slot["start"] for slot in proposed] == sorted(
        time.replace(" ", "T") + "Z" for time in times
    )
    assert "They propose times:" in mentor.say("session", "list", "1", *UTC_ZONE)

    assert "say which" in mentor.type("session", "pick", "1", "1").stderr
    assert "not 4" in mentor.type("session", "pick", "1", "1", "4").stderr
    berlin = ("--zone", "Europe/Berlin", "--show-offset")
    picked = mentor.ask("session", "pick", "1", "1", "2", *berlin)
    assert picked["state"] == "agreed"
    assert picked["picker_offset"] in {60, 120}
    assert "UTC+0" in mentee.say("session", "list", "1", *UTC_ZONE)

    moved = mentee.say("session", "move", "1", "1", _at(days=12), *UTC_ZONE)
    assert "You propose other times:" in moved
    assert mentor.ask("session", "pick", "1", "1")["moves"] == 1

    file = tmp_path / "dates.ics"
    mentor.say("session", "calendar", "1", str(file), "--title", "Piano", *berlin[:2])
    [event] = icalendar.Calendar.from_ical(file.read_bytes()).events
    assert str(event["summary"]) == "Piano"
    assert file.stat().st_mode & 0o077 == 0
    replaced = mentor.type("session", "calendar", "1", str(file), answers="n\n")
    assert replaced.exit_code == 1
    assert "Replace" in replaced.output

    kept = mentee.type("session", "cancel", "1", "1", answers="n\n")
    assert kept.exit_code == 1
    off = mentee.ask("session", "cancel", "1", "1", "--text", "I am ill", "--yes")
    assert off["state"] == "cancelled"
    assert "I am ill" in mentor.say("session", "list", "1")


def test_times_are_declined_and_what_took_place_is_noted(pair: Pair) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    made = mentor.ask("session", "propose", "1", _at(days=3), *UTC_ZONE, "--for", "30")
    name = str(made["id"])
    assert "other side picks" in mentor.type("session", "pick", "1", name).stderr
    assert mentee.ask("session", "decline", "1", name)["state"] == "cancelled"

    early = mentee.ask("session", "propose", "1", _at(days=3), *UTC_ZONE)
    mentor.ask("session", "pick", "1", str(early["id"]))
    refused = mentor.type("session", "took-place", "1", str(early["id"]))
    assert "once its time has come" in refused.stderr


def test_a_slip_with_times_says_what_to_do(pair: Pair) -> None:
    def slip(*words: str) -> str:
        result = pair.mentee.type("session", "propose", "1", *words)
        assert result.exit_code == 1
        return result.stderr

    assert "write it like" in slip("tomorrow", *UTC_ZONE)
    assert "past" in slip("2001-01-01 18:00", *UTC_ZONE)
    assert "Africa/Nairobi" in slip(_at(days=1), "--zone", "Afrika/Nairobi")
    assert "at most 5" in slip(*(_at(days=day) for day in range(1, 7)), *UTC_ZONE)
    assert "kith me session list" in pair.mentee.type("session", "pick", "1", "77").stderr


def test_goals_stay_with_oneself_unless_they_are_shared(pair: Pair) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    mentee.say("goal", "new", "1", "Sleep more")
    shared = mentee.ask("goal", "new", "1", "One page", "--shared", "-t", "career.cv")
    [seen] = _list(mentor.ask("goal", "list", "1"), "goals")
    assert (seen["text"], seen["topics"]) == ("One page", ["career.cv"])

    assert "Two pages" in mentor.say("goal", "edit", "1", str(shared["id"]), "Two pages")
    assert mentee.ask("goal", "mark", "1", "1", "reached")["text"] == "Two pages"
    assert "open, only you see it" in mentee.say("goal", "edit", "1", "2", "Sleep a lot")
    assert mentee.ask("goal", "mark", "1", "2", "dropped")["state"] == "dropped"
    assert "mark 1 1 dropped" in mentee.type("goal", "remove", "1", "1").stderr
    mentee.say("goal", "remove", "1", "2")
    assert len(_list(mentee.ask("goal", "list", "1"), "goals")) == 1
    assert "--shared" in mentee.type("goal", "new", "1", "x", "-t", "career.cv").stderr


def test_notes_stay_with_oneself_unless_they_are_shared(pair: Pair) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    mentee.say("note", "new", "1", "-", answers="for me\non two lines\n")
    shared = mentee.ask("note", "new", "1", "for both", "--shared", "--session", "1")
    assert shared["session"]
    [seen] = _list(mentor.ask("note", "list", "1"), "notes")
    assert seen["text"] == "for both"
    assert "for all" in mentor.say("note", "edit", "1", "1", "for all")
    listed = mentee.say("note", "list", "1")
    assert "    on two lines" in listed
    assert "for all" in listed
    assert "for me too" in mentee.say("note", "edit", "1", "2", "for me too")
    mentee.say("note", "remove", "1", "2", "--yes")
    mentee.say("note", "remove", "1", "1", answers="y\n")
    assert _list(mentor.ask("note", "list", "1"), "notes") == []
    assert "write something" in mentee.type("note", "new", "1", "").stderr


def test_a_check_in_is_asked_only_when_it_is_due(pair: Pair) -> None:
    assert "a week after" in pair.mentee.say("check-in", "show", "1")
    assert pair.mentee.ask("check-in", "show", "1") == {"due": None, "check_ins": []}
    assert "no check-in is due" in pair.mentee.type("check-in", "answer", "1", "fine").stderr


def test_a_word_is_said_where_somebody_asks_to_move_elsewhere(pair: Pair) -> None:
    sent = pair.mentee.type("talk", "1", "--say", MOVES_ON)
    assert sent.exit_code == 0, sent.output
    assert "Note:" in sent.stderr, "a script is told, and goes on"
    assert "    ! " in pair.mentor.say("talk", "1", "--last", "1")
    silent = pair.mentee.type("talk", "1", "--say", MOVES_ON, "--yes")
    assert "Note:" not in silent.stderr


def test_a_check_phrase_is_kept_and_never_sent(pair: Pair) -> None:
    assert "Perhaps: " in pair.mentee.say("talk", "1", "--check-phrase", "suggest")
    pair.mentee.say("talk", "1", "--check-phrase", "heron over harbour")
    assert "Check phrase: heron over harbour" in pair.mentee.say("talk", "1", "--safety-words")
    refused = pair.mentee.type("talk", "1", "--say", "It was heron over harbour")
    assert refused.exit_code == 1
    assert "forgotten" in pair.mentee.say("talk", "1", "--check-phrase", "none")
    assert "--card" in pair.mentee.type("talk", "1", "--thanks", "1").stderr


def test_advice_is_shown_once(pair: Pair) -> None:
    assert "kith me guide first-session" not in pair.mentee.say(
        "session", "propose", "1", _at(days=20), *UTC_ZONE
    )


def test_what_is_proposed_is_said_in_the_inbox(pair: Pair) -> None:
    assert pair.mentor.ask("inbox")["deleted"] == []
    pair.mentee.say("agreement", "propose", "1", "--cadence", "once")
    shown = pair.mentor.say("inbox")
    assert "1 conversation with something new" in shown
    assert len(shown.splitlines()) == 4
    pair.mentee.say("agreement", "decline", "1")


def test_the_end_looking_back_thanks_and_passing_on(pair: Pair) -> None:
    mentee, mentor = pair.mentee, pair.mentor
    assert "The mentorship goes on." in mentee.say("closing", "show", "1")
    kept = mentee.type("closing", "end", "1", answers="n\n")
    assert kept.exit_code == 1
    assert "kith me guide ending-well" in kept.output
    end = ("closing", "end", "1", "--look-back", "--keep-until", "2199-01-31")
    questions = mentee.ask("closing", "show", "1")["questions"]
    assert isinstance(questions, list)
    skipped = "\n" * (len(questions) - 1)
    looked = mentee.say(*end, answers=f"To ask early\n{skipped}y\n")
    assert "The mentorship ended on" in looked
    assert "2199-01-31" in looked

    assert "You read it if you do too" in mentor.say("closing", "show", "1")
    mentor.say("closing", "end", "1", "--answer", "To listen", "--yes")
    mentee.say("talk", "1")
    found = mentor.ask("closing", "show", "1")["found_by_them"]
    assert isinstance(found, dict)
    assert found["words"][0] == "To ask early"
    assert "To listen" in mentee.say("closing", "show", "1")
    assert "closed" in mentee.type("session", "propose", "1", _at(days=2), *UTC_ZONE).stderr

    assert "mentee to a mentor" in mentor.type("thanks", "write", "1", "You too").stderr
    mentee.say("thanks", "write", "1", "It helped.", "--may-show")
    [thanked] = _list(mentor.ask("thanks", "list"), "thanks")
    assert (thanked["text"], thanked["may_show"]) == ("It helped.", True)
    assert "you may show it" in mentor.say("thanks", "list")
    mentor.say("persona", "new", "--pseudonym", "Heron")
    mentor.say("talk", "1", "--card", "1", "--thanks", "1")
    assert "somebody thanked them: It helped." in mentee.say("talk", "1", "--last", "1")
    mentor.say("thanks", "remove", "1", "--yes")
    assert "Nobody has thanked you" in mentor.say("thanks", "list")

    shown = mentee.type("pass-on", "1", answers="n\n")
    assert shown.exit_code == 1
    assert "topics: career.cv" in shown.output
    assert "Who gets it:" in shown.output
    assert mentee.node.offers == {}
    offered = mentee.ask(
        "pass-on", "1", "-l", "de", "--way", "teach", "--tell-text", "Gladly", "--yes"
    )
    content = offered["content"]
    assert isinstance(content, dict)
    assert (content["topics"], content["languages"]) == (["career.cv"], ["de"])
    assert (content["ways"], content["level"]) == (["teach"], ["starting"])
    told = _list(mentor.ask("talk", "1"), "messages")[-1]
    assert told["type"] == "passed-on"


def test_a_day_is_written_as_a_date() -> None:
    assert read_day("1970-01-02") == 1
    assert read_day("none") == read_day("") == 0
    for wrong in ("tomorrow", "2027-13-01", "1969-12-31", "9999-12-31"):
        with pytest.raises(UsageError, match="write it like"):
            read_day(wrong)
    with pytest.raises(UsageError, match="over"):
        read_coming_day("1970-01-02", 86_400)
    assert read_coming_day("1970-01-03", 86_400) == 2


def test_texts_are_in_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert reader_of().language == "en"
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    assert reader_of().language == "de"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert reader_of().language == "en"
    assert reader_of(language="de").language == "de"
    with pytest.raises(UsageError, match="de"):
        reader_of(language="xx")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    assert reader_of().zone == "Asia/Kolkata"
    assert "UTC" not in reader_of().show(Slot(30_000_000, 30, 330), is_own=True)


def test_advice_comes_for_every_moment_and_role(pair: Pair) -> None:
    assert pair.mentee.ask("guide")["moments"] == list(MOMENTS)
    keys = [key for key in wording("en").keys() if key.startswith("guide.")]  # noqa: SIM118 - no dict
    assert {key.split(".")[1] for key in keys} == set(MOMENTS)
    for moment in MOMENTS:
        texts = pair.mentee.ask("guide", moment)["texts"]
        assert isinstance(texts, dict)
        assert set(texts) == {"mentor", "mentee"}
        assert all(texts.values())
    alone = pair.mentee.say("guide", "first-session", "--role", "mentor", "-l", languages()[0])
    assert "For the mentor:" in alone
    assert "For the mentee:" not in alone
    assert "there is advice for" in pair.mentee.type("guide", "flying").stderr


def test_somebody_at_a_terminal_is_asked_before_it_goes(tmp_path: Path) -> None:
    place, reader = Place(tmp_path, as_json=False, passphrase_file=None), reader_of()

    @click.command()
    @click.option("--yes", is_flag=True)
    def send(yes: bool) -> None:
        ask_before_sending(place, (MOVES_ON,), reader, is_agreed=yes, is_asking=True)
        click.echo("sent")

    runner = CliRunner()
    assert "sent" not in runner.invoke(send, input="n\n").stdout
    assert "sent" in runner.invoke(send, input="y\n").stdout
    assert runner.invoke(send, ["--yes"]).stdout == "sent\n"


async def test_what_is_stored_and_not_sent_need_not_be_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, stored = Place(tmp_path, as_json=False, passphrase_file=None), [0]

    async def break_line(*, is_stored: bool) -> str:
        stored[0] += is_stored
        raise NodeUnreachableError("no answer")

    assert await send_or_keep(place, break_line(is_stored=True), lambda: stored[0]) is None
    assert "no need to repeat it" in capsys.readouterr().err
    with pytest.raises(NodeUnreachableError):
        await send_or_keep(place, break_line(is_stored=False), lambda: stored[0])


def test_only_what_people_wrote_is_looked_at() -> None:
    terms = Terms(goals=("one", "two"), cadence="weekly", channel="three")
    assert set(texts_of(AgreementProposal(terms))) >= {"one", "two", "three"}
    assert "weekly" not in set(texts_of(AgreementProposal(terms)))
    assert cautions_about(("Good morning",), reader_of()) == ()


@pytest.mark.parametrize("name", [*GROUPS, "pass-on", "guide"])
def test_each_command_teaches_by_an_example(name: str) -> None:
    command = me.commands[name]
    found = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in found:
        assert f"Example: kith me {name}" in (one.help or "")
