"""Accounts: register with an invite, sign in, new credentials, sign out, leave, suspend.

The node knows a member by a random id and two verifiers. What a device shows to sign in is
hashed and looked up; an unknown name, a wrong passphrase and a suspended member are one error.
What a member owns is not known here, so deleting an account touches nothing else: clients
withdraw first.

Source: SPEC.md, section on signing in; docs/credentials.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Protocol

import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.randomness import Rng
from kith_crypto.signin import verifier
from kith_node.http.route import MemberId
from kith_node.members import store, vault_store
from kith_node.members.invites import Invites
from kith_node.members.reader_passes import ReaderPasses
from kith_node.members.sessions import Sessions
from kith_node.members.store import Member
from kith_node.members.vaults import Vaults, check_index
from kith_node.storage.database import Database
from kith_protocol.api import (
    AccountAnswer,
    CredentialsBody,
    RegisterBody,
    SessionAnswer,
    SignInBody,
    Slots,
)
from kith_protocol.errors import ConflictError, NotFoundError, UnauthorizedError

ID_BYTES = 16
EPOCH_BYTES = 8
DEVICE_BYTES = 8
AUTH_BYTES = 32

_encode_slots = msgspec.json.Encoder(order="sorted").encode
_slots_decoder = msgspec.json.Decoder(Slots)


class Limit(Protocol):
    """Counts attempts (``http.limits.Throttle``)."""

    def take(self, key: bytes, cost: int = 1) -> None:
        """Count one against *key* or raise ``TooManyError``."""
        ...


class Accounts:
    """Everything that changes or reads a member's row."""

    def __init__(
        self,
        members: Database,
        *,
        invites: Invites,
        sessions: Sessions,
        reader_passes: ReaderPasses,
        vaults: Vaults,
        limit: Limit,
        rng: Rng,
    ) -> None:
        """Take the open ``members.db`` and the other parts of the room.

        *limit* counts registrations and sign-ins by the hash of the caller's address.
        """
        self._members = members
        self._invites = invites
        self._sessions = sessions
        self._reader_passes = reader_passes
        self._vaults = vaults
        self._limit = limit
        self._rng = rng

    async def register(self, body: RegisterBody, *, caller: bytes) -> SessionAnswer:
        """Make a member of whoever holds an open invite, which is used up.

        Raises:
            TooManyError: *caller* tried too often.
            UnauthorizedError: the invite is none, used up, revoked or over.
            ConflictError: a verifier is somebody's already; the invite stays open.
        """
        self._limit.take(caller)
        invite = self._invites.read(body.invite)
        auth_hash, recovery_hash = _verifiers(body.auth, body.recovery_auth)
        member = Member(
            id=self._rng.bytes(ID_BYTES),
            auth_hash=auth_hash,
            recovery_hash=recovery_hash,
            slots=_encode_slots(body.slots),
            role=invite.role,
            state=store.ACTIVE,
            epoch=self._rng.bytes(EPOCH_BYTES),
        )
        device = parse_base64url(body.device, size=DEVICE_BYTES)
        try:
            async with self._members.transaction() as connection:
                await self._invites.redeem(connection, invite)
                await store.insert_member(connection, member)
        except sqlite3.IntegrityError as error:
            raise ConflictError("the verifier is taken") from error
        return self._answer(member, device)

    async def sign_in(self, body: SignInBody, *, caller: bytes) -> SessionAnswer:
        """Return a session for the member whose passphrase or recovery code was shown.

        Raises:
            TooManyError: *caller* tried too often.
            UnauthorizedError: in every other case, without saying which.
        """
        self._limit.take(caller)
        shown = verifier(parse_base64url(body.auth, size=AUTH_BYTES))
        device = parse_base64url(body.device, size=DEVICE_BYTES)
        async with self._members.read() as connection:
            member = await store.find_member(connection, shown)
        if member is None or member.state != store.ACTIVE:
            raise UnauthorizedError("sign-in")
        return self._answer(member, device)

    async def replace_credentials(
        self,
        member_id: MemberId,
        body: CredentialsBody,
        chunks: Mapping[int, bytes],
        *,
        expected: str | None,
    ) -> tuple[SessionAnswer, str]:
        """Put new verifiers, slots and vault; every session but the returned one is over.

        All of it in one transaction: slots and vault are of one key at every moment.

        Args:
            member_id: whose.
            body: verifiers and slots.
            chunks: the whole vault under the new key, its index among them.
            expected: tag of the index that the writer has read; None for a new vault.

        Returns:
            The new session, and the tag of the new index.

        Raises:
            MalformedError: two verifiers are equal, or the index is missing.
            PreconditionFailedError: the vault has changed since.
            TooManyError: the member has written too much.
            UnauthorizedError: the member is gone.
            ConflictError: a verifier is somebody else's.
        """
        auth_hash, recovery_hash = _verifiers(body.auth, body.recovery_auth)
        device = parse_base64url(body.device, size=DEVICE_BYTES)
        etag = self._vaults.charge(member_id, chunks)
        try:
            async with self._members.transaction() as connection:
                member = msgspec.structs.replace(
                    _present(await store.get_member(connection, member_id)),
                    auth_hash=auth_hash,
                    recovery_hash=recovery_hash,
                    slots=_encode_slots(body.slots),
                    epoch=self._rng.bytes(EPOCH_BYTES),
                )
                await check_index(connection, member_id, expected)
                await store.replace_credentials(connection, member)
                await vault_store.delete_chunks(connection, member_id)
                await vault_store.put_chunks(connection, member_id, chunks)
        except sqlite3.IntegrityError as error:
            raise ConflictError("the verifier is taken") from error
        return self._answer(member, device), etag

    async def sign_out_everywhere(self, member_id: MemberId) -> None:
        """End every session of the member."""
        epoch = self._rng.bytes(EPOCH_BYTES)
        async with self._members.transaction() as connection:
            await store.set_epoch(connection, member_id, epoch=epoch)

    async def get(self, member_id: MemberId) -> AccountAnswer:
        """Return what the node holds of the member.

        Raises:
            UnauthorizedError: the member is gone.
        """
        async with self._members.read() as connection:
            member = _present(await store.get_member(connection, member_id))
        return AccountAnswer(member.role, member.state, _slots_decoder.decode(member.slots))

    async def delete(self, member_id: MemberId) -> None:
        """Remove the member's row and vault: nobody can sign in to it again."""
        async with self._members.transaction() as connection:
            await store.delete_member(connection, member_id)

    async def suspend(self, member_id: MemberId) -> None:
        """Refuse the member's sign-in and end every session.

        Raises:
            NotFoundError: no such member.
        """
        await self._set_state(member_id, store.SUSPENDED)

    async def reinstate(self, member_id: MemberId) -> None:
        """Let a suspended member sign in again.

        Raises:
            NotFoundError: no such member.
        """
        await self._set_state(member_id, store.ACTIVE)

    async def count(self) -> int:
        """Return the number of members; only its band ever leaves the node."""
        async with self._members.read() as connection:
            return await store.count_members(connection)

    async def _set_state(self, member_id: MemberId, state: str) -> None:
        epoch = self._rng.bytes(EPOCH_BYTES)
        async with self._members.transaction() as connection:
            if not await store.set_state(connection, member_id, state=state, epoch=epoch):
                raise NotFoundError("no such member")

    def _answer(self, member: Member, device: bytes) -> SessionAnswer:
        return SessionAnswer(
            token=self._sessions.make(member, device=device),
            reader_pass=self._reader_passes.today(),
            role=member.role,
            slots=_slots_decoder.decode(member.slots),
        )


def _verifiers(auth: str, recovery_auth: str) -> tuple[bytes, bytes]:
    if auth == recovery_auth:
        raise MalformedError("the two verifiers are equal", pointer="/recoveryAuth")
    return (
        verifier(parse_base64url(auth, size=AUTH_BYTES)),
        verifier(parse_base64url(recovery_auth, size=AUTH_BYTES)),
    )


def _present(member: Member | None) -> Member:
    if member is None:
        raise UnauthorizedError("the member is gone")
    return member
