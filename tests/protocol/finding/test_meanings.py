"""Choosing between meanings."""

from __future__ import annotations

from kith_protocol.finding.meanings import MAX_OTHERS, Candidate, choose


def above(topic: str) -> tuple[str, ...]:
    parent = topic.rpartition(".")[0]
    return (parent, *above(parent)) if parent else ()


def candidate(topic: str, *rank: int, order: int = 0, language: int = 0) -> Candidate:
    return Candidate(rank, order, language, topic.count(".") + 1, topic)


def test_the_best_rank_is_meant_and_the_rest_are_choices() -> None:
    found = choose([candidate("b", 1), candidate("a", 0, 1), candidate("c", 0, 0)], above)
    assert found == (("c",), ("a", "b"))


def test_up_to_three_equals_are_all_meant() -> None:
    assert choose([candidate(one, 0) for one in "cab"], above) == (("a", "b", "c"), ())


def test_of_more_equals_the_first_is_meant() -> None:
    assert choose([candidate(one, 0) for one in "cabd"], above) == (("a",), ("b", "c", "d"))


def test_equals_are_in_the_order_given_then_of_languages_then_of_depth() -> None:
    equals = [candidate("a", 0, language=1), candidate("b.c", 0), candidate("z", 0)]
    assert choose(equals, above) == (("z", "b.c", "a"), ())
    first = candidate("y", 0, order=-1, language=5)
    assert choose([*equals[1:], first], above) == (("y", "z", "b.c"), ())


def test_of_a_topic_and_one_above_it_the_more_specific_is_meant() -> None:
    assert choose([candidate("a", 0), candidate("a.b", 0)], above) == (("a.b",), ("a",))


def test_a_topic_counts_by_its_best_text_only() -> None:
    assert choose([candidate("a", 1), candidate("a", 0), candidate("b", 1)], above) == (
        ("a",),
        ("b",),
    )


def test_offers_only_some_choices() -> None:
    topics, others = choose([candidate(f"t{one}", one) for one in range(20)], above)
    assert (len(topics), len(others)) == (1, MAX_OTHERS)
