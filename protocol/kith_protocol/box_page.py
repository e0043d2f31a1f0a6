"""What a node answers to whoever fetches a mailbox: some of its envelopes, padded.

``v(1) ‖ has more(1) ‖ count(2) ‖ items ‖ zeros``, in all a power of two from 8 KiB to 256 KiB,
the smallest that holds the items; an item is ``id(16) ‖ day(4) ‖ length(1) ‖ origin ‖
length(4) ‖ envelope``. The origin is that of the node that delivered: whose stamp the envelope
has to carry, and where answers go. Each page has exactly one form. The envelopes in it are
bytes here; reading and verifying them is the caller's part.

Source: SPEC.md, section on mailboxes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kith_crypto.envelope import ENVELOPE_HEAD_BYTES, MAX_ENVELOPE_BYTES, SMALLEST_SEALED_BYTES
from kith_crypto.errors import MalformedError
from kith_protocol.day import MAX_DAY, Day

BOX_PAGE_TYPE = "application/vnd.kith.box"
ENVELOPE_TYPE = "application/vnd.kith.envelope"

ITEM_ID_BYTES = 16
MIN_PAGE_BYTES = 8192
MAX_PAGE_BYTES = 262_144
MAX_NODE_CHARACTERS = 255  # its length is one byte

_VERSION = 1
_HEAD_BYTES = 4
_ITEM_HEAD_BYTES = ITEM_ID_BYTES + 4 + 1 + 4
_MIN_ENVELOPE_BYTES = ENVELOPE_HEAD_BYTES + SMALLEST_SEALED_BYTES


class BoxItem(msgspec.Struct, frozen=True):
    """An envelope as it lies in a box.

    Attributes:
        id: 16 bytes, to acknowledge it by.
        day: on which it came, whole days since 1970-01-01 UTC.
        node: origin of the node that delivered it.
        envelope: its bytes, of a size that an envelope may have.
    """

    id: bytes
    day: Day
    node: str
    envelope: bytes


class BoxPage(msgspec.Struct, frozen=True):
    """What one call fetches.

    Attributes:
        items: oldest day first, in random order within a day.
        has_more: whether others wait behind them, to be fetched once these are acknowledged.
    """

    items: tuple[BoxItem, ...]
    has_more: bool


def item_bytes(*, node: str, envelope_bytes: int) -> int:
    """Return how much of a page an envelope of so many bytes from *node* takes."""
    return _ITEM_HEAD_BYTES + len(node) + envelope_bytes


def count_fitting(sizes: Sequence[int]) -> int:
    """Return how many items, in order, one page holds.

    Args:
        sizes: ``item_bytes`` of each.
    """
    room = MAX_PAGE_BYTES - _HEAD_BYTES
    for count, size in enumerate(sizes):
        room -= size
        if room < 0:
            return count
    return len(sizes)


def encode_box_page(items: Sequence[BoxItem], *, has_more: bool) -> bytes:
    """Return the page with *items*, padded.

    Raises:
        ValueError: they do not fit (``count_fitting``), or a part is out of bounds.
    """
    if count_fitting([_size_of(item) for item in items]) < len(items):
        raise ValueError("more than a page")
    head = bytes((_VERSION, has_more)) + len(items).to_bytes(2, "big")
    page = head + b"".join(map(_encode_item, items))
    return page.ljust(_padded(len(page)), b"\0")


def parse_box_page(raw: bytes) -> BoxPage:
    """Return the page that *raw* spells.

    Raises:
        MalformedError: another form than ``encode_box_page`` gives.
    """
    if not MIN_PAGE_BYTES <= len(raw) <= MAX_PAGE_BYTES or raw[0] != _VERSION or raw[1] > 1:
        raise MalformedError("not a page of a mailbox")
    items: list[BoxItem] = []
    position = _HEAD_BYTES
    for _ in range(int.from_bytes(raw[2:4], "big")):
        item, position = _parse_item(raw, position)
        items.append(item)
    if len(raw) != _padded(position) or any(raw[position:]):
        raise MalformedError("a page is padded with zeros to the next power of two")
    return BoxPage(items=tuple(items), has_more=bool(raw[1]))


def _size_of(item: BoxItem) -> int:
    return item_bytes(node=item.node, envelope_bytes=len(item.envelope))


def _padded(size: int) -> int:
    return max(MIN_PAGE_BYTES, 1 << (size - 1).bit_length())


def _encode_item(item: BoxItem) -> bytes:
    is_whole = len(item.id) == ITEM_ID_BYTES and _is_envelope_size(len(item.envelope))
    if not is_whole or not 0 <= item.day <= MAX_DAY or not _is_node(item.node.encode()):
        raise ValueError("an id, day, origin or envelope does not fit an item")
    return b"".join(
        (
            item.id,
            item.day.to_bytes(4, "big"),
            bytes((len(item.node),)),
            item.node.encode("ascii"),
            len(item.envelope).to_bytes(4, "big"),
            item.envelope,
        )
    )


def _parse_item(raw: bytes, start: int) -> tuple[BoxItem, int]:
    """Return the item that begins at *start*, and where it ends."""
    node_start = start + ITEM_ID_BYTES + 4 + 1
    if node_start > len(raw):
        raise MalformedError("an item is cut off")
    node_end = node_start + raw[node_start - 1]
    node = raw[node_start:node_end]
    envelope_start = node_end + 4
    size = int.from_bytes(raw[node_end:envelope_start], "big")
    envelope = raw[envelope_start : envelope_start + size]
    day = int.from_bytes(raw[start + ITEM_ID_BYTES : node_start - 1], "big")
    is_whole = len(envelope) == size and _is_envelope_size(size)
    if not is_whole or day > MAX_DAY or not _is_node(node):
        raise MalformedError("not an item of a mailbox")
    item = BoxItem(
        id=raw[start : start + ITEM_ID_BYTES],
        day=Day(day),
        node=node.decode("ascii"),
        envelope=envelope,
    )
    return item, envelope_start + size


def _is_envelope_size(size: int) -> bool:
    return _MIN_ENVELOPE_BYTES <= size <= MAX_ENVELOPE_BYTES


def _is_node(node: bytes) -> bool:
    # An origin in its one written form has nothing else; which ones are nodes clients know
    # from the list of peers.
    is_plain = all(0x21 <= byte <= 0x7E for byte in node)
    return is_plain and 0 < len(node) <= MAX_NODE_CHARACTERS
