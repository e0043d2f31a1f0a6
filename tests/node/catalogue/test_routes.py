from collections.abc import Mapping

import pytest

from kith_crypto.errors import MalformedError
from kith_node.catalogue.routes import routes
from kith_node.catalogue.service import Catalogue
from kith_node.catalogue.store import put_object
from kith_node.http.route import Access, Answer, Call, Credential
from kith_node.storage.database import Database
from kith_protocol import api
from kith_protocol.errors import NotFoundError
from kith_protocol.partition import MEDIA_TYPE
from kith_testing.catalogue import listed, raw_of

BASE = "/api/v1/catalogue"
NONE: Mapping[str, str] = {}


@pytest.fixture
async def filled(catalogue: Catalogue, database: Database) -> Catalogue:
    offer = listed(1)
    async with database.transaction() as connection:
        await put_object(
            connection,
            id=offer.id,
            author=offer.community,
            revision=1,
            end_day=offer.end_day,
            hidden=False,
            raw=raw_of(offer),
        )
    await catalogue.catch_up()
    return catalogue


async def ask(
    catalogue: Catalogue,
    path: str,
    query: Mapping[str, str] = NONE,
    *,
    headers: Mapping[str, str] = NONE,
    language: str = "",
) -> Answer:
    route = next(route for route in routes(catalogue) if route.path == f"{BASE}{path}")
    call = Call({"language": language}, query, headers, b"", Credential(), b"")
    return await route.handler(call)


def test_every_route_needs_the_reader_pass_and_only_reads(catalogue: Catalogue) -> None:
    assert {(route.method, route.access) for route in routes(catalogue)} == {
        ("GET", Access.READER)
    }


async def test_search_brings_counts_if_they_are_asked_for(filled: Catalogue) -> None:
    found = (await ask(filled, "", {"topics": "a", "languages": "en"})).body
    assert isinstance(found, api.SearchAnswer)
    assert [hit.id for hit in found.hits] == [listed(1).id]
    assert found.facets is None
    counted = (await ask(filled, "", {"topics": "f", "counts": "yes"})).body
    assert isinstance(counted, api.SearchAnswer)
    assert counted.facets is not None
    assert (counted.total, counted.facets.total) == (0, 0)
    assert counted.facets.topics == {"a": 1, "a.b": 1}
    with pytest.raises(MalformedError):
        await ask(filled, "", {"ways": "shout"})


async def test_every_parameter_is_documented_at_the_route(catalogue: Catalogue) -> None:
    search = next(route for route in routes(catalogue) if route.path == BASE)
    assert {"near", "knows", "text", "counts"} < set(search.query)


async def test_one_offer_is_found_by_its_url(filled: Catalogue) -> None:
    found = (await ask(filled, "/offer", {"id": listed(1).id})).body
    assert isinstance(found, api.Hit)
    assert found.id == listed(1).id
    with pytest.raises(NotFoundError):
        await ask(filled, "/offer", {"id": listed(2).id})
    with pytest.raises(MalformedError):
        await ask(filled, "/offer")


async def test_a_partition_is_sent_once_and_then_confirmed(filled: Catalogue) -> None:
    listing = (await ask(filled, "/partitions")).body
    assert isinstance(listing, api.PartitionsAnswer)
    answer = await ask(filled, "/partitions/{language}", language="en")
    assert (answer.status, answer.content_type) == (200, MEDIA_TYPE)
    assert answer.headers["ETag"] == listing.partitions[0].etag
    again = await ask(
        filled,
        "/partitions/{language}",
        headers={"if-none-match": answer.headers["ETag"]},
        language="en",
    )
    assert (again.status, again.body) == (304, None)
    assert again.headers["ETag"] == answer.headers["ETag"]
    with pytest.raises(NotFoundError):
        await ask(filled, "/partitions/{language}", language="ja")
