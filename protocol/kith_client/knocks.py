"""Knocks: how people who do not know each other begin.

    knock = await member.knocks.knock(hit, "Would you read my CV?", persona=persona)
    …
    arrivals = await member.knocks.check()
    for one in member.knocks.tray:
        await member.knocks.accept(one, "Gladly. Send it whenever you like.", persona=persona)

``check`` asks for every box in a request of its own, in random order: those of one's offers,
and those where answers to one's own knocks arrive. Once a knock is accepted, both sides find
the conversation in ``member.conversations``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from kith_client.blocks import Block, Blocks
from kith_client.correspondence import Correspondence
from kith_client.keystore import KeyStore
from kith_client.knocking import Knocking
from kith_client.personas import Persona
from kith_client.places import Places
from kith_client.tray import Tray
from kith_crypto.ed25519 import SigningKey
from kith_crypto.randomness import Rng
from kith_protocol.api import Hit
from kith_protocol.conversation.bodies import Answer
from kith_protocol.conversation.records import IncomingKnock, KnockWords, OutgoingKnock

FOUND = "I have found somebody. Thank you for your offer, and all the best!"

_ALL = b""


class Arrivals(msgspec.Struct, frozen=True):
    """What ``check`` found.

    Attributes:
        knocks: that are new in the tray.
        answers: one's own knocks that were answered since.
        paused: ids of one's offers that are paused from now on, because the last two knocks
            there were left unanswered: to be asked about kindly; ``places.resume`` ends it.
        withdrawn: one's own knocks that were taken back now, because somebody else has
            accepted one for the same wish.
        expired: knocks that came to oneself and were left unanswered until their time was up.
    """

    knocks: tuple[IncomingKnock, ...]
    answers: tuple[OutgoingKnock, ...]
    paused: tuple[bytes, ...] = ()
    withdrawn: tuple[OutgoingKnock, ...] = ()
    expired: tuple[IncomingKnock, ...] = ()


class Knocks:
    """The knocks of one member, made and got."""

    def __init__(
        self, means: Correspondence, keys: KeyStore, blocks: Blocks, places: Places
    ) -> None:
        self._means = means
        self._blocks = blocks
        self._places = places
        self._made = Knocking(means)
        self._tray = Tray(means, keys, blocks)

    @property
    def made(self) -> tuple[OutgoingKnock, ...]:
        """Return one's own knocks, newest first."""
        return self._made.list()

    @property
    def tray(self) -> tuple[IncomingKnock, ...]:
        """Return the knocks that wait for one's answer, oldest first."""
        return self._tray.open()

    @property
    def received(self) -> tuple[IncomingKnock, ...]:
        """Return all knocks that came, answered or not, oldest first."""
        return self._tray.list()

    @property
    def box_keys(self) -> tuple[SigningKey, ...]:
        """Return the keys of the boxes that wait for answers to one's own knocks."""
        return tuple(SigningKey.from_seed(one.box_seed) for one in self._made.waiting())

    async def draft(
        self,
        offer: Hit | str,
        text: str,
        *,
        hopes: str = "",
        tried: str = "",
        rhythm: str = "",
        times: str = "",
        persona: Persona | None = None,
        wish: bytes = b"",
    ) -> OutgoingKnock:
        """Return a knock that is kept and not sent; nobody learns of it.

        Args:
            offer: found by searching, or its address.
            text: what one asks for, at most 800 characters.
            hopes: what one hopes for, at most 200 characters, as the following.
            tried: what one has tried.
            rhythm: how often one would like to talk.
            times: when it suits.
            persona: who one is to this mentor, or None to say nothing of it.
            wish: what one looks for, 16 bytes, or empty; never sent. Once a knock is accepted,
                ``check`` takes back the others for the same wish.

        Raises:
            MalformedError: a text is too long or holds misleading characters.
            UsageError: *wish* is of another length.
        """
        url = offer if isinstance(offer, str) else offer.id
        words = KnockWords(text, hopes, tried, rhythm, times)
        async with self._means.locks[_ALL]:
            return await self._made.draft(url, words, persona=persona, wish=wish)

    async def send(self, knock: OutgoingKnock) -> OutgoingKnock:
        """Send a draft, or once more what failed, and return it.

        Raises:
            UsageError: three are open already.
            NoKeysError: the offer takes no knocks at the moment.
        """
        async with self._means.locks[_ALL]:
            return await self._made.send(self._made.get(knock.conversation))

    async def knock(
        self,
        offer: Hit | str,
        text: str,
        *,
        hopes: str = "",
        tried: str = "",
        rhythm: str = "",
        times: str = "",
        persona: Persona | None = None,
        wish: bytes = b"",
    ) -> OutgoingKnock:
        """Write a knock and send it; what cannot be sent now is kept as a draft.

        Args and errors are those of ``draft`` and ``send``.
        """
        draft = await self.draft(
            offer,
            text,
            hopes=hopes,
            tried=tried,
            rhythm=rhythm,
            times=times,
            persona=persona,
            wish=wish,
        )
        return await self.send(draft)

    async def withdraw(self, knock: OutgoingKnock, words: str = "") -> OutgoingKnock | None:
        """Take a knock back, with a word if one likes; None if it was a draft, now deleted.

        Raises:
            UsageError: it was answered already, or is over.
        """
        async with self._means.locks[_ALL]:
            return await self._made.withdraw(self._made.get(knock.conversation), words)

    async def check(self, *, found: str = FOUND) -> Arrivals:
        """Look into all boxes for knocks and answers and return what is new.

        Also sends what a broken connection kept from being sent, tells the node of the offers
        that have no room any more or have it again, and takes back what need not wait.

        Args:
            found: to mentors whose knock is taken back, at most 200 characters, in the
                language one speaks with them.
        """
        means = self._means
        async with means.locks[_ALL]:
            await means.shelf.save()
            known = {knock.conversation for knock in self._tray.list()}
            before = {knock.conversation: knock.state for knock in self._made.list()}
            await means.outbox.resume_first()
            for conversation, state in (await means.outbox.follow()).items():
                if conversation in before:
                    self._made.note(self._made.get(conversation), state)
            paused = self._places.settle(self._tray.list())
            for step in shuffle([*self._reads(), *self._places.flips()], means.rng):
                await step()
            withdrawn = await self._made.withdraw_superseded(found)
            await self._made.tidy()
            expired = self._tray.expire()
            self._tray.tidy()
            late = self._places.settle(self._tray.list())
            await means.shelf.save()
            for step in shuffle(self._places.flips(late), means.rng):
                await step()
            return Arrivals(
                tuple(one for one in self._tray.open() if one.conversation not in known),
                tuple(
                    knock
                    for knock in self._made.list()
                    if knock.answer is not None
                    and before.get(knock.conversation) not in {"accepted", "declined"}
                ),
                paused=(*paused, *late),
                withdrawn=withdrawn,
                expired=expired,
            )

    async def accept(
        self,
        knock: IncomingKnock,
        words: str = "",
        *,
        times: str = "",
        persona: Persona | None = None,
        pause_until: int | None = None,
    ) -> IncomingKnock:
        """Accept a knock: from now on it is a conversation of the same id.

        Args:
            knock: from the tray.
            words: at most 800 characters.
            times: when it suits, at most 200 characters.
            persona: who one is to this person, or None to say nothing of it.
            pause_until: pauses the offer too: the first day on which it is open again, or 0
                until ``places.resume``; None leaves it as it is.

        Raises:
            UsageError: it is over, taken back, or answered already, or that day has come.
        """
        answer = Answer(accepted=True, words=words, times=times)
        return await self._answer(knock, answer, persona, pause_until)

    async def decline(
        self,
        knock: IncomingKnock,
        words: str = "",
        *,
        suggestions: tuple[str, ...] = (),
        pause_until: int | None = None,
    ) -> IncomingKnock:
        """Decline a knock, kindly.

        Args:
            knock: from the tray.
            words: at most 800 characters.
            suggestions: topic ids under which the mentee may find somebody, at most 5.
            pause_until: as in ``accept``.

        Raises:
            UsageError: it is over, taken back, or answered already, or that day has come.
        """
        answer = Answer(accepted=False, words=words, suggestions=suggestions)
        return await self._answer(knock, answer, None, pause_until)

    async def block(self, knock: IncomingKnock) -> Block:
        """Block whoever made a knock, at this offer; they are not told.

        Does not keep them from knocking at other offers, nor with another account.
        """
        block = self._tray.block(knock)
        self._blocks.end(knock.conversation, day=self._means.today)
        await self._means.shelf.save()
        return block

    async def _answer(
        self,
        knock: IncomingKnock,
        answer: Answer,
        persona: Persona | None,
        pause_until: int | None,
    ) -> IncomingKnock:
        async with self._means.locks[_ALL]:
            current = self._tray.get(knock.conversation)
            if pause_until is None:
                return await self._tray.answer(current, answer, persona=persona)
            # Stored with the answer, so it is both or neither. The node hears of the pause at
            # the next look: in the same breath it would point at the answer.
            also = self._places.plan_pause(current.offer, until=pause_until)
            return await self._tray.answer(current, answer, persona=persona, also=also)

    def _reads(self) -> list[Callable[[], Awaitable[object]]]:
        return [
            *(partial(self._tray.read, offer) for offer in self._tray.boxes()),
            *(partial(self._made.read, knock) for knock in self._made.waiting()),
        ]


def shuffle(
    things: list[Callable[[], Awaitable[object]]], rng: Rng
) -> list[Callable[[], Awaitable[object]]]:
    """Return *things* in random order."""
    return sorted(things, key=lambda _: rng.bytes(8))
