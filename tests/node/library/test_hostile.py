"""What another community must not get into the library, over HTTP: a 4xx, and no trace."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.library.service import Library
from kith_protocol.announcements import build_create, build_update
from kith_protocol.resource import build_resource
from kith_protocol.resource_content import ResourceContent
from kith_testing.peer import PeerNode
from kith_testing.resources import LINK, TEXT, resource_of, signed_resource


def resource_by(
    node: PeerNode, number: int = 1, *, content: ResourceContent = LINK
) -> JsonObject:
    made = resource_of(content, today=node.today, number=number, origin=node.origin)
    return node.identity.sign(build_resource(made), day=node.today)


async def send(
    sender: PeerNode, to: PeerNode, document: JsonObject, *, is_update: bool = False
) -> tuple[int, str]:
    """Return status and problem of announcing *document*, whatever is in it."""
    build = build_update if is_update else build_create
    body = sender.sign(build(sender.origin, document))
    status, answer = await sender.forge(f"{to.origin}/inbox", body)
    kind = msgspec.json.decode(answer)["type"] if answer else ""
    return status, str(kind).removeprefix("/problems/")


def change(**members: object) -> Callable[[PeerNode], JsonObject]:
    """Return what makes a resource with *members*, truly signed by its community."""

    def make(node: PeerNode) -> JsonObject:
        document = {k: v for k, v in resource_by(node).items() if k != "proof"}
        named = {name.replace("__", ":"): value for name, value in members.items()}
        raw = msgspec.json.encode({**document, **named})
        return node.identity.sign(parse_json_object(raw, max_bytes=1 << 22), day=node.today)

    return make


HOSTILE: dict[str, Callable[[PeerNode], JsonObject]] = {
    "a link into the own network": change(url="https://192.168.0.1/admin"),
    "a link to this machine": change(url="https://localhost/"),
    "a script": change(url="javascript:alert(1)"),
    "a title that turns letters round": change(nameMap={"en": "\u202egnp.exe"}),
    "a title with hidden letters": change(nameMap={"en": "he\u200blp"}),
    "a title of 20 kB": change(nameMap={"en": "x" * 20_000}),
    "a topic that nobody knows": change(kith__topics=["weapons"]),
    "a member that is not listed": change(attachment=[{"type": "Image"}]),
    "a stay of ten years": change(endTime="2060-01-01T00:00:00Z"),
    "no proof of its own": lambda node: {
        k: v for k, v in resource_by(node).items() if k != "proof"
    },
    "words changed after signing": lambda node: {
        **resource_by(node),
        "nameMap": {"en": "Other words"},
    },
    "a proof by somebody else": lambda node: parse_json_object(
        signed_resource(
            resource_of(LINK, today=node.today, origin=node.origin),
            SigningKey.from_seed(b"x" * 32),
        ),
        max_bytes=1 << 16,
    ),
    "an id of another community": lambda node: parse_json_object(
        signed_resource(resource_of(LINK, today=node.today, origin="https://elm.example")),
        max_bytes=1 << 16,
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_it_is_refused_and_leaves_nothing(
    peers: tuple[PeerNode, PeerNode], library_there: Library, what: str
) -> None:
    here, there = peers
    status, problem = await send(here, there, HOSTILE[what](here))
    assert 400 <= status < 500
    assert problem
    assert await library_there.all() == ()
    assert (await library_there.partitions()).partitions == ()


async def test_a_title_of_a_megabyte_is_not_even_read(
    peers: tuple[PeerNode, PeerNode], library_there: Library
) -> None:
    here, there = peers
    status, _ = await send(here, there, change(nameMap={"en": "x" * (1 << 20)})(here))
    assert status == 413
    assert await library_there.all() == ()


async def test_an_honest_one_is_taken_so_that_the_rest_proves_something(
    peers: tuple[PeerNode, PeerNode], library_there: Library
) -> None:
    here, there = peers
    document = resource_by(here, content=msgspec.structs.replace(TEXT, name={"fr": "<b>Aide"}))
    assert await send(here, there, document) == (202, "")
    [taken] = await library_there.all()
    assert taken.content.name == {"fr": "<b>Aide"}  # plain text, whatever it looks like


async def test_what_was_withdrawn_or_replaced_does_not_come_back(
    peers: tuple[PeerNode, PeerNode], library: Library, library_there: Library
) -> None:
    here, there = peers
    url = await library.add(LINK)
    raw = await here.raw(url)
    assert raw is not None
    first = parse_json_object(raw, max_bytes=1 << 16)
    await library.edit(url, msgspec.structs.replace(LINK, region="250"))
    await here.work()
    assert (await send(here, there, first))[0] == 202  # heard already, and of no effect
    [held] = await library_there.all()
    assert held.content.region == "250"
    await library.withdraw(url)
    await here.work()
    await send(here, there, {**first}, is_update=True)
    assert await library_there.all() == ()


async def test_nobody_speaks_for_another_community(
    peers: tuple[PeerNode, PeerNode], library: Library, library_there: Library
) -> None:
    here, there = peers
    url = await library.add(LINK)
    await here.work()
    # there announces a new revision of what here's library holds.
    made = msgspec.structs.replace(
        resource_of(LINK, today=here.today, origin=here.origin), id=url, revision=9
    )
    forged = there.identity.sign(build_resource(made), day=there.today)
    status, _ = await send(there, here, forged, is_update=True)
    assert 400 <= status < 500
    [own] = await library.own()
    assert own.revision == 1
