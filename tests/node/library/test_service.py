"""A library keeps its own resources, shows those of peers, and makes one file a language."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.catalogue.partitions import MAX_PARTITIONS
from kith_node.library.service import Library
from kith_protocol.day import Day
from kith_protocol.errors import NotFoundError, UnknownTopicError
from kith_protocol.limits import MAX_OFFER_DAYS
from kith_protocol.partition import parse_partition
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, library_of
from kith_testing.resources import LINK, TEXT, a_resource


async def names_in(library: Library, language: str) -> list[str]:
    file = await library.partition(language)
    found = parse_partition(file.raw, max_bytes=1 << 20)
    assert found.language == language
    documents = [parse_json_object(raw, max_bytes=1 << 16) for raw in found.offers]
    return sorted(str(document["nameMap"]) for document in documents)


async def test_what_is_added_is_kept_as_given_signed_and_dated(
    here: PeerNode, library: Library
) -> None:
    url = await library.add(LINK, days=30)
    [resource] = await library.own()
    assert resource.id == url
    assert url.startswith(f"{here.origin}/resources/")
    assert resource.content == LINK
    assert (resource.published, resource.updated) == (here.today, here.today)
    assert (resource.end_day, resource.revision) == (here.today + 30, 1)
    raw = await here.raw(url)
    assert raw is not None
    verify_document(
        parse_json_object(raw, max_bytes=1 << 16), here.identity.signing_key.verify_key
    )


async def test_it_is_announced_changed_and_withdrawn_at_a_peer(
    peers: tuple[PeerNode, PeerNode], library: Library, library_there: Library
) -> None:
    here, _ = peers
    url = await library.add(LINK)
    await library.add(TEXT)
    await here.work()
    assert {one.content.url for one in await library_there.all()} == {LINK.url, ""}
    assert await library_there.own() == ()
    assert await here.ids_of(here) == set()  # they are no offers
    changed = msgspec.structs.replace(LINK, name={"en": "Writing a better CV"})
    await library.edit(url, changed)
    await here.work()
    assert await names_in(library_there, "en") == [str(changed.name)]
    await library.withdraw(url)
    await here.work()
    assert [one.content for one in await library_there.all()] == [TEXT]
    with pytest.raises(NotFoundError):
        await library_there.partition("en")


async def test_a_withdrawal_is_receipted_and_final(
    peers: tuple[PeerNode, PeerNode], library: Library
) -> None:
    here, there = peers
    url = await library.add(LINK)
    await here.work()
    await library.withdraw(url)
    assert await library.receipts(url) == [(there.actor, "pending")]
    await here.work()
    await there.work()
    assert await library.receipts(url) == [(there.actor, "confirmed")]
    with pytest.raises(NotFoundError):
        await library.edit(url, LINK)
    with pytest.raises(NotFoundError):
        await library.withdraw(url)


async def test_there_is_one_file_for_each_language_under_its_primary_tag(
    library: Library,
) -> None:
    await library.add(LINK)
    await library.add(TEXT)
    answer = await library.partitions()
    assert [(entry.language, entry.offers) for entry in answer.partitions] == [
        ("de", 1),
        ("en", 1),
        ("fr", 1),
    ]
    file = await library.partition("de")
    assert (file.entry.size_bytes, file.entry) == (len(file.raw), answer.partitions[0])
    with pytest.raises(NotFoundError):
        await library.partition("ar")  # a title in Arabic is no text in Arabic


async def test_made_up_languages_do_not_make_files_without_end(library: Library) -> None:
    made_up = [f"{a}{b}{c}" for a in "abcdef" for b in "abcdef" for c in "abcdef"]
    chunks = [tuple(made_up[at : at + 12]) for at in range(0, len(made_up), 12)]
    await library.put([(None, a_resource(languages=chunk)) for chunk in chunks])
    await library.add(LINK)
    await library.add(a_resource(region="250"))
    listed = [entry.language for entry in (await library.partitions()).partitions]
    assert len(listed) == MAX_PARTITIONS < len(made_up)
    assert {"en", "de"} <= set(listed)
    assert (await library.partition(made_up[-1])).entry.offers == 1


async def test_a_file_stays_the_same_until_something_changes(
    here: PeerNode, library: Library
) -> None:
    url = await library.add(LINK)
    await library.add(msgspec.structs.replace(LINK, url="https://example.org/other"))
    before = await library.partition("en")
    await here.announce(here.announced(1))  # an offer is none of its business
    assert await library.partition("en") is before
    await library.withdraw(url)
    assert (await library.partition("en")).entry.offers == 1


async def test_what_has_ended_is_no_longer_there(library: Library, clock: FakeClock) -> None:
    await library.add(LINK, days=2)
    clock.advance(86_400)
    assert len(await library.all()) == 1
    clock.advance(86_400)
    assert await library.all() == ()
    assert (await library.partitions()).partitions == ()


async def test_all_entries_are_taken_or_none(library: Library) -> None:
    bad = msgspec.structs.replace(LINK, topics=("no.such.topic",))
    with pytest.raises(UnknownTopicError):
        await library.put([(None, LINK), (None, bad)])
    assert await library.own() == ()
    urls = await library.put([(None, LINK), (None, TEXT)])
    assert {one.id for one in await library.own()} == set(urls)


@pytest.mark.parametrize("days", [0, MAX_OFFER_DAYS + 1])
async def test_it_stands_for_a_year_at_most(library: Library, days: int) -> None:
    with pytest.raises(UsageError, match="1 to 365"):
        await library.add(LINK, days=days)


async def test_what_may_not_stand_in_a_library_is_refused(
    here: PeerNode, library: Library
) -> None:
    with pytest.raises(MalformedError):
        await library.add(msgspec.structs.replace(LINK, url="https://192.168.0.1/cv"))
    with pytest.raises(UsageError, match="in the future"):
        await library.add(msgspec.structs.replace(LINK, reviewed=Day(here.today + 1)))
    with pytest.raises(NotFoundError):
        await library.edit(f"{here.origin}/resources/{'A' * 22}", LINK)
    url = await library.add(LINK)
    with pytest.raises(UsageError, match="twice"):
        await library.put([(url, LINK), (url, TEXT)])


async def test_of_two_changes_at_once_none_is_lost_silently(
    here: PeerNode, library: Library
) -> None:
    url = await library.add(LINK)
    others = [library, library_of(here)]  # as the server and the command line
    changes = [msgspec.structs.replace(LINK, region=f"{100 + n}") for n in range(6)]
    outcomes = await asyncio.gather(
        *(others[n % 2].edit(url, change) for n, change in enumerate(changes)),
        return_exceptions=True,
    )
    [resource] = await library.own()
    assert resource.revision == 1 + outcomes.count(None)
    assert all(isinstance(one, UsageError) for one in outcomes if one is not None)


async def test_resources_of_a_limited_peer_are_not_shown(
    peers: tuple[PeerNode, PeerNode], library: Library, library_there: Library
) -> None:
    here, there = peers
    await library.add(LINK)
    await here.work()
    await there.federation.peering.limit(here.origin, role="admin")
    assert await library_there.all() == ()


async def test_all_of_a_blocked_peer_is_gone(
    peers: tuple[PeerNode, PeerNode], library: Library, library_there: Library
) -> None:
    here, there = peers
    await library.add(LINK)
    await here.work()
    await there.federation.peering.block(here.origin, role="admin")
    assert await library_there.all() == ()


async def test_a_damaged_row_hides_no_other(here: PeerNode, library: Library) -> None:
    url = await library.add(LINK)
    await library.add(TEXT)
    async with here.database.transaction() as connection:
        await connection.execute(
            "UPDATE catalogue_objects SET bytes = x'00' WHERE id = :id", {"id": url}
        )
    assert [one.content for one in await library.all()] == [TEXT]
    assert [entry.language for entry in (await library.partitions()).partitions] == ["fr"]
