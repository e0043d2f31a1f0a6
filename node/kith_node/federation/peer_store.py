"""The SQL of peers, of letters to single peers and of the stewards' audit.

What a peering may become, and who is told, is decided by ``peering``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import aiosqlite
import msgspec

from kith_protocol.peering import Peering

SQL_LIST_PEERS = """
SELECT actor, document, peering, is_paused, log_cursor, sent, looked_day
FROM peers ORDER BY actor LIMIT 100000
"""
SQL_GET_PEER = """
SELECT actor, document, peering, is_paused, log_cursor, sent, looked_day
FROM peers WHERE actor = :actor
"""
SQL_PUT_PEER = """
INSERT INTO peers
    (actor, document, peering, is_open, is_paused, log_cursor, sent, looked_day)
VALUES (:actor, :document, :peering, :is_open, :is_paused, '', 0, :looked_day)
ON CONFLICT (actor) DO UPDATE SET
    document = excluded.document, peering = excluded.peering, is_open = excluded.is_open,
    is_paused = excluded.is_paused, looked_day = excluded.looked_day
"""
SQL_DELETE_PEER = "DELETE FROM peers WHERE actor = :actor"
SQL_COUNT_CLOSED = "SELECT count(*) FROM peers WHERE is_open = 0"
SQL_LIST_BEHIND = """
SELECT actor FROM peers
WHERE is_open = 1 AND sent < (SELECT coalesce(max(sequence), 0) FROM outbox) LIMIT 100000
"""
SQL_START_EXCHANGE = """
UPDATE peers
SET log_cursor = '', sent = (SELECT coalesce(max(sequence), 0) FROM outbox)
WHERE actor = :actor
"""
SQL_SET_CURSOR = "UPDATE peers SET log_cursor = :cursor WHERE actor = :actor"
SQL_SET_SENT = "UPDATE peers SET sent = :sent WHERE actor = :actor AND sent < :sent"
SQL_SKIP_TO_END = """
UPDATE peers SET sent = (SELECT coalesce(max(sequence), 0) FROM outbox) WHERE actor = :actor
"""
SQL_ADD_LETTER = """
INSERT OR IGNORE INTO letters (peer, activity_id, activity, day, is_receipt)
VALUES (:peer, :activity_id, :activity, :day, :is_receipt)
"""
SQL_LIST_LETTERS = """
SELECT number, activity, is_receipt FROM letters WHERE peer = :peer ORDER BY number LIMIT :limit
"""
SQL_LIST_ADDRESSEES = "SELECT DISTINCT peer FROM letters LIMIT 100000"
SQL_DELETE_LETTER = "DELETE FROM letters WHERE number = :number"
SQL_DELETE_LETTERS_TO = "DELETE FROM letters WHERE peer = :peer"
SQL_DELETE_LETTERS_BEFORE = "DELETE FROM letters WHERE day < :day"
SQL_ADD_AUDIT = """
INSERT INTO audit (day, role, action, object) VALUES (:day, :role, :action, :object)
"""
SQL_LIST_AUDIT = """
SELECT day, role, action, object FROM audit ORDER BY rowid DESC LIMIT :limit
"""

_peering_decoder = msgspec.json.Decoder(Peering)


class PeerRow(msgspec.Struct, frozen=True):
    """What this node holds of another one.

    Attributes:
        actor: its id.
        document: JCS bytes of its actor as last trusted.
        peering: what was agreed.
        is_paused: it shows a key that no trusted key vouches for; nothing goes either way.
        log_cursor: how far we have read its outbox; empty: not yet.
        sent: sequence of our outbox up to which it has everything.
        looked_day: day of a steward's last decision about it, or of its first Follow.
    """

    actor: str
    document: bytes
    peering: Peering
    is_paused: bool = False
    log_cursor: str = ""
    sent: int = 0
    looked_day: int = 0

    @property
    def is_open(self) -> bool:
        """Whether announcements go both ways."""
        return self.peering.is_peer and not self.is_paused


class NewLetter(msgspec.Struct, frozen=True):
    """An activity to be queued for one peer.

    Attributes:
        peer: actor id.
        activity_id: of the activity.
        activity: its bytes as they will be sent.
        day: today, whole days since 1970-01-01.
        is_receipt: 1 for the answer to a withdrawal, which may travel in a batch; what is
            about peering may not, as only peers take batches.
    """

    peer: str
    activity_id: str
    activity: bytes
    day: int
    is_receipt: int = 0


class Letter(msgspec.Struct, frozen=True):
    """An activity for one peer: its number in the queue, its bytes, whether it is a receipt."""

    number: int
    activity: bytes
    is_receipt: bool


class AuditLine(msgspec.Struct, frozen=True):
    """A decision: day, role of who took it, what was done, to what."""

    day: int
    role: str
    action: str
    object: str


async def list_peers(connection: aiosqlite.Connection) -> list[PeerRow]:
    """Return every row, by actor."""
    return [_peer(row) for row in await connection.execute_fetchall(SQL_LIST_PEERS)]


async def get_peer(connection: aiosqlite.Connection, actor: str) -> PeerRow | None:
    """Return the row of *actor*, or None."""
    rows = list(await connection.execute_fetchall(SQL_GET_PEER, {"actor": actor}))
    return _peer(rows[0]) if rows else None


async def put_peer(connection: aiosqlite.Connection, peer: PeerRow) -> None:
    """Store *peer*; ``log_cursor`` and ``sent`` stay as they are, empty and 0 at first."""
    values = {
        "actor": peer.actor,
        "document": peer.document,
        "peering": msgspec.json.encode(peer.peering).decode(),
        "is_open": int(peer.is_open),
        "is_paused": int(peer.is_paused),
        "looked_day": peer.looked_day,
    }
    await connection.execute(SQL_PUT_PEER, values)


async def delete_peer(connection: aiosqlite.Connection, actor: str) -> None:
    """Forget *actor*."""
    await connection.execute(SQL_DELETE_PEER, {"actor": actor})


async def count_closed(connection: aiosqlite.Connection) -> int:
    """Return how many nodes are known with whom nothing is exchanged."""
    rows = list(await connection.execute_fetchall(SQL_COUNT_CLOSED))
    return int(rows[0][0])


async def list_behind(connection: aiosqlite.Connection) -> list[str]:
    """Return the peers that have not got everything of our outbox."""
    return [row[0] for row in await connection.execute_fetchall(SQL_LIST_BEHIND)]


async def start_exchange(connection: aiosqlite.Connection, actor: str) -> None:
    """Read the outbox of *actor* from its start; what we have, it reads itself likewise."""
    await connection.execute(SQL_START_EXCHANGE, {"actor": actor})


async def set_cursor(connection: aiosqlite.Connection, actor: str, cursor: str) -> None:
    """Remember how far the outbox of *actor* has been read."""
    await connection.execute(SQL_SET_CURSOR, {"actor": actor, "cursor": cursor})


async def set_sent(connection: aiosqlite.Connection, actor: str, sent: int) -> None:
    """Remember that *actor* has everything up to *sent*; never goes back."""
    await connection.execute(SQL_SET_SENT, {"actor": actor, "sent": sent})


async def skip_to_end(connection: aiosqlite.Connection, actor: str) -> None:
    """Deliver nothing older to *actor*: it reads the outbox when it is new, or back."""
    await connection.execute(SQL_SKIP_TO_END, {"actor": actor})


async def add_letters(connection: aiosqlite.Connection, letters: Sequence[NewLetter]) -> None:
    """Queue letters, each once per peer and activity id."""
    values = [msgspec.structs.asdict(letter) for letter in letters]
    await connection.executemany(SQL_ADD_LETTER, values)


async def list_letters(connection: aiosqlite.Connection, peer: str, limit: int) -> list[Letter]:
    """Return the oldest letters to *peer*, at most *limit*."""
    values = {"peer": peer, "limit": limit}
    rows = await connection.execute_fetchall(SQL_LIST_LETTERS, values)
    return [Letter(number, activity, bool(is_receipt)) for number, activity, is_receipt in rows]


async def list_addressees(connection: aiosqlite.Connection) -> list[str]:
    """Return all actors to whom a letter waits."""
    return [row[0] for row in await connection.execute_fetchall(SQL_LIST_ADDRESSEES)]


async def delete_letters(connection: aiosqlite.Connection, numbers: Sequence[int]) -> None:
    """Forget letters that have arrived or were refused for good."""
    await connection.executemany(SQL_DELETE_LETTER, [{"number": n} for n in numbers])


async def delete_letters_to(connection: aiosqlite.Connection, peer: str) -> None:
    """Forget all letters to *peer*."""
    await connection.execute(SQL_DELETE_LETTERS_TO, {"peer": peer})


async def delete_letters_before(connection: aiosqlite.Connection, day: int) -> None:
    """Forget letters queued before *day*."""
    await connection.execute(SQL_DELETE_LETTERS_BEFORE, {"day": day})


async def add_audit(connection: aiosqlite.Connection, line: AuditLine) -> None:
    """Note a decision."""
    await connection.execute(SQL_ADD_AUDIT, msgspec.structs.asdict(line))


async def list_audit(connection: aiosqlite.Connection, limit: int) -> list[AuditLine]:
    """Return the newest decisions, newest first, at most *limit*."""
    rows = await connection.execute_fetchall(SQL_LIST_AUDIT, {"limit": limit})
    return [AuditLine(*row) for row in rows]


def _peer(row: sqlite3.Row) -> PeerRow:
    actor, document, peering, is_paused, log_cursor, sent, looked_day = row
    return PeerRow(
        actor,
        document,
        _peering_decoder.decode(peering),
        bool(is_paused),
        log_cursor,
        sent,
        looked_day,
    )
