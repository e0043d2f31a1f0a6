"""What a box holds, and what goes when it is full."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from kith_node.mailboxes.quotas import (
    KNOCKS_A_DAY,
    MAX_BOX_BYTES,
    MAX_ENVELOPES,
    SHARES,
    Held,
    KnockCounts,
    make_room,
)
from kith_protocol.day import Day

KNOCK_BYTES = 9537
LARGEST = 66_881
TODAY = Day(20_000)

_numbers = itertools.count()


def held(peer: str = "a", *, size: int = KNOCK_BYTES, day: int = TODAY) -> Held:
    return Held(next(_numbers).to_bytes(16, "big"), day, peer, size)


def test_a_box_for_replies_takes_the_last_envelope_that_fits_and_no_other() -> None:
    lying = [held(size=5441) for _ in range(MAX_ENVELOPES - 1)]
    assert make_room(lying, held(size=5441), kind="reply") == ()
    lying.append(held(size=5441))
    assert make_room(lying, held(size=5441), kind="reply") is None


def test_a_box_for_replies_holds_the_largest_file() -> None:
    lying = [held(size=LARGEST) for _ in range(32)]
    assert make_room(lying, held(size=LARGEST), kind="reply") == ()


def test_a_box_for_replies_is_full_at_its_last_byte() -> None:
    lying = [held(size=MAX_BOX_BYTES - 5441)]
    assert make_room(lying, held(size=5441), kind="reply") == ()
    assert make_room(lying, held(size=5442), kind="reply") is None


def test_one_node_fills_a_quarter_of_a_box_for_knocks() -> None:
    lying = [held() for _ in range(MAX_ENVELOPES // SHARES)]
    assert make_room(lying, held(), kind="knock") is None
    assert make_room(lying, held("b"), kind="knock") == ()


def test_a_quarter_is_one_of_bytes_too() -> None:
    lying = [held(size=LARGEST) for _ in range(15)]
    assert make_room(lying, held(size=LARGEST), kind="knock") is None


def test_when_full_the_oldest_knock_of_the_loudest_node_goes() -> None:
    loud = [held("loud", day=TODAY - age) for age in range(60)]
    others = [held(f"n{number % 7}") for number in range(MAX_ENVELOPES - 60)]
    assert make_room([*others, *loud], held("new"), kind="knock") == (loud[-1].id,)


def test_as_many_go_as_it_takes() -> None:
    lying = [held(f"n{number % 8}", size=16_384) for number in range(MAX_ENVELOPES)]
    gone = make_room(lying, held("new", size=LARGEST), kind="knock")
    assert gone is not None
    assert len(gone) == 5
    assert len({one.peer for one in lying if one.id in gone}) > 1  # the loudest changes


@settings(max_examples=60)
@given(
    lying=st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([KNOCK_BYTES, LARGEST])),
        max_size=300,
    ),
    kind=st.sampled_from(["knock", "reply"]),
)
def test_a_box_filled_in_any_way_stays_within_its_bounds(
    lying: list[tuple[str, int]], kind: str
) -> None:
    box: list[Held] = []
    for peer, size in lying:
        arriving = held(peer, size=size)
        gone = make_room(box, arriving, kind="knock" if kind == "knock" else "reply")
        if gone is None:
            continue
        assert not gone or kind == "knock"
        box = [one for one in box if one.id not in gone] + [arriving]
        assert len(box) <= MAX_ENVELOPES
        assert sum(one.size_bytes for one in box) <= MAX_BOX_BYTES


def test_twenty_knocks_a_day_for_each_node_and_box() -> None:
    counts = KnockCounts(bytes(32))
    box, other = b"b" * 16, b"o" * 16
    taken = [counts.take("a", box, today=TODAY) for _ in range(KNOCKS_A_DAY + 2)]
    assert taken == [True] * KNOCKS_A_DAY + [False] * 2
    assert counts.take("b", box, today=TODAY)
    assert counts.take("a", other, today=TODAY)
    assert counts.take("a", box, today=Day(TODAY + 1))


def test_counts_take_a_bounded_place_in_memory() -> None:
    counts = KnockCounts(bytes(32), max_counted=2)
    box = b"b" * 16
    for _ in range(KNOCKS_A_DAY):
        counts.take("a", box, today=TODAY)
    assert not counts.take("a", box, today=TODAY)
    for peer in ("b", "c"):
        counts.take(peer, box, today=TODAY)
    assert counts.take("a", box, today=TODAY)
