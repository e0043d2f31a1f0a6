"""A members room over a real file, and the little that its members' devices do."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

from kith_crypto.encoding import encode_base64url
from kith_node.http.limits import Throttle
from kith_node.members.service import Members, make_members
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.api import CommunityAnswer, RegisterBody, SessionAnswer, Slots
from kith_protocol.invite import encode_invite
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

COMMUNITY = CommunityAnswer(
    actor="https://node.example/actor",
    name="Kith",
    summary="",
    rules="Be kind.",
    languages=("en",),
    programme="adults",
    policy="approve",
    registration="invite",
    version="0.1.0",
    fingerprint=("one", "two"),
    keyholders_fingerprint=("three", "four"),
    in_person=False,
    max_offer_days=90,
)
SLOTS = Slots(passphrase="cGFzc3BocmFzZQ", recovery="cmVjb3Zlcnk")
ATTEMPTS = 5


@dataclasses.dataclass
class MembersRoom:
    """The room under test with its file, folder of keys and clock."""

    members: Members
    database: Database
    keys_dir: Path
    clock: FakeClock
    rng: SeededRng
    joined: int = 0

    def secret(self) -> str:
        """Return 32 new bytes as they travel."""
        return encode_base64url(self.rng.bytes(32))

    def device(self) -> str:
        """Return the id of a new device as it travels."""
        return encode_base64url(self.rng.bytes(8))

    async def registration(self, role: str = "member") -> RegisterBody:
        """Return what a new member with a new invite sends."""
        invite = await self.members.invites.make(role)
        return RegisterBody(
            invite=encode_invite(invite),
            auth=self.secret(),
            recovery_auth=self.secret(),
            slots=SLOTS,
            device=self.device(),
        )

    def caller(self) -> bytes:
        """Return the hash of an address that nobody has called from."""
        self.joined += 1
        return self.joined.to_bytes(16, "big")

    async def join(self, role: str = "member") -> tuple[SessionAnswer, RegisterBody]:
        """Return the session of a new member and what they had sent."""
        body = await self.registration(role)
        return await self.members.accounts.register(body, caller=self.caller()), body


@contextlib.asynccontextmanager
async def open_members_room(folder: Path) -> AsyncIterator[MembersRoom]:
    """Yield a room whose file and keys lie in *folder*."""
    clock, rng = FakeClock(), SeededRng()
    database = await open_database(folder / "members.db", load_migrations("members"))
    try:
        members = make_members(
            database,
            folder / "keys",
            community=lambda: COMMUNITY,
            limit=Throttle(1 / 60, ATTEMPTS, clock=clock),
            clock=clock,
            rng=rng,
        )
        yield MembersRoom(members, database, folder / "keys", clock, rng)
    finally:
        await database.close()
