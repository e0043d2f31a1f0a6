"""What is going to be published, chosen by the seed alone."""

from __future__ import annotations

from collections import Counter

import pytest

from kith_node.demo.plan import (
    COMMUNITIES,
    MAX_ACCOUNTS,
    MAX_NODES,
    MIN_OFFERS,
    Plan,
    make_plan,
    split_topics,
)
from kith_node.demo.tags import SkillRow, load_rows
from kith_node.topics.loading import load_vocabulary
from kith_protocol.query import primary_language
from kith_protocol.vocabulary import LABEL_LANGUAGES

VOCABULARY = load_vocabulary()
ROWS = (
    SkillRow(("software.python", "software.java", "software.php"), ("en", "fr")),
    SkillRow(("software.web", "software.python"), ()),
    SkillRow(
        ("software.web", "software.php", "software.java", "software.ruby", "software.cloud"),
        ("es",),
    ),
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(VOCABULARY, nodes=5, offers=1000, seed=1)


def test_plans_exactly_as_many_offers_as_asked(plan: Plan) -> None:
    assert len(plan.offers) == 1000
    assert len(make_plan(VOCABULARY, nodes=3, offers=61, seed=4).offers) == 61


def test_all_real_lists_become_offers_and_no_topic_is_lost(plan: Plan) -> None:
    assert len(plan.rows) == len(load_rows())
    for row in plan.rows:
        offered = [offer.content.topics for offer in plan.offers if offer.row == row.number]
        assert sorted(topic for topics in offered for topic in topics) == sorted(row.topics)


def test_the_offers_of_one_list_have_one_owner(plan: Plan) -> None:
    owners: dict[int, set[tuple[int, int]]] = {}
    for offer in plan.offers:
        if offer.row is not None:
            owners.setdefault(offer.row, set()).add((offer.community, offer.account))
    assert {len(who) for who in owners.values()} == {1}


def test_offers_span_all_languages_of_the_vocabulary(plan: Plan) -> None:
    spoken = Counter(
        primary_language(tag) for offer in plan.offers for tag in offer.content.languages
    )
    assert min(spoken[language] for language in LABEL_LANGUAGES) >= 40
    told = {language for offer in plan.offers for language in offer.content.summary}
    assert told >= set(LABEL_LANGUAGES)


def test_the_same_seed_gives_the_same_plan_and_another_another(plan: Plan) -> None:
    assert make_plan(VOCABULARY, nodes=5, offers=1000, seed=1) == plan
    assert make_plan(VOCABULARY, nodes=5, offers=1000, seed=2).rows != plan.rows


def test_communities_get_equal_shares_and_different_made_up_offers(plan: Plan) -> None:
    counts = Counter(offer.community for offer in plan.offers)
    assert max(counts.values()) - min(counts.values()) < 40
    firsts = [
        next(o.content.topics for o in plan.offers if o.community == place and o.row is None)
        for place in range(5)
    ]
    assert len(set(firsts)) > 1


def test_a_list_without_languages_is_in_the_first_one_of_its_community() -> None:
    plan = make_plan(VOCABULARY, nodes=2, offers=MIN_OFFERS, seed=3, rows=ROWS)
    [row] = [row for row in plan.rows if len(row.topics) == 2]
    assert row.languages == COMMUNITIES[row.community].languages[:1]


def test_never_more_than_two_thirds_are_real() -> None:
    plan = make_plan(VOCABULARY, nodes=3, offers=60, seed=1)
    real = sum(offer.row is not None for offer in plan.offers)
    assert 35 <= real <= 40


@pytest.mark.parametrize("nodes", [1, 3, MAX_NODES])
def test_there_are_at_most_a_hundred_accounts(nodes: int) -> None:
    plan = make_plan(VOCABULARY, nodes=nodes, offers=200, seed=1)
    assert plan.accounts * nodes <= MAX_ACCOUNTS
    assert all(0 <= offer.account < plan.accounts for offer in plan.offers)


@pytest.mark.parametrize(("nodes", "offers"), [(5, 1000), (3, 60), (1, MIN_OFFERS)])
def test_some_made_up_offers_are_withdrawn_and_some_expire_tomorrow(
    nodes: int, offers: int
) -> None:
    plan = make_plan(VOCABULARY, nodes=nodes, offers=offers, seed=1)
    fates = Counter(offer.fate for offer in plan.offers)
    assert fates["withdrawn"] >= 3
    assert fates["expires"] >= 3
    assert fates["stays"] > 0.7 * offers
    for offer in plan.offers:
        assert (offer.days == 1) == (offer.fate == "expires")
        assert offer.fate == "stays" or offer.row is None


@pytest.mark.parametrize(
    ("count", "sizes"), [(1, [1]), (4, [4]), (5, [3, 2]), (8, [4, 4]), (9, [3, 3, 3])]
)
def test_long_lists_are_split_evenly(count: int, sizes: list[int]) -> None:
    topics = [f"t{at}" for at in range(count)]
    parts = split_topics(topics)
    assert [len(part) for part in parts] == sizes
    assert [topic for part in parts for topic in part] == topics
