"""Near spellings, held against the plain definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.finding.spelling import Near, Speller, allowed_errors, distance

FEW = st.text(alphabet="abc ", max_size=9)
TEXTS = st.lists(st.text(alphabet="abcd", min_size=1, max_size=12), max_size=12)


def plain_distance(one: str, other: str) -> int:
    """Return the distance by its definition, without any short cut."""
    table = [[row + column for column in range(len(other) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            cost = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (one[row - 1] != other[column - 1]),
            )
            if (
                row > 1
                and column > 1
                and one[row - 2 : row] == other[column - 2 : column][::-1]
            ):
                cost = min(cost, table[row - 2][column - 2] + 1)
            table[row][column] = cost
    return table[-1][-1]


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("", "", 0),
        ("guitar", "guitar", 0),
        ("guitar", "guitra", 1),
        ("guitar", "gutar", 1),
        ("guitar", "guuitar", 1),
        ("guitar", "guizar", 1),
        ("ca", "abc", 3),
        ("面接練習", "面接練", 1),
    ],
)
def test_counts_errors(one: str, other: str, errors: int) -> None:
    assert distance(one, other, 3) == errors
    assert distance(one, other, errors - 1) is None or errors == 0


@given(FEW, FEW, st.integers(0, 4))
def test_agrees_with_the_definition_up_to_the_bound(one: str, other: str, most: int) -> None:
    errors = plain_distance(one, other)
    assert distance(one, other, most) == (errors if errors <= most else None)


@pytest.mark.parametrize(
    ("length", "errors"), [(0, 0), (2, 0), (3, 1), (7, 1), (8, 2), (80, 2)]
)
def test_allows_more_errors_in_longer_texts(length: int, errors: int) -> None:
    assert allowed_errors("x" * length) == errors


@given(TEXTS, st.text(alphabet="abcd", min_size=3, max_size=12), st.integers(0, 1))
def test_finds_every_text_that_is_one_error_away(
    texts: list[str], wanted: str, most: int
) -> None:
    expected = sorted(
        Near(errors, text)
        for text in set(texts)
        if (errors := plain_distance(wanted, text)) <= most
    )
    assert list(Speller(texts).near(wanted, most=most)) == expected


@given(st.text(alphabet="abcdefghijkl", min_size=8, max_size=14), st.data())
def test_finds_a_text_with_two_errors_where_enough_pairs_are_left(
    text: str, data: st.DataObject
) -> None:
    wrong = list(text)
    for place in data.draw(st.sets(st.integers(0, len(text) - 1), min_size=2, max_size=2)):
        wrong[place] = "z"
    near = Speller([text, "another", "text"]).near("".join(wrong))
    bordered = f" {''.join(wrong)} "
    if len({bordered[at : at + 2] for at in range(len(bordered) - 1)}) > 6:
        assert Near(plain_distance(text, "".join(wrong)), text) in near


def test_nearest_come_first() -> None:
    speller = Speller(["guitars", "guitar", "guitarist", "sitar", "guitar"])
    assert speller.near("guitars") == (Near(0, "guitars"), Near(1, "guitar"))
    assert speller.near("guitarxx")[0] == Near(2, "guitar")


def test_finds_nothing_near_a_short_text_or_among_none() -> None:
    assert Speller(["go", "to"]).near("ga") == ()
    assert Speller([]).near("guitar") == ()
