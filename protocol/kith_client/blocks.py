"""Who may not knock any more, and conversations that ended without a word.

A knock carries ``who``: the same for the same member at the same offer, another one at every
other offer. So a block holds at one offer, for as long as the node of that member keeps its key
(a year), and against one account: somebody with a second account is somebody new. The other
side is told nothing; their knock ends unanswered.
"""

from __future__ import annotations

import msgspec

from kith_client.shelf import Shelf
from kith_crypto.hashes import sha256

KIND = "block"
ENDED_KIND = "ended"


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is blocked at one offer. Its ``repr`` shows nothing.

    Attributes:
        offer: 16 bytes.
        node: origin of their node.
        who: 16 bytes.
        day: on which they were blocked.
    """

    offer: bytes
    node: str
    who: bytes
    day: int

    def __repr__(self) -> str:
        return "Block(...)"

    @property
    def id(self) -> bytes:
        """Return what names the block, 16 bytes."""
        return sha256(self.offer + self.who + self.node.encode())[:16]


class Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation that is over on this side, without the other side being told."""

    day: int


class Blocks:
    """The blocks of one member. Nothing here is sent to anybody."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def list(self) -> tuple[Block, ...]:
        """Return all blocks, oldest first."""
        blocks = self._shelf.all(KIND, Block).values()
        return tuple(sorted(blocks, key=lambda block: (block.day, block.id)))

    def is_blocked(self, *, offer: bytes, node: str, who: bytes) -> bool:
        """Return whether a knock at *offer* comes from somebody blocked there."""
        block = Block(offer, node, who, 0)
        return self._shelf.get(KIND, block.id, Block) is not None

    def put(self, block: Block) -> None:
        """Block somebody; the caller saves."""
        self._shelf.put(KIND, block.id, block)

    async def lift(self, block: bytes) -> None:
        """Let somebody knock again; what they sent meanwhile is gone."""
        self._shelf.drop(KIND, block)
        await self._shelf.save()

    def has_ended(self, conversation: bytes) -> bool:
        """Return whether the conversation was ended on this side without a word."""
        return self._shelf.get(ENDED_KIND, conversation, Ended) is not None

    def end(self, conversation: bytes, *, day: int) -> None:
        """End a conversation without a word; the caller saves."""
        self._shelf.put(ENDED_KIND, conversation, Ended(day))
