"""All SQL of the moderation room, on ``objects.db``: reports and applications.

Functions take a connection first, answer one question and never commit. Every list is in order
of id, which is random, so that it says nothing.
"""

from __future__ import annotations

from typing import Final, Literal

import aiosqlite
import msgspec

from kith_protocol.sealed_api import Decision

WAITING: Final = "waiting"

SQL_INSERT_REPORT = """
INSERT INTO reports (id, category, day, decided_day, state, answer, origin, object, bytes)
VALUES (:id, :category, :day, NULL, 'waiting', '', :origin, :object, :bytes)
"""
SQL_SELECT_REPORT = """
SELECT id, category, day, state, answer, origin, object, bytes FROM reports WHERE id = :id
"""
SQL_LIST_REPORTS = """
SELECT id, category, day, state, answer, origin, object, x'' FROM reports
ORDER BY id LIMIT :limit
"""
SQL_LIST_PASSED_ON = """
SELECT id FROM reports WHERE state = 'passed-on' AND origin = '' LIMIT 10000
"""
SQL_COUNT_OWN_WAITING = """
SELECT count(*) FROM reports WHERE state = 'waiting' AND origin = ''
"""
SQL_COUNT_WAITING_FROM = """
SELECT count(*) FROM reports WHERE state = 'waiting' AND origin = :origin
"""
SQL_COUNT_FOREIGN_WAITING = """
SELECT count(*) FROM reports WHERE state = 'waiting' AND origin > ''
"""
SQL_COUNT_REPORTS = "SELECT count(*) FROM reports"
SQL_UPDATE_REPORT_BYTES = """
UPDATE reports SET bytes = :bytes WHERE id = :id AND state = 'waiting'
"""
SQL_DECIDE_REPORT = """
UPDATE reports SET state = :state, decided_day = :today WHERE id = :id AND state = 'waiting'
"""
SQL_UPDATE_ANSWER = "UPDATE reports SET answer = :answer WHERE id = :id"
SQL_DELETE_DECIDED_REPORTS = """
DELETE FROM reports WHERE decided_day IS NOT NULL AND decided_day <= :until
"""
SQL_DELETE_WAITING_REPORTS = """
DELETE FROM reports WHERE state = 'waiting' AND day <= :until
"""

SQL_INSERT_APPLICATION = """
INSERT INTO applications (id, invite, day, bytes) VALUES (:id, :invite, :day, :bytes)
"""
SQL_SELECT_APPLICATION = "SELECT id, invite, day, bytes FROM applications WHERE id = :id"
SQL_LIST_APPLICATIONS = """
SELECT id, invite, day, x'' FROM applications ORDER BY id LIMIT :limit
"""
SQL_COUNT_APPLICATIONS = "SELECT count(*) FROM applications"
SQL_UPDATE_APPLICATION_BYTES = "UPDATE applications SET bytes = :bytes WHERE id = :id"
SQL_DELETE_APPLICATION = "DELETE FROM applications WHERE id = :id"
SQL_DELETE_OLD_APPLICATIONS = "DELETE FROM applications WHERE day <= :until"


class ReportRow(msgspec.Struct, frozen=True):
    """A report as stored.

    Attributes:
        id: 16 bytes.
        category: empty where another node names none.
        day: on which it came.
        state: ``WAITING`` or the decision.
        answer: decision of the moderators that it was passed on to, once they have told.
        origin: node that passed it on to us; empty for our own members' reports.
        object: id of the offer that the other node names openly, or empty.
        raw: sealed to the moderators; empty in lists.
    """

    id: bytes
    category: str
    day: int
    state: Literal["waiting"] | Decision
    answer: str
    origin: str
    object: str
    raw: bytes


class ApplicationRow(msgspec.Struct, frozen=True):
    """An application as stored: id, hash of the invite, day, sealed bytes (empty in lists)."""

    id: bytes
    invite: bytes
    day: int
    raw: bytes


async def insert_report(
    connection: aiosqlite.Connection,
    *,
    report_id: bytes,
    category: str,
    day: int,
    origin: str,
    offer: str,
    raw: bytes,
) -> None:
    """Add a report that waits.

    Raises:
        sqlite3.IntegrityError: the id is taken.
    """
    values = {
        "id": report_id,
        "category": category,
        "day": day,
        "origin": origin,
        "object": offer,
        "bytes": raw,
    }
    await connection.execute(SQL_INSERT_REPORT, values)


async def get_report(connection: aiosqlite.Connection, report_id: bytes) -> ReportRow | None:
    """Return the report with this id."""
    async with connection.execute(SQL_SELECT_REPORT, {"id": report_id}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else ReportRow(*row)


async def list_reports(
    connection: aiosqlite.Connection, *, limit: int
) -> tuple[ReportRow, ...]:
    """Return at most *limit* reports, without their bytes."""
    rows = await connection.execute_fetchall(SQL_LIST_REPORTS, {"limit": limit})
    return tuple(ReportRow(*row) for row in rows)


async def list_passed_on(connection: aiosqlite.Connection) -> tuple[bytes, ...]:
    """Return the ids of our members' reports that were passed on."""
    return tuple(row[0] for row in await connection.execute_fetchall(SQL_LIST_PASSED_ON))


async def count_reports(connection: aiosqlite.Connection) -> int:
    """Return how many reports there are, decided ones included."""
    return await _count(connection, SQL_COUNT_REPORTS)


async def count_own_waiting(connection: aiosqlite.Connection) -> int:
    """Return how many of our members' reports wait."""
    return await _count(connection, SQL_COUNT_OWN_WAITING)


async def count_foreign_waiting(connection: aiosqlite.Connection) -> int:
    """Return how many reports of other nodes wait."""
    return await _count(connection, SQL_COUNT_FOREIGN_WAITING)


async def count_waiting_from(connection: aiosqlite.Connection, origin: str) -> int:
    """Return how many reports of the node at *origin* wait."""
    return await _count(connection, SQL_COUNT_WAITING_FROM, {"origin": origin})


async def reseal_report(connection: aiosqlite.Connection, report_id: bytes, raw: bytes) -> bool:
    """Replace the bytes of a report that waits; return whether there is one."""
    values = {"id": report_id, "bytes": raw}
    return (await connection.execute(SQL_UPDATE_REPORT_BYTES, values)).rowcount == 1


async def decide_report(
    connection: aiosqlite.Connection, report_id: bytes, *, state: str, today: int
) -> bool:
    """Close a report that waits; return whether there is one."""
    values = {"id": report_id, "state": state, "today": today}
    return (await connection.execute(SQL_DECIDE_REPORT, values)).rowcount == 1


async def put_answer(
    connection: aiosqlite.Connection, report_id: bytes, *, answer: str
) -> None:
    """Note what the moderators decided whom a report was passed on to."""
    await connection.execute(SQL_UPDATE_ANSWER, {"id": report_id, "answer": answer})


async def delete_decided_reports(connection: aiosqlite.Connection, *, until: int) -> None:
    """Remove reports that were decided on the day *until* or before."""
    await connection.execute(SQL_DELETE_DECIDED_REPORTS, {"until": until})


async def delete_waiting_reports(connection: aiosqlite.Connection, *, until: int) -> None:
    """Remove reports that came on the day *until* or before and that nobody decided."""
    await connection.execute(SQL_DELETE_WAITING_REPORTS, {"until": until})


async def insert_application(
    connection: aiosqlite.Connection, application: ApplicationRow
) -> None:
    """Add an application.

    Raises:
        sqlite3.IntegrityError: the id is taken.
    """
    values = {
        "id": application.id,
        "invite": application.invite,
        "day": application.day,
        "bytes": application.raw,
    }
    await connection.execute(SQL_INSERT_APPLICATION, values)


async def get_application(
    connection: aiosqlite.Connection, application_id: bytes
) -> ApplicationRow | None:
    """Return the application with this id."""
    async with connection.execute(SQL_SELECT_APPLICATION, {"id": application_id}) as cursor:
        row = await cursor.fetchone()
    return None if row is None else ApplicationRow(*row)


async def list_applications(
    connection: aiosqlite.Connection, *, limit: int
) -> tuple[ApplicationRow, ...]:
    """Return at most *limit* applications, without their bytes."""
    rows = await connection.execute_fetchall(SQL_LIST_APPLICATIONS, {"limit": limit})
    return tuple(ApplicationRow(*row) for row in rows)


async def count_applications(connection: aiosqlite.Connection) -> int:
    """Return how many applications there are."""
    return await _count(connection, SQL_COUNT_APPLICATIONS)


async def reseal_application(
    connection: aiosqlite.Connection, application_id: bytes, raw: bytes
) -> bool:
    """Replace the bytes of an application; return whether there is one."""
    values = {"id": application_id, "bytes": raw}
    return (await connection.execute(SQL_UPDATE_APPLICATION_BYTES, values)).rowcount == 1


async def delete_application(connection: aiosqlite.Connection, application_id: bytes) -> None:
    """Remove an application."""
    await connection.execute(SQL_DELETE_APPLICATION, {"id": application_id})


async def delete_old_applications(connection: aiosqlite.Connection, *, until: int) -> None:
    """Remove applications that came on the day *until* or before."""
    await connection.execute(SQL_DELETE_OLD_APPLICATIONS, {"until": until})


async def _count(
    connection: aiosqlite.Connection, sql: str, values: dict[str, str] | None = None
) -> int:
    async with connection.execute(sql, values or {}) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
