"""Searching on the node and on the device, and what the node sees of it."""

from __future__ import annotations

import msgspec
import pytest

from kith_client.member import Member
from kith_client.search import read_offer
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.day import DAY_S
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import Query, parse_cursor
from kith_testing.clock import FakeClock
from kith_testing.small_catalogue import VOCABULARY
from kith_testing.small_node import SmallNode


@pytest.fixture
async def offers(member: Member, content: OfferContent) -> list[str]:
    """Return the ids of three published offers."""
    arabic = msgspec.structs.replace(content, topics=("craft.writing",), languages=("ar",))
    full = msgspec.structs.replace(content, room="full")
    made = [await member.offers.publish(one) for one in (content, arabic, full)]
    return [encode_base64url(one.record.id) for one in made]


async def test_finds_by_a_topic_above(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    answer = await member.search.find(Query(topics=("career",), languages=("en",)))
    assert [hit.id.rpartition("/")[2] for hit in answer.hits] == [offers[0], offers[2]]
    assert {reason.code for reason in answer.hits[0].reasons} >= {"topic-under", "language"}


async def test_the_device_ranks_as_the_node_does(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    for query in (
        Query(topics=("career",), languages=("en",)),
        Query(languages=("ar", "en")),
        Query(languages=("en",), ways=("review",), limit=1),
        Query(topics=("craft.writing",), near=True, knows=("health",), languages=("ar", "en")),
        Query(text="cv", languages=("en",), counts=True),
        Query(text="xyzzy", languages=("en",), counts=True),
    ):
        there, here = await member.search.find(query), await member.search.find_here(query)
        assert here.understood == there.understood
        assert (here.facets is None) == (not query.counts)
        assert [(hit.id, hit.score, hit.reasons) for hit in here.hits] == [
            (hit.id, hit.score, hit.reasons) for hit in there.hits
        ]
        assert here.total == there.total
        assert [hit.own for hit in here.hits] == [True] * len(here.hits)


async def test_searching_on_the_device_shows_nobody_the_query(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    node.seen.clear()
    await member.search.find_here(Query(topics=("career.cv",), languages=("en",)))
    assert [seen.path for seen in node.seen] == [
        "/api/v1/topics",
        "/api/v1/catalogue/partitions/en",
    ]
    assert all(seen.query == {} for seen in node.seen)


async def test_no_reading_call_carries_a_session(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    node.seen.clear()
    query = Query(topics=("career.cv",), languages=("en",))
    await member.search.find(query)
    await member.search.find_here(query)
    await member.search.partitions()
    await member.profiles.browse()
    await member.search.get(f"{node.origin}/offers/{offers[0]}")
    assert len(node.seen) == 6
    for seen in node.seen:
        assert "authorization" not in seen.headers
        assert "signature" not in seen.headers
        assert seen.headers["kith-reader"] == "pass-1"


async def test_an_unchanged_file_is_not_fetched_again(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    query = Query(languages=("en",))
    first = await member.search.find_here(query)
    node.seen.clear()
    assert await member.search.find_here(query) == first
    assert "if-none-match" in node.seen[-1].headers
    await member.offers.withdraw(member.keys.offers[0].id)
    assert (await member.search.find_here(query)).total == first.total - 1


async def test_pages_on_the_device_follow_each_other(member: Member, offers: list[str]) -> None:
    first = await member.search.find_here(Query(languages=("ar",), limit=2))
    assert first.next is not None
    after = parse_cursor(first.next)
    second = await member.search.find_here(Query(languages=("ar",), limit=2, after=after))
    assert second.next is None
    assert {hit.id for hit in (*first.hits, *second.hits)} == {
        hit.id for hit in (await member.search.find_here(Query(languages=("ar",)))).hits
    }


async def test_the_device_counts_what_it_holds(member: Member, offers: list[str]) -> None:
    answer = await member.search.find_here(
        Query(topics=("career",), languages=("en",), counts=True)
    )
    assert answer.facets is not None
    assert answer.facets.total == answer.total == 2
    assert answer.facets.room == {"full": 1, "open": 1}
    there = await member.search.find(Query(languages=("en",), counts=True))
    here = await member.search.find_here(Query(languages=("en",), counts=True))
    assert there.facets is not None
    assert here.facets is not None
    assert here.facets.topics == there.facets.topics
    assert here.facets.ways == there.facets.ways


async def test_free_text_is_understood_on_the_device_and_shown_to_nobody(
    node: SmallNode, member: Member, offers: list[str]
) -> None:
    node.seen.clear()
    answer = await member.search.find_here(Query(text="resume", languages=("en",)))
    assert answer.understood is not None
    assert answer.understood.topics == ("career.cv",)
    assert answer.total == 2
    assert all(seen.query == {} for seen in node.seen)


async def test_a_language_in_which_nobody_offers_anything_is_no_error(
    member: Member, offers: list[str]
) -> None:
    assert (await member.search.find_here(Query(languages=("fi",)))).total == 0
    assert (await member.search.find_here(Query(languages=("fi", "en")))).total == 2


async def test_the_device_needs_a_language(member: Member) -> None:
    with pytest.raises(UsageError, match="language"):
        await member.search.find_here(Query(topics=("career",)))


async def test_the_pass_is_kept_and_renewed_when_it_is_over(
    node: SmallNode, member: Member, clock: FakeClock
) -> None:
    await member.search.find(Query())
    clock.advance(2 * DAY_S)
    node.passes = {"pass-2"}
    node.seen.clear()
    await member.search.find(Query())
    assert [seen.path for seen in node.seen] == ["/api/v1/reader-pass", "/api/v1/catalogue"]
    assert node.seen[-1].headers["kith-reader"] == "pass-2"


async def test_a_pass_that_is_not_taken_is_renewed_once(
    node: SmallNode, member: Member
) -> None:
    node.passes = {"pass-2"}
    assert (await member.search.find(Query())).total == 0


async def test_reads_an_offer_of_the_catalogue(
    node: SmallNode, member: Member, offers: list[str], content: OfferContent
) -> None:
    hit = await member.search.get(f"{node.origin}/offers/{offers[0]}")
    assert read_offer(bytes(hit.object)).content == content
    with pytest.raises(MalformedError):
        read_offer(b'{"type":"Note"}')


async def test_topics_and_words_are_fetched_once(node: SmallNode, member: Member) -> None:
    node.seen.clear()
    assert await member.search.topics() is await member.search.topics()
    assert await member.search.finder() is await member.search.finder()
    paths = [seen.path for seen in node.seen]
    assert paths[0] == "/api/v1/topics"
    assert sorted(paths[1:]) == ["/api/v1/topics/ar", "/api/v1/topics/en"]


async def test_words_are_fetched_in_the_languages_asked_for(
    node: SmallNode, member: Member
) -> None:
    node.seen.clear()
    english = await member.search.topics(("en", "fi"))
    assert [seen.path for seen in node.seen] == ["/api/v1/topics", "/api/v1/topics/en"]
    assert english.label("career", ("ar",)) == "Career"
    both = await member.search.topics()
    assert node.seen[-1].path == "/api/v1/topics/ar"
    assert len(node.seen) == 3
    assert both.label("career", ("ar",)) == "المسار المهني"


async def test_words_of_another_language_than_asked_for_are_refused(
    node: SmallNode, member: Member
) -> None:
    node.words["en"] = node.words["ar"]
    with pytest.raises(MalformedError, match="asked for words in en"):
        await member.search.topics()


async def test_topics_are_found_by_words_in_any_language(member: Member) -> None:
    finder = await member.search.finder()
    assert await member.search.finder() is finder

    def first(text: str) -> str:
        return finder.find(text, languages=(), limit=5)[0].id

    assert first("resume") == first("RÉSUMÉ") == "career.cv"
    assert first("المسار") == first("career") == "career"
    assert first("writ") == "craft.writing"
    assert list(finder.find("xyzzy", languages=(), limit=5)) == []


async def test_topics_know_what_lies_above_and_how_they_are_called(member: Member) -> None:
    topics = await member.search.topics()
    assert topics.ids() == VOCABULARY.ids()
    assert topics.ancestors("career.cv") == ("career",)
    assert topics.related("craft.writing") == ("career.cv",)
    assert topics.label("career", ("ar-EG", "en")) == "المسار المهني"
    assert topics.label("career.cv", ("ar",)) == "CV and résumé"
    assert topics.is_sensitive("health")
    assert not topics.is_sensitive("career")
