import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import KithError, UsageError
from kith_protocol.community_topics import (
    check_topics,
    community_topics_of,
    label_of,
    only_named,
    with_labels,
)
from kith_protocol.offer_content import OfferContent
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary
from kith_testing.wire_documents import COMMUNITY_CONTENT, CONTENT

HAIKU = "x.craft.writing.haiku"
SHARED = (
    Concept("craft"),
    Concept("craft.writing"),
    Concept("faith", sensitive=True),
    Concept("craft.letters", retired="craft.writing"),
)
WORDS = {"craft": Texts("Crafts"), "craft.writing": Texts("Writing")}
OWN = {HAIKU: Texts("Haiku"), "x.faith.choir": Texts("Choir")}
ELSEWHERE = Vocabulary(SHARED, [LanguageTexts("en", reviewed=True, topics=WORDS)])
HOME = Vocabulary(
    (*SHARED, Concept(HAIKU), Concept("x.faith.choir")),
    [
        LanguageTexts("en", reviewed=True, topics={**WORDS, **OWN}),
        LanguageTexts("ja", reviewed=False, topics={HAIKU: Texts("俳句")}),
    ],
)
ABOUT_HAIKU = replace(CONTENT, topics=(HAIKU, "craft.writing"))


@pytest.mark.parametrize(
    ("topic", "at_home", "elsewhere"),
    [
        ("craft.writing", True, True),
        ("craft.letters", True, True),
        ("craft.weaving", False, False),
        (HAIKU, True, True),
        ("x.craft.writing.poetry.haiku", True, True),
        ("x.craft.letters.cards", True, True),
        ("x.sports.haiku", False, False),
        ("x.x.craft.haiku", False, False),
        ("x.craft", False, False),
        ("x.craft.writing.a.b.c", False, False),
        ("x.craft." + "h" * 73, False, False),
        ("x.", False, False),
        ("", False, False),
    ],
)
def test_any_community_may_name_what_has_a_place(
    topic: str, *, at_home: bool, elsewhere: bool
) -> None:
    assert (HOME.is_placed(topic), ELSEWHERE.is_placed(topic)) == (at_home, elsewhere)


def test_a_topic_of_another_community_counts_as_the_nearest_shared_one_above() -> None:
    assert ELSEWHERE.ancestors(HAIKU) == ("craft.writing", "craft")
    assert ELSEWHERE.ancestors("x.craft.writing.poetry.haiku") == ("craft.writing", "craft")
    assert ELSEWHERE.ancestors("x.craft.letters.cards") == ("craft.writing", "craft")
    assert ELSEWHERE.nearest("x.craft.weaving.looms") == "craft"
    assert HOME.ancestors(HAIKU) == ("craft.writing", "craft")
    assert HOME.nearest(HAIKU) == HAIKU


def test_a_community_topic_is_as_sensitive_as_what_is_above_it() -> None:
    for vocabulary in (HOME, ELSEWHERE):
        assert vocabulary.is_sensitive("x.faith.choir")
        assert not vocabulary.is_sensitive(HAIKU)


def test_labels_are_those_of_all_languages() -> None:
    assert HOME.labels(HAIKU) == {"en": "Haiku", "ja": "俳句"}
    assert ELSEWHERE.labels(HAIKU) == {}


def test_a_topic_without_a_label_in_english_shows_any() -> None:
    words = LanguageTexts("ja", reviewed=False, topics={HAIKU: Texts("俳句")})
    vocabulary = Vocabulary((*SHARED, Concept(HAIKU)), [words])
    assert vocabulary.label(HAIKU, ("ar",)) == "俳句"
    assert vocabulary.label("craft", ("ar",)) == "craft"


def test_an_offer_gets_the_labels_in_all_languages_of_its_community_topics_only() -> None:
    labelled = with_labels(ABOUT_HAIKU, HOME)
    assert labelled == replace(ABOUT_HAIKU, topic_labels={HAIKU: {"en": "Haiku", "ja": "俳句"}})
    assert with_labels(replace(labelled, topics=("craft",)), HOME).topic_labels == {}
    check_topics(labelled, is_known_topic=HOME.is_known)


def test_a_topic_that_the_community_gave_up_keeps_the_labels_of_its_offer() -> None:
    kept = with_labels(COMMUNITY_CONTENT, ELSEWHERE)
    assert kept == COMMUNITY_CONTENT
    with pytest.raises(UsageError, match="no topic of this community"):
        with_labels(ABOUT_HAIKU, ELSEWHERE)


def test_an_offer_put_more_generally_loses_the_labels_it_does_not_need() -> None:
    assert only_named(COMMUNITY_CONTENT, ("craft.writing",)).topic_labels == {}
    assert only_named(COMMUNITY_CONTENT, (HAIKU,)) == replace(
        COMMUNITY_CONTENT, topics=(HAIKU,)
    )


@pytest.mark.parametrize(
    ("languages", "label"),
    [
        (("ja", "ar"), "俳句"),
        (("ja-JP",), "俳句"),
        (("fr", "ar"), "هايكو"),
        (("fr",), "Haiku"),
        ((), "Haiku"),
    ],
)
def test_a_foreign_topic_is_called_what_its_offer_says(
    languages: tuple[str, ...], label: str
) -> None:
    for vocabulary in (HOME, ELSEWHERE):
        assert label_of(COMMUNITY_CONTENT, HAIKU, vocabulary, languages) == label


def test_two_offers_may_call_one_id_differently() -> None:
    tanka = replace(COMMUNITY_CONTENT, topic_labels={HAIKU: {"pt-BR": "Tanka", "de": "Renga"}})
    assert label_of(tanka, HAIKU, HOME, ("pt",)) == "Tanka"
    assert label_of(tanka, HAIKU, HOME, ("en",)) == "Renga"
    assert label_of(COMMUNITY_CONTENT, HAIKU, HOME, ("en",)) == "Haiku"


def test_a_shared_topic_is_called_what_the_reader_calls_it() -> None:
    assert label_of(COMMUNITY_CONTENT, "craft.writing", ELSEWHERE) == "Writing"


@given(st.lists(st.text("x.ac-9 \n", max_size=12), min_size=1, max_size=4, unique=True))
def test_any_topics_are_placed_or_refused(topics: list[str]) -> None:
    labels = {one: {"en": "A"} for one in community_topics_of(topics)}
    content: OfferContent = replace(CONTENT, topics=tuple(topics), topic_labels=labels)
    vocabulary = Vocabulary((Concept("a"), Concept("a.c")))
    try:
        check_topics(content, is_known_topic=vocabulary.is_placed)
    except KithError:
        assert not all(map(vocabulary.is_placed, topics))
    else:
        assert all(vocabulary.nearest(topic) for topic in topics)
