import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_node.catalogue.bitmap_index import BitmapIndex
from kith_protocol import ranking
from kith_protocol.listed import Listed
from kith_protocol.query import Cursor, Query
from kith_testing.catalogue import (
    COMMUNITIES,
    TODAY,
    ancestors,
    listed,
    listed_offers,
    offer_id,
    queries,
)

Catalogue = dict[int, Listed]


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Catalogue, BitmapIndex]:
    """A catalogue after some changes, and an index that saw each of them."""
    index = BitmapIndex(ancestors)
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
    ranked = ranking.rank(offers.values(), query, ancestors=ancestors, day=day)
    return [(positions[one.id], one.score) for one in ranking.page_of(ranked, query)]


@settings(max_examples=150, deadline=None)
@given(catalogues(), queries(), st.integers(TODAY - 1, TODAY + 2))
def test_agrees_with_the_reference_in_members_order_and_scores(
    built: tuple[Catalogue, BitmapIndex], query: Query, day: int
) -> None:
    offers, index = built
    matches = [
        offer
        for offer in offers.values()
        if ranking.is_match(offer, query, ancestors=ancestors, day=day)
    ]
    page = index.search(query, day)
    assert list(page.hits) == expected_page(offers, query, day)
    assert page.total == len(matches)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(listed_offers(), min_size=5, max_size=40),
    queries(),
    st.integers(1, 8),
    st.integers(TODAY - 1, TODAY + 1),
)
def test_of_many_matches_ranks_a_window_that_wraps_around(
    made: list[Listed], query: Query, window: int, day: int
) -> None:
    index = BitmapIndex(ancestors, window=window)
    offers = {
        position: replace(offer, id=offer_id(position, offer.community))
        for position, offer in enumerate(made)
    }
    for position, offer in offers.items():
        index.put(position, offer)
    matches = [
        position
        for position, offer in offers.items()
        if ranking.is_match(offer, query, ancestors=ancestors, day=day)
    ]
    if len(matches) > window:
        start = ranking.window_start(ranking.ranking_day(query, day), len(matches))
        matches = list(itertools.islice(itertools.cycle(matches), start, start + window))
    seen = {position: offers[position] for position in matches}
    assert list(index.search(query, day).hits) == expected_page(seen, query, day)


@settings(max_examples=80, deadline=None)
@given(catalogues(), queries(), st.integers(TODAY - 1, TODAY + 2))
def test_facets_count_what_would_remain(
    built: tuple[Catalogue, BitmapIndex], query: Query, day: int
) -> None:
    offers, index = built
    matches = [
        offer
        for offer in offers.values()
        if ranking.is_match(offer, query, ancestors=ancestors, day=day)
    ]
    counts = index.facets(query, day)
    assert counts.total == len(matches)
    assert sum(counts.communities.values()) == len(matches)
    for topic, count in counts.topics.items():
        assert count == sum(
            any(topic in (own, *ancestors(own)) for own in offer.topics) for offer in matches
        )
    for language, count in counts.languages.items():
        assert count == sum(
            any(tag.split("-")[0] == language for tag in offer.languages) for offer in matches
        )
    for way, count in counts.ways.items():
        assert count == sum(way in offer.ways for offer in matches)
    for form, count in counts.formats.items():
        assert count == sum(form in offer.formats for offer in matches)
    assert set(counts.topics) >= {topic for offer in matches for topic in offer.topics}
    assert set(counts.ways) == {way for offer in matches for way in offer.ways}
    assert set(counts.formats) == {form for offer in matches for form in offer.formats}


def test_deals_offers_with_room_before_those_without() -> None:
    offers = {position: listed(position) for position in range(6)}
    offers |= {
        position: listed(position, community=COMMUNITIES[1], room="full")
        for position in range(6, 9)
    }
    index = BitmapIndex(ancestors)
    for position, offer in offers.items():
        index.put(position, offer)
    found = index.search(Query(), TODAY).hits
    assert {position for position, _ in found[:6]} == set(range(6))
    assert list(found) == expected_page(offers, Query(), TODAY)


def test_more_than_a_thousand_matches_end_at_the_thousandth() -> None:
    index = BitmapIndex(ancestors)
    offers = {position: listed(position) for position in range(1100)}
    for position, offer in offers.items():
        index.put(position, offer)
    query = Query(limit=50, after=Cursor(TODAY, 970))
    page = index.search(query, TODAY)
    assert page.total == 1100
    assert list(page.hits) == expected_page(offers, query, TODAY)
    assert (len(page.hits), page.next) == (30, None)


def test_pages_hold_every_match_once() -> None:
    index = BitmapIndex(ancestors)
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
    index = BitmapIndex(ancestors)
    for position in range(40):
        index.put(position, listed(position))
    first = index.search(Query(limit=20), TODAY)
    second = index.search(Query(limit=20, after=first.next), TODAY + 1)
    positions = [position for position, _ in (*first.hits, *second.hits)]
    assert sorted(positions) == list(range(40))


def test_a_position_used_again_forgets_the_former_offer() -> None:
    index = BitmapIndex(ancestors)
    index.put(5, listed(1, topics=("a.b.c",), languages=("pt",)))
    index.drop(5)
    index.put(5, listed(2, topics=("f",), languages=("en",)))
    assert index.search(Query(topics=("a",)), TODAY).hits == ()
    assert index.search(Query(languages=("pt",)), TODAY).hits == ()
    assert [position for position, _ in index.search(Query(topics=("f",)), TODAY).hits] == [5]


def test_languages_are_those_of_live_offers() -> None:
    index = BitmapIndex(ancestors)
    index.put(1, listed(1, languages=("pt-BR", "en")))
    index.put(2, listed(2, languages=("ar",), end_day=TODAY))
    assert index.languages(TODAY) == ("en", "pt")
    assert index.positions_in("pt", TODAY) == [1]
    assert index.positions_in("ar", TODAY) == []
    assert index.positions_in("ja", TODAY) == []
    assert index.positions_in("ar", TODAY - 1) == [2]


def test_memory_of_an_offer_is_some_dozens_of_bytes() -> None:
    index = BitmapIndex(ancestors)
    for position in range(4096):
        index.put(position, listed(position))
    assert index.size(TODAY) == 4096
    assert 24 * 4096 < index.size_bytes < 60 * 4096
