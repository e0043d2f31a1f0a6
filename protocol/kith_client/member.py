"""A member at their node: the one object that scripts and commands need.

    joined = await Member.join(link, name=name, passphrase=passphrase, home=folder)
    print("write this down:", joined.recovery)
    async with joined.member as member:
        hit = (await member.search.find(Query(text="CV"))).hits[0]
        knock = await member.knocks.knock(hit, "Would you read mine?")
        …
        for conversation in member.conversations.list():
            await conversation.say("Thank you!")

``home`` is the folder of the key file, with this device's copy of the vault; without one both
live in memory only. What is in the vault every device of the member has. A session is opened
when the first call needs one. What each part does is said in its own module; this one opens,
ties together and closes.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import msgspec

from kith_client.account import (
    Account,
    Opened,
    get_community,
    join,
    open_account,
    parse_invite_link,
    parse_node,
    recover_account,
)
from kith_client.blocks import Blocks
from kith_client.circles.circles import Circles
from kith_client.conversations import Conversations
from kith_client.correspondence import open_correspondence
from kith_client.errors import NoKeyringError
from kith_client.export import make_export
from kith_client.export_document import Export
from kith_client.keyfile import remove_private
from kith_client.keyring import Keyring
from kith_client.keystore import KeyStore
from kith_client.knocks import Knocks
from kith_client.leaving import Withdrawn, withdraw_everything
from kith_client.library import Library
from kith_client.means import KEY_FILE, Means, has_keys, lock_keys, lock_new_keys
from kith_client.mentorship.thanks import ThanksBook
from kith_client.moderation import Moderation
from kith_client.offers import Offers
from kith_client.personas import Personas
from kith_client.places import Places
from kith_client.profiles import Profiles
from kith_client.records import CommunityRecord
from kith_client.reports import Reports
from kith_client.search import Search
from kith_client.session import Session, new_device
from kith_client.tips import Tips
from kith_client.vault import Vault
from kith_client.wishes import Wishes
from kith_crypto.errors import KithError, UsageError
from kith_protocol.api import CommunityAnswer
from kith_protocol.day import day_of


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """A member with a recovery code that was made just now.

    Attributes:
        member: to be used as ``async with``.
        recovery: twelve words, to be written on paper; they are kept nowhere.
    """

    member: Member
    recovery: str = dataclasses.field(repr=False)


class Member:
    """A member whose keys are open. Use as ``async with``.

    Attributes:
        account: the account, passphrase and sessions.
        vault: everything a member owns, here and encrypted on the node.
        offers: one's own offers.
        profiles: one's own profiles, and those of the community.
        search: the catalogue.
        wishes: what one looks for.
        personas: who one is to others.
        places: how much room one's offers have.
        knocks: asking mentors, and being asked.
        conversations: what follows.
        circles: small groups.
        thanks: what one was thanked for as a mentor.
        tips: which advice one has read.
        blocks: whom one does not want to hear from.
        reports: telling the moderators.
        moderation: what moderators do.
    """

    def __init__(self, keyring: Keyring, means: Means, lock: ExitStack) -> None:
        """Tie the parts together; use ``join``, ``open``, ``sign_in`` or ``recover`` instead.

        Args:
            keyring: open, of a community that was joined.
            means: clock, randomness, HTTP.
            lock: released when the member is closed.

        Raises:
            UsageError: the keys belong to no community.
        """
        self._keys = KeyStore(keyring, clock=means.clock, rng=means.rng)
        community = self._community()
        self._lock = lock
        self._means = means
        self._connection = means.connect(community.node)
        self._session = Session(
            self._connection,
            auths=[auth for auth in (community.auth, community.next_auth) if auth],
            reader_pass=self._keys.reader_pass,
            keep_pass=self._keys.put_pass,
            clock=means.clock,
            rng=means.rng,
        )
        self.vault = Vault(session=self._session, keys=self._keys)
        self.account = Account(
            session=self._session, keys=self._keys, vault=self.vault, rng=means.rng
        )
        self.offers = Offers(
            connection=self._connection,
            session=self._session,
            keys=self._keys,
            clock=means.clock,
            rng=means.rng,
            pause=means.pause,
        )
        self.profiles = Profiles(
            connection=self._connection,
            session=self._session,
            keys=self._keys,
            clock=means.clock,
            rng=means.rng,
        )
        self.search = Search(session=self._session, actor=community.actor, clock=means.clock)
        self.library = Library(
            session=self._session,
            search=self.search,
            actor=community.actor,
            clock=means.clock,
        )
        post = open_correspondence(
            session=self._session,
            vault=self.vault,
            clock=means.clock,
            rng=means.rng,
            pause=means.pause,
        )
        self.blocks = Blocks(post.shelf)
        self.wishes = Wishes(
            shelf=post.shelf,
            keys=self._keys,
            blocks=self.blocks,
            search=self.search,
            node=community.node,
            clock=means.clock,
            rng=means.rng,
        )
        self.personas = Personas(shelf=post.shelf, rng=means.rng)
        self.places = Places(post, self._keys, self.blocks, self.offers)
        self.knocks = Knocks(post, self._keys, self.blocks, self.places)
        self.conversations = Conversations(post, self._session, self.blocks)
        self.circles = Circles(post, self.conversations, self.knocks, node=community.node)
        self.thanks = ThanksBook(post.shelf)
        self.tips = Tips(post.shelf)
        self.reports = Reports(
            session=self._session,
            peers=post.peers,
            search=self.search,
            shelf=post.shelf,
            actor=community.actor,
            clock=means.clock,
            rng=means.rng,
            pause=means.pause,
        )
        self.moderation = Moderation(
            connection=self._connection,
            session=self._session,
            peers=post.peers,
            shelf=post.shelf,
            actor=community.actor,
            clock=means.clock,
            rng=means.rng,
            pause=means.pause,
        )
        self._boxes = post.boxes
        self._keys.prune(day_of(means.clock.now()))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Save what is unsaved, close the connection, let other programs at the keys.

        What the node does not have yet is sent to it, if it answers; else it stays for the
        next time (``vault.is_behind``).
        """
        with self._lock:
            try:
                if self.vault.is_behind and not self.has_left:
                    await self.vault.sync()
            except KithError:
                pass  # nothing is lost: it lies in the key file
            finally:
                self._keys.commit()
                await self._connection.close()

    @classmethod
    async def join(
        cls,
        link: str,
        *,
        name: str,
        passphrase: str,
        node: str | None = None,
        home: Path | None = None,
        means: Means | None = None,
    ) -> Joined:
        """Return a new member of the community that the invite *link* is of.

        Args:
            link: the invite as a link, or its code alone with *node*.
            name: login name; it is kept nowhere, on no server and no disk.
            passphrase: opens the key file and signs in.
            node: the node's address, needed with a code alone.
            home: folder of the key file, or None to keep the keys in memory.
            means: clock, randomness, HTTP; by default the system's.

        Raises:
            ProblemError: ``unauthorized``: the invite is none, used up or over.
            UsageError: there are keys in *home* already, or input that cannot be used.
        """
        means = means or Means()
        invite = parse_invite_link(link, node=node)
        with ExitStack() as stack:
            path = lock_new_keys(home, stack)
            async with means.connect(invite.node) as connection:
                opened = await join(
                    connection,
                    invite.invite,
                    name=name,
                    passphrase=passphrase,
                    device=new_device(means.rng),
                    rng=means.rng,
                )
            member = await cls._create(path, opened, passphrase, means, stack)
        try:
            await member.vault.sync()
        except KithError:
            pass  # the next call goes on; the code has to be shown, nothing brings it back
        except BaseException:
            await member.close()
            raise
        return Joined(member, opened.recovery)

    @classmethod
    async def sign_in(
        cls,
        node: str,
        *,
        name: str,
        passphrase: str,
        home: Path | None = None,
        means: Means | None = None,
    ) -> Self:
        """Return an existing member on a device that has no keys yet.

        The vault is fetched: everything that other devices have written is here then.

        Raises:
            ProblemError: ``unauthorized``: name or passphrase is wrong.
            UsageError: there are keys in *home* already.
            DecryptionError: the node shows a vault that does not fit its index.
        """
        means = means or Means()
        with ExitStack() as stack:
            path = lock_new_keys(home, stack)
            async with means.connect(parse_node(node)) as connection:
                opened = await open_account(
                    connection, name=name, passphrase=passphrase, device=new_device(means.rng)
                )
            member = await cls._create(path, opened, passphrase, means, stack)
        try:
            await member.vault.sync()
        except BaseException:
            await member.forget()  # so that the same call can be made again
            raise
        return member

    @classmethod
    async def recover(
        cls,
        node: str,
        *,
        words: str,
        name: str,
        passphrase: str,
        home: Path | None = None,
        means: Means | None = None,
    ) -> Joined:
        """Return an existing member by the recovery code, with a new passphrase and code.

        Opens the key file in *home* where there is one, so that its keys are kept.

        Raises:
            UsageError: the words are no recovery code.
            ProblemError: ``unauthorized``: the code is of no account here.
            WrongPassphraseError: the key file belongs to somebody else or is damaged.
        """
        means = means or Means()
        with ExitStack() as stack:
            path = lock_keys(home, stack)
            async with means.connect(parse_node(node)) as connection:
                opened = await recover_account(
                    connection, words=words, device=new_device(means.rng)
                )
            member = await cls._recover(path, opened, passphrase, means, stack)
        try:
            # This reads the vault first.
            recovery = await member.account.change_passphrase(name, passphrase)
        except BaseException:
            await member.close()
            raise
        return Joined(member, recovery)

    @classmethod
    async def open(cls, home: Path, *, passphrase: str, means: Means | None = None) -> Self:
        """Return the member whose keys are in *home*. Nothing is sent yet.

        Raises:
            NoKeyringError: there are none.
            WrongPassphraseError: they do not open.
            KeyringBusyError: another program has them open.
        """
        means = means or Means()
        if not has_keys(home):
            raise NoKeyringError(f"there are no keys in {home}")
        with ExitStack() as stack:
            lock_keys(home, stack)
            keyring = await asyncio.to_thread(
                Keyring.open, home / KEY_FILE, passphrase=passphrase, rng=means.rng
            )
            return cls(keyring, means, stack.pop_all())

    @property
    def community(self) -> CommunityRecord:
        """Return the community as it was pinned at joining."""
        return self._community()

    @property
    def has_left(self) -> bool:
        """Return whether the account has been deleted from here."""
        return not self._community().auth

    async def refresh(self) -> None:
        """Bring in what other devices wrote; see ``Vault.sync`` for what may go wrong."""
        await self.vault.sync()

    def export(self) -> Export:
        """Return everything of the member that this device holds, in the clear.

        What proves messages to others is not in it. ``vault.sync`` first brings what other
        devices wrote.
        """
        return make_export(
            community=self._community(),
            keys=self._keys,
            personas=self.personas,
            knocks=self.knocks,
            conversations=self.conversations,
            circles=self.circles,
            wishes=self.wishes,
            thanks=self.thanks,
            blocks=self.blocks,
            today=day_of(self._means.clock.now()),
        )

    @property
    def keys(self) -> KeyStore:
        """Return the records of the member's keys."""
        return self._keys

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Save the keys once, at the end, instead of at each change; see ``KeyStore.batch``."""
        with self._keys.batch():
            yield

    async def get_community(self) -> CommunityAnswer:
        """Return what the node says of the community today; shows it no session.

        Raises:
            UsageError: its actor is another one than at joining.
        """
        answer = await get_community(self._connection)
        if answer.actor != self._community().actor:
            raise UsageError(
                "the node now speaks for another community than the one you joined; ask its "
                "stewards before going on"
            )
        return answer

    def are_keyholders_new(self, answer: CommunityAnswer) -> bool:
        """Return whether *answer* names other keyholders than were pinned."""
        return answer.keyholders_fingerprint != self._community().keyholders

    def accept_keyholders(self, answer: CommunityAnswer) -> None:
        """Pin the keyholders of *answer*, after comparing their words with the stewards."""
        pinned = msgspec.structs.replace(
            self._community(), keyholders=answer.keyholders_fingerprint
        )
        self._keys.put_community(pinned)
        self._keys.commit()

    async def resume(self) -> int:
        """Finish what a broken connection interrupted; return how many objects it was."""
        return await self.offers.resume() + await self.profiles.resume()

    async def leave(self) -> tuple[Withdrawn, ...]:
        """Withdraw everything, delete the account, return the erasure receipts so far.

        Partners are not told. Stops at the first call that fails, before deleting the account;
        doing it again goes on from there. See ``leaving``.
        """
        withdrawn = await withdraw_everything(
            keys=self._keys,
            boxes=self._boxes,
            box_keys=(
                *self.knocks.box_keys,
                *self.conversations.box_keys,
                *self.circles.box_keys,
            ),
            profiles=self.profiles,
            offers=self.offers,
            rng=self._means.rng,
        )
        if not self.has_left:
            await self.account.delete()
        return withdrawn

    async def forget(self) -> None:
        """Close, and delete the key file of this device. Nothing can be undone."""
        await self.close()
        if self._keys.path is not None:
            remove_private(self._keys.path)

    @classmethod
    async def _create(
        cls, path: Path | None, opened: Opened, passphrase: str, means: Means, stack: ExitStack
    ) -> Self:
        keyring = await asyncio.to_thread(
            Keyring.create,
            path,
            passphrase=passphrase,
            vault_key=opened.vault_key,
            rng=means.rng,
        )
        return cls._start(keyring, opened, means, stack)

    @classmethod
    async def _recover(
        cls, path: Path | None, opened: Opened, passphrase: str, means: Means, stack: ExitStack
    ) -> Self:
        if path is None or not has_keys(path.parent):
            return await cls._create(path, opened, passphrase, means, stack)
        keyring = Keyring.open_with_key(path, vault_key=opened.vault_key, rng=means.rng)
        return cls._start(keyring, _keep_pinned(opened, keyring), means, stack)

    @classmethod
    def _start(cls, keyring: Keyring, opened: Opened, means: Means, stack: ExitStack) -> Self:
        keyring.records = msgspec.structs.replace(keyring.records, community=opened.record)
        keyring.save()
        member = cls(keyring, means, stack.pop_all())
        member._session.use(opened.record.auth, opened.session)
        return member

    def _community(self) -> CommunityRecord:
        if self._keys.community is None:
            raise UsageError("these keys belong to no community")
        return self._keys.community


def _keep_pinned(opened: Opened, keyring: Keyring) -> Opened:
    """Return *opened* with what the keys have pinned: recovering is no reason to trust anew."""
    pinned = keyring.records.community
    if pinned is None:
        return opened
    if pinned.actor != opened.record.actor:
        raise UsageError("the keys in this folder are of another community")
    record = msgspec.structs.replace(opened.record, keyholders=pinned.keyholders)
    return msgspec.structs.replace(opened, record=record)
