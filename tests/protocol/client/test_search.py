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
    ):
        there, here = await member.search.find(query), await member.search.find_here(query)
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
    await member.search.facets(query)
    await member.search.partitions()
    await member.profiles.browse()
    await member.search.get(f"{node.origin}/offers/{offers[0]}")
    assert len(node.seen) == 7
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
    await member.search.facets(Query())
    clock.advance(2 * DAY_S)
    node.passes = {"pass-2"}
    node.seen.clear()
    await member.search.facets(Query())
    assert [seen.path for seen in node.seen] == [
        "/api/v1/reader-pass",
        "/api/v1/catalogue/facets",
    ]
    assert node.seen[-1].headers["kith-reader"] == "pass-2"


async def test_a_pass_that_is_not_taken_is_renewed_once(
    node: SmallNode, member: Member
) -> None:
    node.passes = {"pass-2"}
    assert (await member.search.facets(Query())).total == 0


async def test_reads_an_offer_of_the_catalogue(
    node: SmallNode, member: Member, offers: list[str], content: OfferContent
) -> None:
    hit = await member.search.get(f"{node.origin}/offers/{offers[0]}")
    assert read_offer(bytes(hit.object)).content == content
    with pytest.raises(MalformedError):
        read_offer(b'{"type":"Note"}')


async def test_topics_are_fetched_once(node: SmallNode, member: Member) -> None:
    await member.search.topics()
    await member.search.topics()
    assert [seen.path for seen in node.seen].count("/api/v1/topics") == 1


async def test_topics_are_found_by_words_in_any_language(member: Member) -> None:
    topics = await member.search.topics()
    assert topics.find("resume") == ("career.cv",)
    assert topics.find("RÉSUMÉ") == ("career.cv",)
    assert topics.find("المسار") == ("career",)
    assert topics.find("writ") == ("craft.writing",)
    assert topics.find("career")[0] == "career"
    assert topics.find("") == topics.find("xyzzy") == ()
    assert topics.find("e", limit=1) == topics.find("e", limit=1)


async def test_topics_know_what_lies_above_and_how_they_are_called(member: Member) -> None:
    topics = await member.search.topics()
    assert topics.ancestors("career.cv") == ("career",)
    assert topics.ancestors("unknown") == ()
    assert topics.label("career", ("ar-EG", "en")) == "المسار المهني"
    assert topics.label("career.cv", ("ar",)) == "CV and résumé"
    assert topics.label("unknown") == "unknown"
    assert topics.is_sensitive("health")
    assert not topics.is_sensitive("career")
