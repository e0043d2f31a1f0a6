import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_protocol.query import (
    PARAMETERS,
    Cursor,
    Query,
    encode_cursor,
    encode_query,
    parse_cursor,
    parse_query,
    primary_language,
)
from kith_testing.catalogue import TOPICS, queries


def parse(**parameters: str) -> Query:
    return parse_query(parameters, is_known_topic=TOPICS.__contains__)


def test_no_parameters_ask_for_everything() -> None:
    assert parse() == Query()


def test_reads_every_parameter() -> None:
    assert parse(
        topics="a.b,f",
        near="yes",
        knows="a,x.own",
        text="CV pr\u00fcfen, bitte",
        languages="pt-BR,en",
        ways="teach,listen",
        formats="in-person",
        when="weekends,evenings",
        level="starting",
        room="open",
        communities="https://elm.example/actor",
        without="http://localhost:8001/actor,http://[::1]:8002/actor",
        counts="yes",
        limit="50",
        after="20779-20",
    ) == Query(
        topics=("a.b", "f"),
        near=True,
        knows=("a", "x.own"),
        text="CV pr\u00fcfen, bitte",
        languages=("pt", "en"),
        ways=("teach", "listen"),
        formats=("in-person",),
        when=("weekends", "evenings"),
        level=("starting",),
        room_only=True,
        communities=("https://elm.example/actor",),
        without=("http://localhost:8001/actor", "http://[::1]:8002/actor"),
        counts=True,
        limit=50,
        after=Cursor(20779, 20),
    )


def test_languages_are_their_primary_subtags_each_once() -> None:
    assert parse(languages="pt-BR,en,pt-PT").languages == ("pt", "en")
    assert primary_language("zh-Hant-TW") == "zh"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("topics", "nowhere"),
        ("topics", ""),
        ("topics", "a,"),
        ("topics", "a,a"),
        ("topics", ",".join(f"t{number}" for number in range(13))),
        ("near", "no"),
        ("near", ""),
        ("knows", "nowhere"),
        ("knows", "a,a"),
        ("knows", ",".join(f"t{number}" for number in range(13))),
        ("text", ""),
        ("text", " \u3000"),
        ("text", "x" * 201),
        ("text", "half a letter \ud800"),
        ("counts", "true"),
        ("languages", "EN"),
        ("languages", "en\n"),
        ("languages", "e"),
        ("ways", "shout"),
        ("ways", "teach,teach"),
        ("formats", "letter"),
        ("when", "now"),
        ("level", "guru"),
        ("room", "full"),
        ("room", "open,any"),
        ("communities", "elm.example"),
        ("communities", "https://elm.example/actor?x"),
        ("without", "https://elm.example/\u00e9"),
        ("limit", "0"),
        ("limit", "51"),
        ("limit", "+5"),
        ("limit", "\u0665"),
        ("after", "20779"),
        ("after", "20779-0"),
        ("after", "20779-1001"),
        ("after", "-1-5"),
    ],
)
def test_refuses_values_it_does_not_know_and_says_where(name: str, value: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse(**{name: value})
    assert caught.value.pointer == f"/{name}"


@pytest.mark.parametrize("name", ["topic", "words", "preferred_ways", "is_lost"])
def test_refuses_names_it_does_not_know(name: str) -> None:
    with pytest.raises(MalformedError):
        parse(**{name: "a"})


def test_text_may_have_two_hundred_characters() -> None:
    assert len(parse(text="\u81ea" * 200).text) == 200


def test_twelve_topics_are_not_too_many() -> None:
    twelve = ",".join(f"t{number}" for number in range(12))
    assert len(parse_query({"topics": twelve}, is_known_topic=lambda _: True).topics) == 12


@settings(deadline=None)
@given(queries())
def test_what_is_encoded_reads_as_the_same_query(query: Query) -> None:
    assert parse_query(encode_query(query), is_known_topic=lambda _: True) == query


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30)))
def test_any_text_gives_a_query_or_a_malformed_error(parameters: dict[str, str]) -> None:
    try:
        query = parse_query(parameters, is_known_topic=lambda _: False)
    except MalformedError:
        return
    assert parse_query(encode_query(query), is_known_topic=lambda _: True) == query


@given(st.integers(0, 999_999), st.integers(1, 1000))
def test_a_cursor_survives_its_way(day: int, offset: int) -> None:
    assert parse_cursor(encode_cursor(Cursor(day, offset))) == Cursor(day, offset)
