from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.api import FacetsAnswer
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.matching import is_match, reached_topics
from kith_protocol.placing import place_counts, place_listed, place_query
from kith_protocol.query import Query
from kith_protocol.vocabulary import Concept, Vocabulary

OWN = "x.craft.pottery"
TOPICS = (
    "craft",
    "craft.writing",
    "craft.letters",
    "health",
    OWN,
    "x.craft.writing.haiku",
    "x.craft.writing.tanka",
    "x.craft.letters.cards",
    "x.craft.weaving.looms",
    "x.sports.judo",
)
FOREIGN = "x.craft.writing.haiku"
VOCABULARY = Vocabulary(
    (
        Concept("health"),
        Concept("craft", related=("health",)),
        Concept("craft.writing"),
        Concept(OWN),
        Concept("craft.letters", retired="craft.writing"),
    )
)


def test_a_query_asks_for_what_a_foreign_or_retired_topic_counts_as() -> None:
    query = Query(
        topics=(FOREIGN, "craft.letters", OWN, "craft"),
        knows=(OWN, FOREIGN, "x.craft.weaving.looms"),
        languages=("en",),
    )
    assert place_query(query, VOCABULARY) == Query(
        topics=("craft.writing", OWN, "craft"),
        knows=(OWN, "craft.writing", "craft"),
        languages=("en",),
    )


def test_a_topic_without_a_place_is_not_taken_for_any() -> None:
    query = Query(topics=("sports.judo", "x.sports.judo"))
    assert place_query(query, VOCABULARY) == query


def listed(*topics: str) -> Listed:
    return Listed("u", "c", 1, 9, topics, ("en",), ("teach",), ("chat",))


def test_an_index_knows_topics_of_elsewhere_by_their_place() -> None:
    shared = listed("craft.writing", "craft.letters")
    assert place_listed(shared, VOCABULARY) is shared
    offer = listed(FOREIGN, OWN, "x.craft.writing.tanka", "craft")
    placed = place_listed(offer, VOCABULARY)
    assert placed.topics == ("x.craft.writing.*", OWN, "x.craft.writing.*", "craft")
    nowhere = listed("x.sports.judo")
    assert place_listed(nowhere, VOCABULARY) == nowhere


@given(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=4, unique=True))
def test_it_answers_the_same_queries_from_the_same_distance(topics: list[str]) -> None:
    hierarchy = Hierarchy(VOCABULARY.ancestors, VOCABULARY.related)
    offer = listed(*topics)
    placed = place_listed(offer, VOCABULARY)
    near, far = (reached_topics(one, hierarchy) for one in (placed, offer))
    for topic in TOPICS:
        query = place_query(Query(topics=(topic,), near=True), VOCABULARY)
        answers = {is_match(one, query, hierarchy=hierarchy, day=1) for one in (offer, placed)}
        assert len(answers) == 1
        assert near.get(query.topics[0]) == far.get(query.topics[0])


def test_counts_name_only_topics_in_use() -> None:
    counted = {"craft": 3, "craft.writing": 2, FOREIGN: 1, "craft.letters": 1, OWN: 1, "zz": 1}
    names = ("languages", "ways", "formats", "when", "level", "room", "communities")
    counts = FacetsAnswer(**{name: {"a": 1} for name in names}, topics=counted, total=3)
    placed = place_counts(counts, VOCABULARY)
    assert placed.topics == {"craft": 3, "craft.writing": 2, OWN: 1}
    assert (placed.total, placed.communities) == (3, {"a": 1})
