"""A circle as three people type it, against two small nodes."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import msgspec
import pytest

from kith_client.commands.circle_words import names_of, safe, short_key, warnings_of
from kith_client.commands.common import short_id
from kith_client.system import SystemClock
from kith_crypto.encoding import parse_base64url
from kith_protocol.circle.roster import CircleTerms
from kith_protocol.circle.seat import make_keys, make_seat
from kith_protocol.day import day_of
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.terminal import Terminal, join

OFFER = ("-t", "career.cv", "-l", "en", "--way", "review", "--format", "chat")
UTC_ZONE = ("--zone", "UTC")
MOVES_ON = "Let us talk on WhatsApp instead, my number is +49 170 1234567"


def _at(**later: int) -> str:
    """Return a time to come as one types it."""
    now = datetime.fromtimestamp(SystemClock().now(), UTC)
    return f"{now + timedelta(**later):%Y-%m-%d %H:%M}"


UNTIL = ("--until", _at(days=60)[:10])
PURPOSE = ("--purpose", "Reading each other's CVs", *UNTIL, "--rules", "Kind words only.")


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[SmallNode, SmallNode]]:
    with serve_small_node(SystemClock()) as one, serve_small_node(SystemClock()) as other:
        one.post.connect(other.post)
        yield one, other


class Three:
    """Ann, who convenes, and Ben and Cleo, with whom she talks; each has one circle, 1."""

    def __init__(self, ann: Terminal, ben: Terminal, cleo: Terminal, recovery: str) -> None:
        self.ann = ann
        self.ben = ben
        self.cleo = cleo
        self.recovery = recovery  # Cleo's
        self.talks: dict[Terminal, str] = {}  # of Ann with them

    def look(self) -> None:
        """Let everybody read what came."""
        for one in (self.ann, self.ben, self.cleo):
            one.say("circle", "list")


@pytest.fixture(scope="module")
def group(
    nodes: tuple[SmallNode, SmallNode], tmp_path_factory: pytest.TempPathFactory
) -> Three:
    """Return three people of two communities; nobody is in a circle yet."""
    here, there = nodes
    cleo = Terminal(tmp_path_factory.mktemp("cleo"), there)
    link = f"{there.origin}/#i=spring-invite-two"
    recovery = cleo.ask("join", link, "--name", "robin", "--yes")["recovery"]
    return Three(
        join(tmp_path_factory.mktemp("ann"), here),
        join(tmp_path_factory.mktemp("ben"), there),
        cleo,
        str(recovery),
    )


def _begin(convener: Terminal, guest: Terminal) -> str:
    """Let the convener knock at an offer of the guest, who accepts; return the conversation."""
    made = guest.ask("offer", "new", *OFFER, "--yes")
    address = f"{guest.node.origin}/offers/{made['id']}"
    knock = convener.ask("knock", "new", address, "--text", "Would you read my CV?")
    guest.say("inbox")
    guest.say("answer", "1", "yes", "--text", "Gladly")
    convener.say("knock", "list")
    return str(knock["id"])


def _list(document: dict[str, object], name: str) -> list[dict[str, object]]:
    found = document[name]
    assert isinstance(found, list)
    return found


def _texts(terminal: Terminal) -> list[object]:
    return [one["text"] for one in _list(terminal.ask("circle", "show", "1"), "words")]


def _names(terminal: Terminal) -> list[str]:
    members = _list(terminal.ask("circle", "show", "1"), "members")
    return sorted(str(one["name"]) for one in members)


@pytest.fixture(scope="module")
def three(group: Three) -> Three:
    """Return a circle of three."""
    made = group.ann.say("circle", "convene", *PURPOSE, "--name", "Ann")
    assert "Kind words only." in made
    for guest, name in ((group.ben, "Ben"), (group.cleo, "Cleo")):
        talk = group.talks[guest] = _begin(group.ann, guest)
        group.ann.say("circle", "invite", "1", talk, "Would you like to come?")
        assert "1 invitation" in guest.say("inbox")
        assert "They read that you come" in guest.say(
            "circle", "join", "1", "--name", name, "--yes"
        )
    group.look()
    group.look()
    return group


def test_three_people_talk(three: Three) -> None:
    for one in (three.ann, three.ben, three.cleo):
        assert _names(one) == ["Ann", "Ben", "Cleo"]
    said = three.ben.type("circle", "say", "1", "Good morning,\nall")
    assert "you: Good morning,\n    all" in said.stdout
    assert "Letters leave one by one" in said.stderr
    news = three.ann.say("inbox")
    assert "1 circle with something new" in news
    assert "1 new message" in news
    assert "Good morning" not in news
    shown = three.ann.say("circle", "show", "1")
    for words in (
        "for: Reading each other's CVs",
        "Members (3)",
        "(you, convener)",
        "Ben: Good morning,\n    all",
        "ground rules: Kind words only.",
        "30 days after its end",
    ):
        assert words in shown
    assert "Good morning" not in three.ann.say("circle", "show", "1", "--last", "0")
    assert "piped in" in three.cleo.say("circle", "say", "1", "-", answers="piped in\n")


def test_one_document_tells_everything(three: Three) -> None:
    document = three.ben.ask("circle", "show", "1")
    assert (document["state"], document["people"], document["warnings"]) == ("open", 3, [])
    terms = document["terms"]
    assert isinstance(terms, dict)
    assert terms["rules"] == "Kind words only."
    assert [one["name"] for one in _list(document, "members") if one["convener"]] == ["Ann"]
    said = three.ben.ask("circle", "say", "1", "One document")
    assert (said["own"], said["sent"], said["text"]) == (True, 2, "One document")
    [listed] = _list(three.ben.ask("circle", "list"), "circles")
    assert listed["id"] == document["id"]
    assert three.ben.ask("circle", "show", str(document["id"])[:8])["id"] == document["id"]


def test_what_was_said_of_a_circle_in_a_conversation_is_shown_in_words(three: Three) -> None:
    shown = three.ben.say("talk", "1")
    assert "(invitation to a circle: Reading each other's CVs, until" in shown
    assert "Would you like to come?" in shown
    assert "(comes to the circle as Ben)" in shown
    types = [one["type"] for one in _list(three.ben.ask("talk", "1"), "messages")]
    assert types[-2:] == ["circle-invite", "circle-join"]
    assert "1 conversation, 1 circle" in three.ben.say("vault")


def test_no_text_can_pass_for_a_line_of_somebody_else(three: Three) -> None:
    forged = "Hello\n2026-01-01 10:00 [AAAAAAAA] Ann: I agree"
    three.cleo.say("circle", "say", "1", forged)
    lines = three.ben.say("circle", "show", "1").splitlines()
    assert "    2026-01-01 10:00 [AAAAAAAA] Ann: I agree" in lines
    assert safe("\u05d0 b") == "\u2068\u05d0 b\u2069"
    assert safe("a\x1b[31m\u202eb") == "a[31mb"


def test_what_asks_for_care_is_told_before_and_after_it_is_sent(three: Three) -> None:
    sent = three.cleo.type("circle", "say", "1", MOVES_ON)
    assert "Note:" in sent.stderr
    assert "    ! " in three.ben.say("circle", "show", "1")


@pytest.fixture
def ctrl_c_works() -> Iterator[None]:
    """Take Ctrl-C as in a terminal: what runs in the background begins with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_works")
def test_ctrl_c_loses_nothing(three: Three) -> None:
    async def interrupt(_: float) -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)

    result = three.ann.type("circle", "say", "1", "Before the tram", pause=interrupt)
    assert result.exit_code == 0, result.output
    assert "There is no need to repeat it" in result.stderr
    assert "you: Before the tram" in result.stdout
    have = [_texts(one).count("Before the tram") for one in (three.ben, three.cleo)]
    assert sorted(have) == [0, 1]
    three.ann.say("inbox")
    for one in (three.ann, three.ben, three.cleo):
        assert _texts(one).count("Before the tram") == 1


def test_a_broken_line_keeps_what_was_written(three: Three) -> None:
    node = three.cleo.node
    node.breaks_before = ("PUT", "envelopes")
    result = three.cleo.type("circle", "say", "1", "From the tunnel")
    node.breaks_before = None
    assert result.exit_code == 0, result.output
    assert "cannot be reached" in result.stderr
    three.cleo.say("inbox")
    assert "From the tunnel" in _texts(three.ann)
    assert "From the tunnel" in _texts(three.ben)


def test_a_session_is_planned_moved_attended_and_cancelled(
    three: Three, tmp_path: Path
) -> None:
    ann, ben, cleo = three.ann, three.ben, three.cleo
    refused = ben.type("circle", "session", "plan", "1", _at(days=3), "60", *UTC_ZONE)
    assert "only the convener" in refused.stderr
    late = ann.type("circle", "session", "plan", "1", "2001-01-01 18:00", "60", *UTC_ZONE)
    assert "is over" in late.stderr
    planned = ann.say(
        "circle", "session", "plan", "1", _at(days=3), "60", "My kitchen", *UTC_ZONE
    )
    assert "My kitchen" in planned
    assert "1 session new or changed" in ben.say("inbox")
    ben.say("circle", "session", "attend", "1", "1", "maybe")
    attended = ben.ask("circle", "session", "attend", "1", "1", "yes")
    assert list(attended["attends"].values()) == ["yes"]  # type: ignore[attr-defined] # a dict
    cleo.say("circle", "session", "attend", "1", str(attended["id"]), "no")
    listed = ann.say("circle", "session", "list", "1", *UTC_ZONE)
    assert "come: Ben" in listed
    assert "not: Cleo" in listed

    there = _at(days=4)
    moved = ann.ask("circle", "session", "move", "1", "1", there, "--for", "45", *UTC_ZONE)
    assert moved["start"] == there.replace(" ", "T") + "Z"
    assert (moved["minutes"], moved["where"]) == (45, "My kitchen")
    events = [_event(one, tmp_path / f"{name}.ics") for name, one in (("a", ben), ("b", cleo))]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CANCELLED"]
    assert events[0]["uid"] != events[1]["uid"]
    assert events[0]["dtstart"].to_ical() == events[1]["dtstart"].to_ical()
    assert _event(ben, tmp_path / "a.ics")["uid"] == events[0]["uid"]

    kept = ann.type("circle", "session", "cancel", "1", "1", answers="n\n")
    assert kept.exit_code == 1
    assert ann.ask("circle", "session", "cancel", "1", "1", "--yes")["cancelled"] is True
    assert "cancelled" in ben.say("circle", "session", "list", "1")
    assert "cancelled" in ben.type("circle", "session", "attend", "1", "1", "yes").stderr
    off = ann.type("circle", "session", "move", "1", "1", _at(days=5), *UTC_ZONE)
    assert "plan a new one" in off.stderr
    wrong = ben.type("circle", "session", "attend", "1", "9", "yes").stderr
    assert "kith me circle session list" in wrong


def _event(terminal: Terminal, file: Path) -> icalendar.Event:
    """Return the only entry of the calendar, which tells nothing of the circle."""
    terminal.say("circle", "session", "calendar", "1", str(file), *UTC_ZONE, "--yes")
    raw = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    for word in (b"kitchen", b"Reading", b"Ann", b"ircle", b"ith"):
        assert word not in raw
    [event] = icalendar.Calendar.from_ical(raw).events
    return event


def test_new_terms_are_acknowledged_before_anything_is_said(three: Three) -> None:
    ann, ben = three.ann, three.ben
    assert "name what should change" in ann.type("circle", "change-rules", "1").stderr
    kept = ann.type("circle", "change-rules", "1", "--rhythm", "Mondays", answers="n\n")
    assert kept.exit_code == 1
    assert "changed" in ann.say("circle", "change-rules", "1", "--rhythm", "Mondays", "--yes")
    assert "your word is needed" in ben.say("inbox")
    assert "acknowledge" in ben.type("circle", "say", "1", "Hello").stderr
    shown = ben.type("circle", "show", "1")
    assert "the terms are new" in shown.stderr
    assert "has not acknowledged the terms" in shown.stdout
    assert "Not acknowledged yet by: " in ben.say("circle", "rules", "1")
    assert "Mondays" in ben.say("circle", "rules", "1", "--acknowledge")
    ben.say("circle", "say", "1", "Mondays it is")
    three.cleo.say("inbox")
    three.cleo.say("circle", "rules", "1", "--acknowledge")
    assert "Everybody has acknowledged" in ann.say("circle", "rules", "1")


def test_words_are_reported_by_the_id_beside_them(three: Three) -> None:
    said = three.ben.ask("circle", "say", "1", "Something unkind")
    three.ann.say("inbox")
    own = three.ben.type("circle", "report", "1", str(said["id"]), "--category", "harassment")
    assert "your own" in own.stderr
    kept = three.ann.type(
        "circle",
        "report",
        "1",
        short_id(parse_base64url(str(said["id"]))),
        "--category",
        "harassment",
        answers="n\n",
    )
    assert "This will be reported:" in kept.output
    assert "Something unkind" in kept.output
    assert kept.exit_code == 1
    sent = three.ann.type(
        "circle", "report", "1", str(said["id"]), "--category", "harassment", "--yes"
    )
    assert "the moderators of Small have no key yet" in sent.stderr


def test_an_export_holds_the_circle(three: Three, tmp_path: Path) -> None:
    files = three.ann.ask("export", str(tmp_path / "export"))["files"]
    assert isinstance(files, list)
    [exported] = json.loads(Path(files[0]).read_text())["export"]["circles"]
    assert sorted(exported["members"]) == ["Ann", "Ben", "Cleo"]
    assert "Something unkind" in [one["text"] for one in exported["words"]]
    assert exported["sessions"][0]["where"] == "My kitchen"
    assert "Something unkind" in Path(files[1]).read_text()


def test_an_announced_circle_is_found_and_admits_who_knocks(
    three: Three, nodes: tuple[SmallNode, SmallNode], tmp_path: Path
) -> None:
    ann, dora = three.ann, join(tmp_path, nodes[0], name="finch")
    words = ("-t", "career.cv", "-l", "en", "--summary", "We read our CVs together")
    refused = three.ben.type("circle", "announce", "1", *words, "--yes")
    assert "only the convener" in refused.stderr
    shown = ann.type("circle", "announce", "1", *words, answers="n\n")
    assert shown.exit_code == 1
    for said in ("The offer is public", "a small group together", "practise together"):
        assert said in shown.output
    unsafe = ann.type("circle", "announce", "1", *words[:4], "--summary", "www.example.org")
    assert "without names, links" in unsafe.stderr
    made = ann.ask("circle", "announce", "1", *words, "--yes")
    assert "announced already" in ann.type("circle", "announce", "1", *words, "--yes").stderr

    dora.say("knock", "new", f"{ann.node.origin}/offers/{made['id']}", "--text", "May I come?")
    assert "for your circle: kith me circle admit" in ann.say("inbox")
    assert "They are invited" in ann.say("circle", "admit", "1", "1", "Gladly")
    dora.say("knock", "list")
    [invitation] = _list(dora.ask("circle", "invitations"), "invitations")
    assert invitation["convener"] == "Ann"
    dora.say("persona", "new", "--pseudonym", "Dora")
    asked = dora.type("circle", "join", "1", "--persona", "1", answers="n\n")
    for said in ("Mondays", "Kind words only.", "Everybody in the circle reads the name"):
        assert said in asked.output
    assert asked.exit_code == 1
    dora.say("circle", "join", "1", "--persona", "1", "--yes")
    assert "waits for its convener" in dora.say("circle", "list")
    three.look()
    assert "you are in" in dora.say("inbox")
    assert _names(three.ben) == ["Ann", "Ben", "Cleo", "Dora"]
    assert "Dora has come" not in three.ben.say("inbox")
    dora.say("circle", "leave", "1", "Goodbye", "--yes")
    three.look()
    assert _names(three.ben) == ["Ann", "Ben", "Cleo"]
    assert "deleted here" in dora.say("circle", "forget", "1", "--yes")
    assert dora.ask("circle", "list")["circles"] == []


def test_an_invitation_is_declined(three: Three) -> None:
    ann, ben = three.ann, three.ben
    other = str(ann.ask("circle", "convene", *PURPOSE, "--name", "A")["id"])
    talk = three.talks[ben]
    assert "is invited" in ann.say("circle", "invite", other, talk)
    assert "Ann" not in ben.say("circle", "invitations"), "a seat is of one circle only"
    ben.say("circle", "decline", "1", "Not this time")
    assert "No invitation waits" in ben.say("circle", "invitations")
    refused = ben.type("circle", "join", "1", "--name", "B")
    assert "kith me circle invitations" in refused.stderr
    assert "(does not come to the circle) Not this time" in ann.say("talk", talk)
    kept = ann.type("circle", "forget", other, answers="n\n")
    assert kept.exit_code == 1
    assert "you are in it still" in kept.stderr
    ann.say("circle", "forget", other, "--yes")
    assert len(_list(ann.ask("circle", "list"), "circles")) == 1


def test_who_is_removed_reads_why_and_nothing_that_follows(three: Three) -> None:
    ann, cleo = three.ann, three.cleo
    assert "nobody in this circle" in ann.type("circle", "remove", "1", "Zoe").stderr
    kept = ann.type("circle", "remove", "1", "cleo", answers="n\n")
    assert kept.exit_code == 1
    assert "Remove Cleo" in kept.output
    removed = ann.say("circle", "remove", "1", "Cleo", "Take care.", "--yes")
    assert "Cleo has no seat any more" in removed
    ann.say("circle", "say", "1", "Among us")
    assert "you have no seat in it any more: Take care." in cleo.say("inbox")
    assert "Among us" not in _texts(cleo)
    assert "they say: Take care." in cleo.say("circle", "show", "1")
    assert "Cleo is gone" in three.ben.say("inbox")


def test_who_paused_everything_or_cannot_be_reached_is_shown(three: Three) -> None:
    ann, cleo = three.ann, three.cleo
    ann.say("circle", "invite", "1", three.talks[cleo])
    cleo.say("inbox")
    cleo.say("circle", "join", "1", "--name", "Cleo", "--yes")
    three.look()
    three.look()
    assert "Among us" not in _texts(cleo)
    ann.node.post.refused.add(cleo.node.origin)
    ann.say("circle", "say", "1", "Is anybody there?")
    ann.node.post.refused.clear()
    shown = ann.type("circle", "show", "1")
    assert "not everything reached Ben, Cleo" in shown.stderr

    frozen = cleo.type(
        "freeze", cleo.node.origin, "--name", "robin", "--yes", answers=f"{three.recovery}\n"
    )
    assert frozen.exit_code == 0, frozen.output
    assert "So will those in your circles: 2 letters." in frozen.output
    document = ann.ask("circle", "show", "1")
    assert [one["name"] for one in _list(document, "members") if one["paused"]] == ["Cleo"]
    told = ann.type("circle", "show", "1").stderr
    assert "paused everything, perhaps as a device was taken" in told
    assert "ask to be invited" in cleo.type("circle", "say", "1", "It is me").stderr


def test_a_circle_is_handed_over_and_archived(three: Three) -> None:
    ann, ben = three.ann, three.ben
    assert "hand the circle over" in ann.type("circle", "leave", "1", "--yes").stderr
    assert "Ben convenes it now" in ann.say("circle", "hand-over", "1", "Ben", "--yes")
    ben.say("inbox")
    assert "only the convener" in ann.type("circle", "archive", "1", "--yes").stderr
    assert ben.type("circle", "archive", "1", answers="n\n").exit_code == 1
    assert "It is over" in ben.say("circle", "archive", "1", "--yes")
    assert "over" in ann.say("inbox")
    assert "the circle is over" in ann.type("circle", "say", "1", "more").stderr
    listed = ann.say("circle", "list")
    assert "deleted here on" in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "kith me circle list"),
        (("convene", *PURPOSE, "--rules-file", __file__, "--name", "A"), "not both"),
        (("convene", "--purpose", "x", "--until", "2001-01-01", "--name", "A"), "is over"),
        (("convene", "--purpose", "x" * 201, *UNTIL, "--name", "A"), "--purpose takes at most"),
        (("convene", "--purpose", "x", "--until", "2199-01-01", "--name", "A"), "366 days"),
        (("convene", "--purpose", "x", *UNTIL, "--json"), "--name"),
        (("convene", "--purpose", "x", *UNTIL, "--name", "\u202eA"), "not allowed"),
        (("invite", "99", "1"), "no circle number 99"),
    ],
)
def test_a_slip_is_one_line_with_a_way_on(
    group: Three, words: tuple[str, ...], said: str
) -> None:
    result = group.ben.type("circle", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


async def test_a_member_is_warned_of_what_does_not_fit(
    people: Correspondents, node: SmallNode, clock: FakeClock
) -> None:
    ann = await people.member(node)
    today = day_of(clock.now())
    circle = await ann.member.circles.convene(CircleTerms("x", today, today + 9), name="Ann")
    view = circle.view
    assert warnings_of(circle, view, {}) == {}
    odd = msgspec.structs.replace(
        view,
        chain=msgspec.structs.replace(view.chain, is_forked=True),
        is_split=True,
        waiting=1,
        unknown=2,
    )
    warnings = warnings_of(circle, odd, {})
    assert sorted(warnings) == ["forked", "split", "unknown", "waiting"]
    assert "1 message cannot be shown yet" in warnings["waiting"]
    assert "2 members more" in warnings["unknown"]


async def test_names_that_look_the_same_are_told_apart(
    people: Correspondents, node: SmallNode, clock: FakeClock
) -> None:
    ann = await people.member(node)
    today = day_of(clock.now())
    circle = await ann.member.circles.convene(CircleTerms("x", today, today + 9), name="Ann")
    view = circle.view
    twin = make_seat(
        make_keys(SeededRng(5)),
        circle=circle.id,
        node=node.origin,
        name="\uff21nn",
        picture="0" * 16,
    )
    assert names_of(view) == {circle.seat.key: "Ann"}
    (place,) = view.places
    both = (place, msgspec.structs.replace(place, seat=twin, is_me=False))
    names = names_of(msgspec.structs.replace(view, places=both))
    assert names[circle.seat.key] == f"Ann [{short_key(circle.seat)}]"
    assert names[twin.key].endswith(f"[{short_key(twin)}]")
