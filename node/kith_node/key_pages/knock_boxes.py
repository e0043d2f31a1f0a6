"""Which boxes take knocks: those that a key bundle names.

Held in memory, because each envelope that is handed in asks. Whoever knocks has read the box
from a page of this node, so what pages name is all there is: those of own offers and those that
were fetched of other nodes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from kith_protocol.bundle import BUNDLE_BYTES, KNOCK_BOX_BYTES
from kith_protocol.key_pages import Page, Split

# The box stands before the signature.
_BOX = slice(BUNDLE_BYTES - 64 - KNOCK_BOX_BYTES, BUNDLE_BYTES - 64)

Load = Callable[[], Awaitable[Iterable[bytes]]]


def boxes_of(answer: Page | Split) -> frozenset[bytes]:
    """Return the boxes that the bundles of a page name."""
    if isinstance(answer, Split):
        return frozenset()
    return frozenset(raw[_BOX] for raw in answer.bundles.values())


class KnockBoxes:
    """The boxes known to take knocks."""

    def __init__(self, load: Load) -> None:
        """Take what reads them all from the databases; asked at the first question."""
        self._load = load
        self._boxes: set[bytes] = set()
        self._is_loaded = False

    async def has(self, box: bytes) -> bool:
        """Return whether *box*, 16 bytes, takes knocks."""
        if box not in self._boxes and not self._is_loaded:
            self._boxes |= set(await self._load())
            self._is_loaded = True
        return box in self._boxes

    def add(self, boxes: Iterable[bytes]) -> None:
        """Know *boxes* from now on."""
        self._boxes |= set(boxes)

    def forget(self) -> None:
        """Read all of them anew at the next question: a week is over."""
        self._boxes = set()
        self._is_loaded = False
