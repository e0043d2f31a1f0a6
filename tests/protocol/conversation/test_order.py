"""The order in which messages are shown."""

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.conversation.events import Missing
from kith_protocol.conversation.order import LaneName, Unit, in_order

ONE, TWO = (1, b"a"), (2, b"b")


def unit(name: LaneName, seq: int, minute: int, **after: int) -> Unit:
    names = {"one": ONE, "two": TWO}
    acks = {names[key]: number for key, number in after.items()}
    return Unit(seq, minute, acks, (Missing(name[1], seq, 1),))


def shown(lanes: dict[LaneName, list[Unit]]) -> list[tuple[bytes, int]]:
    found = []
    for entry in in_order(lanes):
        assert isinstance(entry, Missing)
        found.append((entry.lane, entry.first))
    return found


def test_the_writers_clocks_decide() -> None:
    lanes = {ONE: [unit(ONE, 1, 10), unit(ONE, 2, 30)], TWO: [unit(TWO, 1, 20)]}
    assert shown(lanes) == [(b"a", 1), (b"b", 1), (b"a", 2)]


def test_a_wrong_clock_does_not_put_an_answer_before_its_question() -> None:
    lanes = {ONE: [unit(ONE, 1, 1000)], TWO: [unit(TWO, 1, 10, one=1)]}
    assert shown(lanes) == [(b"a", 1), (b"b", 1)]


def test_an_acknowledgement_of_what_is_not_here_holds_nothing_up() -> None:
    lanes = {ONE: [unit(ONE, 1, 1000)], TWO: [unit(TWO, 1, 10, one=9)]}
    assert shown(lanes) == [(b"a", 1), (b"b", 1)]
    assert shown({TWO: [unit(TWO, 1, 10, one=9)]}) == [(b"b", 1)]


def test_a_circle_of_acknowledgements_is_shown_by_the_clock() -> None:
    lanes = {ONE: [unit(ONE, 1, 5, two=1)], TWO: [unit(TWO, 1, 4, one=1)]}
    assert shown(lanes) == [(b"b", 1), (b"a", 1)]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), max_size=6),
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), max_size=6),
)
def test_everything_is_shown_once_and_lanes_keep_their_order(
    one: list[tuple[int, int]], two: list[tuple[int, int]]
) -> None:
    lanes = {
        ONE: [unit(ONE, place + 1, minute, two=ack) for place, (minute, ack) in enumerate(one)],
        TWO: [unit(TWO, place + 1, minute, one=ack) for place, (minute, ack) in enumerate(two)],
    }
    found = shown({name: units for name, units in lanes.items() if units})
    for name, count in ((b"a", len(one)), (b"b", len(two))):
        assert [seq for lane, seq in found if lane == name] == list(range(1, count + 1))
