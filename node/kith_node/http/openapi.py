"""The OpenAPI 3.1 document of ``/api/v1``, generated from the route table and the Structs.

Source: OpenAPI Specification 3.1.0; schemas are JSON Schema 2020-12 as msgspec writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from kith_crypto.strict_json import JsonObject, JsonValue
from kith_node.http.bodies import encode_body
from kith_node.http.problems import PROBLEM_TYPE, Problem
from kith_node.http.route import Access, Answer, Call, Route

OPENAPI_PATH = "/api/v1/openapi.json"
_REF = "#/components/schemas/{name}"
_PLACEHOLDER = re.compile(r"{([a-z_]+)}")

_SECURITY: dict[Access, list[str]] = {
    Access.NOBODY: [],
    Access.SESSION: ["session"],
    Access.CAPABILITY: ["capability"],
    Access.SESSION_AND_CAPABILITY: ["session", "capability"],
    Access.READER: ["reader"],
    Access.PEER: [],
    Access.INBOX: [],
}

_SCHEMES: JsonObject = {
    "session": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Kith <token>` as handed out at sign-in.",
    },
    "capability": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "An HTTP message signature (RFC 9421) by the object's own key, tag "
        "`kith-capability`, with its `Signature-Input`.",
    },
    "reader": {
        "type": "apiKey",
        "in": "header",
        "name": "Kith-Reader",
        "description": "The day's reader pass, the same for every member.",
    },
}


def build_openapi(routes: Iterable[Route], *, version: str) -> JsonObject:
    """Return the document that describes those of *routes* that belong to the API.

    Args:
        routes: all routes of the node.
        version: of the node software.
    """
    described = [route for route in routes if route.is_api]
    kinds = {kind for route in described for kind in (route.body, route.answer) if kind}
    ordered = sorted(kinds | {Problem}, key=lambda kind: kind.__name__)
    _, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    paths: dict[str, JsonValue] = {}
    for route in described:
        methods = paths.setdefault(route.path, {})
        assert isinstance(methods, dict)
        methods[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kith node API", "version": version},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SCHEMES},
    }


def openapi_routes(routes: Callable[[], Iterable[Route]], *, version: str) -> tuple[Route, ...]:
    """Return the route that serves the document, which is built at the first request.

    Args:
        routes: called then, because the document describes this route, too.
        version: of the node software.
    """
    encoded: list[bytes] = []

    async def get(_: Call) -> Answer:
        if not encoded:
            encoded.append(encode_body(build_openapi(routes(), version=version)))
        return Answer(body=encoded[0])

    summary = "This API as an OpenAPI 3.1 document"
    return (Route("GET", OPENAPI_PATH, Access.NOBODY, get, summary),)


def _operation(route: Route) -> JsonObject:
    operation: JsonObject = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "parameters": _parameters(route),
        "responses": {
            str(route.status): _response(route),
            "default": {
                "description": "A problem (RFC 9457)",
                "content": {PROBLEM_TYPE: {"schema": _reference(Problem)}},
            },
        },
    }
    schemes = _SECURITY[route.access]
    if schemes:
        operation["security"] = [{scheme: [] for scheme in schemes}]
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {kind: {"schema": _reference(route.body)} for kind in route.media_types},
        }
    return operation


def _operation_id(route: Route) -> str:
    words = [part.strip("{}") for part in route.path.split("/")[3:]]
    return "-".join([route.method.lower(), *words]).replace("openapi.json", "openapi")


def _parameters(route: Route) -> list[JsonValue]:
    string: JsonObject = {"type": "string"}
    found: list[JsonValue] = [
        {"name": name, "in": "path", "required": True, "schema": string}
        for name in _PLACEHOLDER.findall(route.path)
    ]
    found += [{"name": name, "in": "query", "schema": string} for name in route.query]
    return found


def _response(route: Route) -> JsonObject:
    if route.answer is None:
        return {"description": "Done"}
    content: JsonObject = {"application/json": {"schema": _reference(route.answer)}}
    return {"description": "Done", "content": content}


def _reference(kind: type) -> JsonObject:
    return {"$ref": _REF.format(name=kind.__name__)}
