from collections import Counter
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.chance import draw_below, shuffle
from kith_testing.rng import SeededRng


class ListedRng:
    """Hands out the given bytes and no more."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream

    def bytes(self, size: int, /) -> bytes:
        taken, self.stream = self.stream[:size], self.stream[size:]
        assert len(taken) == size
        return taken


@given(st.integers(1, 10**6), st.integers(0, 2**32))
def test_a_draw_is_below_its_bound(bound: int, seed: int) -> None:
    assert 0 <= draw_below(bound, SeededRng(seed)) < bound


def test_a_draw_favours_no_number() -> None:
    # 253, 254 and 255 would make 0, 1 and 2 of 11 likelier: they are drawn again.
    assert [draw_below(11, ListedRng(bytes((n,)))) for n in (0, 10, 11, 252)] == [0, 10, 0, 10]
    assert draw_below(11, ListedRng(bytes((253, 255, 5)))) == 5
    assert Counter(draw_below(11, ListedRng(bytes((n,)))) for n in range(253)) == dict.fromkeys(
        range(11), 23
    )


def test_a_shuffle_keeps_every_item_and_favours_no_order() -> None:
    rng = SeededRng(7)
    orders = Counter(tuple(shuffle("abc", rng)) for _ in range(6000))
    assert orders.keys() == set(permutations("abc"))
    assert min(orders.values()) > 850
    assert shuffle([], rng) == []
