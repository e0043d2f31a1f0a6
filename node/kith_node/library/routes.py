"""The library over HTTP, for whoever holds the day's reader pass."""

from __future__ import annotations

from kith_node.http.conditional import answer_file
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.library.service import Library
from kith_protocol import api
from kith_protocol.partition import MEDIA_TYPE


def routes(library: Library) -> tuple[Route, ...]:
    """Return the routes of *library*."""

    async def partitions(_call: Call) -> Answer:
        return Answer(body=await library.partitions())

    async def partition(call: Call) -> Answer:
        file = await library.partition(call.path["language"])
        return answer_file(call, file.raw, etag=file.entry.etag, content_type=MEDIA_TYPE)

    base, reader = "/api/v1/library", Access.READER
    return (
        Route(
            "GET",
            base,
            reader,
            partitions,
            "The files of the library, one for each language.",
            answer=api.PartitionsAnswer,
        ),
        Route(
            "GET",
            f"{base}/{{language}}",
            reader,
            partition,
            "All live resources in one language, as signed; the same file for everybody.",
        ),
    )
