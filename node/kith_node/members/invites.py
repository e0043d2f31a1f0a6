"""Invites: made by stewards, used up by the registration they allow.

An invite is a link; code, role and last day are in the link alone, the node keeps the hash of
all three. So the list can show no more than the head of a hash, and an invite whose day is over
is refused when it is shown (nobody can tell before).
"""

from __future__ import annotations

import aiosqlite

from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.hashes import sha256
from kith_crypto.randomness import Rng
from kith_node.members import store
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import Day, day_of
from kith_protocol.errors import (
    ConflictError,
    ExpiredError,
    NotFoundError,
    UnauthorizedError,
)
from kith_protocol.invite import (
    CODE_BYTES,
    ROLES,
    Invite,
    Role,
    check_invite,
    invite_hash,
    parse_invite,
)

MAX_OPEN = 500
MAX_DAYS = 365
DEFAULT_DAYS = 14
HEAD_DIGITS = 8

_APPLIED_LABEL = b"kith/applied-invite/v1\0"


class Invites:
    """Makes, lists, revokes and redeems invites."""

    def __init__(self, members: Database, *, clock: Clock, rng: Rng) -> None:
        self._members = members
        self._clock = clock
        self._rng = rng

    async def make(self, role: str = "member", *, days: int = DEFAULT_DAYS) -> Invite:
        """Return a new invite; only its hash is kept.

        Args:
            role: one of ``ROLES``.
            days: how long it can be used after today, 1 to ``MAX_DAYS``.

        Raises:
            UsageError: no such role, or *days* out of bounds.
            ConflictError: ``MAX_OPEN`` are open: revoke some.
        """
        if not 1 <= days <= MAX_DAYS:
            raise UsageError(f"an invite lives 1 to {MAX_DAYS} days, not {days}")
        expiry = Day(day_of(self._clock.now()) + days)
        invite = Invite(self._rng.bytes(CODE_BYTES), _parse_role(role), expiry)
        async with self._members.transaction() as connection:
            if await store.count_invites(connection) >= MAX_OPEN:
                raise ConflictError(f"{MAX_OPEN} invites are open")
            await store.insert_invite(connection, invite_hash(invite))
        return invite

    async def list_open(self) -> tuple[str, ...]:
        """Return the first 8 hexadecimal digits of each open invite's hash, in that order."""
        async with self._members.read() as connection:
            hashes = await store.list_invites(connection, limit=MAX_OPEN)
        return tuple(one.hex()[:HEAD_DIGITS] for one in hashes)

    async def revoke(self, head: str) -> None:
        """Close the invite whose hash begins with *head*, 8 hexadecimal digits.

        Raises:
            UsageError: *head* is anything else.
            NotFoundError: no open invite begins so.
            ConflictError: two do: revoke all.
        """
        raw = _parse_head(head)
        async with self._members.transaction() as connection:
            found = await store.find_invites(connection, head=raw, limit=2)
            if not found:
                raise NotFoundError("no such invite")
            if len(found) > 1:
                raise ConflictError("two invites begin so")
            await store.delete_invite(connection, found[0])

    async def revoke_all(self) -> int:
        """Close every open invite; return how many there were."""
        async with self._members.transaction() as connection:
            return await store.delete_invites(connection)

    def read(self, text: str) -> Invite:
        """Return the invite that *text* says, not yet looked up.

        Raises:
            UnauthorizedError: it is none, or its day is over.
        """
        try:
            invite = parse_invite(text)
            check_invite(invite, today=day_of(self._clock.now()))
        except (MalformedError, ExpiredError) as error:
            raise UnauthorizedError("no invite, or one that is over") from error
        return invite

    async def open_applied(self, applied: bytes) -> None:
        """Open an invite that an applicant's device made.

        The node can't see which role stands in it, so what is kept is a hash of *applied* by
        which ``redeem`` lets it make nothing but a plain member. Again: nothing changes.

        Args:
            applied: ``invite_hash`` of it, 32 bytes.

        Raises:
            ConflictError: ``MAX_OPEN`` are open: revoke some.
        """
        kept = _applied_hash(applied)
        async with self._members.transaction() as connection:
            if await store.find_invites(connection, head=kept, limit=1):
                return
            if await store.count_invites(connection) >= MAX_OPEN:
                raise ConflictError(f"{MAX_OPEN} invites are open")
            await store.insert_invite(connection, kept)

    async def redeem(self, connection: aiosqlite.Connection, invite: Invite) -> None:
        """Use up *invite* in the caller's transaction.

        Raises:
            UnauthorizedError: it was never made, is used up or revoked.
        """
        own = invite_hash(invite)
        if await store.delete_invite(connection, own):
            return
        is_plain = invite.role == "member"
        if not is_plain or not await store.delete_invite(connection, _applied_hash(own)):
            raise UnauthorizedError("the invite is not open")


def _applied_hash(applied: bytes) -> bytes:
    return sha256(_APPLIED_LABEL + applied)


def _parse_role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise UsageError(f"role {text!r} is none of: {', '.join(ROLES)}")


def _parse_head(text: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(text) != HEAD_DIGITS or len(raw) * 2 != HEAD_DIGITS:  # fromhex skips blanks
        raise UsageError(f"an invite is named by {HEAD_DIGITS} hexadecimal digits")
    return raw
