"""Joining, signing in on another device, a new passphrase, recovery, leaving.

All secrets are made on this device: the node gets verifiers and wrapped keys, and never the
login name, the passphrase or the recovery code. Where the keys are stored is ``keystore.py``'s
part. Source: SPEC.md, section on signing in; docs/credentials.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import NodeConnection, Request, decode_answer
from kith_client.keystore import KeyStore
from kith_client.records import CommunityRecord
from kith_client.recovery import parse_recovery_words, recovery_words
from kith_client.session import Session, sign_in
from kith_client.vault import Vault
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.objects import community_id
from kith_crypto.randomness import Rng
from kith_crypto.signin import (
    derive_recovery,
    derive_sign_in,
    unwrap_vault_key,
    wrap_vault_key,
)
from kith_protocol.api import (
    AccountAnswer,
    CommunityAnswer,
    CredentialsBody,
    RegisterBody,
    SessionAnswer,
    Slots,
)
from kith_protocol.errors import GoneError, NotFoundError
from kith_protocol.urls import Origin, is_same_origin, parse_origin
from kith_protocol.vault_upload import CREDENTIALS_TYPE, encode_credentials

CODE_BYTES = 16
VAULT_KEY_BYTES = 32
NONCE_BYTES = 12
ALREADY_GONE = frozenset({GoneError.code, NotFoundError.code})

_FRAGMENT = "i="


class InviteLink(msgspec.Struct, frozen=True):
    """An invite and the node it is for.

    Attributes:
        node: the node's origin.
        invite: the text that the node reads.
    """

    node: Origin
    invite: str

    def __repr__(self) -> str:
        return "InviteLink(...)"


class Credentials(msgspec.Struct, frozen=True):
    """What a name, a passphrase and a vault key become. Its ``repr`` shows nothing.

    Attributes:
        auth: 32 bytes that sign in.
        recovery_auth: 32 bytes by which the recovery code signs in.
        slots: the vault key wrapped for both.
        recovery: the recovery code as twelve words.
    """

    auth: bytes
    recovery_auth: bytes
    slots: Slots
    recovery: str

    def __repr__(self) -> str:
        return "Credentials(...)"


class Opened(msgspec.Struct, frozen=True):
    """An account that was joined or signed in to. Its ``repr`` shows nothing.

    Attributes:
        vault_key: 32 bytes.
        record: for the keys.
        session: the open session.
        recovery: twelve words, where a code was made.
    """

    vault_key: bytes
    record: CommunityRecord
    session: SessionAnswer
    recovery: str = ""

    def __repr__(self) -> str:
        return "Opened(...)"


def parse_node(text: str) -> Origin:
    """Return the origin that *text* means: ``kith.example`` or ``https://kith.example/``.

    Raises:
        UsageError: it is no address of a node.
    """
    address = text.strip().rstrip("/")
    if "://" not in address:
        address = f"https://{address}"
    try:
        return parse_origin(address, development=True)
    except MalformedError as error:
        raise UsageError(
            f"{text!r} is not the address of a node; it looks like https://kith.example"
        ) from error


def parse_invite_link(text: str, *, node: str | None = None) -> InviteLink:
    """Return the invite in *text*.

    Args:
        text: a link ``https://kith.example/#i=…``, or the part after ``#i=`` alone.
        node: the node's address, needed where *text* is no link.

    Raises:
        UsageError: it is neither, or says nothing of the node.
    """
    parts = urlsplit(text.strip())
    if parts.scheme and parts.netloc:
        if not parts.fragment.startswith(_FRAGMENT):
            raise UsageError("the link has no invite in it; it ends in #i= and a code")
        origin = parse_node(f"{parts.scheme}://{parts.netloc}")
        return InviteLink(origin, parts.fragment.removeprefix(_FRAGMENT))
    if node is None:
        raise UsageError("a code alone does not say which node it is for; give its address too")
    return InviteLink(parse_node(node), text.strip().removeprefix("#").removeprefix(_FRAGMENT))


async def get_community(connection: NodeConnection) -> CommunityAnswer:
    """Return what the node says of its community.

    Raises:
        MalformedError: it speaks for another origin, so nothing may be pinned to it.
    """
    reply = await connection.send(Request("GET", "/api/v1/community"))
    community = decode_answer(reply, CommunityAnswer)
    if not is_same_origin(community.actor, f"{connection.origin}/", development=True):
        raise MalformedError("the node speaks for another address than its own")
    return community


async def join(
    connection: NodeConnection,
    invite: str,
    *,
    name: str,
    passphrase: str,
    device: str,
    rng: Rng,
) -> Opened:
    """Return the account that was made with *invite*.

    If the answer is lost, the account may exist: ``open_account`` with the same name and
    passphrase finds out.

    Args:
        connection: to the invite's node.
        invite: what the link holds after ``#i=``.
        name: login name; it is kept nowhere.
        passphrase: any, six random words are best.
        device: names this session, 8 bytes in base64url.
        rng: makes the vault key and the recovery code.

    Raises:
        ProblemError: ``unauthorized`` where the invite is none, used up or over.
        UsageError: a name or passphrase that cannot be used.
    """
    community = await get_community(connection)
    vault_key = rng.bytes(VAULT_KEY_BYTES)
    made = await make_credentials(
        name, passphrase, actor=community.actor, vault_key=vault_key, rng=rng
    )
    body = RegisterBody(
        invite=invite,
        auth=encode_base64url(made.auth),
        recovery_auth=encode_base64url(made.recovery_auth),
        slots=made.slots,
        device=device,
    )
    reply = await connection.send(Request("POST", "/api/v1/members", body=body))
    record = _pin(connection, community, made.auth)
    return Opened(vault_key, record, decode_answer(reply, SessionAnswer), made.recovery)


async def open_account(
    connection: NodeConnection, *, name: str, passphrase: str, device: str
) -> Opened:
    """Return an existing account, for keys on a device that has none yet.

    Raises:
        ProblemError: ``unauthorized`` where name or passphrase is wrong.
        DecryptionError: the node's slot does not open.
    """
    community = await get_community(connection)
    secrets = await asyncio.to_thread(
        derive_sign_in, name, passphrase, community=community_id(community.actor)
    )
    session = await sign_in(connection, secrets.auth, device=device)
    vault_key = unwrap_vault_key(parse_base64url(session.slots.passphrase), secrets.wrap)
    return Opened(vault_key, _pin(connection, community, secrets.auth), session)


async def recover_account(connection: NodeConnection, *, words: str, device: str) -> Opened:
    """Return an existing account by its recovery code; a new passphrase should follow.

    Raises:
        UsageError: the words are no recovery code.
        ProblemError: ``unauthorized`` where the code is of no account here.
        DecryptionError: the node's slot does not open.
    """
    community = await get_community(connection)
    code = parse_recovery_words(words)
    secrets = derive_recovery(code, community=community_id(community.actor))
    session = await sign_in(connection, secrets.rauth, device=device)
    vault_key = unwrap_vault_key(parse_base64url(session.slots.recovery), secrets.rwrap)
    return Opened(vault_key, _pin(connection, community, secrets.rauth), session)


async def make_credentials(
    name: str, passphrase: str, *, actor: str, vault_key: bytes, rng: Rng
) -> Credentials:
    """Return verifiers, slots and a new recovery code; the derivation runs in a thread.

    Raises:
        UsageError: a name or passphrase that cannot be used.
    """
    community = community_id(actor)
    secrets = await asyncio.to_thread(derive_sign_in, name, passphrase, community=community)
    code = rng.bytes(CODE_BYTES)
    recovery = derive_recovery(code, community=community)
    slots = Slots(
        passphrase=_wrap(vault_key, secrets.wrap, rng),
        recovery=_wrap(vault_key, recovery.rwrap, rng),
    )
    return Credentials(secrets.auth, recovery.rauth, slots, recovery_words(code))


class Account:
    """The account of the member whose keys are open."""

    def __init__(self, *, session: Session, keys: KeyStore, vault: Vault, rng: Rng) -> None:
        self._session = session
        self._keys = keys
        self._vault = vault
        self._rng = rng

    async def get(self) -> AccountAnswer:
        """Return what the node holds of the account."""
        return decode_answer(await self._session.send("GET", "/api/v1/account"), AccountAnswer)

    async def change_passphrase(self, name: str, passphrase: str) -> str:
        """Put a new passphrase, vault key and recovery code; end every other session.

        The whole vault is encrypted anew and sent in the same call, so that there is no moment
        in which it is under one key and the slots open another. This is also what to do after
        a device was taken: what it knows opens nothing that is written from then on.

        Args:
            name: the login name to use from now on, the old or a new one.
            passphrase: the new one; it also opens the key file from now on.

        Returns:
            The new recovery code, twelve words; the old one is void.
        """
        # Finds out which key the vault is under, where a change was cut off before.
        await self._vault.sync()
        community = self._community()
        vault_key = self._rng.bytes(VAULT_KEY_BYTES)
        made = await make_credentials(
            name, passphrase, actor=community.actor, vault_key=vault_key, rng=self._rng
        )
        # If the answer is lost, the file can still sign in and read, whichever the node has.
        self._keys.put_community(
            msgspec.structs.replace(community, next_auth=made.auth, next_vault_key=vault_key)
        )
        self._keys.commit()
        self._session.also_try(made.auth)

        def make(chunks: Mapping[int, bytes]) -> Request:
            body = CredentialsBody(
                auth=encode_base64url(made.auth),
                recovery_auth=encode_base64url(made.recovery_auth),
                slots=made.slots,
                device=self._session.device,
            )
            return Request(
                "PUT",
                "/api/v1/account/credentials",
                raw=encode_credentials(body, chunks),
                media_type=CREDENTIALS_TYPE,
            )

        reply = await self._vault.rewrite(vault_key, make)
        self._session.use(made.auth, decode_answer(reply, SessionAnswer))
        await asyncio.to_thread(self._keys.change_lock, vault_key, passphrase)
        changed = msgspec.structs.replace(
            self._community(),
            auth=made.auth,
            next_auth=b"",
            vault_key=b"",
            next_vault_key=b"",
        )
        self._keys.put_community(changed)
        self._keys.commit()
        return made.recovery

    async def sign_in_again(self, name: str, passphrase: str) -> None:
        """Sign in by the name and passphrase that another device has put.

        What only this device has is joined with the vault; nothing of it is lost.

        Args:
            name: the login name as it is now.
            passphrase: as it is now; it also opens the key file from now on.

        Raises:
            ProblemError: ``unauthorized``: name or passphrase is wrong.
            DecryptionError: the node's slot or vault does not open.
        """
        community = self._community()
        secrets = await asyncio.to_thread(
            derive_sign_in, name, passphrase, community=community_id(community.actor)
        )
        answer = await self._session.sign_in_by(secrets.auth)
        vault_key = unwrap_vault_key(parse_base64url(answer.slots.passphrase), secrets.wrap)
        signed_in = msgspec.structs.replace(
            community, auth=secrets.auth, next_auth=b"", vault_key=vault_key, next_vault_key=b""
        )
        self._keys.put_community(signed_in)
        self._keys.commit()
        await self._vault.sync()
        await asyncio.to_thread(self._keys.change_lock, vault_key, passphrase)
        self._keys.put_community(msgspec.structs.replace(signed_in, vault_key=b""))
        self._keys.commit()

    async def sign_out_everywhere(self) -> None:
        """End every session, this one too; signing in again needs the passphrase."""
        await self._session.send("POST", "/api/v1/account/sign-out")
        self._session.drop_token()

    async def delete(self) -> None:
        """Delete the account at the node and forget how to sign in.

        What the member owns there stays until it expires: withdraw it first.
        """
        try:
            await self._session.send("DELETE", "/api/v1/account")
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
        self._session.forget()
        left = msgspec.structs.replace(self._community(), auth=b"", next_auth=b"")
        self._keys.put_community(left)
        self._keys.put_pass(None)
        self._keys.commit()

    def _community(self) -> CommunityRecord:
        if self._keys.community is None:
            raise UsageError("these keys belong to no community")
        return self._keys.community


def _pin(
    connection: NodeConnection, community: CommunityAnswer, auth: bytes
) -> CommunityRecord:
    return CommunityRecord(
        node=connection.origin,
        actor=community.actor,
        auth=auth,
        keyholders=community.keyholders_fingerprint,
    )


def _wrap(vault_key: bytes, wrapping_key: bytes, rng: Rng) -> str:
    nonce = rng.bytes(NONCE_BYTES)
    return encode_base64url(wrap_vault_key(vault_key, wrapping_key, nonce=nonce))
