"""The life of reply keys."""

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.conversation.records import Seed
from kith_protocol.conversation.seeds import (
    SUPERSEDED_S,
    dead_seeds,
    newest_first,
    next_turn,
    order_of,
)

LANE = b"a lane!!"


def seed(turn: int, *, made_at: int = 0, lane: bytes = LANE) -> Seed:
    return Seed(bytes(16), lane, turn, bytes(32), made_at, 0, turn)


SEEDS = [seed(1, made_at=100), seed(2, made_at=200), seed(3, made_at=300)]


def dead(opened: int = 0, acked: int = 0, now: int = 400, *, is_settled: bool) -> list[int]:
    found = dead_seeds(
        SEEDS,
        opened=(opened, LANE),
        acked={LANE: acked},
        is_settled=is_settled,
        now=now,
    )
    return sorted(seed.turn for seed in found)


def test_a_seed_dies_when_a_newer_one_was_used_and_nothing_is_on_its_way() -> None:
    assert dead(opened=3, is_settled=True) == [1, 2]
    assert dead(opened=2, is_settled=True) == [1]
    assert dead(opened=1, is_settled=True) == []
    assert dead(opened=1, acked=3, is_settled=True) == []  # known there, but not used yet
    assert dead(opened=3, is_settled=False) == []


def test_a_seed_dies_45_days_after_the_other_side_got_a_newer_one() -> None:
    assert dead(acked=2, now=200 + SUPERSEDED_S - 1, is_settled=False) == []
    assert dead(acked=2, now=200 + SUPERSEDED_S, is_settled=False) == [1]
    assert dead(acked=3, now=300 + SUPERSEDED_S, is_settled=True) == [1, 2]


def test_nothing_dies_while_no_newer_seed_is_known_to_have_arrived() -> None:
    assert dead(now=10 * SUPERSEDED_S, is_settled=True) == []


def test_turns_grow_with_time_and_with_what_is_known() -> None:
    assert next_turn([], now=600) == 10
    assert next_turn(SEEDS, now=0) == 4
    assert next_turn(SEEDS, now=600) == 10


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99)), min_size=1, unique=True),
    st.integers(0, 10),
    st.integers(0, 10),
    st.booleans(),
    st.integers(0, 2 * SUPERSEDED_S),
)
def test_the_newest_seed_never_dies(
    made: list[tuple[int, int]], opened: int, acked: int, is_settled: bool, now: int
) -> None:
    seeds = [seed(turn, made_at=at, lane=at.to_bytes(8, "big")) for turn, at in made]
    found = dead_seeds(
        seeds, opened=(opened, LANE), acked={LANE: acked}, is_settled=is_settled, now=now
    )
    assert newest_first(seeds)[0] not in found
    assert all(order_of(one) < order_of(newest_first(seeds)[0]) for one in found)
