"""Finding topics by words, and understanding free text."""

# Words of languages whose letters look like others.
# ruff: noqa: RUF001

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.finding.endings import families, stem
from kith_protocol.finding.reading import MAX_DID_YOU_MEAN
from kith_protocol.finding.spelling import distance
from kith_protocol.finding.tokens import tokens_of
from kith_protocol.fold import fold
from kith_protocol.query import MAX_TEXT_CHARACTERS, MAX_WORDS
from kith_protocol.topic_finder import MAX_RESULTS, Found, Match, TopicFinder
from kith_protocol.understood import Understanding
from kith_protocol.vocabulary import LABEL_LANGUAGES, Concept, LanguageTexts, Texts, Vocabulary
from kith_protocol.words import words_of
from kith_testing.finding_vectors import make
from kith_testing.small_vocabulary import small_languages, small_vocabulary

VECTORS = Path(__file__).parents[2] / "protocol/vectors/topic_finding.json"
VOCABULARY = small_vocabulary()
FINDER = TopicFinder(VOCABULARY)
AGAIN = TopicFinder(small_vocabulary())
EVERY_TEXT = [
    (topic, language.language, text)
    for language in small_languages()
    for topic, texts in language.topics.items()
    for text in (texts.label, *texts.synonyms)
]
TYPED = "guitra intervew practise with 練習 を 的 и من prüfen C++ - ' ß İ".split()  # noqa: SIM905
# What people type, and what nobody does, in every mixture.
MIXED = st.lists(
    st.one_of(
        st.sampled_from([text for _, _, text in EVERY_TEXT]),
        st.sampled_from(TYPED),
        st.text(max_size=6),
    ),
    max_size=5,
).map(" ".join)
READERS = st.lists(st.sampled_from(LABEL_LANGUAGES), max_size=3, unique=True)


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(VECTORS.read_bytes())


def first(query: str, *languages: str) -> str | None:
    found = FINDER.find(query, languages=languages, limit=1)
    return found[0].id if found else None


def meant(text: str, *languages: str) -> list[tuple[str, ...]]:
    return [piece.topics for piece in FINDER.understand(text, languages=languages).pieces]


def finder_of(language: str, **words: tuple[str, ...]) -> TopicFinder:
    """Return a finder of topics without hierarchy; the first of their words are labels."""
    texts = {topic: Texts(label, synonyms) for topic, (label, *synonyms) in words.items()}  # type: ignore[arg-type]
    return TopicFinder(Vocabulary(map(Concept, words), [LanguageTexts(language, True, texts)]))


# --- the vectors -----------------------------------------------------------------


def test_the_vectors_are_up_to_date() -> None:
    assert make() == VECTORS.read_bytes()


def test_every_case_of_the_vectors_holds_for_the_vocabulary_in_them(vectors: Any) -> None:
    concepts = msgspec.convert(vectors["concepts"], tuple[Concept, ...])
    languages = msgspec.convert(vectors["languages"], tuple[LanguageTexts, ...])
    finder = TopicFinder(Vocabulary(concepts, languages))
    for case in vectors["finds"]:
        found = finder.find(case["query"], languages=case["languages"], limit=5)
        assert found == msgspec.convert(case["found"], tuple[Found, ...]), case["query"]
    for case in vectors["texts"]:
        understood = finder.understand(case["text"], languages=case["languages"])
        assert understood == msgspec.convert(case["means"], Understanding), case["text"]


def test_the_steps_of_the_vectors(vectors: Any) -> None:
    known = {family.name: family for family in families()}
    assert all(list(words_of(text)) == words for text, words in vectors["words"])
    assert all(stem(fold(word), known[name]) == to for name, word, to in vectors["stems"])
    assert all(
        distance(one, other, most) == errors
        for one, other, most, errors in vectors["distances"]
    )
    for text, shown, tokens in vectors["tokens"]:
        assert msgspec.json.decode(msgspec.json.encode(tokens_of(text))) == [shown, tokens]


# --- typing ahead ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("CV", "career.cv"),
        ("caree", "career"),
        ("resume", "career.cv"),
        ("js", "software.javascript"),
        ("c++", "software.cpp"),
        ("ｃ＋＋", "software.cpp"),
        ("self defense", "defence"),
        ("السيره الذاتيه", "career.cv"),
        ("فن", "craft"),
        ("面", "career.interviews"),
        ("craft.writing.poetry", "craft.writing.poetry"),
        ("verse", "craft.writing.poetry"),
    ],
)
def test_finds_first_what_was_meant(query: str, topic: str) -> None:
    assert first(query) == topic


def test_finds_every_topic_by_every_text_as_a_whole() -> None:
    for topic, language, text in EVERY_TEXT:
        found = FINDER.find(text, languages=[language], limit=3)
        whole = [one.id for one in found if one.match is Match.WHOLE]
        assert VOCABULARY.resolve(topic) in whole, text


def test_says_which_text_fits_and_how() -> None:
    assert FINDER.find("creative wr", languages=["en"], limit=1) == (
        Found("craft.writing", Match.BEGINNING, "creative writing", "en"),
    )
    assert FINDER.find("lett appl", languages=["en"], limit=1)[0].match is Match.WORDS
    assert FINDER.find("poem", languages=["en"], limit=1)[0].match is Match.FORM
    assert FINDER.find("uitar", languages=["en"], limit=1)[0].match is Match.PART
    assert FINDER.find("guitra", languages=["en"], limit=1)[0].match is Match.MISSPELT


def test_thinks_of_wrong_spellings_only_when_little_fits() -> None:
    found = FINDER.find("gitar", languages=["tr"], limit=MAX_RESULTS)
    assert found[0].match is Match.WHOLE
    assert all(
        one.match is not Match.MISSPELT
        for one in FINDER.find("car", languages=["en"], limit=MAX_RESULTS)
    )


def test_finds_parts_of_words_but_not_of_one_letter() -> None:
    letters = FINDER.find("q", languages=[], limit=MAX_RESULTS)
    assert all(one.match is not Match.PART for one in letters)
    assert first("接") == "career.interviews"


def test_does_not_find_everything_below_a_branch_by_the_branch_s_id() -> None:
    ids = [one.id for one in FINDER.find("housing", languages=["en"], limit=MAX_RESULTS)]
    assert ids == ["housing"]


def test_prefers_the_reader_s_languages_among_equals() -> None:
    # Autocuidado is Portuguese and Spanish.
    for language in ("pt-BR", "es"):
        found = FINDER.find("Autocuidado", languages=[language, "ar"], limit=1)[0]
        assert found.language == language.partition("-")[0]
    assert first("go", "en") == "games.go"
    assert first("go", "de") == "software.go"


def test_shows_each_topic_once() -> None:
    ids = [one.id for one in FINDER.find("a", languages=[], limit=MAX_RESULTS)]
    assert len(ids) > 5
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("query", ["", "   ", "!?", "\u202e", "ـ", "🌈", "zzzz", "+"])
def test_finds_nothing_for_nothing(query: str) -> None:
    assert FINDER.find(query, languages=["en"], limit=10) == ()


def test_reads_only_the_first_two_hundred_characters() -> None:
    assert first("CV" + " " * 198 + "nonsense") == "career.cv"
    assert first("CV" + " " * 190 + "nonsense") is None
    assert meant("CV" + " " * 198 + "guitar") == [("career.cv",)]


@pytest.mark.parametrize("limit", [0, -1, MAX_RESULTS + 1])
def test_refuses_a_limit_out_of_bounds(limit: int) -> None:
    with pytest.raises(ValueError):
        FINDER.find("cv", languages=[], limit=limit)


@given(MIXED, READERS, st.integers(1, 20))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(
    query: str, languages: list[str], limit: int
) -> None:
    longer = FINDER.find(query, languages=languages, limit=MAX_RESULTS)
    shorter = AGAIN.find(query, languages=languages, limit=limit)
    # With more wanted, wrong spellings are thought of as well.
    count = len(shorter)
    assert shorter == longer[:count]
    assert count == min(limit, len(longer))


def test_an_empty_vocabulary_means_nothing() -> None:
    finder = TopicFinder(Vocabulary((), ()))
    assert finder.find("cv", languages=[], limit=5) == ()
    assert finder.understand("cv 履歴書 guitra", languages=[]).pieces == ()


# --- free text -------------------------------------------------------------------


def test_understands_every_text_of_the_vocabulary() -> None:
    for topic, language, text in EVERY_TEXT:
        pieces = FINDER.understand(text, languages=[language]).pieces
        found = {one for piece in pieces for one in (*piece.topics, *piece.others)}
        assert VOCABULARY.resolve(topic) in found, text


@pytest.mark.parametrize(
    ("text", "language", "topics", "ways"),
    [
        ("auto-defensa", "es", ["defence"], []),
        ("CV prüfen", "de", ["career.cv"], ["review"]),
        ("自助练习", "zh", ["selfcare"], ["practise"]),
        ("js", "en", ["software.javascript"], []),
        ("my CVs", "en", ["career.cv"], []),
        ("interviewing for a job", "en", ["career.interviews"], []),
        ("JavaScriptの面接", "ja", ["software.javascript", "career.interviews"], []),
        ("помощь с собеседованием", "ru", ["career.interviews"], []),
        ("والسيرة الذاتية", "ar", ["career.cv"], []),
        ("wierszy i gitary", "pl", ["craft.writing.poetry", "music.guitar"], []),
        ("teach me guitar", "en", ["music.guitar"], ["teach"]),
        ("Hilfe bei der Wohnungssuche", "de", ["housing"], []),
        ("Bewerbungslebenslauf", "de", ["career.cv"], []),
    ],
)
def test_understands_what_people_type(
    text: str, language: str, topics: list[str], ways: list[str]
) -> None:
    understanding = FINDER.understand(text, languages=[language])
    assert [piece.topics[0] for piece in understanding.pieces] == topics
    assert list(understanding.ways) == ways


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("learn English", "en"),
        ("по-турецки", "ru"),
        ("conversar em inglês", "pt"),
        ("英語を学びたい", "ja"),
        ("تعلم التركية", "ar"),
    ],
)
def test_the_name_of_a_language_is_about_learning_it(text: str, language: str) -> None:
    assert meant(text, language) == [("tongues",)]


def test_the_name_of_a_language_is_no_topic_beside_another() -> None:
    assert meant("an English CV", "en") == [("career.cv",)]
    assert first("turk", "en") == "tongues"
    assert meant("トル", "ja") == []


def test_what_people_are_is_no_topic_beside_what_they_look_for() -> None:
    concepts = (Concept("trans", people=True), Concept("lawyers"))
    texts = {"trans": Texts("Trans life", ("trans",)), "lawyers": Texts("Lawyers")}
    finder = TopicFinder(Vocabulary(concepts, [LanguageTexts("en", True, texts)]))
    pieces = finder.understand("trans lawyer", languages=["en"]).pieces
    assert [piece.topics for piece in pieces] == [("lawyers",)]
    pieces = finder.understand("being trans", languages=["en"]).pieces
    assert [piece.topics for piece in pieces] == [("trans",)]


def test_says_which_part_of_the_text_names_a_topic() -> None:
    pieces = FINDER.understand("Please: Self-Defence & ＧＵＩＴＡＲ!", languages=["en"]).pieces
    assert [piece.text for piece in pieces] == ["Self-Defence", "GUITAR"]


def test_a_long_phrase_beats_the_short_ones_in_it() -> None:
    assert meant("self-defence techniques", "en") == [("defence.techniques",)]


def test_words_in_another_order_or_with_words_between_are_the_same_phrase() -> None:
    assert meant("letters of application", "en") == [("career.cv",)]
    assert meant("the hunting of a flat", "en") == [("housing.finding",)]


def test_what_is_nothing_known_is_left_as_words() -> None:
    understanding = FINDER.understand("the guitar of my grandmother", languages=["en"])
    assert understanding.words == ("grandmother",)


def test_a_word_for_a_way_is_a_topic_only_alone() -> None:
    alone = FINDER.understand("listening", languages=["en"])
    assert ([piece.topics for piece in alone.pieces], alone.ways) == (
        [("peer.listening",)],
        ("listen",),
    )
    assert meant("listening to a guitar", "en") == [("music.guitar",)]


def test_a_word_of_everyday_life_is_a_topic_only_alone() -> None:
    assert meant("writing", "en") == [("craft.writing",)]
    assert meant("writing a résumé", "en") == [("career.cv",)]


def test_a_word_that_is_the_rest_of_a_phrase_is_a_topic_only_alone() -> None:
    finder = finder_of("en", a=("Visiting somebody",), b=("Kites",))
    assert finder.understand("visits", languages=["en"]).pieces[0].topics == ("a",)
    both = finder.understand("visiting kites", languages=["en"]).pieces
    assert [piece.topics for piece in both] == [("b",)]


def test_names_equally_right_topics_together() -> None:
    assert meant("go", "en") == [("games.go", "software.go")]


def test_a_text_that_the_reader_knows_beats_others_and_leaves_them_as_a_choice() -> None:
    piece = FINDER.understand("go", languages=["zh"]).pieces[0]
    assert (piece.topics, piece.others) == (("software.go",), ("games.go",))


def test_of_topics_below_each_other_the_more_specific_is_meant() -> None:
    piece = FINDER.understand("living", languages=["en"]).pieces[0]
    assert (piece.topics, piece.others) == (("housing.finding",), ("housing",))
    assert meant("music, guitar", "en") == [("music.guitar",)]


def test_a_topic_is_named_once() -> None:
    assert meant("guitar and guitars", "en") == [("music.guitar",)]


def test_applies_and_lists_one_typing_error() -> None:
    understanding = FINDER.understand("guitra lessons", languages=["en"])
    assert [piece.topics for piece in understanding.pieces] == [("music.guitar",)]
    assert understanding.did_you_mean == ("music.guitar",)


def test_applies_one_typing_error_of_a_whole_text() -> None:
    assert meant("martail artts", "en") == [("defence.techniques",)]
    assert meant("arts and rcafts", "en") == [("craft",)]
    assert meant("履歴書と応募書", "ja") == [("career.cv",)]


def test_only_lists_what_is_further_off() -> None:
    understanding = FINDER.understand("insonmniaa", languages=["en"])
    assert understanding.pieces == ()
    assert understanding.words == ("insonmniaa",)
    assert understanding.did_you_mean == ("selfcare.sleep",)


def test_only_lists_the_spellings_of_a_short_word() -> None:
    understanding = FINDER.understand("cpq", languages=["en"])
    assert (understanding.pieces, understanding.did_you_mean) == ((), ("software.cpp",))


def test_only_lists_what_a_correction_leaves_open() -> None:
    finder = finder_of("en", a=("Painting",), b=("painting", "Walls"))
    understanding = finder.understand("paintng now", languages=["en"])
    assert understanding.pieces == ()
    assert understanding.did_you_mean == ("a", "b")


def test_does_not_choose_between_different_words() -> None:
    finder = finder_of("en", a=("Carving",), b=("Caring",))
    understanding = finder.understand("carping", languages=["en"])
    assert understanding.pieces == ()
    assert set(understanding.did_you_mean) == {"a", "b"}


def test_finds_labels_by_a_word_in_them() -> None:
    finder = finder_of(
        "en", a=("Keeping archives",), b=("Keeping bees",), c=("Bees and wasps",)
    )
    assert [one.topics for one in finder.understand("archive", languages=["en"]).pieces] == [
        ("a",)
    ]
    bees = finder.understand("my bees", languages=["en"]).pieces[0]
    assert {*bees.topics, *bees.others} == {"b", "c"}


def test_a_word_that_most_topics_have_says_nothing() -> None:
    words = {f"t{name}": (f"Common {name}x {name}y {name}z",) for name in "abcdefgh"}
    finder = finder_of("en", **words)
    understanding = finder.understand("common", languages=["en"])
    assert (understanding.pieces, understanding.words) == ((), ("common",))


def test_a_word_of_a_text_in_another_language_counts_only_where_nothing_else_does() -> None:
    words = [
        LanguageTexts("en", True, {"a": Texts("Chronic illness")}),
        LanguageTexts("fr", True, {"b": Texts("Pain levain")}),
    ]
    finder = TopicFinder(Vocabulary([Concept("a"), Concept("b")], words))
    both = finder.understand("chronic pain", languages=["en"])
    assert ([piece.topics for piece in both.pieces], both.words) == ([("a",)], ("pain",))
    assert finder.understand("my pain", languages=["en"]).pieces[0].topics == ("b",)


def test_finds_some_topics_by_words_and_leaves_the_rest() -> None:
    labels = (
        "Carving spoons",
        "Weaving baskets",
        "Flying kites",
        "Dipping candles",
        "Soap boiling",
    )
    finder = finder_of("en", **{f"t{label[0].lower()}": (label,) for label in labels})
    understanding = finder.understand("spoons baskets kites candles soap", languages=["en"])
    assert len(understanding.pieces) == 4
    assert len(understanding.words) == 1


def test_one_of_two_words_in_one_may_be_too_short() -> None:
    assert meant("Ruhewohnung", "de") == []
    assert meant("Wohnungshilfe", "de") == [("housing",)]


def test_a_text_without_letters_names_nothing() -> None:
    finder = finder_of("en", a=("!?", "Kites"))
    assert finder.find("!?", languages=["en"], limit=5) == ()
    assert finder.find("kites", languages=["en"], limit=5)[0].id == "a"


def test_topics_near_a_known_one_are_likelier() -> None:
    concepts = [Concept(one) for one in ("a", "a.b", "c")]
    words = {
        "a": Texts("Sailing"),
        "a.b": Texts("Repairing boats"),
        "c": Texts("Wooden boats"),
    }
    finder = TopicFinder(Vocabulary(concepts, [LanguageTexts("en", True, words)]))
    pieces = finder.understand("sailing boats", languages=["en"]).pieces
    assert [piece.topics for piece in pieces] == [("a.b",)]


def test_finds_parts_of_texts_without_blanks() -> None:
    finder = finder_of("ja", a=("面接の準備",), b=("カメラとレンズ",), c=("うつとくらし",))
    assert finder.understand("就活の面接", languages=["ja"]).pieces[0].topics == ("a",)
    assert finder.understand("古いレンズ", languages=["ja"]).pieces[0].topics == ("b",)


@pytest.mark.parametrize("text", ["", " ", "!?", "the and of", "を", "的"])
def test_nothing_means_nothing(text: str) -> None:
    assert FINDER.understand(text, languages=["en"]) == Understanding()


@given(MIXED, READERS)
def test_any_text_is_understood_the_same_within_bounds(text: str, languages: list[str]) -> None:
    understanding = FINDER.understand(text, languages=languages)
    assert AGAIN.understand(text, languages=languages) == understanding
    topics = [topic for piece in understanding.pieces for topic in piece.topics]
    assert len(set(topics)) == len(topics)
    assert all(VOCABULARY.resolve(topic) == topic for topic in topics)
    assert all(piece.topics and piece.text for piece in understanding.pieces)
    assert all(not set(piece.topics) & set(piece.others) for piece in understanding.pieces)
    assert len(understanding.words) <= MAX_WORDS
    assert len(understanding.did_you_mean) <= MAX_DID_YOU_MEAN


@given(MIXED, READERS)
def test_case_and_decomposition_change_nothing(text: str, languages: list[str]) -> None:
    def meaning(typed: str) -> object:
        understanding = FINDER.understand(typed, languages=languages)
        topics = [(piece.topics, piece.others) for piece in understanding.pieces]
        return topics, understanding.ways, understanding.words, understanding.did_you_mean

    typed = fold(text)
    if len(typed) > MAX_TEXT_CHARACTERS // 4:
        return
    assert meaning(typed.upper()) == meaning(typed) or fold(typed.upper()) != typed
    assert meaning(unicodedata.normalize("NFD", typed)) == meaning(typed)
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in typed)
    assert meaning(wide) == meaning(typed)


def test_long_and_strange_text_does_not_fail() -> None:
    for text in ("ﷺ" * 200, "写" * 200, "a " * 100, "guitra " * 30, "\u0301" * 200, "1" * 200):
        FINDER.understand(text, languages=["en"])
        FINDER.find(text, languages=["en"], limit=5)
