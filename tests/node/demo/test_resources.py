"""The made-up resources are valid, in twelve languages, harmless and the same each time."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from kith_node.demo.resources import HOSTS, load_library_texts, make_resources
from kith_node.topics.loading import load_vocabulary
from kith_protocol.day import Day
from kith_protocol.resource_content import ResourceContent, check_resource_content
from kith_protocol.vocabulary import LABEL_LANGUAGES

VOCABULARY = load_vocabulary()
RESOURCES = make_resources(500, 7)


def test_makes_as_many_as_asked_and_the_same_each_time() -> None:
    assert make_resources(40, 7) == RESOURCES[:40]
    assert make_resources(0, 7) == ()
    assert make_resources(40, 8) != RESOURCES[:40]


def test_each_may_stand_in_a_library() -> None:
    for one in RESOURCES:
        assert msgspec.json.decode(msgspec.json.encode(one), type=ResourceContent) == one
        assert check_resource_content(one) == one
        assert set(one.topics) <= set(VOCABULARY.ids())


def test_no_two_links_are_the_same_and_all_are_for_examples() -> None:
    links = [one.url for one in RESOURCES if one.url]
    assert len(set(links)) == len(links)
    assert {link.split("/")[2] for link in links} == set(HOSTS)
    assert all(host.endswith((".example", "example.org", ".com", ".net")) for host in HOSTS)


def test_there_are_links_and_texts_and_urgent_ones_in_every_language() -> None:
    for kind in (
        [one for one in RESOURCES if one.url],
        [one for one in RESOURCES if one.content],
        [one for one in RESOURCES if one.urgent],
        [one for one in RESOURCES if one.region],
        RESOURCES[:12],
    ):
        spoken = Counter(language for one in kind for language in one.languages)
        assert set(spoken) == set(LABEL_LANGUAGES)
    assert all(one.urgent and one.region for one in RESOURCES[:12])
    assert sum(one.urgent for one in RESOURCES) < len(RESOURCES) / 5


def test_none_is_looked_at_in_the_future() -> None:
    for one in make_resources(100, 1, today=Day(20_500)):
        assert 20_200 <= one.reviewed <= 20_500


def test_texts_are_in_all_twelve_languages_and_hold_no_number_to_call() -> None:
    texts = load_library_texts()
    assert set(texts) == set(LABEL_LANGUAGES)
    for one in texts.values():
        for lines in msgspec.structs.astuple(one):
            assert all(not re.search(r"\d|@|://", line) for line in lines)
        assert all("{topic}" in name for name in one.names + one.urgent_names)


def test_names_are_in_the_language_they_say() -> None:
    for one in RESOURCES:
        assert one.name.keys() == set(one.languages)
        for language, name in one.name.items():
            assert VOCABULARY.label(one.topics[0], (language,)) in name
