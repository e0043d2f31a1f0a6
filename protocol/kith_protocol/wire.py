"""From parsed JSON to structs, with one kind of error.

``convert`` is what every reader of documents uses after the strict JSON reader; what the
values mean is left to that reader. Source: RFC 6901 (JSON Pointer) for the place of an error.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, JsonValue

_T = TypeVar("_T")

_PATH = re.compile(r" - at (?:`key` in )?`\$([^`]*)`\Z")
_STEP = re.compile(r"\.([^.\[]+)|\[([0-9]*|\.\.\.)\]")


def convert(value: JsonValue, kind: type[_T], *, at: str = "") -> _T:
    """Return *value* as *kind*, a struct or another type msgspec knows.

    Args:
        value: parsed JSON.
        kind: what it has to be; unknown members are refused if the struct says so.
        at: JSON Pointer of *value* itself.

    Raises:
        MalformedError: it is not; ``pointer`` says where.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise to_malformed(error, at=at) from error


def to_malformed(error: msgspec.DecodeError, *, at: str = "") -> MalformedError:
    """Return the error that says what *error* says, with a JSON Pointer."""
    message = str(error)
    found = _PATH.search(message)
    if not found:
        return MalformedError(message, pointer=at or None)
    steps = [name or index for name, index in _STEP.findall(found[1])]
    pointer = "".join(f"/{step}" for step in steps if step != "...")
    return MalformedError(message[: found.start()], pointer=at + pointer)


def read_string(document: JsonObject, name: str) -> str:
    """Return the member *name*, which has to be a string.

    Raises:
        MalformedError: it is missing or something else.
    """
    value = document.get(name)
    if not isinstance(value, str):
        raise MalformedError(f"{name} is not a string", pointer=f"/{name}")
    return value


def read_reference(document: JsonObject, name: str) -> str:
    """Return the id that the member *name* refers to: a string, or an object with ``id``.

    Raises:
        MalformedError: it is missing, a list or something else, or the object has no id.
    """
    value = document.get(name)
    if isinstance(value, dict):
        value = value.get("id")
    if not isinstance(value, str):
        raise MalformedError(f"{name} is not one reference", pointer=f"/{name}")
    return value
