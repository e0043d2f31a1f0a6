"""With which nodes envelopes go to and fro, and since when one is cut off.

==========  =========================================  =============  =========
standing    which node                                 envelopes      key pages
==========  =========================================  =============  =========
self        this one                                   yes            yes
open        a peer, limited ones included              yes            yes
introduced  one that we handed an envelope to          yes            yes
cut-off     a peer until 14 days ago or less           yes            -
(none)      all others, blocked and paused ones too    -              -
==========  =========================================  =============  =========

A node that was a peer is cut off, never introduced: after the 14 days nothing is left. There is
no such time for a node that is blocked, is gone, or turned out to be of another programme.
A node is its origin here; its actor stands where every Kith node has it.

Source: SPEC.md, section on peering; docs/privacy.md, *Lifetimes*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import aiosqlite
import msgspec

from kith_node.federation.introductions import Introductions, delete_introduction
from kith_node.federation.peer_store import PeerRow
from kith_node.federation.peers import PeerBook
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.admission import INTRODUCED_DAYS
from kith_protocol.day import Day, day_of
from kith_protocol.peering import EventKind, Peering
from kith_protocol.urls import Origin, actor_url

CUT_OFF_DAYS = 14
# Longer than an introduction lives, which must not come to life again behind it.
KEPT_DAYS = INTRODUCED_DAYS + 1

SQL_PUT_CUT_OFF = """
INSERT INTO cut_off (node, day) VALUES (:node, :day)
ON CONFLICT (node) DO UPDATE SET day = excluded.day
"""
SQL_DELETE_CUT_OFF = "DELETE FROM cut_off WHERE node = :node"
SQL_LIST_CUT_OFF = "SELECT node, day FROM cut_off LIMIT 100000"
SQL_DELETE_OLD_CUT_OFF = "DELETE FROM cut_off WHERE day < :first"

Kind: TypeAlias = Literal["self", "open", "introduced", "cut-off"]

# After these a node is left alone at once.
_AT_ONCE: frozenset[EventKind] = frozenset({"we-block", "programme-differs", "got-delete"})


class Standing(msgspec.Struct, frozen=True):
    """What another node is to envelopes.

    Attributes:
        kind: see the table above.
        until_day: of a node that is cut off, the last day on which boxes work.
    """

    kind: Kind
    until_day: Day | None = None


async def note_change(
    connection: aiosqlite.Connection,
    actor: str,
    *,
    before: Peering,
    after: Peering,
    event: EventKind,
    today: Day,
) -> None:
    """Note, in the transaction that stores *after*, that a peering has begun or ended.

    Args:
        connection: inside a transaction on ``catalogue.db``.
        actor: of the other node.
        before: what was agreed.
        after: what is agreed now.
        event: what changed it.
        today: the current day.
    """
    node = _node_of(actor)
    if node is None:
        return
    if after.is_peer and not before.is_peer:
        await connection.execute(SQL_DELETE_CUT_OFF, {"node": node})
    elif event in _AT_ONCE:
        await connection.execute(SQL_DELETE_CUT_OFF, {"node": node})
        await delete_introduction(connection, node)
    elif before.is_peer and not after.is_peer:
        await connection.execute(SQL_PUT_CUT_OFF, {"node": node, "day": today})


async def list_cut_off(connection: aiosqlite.Connection) -> dict[Origin, Day]:
    """Return the nodes with which a peering has ended, and on which day."""
    rows = await connection.execute_fetchall(SQL_LIST_CUT_OFF)
    return {row[0]: Day(row[1]) for row in rows}


class Standings:
    """Says what nodes are to envelopes.

    Args:
        origin: our own.
        database: ``catalogue.db``.
        peers: what is agreed with whom.
        introductions: whom envelopes were handed over to.
        clock: says what day it is.
    """

    def __init__(
        self,
        origin: Origin,
        database: Database,
        *,
        peers: PeerBook,
        introductions: Introductions,
        clock: Clock,
    ) -> None:
        self._origin = origin
        self._database = database
        self._peers = peers
        self._introductions = introductions
        self._clock = clock

    async def of(self, node: Origin) -> Standing | None:
        """Return what *node* is, or None where no envelope may go to or fro."""
        row = await self._peers.get(actor_url(node))
        if row is not None and row.is_open:  # as nearly always: nothing has to be read
            return Standing("open")
        return (await self.all()).get(node)

    async def reaches(self, node: Origin) -> bool:
        """Return whether envelopes go to *node*."""
        return await self.of(node) is not None

    async def of_actor(self, actor: str) -> Standing | None:
        """Return what the node is whose actor signed a request; None for any other actor."""
        node = _node_of(actor)
        return None if node is None else await self.of(node)

    async def all(self) -> Mapping[Origin, Standing]:
        """Return all nodes that envelopes go to or come from, our own first."""
        today = day_of(self._clock.now())
        rows = {_node_of(actor): row for actor, row in (await self._peers.all()).items()}
        cut_off = await self._cut_off()
        found = {self._origin: Standing("self")}
        found |= {node: Standing("open") for node, row in rows.items() if node and row.is_open}
        shut = {node for node, row in rows.items() if _is_shut(row)}
        for node, day in cut_off.items():
            if node not in found and node not in shut and 0 <= today - day <= CUT_OFF_DAYS:
                found[node] = Standing("cut-off", Day(day + CUT_OFF_DAYS))
        removed = {node for node, row in rows.items() if row.peering.standing == "removed"}
        ended = shut | removed | set(cut_off)
        for node in await self._introductions.all():
            if node not in found and node not in ended:
                found[node] = Standing("introduced")
        return found

    async def forget(self) -> None:
        """Delete what can have no effect any more."""
        first = day_of(self._clock.now()) - KEPT_DAYS
        async with self._database.transaction() as connection:
            await connection.execute(SQL_DELETE_OLD_CUT_OFF, {"first": first})
        await self._introductions.forget()

    async def _cut_off(self) -> dict[Origin, Day]:
        async with self._database.read() as connection:
            return await list_cut_off(connection)


def _node_of(actor: str) -> Origin | None:
    """Return the origin of the node whose actor this is, or None for actors of other kinds."""
    origin = actor.rpartition("/actor")[0]
    return origin if origin and actor == actor_url(origin) else None


def _is_shut(row: PeerRow) -> bool:
    return row.is_paused or row.peering.standing == "blocked"
