"""The mentee's side of knocks: write, send, take back, and read what is answered.

A knock goes through the states of ``kith_protocol.conversation.knock_machine``. At most three
may be open at once, and each is a conversation of its own, with keys and a box of its own, so
no two of them look like one person's. Asking the node for ``who`` names the offer to it for
that moment; it happens in the moment of sending only.
"""

from __future__ import annotations

import contextlib

from kith_client.correspondence import Correspondence
from kith_client.errors import NodeUnreachableError, NoKeysError, ProblemError
from kith_client.personas import Persona
from kith_client.reading import Letter
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.conversation.bodies import card_of
from kith_protocol.conversation.knock_machine import KnockEvent, may_knock
from kith_protocol.conversation.outgoing import (
    Who,
    draft_knock,
    expire_outgoing,
    find_superseded,
    is_seed_dead,
    knock_moved,
    merge_outgoing,
    read_answer,
    resend_knock,
    write_knock,
    write_withdrawal,
)
from kith_protocol.conversation.records import (
    KnockWords,
    OutgoingKnock,
    Seed,
    Talk,
    change_of,
    deletion_of,
    knock_for_lane,
)
from kith_protocol.urls import parse_offer_url

KIND = "knock"


class Knocking:
    """The knocks that one member makes."""

    def __init__(self, means: Correspondence) -> None:
        self._means = means

    def list(self) -> tuple[OutgoingKnock, ...]:
        """Return one's own knocks, newest first."""
        copies: dict[bytes, list[OutgoingKnock]] = {}
        for copy in self._means.shelf.records(OutgoingKnock, kind=KIND):
            copies.setdefault(copy.conversation, []).append(copy)
        merged = [
            expire_outgoing(merge_outgoing(group), now=self._means.clock.now())
            for group in copies.values()
        ]
        return tuple(sorted(merged, key=_newest_first))

    def get(self, conversation: bytes) -> OutgoingKnock:
        """Return one's own knock of this conversation.

        Raises:
            UsageError: there is none.
        """
        for knock in self.list():
            if knock.conversation == conversation:
                return knock
        raise UsageError("you made no such knock")

    async def draft(
        self, offer_url: str, words: KnockWords, *, persona: Persona | None, wish: bytes = b""
    ) -> OutgoingKnock:
        """Return a knock that is stored and not sent; the node learns nothing of it.

        Raises:
            UsageError: *wish* is neither 16 bytes nor empty.
        """
        means = self._means
        if len(wish) not in (0, ID_BYTES):
            raise UsageError(f"a wish is named by {ID_BYTES} bytes")
        node, offer = parse_offer_url(offer_url, development=True)
        conversation = means.rng.bytes(ID_BYTES)
        knock = draft_knock(
            _with_card(words, persona),
            offer=offer,
            node=node,
            lane=means.shelf.lane(conversation),
            conversation=conversation,
            now=means.clock.now(),
            rng=means.rng,
            wish=wish,
        )
        means.shelf.apply([change_of(knock)])
        await means.shelf.save()
        return knock

    async def send(self, knock: OutgoingKnock) -> OutgoingKnock:
        """Send a draft, or one that failed, and return it.

        Raises:
            UsageError: three are open already.
            NoKeysError: the offer takes no knocks at the moment.
        """
        means = self._means
        if not may_knock(one.state for one in self.list()):
            raise UsageError(
                "three knocks are open; wait for an answer, or take one back, so that no "
                "mentor waits for somebody who has found another"
            )
        own = knock_for_lane(knock, means.shelf.lane(knock.conversation))
        bundle = await means.post.find_bundle(own.node, own.offer)
        await means.boxes.create(
            SigningKey.from_seed(own.box_seed), "reply", renew_by=means.reply_month()
        )
        now = means.clock.now()
        if own.core:
            written = resend_knock(own, bundle=bundle, now=now, rng=means.rng)
        else:
            key = SigningKey.from_seed(own.seed).verify_key
            answer = await means.post.ask_who(own.offer, key)
            who = Who(
                who=parse_base64url(answer.who, size=ID_BYTES),
                signature=parse_base64url(answer.signature, size=64),
                day=answer.day,
            )
            written = write_knock(own, bundle=bundle, who=who, now=now, rng=means.rng)
        means.shelf.apply([change_of(written.knock)])
        if written.seed is not None:
            means.shelf.apply([change_of(written.seed)])
        handle = means.outbox.add_first(
            own.conversation, written.unstamped, to=written.knock.node
        )
        await means.shelf.save()
        state = await means.outbox.send(handle, written.unstamped)
        return self.note(written.knock, state)

    async def withdraw(self, knock: OutgoingKnock, words: str = "") -> OutgoingKnock | None:
        """Take a knock back and return it; a draft is deleted.

        Raises:
            UsageError: it was answered already, or never sent.
        """
        means = self._means
        if knock.state == "draft":
            self._drop(knock.conversation)
            await means.shelf.save()
            return None
        own = knock_for_lane(knock, means.shelf.lane(knock.conversation))
        bundle = await means.post.find_bundle(own.node, own.offer)
        written = write_withdrawal(
            own, bundle=bundle, words=words, now=means.clock.now(), rng=means.rng
        )
        means.shelf.apply([change_of(written.knock)])
        handle = means.outbox.add_first(
            own.conversation, written.unstamped, to=written.knock.node
        )
        await means.shelf.save()
        await means.outbox.send(handle, written.unstamped)
        return written.knock

    async def withdraw_superseded(self, words: str) -> tuple[OutgoingKnock, ...]:
        """Take back, in random order, what waits for a wish that somebody has accepted.

        What can't be taken back now is left for the next time, or until its time is up.

        Args:
            words: to those mentors, at most 200 characters.
        """
        taken: list[OutgoingKnock] = []
        found = find_superseded(self.list())
        for knock in sorted(found, key=lambda _: self._means.rng.bytes(8)):
            with contextlib.suppress(NodeUnreachableError, NoKeysError, ProblemError):
                if (withdrawn := await self.withdraw(knock, words)) is not None:
                    taken.append(withdrawn)
        return tuple(taken)

    def note(self, knock: OutgoingKnock, state: str) -> OutgoingKnock:
        """Return the knock after news of its envelope, put on the shelf."""
        if knock.state != "queued" or state not in {"delivered", "failed"}:
            return knock
        event: KnockEvent = "delivered" if state == "delivered" else "failed"
        own = knock_for_lane(knock, self._means.shelf.lane(knock.conversation))
        moved, _ = knock_moved(own, event, now=self._means.clock.now())
        self._means.shelf.apply([change_of(moved)])
        return moved

    def waiting(self) -> tuple[OutgoingKnock, ...]:
        """Return the knocks whose boxes may still get an answer."""
        talks = {talk.conversation for talk in self._means.shelf.records(Talk, kind="talk")}
        now = self._means.clock.now()
        return tuple(
            knock
            for knock in self.list()
            if knock.core
            and knock.conversation not in talks
            and knock.state != "declined"
            and not is_seed_dead(knock, now=now)
        )

    async def read(self, knock: OutgoingKnock) -> OutgoingKnock:
        """Empty the box of a knock and return the knock, with its answer if there is one."""
        key = SigningKey.from_seed(knock.box_seed)

        async def read_letter(letter: Letter) -> bool:
            return self._read_letter(knock.conversation, letter)

        await self._means.reader.empty(key, read_letter)
        return self.get(knock.conversation)

    async def tidy(self) -> None:
        """Close the boxes and forget the keys of knocks that led nowhere."""
        now = self._means.clock.now()
        talks = {talk.conversation for talk in self._means.shelf.records(Talk, kind="talk")}
        for knock in self.list():
            if knock.conversation in talks or not knock.core:
                continue
            seeds = self._seeds(knock.conversation)
            is_over = knock.state == "declined" or is_seed_dead(knock, now=now)
            if is_over and seeds:
                await self._means.boxes.close(SigningKey.from_seed(knock.box_seed))
                self._means.shelf.apply(map(deletion_of, seeds))

    def _read_letter(self, conversation: bytes, letter: Letter) -> bool:
        shelf = self._means.shelf
        if any(isinstance(one, Talk) for one in shelf.records_of(conversation)):
            return False  # answered: what follows is the conversation's to read
        knock = knock_for_lane(self.get(conversation), shelf.lane(conversation))
        try:
            read = read_answer(
                knock,
                letter.stamped,
                seeds=self._seeds(conversation),
                node=letter.node,
                now=self._means.clock.now(),
            )
        except DecryptionError:
            # Perhaps the mentor's next message, which came before the answer.
            return False
        except MalformedError:
            return True
        if read.conversation is not None:
            shelf.apply(read.conversation.take_changes())
        shelf.apply([change_of(read.knock)])
        return True

    def _seeds(self, conversation: bytes) -> tuple[Seed, ...]:
        records = self._means.shelf.records_of(conversation)
        return tuple(record for record in records if isinstance(record, Seed))

    def _drop(self, conversation: bytes) -> None:
        self._means.shelf.apply(map(deletion_of, self._means.shelf.records_of(conversation)))


def _with_card(words: KnockWords, persona: Persona | None) -> KnockWords:
    if persona is None:
        return words
    card = card_of(persona.content)
    return KnockWords(words.words, words.hopes, words.tried, words.rhythm, words.times, card)


def _newest_first(knock: OutgoingKnock) -> tuple[int, bytes]:
    return -(knock.sent_at or knock.changed_at), knock.conversation
