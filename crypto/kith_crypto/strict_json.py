"""Reading JSON that strangers wrote, so that every reader sees the same document.

JSON as such lets two parsers disagree: repeated names, numbers beyond a double, lone
surrogates. Under a signature each of these is two documents, so this reader refuses them, and
floating-point numbers with them (see ``canonical``). What the document means is the caller's
part.

How: the text outside of strings is cut out first. On it, depth is measured before anything
recurses, numbers are checked as they are written, and members are counted by their colons; a
document that decodes to fewer members than it has colons repeats a name. Each step is linear.

Source: RFC 8259; RFC 7493 (I-JSON) §2; RFC 8785 §3.1.
"""

import re
from typing import TypeAlias, cast

import msgspec

from kith_crypto.errors import MalformedError, TooLargeError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue] | None"
"""A JSON value of the profile: no floating-point numbers."""

JsonObject: TypeAlias = "dict[str, JsonValue]"

MAX_SAFE_INTEGER = 2**53 - 1
DEFAULT_MAX_DEPTH = 16
DEFAULT_MAX_MEMBERS = 256

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_FLOAT = re.compile(rb"[0-9][.eE]")
_LONG_INTEGER = re.compile(rb"[0-9]{16,}")  # shorter ones are below 2**53
_TO_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))

_decoder = msgspec.json.Decoder()


def parse_json(
    raw: bytes,
    *,
    max_bytes: int,
    max_depth: int = DEFAULT_MAX_DEPTH,
    max_members: int = DEFAULT_MAX_MEMBERS,
) -> JsonValue:
    """Return the value that *raw* spells.

    Args:
        raw: UTF-8 text of one JSON value.
        max_bytes: the largest size allowed.
        max_depth: how many arrays and objects may stand inside each other; a scalar has
            depth 0, ``[]`` depth 1.
        max_members: how many members one object, and how many items one array, may have.

    Raises:
        TooLargeError: more than *max_bytes*.
        MalformedError: not UTF-8, a byte order mark, not one JSON value, a repeated name, a
            number with fraction or exponent or beyond ±(2**53 - 1), a lone surrogate, or
            deeper or wider than allowed.
    """
    if len(raw) > max_bytes:
        raise TooLargeError(f"{len(raw)} bytes, {max_bytes} allowed")
    outside = _outside_strings(raw)
    _check_depth(outside, max_depth)
    _check_numbers(outside)
    try:
        raw.decode("utf-8")  # msgspec refuses the same today; a signature must not rest on it
        value = cast("JsonValue", _decoder.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(f"not JSON: {error}") from error
    if _count_members(value, max_members) != outside.count(b":"):
        raise MalformedError("a member name is repeated")
    return value


def parse_json_object(
    raw: bytes,
    *,
    max_bytes: int,
    max_depth: int = DEFAULT_MAX_DEPTH,
    max_members: int = DEFAULT_MAX_MEMBERS,
) -> JsonObject:
    """Return the object that *raw* spells.

    Args and Raises are those of ``parse_json``; anything but an object is a
    ``MalformedError`` too.
    """
    value = parse_json(raw, max_bytes=max_bytes, max_depth=max_depth, max_members=max_members)
    if not isinstance(value, dict):
        raise MalformedError("not a JSON object")
    return value


def _outside_strings(raw: bytes) -> bytes:
    """Return *raw* with each string replaced by one quotation mark.

    Exact for JSON. Text that is not JSON may be cut wrongly, but only behind the place where
    the decoder stops reading it.
    """
    if b"\\" in raw:
        raw = _ESCAPE.sub(b"", raw)  # with the escaped quotation marks
    return b'"'.join(raw.split(b'"')[::2])


def _check_depth(outside: bytes, max_depth: int) -> None:
    brackets = outside.translate(_TO_ONE_KIND, _NOT_BRACKETS)
    # Each round strips the innermost level, so this takes as many rounds as levels are allowed.
    for _ in range(max_depth):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise MalformedError("nested too deeply, or brackets do not match")


def _check_numbers(outside: bytes) -> None:
    if _FLOAT.search(outside):
        raise MalformedError("only whole numbers without exponent are allowed")
    for digits in _LONG_INTEGER.findall(outside):
        # 17 digits are too many even without looking; int() of very many would be slow.
        if len(digits) > 16 or int(digits) > MAX_SAFE_INTEGER:
            raise MalformedError("a number is beyond 2**53 - 1")


def _count_members(value: JsonValue, max_members: int) -> int:
    count = 0
    waiting: list[JsonValue] = [value]
    while waiting:
        container = waiting.pop()
        if isinstance(container, dict):
            count += len(container)
            items = list(container.values())
        elif isinstance(container, list):
            items = container
        else:
            continue
        if len(items) > max_members:
            raise MalformedError("an object or array has too many members")
        waiting += items
    return count
