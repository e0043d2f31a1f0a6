"""Each message of a mentorship in one line, from both sides and in all languages."""

import pytest

from kith_client.summaries import summarise
from kith_client.wording import LANGUAGES, wording
from kith_crypto.encoding import encode_base64url
from kith_protocol.conversation.bodies import Body, Text
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    Note,
    PassedOn,
    Reveal,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)

THING, HASH = encode_base64url(bytes(16)), encode_base64url(bytes(32))
BODIES: tuple[Body, ...] = (
    AgreementProposal(Terms()),
    AgreementAnswer(accepted=True, after=HASH),
    AgreementAnswer(accepted=False, after=HASH),
    SessionProposal(THING, (Slot(1, 30), Slot(60, 30))),
    SessionPick(THING, HASH, 60),
    SessionEnd(THING, HASH, "declined"),
    SessionEnd(THING, HASH, "cancelled"),
    SessionEnd(THING, HASH, "took-place"),
    Goal(THING, "learn"),
    Goal(THING, "learn", "reached"),
    Goal(THING, "learn", "dropped"),
    Note(THING, "over\ntwo lines {day}"),
    Note(THING, "", after=HASH),
    CheckIn(3, HASH),
    Closing(),
    Reveal(0, HASH),
    Thanks("for all"),
    PassedOn(),
)


def show(slot: Slot) -> str:
    return f"<{slot.start}>"


def test_every_type_is_looked_at() -> None:
    assert {type(body) for body in BODIES} == set(MENTORSHIP_BODIES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_both_sides_read_one_line_each_and_not_the_same(body: Body, language: str) -> None:
    words = wording(language)
    mine, theirs = (
        summarise(body, is_own=is_own, words=words, show_time=show) for is_own in (True, False)
    )
    assert mine != theirs
    for line in (mine, theirs):
        assert line
        assert "\n" not in line
        assert line != words.say("summary.unknown")


def test_times_goals_and_notes_are_named() -> None:
    words = wording("en")

    def line(body: Body) -> str:
        return summarise(body, is_own=False, words=words, show_time=show)

    assert line(BODIES[3]) == "They propose times: <1>; <60>"
    assert line(BODIES[4]) == "They pick <60>"
    assert line(BODIES[9]) == "They mark as reached: learn"
    assert line(BODIES[11]) == "They note: over two lines {day}"


def test_other_messages_are_said_to_be_unknown() -> None:
    words = wording("en")
    line = summarise(Text("hello"), is_own=True, words=words, show_time=show)
    assert line == words.say("summary.unknown")
