"""The made-up offers are valid, varied, harmless and the same each time."""

from __future__ import annotations

import re

import msgspec
import pytest

from kith_node.demo.chooser import Chooser
from kith_node.demo.offers import MAX_SUMMARY_CHARACTERS, load_texts, make_offers
from kith_node.topics.loading import load_vocabulary
from kith_protocol.offer_content import OfferContent
from kith_protocol.text import check_text
from kith_protocol.vocabulary import LABEL_LANGUAGES, MAX_LABEL_CHARACTERS

VOCABULARY = load_vocabulary()
OFFERS = make_offers(VOCABULARY, 1000, 7)


def test_makes_as_many_as_asked_and_the_same_each_time() -> None:
    assert make_offers(VOCABULARY, 40, 7) == OFFERS[:40]
    assert make_offers(VOCABULARY, 0, 7) == []


def test_another_seed_makes_other_offers() -> None:
    assert make_offers(VOCABULARY, 40, 8) != OFFERS[:40]


def test_each_is_a_valid_offer_without_repeats() -> None:
    for offer in OFFERS:
        raw = msgspec.json.encode(offer)
        assert msgspec.json.decode(raw, type=OfferContent) == offer
        for values in (offer.topics, offer.languages, offer.ways, offer.formats, offer.when):
            assert len(set(values)) == len(values)
        assert "in-person" not in offer.formats
        assert offer.audience == "adults"


def test_topics_are_in_use_and_none_is_above_another() -> None:
    for offer in OFFERS:
        for topic in offer.topics:
            assert topic in VOCABULARY.ids()
            assert not set(VOCABULARY.ancestors(topic)) & set(offer.topics)


def test_every_topic_is_first_once_before_any_is_so_again() -> None:
    size = len(VOCABULARY.ids())
    assert {offer.topics[0] for offer in OFFERS[:size]} == set(VOCABULARY.ids())


def test_sensitive_topics_stand_beside_sensitive_first_topics_only() -> None:
    for offer in OFFERS:
        if not VOCABULARY.is_sensitive(offer.topics[0]):
            assert not any(VOCABULARY.is_sensitive(topic) for topic in offer.topics)


def test_texts_pass_the_rules_for_texts_and_hold_no_contact_data() -> None:
    told = 0
    for offer in OFFERS:
        for texts, most in ((offer.summary, 120), (offer.content, 600)):
            assert set(texts) <= set(offer.languages)
            for text in texts.values():
                told += 1
                check_text(text, most)
                assert not re.search(r"\d|@|://|\w\.\w|\{", text), text
    assert told > 500


def test_texts_span_all_twelve_languages() -> None:
    assert {language for offer in OFFERS for language in offer.summary} == set(LABEL_LANGUAGES)
    assert {language for offer in OFFERS for language in offer.content} == set(LABEL_LANGUAGES)


def test_values_are_varied() -> None:
    assert {len(offer.topics) for offer in OFFERS} == {1, 2, 3, 4}
    assert {len(offer.ways) for offer in OFFERS} == {1, 2, 3}
    assert {len(offer.formats) for offer in OFFERS} == {1, 2, 3}
    assert {len(offer.when) for offer in OFFERS} == {0, 1, 2, 3}
    assert {len(offer.level) for offer in OFFERS} == {0, 1, 2, 3}
    assert {offer.answers for offer in OFFERS} == {None, "days", "week", "longer"}
    ways = {way for offer in OFFERS for way in offer.ways}
    assert ways == {"advise", "teach", "practise", "review", "listen", "accompany"}


def test_home_languages_are_kept_to() -> None:
    offers = make_offers(VOCABULARY, 60, 1, languages=["ar", "ar", "fr"])
    assert all({"ar", "fr"} & set(offer.languages) for offer in offers)
    assert {offer.languages[0] for offer in offers} == {"ar", "fr"}


def test_texts_exist_for_each_interface_language() -> None:
    texts = load_texts()
    assert set(texts) == set(LABEL_LANGUAGES)
    for one in texts.values():
        assert all(sentence.count("{topic}") == 1 for sentence in one.summaries)
        shortest = min(len(sentence) for sentence in one.summaries)
        assert shortest - len("{topic}") + MAX_LABEL_CHARACTERS <= MAX_SUMMARY_CHARACTERS
        assert all("{" not in content for content in one.contents)


def test_choices_do_not_depend_on_other_choices() -> None:
    chooser = Chooser(1)
    before = chooser.below(1000, "a", 1)
    chooser.shuffle(range(50), "b")
    assert chooser.below(1000, "a", 1) == before
    assert chooser.below(1000, "a", "1") != before
    assert chooser.below(1000, "a1") != before


def test_choices_cover_all_options_about_evenly() -> None:
    chooser = Chooser(3)
    counts = [0] * 5
    for at in range(1000):
        counts[chooser.below(5, "even", at)] += 1
    assert min(counts) > 150
    assert {chooser.pick("abc", at) for at in range(40)} == set("abc")


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_some_keeps_the_order_of_the_options(count: int) -> None:
    some = Chooser(4).some("abcde", count, "some")
    assert list(some) == sorted(set(some))
    assert len(some) == min(count, 5)
