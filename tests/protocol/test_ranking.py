from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_protocol import ranking
from kith_protocol.api import Reason
from kith_protocol.listed import Listed, read_listed
from kith_protocol.query import Cursor, Query, parse_query
from kith_protocol.ranking import Ranked, rank
from kith_testing.catalogue import (
    COMMUNITIES,
    TODAY,
    ancestors,
    listed,
    listed_offers,
    offer_id,
    queries,
)
from kith_testing.ranking_vectors import make

VECTORS = Path(__file__).parents[2] / "protocol/vectors/ranking.json"
ASH, ELM, FIR = COMMUNITIES


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(VECTORS.read_bytes())


def score(offer: Listed, **asked: Any) -> int:
    return ranking.score_offer(offer, Query(**asked), ancestors=ancestors, day=TODAY)


def found(offers: list[Listed], query: Query, day: int = TODAY) -> list[str]:
    return [one.id for one in rank(offers, query, ancestors=ancestors, day=day)]


def is_match(offer: Listed, **asked: Any) -> bool:
    return ranking.is_match(offer, Query(**asked), ancestors=ancestors, day=TODAY)


def codes(offer: Listed, **asked: Any) -> list[tuple[str, tuple[str, ...]]]:
    reasons = ranking.explain(offer, Query(**asked), ancestors=ancestors)
    return [(reason.code, reason.values) for reason in reasons]


# --- the vectors -----------------------------------------------------------------


def test_the_vectors_are_up_to_date() -> None:
    assert make() == VECTORS.read_bytes()


def test_every_query_of_the_vectors_is_answered_so(vectors: Any) -> None:
    offers = [read_listed(canonical_bytes(document)) for document in vectors["offers"]]
    above = vectors["ancestors"]
    for case in vectors["queries"]:
        query = parse_query(case["parameters"], is_known_topic=above.__contains__)
        ranked = rank(offers, query, ancestors=above.__getitem__, day=vectors["day"])
        page = ranking.page_of(ranked, query)
        assert len(ranked) == case["total"], case["name"]
        assert list(page) == msgspec.convert(case["results"], list[Ranked]), case["name"]


def test_the_numbers_of_the_vectors(vectors: Any) -> None:
    assert all(ranking.mix32(value) == mixed for value, mixed in vectors["mix32"])
    assert all(ranking.offer_hash(text) == (a, b) for text, a, b in vectors["hashes"])
    assert all(
        ranking.window_start(day, count) == start for day, count, start in vectors["windows"]
    )
    assert all(
        list(ranking.spread(case["communities"], case["with_room"])) == case["order"]
        for case in vectors["spread"]
    )


# --- match -----------------------------------------------------------------------


def test_a_topic_stands_for_all_below_it_and_none_above() -> None:
    offer = listed(topics=("a.b",))
    assert is_match(offer, topics=("a",))
    assert is_match(offer, topics=("f", "a.b"))
    assert not is_match(offer, topics=("a.b.c",))
    assert not is_match(offer, topics=("f",))


@pytest.mark.parametrize(
    "asked",
    [
        {"languages": ("pt",)},
        {"ways": ("listen",)},
        {"formats": ("video", "voice")},
        {"communities": (ELM,)},
        {"without": (ELM, ASH)},
    ],
)
def test_what_fits_no_value_asked_is_left_out(asked: dict[str, Any]) -> None:
    assert not is_match(listed(), **asked)


def test_one_fitting_value_is_enough() -> None:
    assert is_match(
        listed(languages=("en-GB", "ar")),
        languages=("pt", "en"),
        ways=("listen", "teach"),
        formats=("video", "chat"),
        communities=(ELM, ASH),
        without=(FIR,),
        when=("evenings",),
        level=("some",),
    )


def test_an_offer_is_gone_on_its_end_day() -> None:
    assert is_match(listed(end_day=TODAY + 1))
    assert not is_match(listed(end_day=TODAY))


def test_full_offers_are_left_out_only_on_request() -> None:
    assert is_match(listed(room="full"))
    assert not is_match(listed(room="full"), room_only=True)
    assert is_match(listed(room="open"), room_only=True)


# --- score -----------------------------------------------------------------------


def test_a_fresh_offer_with_room_has_the_base_score() -> None:
    assert score(listed()) == 20_016


def test_the_nearer_the_topic_the_better() -> None:
    def chain(topic: str) -> tuple[str, ...]:
        return tuple("edcba"["edcba".index(topic) + 1 :])

    scores = [
        ranking.score_offer(
            listed(topics=(topic,)), Query(topics=("a",)), ancestors=chain, day=TODAY
        )
        for topic in "abcde"
    ]
    assert [one - 20_016 for one in scores] == [800, 500, 300, 200, 200]


def test_each_topic_asked_counts_with_the_nearest_named() -> None:
    offer = listed(topics=("a.b.c", "a", "f.g"))
    assert score(offer, topics=("a", "a.b", "f", "a.e")) == 20_016 + 800 + 500 + 500


def test_earlier_languages_count_more_and_only_the_first_that_fits() -> None:
    asked = tuple(f"l{letter}" for letter in "abcdefgh")
    scores = [score(listed(languages=(language, "lh")), languages=asked) for language in asked]
    assert [one - 20_016 for one in scores] == [120, 100, 80, 60, 40, 20, 20, 20]


def test_common_ways_and_formats_add_up() -> None:
    offer = listed(ways=("teach", "listen", "advise"), formats=("chat", "video"))
    assert score(offer, ways=("listen", "advise", "review")) == 20_016 + 80
    assert score(offer, formats=("chat", "video", "voice")) == 20_016 + 60


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("when", "evenings", "weekends"), ("level", "some", "starting")],
)
def test_silence_is_better_than_another_preference_and_worse_than_the_same(
    name: str, first: str, second: str
) -> None:
    silent = listed()
    assert (
        score(replace(silent, **{name: (first, second)}), **{name: (second, first)}) == 20_064
    )
    assert score(replace(silent, **{name: (first,)}), **{name: (second, first)}) == 20_040
    assert score(silent, **{name: (first,)}) == 20_028
    assert score(replace(silent, **{name: (first,)}), **{name: (second,)}) == 20_016
    assert score(replace(silent, **{name: (first,)})) == 20_016


def test_quick_answers_and_recent_changes_count_a_little() -> None:
    assert [
        score(listed(answers=answers)) - 20_016 for answers in ("days", "week", "longer", None)
    ] == [20, 10, 0, 0]
    assert [score(listed(updated=TODAY - age)) - 20_000 for age in (-1, 14, 15, 45, 46)] == [
        16,
        16,
        8,
        8,
        0,
    ]


@settings(deadline=None)
@given(listed_offers(), queries())
def test_a_full_offer_comes_after_any_with_room(offer: Listed, query: Query) -> None:
    best_full = replace(offer, room="full")
    asked = ranking.score_offer(best_full, query, ancestors=ancestors, day=TODAY)
    assert 0 <= asked < ranking.ROOM


def test_the_highest_possible_score_stays_below_the_bound() -> None:
    topics = tuple(f"t{number}" for number in range(12))
    best = listed(
        topics=topics,
        ways=("teach", "listen", "advise"),
        formats=("chat", "voice", "video", "in-person"),
        when=("weekdays", "evenings", "weekends"),
        level=("starting", "some", "experienced"),
        answers="days",
    )
    reached = score(
        best,
        topics=topics,
        languages=("en",),
        ways=best.ways,
        formats=best.formats,
        when=best.when,
        level=best.level,
    )
    assert reached < ranking.MAX_SCORE
    assert reached - ranking.ROOM < ranking.ROOM


# --- order -----------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(listed_offers(), max_size=20), queries(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_given(
    made: list[Listed], query: Query, random: Any
) -> None:
    offers = [replace(offer, id=offer_id(n)) for n, offer in enumerate(made)]
    first = found(offers, query)
    random.shuffle(offers)
    assert found(offers, query) == first


def test_equals_change_places_from_day_to_day() -> None:
    offers = [listed(number) for number in range(12)]
    orders = [found(offers, Query(), day) for day in range(TODAY, TODAY + 8)]
    assert len({order[0] for order in orders}) > 3
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_a_year_of_days_shows_each_of_equals_first_about_as_often() -> None:
    ids = [offer_id(number) for number in range(10)]
    firsts = [min(ids, key=lambda one: ranking.rotation(one, day)) for day in range(3650)]
    assert all(250 < firsts.count(one) < 500 for one in ids)


def test_a_cursor_keeps_the_order_of_its_day_for_one_day() -> None:
    query = Query(after=Cursor(TODAY, 20))
    assert ranking.ranking_day(query, TODAY) == TODAY
    assert ranking.ranking_day(query, TODAY + 1) == TODAY
    assert ranking.ranking_day(query, TODAY + 2) == TODAY + 2
    assert ranking.ranking_day(query, TODAY - 1) == TODAY - 1
    assert ranking.ranking_day(Query(), TODAY) == TODAY


def test_at_most_a_thousand_are_listed() -> None:
    assert len(found([listed(number) for number in range(1001)], Query())) == 1000


def test_pages_are_cut_by_limit_and_cursor() -> None:
    ranked = [Ranked(str(number), 0, ()) for number in range(30)]
    page = ranking.page_of(ranked, Query(limit=20))
    assert [one.id for one in page] == [str(number) for number in range(20)]
    rest = ranking.page_of(ranked, Query(limit=20, after=Cursor(TODAY, 20)))
    assert [one.id for one in rest] == [str(number) for number in range(20, 30)]


# --- diversity -------------------------------------------------------------------


def test_three_of_a_community_come_before_its_fourth() -> None:
    offers = [listed(number, topics=("a",)) for number in range(5)]
    offers += [listed(number, community=ELM, topics=("a.b",)) for number in range(2)]
    answer = rank(offers, Query(topics=("a",)), ancestors=ancestors, day=TODAY)
    assert [ASH[:11] in one.id for one in answer] == [True] * 3 + [False] * 2 + [True] * 2


def test_offers_without_room_come_last_whatever_their_community() -> None:
    offers = [listed(number) for number in range(5)]
    offers += [listed(number, community=ELM, room="full") for number in range(4)]
    offers += [listed(9, community=FIR, room="full")]
    answer = found(offers, Query())
    assert [ASH[:11] in one for one in answer] == [True] * 5 + [False] * 5
    assert FIR[:11] in "".join(answer[5:9])


@given(st.lists(st.sampled_from("abcdefghijklmnopqrst"), max_size=180))
def test_dealing_loses_nobody_and_keeps_the_rule_in_each_block(communities: list[str]) -> None:
    order = list(ranking.spread(communities, len(communities)))
    assert sorted(order) == list(range(len(communities)))
    for start in range(0, len(order), ranking.BLOCK):
        block = order[start : start + ranking.BLOCK]
        later = order[start + ranking.BLOCK :]
        counts = dict.fromkeys(communities, 0)
        for place in block:
            counts[communities[place]] += 1
        if any(count > ranking.PER_COMMUNITY for count in counts.values()):
            # Somebody has more than three only if nobody who waits has fewer.
            assert all(counts[communities[place]] >= ranking.PER_COMMUNITY for place in later)


def test_blocks_begin_anew() -> None:
    names = [letter for letter in "abcdefghijklmnopqrst" for _ in range(4)]
    order = list(ranking.spread(names, len(names)))
    first = [names[place] for place in order[:50]]
    assert all(first.count(name) <= 3 for name in first)
    assert all(one < other for one, other in pairwise(order[:50]))


# --- reasons ---------------------------------------------------------------------


def test_reasons_name_what_fits_in_a_fixed_order() -> None:
    offer = listed(
        topics=("a.b", "f.g", "a.b.c"),
        languages=("en-GB", "pt-BR"),
        ways=("teach", "listen"),
        formats=("video", "chat"),
        when=("evenings",),
        level=("some",),
        answers="week",
    )
    assert codes(
        offer,
        topics=("f", "a.b"),
        languages=("pt", "ja", "en"),
        ways=("listen",),
        formats=("chat", "video"),
        when=("evenings", "weekends"),
        level=("some",),
    ) == [
        ("topic-exact", ("a.b",)),
        ("topic-under", ("f.g",)),
        ("language", ("pt", "en")),
        ("way", ("listen",)),
        ("format", ("chat", "video")),
        ("when", ("evenings",)),
        ("level", ("some",)),
        ("has-room", ()),
        ("answers", ("week",)),
    ]


def test_reasons_say_what_does_not_fit() -> None:
    offer = listed(when=("weekdays",), level=("starting",), room="full")
    assert codes(offer, when=("evenings",), level=("some",)) == [
        ("when-differs", ("weekdays",)),
        ("level-differs", ("starting",)),
        ("no-room", ()),
    ]


def test_what_is_not_asked_is_no_reason() -> None:
    assert codes(listed(when=("evenings",))) == [("has-room", ())]


def test_reasons_come_with_the_ranked_offer() -> None:
    (only,) = rank([listed()], Query(topics=("a",)), ancestors=ancestors, day=TODAY)
    assert only == Ranked(
        offer_id(0), 20_516, (Reason("topic-under", ("a.b",)), Reason("has-room"))
    )
