"""The vectors of mentorships: made as they stand, and read alike in every order."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest

from kith_crypto.encoding import parse_base64url
from kith_protocol.conversation.bodies import read_body
from kith_testing import mentorship_vectors
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorship_vectors import CASES, state_of
from kith_testing.mentorships import Said
from kith_testing.message_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "mentorship.json"
NAME = "mentorship.json"
MOST_ORDERS = 120


def said_in(case: dict[str, Any]) -> list[Said]:
    return [
        Said(
            role=one["role"],
            lane=parse_base64url(one["lane"]),
            seq=one["seq"],
            minute=one["minute"],
            hash=parse_base64url(one["hash"]),
            body=read_body(one["body"]).body,
        )
        for one in case["messages"]
    ]


def orders_of(said: list[Said]) -> Iterator[tuple[Said, ...]]:
    """Yield orders that begin everywhere: all of up to five messages, else some of them."""
    count = max(1, len(said))
    for turn in range(count):
        turned = [*said[turn:], *said[:turn]]
        yield from islice(permutations(turned[::-1]), MOST_ORDERS // count)


def test_the_file_is_what_its_maker_makes() -> None:
    assert FILE.read_bytes() == render(mentorship_vectors.make()), "see mentorship_vectors"


@pytest.mark.parametrize("place", range(len(CASES)))
def test_every_order_comes_to_the_same(place: int, load_vectors: Callable[[str], Any]) -> None:
    case = load_vectors(NAME)["cases"][place]
    said = said_in(case)
    for order in orders_of(said):
        assert state_of([*order, order[0]]) == case["state"], case["name"]


def test_what_counts_is_what_was_written_by_hand(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)
    assert len(vectors["cases"]) == len(CASES)
    for case in vectors["cases"]:
        state = case["state"]
        heads = {"agreement": state["agreement"]["head"]}
        for kind in ("sessions", "goals", "notes"):
            heads |= {one["thing"]: one["head"] for one in state[kind]}
        assert {**heads, **case["heads"]} == heads, case["name"]


def test_commitments_are_plain_macs(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)
    assert parse_base64url(vectors["conversation"]) == CONVERSATION
    assert len(vectors["commitments"]) == 4
    for one in vectors["commitments"]:
        answers = {name: one[name] for name in ("feeling", "number", "words")}
        text = json.dumps(answers, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
        head = b"kith/answer/v1\0" + CONVERSATION + bytes([one["role"]])
        made = hmac.digest(parse_base64url(one["opening"]), head + text.encode(), "sha256")
        assert made == parse_base64url(one["commitment"])
