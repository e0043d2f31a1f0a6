"""What is shown of wishes, of one conversation and of the reports."""

from __future__ import annotations

import msgspec

from kith_node.demo.accusations import Accused
from kith_node.demo.asking import Asked
from kith_node.demo.encounters import Sample
from kith_node.demo.figures import Figures
from kith_node.demo.latency import Spread
from kith_node.demo.report import (
    SHOWN_CHARACTERS,
    lines_of,
    lines_of_accused,
    lines_of_sample,
    pick_wishes,
    table_of,
)
from kith_node.demo.scripts import Line
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
        conversations=22,
        messages=660,
        message_ms=Spread(60, 90),
        declined=4,
        mentorships_closed=5,
        circles=2,
        resources=495,
        passed_on=3,
        reports_proven=1,
        reports_refused=2,
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
    assert "22 conversations: 660 messages" in alone
    assert "acted on: 1. Refused, because their proof is false: 2" in alone
    for words in ("announcements", "another community", "everywhere", "between communities"):
        assert words in together
        assert words not in alone


def test_a_conversation_is_shown_side_by_side_cut_to_lines() -> None:
    lines = (Line(True, "Hello"), Line(False, "x" * 500))
    first, second, last = lines_of_sample(Sample("A", "B", lines, 28, ("one", "two")))
    assert first == "mentee  Hello"
    assert second.startswith("mentor  xxx")
    assert second.endswith("x…")
    assert len(second) == len("mentor  ") + SHOWN_CHARACTERS
    assert last == "… and 28 more. Both see the safety words: one two"


def test_a_report_between_communities_is_told_as_passed_on_and_one_within_is_not() -> None:
    across = lines_of_accused(Accused("Harbour", "Mirador", ("text: Go away",), 1, 1))
    within = lines_of_accused(Accused("Harbour", "Harbour", ("text: Go away",), 1, 1))
    assert across[0] == "Somebody in Harbour reported a message from Mirador:"
    assert within[0] == "Somebody in Harbour reported a message:"
    assert across[1] == within[1] == "  text: Go away"
    assert any("passed it on to those of Mirador" in line for line in across)
    assert not any("passed it on" in line for line in within)
