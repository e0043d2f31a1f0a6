"""Applications to join: sealed by somebody without an account, decided, deleted at once.

Approving opens the invite that the applicant's device made: for a plain member, whatever role
the device may have put into it. Nothing links the two afterwards.
"""

from __future__ import annotations

import sqlite3

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_node.members.invites import Invites
from kith_node.moderation import store
from kith_node.moderation.audit import Audit
from kith_node.moderation.limits import MAX_APPLICATIONS, Intake, check_room, parse_sealed
from kith_node.moderation.store import ApplicationRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import day_of
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.sealed_api import ApplicationBody, CaseAnswer, CaseEntry

KEPT_DAYS = 14
HASH_BYTES = 32


class Applications:
    """The queue of applications."""

    def __init__(
        self,
        objects: Database,
        *,
        invites: Invites,
        audit: Audit,
        intake: Intake,
        clock: Clock,
    ) -> None:
        """Take the open ``objects.db`` and what opens invites."""
        self._objects = objects
        self._invites = invites
        self._audit = audit
        self._intake = intake
        self._clock = clock

    async def hand_in(
        self, application_id: bytes, body: ApplicationBody, *, caller: bytes
    ) -> bool:
        """Keep an application; return whether it is new: the same again changes nothing.

        Args:
            application_id: 16 bytes that the applicant's device drew.
            body: hash of the invite and sealed bytes.
            caller: hash of the caller's address, for the limit.

        Raises:
            MalformedError: sealed bytes of another size.
            ConflictError: the id is another application's.
            TooManyError, QueueFullError: too many came, or wait.
        """
        raw = parse_sealed(body.sealed)
        invite = parse_base64url(body.invite, size=HASH_BYTES)
        # Whether an id is known is told to those only who may hand in.
        self._intake.take(caller)
        row = ApplicationRow(application_id, invite, day_of(self._clock.now()), raw)
        try:
            async with self._objects.transaction() as connection:
                known = await store.get_application(connection, application_id)
                if known is not None:
                    if (known.invite, known.raw) != (invite, raw):
                        raise ConflictError("another application has that id")
                    return False
                check_room(await store.count_applications(connection), MAX_APPLICATIONS)
                await store.insert_application(connection, row)
        except sqlite3.IntegrityError as error:
            raise ConflictError("another application has that id") from error
        return True

    async def list(self) -> tuple[CaseEntry, ...]:
        """Return the queue, in an order that says nothing."""
        async with self._objects.read() as connection:
            rows = await store.list_applications(connection, limit=MAX_APPLICATIONS)
        return tuple(map(_entry, rows))

    async def get(self, application_id: bytes) -> CaseAnswer:
        """Return one application as it was sealed.

        Raises:
            NotFoundError: there is none.
        """
        row = await self._get(application_id)
        return CaseAnswer(_entry(row), encode_base64url(row.raw), encode_base64url(row.invite))

    async def reseal(self, application_id: bytes, sealed: str) -> None:
        """Put the same application, sealed to the moderators' new key.

        Raises:
            MalformedError: sealed bytes of another size.
            NotFoundError: there is none.
        """
        raw = parse_sealed(sealed)
        async with self._objects.transaction() as connection:
            if not await store.reseal_application(connection, application_id, raw):
                raise NotFoundError("no such application")

    async def decide(self, application_id: bytes, *, is_admitted: bool, role: str) -> None:
        """Open the applicant's invite, or don't; the application is deleted.

        The invite comes first: after a crash in between the decision is repeated.

        Raises:
            NotFoundError: there is none.
            ConflictError: as many invites are open as may be.
        """
        row = await self._get(application_id)
        if is_admitted:
            await self._invites.open_applied(row.invite)
        await self._audit.note(
            role, "application-admitted" if is_admitted else "application-refused"
        )
        async with self._objects.transaction() as connection:
            await store.delete_application(connection, application_id)

    async def forget(self) -> None:
        """Delete what nobody decided within 14 days."""
        until = day_of(self._clock.now()) - KEPT_DAYS
        async with self._objects.transaction() as connection:
            await store.delete_old_applications(connection, until=until)

    async def _get(self, application_id: bytes) -> ApplicationRow:
        async with self._objects.read() as connection:
            row = await store.get_application(connection, application_id)
        if row is None:
            raise NotFoundError("no such application")
        return row


def _entry(row: ApplicationRow) -> CaseEntry:
    return CaseEntry(id=encode_base64url(row.id), day=row.day, category="", state=store.WAITING)
