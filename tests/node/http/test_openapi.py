"""The API's description: complete, true to the routes, and without the rest of the node."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from kith_crypto.strict_json import JsonObject, JsonValue, parse_json_object
from kith_node.http.route import Access
from kith_testing.node import LocalNode, open_local_node
from kith_testing.openapi_file import describe


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path) as opened:
        yield opened


@pytest.fixture
async def document(node: LocalNode) -> JsonObject:
    reply = await node.send("GET", "/api/v1/openapi.json")
    assert reply.headers["Content-Type"] == "application/json"
    return parse_json_object(reply.body, max_bytes=2**20, max_members=10_000)


def member(value: JsonValue, *names: str) -> JsonObject:
    for name in names:
        assert isinstance(value, dict)
        value = value[name]
    assert isinstance(value, dict)
    return value


def test_describes_exactly_the_routes_of_the_api(node: LocalNode, document: JsonObject) -> None:
    described = {
        (method.upper(), path)
        for path in member(document, "paths")
        for method in member(document, "paths", path)
    }
    expected = {(one.method, one.path) for one in node.node.routes if one.is_api}
    assert described == expected
    assert all(path.startswith("/api/v1/") for _, path in described)


def test_names_the_credential_of_every_route(node: LocalNode, document: JsonObject) -> None:
    names = {
        Access.NOBODY: [],
        Access.SESSION: ["session"],
        Access.CAPABILITY: ["capability"],
        Access.SESSION_AND_CAPABILITY: ["capability", "session"],
        Access.READER: ["reader"],
    }
    for route in node.node.routes:
        if route.is_api:
            operation = member(document, "paths", route.path, route.method.lower())
            schemes = operation.get("security", [{}])
            assert isinstance(schemes, list)
            [needed] = schemes
            assert sorted(member(needed)) == names[route.access], route.path


def test_every_reference_leads_somewhere(document: JsonObject) -> None:
    text = msgspec.json.encode(document).decode()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named
    assert named <= member(document, "components", "schemas").keys()


def test_operations_have_names_of_their_own(document: JsonObject) -> None:
    names = [
        member(operation)["operationId"]
        for path in member(document, "paths").values()
        for operation in member(path).values()
    ]
    assert len(names) == len({str(name) for name in names})


def test_every_placeholder_and_parameter_is_described(
    node: LocalNode, document: JsonObject
) -> None:
    for route in node.node.routes:
        if not route.is_api:
            continue
        operation = member(document, "paths", route.path, route.method.lower())
        parameters = operation["parameters"]
        assert isinstance(parameters, list)
        found = [member(one)["name"] for one in parameters]
        placeholders = re.findall(r"{(\w+)}", route.path)
        assert found == [*placeholders, *route.query]


async def test_the_description_is_the_same_every_time(
    node: LocalNode, document: JsonObject
) -> None:
    again = await node.send("GET", "/api/v1/openapi.json")
    assert msgspec.json.decode(again.body) == document


def test_the_file_for_those_who_build_clients_is_current(node: LocalNode) -> None:
    file = Path(__file__).parents[3] / "protocol" / "openapi.json"
    assert file.read_bytes() == describe(node), "see kith_testing.openapi_file"
