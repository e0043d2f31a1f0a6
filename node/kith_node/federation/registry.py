"""Where this node stands with others: the stored side of the peering machine.

``kith_protocol.peering`` decides what an event leads to; here its effects are carried out in
the transaction that stores the new state: letters are queued, objects dropped or hidden. What a
peer's actor document has become is judged here too, because a change of programme ends a
peering and a change of keys may pause it.

Source: SPEC.md, sections on keys and peering.
"""

from __future__ import annotations

from collections.abc import Callable

import aiosqlite
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import parse_base64url
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import JsonObject
from kith_node.catalogue.store import drop_author, hide_author
from kith_node.federation import peer_store, store
from kith_node.federation.actors import KnownActor, is_vouched, read_actor
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.peer_store import AuditLine, NewLetter, PeerRow
from kith_node.federation.peers import PeerBook
from kith_node.federation.standing import CUT_OFF_DAYS, list_cut_off, note_change
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.activity import Follow
from kith_protocol.announcements import (
    build_accept,
    build_follow,
    build_reject,
    build_undo,
    derive_token,
)
from kith_protocol.day import Day, day_of
from kith_protocol.errors import TooManyError
from kith_protocol.nodeinfo import Policy
from kith_protocol.offer_content import Audience
from kith_protocol.peering import Effect, Event, Peering, Step, step
from kith_protocol.urls import ID_BYTES, activity_url, actor_url
from kith_protocol.wire import read_string

# Strangers may ask freely; beyond this many that are no peers, new ones are put off. Stewards
# are not: whoever fills the list would else keep the community to itself.
MAX_CLOSED = 1000
# A node that neither side follows is forgotten after so long.
FORGET_DAYS = 30
RETRY_AFTER_S = 3600

Notify = Callable[[], None]


class Registry:
    """Stores what is agreed with each node.

    Args:
        database: ``catalogue.db``.
        identity: signs letters.
        peers: forgets what it knows when something changed.
        policy: who may become a peer without a steward.
        programme: nodes of another one are rejected.
        clock: says what day it is.
        rng: makes ids of activities.
        on_change: called after a commit that touched the catalogue.
        wake: called when a letter was queued or an exchange began.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        peers: PeerBook,
        policy: Policy,
        programme: Audience,
        clock: Clock,
        rng: Rng,
        on_change: Notify,
        wake: Notify,
        development: bool = False,
    ) -> None:
        self._database = database
        self._identity = identity
        self._peers = peers
        self._policy: Policy = policy
        self._programme = programme
        self._clock = clock
        self._rng = rng
        self._on_change = on_change
        self._wake = wake
        self._development = development

    @property
    def programme(self) -> Audience:
        """The programme of this node."""
        return self._programme

    async def apply(
        self, known: KnownActor, event: Event, *, audit: AuditLine | None = None
    ) -> Step:
        """Carry out what *event* leads to, and return it.

        Args:
            known: the other node; its document is stored where the node is new.
            event: what happened.
            audit: written in the same transaction unless the event was refused.

        Raises:
            TooManyError: too many strangers have asked already.
        """
        actor = known.actor.id
        token = self._rng.bytes(ID_BYTES)
        new_follow = activity_url(self._identity.origin, token)
        async with self._database.transaction() as connection:
            row = await peer_store.get_peer(connection, actor)
            before = row if row is not None else PeerRow(actor, known.raw, Peering())
            done = step(before.peering, event, policy=self._policy, new_follow=new_follow)
            if row is None and done.state == Peering():
                return done
            if row is None and audit is None:
                await _check_room(connection)
            is_decision = audit is not None and done.refusal is None
            looked = row is None or is_decision
            looked_day = self._today() if looked else before.looked_day
            after = replace(before, peering=done.state, looked_day=looked_day)
            await peer_store.put_peer(connection, after)
            await note_change(
                connection,
                actor,
                before=before.peering,
                after=done.state,
                event=event.kind,
                today=self._today(),
            )
            for effect in done.effects:
                await self._carry_out(connection, actor, effect)
            if before.peering.is_peer and not done.state.is_peer:
                await store.give_up_receipts(connection, actor)
            if event.kind in {"we-block", "got-delete"}:
                await peer_store.delete_letters_to(connection, actor)
            if audit is not None and is_decision:
                await peer_store.add_audit(connection, audit)
        self._committed()
        return done

    async def take_document(self, known: KnownActor, *, audit: AuditLine | None = None) -> bool:
        """Store what a peer's actor has become, and return whether it is to be trusted.

        Where nothing is agreed, there is nothing yet that a new key could take over.

        Args:
            known: as fetched from its id.
            audit: a steward has compared the fingerprints of its keys, which is noted.
        """
        async with self._database.transaction() as connection:
            row = await peer_store.get_peer(connection, known.actor.id)
            if row is None or (row.document == known.raw and not row.is_paused):
                return True
            old = read_actor(row.document, url=row.actor, development=self._development)
            state = row.peering
            is_idle = state.our_follow == state.their_follow == "none"
            is_trusted = is_idle or audit is not None or is_vouched(old, known)
            if is_trusted:
                row = replace(row, document=known.raw, is_paused=False)
            else:
                row = replace(row, is_paused=True)
            await peer_store.put_peer(connection, row)
            if audit is not None:
                await peer_store.add_audit(connection, audit)
        self._committed()
        if is_trusted and known.actor.programme != self._programme:
            await self.apply(known, Event("programme-differs"))
        return is_trusted

    async def forget_strangers(self) -> None:
        """Forget nodes that neither side follows and nobody has blocked or removed.

        One that was a peer until lately stays: its trusted keys verify what it still delivers.
        """
        async with self._database.transaction() as connection:
            cut_off = await list_cut_off(connection)
            needed = {
                actor_url(node)
                for node, day in cut_off.items()
                if self._today() - day <= CUT_OFF_DAYS
            }
            for row in await peer_store.list_peers(connection):
                state = row.peering
                is_idle = state.our_follow == state.their_follow == "none"
                is_undecided = state.standing == "normal" and row.actor not in needed
                if is_idle and is_undecided and row.looked_day + FORGET_DAYS < self._today():
                    await peer_store.delete_peer(connection, row.actor)
        self._peers.forget()

    def _committed(self) -> None:
        self._peers.forget()
        self._on_change()
        self._wake()

    async def _carry_out(
        self, connection: aiosqlite.Connection, actor: str, effect: Effect
    ) -> None:
        match effect.kind:
            case "drop-objects":
                await drop_author(connection, actor)
            case "hide-objects":
                await hide_author(connection, actor, hidden=True)
            case "show-objects":
                await hide_author(connection, actor, hidden=False)
            case "start-exchange":
                await peer_store.start_exchange(connection, actor)
            case "ask-steward":
                pass  # the row itself is what stewards look at
            case _:
                activity = self._write(actor, effect)
                raw = canonical_bytes(self._identity.sign(activity, day=self._today()))
                letter = NewLetter(actor, read_string(activity, "id"), raw, self._today())
                await peer_store.add_letters(connection, [letter])

    def _write(self, actor: str, effect: Effect) -> JsonObject:
        assert effect.follow is not None
        origin, ours = self._identity.origin, self._identity.actor
        own = Follow(effect.follow, ours, actor)
        theirs = Follow(effect.follow, actor, ours)
        if effect.kind == "send-follow":
            token = parse_base64url(effect.follow.rpartition("/")[2], size=ID_BYTES)
            return build_follow(origin, token, actor)
        token = derive_token(effect.follow, 0, effect.kind)
        if effect.kind == "send-accept":
            return build_accept(origin, token, theirs)
        if effect.kind == "send-reject":
            return build_reject(origin, token, theirs)
        return build_undo(origin, token, own)

    def _today(self) -> Day:
        return day_of(self._clock.now())


async def _check_room(connection: aiosqlite.Connection) -> None:
    if await peer_store.count_closed(connection) >= MAX_CLOSED:
        raise TooManyError("too many nodes wait", retry_after_s=RETRY_AFTER_S)
