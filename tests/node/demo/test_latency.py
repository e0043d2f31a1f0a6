"""The spread of times, by nearest rank."""

from __future__ import annotations

from kith_node.demo.latency import Spread, spread


def test_the_spread_of_one_time_is_that_time() -> None:
    assert spread([7]) == Spread(7, 7)


def test_the_median_and_the_95th_of_a_hundred() -> None:
    assert spread(list(range(100, 0, -1))) == Spread(50, 95)


def test_one_slow_of_twenty_is_left_out_and_two_are_not() -> None:
    assert spread([10] * 19 + [900]) == Spread(10, 10)
    assert spread([10] * 18 + [900] * 2) == Spread(10, 900)
