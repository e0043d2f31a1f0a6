"""The address of ticks."""

from __future__ import annotations

from kith_node.events.service import Ticker
from kith_node.http.route import Access, Answer, Call, Route

EVENT_STREAM = "text/event-stream"

# Some proxies gather an answer before they pass it on, unless they are told.
_UNBUFFERED = {"X-Accel-Buffering": "no"}


def routes(ticker: Ticker) -> tuple[Route, ...]:
    """Return the address of the stream, the same for everybody."""

    async def events(call: Call) -> Answer:
        stream = ticker.open(call.caller)
        return Answer(content_type=EVENT_STREAM, headers=_UNBUFFERED, stream=stream)

    summary = "A constant tick whenever anything arrived for anybody"
    return (Route("GET", "/api/v1/events", Access.READER, events, summary),)
