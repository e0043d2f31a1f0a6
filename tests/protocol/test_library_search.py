"""What is found in libraries, and what comes first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.day import Day
from kith_protocol.library_search import FoundResource, ResourceQuery, find_resources
from kith_protocol.resource import Resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.topic_finder import TopicFinder
from kith_testing.resources import LINK, resource_of
from kith_testing.small_catalogue import VOCABULARY

TODAY = Day(20_000)
CV = msgspec.structs.replace(LINK, languages=("en",), reviewed=Day(TODAY - 10))
WRITING = msgspec.structs.replace(CV, topics=("craft.writing",), name={"en": "Essays at dawn"})
HELPLINE = msgspec.structs.replace(
    CV, topics=("health",), name={"en": "Somebody listens"}, urgent=True, region="826"
)


@cache
def finder() -> TopicFinder:
    return TopicFinder(VOCABULARY)


def shelf(*contents: ResourceContent, days: int = 90) -> list[Resource]:
    return [
        resource_of(content, today=TODAY, number=number, days=days)
        for number, content in enumerate(contents)
    ]


def find(
    resources: Iterable[Resource], query: ResourceQuery, *, today: Day = TODAY
) -> tuple[FoundResource, ...]:
    return find_resources(
        resources,
        query,
        vocabulary=VOCABULARY,
        finder=finder(),
        today=today,
        community="https://ash.example/actor",
    )


def names(found: Iterable[FoundResource]) -> list[str]:
    return [one.resource.content.name["en"] for one in found]


def ask(**asked: object) -> ResourceQuery:
    return msgspec.convert({"languages": ("en",), **asked}, ResourceQuery)


def test_a_topic_finds_what_is_about_it_or_below_and_then_what_is_near() -> None:
    found = find(shelf(WRITING, CV, HELPLINE), ask(topics=("career",)))
    assert names(found) == ["Writing a CV"]
    assert found[0].reasons == ("topic",)
    near = find(shelf(WRITING, CV, HELPLINE), ask(topics=("career.cv",)))
    assert names(near) == ["Writing a CV", "Essays at dawn"]
    assert near[1].reasons == ("near-topic",)


def test_words_find_topics_and_what_titles_say() -> None:
    assert names(find(shelf(WRITING, CV), ask(text="resume")))[0] == "Writing a CV"
    [found] = find(shelf(WRITING, CV), ask(text="dawn"))
    assert (names([found]), found.reasons) == (["Essays at dawn"], ("words",))
    assert find(shelf(WRITING, CV), ask(text="zxqwv")) == ()


def test_without_a_question_everything_in_the_language_is_shown_urgent_first() -> None:
    french = msgspec.structs.replace(CV, languages=("fr",))
    found = find(shelf(WRITING, CV, french, HELPLINE), ask())
    assert len(found) == 3
    assert names(found)[0] == "Somebody listens"


def test_words_of_a_crisis_bring_help_whatever_else_they_mean() -> None:
    french = msgspec.structs.replace(HELPLINE, languages=("fr",))
    for text in ("suicide", "i want to die", "my CV and self-harm"):
        found = find(shelf(WRITING, CV, french, HELPLINE), ask(text=text))
        assert names(found)[0] == "Somebody listens"
        assert found[0].reasons == ("urgent",)
        assert [one.resource.content.urgent for one in found].count(True) == 1


def test_help_for_ones_region_and_for_everybody_comes_before_that_for_another_one() -> None:
    here = msgspec.structs.replace(HELPLINE, name={"en": "here"}, region="250")
    anywhere = msgspec.structs.replace(HELPLINE, name={"en": "anywhere"}, region=None)
    found = find(shelf(HELPLINE, anywhere, here), ask(topics=("health",), region="250"))
    assert names(found)[-1] == "Somebody listens"
    assert "region" in found[names(found).index("here")].reasons


def test_what_nobody_has_looked_at_for_a_year_says_so_and_comes_later() -> None:
    old = msgspec.structs.replace(CV, name={"en": "old"}, reviewed=Day(TODAY - 366))
    found = find(shelf(old, CV), ask(topics=("career.cv",)))
    assert names(found) == ["Writing a CV", "old"]
    assert found[1].reasons == ("topic", "old-review")


def test_what_has_ended_is_not_found_and_the_newest_revision_counts() -> None:
    assert find(shelf(CV, days=3), ask(), today=Day(TODAY + 3)) == ()
    newer = msgspec.structs.replace(
        resource_of(WRITING, today=TODAY, number=0), revision=2, updated=TODAY
    )
    assert names(find([newer, *shelf(CV)], ask())) == ["Essays at dawn"]


@given(st.permutations(range(6)), st.sampled_from([(), ("career",), ("health",)]))
def test_the_order_of_the_files_decides_nothing(
    order: list[int], topics: tuple[str, ...]
) -> None:
    resources = shelf(WRITING, CV, HELPLINE, CV, WRITING, HELPLINE)
    shuffled = [resources[place] for place in order]
    assert find(shuffled, ask(topics=topics)) == find(resources, ask(topics=topics))


def test_no_more_are_returned_than_were_asked_for() -> None:
    assert len(find(shelf(*[CV] * 9), ask(limit=4))) == 4
