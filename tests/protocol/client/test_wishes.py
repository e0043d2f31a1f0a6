"""Wishes: kept in the vault, matched on the device, telling of each offer once."""

import msgspec
import pytest

from kith_client.export_document import encode_export, parse_export
from kith_client.export_html import render_export
from kith_client.member import Member
from kith_client.wishes import KIND, MAX_SEEN, SEEN_BYTES, WishRecord
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import MAX_LIMIT, Query
from kith_protocol.urls import offer_url
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Person
from kith_testing.small_node import SmallNode

CV = Query(topics=("career.cv",), languages=("en",))


@pytest.fixture
def person(people: Correspondents, node: SmallNode) -> Person:
    return people.person(node)


@pytest.fixture
async def seeker(people: Correspondents, person: Person) -> Member:
    return (await people.device(person)).member


@pytest.fixture
async def mentor(people: Correspondents, node: SmallNode) -> Member:
    return (await people.member(node)).member


async def publish(mentor: Member, content: OfferContent) -> str:
    """Publish an offer and return its address."""
    made = await mentor.offers.publish(content)
    return offer_url(mentor.community.node, made.record.id)


async def test_a_wish_that_finds_nothing_stays_and_speaks_up_later(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV, name="somebody who reads my CV")
    assert await seeker.wishes.check() == ()
    url = await publish(mentor, content)
    [news] = await seeker.wishes.check()
    assert (news.wish.id, news.new) == (wish.id, (url,))
    assert [hit.id for hit in news.answer.hits] == [url]
    assert await seeker.wishes.check() == ()  # told once
    second = await publish(mentor, content)
    [news] = await seeker.wishes.check()
    assert news.new == (second,)
    assert {hit.id for hit in news.answer.hits} == {url, second}


async def test_full_offers_and_ones_own_are_no_news(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    await seeker.wishes.add(CV)
    await publish(seeker, content)
    made = await mentor.offers.publish(msgspec.structs.replace(content, room="full"))
    assert await seeker.wishes.check() == ()
    await mentor.offers.edit(made.record.id, content)  # there is room again
    assert len(await seeker.wishes.check()) == 1


async def test_what_was_found_by_looking_is_not_told_again(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV)
    url = await publish(mentor, content)
    found = await seeker.wishes.find(wish)
    assert found.new == (url,)
    assert (await seeker.wishes.find(wish)).new == ()
    assert await seeker.wishes.check() == ()


async def test_a_full_offer_that_was_looked_at_is_told_of_once_it_has_room(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV)
    made = await mentor.offers.publish(msgspec.structs.replace(content, room="full"))
    found = await seeker.wishes.find(wish)
    assert (found.answer.total, found.new) == (1, ())
    await mentor.offers.edit(made.record.id, content)
    [news] = await seeker.wishes.check()
    assert news.new == (offer_url(mentor.community.node, made.record.id),)


async def test_the_offer_of_somebody_one_blocked_is_no_news(
    people: Correspondents, node: SmallNode
) -> None:
    mentor, mentee = await people.member(node), await people.member(node)
    made = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    [knock] = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(knock, "Welcome")
    await mentee.member.knocks.check()
    await mentee.member.wishes.add(CV)
    assert len(await mentee.member.wishes.check()) == 1
    conversation = mentee.member.conversations.open(made.conversation)
    assert await mentee.member.conversations.block(conversation) is None
    await mentee.member.wishes.add(CV)
    assert await mentee.member.wishes.check() == ()


async def test_a_new_offer_is_told_of_however_many_fit_better(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    better = msgspec.structs.replace(content, level=("starting",))
    for _ in range(MAX_LIMIT + 2):
        await mentor.offers.publish(better)
    await seeker.wishes.add(msgspec.structs.replace(CV, level=("starting",)))
    [news] = await seeker.wishes.check()
    assert len(news.new) == MAX_LIMIT + 2
    assert len(news.answer.hits) == MAX_LIMIT  # the best of them are shown
    assert await seeker.wishes.check() == ()
    url = await publish(mentor, msgspec.structs.replace(content, level=("experienced",)))
    [news] = await seeker.wishes.check()
    assert news.new == (url,)
    assert news.answer.hits[-1].id == url
    assert news.answer.total == MAX_LIMIT + 3


async def test_news_is_told_even_if_the_vault_cannot_be_written_now(
    seeker: Member, mentor: Member, node: SmallNode, content: OfferContent
) -> None:
    await seeker.wishes.add(CV)
    await publish(mentor, content)
    node.breaks_before = ("PUT", "vault")
    assert len(await seeker.wishes.check()) == 1
    assert await seeker.wishes.check() == ()


async def test_whether_something_was_found_does_not_show_in_what_is_written(
    seeker: Member, mentor: Member, person: Person, clock: FakeClock, content: OfferContent
) -> None:
    await seeker.wishes.add(CV)
    written = []
    for has_news in (False, True, False):
        clock.advance(3600)
        if has_news:
            await publish(mentor, content)
            await mentor.vault.sync()
        before, chunks = person.vault.writes, dict(person.vault.chunks)
        assert len(await seeker.wishes.check()) == has_news
        changed = {name for name, raw in person.vault.chunks.items() if raw != chunks[name]}
        sizes = [len(person.vault.chunks[name]) for name in sorted(changed)]
        written.append((person.vault.writes - before, sorted(changed), sizes))
    assert written[0] == written[1] == written[2]
    assert written[0][0] == 1


async def test_the_node_cannot_count_the_wishes(
    seeker: Member, mentor: Member, node: SmallNode, content: OfferContent
) -> None:
    await publish(mentor, content)
    both = msgspec.structs.replace(CV, languages=("en", "ar"))
    for query in (CV, both, CV):
        await seeker.wishes.add(query)
    await seeker.search.topics()
    node.seen.clear()
    await seeker.wishes.check()
    files = [seen.path for seen in node.seen if "partitions" in seen.path]
    # In the order of the alphabet: which language somebody prefers is theirs to know.
    assert files == [f"/api/v1/catalogue/partitions/{one}" for one in ("ar", "en")]


async def test_what_is_gone_is_no_longer_remembered(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    await seeker.wishes.add(CV)
    made = await mentor.offers.publish(content)
    await seeker.wishes.check()
    await mentor.offers.withdraw(made.record.id)
    await publish(mentor, content)
    await seeker.wishes.check()
    [kept] = seeker.vault.list(KIND).values()
    assert len(msgspec.convert(kept, WishRecord).seen) == SEEN_BYTES


async def test_looking_on_the_device_shows_the_node_files_and_nothing_else(
    seeker: Member, mentor: Member, node: SmallNode, content: OfferContent
) -> None:
    await publish(mentor, content)
    for words in ("first", "second"):
        await seeker.wishes.add(CV, name=words)
    await seeker.search.topics()
    node.seen.clear()
    await seeker.wishes.check()
    asked = {(seen.method, seen.path) for seen in node.seen}
    files = {call for call in asked if "catalogue" in call[1]}
    assert files == {("GET", "/api/v1/catalogue/partitions/en")}
    assert all(path.startswith("/api/v1/vault") for _, path in asked - files)
    assert all(seen.query == {} for seen in node.seen)
    assert all(b"career" not in seen.body for seen in node.seen)


async def test_the_node_sees_the_wish_only_where_it_is_asked(
    seeker: Member, mentor: Member, node: SmallNode, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV)
    url = await publish(mentor, content)
    found = await seeker.wishes.find(wish, where="node")
    assert found.new == (url,)
    [seen] = [seen for seen in node.seen if seen.path == "/api/v1/catalogue"]
    assert seen.query["topics"] == "career.cv"


async def test_another_device_has_the_wishes_and_what_was_told(
    people: Correspondents,
    person: Person,
    seeker: Member,
    mentor: Member,
    content: OfferContent,
) -> None:
    wish = await seeker.wishes.add(CV, name="CV")
    await publish(mentor, content)
    await seeker.wishes.check()
    second = (await people.device(person)).member
    assert [one.id for one in second.wishes.list()] == [wish.id]
    assert await second.wishes.check() == ()


async def test_a_wish_that_does_not_stand_is_not_looked_for(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV, standing=False)
    await publish(mentor, content)
    assert await seeker.wishes.check() == ()
    assert len((await seeker.wishes.find(wish)).new) == 1


async def test_a_dropped_wish_is_gone(seeker: Member) -> None:
    wish = await seeker.wishes.add(CV)
    await seeker.wishes.drop(wish.id)
    assert seeker.wishes.list() == ()
    with pytest.raises(UsageError):
        await seeker.wishes.drop(wish.id)


async def test_a_wish_needs_a_language_and_something_to_look_for(seeker: Member) -> None:
    with pytest.raises(UsageError, match="language"):
        await seeker.wishes.add(Query(topics=("career.cv",)))
    with pytest.raises(UsageError, match="look for"):
        await seeker.wishes.add(Query(languages=("en",)))
    with pytest.raises(MalformedError):
        await seeker.wishes.add(CV, name="x" * 201)


async def test_what_is_remembered_of_what_was_told_is_bounded(
    seeker: Member, mentor: Member, content: OfferContent
) -> None:
    wish = await seeker.wishes.add(CV)
    many = bytes(MAX_SEEN * SEEN_BYTES)
    value = msgspec.to_builtins(
        WishRecord({"topics": "career.cv", "languages": "en"}, seen=many)
    )
    [name] = seeker.vault.list(KIND)
    seeker.vault.put(KIND, name, value)
    await publish(mentor, content)
    # On the node, as the device there does not know what is gone.
    assert len((await seeker.wishes.find(wish, where="node")).new) == 1
    [kept] = seeker.vault.list(KIND).values()
    assert len(msgspec.convert(kept, WishRecord).seen) == MAX_SEEN * SEEN_BYTES
    assert await seeker.wishes.check() == ()
    assert wish.id in {one.id for one in seeker.wishes.list()}


async def test_an_export_holds_the_wishes(seeker: Member) -> None:
    await seeker.wishes.add(CV, name="read my CV")
    export = seeker.export()
    assert parse_export(encode_export(export)) == export
    assert [(one.name, one.query["topics"]) for one in export.wishes] == [
        ("read my CV", "career.cv")
    ]
    assert "read my CV" in render_export(export)
