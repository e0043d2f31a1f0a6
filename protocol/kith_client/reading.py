"""Emptying a box: fetch, open, store, acknowledge, in this order and no other.

An item is acknowledged only after the vault that holds what was in it is stored on the node.
If the program ends before, the item is fetched again and found to be known already. What
carries no valid stamp of the node that delivered it, or has another form, is dropped unread;
what came from a node that one's own no longer knows is left to expire.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from kith_client.boxes import Boxes
from kith_client.post import Peers
from kith_client.shelf import Shelf
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.envelope import parse_envelope
from kith_crypto.errors import MalformedError, SignatureError
from kith_crypto.objects import box_address
from kith_crypto.stamp import Stamped
from kith_protocol.box_page import BoxItem


class Letter(msgspec.Struct, frozen=True):
    """An envelope whose stamp was verified.

    Attributes:
        stamped: it.
        node: origin of the node that stamped and delivered it.
        node_keys: keys that node stamps with; they verify ``who`` as well.
    """

    stamped: Stamped
    node: str
    node_keys: tuple[VerifyKey, ...]


Read = Callable[[Letter], Awaitable[bool]]
"""Takes a letter in; whether it may be acknowledged once everything put is stored."""


class BoxReader:
    """Empties boxes."""

    def __init__(self, *, boxes: Boxes, peers: Peers, shelf: Shelf) -> None:
        self._boxes = boxes
        self._peers = peers
        self._shelf = shelf

    async def empty(self, key: SigningKey, read: Read) -> bool:
        """Read everything in the box of *key*; return whether nothing was left in it.

        Args:
            key: owner of the box.
            read: called for each letter, in the order in which the node gives them.
        """
        seen: set[bytes] = set()
        while True:
            page = await self._boxes.fetch(key)
            fresh = [item for item in page.items if item.id not in seen]
            if not fresh:
                return not page.items
            seen |= {item.id for item in fresh}
            done = [item.id for item in fresh if await self._read_item(item, key, read)]
            if done:
                await self._shelf.save()
                await self._boxes.acknowledge(key, done)
            if not page.has_more:
                return len(done) == len(page.items)

    async def _read_item(self, item: BoxItem, key: SigningKey, read: Read) -> bool:
        if await self._peers.get(item.node) is None:
            return False
        try:
            envelope = parse_envelope(item.envelope)
            stamped, keys = await self._peers.verify(envelope, item.node)
        except (MalformedError, SignatureError):
            return True
        if envelope.box != box_address(key.verify_key):
            return True
        return await read(Letter(stamped, item.node, tuple(keys)))
