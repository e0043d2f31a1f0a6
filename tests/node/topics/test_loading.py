"""The vocabulary that is shipped: its topics, whatever they are called."""

from __future__ import annotations

import pytest

from kith_node.topics.loading import load_language, load_vocabulary
from kith_protocol.vocabulary import LABEL_LANGUAGES

SHIPPED = load_vocabulary()
MAX_DEPTH = 3


def test_ships_enough_topics_and_software_leaves() -> None:
    software = SHIPPED.descendants("software")
    leaves = [one for one in software if not SHIPPED.children(one)]
    assert len(SHIPPED.ids()) >= 240
    assert len(leaves) >= 30


@pytest.mark.parametrize(
    "topic",
    ["career.cv", "selfcare.sleep", "craft.writing", "history.oral", "safety.devices"],
)
def test_ships_the_topics_that_the_product_names(topic: str) -> None:
    assert topic in SHIPPED.ids()


def test_ships_topics_in_at_most_three_levels() -> None:
    assert {SHIPPED.depth(topic) for topic in SHIPPED.ids()} == {1, 2, MAX_DEPTH}


def test_ships_words_in_all_languages_in_order() -> None:
    assert tuple(one.language for one in SHIPPED.languages()) == LABEL_LANGUAGES
    assert SHIPPED.languages()[LABEL_LANGUAGES.index("tr")].topics == load_language("tr").topics


def test_ships_the_names_of_the_same_languages_in_each() -> None:
    names = [one.language_names for one in SHIPPED.languages()]
    assert set(LABEL_LANGUAGES) <= set(names[0])
    assert all(set(one) == set(names[0]) for one in names)
    assert any(concept.languages for concept in map(SHIPPED.get, SHIPPED.ids()) if concept)


@pytest.mark.parametrize(
    "topic",
    ["coming-out.bi-pan", "transition.voice", "health.hiv", "migration.asylum", "faith"],
)
def test_ships_a_mark_on_what_tells_about_a_person(topic: str) -> None:
    assert SHIPPED.is_sensitive(topic)


@pytest.mark.parametrize("topic", ["career", "career.cv", "software.python", "cooking"])
def test_ships_no_mark_on_what_anybody_does(topic: str) -> None:
    assert not SHIPPED.is_sensitive(topic)


def test_descendants_and_ancestors_are_each_others_inverse() -> None:
    for upper in SHIPPED.ids():
        below = {one for one in SHIPPED.ids() if upper in SHIPPED.ancestors(one)}
        assert set(SHIPPED.descendants(upper)) == below
