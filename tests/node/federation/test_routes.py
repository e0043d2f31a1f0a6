"""What the addresses of federation answer."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aiohttp
import pytest

from kith_crypto.strict_json import parse_json_object
from kith_node.federation.actors import read_actor
from kith_node.http.route import Access
from kith_protocol.nodeinfo import parse_nodeinfo, parse_nodeinfo_links
from kith_protocol.tombstone import parse_tombstone
from kith_protocol.webfinger import parse_webfinger
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, node_routes, settle


async def _get(
    node: PeerNode, path: str, **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(node.origin + path, headers=headers) as response,
    ):
        return response.status, response.headers.copy(), await response.read()


async def test_the_actor_is_open_signed_and_has_an_entity_tag(here: PeerNode) -> None:
    status, headers, body = await _get(here, "/actor")
    assert status == 200
    assert headers["Content-Type"] == "application/activity+json"
    assert headers["Vary"] == "Accept, Signature, Signature-Input"
    known = read_actor(body, url=here.actor, development=True)
    assert known.actor.batch == f"{here.origin}/inbox/batch"
    assert known.actor.keyholders is not None
    status, headers, body = await _get(here, "/actor", **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")


async def test_a_bad_signature_does_not_hide_the_actor(here: PeerNode) -> None:
    assert (await _get(here, "/actor", Signature="sig1=:AAAA:"))[0] == 200


async def test_webfinger_knows_the_node_alone(here: PeerNode) -> None:
    domain = here.origin.partition("://")[2]
    for resource in (f"acct:{domain}@{domain}", f"{here.origin}/", here.actor):
        status, headers, body = await _get(
            here, f"/.well-known/webfinger?resource={resource.replace(':', '%3A')}"
        )
        assert status == 200
        assert headers["Content-Type"] == "application/jrd+json"
        assert headers["Access-Control-Allow-Origin"] == "*"
        document = parse_json_object(body, max_bytes=10_000)
        assert parse_webfinger(document, origin=here.origin, development=True) == here.actor


async def test_every_other_name_gets_the_same_answer(here: PeerNode) -> None:
    domain = here.origin.partition("://")[2]
    answers = set()
    for resource in (f"acct:anna@{domain}", "acct:a@b.example", "x", "acct:", f"{here.actor}x"):
        status, _, body = await _get(here, f"/.well-known/webfinger?resource={resource}")
        answers.add((status, body))
    assert [status for status, _ in answers] == [404]


@pytest.mark.parametrize(
    "query", ["", "?rel=self", "?resource=a&resource=b", "?resource=a&x=1"]
)
async def test_webfinger_without_one_resource_is_refused(here: PeerNode, query: str) -> None:
    assert (await _get(here, f"/.well-known/webfinger{query}"))[0] == 400


async def test_nodeinfo_tells_bands_and_policy(here: PeerNode) -> None:
    _, _, body = await _get(here, "/.well-known/nodeinfo")
    document = parse_json_object(body, max_bytes=10_000)
    href = parse_nodeinfo_links(document, origin=here.origin, development=True)
    assert href == f"{here.origin}/nodeinfo/2.1"
    _, headers, body = await _get(here, "/nodeinfo/2.1")
    assert "schema/2.1#" in headers["Content-Type"]
    document = parse_json_object(body, max_bytes=10_000)
    assert document["usage"] == {"users": {"total": 50}}
    info = parse_nodeinfo(document)
    assert (info.software, info.policy, info.programme) == ("kith", "approve", "adults")


async def test_host_meta_points_to_webfinger(here: PeerNode) -> None:
    status, headers, body = await _get(here, "/.well-known/host-meta")
    assert status == 200
    assert headers["Content-Type"] == "application/xrd+xml"
    assert f'template="{here.origin}/.well-known/webfinger?resource={{uri}}"' in body.decode()


async def test_a_peer_reads_the_log_and_single_offers(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    change = here.announced(1)
    await here.announce(change)
    path = here.offer_id(1)
    assert await there.forge(path, None, method="GET") == (200, change.raw)
    status, body = await there.forge(f"{here.origin}/outbox?limit=1", None, method="GET")
    assert status == 200
    [activity] = json.loads(body)["orderedItems"]
    assert activity["type"] == "Create"
    assert activity["object"]["id"] == path
    assert "proof" in activity


async def test_a_withdrawn_offer_answers_with_its_signed_tombstone_and_then_nothing(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await here.announce(here.withdrawn(1))
    status, body = await there.forge(here.offer_id(1), None, method="GET")
    assert status == 410
    document = parse_json_object(body, max_bytes=10_000)
    assert parse_tombstone(document, development=True).id == here.offer_id(1)
    clock.advance(90 * 86_400)
    assert (await there.forge(here.offer_id(1), None, method="GET"))[0] == 404


@pytest.mark.parametrize("name", ["x", "A" * 23, "A" * 22, "AAAA"])
async def test_an_offer_that_is_none_is_not_found(
    peers: tuple[PeerNode, PeerNode], name: str
) -> None:
    here, there = peers
    assert (await there.forge(f"{here.origin}/offers/{name}", None, method="GET"))[0] == 404


@pytest.mark.parametrize(
    "query",
    ["after=x", "limit=0", "limit=-1", "limit=a", "limit=99999", "limit=%D9%A3", "page=1"],
)
async def test_bad_parameters_of_the_log_are_refused(
    peers: tuple[PeerNode, PeerNode], query: str
) -> None:
    here, there = peers
    status, _ = await there.forge(f"{here.origin}/outbox?{query}", None, method="GET")
    assert status == 400


async def test_a_cursor_from_before_a_restore_starts_over(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    url = f"{here.origin}/outbox?after=AAAAAAAAD_8"
    _, body = await there.forge(url, None, method="GET")
    assert len(json.loads(body)["orderedItems"]) == 1


async def test_collections_have_a_name_and_no_members(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    for name in ("followers", "following"):
        status, body = await there.forge(f"{here.origin}/{name}", None, method="GET")
        assert status == 200
        assert json.loads(body) == {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{here.origin}/{name}",
            "type": "OrderedCollection",
        }


async def test_answers_to_peers_are_private(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    await settle(here, there)
    fetched = await there.federation.fetcher.get(f"{here.origin}/outbox?limit=1")
    assert fetched.media_type == "application/activity+json"
    for route in node_routes(here):
        assert not route.is_api
        open_paths = ("/actor", "/.well-known", "/nodeinfo")
        assert (route.access is Access.NOBODY) == route.path.startswith(open_paths)
