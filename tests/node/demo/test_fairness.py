"""The share of places that the most shown offers get."""

from __future__ import annotations

import pytest

from kith_node.demo.fairness import top_share


def test_everybody_shown_the_same_gives_them_everything() -> None:
    assert top_share([["a", "b"]] * 30, offers=40) == 1.0


def test_everybody_shown_others_gives_five_percent() -> None:
    shown = [[f"{wish}-{place}" for place in range(5)] for wish in range(20)]
    assert top_share(shown, offers=100) == 0.05


def test_only_places_count_however_many_offers_are_never_shown() -> None:
    shown = [["a", "b", "c"], ["a", "b"], ["a"]]
    assert top_share(shown, offers=20) == 0.5
    assert top_share(shown, offers=40) == round(5 / 6, 4)


@pytest.mark.parametrize(("offers", "expected"), [(1, 0.5), (20, 0.5), (21, 1.0)])
def test_five_percent_are_rounded_up(offers: int, expected: float) -> None:
    assert top_share([["a"], ["b"]], offers=offers) == expected


def test_nothing_shown_is_no_share() -> None:
    assert top_share([], offers=10) == top_share([[], []], offers=0) == 0.0
