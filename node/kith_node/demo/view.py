"""What a node shows its members: the whole catalogue, as files that are the same for everybody.

The demonstration checks nodes through these files and not in their databases, so that what it
finds is what people would find.
"""

from __future__ import annotations

from kith_client.http import NodeConnection, Request
from kith_client.kept_files import MAX_FILE_BYTES
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.strict_json import parse_json_object
from kith_node.demo.nodes import DemoNode
from kith_node.demo.waiting import patiently
from kith_protocol.actor import parse_actor
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.listed import read_listed
from kith_protocol.partition import parse_partition
from kith_protocol.urls import actor_url, node_key_url

_PARTITIONS = "/api/v1/catalogue/partitions"

View = dict[str, bytes]
"""Id of an offer to its bytes as signed: everything that one node shows."""


async def read_view(member: Member, means: Means) -> View:
    """Return everything that the node of *member* shows now."""
    entries = (await patiently(member.search.partitions)).partitions
    reader_pass = member.keys.reader_pass
    assert reader_pass is not None  # the call before needed it
    view: View = {}
    async with means.connect(member.community.node) as connection:
        for entry in entries:
            raw = await _fetch(connection, entry.language, reader_pass.value)
            for offer in parse_partition(raw, max_bytes=MAX_FILE_BYTES).offers:
                view[read_listed(offer).id] = offer
    return view


async def fetch_key(node: DemoNode, means: Means) -> VerifyKey:
    """Return the key with which *node* signs, from the actor that anybody may read."""
    async with means.connect(node.origin) as connection:
        reply = await patiently(lambda: connection.send(Request("GET", "/actor")))
    document = parse_json_object(reply.body, max_bytes=MAX_DOCUMENT_BYTES)
    actor = parse_actor(document, url=actor_url(node.origin), development=True)
    return actor.keys[node_key_url(node.origin)]


async def _fetch(connection: NodeConnection, language: str, reader_pass: str) -> bytes:
    request = Request(
        "GET",
        f"{_PARTITIONS}/{language}",
        reader_pass=reader_pass,
        max_bytes=MAX_FILE_BYTES,
    )
    return (await patiently(lambda: connection.send(request))).body
