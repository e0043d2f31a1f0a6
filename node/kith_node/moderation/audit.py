"""Notes what moderators decided: the day, the role and the action, never a person."""

from __future__ import annotations

from kith_node.federation.peer_store import AuditLine, add_audit
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import day_of


class Audit:
    """Writes lines into ``catalogue.db``."""

    def __init__(self, catalogue: Database, *, clock: Clock) -> None:
        """Take the open ``catalogue.db``."""
        self._catalogue = catalogue
        self._clock = clock

    async def note(self, role: str, action: str, about: str = "") -> None:
        """Note a decision.

        Args:
            role: of who decided.
            action: such as ``report-acted``.
            about: an offer or a node; never a member, a report or an application.
        """
        line = AuditLine(day_of(self._clock.now()), role, action, about)
        async with self._catalogue.transaction() as connection:
            await add_audit(connection, line)
