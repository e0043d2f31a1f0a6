from msgspec.structs import replace

from kith_protocol.api import Meaning, UnderstoodAnswer
from kith_protocol.offer_content import Way
from kith_protocol.query import MAX_TOPICS, MAX_WORDS, Query
from kith_protocol.understood import Piece, Understanding, understand_query, understood_query
from kith_testing.catalogue import Finder

CV = Piece("cv", ("a.b",), ("f",))


def test_a_query_without_text_is_left_alone() -> None:
    query = Query(topics=("a",))
    assert understand_query(query, Finder()) == (query, None)


def test_understood_topics_come_behind_the_chosen_ones() -> None:
    query = Query(topics=("f", "a"), text="cv a")
    pieces = (CV, Piece("a", ("a",)), Piece("b", ("a.e", "x.own")))
    understood = understood_query(query, Understanding(pieces))
    assert understood.topics == ("f", "a", "a.b", "a.e", "x.own")
    assert understood == replace(query, topics=understood.topics)


def test_there_are_never_more_topics_or_words_than_a_query_may_have() -> None:
    pieces = tuple(Piece(str(number), (f"t{number}",)) for number in range(20))
    words = tuple(f"w{number}" for number in range(20))
    understood = understood_query(Query(text="?"), Understanding(pieces, words=words))
    assert understood.topics == tuple(f"t{number}" for number in range(MAX_TOPICS))
    assert understood.words == words[:MAX_WORDS]


def test_ways_are_preferred_beside_a_topic_or_words_and_required_alone() -> None:
    ways: tuple[Way, ...] = ("teach", "listen")
    text = Query(text="?")
    beside = understood_query(text, Understanding((CV,), ways=ways))
    assert (beside.ways, beside.preferred_ways) == ((), ways)
    worded = understood_query(text, Understanding(ways=ways, words=("w",)))
    assert (worded.ways, worded.preferred_ways) == ((), ways)
    alone = understood_query(text, Understanding(ways=ways))
    assert (alone.ways, alone.preferred_ways) == (ways, ())


def test_chosen_ways_win_over_understood_ones() -> None:
    query = Query(text="?", ways=("review",))
    for understanding in (
        Understanding((CV,), ways=("teach",)),
        Understanding(ways=("teach",)),
    ):
        understood = understood_query(query, understanding)
        assert (understood.ways, understood.preferred_ways) == (("review",), ())
        assert not understood.is_lost


def test_text_of_which_nothing_is_understood_is_lost_unless_a_topic_was_chosen() -> None:
    nothing = Understanding(did_you_mean=("a.b",))
    assert understood_query(Query(text="?", ways=("teach",)), nothing).is_lost
    assert not understood_query(Query(text="?", topics=("a",)), nothing).is_lost
    assert not understood_query(Query(text="?"), Understanding(words=("w",))).is_lost


def test_the_answer_tells_what_was_made_of_the_text() -> None:
    query, answer = understand_query(Query(text="a.e teach blurb"), Finder())
    assert (query.topics, query.preferred_ways, query.words) == (
        ("a.e",),
        ("teach",),
        ("blurb",),
    )
    assert answer == UnderstoodAnswer(
        topics=("a.e",),
        meanings=(Meaning("a.e", ("a.e",), ("f",)),),
        ways=("teach",),
        words=("blurb",),
        did_you_mean=("a.b", "f"),
    )


def test_nobody_is_asked_whether_they_meant_what_was_taken() -> None:
    _, answer = understand_query(Query(topics=("f",), text="blurb"), Finder())
    assert answer is not None
    assert answer.did_you_mean == ("a.b",)
