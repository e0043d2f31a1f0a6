"""What the catalogue asks of an index in memory, without saying how it is built.

An index agrees with ``kith_protocol.matching`` and ``kith_protocol.ranking``. It may differ in
two: the window described there, and a bound of the words that one community brings and no other
has said, since nobody's offers may fill the memory. It holds positions, not ids: rows are
fetched for one page only. Importing this module is cheap; ``bitmap_index`` loads numpy and
comes after the port is open.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from kith_protocol.api import FacetsAnswer
from kith_protocol.listed import Listed
from kith_protocol.query import Cursor, Query


class Page(msgspec.Struct, frozen=True):
    """One page of an answer.

    Attributes:
        hits: (position, score), best first.
        total: all that match, on this page or not.
        next: where the next page begins, or None if there is none.
    """

    hits: tuple[tuple[int, int], ...]
    total: int
    next: Cursor | None


class CatalogueIndex(Protocol):
    """An index over the offers that members may see."""

    def put(self, position: int, offer: Listed) -> None:
        """Take *offer* in at *position*, in place of what was there."""
        ...

    def drop(self, position: int) -> None:
        """Forget what is at *position*, if anything."""
        ...

    def search(self, query: Query, day: int) -> Page:
        """Return the page of *query* when today is *day*."""
        ...

    def facets(self, query: Query, day: int) -> FacetsAnswer:
        """Return the counts of *query* when today is *day*."""
        ...

    def positions_in(self, language: str, day: int) -> list[int]:
        """Return the positions of live offers that name *language* (a primary subtag)."""
        ...
