"""Records of a vault and how the writings of several devices become one.

Everything a member owns is a record: a value under a kind and an id, with a revision and the
device that wrote it. Of two records of one name the one with the greater ``(revision, device)``
stays, so that joining is the same in any order and however often. A deletion is a record too,
kept for 45 days, so that a device that was away does not bring back what is gone.

What the values mean is their kind's business. Source: protocol/spec/vault.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, MalformedError
from kith_crypto.strict_json import MAX_SAFE_INTEGER, JsonObject, parse_json_object
from kith_protocol.day import Day
from kith_protocol.wire import read_string

DEVICE_BYTES: Final = 8
DELETED_DAYS: Final = 45
MAX_RECORD_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 16
MAX_MEMBERS: Final = 4096  # of an object, and items of an array

_KIND = re.compile(r"[a-z][a-z-]{0,30}\Z", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_.-]{1,200}\Z", re.ASCII)
_WRITTEN = frozenset({"device", "id", "kind", "rev", "value"})
_DELETED = frozenset({"day", "device", "id", "kind", "rev"})

Name: TypeAlias = tuple[str, str]
"""Kind and id."""

Contents: TypeAlias = "dict[Name, Record]"


class Record(msgspec.Struct, frozen=True):
    """One record. Its ``repr`` shows nothing.

    Attributes:
        kind: lower-case letters and hyphens, at most 31.
        id: letters, digits and ``_.-``, at most 200; unique within the kind.
        rev: counts the writings, from 1.
        device: 8 random bytes of the device that wrote it.
        value: a JSON object, or None if the record is deleted.
        day: on which it was deleted; 0 if it is not.
    """

    kind: str
    id: str
    rev: int
    device: bytes
    value: JsonObject | None
    day: Day = Day(0)

    def __repr__(self) -> str:
        return "Record(...)"

    @property
    def name(self) -> Name:
        """Kind and id."""
        return self.kind, self.id


def encode_record(record: Record) -> bytes:
    """Return the line of *record*: canonical JSON without a line feed.

    Raises:
        ValueError: a part is out of bounds.
        MalformedError: the value is outside the profile of canonical JSON.
    """
    line: JsonObject = {
        "device": encode_base64url(record.device),
        "id": record.id,
        "kind": record.kind,
        "rev": record.rev,
    }
    if record.value is None:
        line["day"] = record.day
    else:
        line["value"] = record.value
    if not _is_whole(record):
        raise ValueError("a record's kind, id, revision, device or day is out of bounds")
    raw = canonical_bytes(line)
    if len(raw) > MAX_RECORD_BYTES:
        raise ValueError("a record is too large")
    return raw


def parse_record(raw: bytes) -> Record:
    """Return the record that the line *raw* spells.

    Raises:
        MalformedError, TooLargeError: it is not what ``encode_record`` writes.
    """
    line = parse_json_object(
        raw, max_bytes=MAX_RECORD_BYTES, max_depth=MAX_DEPTH, max_members=MAX_MEMBERS
    )
    if line.keys() not in (_WRITTEN, _DELETED):
        raise MalformedError("not a record")
    revision, day, value = line["rev"], line.get("day", 0), line.get("value")
    if type(revision) is not int or type(day) is not int:
        raise MalformedError("not a record")
    if value is not None and not isinstance(value, dict):
        raise MalformedError("not a record")
    record = Record(
        kind=read_string(line, "kind"),
        id=read_string(line, "id"),
        rev=revision,
        device=parse_base64url(read_string(line, "device"), size=DEVICE_BYTES),
        value=value,
        day=Day(day),
    )
    # The second also refuses a value that is ``null``.
    if not _is_whole(record) or encode_record(record) != raw:
        raise MalformedError("not a record")
    return record


def join(*copies: Mapping[Name, Record]) -> Contents:
    """Return what several devices have written, as one."""
    joined: Contents = {}
    for copy in copies:
        for name, record in copy.items():
            known = joined.get(name)
            if known is None or _wins(record, known):
                joined[name] = record
    return joined


def write(
    contents: Mapping[Name, Record], name: Name, value: JsonObject, *, device: bytes
) -> Record:
    """Return the record that puts *value* in place of what *contents* have under *name*.

    Raises:
        ValueError: no reader would take it: a name out of bounds, a value that is too large,
            too deep or too wide, or outside the profile of canonical JSON.
    """
    record = Record(*name, rev=_next(contents, name), device=device, value=value)
    try:
        return parse_record(encode_record(record))
    except KithError as error:
        # One record that cannot be read would make the whole vault one that cannot.
        raise ValueError("no value of a record") from error


def erase(contents: Mapping[Name, Record], name: Name, *, device: bytes, today: Day) -> Record:
    """Return the record that deletes what *contents* have under *name*."""
    return Record(*name, rev=_next(contents, name), device=device, value=None, day=today)


def forget(contents: Mapping[Name, Record], *, today: Day) -> Contents:
    """Return *contents* without deletions that every device has had time to see."""
    return {
        name: record
        for name, record in contents.items()
        if record.value is not None or record.day + DELETED_DAYS > today
    }


def _next(contents: Mapping[Name, Record], name: Name) -> int:
    known = contents.get(name)
    return 1 if known is None else known.rev + 1


def _wins(record: Record, known: Record) -> bool:
    ranks = (record.rev, record.device), (known.rev, known.device)
    if ranks[0] != ranks[1] or record is known:
        return ranks[0] > ranks[1]
    # One device never writes a revision twice, but for a restored copy of it: then the bytes
    # decide, so that all devices at least agree.
    return encode_record(record) > encode_record(known)


def _is_whole(record: Record) -> bool:
    is_named = bool(_KIND.match(record.kind) and _ID.match(record.id))
    is_counted = 1 <= record.rev <= MAX_SAFE_INTEGER and 0 <= record.day <= 100_000
    has_end = record.value is None or record.day == 0
    return is_named and is_counted and has_end and len(record.device) == DEVICE_BYTES
