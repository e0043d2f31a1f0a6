"""Batches: many activities in one request, each answered for itself.

A batch is one page, ``{"type": "OrderedCollectionPage", "orderedItems": […]}``, under one
request signature; each item is an activity with its own proof, cut out here as bytes and read
by the caller like a single one, so that a bad item never spoils the others. The answer has one
result per item in the same order.

Source: SPEC.md, section on batched delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from kith_crypto.errors import MalformedError, TooLargeError
from kith_protocol.batch_items import cut_items
from kith_protocol.limits import (
    MAX_ACTIVITY_BYTES,
    MAX_BATCH_BYTES,
    MAX_BATCH_ITEMS,
    MAX_URL_CHARACTERS,
)
from kith_protocol.wire import to_malformed

Status: TypeAlias = Literal["accepted", "duplicate", "ignored", "refused", "later"]
"""``later`` asks to send the item again; every other status is final."""

_HEAD = b'{"type":"OrderedCollectionPage","orderedItems":['
_TAIL = b"]}"


class ItemResult(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What became of one item.

    Attributes:
        status: see ``Status``.
        id: the activity's id, if it could be read.
        code: the stable code of the problem, if it was refused or has to come later.
    """

    status: Status
    id: Annotated[str, Meta(max_length=MAX_URL_CHARACTERS)] | None = None
    code: Annotated[str, Meta(max_length=64)] | None = None


class _Page(msgspec.Struct, frozen=True):
    type: Literal["OrderedCollectionPage"]
    orderedItems: list[msgspec.Raw]  # noqa: N815 - the vocabulary's name


class _Results(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    results: list[ItemResult]


_page_decoder = msgspec.json.Decoder(_Page)
_results_decoder = msgspec.json.Decoder(_Results)


def encode_batch(activities: Sequence[bytes]) -> bytes:
    """Return the batch of *activities*, JSON texts of at most ``MAX_BATCH_BYTES`` in all."""
    assert 0 < len(activities) <= MAX_BATCH_ITEMS
    return _HEAD + b",".join(activities) + _TAIL


def split_batches(activities: Iterable[bytes]) -> Iterable[list[bytes]]:
    """Return *activities* in order, in as few batches as the limits allow."""
    group: list[bytes] = []
    size = len(_HEAD) + len(_TAIL)
    for activity in activities:
        if group and (
            len(group) == MAX_BATCH_ITEMS or size + len(activity) + 1 > MAX_BATCH_BYTES
        ):
            yield group
            group, size = [], len(_HEAD) + len(_TAIL)
        group.append(activity)
        size += len(activity) + 1
    if group:
        yield group


def parse_batch(raw: bytes) -> list[bytes]:
    """Return the items of the batch *raw*, each as the bytes it stands in, unread.

    An item that is longer than an activity may be comes back as it is, for its own refusal.

    Raises:
        TooLargeError: more than ``MAX_BATCH_BYTES`` or ``MAX_BATCH_ITEMS``.
        MalformedError: not such a page, or empty, or one whose items cannot be told apart.
    """
    if len(raw) > MAX_BATCH_BYTES:
        raise TooLargeError(f"{len(raw)} bytes, {MAX_BATCH_BYTES} allowed")
    items = _read_items(raw)
    if len(items) > MAX_BATCH_ITEMS:
        raise TooLargeError(f"{len(items)} items, {MAX_BATCH_ITEMS} allowed")
    if not items:
        raise MalformedError("an empty batch", pointer="/orderedItems")
    return items


def encode_results(results: Sequence[ItemResult]) -> bytes:
    """Return the answer to a batch: *results* in the order of its items."""
    return msgspec.json.encode(_Results(list(results)))


def parse_results(raw: bytes, *, count: int) -> list[ItemResult]:
    """Return the results in the answer *raw* to a batch of *count* items.

    Raises:
        TooLargeError: longer than any answer can be.
        MalformedError: another form, or not one result per item.
    """
    if len(raw) > MAX_BATCH_BYTES + MAX_ACTIVITY_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    try:
        results = _results_decoder.decode(raw).results
    except msgspec.DecodeError as error:
        raise to_malformed(error) from error
    if len(results) != count:
        raise MalformedError("not one result per item", pointer="/results")
    return results


def _read_items(raw: bytes) -> list[bytes]:
    try:
        return [bytes(item) for item in _page_decoder.decode(raw).orderedItems]
    except (msgspec.DecodeError, RecursionError):
        # One of the items may be to blame, and the others are to be read all the same.
        return cut_items(raw)
