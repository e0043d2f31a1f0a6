from string import ascii_lowercase

import pytest

from kith_crypto.errors import MalformedError, UnavailableError
from kith_node.catalogue import store
from kith_node.catalogue.partitions import MAX_PARTITIONS
from kith_node.catalogue.service import Catalogue
from kith_node.storage.database import Database
from kith_protocol.api import Reason, UnderstoodAnswer
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed, read_listed
from kith_protocol.partition import parse_partition
from kith_protocol.query import Query, parse_cursor
from kith_protocol.ranking import rank
from kith_protocol.vocabulary import Vocabulary
from kith_testing.catalogue import COMMUNITIES, CONCEPTS, TODAY, listed, offer_id, raw_of
from kith_testing.clock import FakeClock

ASH, ELM, _ = COMMUNITIES


async def put(
    database: Database, *offers: Listed, revision: int = 1, hidden: bool = False
) -> None:
    async with database.transaction() as connection:
        for offer in offers:
            await store.put_object(
                connection,
                id=offer.id,
                author=offer.community,
                revision=revision,
                end_day=offer.end_day,
                hidden=hidden,
                raw=raw_of(offer),
            )


async def ids(catalogue: Catalogue, query: Query | None = None) -> list[str]:
    return [hit.id for hit in (await catalogue.search(query or Query())).hits]


async def test_is_not_ready_before_it_has_caught_up(catalogue: Catalogue) -> None:
    readiness = [catalogue.is_ready]
    with pytest.raises(UnavailableError):
        await catalogue.search(Query())
    await catalogue.catch_up()
    readiness.append(catalogue.is_ready)
    assert readiness == [False, True]
    assert await ids(catalogue) == []


async def test_answers_with_signed_bytes_and_reasons(
    catalogue: Catalogue, database: Database
) -> None:
    own, remote = listed(1), listed(2, community=ELM, topics=("a.b.c",))
    await put(database, own, remote)
    await catalogue.catch_up()
    query = Query(topics=("a.b",), near=True)
    answer = await catalogue.search(query)
    vocabulary = Vocabulary(CONCEPTS)
    hierarchy = Hierarchy(vocabulary.ancestors, vocabulary.related)
    ranked = rank([own, remote], query, hierarchy=hierarchy, day=TODAY, community=ASH)
    assert [(hit.id, hit.score, hit.reasons) for hit in answer.hits] == [
        (one.id, one.score, one.reasons) for one in ranked
    ]
    assert [hit.own for hit in answer.hits] == [True, False]
    assert [hit.community for hit in answer.hits] == [ASH, ELM]
    assert bytes(answer.hits[1].object) == raw_of(remote)
    assert (answer.total, answer.next) == (2, None)


async def test_catching_up_is_idempotent_and_says_whether_there_was_news(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1))
    assert await catalogue.catch_up()
    assert not await catalogue.catch_up()
    await put(database, listed(2))
    assert await catalogue.catch_up()
    assert sorted(await ids(catalogue)) == sorted((offer_id(1), offer_id(2)))


async def test_follows_changes_withdrawals_and_returns(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1, topics=("f",)))
    await catalogue.catch_up()
    await put(database, listed(1, topics=("a",)), revision=2)
    await catalogue.catch_up()
    assert await ids(catalogue, Query(topics=("f",))) == []
    assert await ids(catalogue, Query(topics=("a",))) == [offer_id(1)]
    async with database.transaction() as connection:
        await store.drop_object(connection, offer_id(1))
    assert await ids(catalogue) == []  # the row is gone before the index knows
    await catalogue.catch_up()
    assert (await catalogue.search(Query())).total == 0
    await put(database, listed(1))
    await catalogue.catch_up()
    assert await ids(catalogue) == [offer_id(1)]


async def test_offers_of_limited_peers_are_hidden_until_shown(
    catalogue: Catalogue, database: Database
) -> None:
    hidden = listed(1, community=ELM)
    await put(database, hidden, hidden=True)
    await catalogue.catch_up()
    assert await ids(catalogue) == []
    with pytest.raises(NotFoundError):
        await catalogue.offer(hidden.id)
    async with database.transaction() as connection:
        await store.hide_author(connection, ELM, hidden=False)
    await catalogue.catch_up()
    assert await ids(catalogue) == [hidden.id]


async def test_many_changes_arrive_in_pieces(catalogue: Catalogue, database: Database) -> None:
    await put(database, *map(listed, range(1203)))
    await catalogue.catch_up()
    assert (await catalogue.search(Query())).total == 1203


async def test_an_offer_is_gone_at_its_end_without_a_message(
    catalogue: Catalogue, database: Database, clock: FakeClock
) -> None:
    await put(database, listed(1, end_day=TODAY + 1), listed(2))
    await catalogue.catch_up()
    assert len(await ids(catalogue)) == 2
    assert (await catalogue.offer(offer_id(1))).reasons == ()
    clock.advance(86_400)
    assert await ids(catalogue) == [offer_id(2)]
    with pytest.raises(GoneError):
        await catalogue.offer(offer_id(1))


async def test_expiring_removes_bytes_at_once_and_rows_a_turn_later(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1, end_day=TODAY + 1), listed(2))
    await catalogue.catch_up()
    assert await catalogue.expire(TODAY) == 0
    assert await catalogue.expire(TODAY + 1) == 1
    async with database.read() as connection:
        row = await store.object_by_id(connection, offer_id(1))
    assert row is not None
    assert row.raw is None
    with pytest.raises(GoneError):
        await catalogue.offer(offer_id(1))
    await put(database, listed(3))  # what was newest is not any longer
    assert await catalogue.expire(TODAY + 1) == 0
    assert await catalogue.expire(TODAY + 1) == 0
    async with database.read() as connection:
        assert await store.object_by_id(connection, offer_id(1)) is None
    assert sorted(await ids(catalogue)) == sorted((offer_id(2), offer_id(3)))


async def test_starts_anew_when_the_database_is_an_older_one(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, *map(listed, range(3)))
    await catalogue.catch_up()
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM catalogue_objects WHERE serial > 1")
    assert await catalogue.catch_up()
    assert await ids(catalogue) == [offer_id(0)]


async def test_a_damaged_row_does_not_hide_the_others(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1), listed(2))
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE catalogue_objects SET bytes = x'00' WHERE position = 1"
        )
    await catalogue.catch_up()
    assert await ids(catalogue) == [offer_id(2)]


async def test_pages_follow_one_another(catalogue: Catalogue, database: Database) -> None:
    await put(database, *map(listed, range(25)))
    await catalogue.catch_up()
    first = await catalogue.search(Query(limit=20))
    assert first.next is not None
    second = await catalogue.search(Query(limit=20, after=parse_cursor(first.next)))
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == 25
    assert second.next is None


async def test_counts_come_with_the_page(catalogue: Catalogue, database: Database) -> None:
    await put(database, listed(1), listed(2, community=ELM, languages=("pt-BR", "en")))
    await put(database, listed(3, topics=("a.old",)))
    await catalogue.catch_up()
    answer = await catalogue.search(Query(languages=("pt",), counts=True, limit=1))
    facets = answer.facets
    assert facets is not None
    assert facets.languages == {"en": 3, "pt": 1}
    assert facets.topics == {"a": 1, "a.b": 1}
    assert facets.communities == {ELM: 1}
    assert facets.total == answer.total == 1
    everything = (await catalogue.search(Query(counts=True))).facets
    assert everything is not None
    assert everything.topics == {"a": 2, "a.b": 2, "f": 1}  # a retired topic is not offered
    assert (await catalogue.search(Query())).facets is None


async def test_near_relatives_are_found_if_asked_for(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1, topics=("a.b",)), listed(2, topics=("f",)))
    await catalogue.catch_up()
    assert await ids(catalogue, Query(topics=("a.b.c",))) == []
    hits = (await catalogue.search(Query(topics=("a.b.c",), near=True))).hits
    assert {hit.id: hit.reasons[0] for hit in hits} == {
        offer_id(1): Reason("topic-near", ("a.b",)),
        offer_id(2): Reason("topic-near", ("f",)),
    }


async def test_free_text_finds_topics_and_words(
    catalogue: Catalogue, database: Database
) -> None:
    await put(
        database,
        listed(1, topics=("f",), words=frozenset({"alpha"})),
        listed(2, topics=("f",)),
        listed(3, topics=("a",), words=frozenset({"alpha", "beta"})),
    )
    await catalogue.catch_up()
    answer = await catalogue.search(Query(text="f alpha"))
    assert [hit.id for hit in answer.hits] == [offer_id(1), offer_id(2)]
    assert [reason.code for reason in answer.hits[0].reasons][:2] == ["topic-exact", "words"]
    assert answer.understood is not None
    assert answer.understood.topics == ("f",)
    words_alone = await catalogue.search(Query(text="beta"))
    assert [hit.id for hit in words_alone.hits] == [offer_id(3)]


async def test_text_of_which_nothing_is_understood_finds_nothing_and_says_so(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1))
    await catalogue.catch_up()
    answer = await catalogue.search(Query(text="?", counts=True))
    assert (answer.hits, answer.total) == ((), 0)
    assert answer.understood == UnderstoodAnswer()
    assert answer.facets is not None
    assert answer.facets.languages == {}
    unknown = await catalogue.search(Query(text="blurb"))
    assert unknown.total == 0
    assert unknown.understood is not None
    assert unknown.understood.did_you_mean == ("a.b", "f")


async def test_pages_of_a_text_follow_one_another(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, *(listed(number, topics=("f",)) for number in range(25)))
    await catalogue.catch_up()
    first = await catalogue.search(Query(text="f", limit=20))
    assert first.next is not None
    second = await catalogue.search(Query(text="f", limit=20, after=parse_cursor(first.next)))
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == 25


async def test_retired_topics_lead_to_their_successors(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1, topics=("a.old",)), listed(2, topics=("f",)))
    await catalogue.catch_up()
    query = catalogue.parse_query({"topics": "a.old,f", "knows": "a.old"})
    assert (query.topics, query.knows) == (("f",), ("f",))
    hits = (await catalogue.search(query)).hits
    assert [(hit.id, hit.reasons[0].code) for hit in hits] == [
        (offer_id(2), "topic-exact"),
        (offer_id(1), "topic-under"),
    ]


async def test_refuses_topics_that_the_vocabulary_lacks(catalogue: Catalogue) -> None:
    with pytest.raises(MalformedError) as caught:
        catalogue.parse_query({"topics": "nowhere"})
    assert caught.value.pointer == "/topics"


async def test_topics_of_communities_are_found_by_browsing(
    catalogue: Catalogue, database: Database
) -> None:
    await put(database, listed(1, topics=("x.own",)))
    await catalogue.catch_up()
    assert await ids(catalogue) == [offer_id(1)]


async def test_partitions_hold_the_live_offers_of_one_language(
    catalogue: Catalogue, database: Database
) -> None:
    both = listed(1, languages=("en-GB", "ar"))
    ended = listed(3, end_day=TODAY)
    await put(database, both, listed(2), ended)
    await put(database, listed(4, community=ELM), hidden=True)
    await catalogue.catch_up()
    entries = (await catalogue.partitions()).partitions
    assert [(entry.language, entry.offers) for entry in entries] == [("ar", 1), ("en", 2)]
    file = await catalogue.partition("en")
    assert (file.entry.size_bytes, file.entry) == (len(file.raw), entries[1])
    offers = parse_partition(file.raw, max_bytes=10_000).offers
    assert {read_listed(raw).id for raw in offers} == {offer_id(1), offer_id(2)}
    with pytest.raises(NotFoundError):
        await catalogue.partition("pt")


async def test_lists_the_partitions_with_the_most_offers_only(
    catalogue: Catalogue, database: Database
) -> None:
    made_up = [f"q{first}{second}" for first in ascii_lowercase for second in ascii_lowercase][
        :MAX_PARTITIONS
    ]
    await put(database, *(listed(n, languages=(tag,)) for n, tag in enumerate(made_up, 3)))
    await put(database, *(listed(n, languages=("zu",)) for n in (1, 2)))
    await catalogue.catch_up()
    entries = (await catalogue.partitions()).partitions
    named = [entry.language for entry in entries]
    assert named == [*made_up[:-1], "zu"]
    assert (await catalogue.partition(made_up[-1])).entry.offers == 1, "it can be asked for"


async def test_a_partition_is_made_once_until_something_changes(
    catalogue: Catalogue, database: Database, clock: FakeClock
) -> None:
    await put(database, listed(1), listed(2, end_day=TODAY + 1))
    await catalogue.catch_up()
    first = await catalogue.partition("en")
    assert await catalogue.partition("en") is first
    await put(database, listed(3))
    await catalogue.catch_up()
    second = await catalogue.partition("en")
    assert second.entry.offers == 3
    assert second.entry.etag != first.entry.etag
    clock.advance(86_400)
    assert (await catalogue.partition("en")).entry.offers == 2
