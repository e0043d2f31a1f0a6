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
from kith_protocol.api import FacetsAnswer, Reason
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed, read_listed
from kith_protocol.matching import count_facets
from kith_protocol.query import Cursor, Query
from kith_protocol.ranking import Ranked, rank
from kith_protocol.reasons import headline
from kith_testing.catalogue import (
    COMMUNITIES,
    HIERARCHY,
    TODAY,
    listed,
    listed_offers,
    offer_id,
    understood_queries,
)
from kith_testing.ranking_vectors import make, read_case

VECTORS = Path(__file__).parents[2] / "protocol/vectors/ranking.json"
ASH, ELM, FIR = COMMUNITIES
LUCK = 31  # the most points that luck is worth


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(VECTORS.read_bytes())


def score(offer: Listed, **asked: Any) -> int:
    return ranking.score_offer(offer, Query(**asked), hierarchy=HIERARCHY, day=TODAY)


def ranked(offers: list[Listed], query: Query, day: int = TODAY) -> list[Ranked]:
    return rank(offers, query, hierarchy=HIERARCHY, day=day, community=ASH)


def found(offers: list[Listed], query: Query, day: int = TODAY) -> list[str]:
    return [one.id for one in ranked(offers, query, day)]


# --- the vectors -----------------------------------------------------------------


def test_the_vectors_are_up_to_date() -> None:
    assert make() == VECTORS.read_bytes()


def test_every_query_of_the_vectors_is_answered_so(vectors: Any) -> None:
    raws = [canonical_bytes(document) for document in vectors["offers"]]
    offers = [read_listed(raw, with_words=True) for raw in raws]
    assert [[one.id, sorted(one.words)] for one in offers[:5]] == vectors["words"]
    hierarchy = Hierarchy(vectors["ancestors"].__getitem__, vectors["related"].__getitem__)
    day, community = vectors["day"], vectors["community"]
    for case in vectors["queries"]:
        query = read_case(case["parameters"], case.get("understood", {}))
        answer = rank(offers, query, hierarchy=hierarchy, day=day, community=community)
        page = ranking.page_of(answer, query)
        assert len(answer) == case["total"], case["name"]
        assert list(page) == msgspec.convert(case["results"], list[Ranked]), case["name"]
        assert query.counts == ("facets" in case)
        if query.counts:
            counts = count_facets(offers, query, hierarchy=hierarchy, day=day)
            assert counts == msgspec.convert(case["facets"], FacetsAnswer), case["name"]


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
    for case in vectors["seeds"]:
        groups: dict[str, Any] = {
            name: tuple(case[name]) for name in ("topics", "knows", "words")
        }
        day = vectors["day"] + case["days"]
        seed = ranking.rotation_seed(Query(**groups), day, vectors["community"])
        assert seed == case["seed"]


def test_the_headlines_of_the_vectors(vectors: Any) -> None:
    for case in vectors["headlines"]:
        first, differences = headline([Reason(code) for code in case["codes"]])
        assert first.code == case["first"]
        assert [reason.code for reason in differences] == case["differences"]


# --- score -----------------------------------------------------------------------


def test_a_fresh_offer_with_room_has_the_base_score() -> None:
    assert score(listed()) == 20_008


def test_the_nearer_the_topic_the_better() -> None:
    def chain(topic: str) -> tuple[str, ...]:
        return tuple("edcba"["edcba".index(topic) + 1 :])

    scores = [
        ranking.score_offer(
            listed(topics=(topic,)),
            Query(topics=("a",)),
            hierarchy=Hierarchy(chain, lambda _: ()),
            day=TODAY,
        )
        for topic in "abcde"
    ]
    assert [one - 20_008 for one in scores] == [1000, 600, 400, 300, 300]


def test_each_topic_asked_counts_with_the_nearest_named() -> None:
    offer = listed(topics=("a.b.c", "a", "f.g"))
    assert score(offer, topics=("a", "a.b", "f", "a.e")) == 20_008 + 1000 + 600 + 600


def test_a_near_relative_counts_once_and_only_for_what_is_not_reached() -> None:
    offer = listed(topics=("a.b", "f.g"))
    assert score(offer, topics=("a.b.c",), near=True) == 20_008 + 100
    assert score(offer, topics=("a.b.c", "a.b.d"), near=True) == 20_008 + 100
    assert score(offer, topics=("a.b.c",)) == 20_008
    exact = listed(topics=("a.b.c", "a.b"))
    assert score(exact, topics=("a.b.c",), near=True) == 20_008 + 1000


def test_words_that_occur_count_up_to_three() -> None:
    offer = listed(words=frozenset({"w0", "w1", "w2", "w3"}))
    for many, points in enumerate((0, 36, 72, 108, 108)):
        assert score(offer, words=tuple(f"w{n}" for n in range(many))) == 20_008 + points
    assert score(offer, words=("other",)) == 20_008


def test_what_the_asker_knows_counts_up_to_two() -> None:
    offer = listed(topics=("a.b.c", "f.g", "x.own"))
    assert score(offer, knows=("f.g",)) == 20_008 + 60
    assert score(offer, knows=("a", "f.g")) == 20_008 + 120
    assert score(offer, knows=("a.b", "f", "x.own")) == 20_008 + 120
    assert score(offer, knows=("a.e",)) == 20_008
    assert score(offer, topics=("f.g",), knows=("f.g",)) == 20_008 + 1000


def test_what_lies_above_a_topic_asked_is_not_shared_by_everybody_who_names_that() -> None:
    offer = listed(1, topics=("f.g",), updated=TODAY)
    asked = score(offer, topics=("f.g",))
    assert score(offer, topics=("f.g",), knows=("f",)) == asked


def test_ways_of_the_text_count_like_ways_asked() -> None:
    offer = listed(ways=("teach", "listen"))
    assert score(offer, preferred_ways=("listen", "advise")) == 20_008 + 40
    assert score(offer, preferred_ways=("advise",)) == 20_008


def test_earlier_languages_count_more_and_only_the_first_that_fits() -> None:
    asked = tuple(f"l{letter}" for letter in "abcdefgh")
    scores = [score(listed(languages=(language, "lh")), languages=asked) for language in asked]
    assert [one - 20_008 for one in scores] == [144, 108, 72, 36, 36, 36, 36, 36]


def test_common_ways_and_formats_add_up() -> None:
    offer = listed(ways=("teach", "listen", "advise"), formats=("chat", "video"))
    assert score(offer, ways=("listen", "advise", "review")) == 20_008 + 80
    assert score(offer, formats=("chat", "video", "voice")) == 20_008 + 72


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("when", "evenings", "weekends"), ("level", "some", "starting")],
)
def test_silence_is_better_than_another_preference_and_worse_than_the_same(
    name: str, first: str, second: str
) -> None:
    silent = listed()
    assert (
        score(replace(silent, **{name: (first, second)}), **{name: (second, first)}) == 20_080
    )
    assert score(replace(silent, **{name: (first,)}), **{name: (second, first)}) == 20_044
    assert score(silent, **{name: (first,)}) == 20_026
    assert score(replace(silent, **{name: (first,)}), **{name: (second,)}) == 20_008
    assert score(replace(silent, **{name: (first,)})) == 20_008


def test_quick_answers_and_recent_changes_count_a_little() -> None:
    assert [
        score(listed(answers=answers)) - 20_008 for answers in ("days", "week", "longer", None)
    ] == [10, 5, 0, 0]
    assert [score(listed(updated=TODAY - age)) - 20_000 for age in (-1, 14, 15, 45, 46)] == [
        8,
        8,
        4,
        4,
        0,
    ]


@settings(deadline=None)
@given(listed_offers(), understood_queries())
def test_a_full_offer_comes_after_any_with_room(offer: Listed, query: Query) -> None:
    best_full = replace(offer, room="full")
    asked = ranking.score_offer(best_full, query, hierarchy=HIERARCHY, day=TODAY)
    assert 0 <= asked < ranking.ROOM - LUCK


BEST = listed(
    topics=tuple(f"t{number}" for number in range(12)),
    ways=("teach", "listen", "advise"),
    formats=("chat", "voice", "video", "in-person"),
    when=("weekdays", "evenings", "weekends"),
    level=("starting", "some", "experienced"),
    answers="days",
    words=frozenset({"one", "two", "three", "four"}),
)


def test_the_highest_possible_score_stays_below_the_bound() -> None:
    reached = score(
        BEST,
        topics=BEST.topics,
        near=True,
        languages=("en",),
        ways=BEST.ways,
        formats=BEST.formats,
        when=BEST.when,
        level=BEST.level,
        words=tuple(BEST.words),
    )
    assert reached < ranking.MAX_SCORE
    assert reached - ranking.ROOM < ranking.ROOM - LUCK


def test_what_is_only_near_never_comes_before_what_names_a_topic_asked() -> None:
    asked: dict[str, Any] = {
        "topics": ("a.b.c", "a.e"),
        "near": True,
        "knows": ("t1", "t2", "t3"),
        "words": tuple(BEST.words),
        "languages": ("en", "pt", "ar", "zh", "ja", "fr"),
        "preferred_ways": BEST.ways,
        "formats": BEST.formats,
        "when": BEST.when,
        "level": BEST.level,
    }
    near = replace(BEST, topics=("a.b", "f", "t1", "t2"))
    direct = listed(
        topics=("a.b.c",),
        languages=("fr",),
        ways=("review",),
        formats=("chat",),
        when=("weekdays",),
        level=("starting",),
        updated=TODAY - 100,
    )
    other_times = replace(direct, when=(), level=())
    assert score(direct, **asked) - score(near, **asked) > LUCK
    assert score(other_times, **asked) - score(near, **asked) > LUCK


# --- order -----------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(listed_offers(), max_size=20),
    understood_queries(),
    st.randoms(use_true_random=False),
)
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
    firsts = []
    for day in range(3650):
        seed = ranking.rotation_seed(Query(), day, ASH)
        firsts.append(min((ranking.place_of(one, 0, seed), one) for one in ids)[1])
    assert all(250 < firsts.count(one) < 500 for one in ids)


def test_near_equals_take_turns_and_others_do_not() -> None:
    def firsts(points: int) -> set[int]:
        scores = {offer_id(number): 500 for number in range(6)} | {offer_id(6): 500 + points}
        seeds = [ranking.rotation_seed(Query(), day, ASH) for day in range(200)]
        places = [
            {one: ranking.place_of(one, scores[one], seed) for one in scores} for seed in seeds
        ]
        return {scores[min(place, key=place.__getitem__)] for place in places}

    assert firsts(20) == {500, 520}
    assert firsts(LUCK + 1) == {500 + LUCK + 1}


def test_equals_turn_with_what_is_looked_for_and_where_and_not_with_filters() -> None:
    offers = [
        listed(number, topics=("a.b", "f"), words=frozenset({"w"})) for number in range(9)
    ]
    same = Query(topics=("a.b", "f"))
    order = found(offers, same)
    assert found(offers, Query(topics=("f", "a.b"))) == order
    assert found(offers, replace(same, languages=("en",), ways=("teach",))) == order
    assert found(offers, replace(same, topics=("f",))) != order
    assert found(offers, replace(same, knows=("a.b.c",))) != order
    assert found(offers, replace(same, words=("w",))) != order
    elsewhere = rank(offers, same, hierarchy=HIERARCHY, day=TODAY, community=ELM)
    assert [one.id for one in elsewhere] != order


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
    whole = [Ranked(str(number), 0, ()) for number in range(30)]
    page = ranking.page_of(whole, Query(limit=20))
    assert [one.id for one in page] == [str(number) for number in range(20)]
    rest = ranking.page_of(whole, Query(limit=20, after=Cursor(TODAY, 20)))
    assert [one.id for one in rest] == [str(number) for number in range(20, 30)]


# --- diversity -------------------------------------------------------------------


def test_three_of_a_community_come_before_its_fourth() -> None:
    offers = [listed(number, topics=("a",)) for number in range(5)]
    offers += [listed(number, community=ELM, topics=("a.b",)) for number in range(2)]
    answer = ranked(offers, Query(topics=("a",)))
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


def test_reasons_come_with_the_ranked_offer() -> None:
    (only,) = ranked([listed()], Query(topics=("a",)))
    assert only == Ranked(
        offer_id(0), 20_608, (Reason("topic-under", ("a.b",)), Reason("has-room"))
    )
