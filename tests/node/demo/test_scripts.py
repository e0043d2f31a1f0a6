"""What people write to each other: thirty messages in turns, of all sizes."""

from __future__ import annotations

import pytest

from kith_node.demo.scripts import (
    ACCEPT,
    AGAIN,
    DECLINE,
    KNOCK,
    MAX_TURN,
    MESSAGES,
    OTHER,
    Line,
    turns_of,
    write_script,
)
from kith_protocol.conversation.body import check_words

MAX_KNOCK_CHARACTERS = 800
LONGEST_TOPIC = "x" * 200


@pytest.mark.parametrize("number", range(10))
def test_a_script_has_thirty_messages_in_turns_of_one_to_three(number: int) -> None:
    script = write_script("Chess", number=number, seed=1)
    assert len(script) == MESSAGES >= 30
    turns = turns_of(script)
    assert all(1 <= len(turn) <= MAX_TURN for turn in turns)
    assert [line for turn in turns for line in turn] == list(script)
    sides = [turn[0].by_mentee for turn in turns]
    assert sides == [at % 2 == 0 for at in range(len(turns))]


def test_conversations_have_turns_of_their_own_and_the_same_seed_gives_the_same() -> None:
    first = write_script("Chess", number=0, seed=1)
    assert write_script("Chess", number=0, seed=1) == first
    assert write_script("Chess", number=1, seed=1) != first
    assert write_script("Chess", number=0, seed=2) != first


def test_scripts_speak_of_their_topic_are_short_and_long_and_not_only_latin() -> None:
    texts = [line.text for line in write_script("Chess", number=0, seed=1)]
    assert any("Chess" in text for text in texts)
    assert not any("{" in text for text in texts)
    assert min(map(len, texts)) < 20
    assert max(map(len, texts)) > 300
    assert any(not text.isascii() for text in texts)


def test_a_turn_ends_where_the_other_side_begins() -> None:
    lines = (Line(True, "a"), Line(True, "b"), Line(False, "c"), Line(True, "d"))
    assert turns_of(lines) == [lines[:2], lines[2:3], lines[3:]]


@pytest.mark.parametrize("words", [KNOCK, AGAIN, OTHER, ACCEPT, DECLINE])
def test_knocks_and_answers_have_room_for_any_topic(words: str) -> None:
    whole = words.format(topic=LONGEST_TOPIC)
    assert check_words(whole, MAX_KNOCK_CHARACTERS) == whole
