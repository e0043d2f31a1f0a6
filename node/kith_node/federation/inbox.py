"""What other nodes send: one activity, a batch, or a page of their log.

The sender's signature has been verified when this begins. Then, cheapest refusal first: may
this node speak at all, strict reading, whose activity it is, what the sender may say, and only
then proofs and the database. Single activities fail with an error; in batches and logs each
item has an outcome of its own, and a bad one never spoils the others.

Source: ActivityPub §7; SPEC.md, sections on peering and delivery.
"""

from __future__ import annotations

import asyncio
import enum
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from kith_crypto.errors import CryptoError, KithError, RemoteError
from kith_crypto.strict_json import parse_json_object
from kith_node.federation import store
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.intake import CHUNK, Announcement, Intake
from kith_node.federation.outcome import Outcome
from kith_node.federation.peering import PeeringService
from kith_node.federation.peers import PeerBook, kind_of
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.activity import (
    Accept,
    Activity,
    Create,
    Delete,
    Flag,
    Reject,
    Unknown,
    Update,
    parse_activity,
    parse_head,
)
from kith_protocol.admission import NodeKind, act_of, check_act
from kith_protocol.batch import parse_batch
from kith_protocol.day import day_of
from kith_protocol.errors import ForbiddenError, WrongOwnerError
from kith_protocol.limits import MAX_ACTIVITY_BYTES, MAX_JSON_DEPTH, MAX_JSON_MEMBERS

Notify = Callable[[], None]


class FlagDesk(Protocol):
    """Takes what moderators of other nodes say (the moderation room)."""

    async def take(self, sender: str, flag: Flag) -> Outcome:
        """Keep a report that an open peer passes on, or raise why not."""
        ...

    async def hear(self, flag_id: str, decision: str) -> bool:
        """Note what was decided about a report; return whether it is one of ours."""
        ...


class _Sort(enum.Enum):
    ANNOUNCEMENT = enum.auto()
    RECEIPT = enum.auto()
    OTHER = enum.auto()


class Inbox:
    """Takes what other nodes send.

    Args:
        database: ``catalogue.db``.
        identity: this node.
        peers: who is known.
        peering: takes what is about peering.
        intake: takes announcements.
        clock: says what day it is.
        on_change: called after a commit that touched the catalogue.
        wake: called when a letter waits to be delivered.
        flags: returns who takes reports; without one they are ignored.
        development: loopback origins are taken.

    Attributes:
        tally: how many announcements had which outcome since the start, and how many were
            refused with which code.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        peers: PeerBook,
        peering: PeeringService,
        intake: Intake,
        clock: Clock,
        on_change: Notify,
        wake: Notify,
        flags: Callable[[], FlagDesk | None] = lambda: None,
        development: bool = False,
    ) -> None:
        self._database = database
        self._identity = identity
        self._peers = peers
        self._peering = peering
        self._intake = intake
        self._clock = clock
        self._on_change = on_change
        self._wake = wake
        self._flags = flags
        self._development = development
        self.tally: Counter[str] = Counter()

    async def receive(self, sender: str, body: bytes) -> Outcome:
        """Take one activity, and return only after it is stored.

        Args:
            sender: actor whose signature the request carries.
            body: as received.

        Raises:
            KithError: why it was not taken.
        """
        self._identity.require_keyholders()
        [outcome] = await self._take(sender, [body])
        outcome.raise_error()
        return outcome

    async def receive_batch(self, sender: str, body: bytes) -> list[Outcome]:
        """Take a batch, and return what became of each item after all is stored.

        Raises:
            NotAPeerError, ForbiddenError: the sender may not send batches.
            MalformedError, TooLargeError: it is no batch.
        """
        self._identity.require_keyholders()
        peer = await self._peers.get(sender)
        check_act(kind_of(peer, today=day_of(self._clock.now())), "announce")
        return await self._take(sender, parse_batch(body))

    async def receive_log(self, sender: str, items: Sequence[bytes]) -> list[Outcome]:
        """Take activities that were read in the sender's outbox."""
        self._identity.require_keyholders()
        return await self._take(sender, items)

    async def _take(self, sender: str, items: Sequence[bytes]) -> list[Outcome]:
        peer = await self._peers.get(sender)
        kind = kind_of(peer, today=day_of(self._clock.now()))
        our_follow = None if peer is None else peer.peering.our_follow_id
        read: list[Activity | Outcome] = []
        for number, item in enumerate(items):
            if number % CHUNK == CHUNK - 1:
                await asyncio.sleep(0)
            read.append(self._read(sender, kind, item))
        outcomes: list[Outcome] = []
        # Neighbours of one sort share a transaction; the order stays.
        for sort, group in itertools.groupby(read, lambda one: _sort_of(one, our_follow)):
            outcomes += await self._take_group(sender, sort, list(group))
        return outcomes

    async def _take_group(
        self, sender: str, sort: _Sort, group: Sequence[Activity | Outcome]
    ) -> list[Outcome]:
        match sort:
            case _Sort.ANNOUNCEMENT:
                return await self._announce(
                    sender, [one for one in group if isinstance(one, Create | Update | Delete)]
                )
            case _Sort.RECEIPT:
                return await self._confirm(
                    sender, [one for one in group if isinstance(one, Accept)]
                )
            case _Sort.OTHER:
                return [await self._handle(sender, one) for one in group]

    def _read(self, sender: str, kind: NodeKind, item: bytes) -> Activity | Outcome:
        activity_id = None
        try:
            document = parse_json_object(
                item,
                max_bytes=MAX_ACTIVITY_BYTES,
                max_depth=MAX_JSON_DEPTH,
                max_members=MAX_JSON_MEMBERS,
            )
            head = parse_head(document, development=self._development)
            activity_id = head.id
            if head.actor != sender:
                raise WrongOwnerError("an activity of somebody else")
            check_act(kind, act_of(head.type))
            if head.type == "Flag" and kind == "limited":
                raise ForbiddenError("a limited peer passes nothing on")
            return parse_activity(document, development=self._development)
        except (RemoteError, CryptoError) as error:
            return Outcome("refused", activity_id, error)

    async def _announce(
        self, sender: str, announcements: Sequence[Announcement]
    ) -> list[Outcome]:
        outcomes = await self._intake.take(sender, announcements)
        taken = [
            announcement
            for announcement, outcome in zip(announcements, outcomes, strict=True)
            if outcome.status == "accepted"
        ]
        for outcome in outcomes:
            self._count(outcome)
        if taken:
            self._on_change()
        if any(isinstance(announcement, Delete) for announcement in taken):
            self._wake()  # its receipt waits
        return outcomes

    async def _confirm(self, sender: str, receipts: Sequence[Accept]) -> list[Outcome]:
        async with self._database.transaction() as connection:
            for receipt in receipts:
                await store.confirm_receipt(connection, receipt.object_id, sender)
        return [Outcome("accepted", receipt.id) for receipt in receipts]

    async def _handle(self, sender: str, one: Activity | Outcome) -> Outcome:
        if isinstance(one, Outcome):
            self._count(one)
            return one
        if isinstance(one, Unknown):
            return Outcome("ignored", one.id)
        assert not isinstance(one, Create | Update)  # those are announcements
        try:
            if isinstance(one, Flag) or (isinstance(one, Accept | Reject) and one.decision):
                return await self._hand_over(sender, one)
            return await self._peering.handle(sender, one)
        except (RemoteError, CryptoError) as error:
            return Outcome("refused", one.id, error)
        except KithError as error:  # the sender's actor cannot be read now
            return Outcome("later", one.id, error)

    async def _hand_over(self, sender: str, one: Flag | Accept | Reject) -> Outcome:
        desk = self._flags()
        if desk is None:
            return Outcome("ignored", one.id)
        if isinstance(one, Flag):
            return await desk.take(sender, one)
        is_ours = await desk.hear(one.object_id, one.decision)
        return Outcome("accepted" if is_ours else "ignored", one.id)

    def _count(self, outcome: Outcome) -> None:
        self.tally[outcome.status] += 1
        if outcome.status == "refused" and outcome.error is not None:
            self.tally[outcome.error.code] += 1


def _sort_of(one: Activity | Outcome, our_follow: str | None) -> _Sort:
    match one:
        case Create() | Update():
            return _Sort.ANNOUNCEMENT
        case Delete() if not one.is_actor:
            return _Sort.ANNOUNCEMENT
        case Accept() if one.decision:
            return _Sort.OTHER
        case Accept() if one.follow is None and one.object_id != our_follow:
            return _Sort.RECEIPT
        case _:
            return _Sort.OTHER
