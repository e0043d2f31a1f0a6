from typing import Any

import pytest

from kith_protocol.hierarchy import Hierarchy, near_topics
from kith_protocol.listed import Listed
from kith_protocol.matching import count_facets, near_named
from kith_protocol.matching import is_match as is_match_of
from kith_protocol.query import Query
from kith_testing.catalogue import COMMUNITIES, HIERARCHY, TODAY, listed

ASH, ELM, FIR = COMMUNITIES


def is_match(offer: Listed, **asked: Any) -> bool:
    return is_match_of(offer, Query(**asked), hierarchy=HIERARCHY, day=TODAY)


def counts_of(offers: list[Listed], **asked: Any) -> Any:
    return count_facets(offers, Query(**asked), hierarchy=HIERARCHY, day=TODAY)


# --- match -----------------------------------------------------------------------


def test_a_topic_stands_for_all_below_it_and_none_above() -> None:
    offer = listed(topics=("a.b",))
    assert is_match(offer, topics=("a",))
    assert is_match(offer, topics=("f", "a.b"))
    assert not is_match(offer, topics=("a.b.c",))
    assert not is_match(offer, topics=("f",))


def test_near_also_finds_the_topic_above_and_related_ones_exactly() -> None:
    assert is_match(listed(topics=("a.b",)), topics=("a.b.c",), near=True)
    assert is_match(listed(topics=("f.g",)), topics=("a.b.c",), near=True)
    assert is_match(listed(topics=("f",)), topics=("a.e",), near=True)
    assert not is_match(listed(topics=("f.g",)), topics=("a.e",), near=True)
    assert not is_match(listed(topics=("a",)), topics=("a.b.c",), near=True)
    assert not is_match(listed(topics=("a.b.d",)), topics=("a.b.c",), near=True)


def test_near_relatives_are_not_what_is_asked_or_lies_below_it() -> None:
    asked = Query(topics=("a.b.c", "a.b", "f"), near=True)
    assert near_topics(asked, HIERARCHY) == {"a.b.c": (), "a.b": ("a",), "f": ("a.e",)}
    assert near_topics(Query(topics=("a.b.c",)), HIERARCHY) == {}


def test_near_is_what_an_offer_names_in_place_of_a_topic_that_it_does_not_reach() -> None:
    def near(*topics: str) -> tuple[str, ...]:
        asked = Query(topics=("a.b.c", "a.e"), near=True)
        return near_named(listed(topics=topics), asked, HIERARCHY)

    assert near("a.b", "f.g", "f") == ("a.b", "f.g", "f")
    assert near("a.b", "a.b.c", "f") == ("f",)
    assert near("x.own") == ()


def test_a_topic_that_is_its_own_relative_changes_nothing() -> None:
    strange = Hierarchy(lambda _: (), lambda topic: (topic,))
    assert near_topics(Query(topics=("t",), near=True), strange) == {"t": ()}


@pytest.mark.parametrize(
    "asked",
    [
        {"languages": ("pt",)},
        {"ways": ("listen",)},
        {"formats": ("video", "voice")},
        {"communities": (ELM,)},
        {"without": (ELM, ASH)},
        {"words": ("beta", "gamma")},
        {"is_lost": True},
    ],
)
def test_what_fits_no_value_asked_is_left_out(asked: dict[str, Any]) -> None:
    assert not is_match(listed(words=frozenset({"alpha"})), **asked)


def test_one_fitting_value_is_enough() -> None:
    assert is_match(
        listed(languages=("en-GB", "ar"), words=frozenset({"alpha"})),
        languages=("pt", "en"),
        ways=("listen", "teach"),
        formats=("video", "chat"),
        communities=(ELM, ASH),
        without=(FIR,),
        words=("beta", "alpha"),
    )


def test_preferences_leave_nobody_out() -> None:
    assert is_match(
        listed(),
        topics=("a",),
        knows=("f",),
        words=("alpha",),
        when=("evenings",),
        level=("some",),
        preferred_ways=("listen",),
    )


def test_an_offer_is_gone_on_its_end_day() -> None:
    assert is_match(listed(end_day=TODAY + 1))
    assert not is_match(listed(end_day=TODAY))


def test_full_offers_are_left_out_only_on_request() -> None:
    assert is_match(listed(room="full"))
    assert not is_match(listed(room="full"), room_only=True)
    assert is_match(listed(room="open"), room_only=True)


# --- counts ----------------------------------------------------------------------

OFFERS = [
    listed(1, topics=("a.b", "a.b.c"), languages=("en-GB", "en-US"), when=("evenings",)),
    listed(2, topics=("f",), languages=("pt",), ways=("listen", "teach"), level=("some",)),
    listed(3, topics=("a",), community=ELM, formats=("video",), room="full"),
    listed(4, end_day=TODAY),
]


def test_counts_everything_once_for_a_query_that_chooses_nothing() -> None:
    counts = counts_of(OFFERS)
    assert counts.topics == {"a": 2, "a.b": 1, "a.b.c": 1, "f": 1}
    assert counts.languages == {"en": 2, "pt": 1}
    assert counts.ways == {"listen": 1, "teach": 3}
    assert counts.formats == {"chat": 2, "video": 1}
    assert counts.when == {"evenings": 1}
    assert counts.level == {"some": 1}
    assert counts.room == {"full": 1, "open": 2}
    assert counts.communities == {ASH: 2, ELM: 1}
    assert counts.total == 3


def test_a_group_is_counted_without_its_own_choice() -> None:
    counts = counts_of(OFFERS, topics=("a",), communities=(ASH,))
    assert counts.topics == {"a": 1, "a.b": 1, "a.b.c": 1, "f": 1}
    assert counts.communities == {ASH: 1, ELM: 1}
    assert counts.formats == {"chat": 1}
    assert counts.total == 1
    assert counts_of(OFFERS, room_only=True).room == {"full": 1, "open": 2}


def test_what_is_left_out_is_counted_nowhere() -> None:
    assert counts_of(OFFERS, without=(ELM,)).communities == {ASH: 2}
    nothing = counts_of(OFFERS, is_lost=True)
    assert nothing.total == 0
    assert nothing.topics == nothing.languages == nothing.room == {}


def test_words_without_a_topic_stay_required_in_every_count() -> None:
    offers = [listed(1, topics=("a",), words=frozenset({"alpha"})), listed(2, topics=("f",))]
    assert counts_of(offers, words=("alpha",)).topics == {"a": 1}
    assert counts_of(offers, words=("alpha",), topics=("a",)).topics == {"a": 1, "f": 1}
