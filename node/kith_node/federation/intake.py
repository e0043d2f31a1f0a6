"""What peers announce: verifying each object, then storing what is new in one transaction.

Every object is taken only with a proof by a key of its author, whoever delivered it. What is
known already is recognised before that costs a signature. Tombstones keep withdrawn objects
away until no announcement of them could still be valid; a revision that was replaced by one
that ends earlier cannot come back either.

Whether the author is a peer from whom anything is taken is asked by the caller and once more
here, inside the transaction.

Source: SPEC.md, sections on offers and delivery; FEP-8b32, FEP-fe34.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeAlias

import aiosqlite
import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import (
    CryptoError,
    KithError,
    RemoteError,
    SignatureError,
    TooLargeError,
)
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import JsonObject
from kith_node.catalogue.store import OFFER, RESOURCE
from kith_node.federation import store
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.keys import KeyBook
from kith_node.federation.outcome import Outcome
from kith_node.federation.peer_store import NewLetter, add_letters
from kith_node.federation.store import Before, Grave, Outlived, Received, Version
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.activity import Create, Delete, Update
from kith_protocol.announcements import build_accept_delete
from kith_protocol.day import Day, day_of
from kith_protocol.errors import GoneError, NotAPeerError, NotFoundError, WrongOwnerError
from kith_protocol.limits import (
    MAX_OFFER_DAYS,
    MAX_OFFERS_PER_PEER,
    MAX_RESOURCES_PER_PEER,
)
from kith_protocol.offer import check_life, parse_offer
from kith_protocol.offer_content import Audience
from kith_protocol.resource import check_resource_life, is_resource, parse_resource
from kith_protocol.tombstone import parse_tombstone
from kith_protocol.wire import read_string

# Verifying takes about 0.2 ms; others get their turn after so many.
CHUNK = 25

Announcement: TypeAlias = Create | Update | Delete


class Rules(msgspec.Struct, frozen=True):
    """What this community takes.

    Attributes:
        programme: offers for another one are refused.
        is_known_topic: whether an offer of any community may name a topic.
        max_offers: live offers of one peer.
        max_resources: live resources of one peer.
        development: loopback origins are taken.
    """

    programme: Audience
    is_known_topic: Callable[[str], bool]
    max_offers: int = MAX_OFFERS_PER_PEER
    max_resources: int = MAX_RESOURCES_PER_PEER
    development: bool = False


class _Announced(msgspec.Struct, frozen=True):
    object_id: str
    revision: int
    end_day: int
    raw: bytes
    kind: int


class _Withdrawn(msgspec.Struct, frozen=True):
    object_id: str
    receipt_id: str
    receipt: bytes


_Checked: TypeAlias = _Announced | _Withdrawn


class _Writes(msgspec.Struct):
    received: list[Received] = []
    fresh: dict[int, int] = {}  # how many of them are new here, by kind
    dropped: list[str] = []
    graves: list[Grave] = []
    outlived: list[Outlived] = []
    letters: list[NewLetter] = []


class Intake:
    """Takes announcements of one author at a time.

    Args:
        database: ``catalogue.db``.
        identity: signs receipts of withdrawals.
        keys: finds the authors' keys.
        rules: what is taken at all.
        clock: says what day it is.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        keys: KeyBook,
        rules: Rules,
        clock: Clock,
    ) -> None:
        self._database = database
        self._identity = identity
        self._keys = keys
        self._rules = rules
        self._clock = clock
        # Upper bounds of live objects per author and kind, counted anew near the limit.
        self._live: dict[tuple[str, int], int] = {}

    async def take(self, author: str, announcements: Sequence[Announcement]) -> list[Outcome]:
        """Verify and store *announcements*, and return what became of each, in order.

        Returns only after the commit.
        """
        if len(announcements) == 1:
            before = Before({}, set(), {}, None)  # one is cheaper verified than looked up twice
        else:
            async with self._database.read() as connection:
                ids = [one.object_id for one in announcements]
                before = await store.look_up(connection, author, ids)
        outcomes: list[Outcome] = []
        checked: list[_Checked | None] = []
        for number, announcement in enumerate(announcements):
            if number % CHUNK == CHUNK - 1:
                await asyncio.sleep(0)
            outcome, item = await self._check(author, announcement, before)
            outcomes.append(outcome)
            checked.append(item)
        if any(item is not None for item in checked):
            await self._store(author, checked, outcomes)
        return outcomes

    async def _check(
        self, author: str, announcement: Announcement, before: Before
    ) -> tuple[Outcome, _Checked | None]:
        try:
            if _is_repeated(announcement, before):
                return Outcome("duplicate", announcement.id), None
            if isinstance(announcement, Delete):
                item: _Checked = await self._check_delete(author, announcement)
            else:
                item = await self._check_announced(author, announcement)
        except (RemoteError, CryptoError) as error:
            return Outcome("refused", announcement.id, error), None
        except KithError as error:  # the author's key cannot be fetched now
            return Outcome("later", announcement.id, error), None
        return Outcome("accepted", announcement.id), item

    async def _check_announced(self, author: str, announcement: Create | Update) -> _Announced:
        is_of_library = is_resource(announcement.object)
        checked = self._read_resource if is_of_library else self._read_offer
        item = checked(author, announcement)
        await self._verify(author, announcement.object)
        return item

    def _read_resource(self, author: str, announcement: Create | Update) -> _Announced:
        document = announcement.object
        resource = parse_resource(
            document,
            is_known_topic=self._rules.is_known_topic,
            development=self._rules.development,
        )
        if resource.author != author or resource.id != announcement.object_id:
            raise WrongOwnerError("a resource of somebody else")
        check_resource_life(resource, today=self._today())
        raw = canonical_bytes(document)
        return _Announced(resource.id, resource.revision, resource.end_day, raw, RESOURCE)

    def _read_offer(self, author: str, announcement: Create | Update) -> _Announced:
        document = announcement.object
        offer = parse_offer(
            document,
            programme=self._rules.programme,
            is_known_topic=self._rules.is_known_topic,
            development=self._rules.development,
        )
        if offer.author != author or offer.id != announcement.object_id:
            raise WrongOwnerError("an offer of somebody else")
        check_life(offer, today=self._today())
        raw = canonical_bytes(document)
        return _Announced(offer.id, offer.revision, offer.end_day, raw, OFFER)

    async def _check_delete(self, author: str, announcement: Delete) -> _Withdrawn:
        if announcement.tombstone is None:
            raise WrongOwnerError("a withdrawal without its author's proof")
        tombstone = parse_tombstone(announcement.tombstone, development=self._rules.development)
        if tombstone.author != author or tombstone.id != announcement.object_id:
            raise WrongOwnerError("a tombstone of somebody else")
        await self._verify(author, announcement.tombstone)
        receipt = build_accept_delete(self._identity.origin, announcement.id, author)
        raw = canonical_bytes(self._identity.sign(receipt, day=self._today()))
        return _Withdrawn(announcement.object_id, read_string(receipt, "id"), raw)

    async def _verify(self, author: str, document: JsonObject) -> None:
        try:
            found = await self._keys.find(_method_of(document))
        except (NotFoundError, GoneError) as error:
            raise SignatureError("no such key") from error
        if found.actor != author:
            raise WrongOwnerError("the proof is by somebody else")
        verify_document(document, found.key)

    async def _store(
        self, author: str, checked: Sequence[_Checked | None], outcomes: list[Outcome]
    ) -> None:
        async with self._database.transaction() as connection:
            ids = [item.object_id for item in checked if item is not None]
            before = await store.look_up(connection, author, ids)
            kinds = {item.kind for item in checked if isinstance(item, _Announced)}
            room = {
                kind: await self._room(connection, author, kind, wanted=len(ids))
                for kind in sorted(kinds)
            }
            graves = await self._graves(connection, author, checked)
            writes = _Writes()
            for number, item in enumerate(checked):
                if item is None:
                    continue
                if before.standing is None:
                    outcomes[number] = _refuse(outcomes[number], NotAPeerError("cut off"))
                elif isinstance(item, _Withdrawn):
                    outcomes[number] = self._withdraw(
                        author, item, outcomes[number], before, writes, graves=graves
                    )
                else:
                    hidden = int(before.standing == "limited")
                    received = Received(
                        item.object_id,
                        author,
                        item.revision,
                        item.end_day,
                        hidden,
                        item.raw,
                        item.kind,
                    )
                    outcomes[number] = _apply(
                        received, outcomes[number], before, writes, room=room[item.kind]
                    )
            await _write(connection, writes)
            for kind, count in writes.fresh.items():
                self._live[author, kind] += count

    async def _room(
        self, connection: aiosqlite.Connection, author: str, kind: int, *, wanted: int
    ) -> int:
        """Return how many more of *kind* may live of *author*, exactly if below *wanted*."""
        most = self._rules.max_resources if kind == RESOURCE else self._rules.max_offers
        bound = self._live.get((author, kind))
        if bound is None or bound + wanted > most:
            bound = await store.count_live(connection, author, kind)
            self._live[author, kind] = bound
        return most - bound

    async def _graves(
        self,
        connection: aiosqlite.Connection,
        author: str,
        checked: Sequence[_Checked | None],
    ) -> int:
        """Return how many more withdrawals of *author* are remembered."""
        if not any(isinstance(item, _Withdrawn) for item in checked):
            return 0
        return self._rules.max_offers - await store.count_tombstones(connection, author)

    def _withdraw(
        self,
        author: str,
        item: _Withdrawn,
        outcome: Outcome,
        before: Before,
        writes: _Writes,
        *,
        graves: int,
    ) -> Outcome:
        object_id = item.object_id
        if object_id in before.withdrawn:
            return Outcome("duplicate", outcome.id)
        if len(writes.graves) >= graves:
            # Far too many to remember: what is here goes, without grave and receipt.
            if before.known.pop(object_id, None) is None:
                return Outcome("ignored", outcome.id)
            writes.dropped.append(object_id)
            before.withdrawn.add(object_id)
            return outcome
        today = self._today()
        known, outlived = before.known.get(object_id), before.outlived.get(object_id)
        # Of an object that we never had, no announcement can be valid for longer than this.
        ends = [known.end_day if known is not None else today + MAX_OFFER_DAYS + 1]
        ends += [outlived.end_day] if outlived is not None else []
        writes.graves.append(Grave(object_id, author, max(ends)))
        writes.dropped.append(object_id)
        writes.letters.append(NewLetter(author, item.receipt_id, item.receipt, today, 1))
        before.withdrawn.add(object_id)
        return outcome

    def _today(self) -> Day:
        return day_of(self._clock.now())


def _method_of(document: JsonObject) -> str:
    """Return the key id in a proof whose shape has been checked."""
    proof = document["proof"]
    assert isinstance(proof, dict)
    return read_string(proof, "verificationMethod")


def _is_repeated(announcement: Announcement, before: Before) -> bool:
    if isinstance(announcement, Delete):
        return announcement.object_id in before.withdrawn
    known = before.known.get(announcement.object_id)
    revision = announcement.object.get("kith:revision")
    return known is not None and isinstance(revision, int) and revision <= known.revision


def _apply(
    received: Received, outcome: Outcome, before: Before, writes: _Writes, *, room: int
) -> Outcome:
    if received.id in before.withdrawn:
        return _refuse(outcome, GoneError("withdrawn"))
    known, outlived = before.known.get(received.id), before.outlived.get(received.id)
    replaced = max(
        known.revision if known is not None else 0,
        outlived.revision if outlived is not None else 0,
    )
    if received.revision <= replaced:
        return Outcome("duplicate", outcome.id)
    if known is None:
        fresh = writes.fresh.get(received.kind, 0)
        if fresh >= room:
            return _refuse(outcome, TooLargeError("the peer has too many live objects"))
        writes.fresh[received.kind] = fresh + 1
    if known is not None and known.end_day > received.end_day:
        writes.outlived.append(Outlived(received.id, known.revision, known.end_day))
    writes.received.append(received)
    before.known[received.id] = Version(received.revision, received.end_day)
    return outcome


def _refuse(outcome: Outcome, error: RemoteError) -> Outcome:
    return Outcome("refused", outcome.id, error)


async def _write(connection: aiosqlite.Connection, writes: _Writes) -> None:
    """Write all at once; an object that was announced and then withdrawn ends withdrawn."""
    if writes.received:
        await store.put_received(connection, writes.received)
    if writes.outlived:
        await store.put_outlived(connection, writes.outlived)
    if writes.dropped:
        await store.drop_objects(connection, writes.dropped)
        await store.put_tombstones(connection, writes.graves)
        await add_letters(connection, writes.letters)
