"""The mailboxes room over a real file, and nodes that may deliver because a test says so."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.envelope import WRAPPED_SEAL_BYTES, Unstamped, encode_envelope
from kith_crypto.hashes import sha256
from kith_crypto.objects import box_address
from kith_crypto.stamp import stamp_envelope
from kith_node.http.route import MemberId
from kith_node.mailboxes.service import Mailboxes, make_mailboxes
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.box_page import BoxItem, parse_box_page
from kith_protocol.day import Day, day_of, month_of
from kith_protocol.errors import NotAPeerError
from kith_protocol.sealed_api import BoxBody, BoxKind
from kith_protocol.urls import Origin
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

MEMBER = MemberId(b"m" * 16)
PEER = "https://peer.example"


class KnownSenders:
    """Nodes whose origin contains ``peer`` may deliver, each by a key of its own."""

    async def stamp_keys(self, node: Origin) -> tuple[VerifyKey, ...]:
        if "peer" not in node:
            raise NotAPeerError("stranger")
        return (key_of(node).verify_key,)


@dataclasses.dataclass
class MailboxesRoom:
    """The room under test with its file and clock.

    Attributes:
        arrived: how often the room said that something arrived.
        created: how often it said that a box was made.
    """

    objects: Database
    clock: FakeClock
    rng: SeededRng
    boxes_a_month: int = 1000
    arrived: int = 0
    created: int = 0
    mailboxes: Mailboxes = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that is in memory only."""
        self.mailboxes = make_mailboxes(
            self.objects,
            senders=KnownSenders(),
            arrived=self._arrive,
            created=self._create,
            clock=self.clock,
            rng=self.rng,
            boxes_a_month=self.boxes_a_month,
        )

    @property
    def today(self) -> Day:
        return day_of(self.clock.now())

    @property
    def month(self) -> int:
        return month_of(self.today)

    async def open(
        self,
        kind: BoxKind = "reply",
        *,
        months: int = 2,
        key: SigningKey | None = None,
        member: MemberId = MEMBER,
    ) -> bytes:
        """Open a box for so many months and return its address."""
        key = key or SigningKey.generate(self.rng)
        address = box_address(key.verify_key)
        await self.mailboxes.boxes.create(
            BoxBody(kind, self.month + months),
            address=address,
            key=key.verify_key,
            member=member,
        )
        return address

    def envelope(
        self, box: bytes, *, node: Origin = PEER, size: int = 4096, days_ago: int = 0
    ) -> bytes:
        """Return an envelope for *box*, stamped by *node*."""
        unstamped = Unstamped(box=box, commitment=self.rng.bytes(32), sealed=bytes(size))
        stamped = stamp_envelope(
            unstamped,
            node_key=key_of(node),
            wrapped_seal=bytes(WRAPPED_SEAL_BYTES),
            day=self.today - days_ago,
        )
        return encode_envelope(stamped.envelope)

    async def deliver(self, box: bytes, *, node: Origin = PEER, size: int = 4096) -> bytes:
        """Deliver a new envelope of *node* into *box* and return it."""
        raw = self.envelope(box, node=node, size=size)
        await self.mailboxes.deliver(node, raw)
        return raw

    async def items(self, box: bytes) -> tuple[BoxItem, ...]:
        """Return the first page of *box*."""
        return parse_box_page(await self.mailboxes.boxes.fetch(box)).items

    async def envelopes(self, box: bytes) -> set[bytes]:
        """Return the first page of *box*, without order."""
        return {item.envelope for item in await self.items(box)}

    async def count(self, table: str) -> int:
        """Return how many rows *table* has."""
        async with self.objects.read() as connection:
            [row] = await connection.execute_fetchall(f"SELECT count(*) FROM {table}")
        return int(row[0])

    def _arrive(self) -> None:
        self.arrived += 1

    def _create(self) -> None:
        self.created += 1


def key_of(node: Origin) -> SigningKey:
    """Return the key by which *node* stamps."""
    return SigningKey.from_seed(sha256(node.encode()))


@contextlib.asynccontextmanager
async def open_mailboxes_room(folder: Path) -> AsyncIterator[MailboxesRoom]:
    """Yield a room whose file lies in *folder*."""
    objects = await open_database(folder / "objects.db", load_migrations("objects"))
    try:
        yield MailboxesRoom(objects, FakeClock(), SeededRng())
    finally:
        await objects.close()
