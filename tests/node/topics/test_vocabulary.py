"""The vocabulary's rules, and the vocabulary that is shipped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_node.topics.fold import fold
from kith_node.topics.vocabulary import (
    LABEL_LANGUAGES,
    MAX_DEPTH,
    MAX_VOCABULARY_BYTES,
    Topic,
    Vocabulary,
    load_vocabulary,
)

SHIPPED = load_vocabulary()
ID_FORM = re.compile(r"^[a-z]+(-[a-z]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$")


def topic(topic_id: str, *, retired: str | None = None, sensitive: bool = False) -> Topic:
    """Return a topic with labels of its own and the parent that its id says."""
    return Topic(
        id=topic_id,
        labels={"ar": f"ع {topic_id}", "en": f"E {topic_id}"},
        parent=topic_id.rpartition(".")[0] or None,
        sensitive=sensitive,
        retired=retired,
    )


def small() -> Vocabulary:
    """Return two branches, one with three levels and a chain of retired topics."""
    return Vocabulary(
        [
            topic("craft"),
            topic("craft.writing"),
            topic("craft.writing.poetry"),
            topic("craft.writing.verse", retired="craft.writing.poetry"),
            topic("craft.rhymes", retired="craft.writing.verse"),
            topic("health", sensitive=True),
            topic("health.costs"),
        ]
    )


def encode(*topics: Topic, version: int = 1) -> bytes:
    return msgspec.json.encode({"version": version, "topics": topics})


# --- the shipped vocabulary ----------------------------------------------------


def test_ships_enough_topics_and_software_leaves() -> None:
    software = SHIPPED.descendants("software")
    leaves = [one for one in software if not SHIPPED.children(one)]
    assert len(SHIPPED.ids()) >= 110
    assert len(leaves) >= 30


@pytest.mark.parametrize(
    "topic_id",
    ["career.cv", "selfcare.sleep", "craft.writing", "history.oral", "safety.devices"],
)
def test_ships_the_topics_that_the_product_names(topic_id: str) -> None:
    assert topic_id in SHIPPED.ids()


def test_ships_ids_of_the_stable_form_in_three_levels() -> None:
    for topic_id in SHIPPED.ids():
        assert ID_FORM.match(topic_id)
        assert SHIPPED.depth(topic_id) <= MAX_DEPTH


def test_ships_branches_in_all_twelve_languages_in_order() -> None:
    for branch in SHIPPED.branches():
        known = SHIPPED.get(branch)
        assert known is not None
        assert tuple(known.labels) == LABEL_LANGUAGES


def test_ships_arabic_labels_in_arabic_except_for_proper_names() -> None:
    foreign = [
        one
        for one in SHIPPED.ids()
        if not re.search("[\u0621-\u064a]", SHIPPED.label(one, ["ar"]))
    ]
    assert all(one.startswith("software.") for one in foreign)
    assert all(SHIPPED.label(one, ["ar"]) == SHIPPED.label(one, ["en"]) for one in foreign)


def test_ships_arabic_synonyms_in_arabic() -> None:
    for one in SHIPPED.ids():
        known = SHIPPED.get(one)
        assert known is not None
        for word in known.synonyms.get("ar", ()):
            assert re.fullmatch("[\u0621-\u0652 ]+", word), (one, word)


def test_ships_words_that_are_disjoint_between_siblings_when_folded() -> None:
    taken: dict[tuple[str | None, str, str], str] = {}
    for one in SHIPPED.ids():
        known = SHIPPED.get(one)
        assert known is not None
        for language, label in known.labels.items():
            words = [fold(word) for word in (label, *known.synonyms.get(language, ()))]
            assert len(set(words)) == len(words), (one, words)
            for word in words:
                assert taken.setdefault((known.parent, language, word), one) == one


@pytest.mark.parametrize(
    "topic_id",
    ["coming-out.bi-pan", "transition.voice", "health.hiv", "migration.asylum", "faith"],
)
def test_ships_a_mark_on_what_tells_about_a_person(topic_id: str) -> None:
    assert SHIPPED.is_sensitive(topic_id)


@pytest.mark.parametrize("topic_id", ["career", "career.cv", "software.python", "cooking"])
def test_ships_no_mark_on_what_anybody_does(topic_id: str) -> None:
    assert not SHIPPED.is_sensitive(topic_id)


def test_ships_a_file_without_repeated_keys() -> None:
    def refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len({name for name, _ in pairs}) == len(pairs), pairs
        return dict(pairs)

    raw = resources.files("kith_node.topics").joinpath("vocabulary.json").read_bytes()
    assert json.loads(raw, object_pairs_hook=refuse_repeats)["version"] == 1


# --- the hierarchy -------------------------------------------------------------


def test_names_ancestors_nearest_first() -> None:
    assert small().ancestors("craft.writing.poetry") == ("craft.writing", "craft")
    assert small().ancestors("craft") == ()


def test_names_descendants_and_children_without_retired_ones() -> None:
    assert small().descendants("craft") == ("craft.writing", "craft.writing.poetry")
    assert small().children("craft") == ("craft.writing",)
    assert small().children("craft.writing.poetry") == ()


def test_counts_levels_from_one() -> None:
    levels = [small().depth(one) for one in ("craft", "craft.writing", "craft.writing.poetry")]
    assert levels == [1, 2, 3]


def test_lists_branches() -> None:
    assert small().branches() == ("craft", "health")


def test_descendants_and_ancestors_are_each_others_inverse_in_the_shipped_one() -> None:
    for upper in SHIPPED.ids():
        below = {one for one in SHIPPED.ids() if upper in SHIPPED.ancestors(one)}
        assert set(SHIPPED.descendants(upper)) == below


def test_inherits_the_mark() -> None:
    assert small().is_sensitive("health.costs")
    assert not small().is_sensitive("craft.writing")


def test_follows_a_chain_of_retired_topics() -> None:
    vocabulary = small()
    assert vocabulary.resolve("craft.rhymes") == "craft.writing.poetry"
    assert vocabulary.resolve("craft") == "craft"
    assert vocabulary.is_known("craft.rhymes")
    assert "craft.rhymes" not in vocabulary.ids()


def test_knows_nothing_of_other_ids() -> None:
    vocabulary = small()
    assert vocabulary.get("x.boats") is None
    assert not vocabulary.is_known("craft.boats")


@pytest.mark.parametrize(
    "ask",
    [
        Vocabulary.ancestors,
        Vocabulary.children,
        Vocabulary.descendants,
        Vocabulary.depth,
        Vocabulary.is_sensitive,
        Vocabulary.resolve,
        Vocabulary.label,
    ],
)
def test_raises_a_key_error_for_an_unknown_id(ask: Callable[[Vocabulary, str], object]) -> None:
    with pytest.raises(KeyError):
        ask(small(), "craft.boats")


# --- labels --------------------------------------------------------------------


def test_labels_in_the_first_language_that_has_one() -> None:
    assert SHIPPED.label("housing", ["sw", "de-AT", "ar"]) == "Wohnen"
    assert SHIPPED.label("career.interviews", ["fr", "ar"]) == "مقابلات العمل"


def test_labels_in_english_when_no_language_fits() -> None:
    assert SHIPPED.label("career.interviews", ["fr"]) == "Job interviews"
    assert SHIPPED.label("career.interviews") == "Job interviews"


# --- what is refused -----------------------------------------------------------


@pytest.mark.parametrize(
    "topic_id",
    ["", "Craft", "craft.", ".craft", "craft..a", "craft_a", "a-", "craft1", "x\n", "a.b.c.d"],
)
def test_refuses_an_id_of_another_form(topic_id: str) -> None:
    with pytest.raises(MalformedError):
        Vocabulary([topic(topic_id)])


def test_refuses_an_id_twice() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([topic("craft"), topic("craft")])


def test_refuses_a_child_without_or_before_its_parent() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([topic("craft.writing")])
    with pytest.raises(MalformedError) as caught:
        Vocabulary([topic("music"), topic("craft.writing"), topic("craft")])
    assert caught.value.pointer == "/topics/1/parent"


def test_refuses_a_parent_that_the_id_does_not_say() -> None:
    moved = msgspec.structs.replace(topic("craft.writing"), parent="music")
    with pytest.raises(MalformedError):
        Vocabulary([topic("craft"), topic("music"), moved])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_refuses_a_topic_without_a_required_label(language: str) -> None:
    labels = {"en": "Craft", "ar": "حرفة"}
    del labels[language]
    with pytest.raises(MalformedError):
        Vocabulary([Topic("craft", labels)])


@pytest.mark.parametrize(
    "text",
    ["", " x", "x ", "a\u202eb", "a\u200fb", "a\x07b", "a\nb", "e\u0301", "x" * 81, "\ufeffa"],
)
def test_refuses_text_that_misleads(text: str) -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Topic("craft", {"ar": "حرفة", "en": text})])
    with pytest.raises(MalformedError):
        Vocabulary([Topic("craft", {"ar": "حرفة", "en": "Craft"}, synonyms={"en": (text,)})])


def test_refuses_a_language_that_labels_are_not_kept_in() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([Topic("craft", {"ar": "حرفة", "en": "Craft", "nl": "Ambacht"})])


def test_refuses_one_label_for_two_siblings() -> None:
    twin = Topic("crafts", labels={"ar": "أخرى", "en": "E craft"})
    with pytest.raises(MalformedError):
        Vocabulary([topic("craft"), twin])


def test_allows_a_retired_topic_its_successors_label() -> None:
    old = Topic("crafts", labels={"ar": "حرفة", "en": "E craft"}, retired="craft")
    assert Vocabulary([topic("craft"), old]).resolve("crafts") == "craft"


@pytest.mark.parametrize(
    "retired",
    [("craft", "craft"), ("craft", "music"), ("craft", "unknown")],
)
def test_refuses_retiring_into_a_circle_or_nothing(retired: tuple[str, str]) -> None:
    source, target = retired
    with pytest.raises(MalformedError):
        Vocabulary([topic(source, retired=target), topic("music", retired="craft")])


def test_refuses_a_topic_in_use_below_a_retired_one() -> None:
    with pytest.raises(MalformedError):
        Vocabulary([topic("music"), topic("craft", retired="music"), topic("craft.writing")])


def test_reads_a_file() -> None:
    assert Vocabulary.from_json(encode(topic("craft"))).ids() == ("craft",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"version":1}',
        b'{"version":1,"topics":[],"more":1}',
        b'{"version":1,"topics":[{"id":"craft","labels":{"en":"E","ar":"A"},"colour":"x"}]}',
        b'{"version":"1","topics":[]}',
        encode(topic("craft"), version=2),
        encode() + b" " * MAX_VOCABULARY_BYTES,
    ],
)
def test_refuses_another_file(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        Vocabulary.from_json(raw)


@given(st.binary(max_size=100))
def test_any_bytes_give_a_vocabulary_or_a_malformed_error(raw: bytes) -> None:
    try:
        vocabulary = Vocabulary.from_json(raw)
    except MalformedError:
        return
    assert vocabulary.ids() == ()
