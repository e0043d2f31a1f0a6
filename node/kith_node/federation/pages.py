"""Pages of the outbox: the log of a node as its peers read it.

A page is an ``OrderedCollectionPage`` whose ``next`` always names where to go on, also after
the last activity, so that a reader that has everything knows where new ones will appear. The
cursor in it means something to its writer only.

Source: ActivityPub §5.1; Activity Vocabulary (OrderedCollectionPage); SPEC.md, section on
catching up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_node.federation.store import Entry
from kith_protocol.contexts import ACTIVITY_STREAMS
from kith_protocol.limits import MAX_BATCH_ITEMS, MAX_FETCH_BYTES
from kith_protocol.urls import Origin, outbox_url
from kith_protocol.wire import to_malformed

MAX_PAGE_ITEMS = 200
# Leaves room for what stands around the items within the size of one fetch.
MAX_ITEMS_BYTES = MAX_FETCH_BYTES - 16_384
MAX_CURSOR_CHARACTERS = 128

_SEQUENCE_BYTES = 8
_MAX_SEQUENCE = 2**63 - 1  # of SQLite


class Page(msgspec.Struct, frozen=True):
    """A page as read: activities as the bytes they stand in, and the cursor for the next."""

    activities: tuple[bytes, ...]
    cursor: str


class _Wire(msgspec.Struct, frozen=True, rename={"context": "@context", "part_of": "partOf"}):
    context: str
    id: str
    type: Literal["OrderedCollectionPage"]
    part_of: str
    orderedItems: list[msgspec.Raw]  # noqa: N815 - the vocabulary's name
    next: str


_decoder = msgspec.json.Decoder(_Wire)


def page_url(outbox: str, cursor: str, limit: int = MAX_PAGE_ITEMS) -> str:
    """Return the address of the page that follows *cursor*; empty: the first."""
    parameters = {"after": cursor, "limit": str(limit)} if cursor else {"limit": str(limit)}
    return f"{outbox}?{urlencode(parameters)}"


def encode_page(origin: Origin, entries: Sequence[Entry], *, after: int) -> bytes:
    """Return the page with the first of *entries* that fit.

    Args:
        origin: of this node.
        entries: lines of the outbox in order.
        after: the sequence that the reader has got.
    """
    items: list[msgspec.Raw] = []
    size, last = 0, after
    for entry in entries:
        size += len(entry.activity) + 1
        if items and size > MAX_ITEMS_BYTES:
            break
        items.append(msgspec.Raw(entry.activity))
        last = entry.sequence
    outbox = outbox_url(origin)
    page = _Wire(
        context=ACTIVITY_STREAMS,
        id=page_url(outbox, encode_cursor(after)),
        type="OrderedCollectionPage",
        part_of=outbox,
        orderedItems=items,
        next=page_url(outbox, encode_cursor(last)),
    )
    return msgspec.json.encode(page)


def parse_page(raw: bytes, *, outbox: str) -> Page:
    """Return the page in *raw*.

    Args:
        raw: as fetched.
        outbox: the address of the outbox that was asked.

    Raises:
        TooLargeError: more items than a page may have.
        MalformedError: another form, or going on elsewhere.
    """
    try:
        page = _decoder.decode(raw)
    except msgspec.DecodeError as error:
        raise to_malformed(error) from error
    except RecursionError as error:
        raise MalformedError("nested too deeply") from error
    if len(page.orderedItems) > MAX_BATCH_ITEMS:
        raise TooLargeError(f"{len(page.orderedItems)} items")
    prefix = f"{outbox}?after="
    cursor = page.next.removeprefix(prefix).partition("&")[0]
    if not page.next.startswith(prefix) or not 0 < len(cursor) <= MAX_CURSOR_CHARACTERS:
        raise MalformedError("a page that goes on elsewhere", pointer="/next")
    return Page(tuple(bytes(item) for item in page.orderedItems), cursor)


def encode_cursor(sequence: int) -> str:
    """Return *sequence* as peers carry it."""
    return encode_base64url(sequence.to_bytes(_SEQUENCE_BYTES, "big"))


def parse_cursor(text: str) -> int:
    """Return the sequence in *text*; empty is the start.

    Raises:
        MalformedError: not a cursor of ours.
    """
    if not text:
        return 0
    raw = parse_base64url(text, size=_SEQUENCE_BYTES)
    return min(int.from_bytes(raw, "big"), _MAX_SEQUENCE)
