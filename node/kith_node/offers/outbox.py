"""What the offers room hands to federation: announcements and withdrawals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kith_node.federation.outbox import Announced, Change, Withdrawn

__all__ = ["Announced", "Change", "Outbox", "Withdrawn"]


class Outbox(Protocol):
    """Takes what leaves (``federation.outbox.Outbox``)."""

    async def append(self, changes: Sequence[Change]) -> None:
        """Take *changes* in this order, in one transaction.

        Safe to repeat: an announcement whose id and revision are there already changes
        nothing, and one whose object has been withdrawn is dropped.
        """
        ...

    async def receipts(self, object_id: str) -> list[tuple[str, str]]:
        """Return peer and state of each receipt of a withdrawn object."""
        ...
