"""What members' clients are told of other nodes."""

from __future__ import annotations

from kith_node.federation.neighbours import Neighbours
from kith_node.http.route import Access, Answer, Call, Route
from kith_protocol.sealed_api import PeersAnswer


def routes(neighbours: Neighbours) -> tuple[Route, ...]:
    """Return the address of the list, the same for every member."""

    async def peers(_: Call) -> Answer:
        return Answer(body=await neighbours.peers())

    summary = "The nodes that envelopes go to and come from, your own first"
    path = "/api/v1/peers"
    return (Route("GET", path, Access.READER, peers, summary, answer=PeersAnswer),)
