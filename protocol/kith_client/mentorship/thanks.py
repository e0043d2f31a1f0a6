"""A mentor's book of thanks: what they were thanked for, kept when conversations go."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kith_client.mentorship.records import THANKS_KIND, ThanksRecord
from kith_client.shelf import Shelf
from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import MAX_SHOWN_THANKS
from kith_protocol.day import Day
from kith_protocol.mentorship.state import Mentorship


class KeptThanks(msgspec.Struct, frozen=True):
    """One thanks. Its ``repr`` shows nothing.

    Attributes:
        id: 32 bytes.
        may_show: whether whoever gave it lets it be shown to others.
        day: on which it came.
    """

    id: bytes
    text: str
    may_show: bool
    day: Day

    def __repr__(self) -> str:
        return "KeptThanks(...)"


class ThanksBook:
    """All thanks of one member."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def list(self) -> tuple[KeptThanks, ...]:
        """Return all thanks, oldest first."""
        found = [
            KeptThanks(key, one.text, one.may_show, Day(one.day))
            for key, one in self._shelf.all(THANKS_KIND, ThanksRecord).items()
            if one.text
        ]
        return tuple(sorted(found, key=lambda one: (one.day, one.id)))

    def shown(self, ids: Sequence[bytes]) -> tuple[str, ...]:
        """Return the texts of these thanks.

        Raises:
            UsageError: there is no such one, it may not be shown, or there are more than three.
        """
        if len(ids) > MAX_SHOWN_THANKS:
            raise UsageError("a card shows at most three thanks")
        known = {one.id: one for one in self.list()}
        texts = []
        for key in ids:
            if key not in known:
                raise UsageError("there is no such thanks")
            if not known[key].may_show:
                raise UsageError("whoever gave this thanks did not say that you may show it")
            texts.append(known[key].text)
        return tuple(texts)

    def take(self, state: Mentorship, *, today: Day) -> bool:
        """Keep the thanks of a mentorship in which one was the mentor.

        Returns:
            Whether there was a new one; the caller saves.
        """
        known = self._shelf.all(THANKS_KIND, ThanksRecord)
        new = [thank for thank in state.thanks if thank.hash not in known]
        for thank in new:
            record = ThanksRecord(thank.text, thank.may_show, today)
            self._shelf.put(THANKS_KIND, thank.hash, record)
        return bool(new)

    async def drop(self, thanks: bytes) -> None:
        """Throw a thanks away."""
        known = self._shelf.get(THANKS_KIND, thanks, ThanksRecord)
        if known is None:
            raise UsageError("there is no such thanks")
        # Its name stays, so that it does not come back from a conversation that goes on.
        self._shelf.put(THANKS_KIND, thanks, msgspec.structs.replace(known, text=""))
        await self._shelf.save()
