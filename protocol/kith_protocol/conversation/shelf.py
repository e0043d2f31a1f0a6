"""The records of one conversation in hand: their union, and what changed since it was stored.

Every device writes its own lane's records only; what other devices wrote is read. See
``records``.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from kith_crypto.errors import UsageError
from kith_protocol.conversation.records import (
    MAX_PAGE_BYTES,
    MAX_PAGE_MESSAGES,
    Change,
    Lane,
    Message,
    Page,
    Proof,
    Proofs,
    Record,
    ReplyKey,
    Seed,
    Talk,
    change_of,
    deletion_of,
)
from kith_protocol.day import day_of


class Shelf:
    """What is kept of one conversation, seen from one device.

    Attributes:
        talk: what is fixed.
        own: what this device has noticed.
        others: what other devices of the same person have noticed.
        seeds: own reply keys that live.
        proofs: of received messages.
    """

    def __init__(self, talk: Talk, lane: bytes) -> None:
        self.talk = talk
        self.own = Lane(conversation=talk.conversation, lane=lane)
        self.others: list[Lane] = []
        self.seeds: list[Seed] = []
        self.proofs: list[Proofs] = []
        self._pages: dict[tuple[bytes, int], Page] = {}
        self._changes: dict[tuple[str, str], Change] = {}

    @classmethod
    def load(cls, records: Iterable[Record], lane: bytes) -> Shelf:
        """Return the shelf that holds *records*; those of other conversations are refused.

        Raises:
            UsageError: there is no conversation in them, or more than one.
        """
        known = list(records)
        talks = [record for record in known if isinstance(record, Talk)]
        if not talks or len({record.conversation for record in known}) != 1:
            raise UsageError("not the records of one conversation")
        shelf = cls(talks[0], lane)
        for record in known:
            shelf._put(record)
        return shelf

    def _put(self, record: Record) -> None:
        if isinstance(record, Lane) and record.lane == self.own.lane:
            self.own = record
        elif isinstance(record, Lane):
            self.others.append(record)
        elif isinstance(record, Seed):
            self.seeds.append(record)
        elif isinstance(record, Proofs):
            self.proofs.append(record)
        elif isinstance(record, Page):
            self._pages[record.lane, record.number] = record

    @property
    def messages(self) -> list[Message]:
        """All that any device has kept, possibly repeated."""
        return [message for page in self._pages.values() for message in page.messages]

    @property
    def lanes(self) -> list[Lane]:
        """What each device of this side has noticed."""
        return [self.own, *self.others]

    @property
    def opened(self) -> tuple[int, bytes]:
        """Order of the newest own seed that any device opened a message with."""
        return max(lane.opened for lane in self.lanes)

    @property
    def peer_key(self) -> ReplyKey:
        """The newest reply key of the other side."""
        known = [lane.peer_key for lane in self.lanes if lane.peer_key is not None]
        return max([self.talk.first, *known], key=lambda key: (key.turn, key.lane, key.key))

    def note(self, own: Lane) -> None:
        """Keep what this device has noticed now."""
        if own != self.own:
            self.own = own
            self.change(change_of(own))

    def note_given_up(self, lane: str, number: int) -> None:
        """Keep that nothing up to *number* is waited for in a lane of the other side."""
        self.note(replace(self.own, given_up=self.own.given_up | {lane: number}))

    def find_proof(self, message: bytes) -> Proof | None:
        """Return what proves the message with this hash."""
        for kept in self.proofs:
            for proof in kept.proofs:
                if proof.hash == message:
                    return proof
        return None

    def change(self, change: Change) -> None:
        """Have *change* stored."""
        self._changes[change.kind, change.id] = change

    def take_changes(self) -> tuple[Change, ...]:
        """Return what is to be stored, once."""
        changes = tuple(self._changes.values())
        self._changes = {}
        return changes

    def add_message(self, message: Message) -> None:
        """Write *message* on the last page of this device, or on a new one."""
        number = max((n for lane, n in self._pages if lane == self.own.lane), default=0)
        page = self._pages.get((self.own.lane, number))
        if page is None:
            page = Page(self.talk.conversation, self.own.lane, number, ())
        elif _is_full(page, message):
            page = replace(page, number=number + 1, messages=())
        page = replace(page, messages=(*page.messages, message))
        self._pages[page.lane, page.number] = page
        self.change(change_of(page))

    def add_seed(self, seed: Seed) -> None:
        """Keep a new reply key."""
        self.seeds.append(seed)
        self.change(change_of(seed))

    def add_proof(self, proof: Proof, *, now: int) -> None:
        """Keep what proves a message that came now."""
        day = day_of(now)
        for place, known in enumerate(self.proofs):
            if known.lane == self.own.lane and known.day == day:
                self.proofs[place] = replace(known, proofs=(*known.proofs, proof))
                return self.change(change_of(self.proofs[place]))
        self.proofs.append(Proofs(self.talk.conversation, self.own.lane, day, (proof,)))
        return self.change(change_of(self.proofs[-1]))

    def drop_seeds(self, dead: Iterable[Seed]) -> None:
        """Delete reply keys."""
        for seed in list(dead):
            self.seeds.remove(seed)
            self.change(deletion_of(seed))

    def drop_proofs(self, before_day: int) -> None:
        """Delete the proofs of messages that came before *before_day*."""
        for old in [proofs for proofs in self.proofs if proofs.day < before_day]:
            self.proofs.remove(old)
            self.change(deletion_of(old))


def _is_full(page: Page, message: Message) -> bool:
    size = sum(len(known.body) for known in page.messages) + len(message.body)
    return len(page.messages) >= MAX_PAGE_MESSAGES or size > MAX_PAGE_BYTES
