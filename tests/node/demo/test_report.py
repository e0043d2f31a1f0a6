"""What is shown of wishes: one of each community, the right ones marked, reasons in words."""

from __future__ import annotations

import msgspec

from kith_node.demo.asking import Asked
from kith_node.demo.figures import Figures
from kith_node.demo.report import lines_of, pick_wishes, table_of
from kith_node.demo.wishes import Outcome, Wish
from kith_protocol.api import Hit, Reason
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary

ACTOR = "http://localhost:1001/actor"
IDS = ("css", "html", "js")
TOPICS = Vocabulary(
    map(Concept, IDS),
    [LanguageTexts("en", True, {topic: Texts(topic.upper()) for topic in IDS})],
)


def hit(name: str, *topics: str) -> Hit:
    document = {
        "id": f"{ACTOR}/{name}",
        "attributedTo": ACTOR,
        "updated": "2026-01-02T00:00:00Z",
        "endTime": "2026-03-02T00:00:00Z",
        "kith:topics": topics,
        "kith:languages": ["en"],
        "kith:ways": ["teach"],
        "kith:formats": ["chat"],
    }
    return Hit(
        id=f"{ACTOR}/{name}",
        community=ACTOR,
        own=False,
        score=1,
        reasons=(Reason("topic-exact", topics), Reason("has-room")),
        object=msgspec.Raw(msgspec.json.encode(document)),
    )


def asked(community: int, *hits: Hit) -> Asked:
    wish = Wish(0, community, "css", ("html",), ("en",))
    return Asked(Outcome(wish, True, None, False), hits)


def test_a_row_says_community_topics_and_reasons_in_words_and_marks_right_ones() -> None:
    one = asked(0, hit("right", "css", "html"), hit("other", "js"))
    assert table_of(one, {ACTOR: "Harbour"}, TOPICS) == [
        ("1*", "Harbour", "CSS, HTML", "about CSS, HTML; has room"),
        ("2", "Harbour", "JS", "about JS; has room"),
    ]


def test_picks_the_first_wish_of_each_community_that_found_something() -> None:
    found = hit("any", "js")
    wishes = [asked(1), asked(1, found), asked(0, found), asked(1, found, found)]
    assert pick_wishes(wishes) == [wishes[2], wishes[1]]


def figures(nodes: int) -> Figures:
    return Figures(
        nodes=nodes,
        offers=10,
        real_offers=4,
        accounts=3,
        profiles=1,
        verified=40,
        refused_tampered=2,
        wishes=5,
        hit_at_5=0.8,
        hit_at_5_popularity=0.4,
        reachable=0.9,
        cross_community_share=0.6,
        top5_share=0.17,
        languages=14,
        understood=0.95,
        release_to_visible_ms=None,
        withdrawn=1,
        receipts_confirmed=4,
        expired=1,
        seconds={},
    )


def test_figures_of_one_community_say_nothing_about_others() -> None:
    alone, together = " ".join(lines_of(figures(1))), " ".join(lines_of(figures(5)))
    assert alone.startswith("1 community holds 10 offers")
    assert together.startswith("5 communities hold 10 offers")
    assert "got 17% of all places" in alone
    assert "in 14 languages" in alone
    assert "95% were taken" in alone
    for words in ("announcements", "another community", "everywhere"):
        assert words in together
        assert words not in alone
