"""One conversation: read, say, show a card, send a file, compare safety words, end it.

    conversation = member.conversations.open(knock.conversation)
    await conversation.say("Good morning")
    for entry in conversation.messages: …

What is written is stored before it is sent, what is read is stored before it is acknowledged;
every step can be repeated. The order of messages, keys and their life are
``kith_protocol.conversation``'s part: this module loads it from the vault for each step, so
that what another device did meanwhile counts.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import msgspec

from kith_client.blocks import Blocks
from kith_client.box_term import keep_box
from kith_client.check_phrase import put_phrase, read_phrase, refuse_phrase, suggest_phrase
from kith_client.correspondence import Correspondence
from kith_client.machines import load_machine
from kith_client.mentorship.mentoring import Mentoring
from kith_client.mentorship.thanks import ThanksBook
from kith_client.outbox import WriteAgain
from kith_client.personas import Persona
from kith_client.reading import Letter
from kith_crypto.core import ROLE_MENTEE
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.errors import DecryptionError, MalformedError, UsageError
from kith_crypto.safety_words import SafetyWords, derive_safety_words
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Card,
    Close,
    Freeze,
    Knock,
    Part,
    Rekey,
    Text,
    card_of,
)
from kith_protocol.conversation.events import Entry, Event, Evidence, Shown
from kith_protocol.conversation.machine import Conversation as Machine
from kith_protocol.conversation.parts import join_parts, split_file
from kith_protocol.conversation.records import Talk

_ENDED = "blocked"


class ReceivedFile(msgspec.Struct, frozen=True):
    """Something longer that came or was sent, whole. Its ``repr`` shows nothing.

    Attributes:
        is_own: sent by oneself.
        minute: of its first part, by the sender's clock.
        name: as the sender called it; not a path to write to.
        media: its media type, as the sender says.
    """

    is_own: bool
    minute: int
    name: str
    media: str
    data: bytes

    def __repr__(self) -> str:
        return "ReceivedFile(...)"


class Conversation:
    """One side of one conversation."""

    def __init__(self, means: Correspondence, blocks: Blocks, talk: Talk) -> None:
        self._means = means
        self._blocks = blocks
        self._talk = talk

    @property
    def id(self) -> bytes:
        """Return what names the conversation, 16 bytes; the same on both sides."""
        return self._talk.conversation

    @property
    def offer(self) -> bytes:
        """Return the offer it began with, 16 bytes."""
        return self._talk.offer

    @property
    def is_mentee(self) -> bool:
        """Return whether one is the one who knocked."""
        return self._talk.role == ROLE_MENTEE

    @property
    def node(self) -> str:
        """Return the origin of the other side's node."""
        return self._talk.peer_node

    @property
    def state(self) -> str:
        """Return whether it goes on: ``open``, ``paused-by-peer``, ``blocked`` and so on."""
        return _ENDED if self._blocks.has_ended(self.id) else str(self._load().state)

    @property
    def messages(self) -> tuple[Entry, ...]:
        """Return everything that can be shown, in its order; gaps are entries too."""
        return self._load().messages()

    @property
    def card(self) -> Card | None:
        """Return what the other side last showed of themselves."""
        for entry in reversed(self.messages):
            if isinstance(entry, Shown) and not entry.is_own:
                body = entry.body
                if isinstance(body, Card):
                    return body
                if isinstance(body, Knock | Answer) and body.card is not None:
                    return body.card
        return None

    @property
    def files(self) -> tuple[ReceivedFile, ...]:
        """Return the files that are whole, in the order of their first parts."""
        found: dict[tuple[bool, str], list[Part]] = {}
        first: dict[tuple[bool, str], int] = {}
        for entry in self.messages:
            if isinstance(entry, Shown) and isinstance(entry.body, Part):
                key = entry.is_own, entry.body.file
                found.setdefault(key, []).append(entry.body)
                first.setdefault(key, entry.minute)
        files: list[ReceivedFile] = []
        for key, parts in found.items():
            with contextlib.suppress(MalformedError):  # not whole yet, or never will be
                name, media = _named(parts)
                files.append(ReceivedFile(key[0], first[key], name, media, join_parts(parts)))
        return tuple(files)

    @property
    def mentorship(self) -> Mentoring:
        """Return what the two make of the conversation; see ``kith_client.mentorship``."""
        return Mentoring(self, self._means)

    @property
    def check_phrase(self) -> str:
        """Return what the two agreed on by voice to know each other by, or an empty text."""
        return read_phrase(self._means.shelf, self.id)

    async def set_check_phrase(self, phrase: str) -> None:
        """Keep a check phrase, or with an empty text none. It is never sent.

        Raises:
            UsageError: it is too short or too long.
        """
        put_phrase(self._means.shelf, self.id, phrase)
        await self._means.shelf.save()

    def suggest_check_phrase(self) -> str:
        """Return three words that could be agreed on, by voice; each call has others."""
        return suggest_phrase(self._means.rng)

    async def say(self, text: str) -> Shown:
        """Send a text, at most 12,000 characters, and return it as it stands.

        Raises:
            UsageError: the conversation is over or paused, or the text holds the check phrase.
            MalformedError: the text is too long or holds misleading characters.
            NodeUnreachableError: it is stored and will be sent by ``receive`` or ``say``.
        """
        return await self.write(Text(text))

    async def show_card(self, persona: Persona, *, thanks: Sequence[bytes] = ()) -> Shown:
        """Show the other side who one is; what was shown can't be taken back.

        Args:
            persona: one's own.
            thanks: ids of up to three in ``member.thanks`` to be shown with it.

        Raises:
            UsageError: whoever gave a thanks did not let it be shown.
        """
        shown = ThanksBook(self._means.shelf).shown(thanks)
        card = msgspec.structs.replace(card_of(persona.content), thanks=shown)
        return await self.write(card)

    async def send_file(self, data: bytes, *, name: str, media: str) -> None:
        """Send something longer, at most 2 MiB, in numbered pieces.

        Args:
            data: its bytes, as they are: what is in a photo's head (place, device) goes too.
            name: a name without folders.
            media: its media type, such as ``image/png``.

        Raises:
            MalformedError: it is too long or empty.
        """
        pieces = split_file(data, name=name, media=media, rng=self._means.rng)
        await self._write_all(pieces)

    async def close(self, words: str = "") -> None:
        """End the conversation, with a word if one likes; proofs of it are forgotten."""
        await self.write(Close(words))
        async with self._lock:
            machine = self._load()
            machine.drop_proofs()
            await self._store(machine)

    async def freeze(self) -> None:
        """Tell the other side that everything is paused; nothing after it counts."""
        await self.write(Freeze())

    async def block(self) -> None:
        """End the conversation without a word; what they send is deleted unread.

        Blocks them at this offer, if they knocked at it. They are told nothing and may notice.
        """
        async with self._lock:
            self._blocks.end(self.id, day=self._means.today)
            await self._means.shelf.save()
            await self._means.boxes.close(SigningKey.from_seed(self._talk.box_seed))

    async def safety_words(self) -> SafetyWords:
        """Return six words that both sides see alike if nobody stands between them.

        Compare them by voice, video or face to face, never in the conversation itself.
        """
        machine = self._load()
        own = SigningKey.from_seed(self._talk.seed).verify_key
        peer = VerifyKey(self._talk.peer_key)
        return await asyncio.to_thread(
            derive_safety_words,
            mentee_key=own if self.is_mentee else peer,
            mentor_key=peer if self.is_mentee else own,
            conversation=self.id,
            knock_hash=self._talk.knock_hash,
            answer_hash=machine.answer_hash,
        )

    def evidence(self, message: bytes) -> Evidence | None:
        """Return what proves a message that came, for 30 days; see ``member.reports``.

        Args:
            message: its hash, from ``messages``.
        """
        return self._load().evidence(message)

    async def receive(self) -> tuple[Event, ...]:
        """Fetch what has come, store it, and do what is due; return what happened.

        Also sends what a broken connection kept from being sent.
        """
        if self._blocks.has_ended(self.id):
            return ()
        async with self._lock:
            await self._resume()
            key = SigningKey.from_seed(self._talk.box_seed)
            await keep_box(self._means, self.id, key)
            machine, events, is_emptied = await self._read_box()
            events = (*events, *await self._tick(machine, is_emptied=is_emptied))
        await self.mentorship.follow_up()
        return events

    @property
    def _lock(self) -> asyncio.Lock:
        return self._means.locks[self.id]

    def _load(self) -> Machine:
        return load_machine(self._means.shelf, self.id)

    async def _store(self, machine: Machine) -> None:
        self._means.shelf.apply(machine.take_changes())
        await self._means.shelf.save()

    async def write(self, body: Body, *, also: Callable[[], None] = lambda: None) -> Shown:
        """Send *body* and return it as it stands; what ``say`` and the others do.

        Args:
            body: of any type that may follow a knock and its answer.
            also: puts on the shelf what is stored together with the message.

        Raises:
            UsageError: it cannot be written now; nothing is sent.
        """
        hashes = await self._write_all([body], also)
        for entry in self.messages:
            if isinstance(entry, Shown) and entry.hash == hashes[-1]:
                return entry
        raise UsageError("the message was stored by another device meanwhile")

    async def _write_all(
        self, bodies: Sequence[Body], also: Callable[[], None] = lambda: None
    ) -> list[bytes]:
        """Write *bodies*, store them together, hand them in; return their hashes."""
        if self._blocks.has_ended(self.id):
            raise UsageError("you have ended this conversation")
        for body in bodies:
            refuse_phrase(body, self.check_phrase)
        async with self._lock:
            await self._resume()
            machine = self._load()
            now, rng = self._means.clock.now(), self._means.rng
            sent = [machine.write(body, now=now, rng=rng) for body in bodies]
            to = self._talk.peer_node
            outbox = self._means.outbox
            handles = [outbox.add_message(self.id, one.hash, to=to) for one in sent]
            also()
            await self._store(machine)
            for handle, one in zip(handles, sent, strict=True):
                await outbox.send(handle, one.unstamped)
            await outbox.retry(self.id, self._write_again(machine))
            return [one.hash for one in sent]

    async def _resume(self) -> None:
        await self._means.outbox.resume(self.id, self._write_again(self._load()))

    def _write_again(self, machine: Machine) -> WriteAgain:
        return lambda message: machine.resend(message, rng=self._means.rng).unstamped

    async def _read_box(self) -> tuple[Machine, tuple[Event, ...], bool]:
        """Return the conversation with all that came, what happened, and if that was all."""
        machine = self._load()
        events: list[Event] = []
        is_whole = True

        async def read_letter(letter: Letter) -> bool:
            nonlocal machine, is_whole
            now = self._means.clock.now()
            try:
                events.extend(machine.receive(letter.stamped, node=letter.node, now=now))
            except DecryptionError:
                # Perhaps for a key that another device has just made: look there first.
                self._means.shelf.apply(machine.take_changes())
                await self._means.shelf.save()
                machine, is_whole = self._load(), False
                try:
                    events.extend(machine.receive(letter.stamped, node=letter.node, now=now))
                except DecryptionError:
                    machine.note_unreadable(now=now)
            self._means.shelf.apply(machine.take_changes())
            return True

        is_emptied = await self._means.reader.empty(machine.box_key, read_letter)
        return machine, tuple(events), is_emptied and is_whole

    async def _tick(self, machine: Machine, *, is_emptied: bool) -> tuple[Event, ...]:
        now, rng = self._means.clock.now(), self._means.rng
        due = machine.tick(now, is_emptied=is_emptied)
        sent = []
        for message in due.resend:
            with contextlib.suppress(UsageError):  # its reply key is gone
                sent.append(machine.resend(message, rng=rng))
        if due.rekey:
            sent.append(machine.write(Rekey(again=due.ask_again), now=now, rng=rng))
        changes = machine.take_changes()
        to = self._talk.peer_node
        outbox = self._means.outbox
        handles = [outbox.add_message(self.id, one.hash, to=to) for one in sent]
        self._means.shelf.apply(changes)
        outbox.drop_seen(self.id, _seen(machine.messages()))
        if handles:  # what only dies is stored with whatever is stored next
            await self._means.shelf.save()
        for handle, one in zip(handles, sent, strict=True):
            await outbox.send(handle, one.unstamped)
        if due.is_over:
            await self._means.boxes.close(machine.box_key)
        return due.events


def _seen(entries: Sequence[Entry]) -> frozenset[bytes]:
    """Return the hashes of own messages that the other side has seen."""
    return frozenset(
        entry.hash for entry in entries if isinstance(entry, Shown) and entry.is_acknowledged
    )


def _named(parts: Sequence[Part]) -> tuple[str, str]:
    """Return name and media type, as the first part has them."""
    return next(((part.name, part.media) for part in parts if part.number == 1), ("", ""))
