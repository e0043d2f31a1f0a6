"""Leave-one-out: which offers are right, what counts as a hit, and what popularity would do."""

from __future__ import annotations

import msgspec
import pytest

from kith_node.demo.plan import PlacedRow
from kith_node.demo.wishes import Judge, Wish, add_up, derive_wishes, is_right, query_of
from kith_protocol.listed import Listed
from kith_protocol.query import Query

HOME, AWAY = "http://localhost:1/actor", "http://localhost:2/actor"
WISH = Wish(row=7, community=0, wanted="css", have=("html", "js"), languages=("pt-BR", "en"))


def offer(name: str, *topics: str, languages: str = "en", community: str = AWAY) -> Listed:
    return Listed(
        id=f"{community}/{name}",
        community=community,
        updated=20_000,
        end_day=20_090,
        topics=topics,
        languages=tuple(languages.split()),
        ways=("teach",),
        formats=("chat",),
    )


RIGHT = offer("right", "css", "html")
AT_HOME = offer("home", "css", "js", community=HOME)
OWN = offer("own", "css", "html", "js", community=HOME)
ALIKE = [offer(f"alike-{at}", "html", "js") for at in range(6)]


def judge(*offers: Listed, row_of: dict[str, int] | None = None) -> Judge:
    known = {one.id: one for one in offers}
    return Judge(known, row_of=row_of or {}, actors=[HOME, AWAY])


def test_a_wish_takes_one_topic_out_of_each_list_of_three_or_more() -> None:
    rows = [
        PlacedRow(0, 1, ("a", "b", "c"), ("en",)),
        PlacedRow(1, 0, ("a", "b"), ("en",)),
        PlacedRow(2, 0, ("d", "e", "f", "g", "h"), ("fr", "en")),
    ]
    wishes = derive_wishes(rows, seed=5)
    assert [(wish.row, wish.community) for wish in wishes] == [(0, 1), (2, 0)]
    for wish, row in zip(wishes, (rows[0], rows[2]), strict=True):
        assert sorted((wish.wanted, *wish.have)) == sorted(row.topics)
        assert wish.languages == row.languages
    assert derive_wishes(rows, seed=5) == wishes


def test_the_topic_taken_out_depends_on_the_seed() -> None:
    rows = [PlacedRow(at, 0, ("a", "b", "c"), ("en",)) for at in range(20)]
    wanted = {tuple(wish.wanted for wish in derive_wishes(rows, seed=seed)) for seed in (1, 2)}
    assert len(wanted) == 2


def test_the_node_is_asked_for_the_wanted_topic_and_told_what_is_known() -> None:
    expected = Query(
        topics=("css",),
        near=True,
        knows=("html", "js"),
        languages=("pt-BR", "en"),
        limit=7,
    )
    assert query_of(WISH, limit=7) == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (RIGHT, True),
        (offer("regional", "css", "js", languages="pt-PT"), True),
        (offer("wanted alone", "css"), False),
        (offer("known alone", "html", "js"), False),
        (offer("below", "css.grid", "html"), False),
        (offer("other language", "css", "html", languages="ja"), False),
    ],
)
def test_right_names_the_wanted_and_a_known_topic_in_a_shared_language(
    one: Listed, expected: bool
) -> None:
    assert is_right(one, WISH) is expected


def test_a_hit_is_among_the_first_five_and_the_sixth_is_too_late() -> None:
    shown = [one.id for one in ALIKE]
    everything = judge(*ALIKE, RIGHT)
    assert everything.judge(WISH, [*shown[:4], RIGHT.id]).first_right == 1
    assert everything.judge(WISH, [*shown[:5], RIGHT.id]).first_right is None


def test_ones_own_offers_are_skipped_and_never_right() -> None:
    shown = [OWN.id, *(one.id for one in ALIKE[:4]), RIGHT.id]
    everything = judge(*ALIKE, RIGHT, OWN, row_of={OWN.id: WISH.row})
    assert everything.judge(WISH, shown).first_right == 1
    alone = judge(OWN, row_of={OWN.id: WISH.row}).judge(WISH, [OWN.id])
    assert (alone.first_right, alone.has_right, alone.is_popular_hit) == (None, False, False)


def test_the_community_of_the_first_right_one_counts() -> None:
    everything = judge(RIGHT, AT_HOME)
    assert everything.judge(WISH, [AT_HOME.id, RIGHT.id]).first_right == 0
    assert everything.judge(WISH, [RIGHT.id, AT_HOME.id]).first_right == 1


def test_popularity_shows_what_is_offered_most_and_misses_the_rest() -> None:
    crowd = [offer(f"crowd-{at}", "js", "react") for at in range(6)]
    outcome = judge(*crowd, RIGHT).judge(WISH, [RIGHT.id])
    assert (outcome.first_right, outcome.is_popular_hit) == (1, False)
    loved = msgspec.structs.replace(WISH, wanted="react")
    assert judge(*crowd, RIGHT).judge(loved, []).is_popular_hit


def test_popularity_keeps_to_the_persons_languages() -> None:
    crowd = [offer(f"crowd-{at}", "html", "js", "vue", languages="ja") for at in range(6)]
    assert judge(*crowd, RIGHT).judge(WISH, []).is_popular_hit


def test_a_right_offer_that_was_not_shown_still_counts_as_reachable() -> None:
    outcome = judge(RIGHT, *ALIKE).judge(WISH, [])
    assert (outcome.has_right, outcome.first_right) == (True, None)


def test_shares_are_of_all_wishes() -> None:
    everything = judge(RIGHT, AT_HOME, *ALIKE)
    outcomes = [
        everything.judge(WISH, [RIGHT.id]),
        everything.judge(WISH, [AT_HOME.id]),
        everything.judge(WISH, []),
        everything.judge(msgspec.structs.replace(WISH, wanted="cobol"), []),
    ]
    score = add_up(outcomes)
    assert (score.wishes, score.hit_at_5, score.cross_community_share) == (4, 0.5, 0.25)
    assert score.reachable == 0.75


def test_no_wishes_give_zeroes() -> None:
    assert add_up([]).hit_at_5 == 0.0
