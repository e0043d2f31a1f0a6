"""Which pieces of advice a member has read: each is shown once by itself, on any device.

What there is to read, and when, is the program's part.
"""

from __future__ import annotations

import msgspec

from kith_client.shelf import Shelf

KIND = "tip"


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of advice that was shown; when, nobody needs to know."""


class Tips:
    """The advice that one member has read."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def is_new(self, moment: str) -> bool:
        """Return whether nothing was said yet about *moment*, such as ``first-session``."""
        return moment.encode() not in self._shelf.all(KIND, _Told)

    async def note(self, moment: str) -> None:
        """Remember that it was said."""
        self._shelf.put(KIND, moment.encode(), _Told())
        await self._shelf.save()
