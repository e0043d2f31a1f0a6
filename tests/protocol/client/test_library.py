"""The library on a member's device."""

from __future__ import annotations

import pytest

from kith_client.member import Member
from kith_crypto.errors import UsageError
from kith_protocol.day import DAY_S, day_of
from kith_protocol.library_search import ResourceQuery
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents
from kith_testing.resources import LINK, TEXT, a_resource, resource_of, signed_resource
from kith_testing.small_node import SmallNode


@pytest.fixture
async def reader(people: Correspondents, node: SmallNode, clock: FakeClock) -> Member:
    today = day_of(clock.now())
    link = signed_resource(resource_of(LINK, today=today))
    node.library = {
        "en": [link, b"{}", link.replace(b"Writing", b"<script>\\u202e")],
        "de": [link],
        "fr": [signed_resource(resource_of(TEXT, today=today, number=2, days=5))],
    }
    return (await people.member(node)).member


async def test_it_is_read_from_whole_files_each_entry_once(reader: Member) -> None:
    found = await reader.library.list(["fr", "en", "de"])
    contents = sorted((one.content for one in found), key=lambda content: content.licence)
    assert contents == [LINK, TEXT]


async def test_the_node_sees_languages_in_order_of_the_alphabet_and_nothing_else(
    reader: Member, node: SmallNode
) -> None:
    await reader.search.topics()
    node.seen.clear()
    query = ResourceQuery(("fr", "en"), topics=("career.cv",), text="my secret", region="250")
    await reader.library.find(query)
    await reader.library.find(query)
    asked = [(seen.path, dict(seen.query), seen.body) for seen in node.seen]
    files = ["/api/v1/library/en", "/api/v1/library/fr"]
    assert asked == [(path, {}, b"") for path in (*files, *files)]
    assert all("authorization" not in seen.headers for seen in node.seen)
    assert all("if-none-match" in seen.headers for seen in node.seen[2:])


async def test_it_finds_by_topic_and_by_words(reader: Member) -> None:
    [found] = await reader.library.find(ResourceQuery(("en",), topics=("career",)))
    assert found.resource.content == LINK
    [found] = await reader.library.find(ResourceQuery(("fr",), text="suicide"))
    assert found.resource.content == TEXT


async def test_what_has_ended_is_gone_even_if_the_node_still_shows_it(
    reader: Member, clock: FakeClock
) -> None:
    assert len(await reader.library.list(["fr"])) == 1
    clock.advance(5 * DAY_S)
    assert await reader.library.list(["fr"]) == ()


async def test_a_language_without_entries_is_empty_and_none_is_refused(reader: Member) -> None:
    assert await reader.library.list(["pl"]) == ()
    with pytest.raises(UsageError, match="at least one language"):
        await reader.library.list([])


async def test_what_is_new_is_seen_at_the_next_look(
    reader: Member, node: SmallNode, clock: FakeClock
) -> None:
    await reader.library.list(["en"])
    new = resource_of(a_resource(region="826"), today=day_of(clock.now()), number=3)
    node.library["en"].append(signed_resource(new))
    assert new in await reader.library.list(["en"])
    node.library["en"].clear()
    assert await reader.library.list(["en"]) == ()


async def test_of_two_revisions_the_newer_one_counts_whichever_file_it_is_in(
    reader: Member, node: SmallNode, clock: FakeClock
) -> None:
    today = day_of(clock.now())
    newer = resource_of(a_resource(region="040"), today=today, revision=2)
    for language, others in (("de", "en"), ("en", "de")):
        node.library[language] = [signed_resource(newer)]
        node.library[others] = [signed_resource(resource_of(LINK, today=today))]
        assert await reader.library.list(["en", "de"]) == (newer,)
