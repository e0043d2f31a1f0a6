"""The catalogue over HTTP, for whoever holds the day's reader pass."""

from __future__ import annotations

from kith_crypto.errors import MalformedError
from kith_node.catalogue.service import Catalogue
from kith_node.http.conditional import answer_file
from kith_node.http.route import Access, Answer, Call, Route
from kith_protocol import api
from kith_protocol.partition import MEDIA_TYPE
from kith_protocol.query import PARAMETERS


def routes(catalogue: Catalogue) -> tuple[Route, ...]:
    """Return the routes of *catalogue*."""

    async def search(call: Call) -> Answer:
        return Answer(body=await catalogue.search(catalogue.parse_query(call.query)))

    async def offer(call: Call) -> Answer:
        if "id" not in call.query:
            raise MalformedError("no id", pointer="/id")
        return Answer(body=await catalogue.offer(call.query["id"]))

    async def partitions(_call: Call) -> Answer:
        return Answer(body=await catalogue.partitions())

    async def partition(call: Call) -> Answer:
        file = await catalogue.partition(call.path["language"])
        return answer_file(call, file.raw, etag=file.entry.etag, content_type=MEDIA_TYPE)

    base, reader = "/api/v1/catalogue", Access.READER
    return (
        Route(
            "GET",
            base,
            reader,
            search,
            "Search: a ranked page with reasons for each result, and counts.",
            answer=api.SearchAnswer,
            query=PARAMETERS,
        ),
        Route(
            "GET",
            f"{base}/offer",
            reader,
            offer,
            "One offer, own or remote, by its URL.",
            answer=api.Hit,
            query=("id",),
        ),
        Route(
            "GET",
            f"{base}/partitions",
            reader,
            partitions,
            "The files for searching on the device.",
            answer=api.PartitionsAnswer,
        ),
        Route(
            "GET",
            f"{base}/partitions/{{language}}",
            reader,
            partition,
            "All live offers in one language, as signed; the same file for everybody.",
        ),
    )
