"""How the small node (``small_node.py``) reads bodies and writes answers."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from aiohttp import web

from kith_crypto.errors import MalformedError
from kith_testing.small_state import Seen

T = TypeVar("T")


def read_body(seen: Seen, kind: type[T]) -> T:
    """Return the JSON body of a request as *kind*."""
    try:
        return msgspec.json.decode(seen.body, type=kind)
    except msgspec.DecodeError as error:
        raise MalformedError(str(error)) from error


def json_answer(body: msgspec.Struct, *, status: int = 200) -> web.Response:
    """Return *body* as an answer."""
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )
