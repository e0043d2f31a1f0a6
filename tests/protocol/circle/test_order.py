"""Texts are shown after what their writers had seen, the same for everybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.circle.order import Said, rank_texts

NAMES = st.sampled_from("abcdefgh")
TEXTS = st.dictionaries(
    NAMES, st.builds(Said, st.integers(0, 5), st.one_of(st.just(""), NAMES)), max_size=8
)


def shown(texts: dict[str, Said]) -> str:
    """Return the names in the order in which they are shown."""
    ranks = rank_texts(texts)
    return "".join(sorted(texts, key=lambda name: (ranks[name], name)))


def test_an_answer_in_the_same_minute_stands_after_the_question() -> None:
    assert shown({"b": Said(7, ""), "a": Said(7, "b")}) == "ba"


def test_an_answer_by_a_slow_clock_stands_after_the_question() -> None:
    assert shown({"b": Said(70, ""), "a": Said(7, "b"), "c": Said(71, "")}) == "bac"


def test_what_somebody_wrote_who_was_away_stands_where_their_clock_says() -> None:
    assert shown({"a": Said(90, "z"), "b": Said(50, ""), "c": Said(60, "b")}) == "bca"


def test_a_ring_made_by_hand_harms_nobody() -> None:
    ranks = rank_texts({"a": Said(3, "b"), "b": Said(3, "a"), "c": Said(1, "c")})
    assert set(ranks) == {"a", "b", "c"}


def test_a_long_chain_is_no_matter() -> None:
    texts = {str(number): Said(5, str(number - 1)) for number in range(20_000)}
    assert rank_texts(texts)["19999"] == (5, 19_999)


@given(texts=TEXTS)
def test_every_text_has_a_rank_no_earlier_than_its_minute(texts: dict[str, Said]) -> None:
    ranks = rank_texts(texts)
    assert set(ranks) == set(texts)
    for name, (minute, _) in ranks.items():
        assert minute >= texts[name].minute


@given(texts=TEXTS, shuffled=st.permutations("abcdefgh"))
def test_without_rings_the_order_in_which_texts_came_is_no_matter(
    texts: dict[str, Said], shuffled: list[str]
) -> None:
    straight = {
        name: Said(said.minute, said.follows if said.follows < name else "")
        for name, said in texts.items()
    }
    again = {name: straight[name] for name in shuffled if name in straight}
    assert rank_texts(again) == rank_texts(straight)
    for name, said in straight.items():
        if said.follows in straight:
            assert shown(straight).index(said.follows) < shown(straight).index(name)
