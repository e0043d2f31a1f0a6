import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_node.catalogue.bitmap_index import MIN_GIVEN_UP, BitmapIndex
from kith_protocol import ranking
from kith_protocol.listed import Listed
from kith_protocol.matching import count_facets, is_match
from kith_protocol.query import Cursor, Query
from kith_testing.catalogue import (
    COMMUNITIES,
    HIERARCHY,
    TODAY,
    listed,
    listed_offers,
    offer_id,
    understood_queries,
)

Catalogue = dict[int, Listed]
HERE = COMMUNITIES[1]


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Catalogue, BitmapIndex]:
    """A catalogue after some changes, and an index that saw each of them."""
    index = BitmapIndex(HIERARCHY, HERE)
    offers: Catalogue = {}
    for position, offer in draw(
        st.lists(
            st.tuples(st.integers(0, 40), st.none() | listed_offers()), min_size=8, max_size=60
        )
    ):
        if offer is None:
            index.drop(position)
            offers.pop(position, None)
        else:
            named = replace(offer, id=offer_id(position, offer.community))
            index.put(position, named)
            offers[position] = named
    return offers, index


def expected_page(offers: Catalogue, query: Query, day: int) -> list[tuple[int, int]]:
    positions = {offer.id: position for position, offer in offers.items()}
    ranked = ranking.rank(offers.values(), query, hierarchy=HIERARCHY, day=day, community=HERE)
    return [(positions[one.id], one.score) for one in ranking.page_of(ranked, query)]


@settings(max_examples=150, deadline=None)
@given(catalogues(), understood_queries(), st.integers(TODAY - 1, TODAY + 2))
def test_agrees_with_the_reference_in_members_order_and_scores(
    built: tuple[Catalogue, BitmapIndex], query: Query, day: int
) -> None:
    offers, index = built
    matches = [
        offer
        for offer in offers.values()
        if is_match(offer, query, hierarchy=HIERARCHY, day=day)
    ]
    page = index.search(query, day)
    assert list(page.hits) == expected_page(offers, query, day)
    assert page.total == len(matches)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(listed_offers(), min_size=5, max_size=40),
    understood_queries(),
    st.integers(1, 8),
    st.integers(TODAY - 1, TODAY + 1),
)
def test_of_many_matches_ranks_a_window_that_wraps_around(
    made: list[Listed], query: Query, window: int, day: int
) -> None:
    index = BitmapIndex(HIERARCHY, HERE, window=window)
    offers = {
        position: replace(offer, id=offer_id(position, offer.community))
        for position, offer in enumerate(made)
    }
    for position, offer in offers.items():
        index.put(position, offer)
    matches = [
        position
        for position, offer in offers.items()
        if is_match(offer, query, hierarchy=HIERARCHY, day=day)
    ]
    if len(matches) > window:
        start = ranking.window_start(ranking.ranking_day(query, day), len(matches))
        matches = list(itertools.islice(itertools.cycle(matches), start, start + window))
    seen = {position: offers[position] for position in matches}
    assert list(index.search(query, day).hits) == expected_page(seen, query, day)


@settings(max_examples=120, deadline=None)
@given(catalogues(), understood_queries(), st.integers(TODAY - 1, TODAY + 2))
def test_counts_what_the_reference_counts(
    built: tuple[Catalogue, BitmapIndex], query: Query, day: int
) -> None:
    offers, index = built
    expected = count_facets(offers.values(), query, hierarchy=HIERARCHY, day=day)
    assert index.facets(query, day) == expected
    assert expected.total == index.search(query, day).total


@settings(max_examples=25, deadline=None)
@given(catalogues(), understood_queries())
def test_reclaiming_slots_changes_no_answer(
    built: tuple[Catalogue, BitmapIndex], query: Query
) -> None:
    offers, index = built
    before = index.search(query, TODAY), index.facets(query, TODAY)
    size = index.size_bytes
    for turn in range(MIN_GIVEN_UP + 60):
        index.put(50 + turn % 2, listed(turn, topics=("gone",), words=frozenset({"gone"})))
    index.drop(50)
    index.drop(51)
    assert index.size_bytes < size + 200 * MIN_GIVEN_UP
    assert (index.search(query, TODAY), index.facets(query, TODAY)) == before
    assert list(before[0].hits) == expected_page(offers, query, TODAY)


def test_deals_offers_with_room_before_those_without() -> None:
    offers = {position: listed(position) for position in range(6)}
    offers |= {
        position: listed(position, community=COMMUNITIES[1], room="full")
        for position in range(6, 9)
    }
    index = BitmapIndex(HIERARCHY, HERE)
    for position, offer in offers.items():
        index.put(position, offer)
    found = index.search(Query(), TODAY).hits
    assert {position for position, _ in found[:6]} == set(range(6))
    assert list(found) == expected_page(offers, Query(), TODAY)


def test_more_than_a_thousand_matches_end_at_the_thousandth() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    offers = {position: listed(position) for position in range(1100)}
    for position, offer in offers.items():
        index.put(position, offer)
    query = Query(limit=50, after=Cursor(TODAY, 970))
    page = index.search(query, TODAY)
    assert page.total == 1100
    assert list(page.hits) == expected_page(offers, query, TODAY)
    assert (len(page.hits), page.next) == (30, None)


def test_pages_hold_every_match_once() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    for position in range(130):
        index.put(position, listed(position))
    seen: list[int] = []
    query = Query(limit=7)
    while True:
        page = index.search(query, TODAY)
        seen += [position for position, _ in page.hits]
        if page.next is None:
            break
        query = replace(query, after=page.next)
    assert sorted(seen) == list(range(130))


def test_the_order_of_yesterdays_first_page_goes_on_after_midnight() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    for position in range(40):
        index.put(position, listed(position))
    first = index.search(Query(limit=20), TODAY)
    second = index.search(Query(limit=20, after=first.next), TODAY + 1)
    positions = [position for position, _ in (*first.hits, *second.hits)]
    assert sorted(positions) == list(range(40))


def test_a_position_used_again_forgets_the_former_offer() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    index.put(5, listed(1, topics=("a.b.c",), languages=("pt",)))
    index.drop(5)
    index.put(5, listed(2, topics=("f",), languages=("en",)))
    assert index.search(Query(topics=("a",)), TODAY).hits == ()
    assert index.search(Query(languages=("pt",)), TODAY).hits == ()
    assert [position for position, _ in index.search(Query(topics=("f",)), TODAY).hits] == [5]


def test_names_the_positions_of_live_offers_in_a_language() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    index.put(1, listed(1, languages=("pt-BR", "en")))
    index.put(2, listed(2, languages=("ar",), end_day=TODAY))
    assert index.positions_in("pt", TODAY) == [1]
    assert index.positions_in("ar", TODAY) == []
    assert index.positions_in("ja", TODAY) == []
    assert index.positions_in("ar", TODAY - 1) == [2]


def test_dropping_what_is_not_there_changes_nothing() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    index.drop(3)
    index.put(3, listed(3))
    index.drop(3)
    index.drop(3)
    index.drop(2)
    assert index.size(TODAY) == 0
    index.put(3, listed(4))
    assert [position for position, _ in index.search(Query(), TODAY).hits] == [3]


def test_memory_of_an_offer_is_some_dozens_of_bytes() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    for position in range(4096):
        index.put(position, listed(position, words=frozenset({"one", "two"})))
    assert index.size(TODAY) == 4096
    assert 24 * 4096 < index.size_bytes < 60 * 4096
    assert 0 < index.words_size_bytes <= 2 * 8192


def test_one_community_brings_so_many_different_words_and_no_more() -> None:
    index = BitmapIndex(HIERARCHY, HERE, most_words=10)
    hostile, honest = COMMUNITIES[0], COMMUNITIES[1]

    def put(position: int, community: str, *words: str) -> None:
        index.put(position, listed(position, community=community, words=frozenset(words)))

    def found(word: str) -> list[int]:
        hits = index.search(Query(words=(word,), limit=50), TODAY).hits
        return sorted(at for at, _ in hits)

    put(0, honest, "old")
    for position in range(1, 30):
        put(position, hostile, f"made-up-{position}", "old")
    put(30, honest, "new")
    assert [len(found(f"made-up-{position}")) for position in range(1, 30)].count(1) == 10
    assert len(found("old")) == 30
    assert found("new") == [30]
    # What was withdrawn makes room, what stays does not.
    for position in range(1, 29):
        index.drop(position)
    for _ in range(2 * MIN_GIVEN_UP):
        put(31, hostile)
    for position in range(40, 60):
        put(position, hostile, f"later-{position}")
    assert 0 < [len(found(f"later-{position}")) for position in range(40, 60)].count(1) <= 10


def test_a_changed_offer_costs_no_more_memory_than_a_quarter_besides() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    for position in range(6000):
        index.put(position, listed(position))
    size = index.size_bytes
    for turn in range(4):
        for position in range(6000):
            index.put(position, listed(position + 6000 * turn, topics=("a", "f.g")))
    assert index.size(TODAY) == 6000
    assert index.size_bytes < 1.5 * size
    assert index.search(Query(topics=("f",)), TODAY).total == 6000


def test_days_far_away_are_compared_as_well() -> None:
    index = BitmapIndex(HIERARCHY, HERE)
    index.put(1, listed(1, end_day=2_000_000, updated=1_999_000))
    index.put(2, listed(2, end_day=TODAY + 1))
    assert index.search(Query(), TODAY + 1).total == 1
    offers = {1: listed(1, end_day=2_000_000, updated=1_999_000)}
    page = index.search(Query(), TODAY + 1)
    assert list(page.hits) == expected_page(offers, Query(), TODAY + 1)
