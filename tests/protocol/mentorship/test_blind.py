"""Answers that are shown once both have given theirs: hiding, binding, and never forged."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_protocol.mentorship.blind import (
    CLOSING_ROUND,
    Answers,
    BlindRound,
    answers_of,
    commit_answers,
    commitments,
    is_opened_by,
    reveal_of,
    rounds_of,
    view_round,
)
from kith_protocol.mentorship.bodies import CheckIn, Closing, Note, Reveal
from kith_protocol.mentorship.steps import Step
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorship_bodies import BODIES
from kith_testing.mentorships import MENTEE, MENTOR, THING, step

OPENING, OTHER_OPENING = b"o" * 32, b"p" * 32
MINE = Answers(1, "unsure", ("We talk too fast.",))
THEIRS = Answers(1, "fine", ("It goes well.",))


def commitment_of(role: int, answers: Answers, opening: bytes = OPENING) -> bytes:
    return commit_answers(answers, opening=opening, conversation=CONVERSATION, role=role)


def commit(role: int, answers: Answers, opening: bytes = OPENING) -> Step:
    commitment = encode_base64url(commitment_of(role, answers, opening))
    if answers.number == CLOSING_ROUND:
        return step(Closing(commitment=commitment), role)
    return step(CheckIn(answers.number, commitment), role)


def reveal(role: int, answers: Answers, opening: bytes = OPENING) -> Step:
    return step(reveal_of(answers, opening=opening), role)


def seen(*steps: Step, role: int = MENTEE, number: int = 1) -> BlindRound:
    views = [
        view_round(number, order, conversation=CONVERSATION, role=role)
        for order in (steps, steps[::-1], [*steps, *steps])
    ]
    assert views[0] == views[1] == views[2]
    return views[0]


def test_a_commitment_is_what_the_specification_says() -> None:
    document = {"feeling": "unsure", "number": 1, "words": ["We talk too fast."]}
    text = json.dumps(document, separators=(",", ":")).encode()
    made = hmac.digest(OPENING, b"kith/answer/v1\0" + CONVERSATION + b"\x01" + text, sha256)
    assert commitment_of(MENTEE, MINE) == made


@given(BODIES[Reveal], st.sampled_from([MENTEE, MENTOR]))
def test_whatever_is_committed_to_can_be_opened(body: Reveal, role: int) -> None:
    opening = OPENING
    answers = answers_of(body)
    shown = reveal_of(answers, opening=opening)
    assert answers_of(shown) == answers
    assert is_opened_by(
        commitment_of(role, answers), shown, conversation=CONVERSATION, role=role
    )


@pytest.mark.parametrize(
    "other",
    [
        commitment_of(MENTOR, MINE),
        commitment_of(MENTEE, MINE, OTHER_OPENING),
        commitment_of(MENTEE, msgspec.structs.replace(MINE, number=2)),
        commitment_of(MENTEE, msgspec.structs.replace(MINE, feeling="fine")),
        commitment_of(MENTEE, msgspec.structs.replace(MINE, words=())),
        commitment_of(MENTEE, msgspec.structs.replace(MINE, words=("We talk too ", "fast."))),
        commit_answers(MINE, opening=OPENING, conversation=bytes(16), role=MENTEE),
    ],
)
def test_a_commitment_is_to_one_answer_of_one_person_in_one_conversation(other: bytes) -> None:
    shown = reveal_of(MINE, opening=OPENING)
    assert not is_opened_by(other, shown, conversation=CONVERSATION, role=MENTEE)


def test_an_opening_is_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment_of(MENTEE, MINE, b"short")


def test_answers_are_shown_nowhere_by_accident() -> None:
    assert repr(MINE) == "Answers(...)"
    assert repr(reveal_of(MINE, opening=OPENING)) == "Reveal(...)"


BOTH_IN = (commit(MENTEE, MINE), commit(MENTOR, THEIRS))


def test_nothing_is_shown_before_both_are_in() -> None:
    early = (BOTH_IN[1], reveal(MENTOR, THEIRS))
    view = seen(*early)
    assert view == BlindRound(
        number=1,
        is_mine_in=False,
        is_theirs_in=True,
        is_mine_open=False,
        theirs=None,
        is_theirs_false=False,
    )
    assert not view.is_to_reveal


def test_who_answered_first_opens_once_the_other_side_is_in() -> None:
    assert not seen(BOTH_IN[0]).is_to_reveal
    assert seen(*BOTH_IN).is_to_reveal
    assert seen(*BOTH_IN, role=MENTOR).is_to_reveal
    opened = seen(*BOTH_IN, reveal(MENTEE, MINE))
    assert opened.is_mine_open
    assert not opened.is_to_reveal
    assert opened.theirs is None


def test_both_see_what_the_other_one_said() -> None:
    steps = (*BOTH_IN, reveal(MENTEE, MINE), reveal(MENTOR, THEIRS))
    assert seen(*steps).theirs == THEIRS
    assert seen(*steps, role=MENTOR).theirs == MINE
    assert not seen(*steps).is_theirs_false


def test_what_was_not_committed_to_is_not_shown_and_told() -> None:
    view = seen(*BOTH_IN, reveal(MENTOR, Answers(1, "help")))
    assert view.theirs is None
    assert view.is_theirs_false


def test_a_false_opening_beside_the_true_one_changes_nothing() -> None:
    view = seen(*BOTH_IN, reveal(MENTOR, Answers(1, "help")), reveal(MENTOR, THEIRS))
    assert view.theirs == THEIRS
    assert not view.is_theirs_false


def test_who_commits_twice_is_not_believed_whatever_they_open() -> None:
    other = Answers(1, "help")
    twice = (*BOTH_IN, commit(MENTOR, other))
    for shown in (THEIRS, other):
        view = seen(*twice, reveal(MENTOR, shown))
        assert view.theirs is None
        assert view.is_theirs_false


def test_a_commitment_sent_twice_is_one() -> None:
    again = step(CheckIn(1, encode_base64url(commitment_of(MENTOR, THEIRS))), MENTOR, minute=99)
    view = seen(*BOTH_IN, again, reveal(MENTOR, THEIRS))
    assert view.theirs == THEIRS


def test_nobody_can_use_the_commitment_of_the_other_side_as_their_own() -> None:
    copied = step(CheckIn(1, encode_base64url(commitment_of(MENTEE, MINE))), MENTOR)
    view = seen(BOTH_IN[0], copied, reveal(MENTEE, MINE), reveal(MENTOR, MINE))
    assert view.theirs is None
    assert view.is_theirs_false


def test_nobody_can_open_in_the_place_of_the_other_side() -> None:
    view = seen(*BOTH_IN, reveal(MENTEE, THEIRS))
    assert view.theirs is None
    assert not view.is_theirs_false


def test_rounds_do_not_mix() -> None:
    last = Answers(CLOSING_ROUND, words=("I learned to plan.", "Thank you."))
    steps = (
        *BOTH_IN,
        commit(MENTOR, last),
        commit(MENTEE, Answers(CLOSING_ROUND)),
        reveal(MENTOR, last),
        step(Note(THING, "beside it")),
        step(Closing(), MENTOR, minute=5),
    )
    assert seen(*steps).theirs is None
    closing = seen(*steps, number=CLOSING_ROUND)
    assert closing.theirs == last
    assert commitments(steps).keys() == {(n, role) for n in (0, 1) for role in (1, 2)}


REVEALS = st.builds(
    reveal,
    st.sampled_from([MENTEE, MENTOR]),
    st.sampled_from([MINE, THEIRS, Answers(1)]),
    st.sampled_from([OPENING, OTHER_OPENING]),
)
COMMITS = st.builds(
    commit,
    st.sampled_from([MENTEE, MENTOR]),
    st.sampled_from([MINE, THEIRS, Answers(1)]),
    st.sampled_from([OPENING, OTHER_OPENING]),
)


@given(st.lists(REVEALS | COMMITS, max_size=8))
def test_nobody_is_believed_to_have_said_two_things(steps: Sequence[Step]) -> None:
    for role, other in ((MENTEE, MENTOR), (MENTOR, MENTEE)):
        believed = {
            seen(*steps[:count], role=role).theirs for count in range(len(steps) + 1)
        } - {None}
        assert len(believed) <= 1
        for answers in believed:
            assert answers is not None
            assert commitments(steps)[1, other] & {
                commitment_of(other, answers, opening) for opening in (OPENING, OTHER_OPENING)
            }


def test_rounds_are_told_apart() -> None:
    closing = step(Closing(), MENTOR)
    rounds = rounds_of((*BOTH_IN, closing, reveal(MENTEE, MINE), step(Note(THING, "x"))))
    assert rounds == {1: [*BOTH_IN, reveal(MENTEE, MINE)], CLOSING_ROUND: [closing]}
