"""Reports: sealed on a member's device, kept for the moderators, decided, forgotten.

The node knows the category, the day and the size. A report that another node passes on is one
of its own kind (``flags``), in the same queue.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_node.moderation import store
from kith_node.moderation.audit import Audit
from kith_node.moderation.flags import Flags, category_of
from kith_node.moderation.limits import (
    MAX_REPORTS,
    MAX_WAITING,
    Intake,
    check_room,
    parse_sealed,
)
from kith_node.moderation.store import ReportRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import day_of
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.sealed_api import (
    CaseAnswer,
    CaseEntry,
    DecisionBody,
    ReportBody,
    ReportStateAnswer,
)

KEPT_DECIDED_DAYS = 30
KEPT_WAITING_DAYS = 180


class Reports:
    """The queue of reports."""

    def __init__(
        self,
        objects: Database,
        *,
        flags: Flags,
        audit: Audit,
        intake: Intake,
        clock: Clock,
        created: Callable[[], None],
    ) -> None:
        """Take the open ``objects.db`` and the rest; *created* is called after each new one."""
        self._objects = objects
        self._flags = flags
        self._audit = audit
        self._intake = intake
        self._clock = clock
        self._created = created

    async def hand_in(self, report_id: bytes, body: ReportBody, *, caller: bytes) -> bool:
        """Keep a report; return whether it is new: the same again changes nothing.

        Args:
            report_id: 16 bytes that the reporter's device drew.
            body: category and sealed bytes.
            caller: hash of the caller's address, for the limit.

        Raises:
            MalformedError: sealed bytes of another size.
            ConflictError: the id is another report's.
            TooManyError, QueueFullError: too many came, or wait.
        """
        raw = parse_sealed(body.sealed)
        async with self._objects.read() as connection:
            known = await store.get_report(connection, report_id)
        if known is not None:
            if known.origin or (known.category, known.raw) != (body.category, raw):
                raise ConflictError("another report has that id")
            return False
        self._intake.take(caller)
        try:
            async with self._objects.transaction() as connection:
                check_room(await store.count_own_waiting(connection), MAX_WAITING)
                check_room(await store.count_reports(connection), MAX_REPORTS)
                await store.insert_report(
                    connection,
                    report_id=report_id,
                    category=body.category,
                    day=day_of(self._clock.now()),
                    origin="",
                    offer="",
                    raw=raw,
                )
        except sqlite3.IntegrityError as error:
            raise ConflictError("another report has that id") from error
        self._created()
        return True

    async def state(self, report_id: bytes) -> ReportStateAnswer:
        """Return what became of a member's report.

        Raises:
            NotFoundError: there is none, or it has been deleted.
        """
        row = await self._get(report_id)
        if row.origin:  # the other node is told in a letter
            raise NotFoundError("no such report")
        return ReportStateAnswer(row.state)

    async def list(self) -> tuple[CaseEntry, ...]:
        """Return the queue, in an order that says nothing."""
        async with self._objects.read() as connection:
            rows = await store.list_reports(connection, limit=2 * MAX_REPORTS)
        return tuple(map(_entry, rows))

    async def get(self, report_id: bytes) -> CaseAnswer:
        """Return one report as it was sealed.

        Raises:
            NotFoundError: there is none.
        """
        row = await self._get(report_id)
        return CaseAnswer(_entry(row), encode_base64url(row.raw))

    async def reseal(self, report_id: bytes, sealed: str) -> None:
        """Put the same report, sealed to the moderators' new key.

        Raises:
            MalformedError: sealed bytes of another size.
            NotFoundError: no report of that id waits.
        """
        raw = parse_sealed(sealed)
        async with self._objects.transaction() as connection:
            if not await store.reseal_report(connection, report_id, raw):
                raise NotFoundError("no such report waits")

    async def decide(self, report_id: bytes, body: DecisionBody, *, role: str) -> None:
        """Close a report; the same decision again changes nothing.

        What leaves (a ``Flag``, or our answer to one) is queued first: a crash in between lets
        the report wait, and the repeated decision queues the same letter.

        Raises:
            NotFoundError: there is none.
            ConflictError: it was decided otherwise.
            MalformedError, ForbiddenError, TooLargeError: it cannot be passed on so.
        """
        row = await self._get(report_id)
        if row.state == body.decision:
            return
        if row.state != store.WAITING:
            raise ConflictError("it was decided otherwise")
        if body.decision == "passed-on":
            await self._flags.pass_on(row, body, role=role)
        elif body.flag_to or body.flag_sealed or body.flag_object:
            raise MalformedError("what is not passed on names no node", pointer="/flagTo")
        elif not row.origin or not await self._flags.answer(row, body.decision, role=role):
            await self._audit.note(role, f"report-{body.decision}", row.origin)
        async with self._objects.transaction() as connection:
            await store.decide_report(
                connection,
                report_id,
                state=body.decision,
                today=day_of(self._clock.now()),
            )

    async def forget(self) -> None:
        """Delete what is over: 30 days after the decision, or after 180 without one."""
        today = day_of(self._clock.now())
        async with self._objects.transaction() as connection:
            await store.delete_decided_reports(connection, until=today - KEPT_DECIDED_DAYS)
            await store.delete_waiting_reports(connection, until=today - KEPT_WAITING_DAYS)

    async def _get(self, report_id: bytes) -> ReportRow:
        async with self._objects.read() as connection:
            row = await store.get_report(connection, report_id)
        if row is None:
            raise NotFoundError("no such report")
        return row


def _entry(row: ReportRow) -> CaseEntry:
    return CaseEntry(
        id=encode_base64url(row.id),
        day=row.day,
        category=category_of(row.category),
        state=row.state,
        origin=row.origin,
        object=row.object,
        answer=row.answer,
    )
