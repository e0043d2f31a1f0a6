"""A circle's letters: one box that all others write to, one conversation with each of them.

What is said to all is written for each of them, stored in one go, and handed in one by one in
random order with pauses: who watches the line sees letters, not a group. If the program ends in
between, the rest leaves at the next look.

An envelope is tried with the links of everybody whose node delivered it. One that nothing opens
may be from somebody whose seat has not come yet, so it stays in the box for a few days.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kith_client.box_term import keep_box
from kith_client.correspondence import Correspondence
from kith_client.machines import load_machine
from kith_client.outbox import WriteAgain
from kith_client.reading import Letter
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.errors import DecryptionError, KeyRefusedError, UsageError
from kith_protocol.circle.bodies import CIRCLE_BODIES, CircleBody
from kith_protocol.circle.links import OwnSeat, begin_link, link_id
from kith_protocol.circle.seat import Seat
from kith_protocol.circle.view import Heard
from kith_protocol.conversation.bodies import Freeze, Rekey
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.machine import Conversation as Machine
from kith_protocol.conversation.records import Talk

MAX_PAUSE_S = 12  # between two letters; eleven take about a minute
KEPT_DAYS = 3  # that an envelope waits for its writer's seat
MAX_ROUNDS = 4

Progress = Callable[[int, int], None]
"""Told how many letters have left, of how many."""


class Written(NamedTuple):
    """A letter that is stored and has not left yet.

    Attributes:
        link: conversation it is written in, 16 bytes.
        handle: of the envelope, 16 bytes.
        unstamped: the envelope.
    """

    link: bytes
    handle: bytes
    unstamped: Unstamped


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


class Links:
    """The links of one member of one circle."""

    def __init__(self, means: Correspondence, own: OwnSeat) -> None:
        self._means = means
        self._own = own
        self._box_key = SigningKey.from_seed(own.keys.box_seed)

    @property
    def box_key(self) -> SigningKey:
        """Return the key that owns one's box for this circle."""
        return self._box_key

    def ids(self) -> tuple[bytes, ...]:
        """Return the conversations that there are, 16 bytes each."""
        circle = parse_base64url(self._own.seat.circle)
        talks = self._means.shelf.records(Talk, kind="talk")
        return tuple(talk.conversation for talk in talks if talk.circle == circle)

    def heard(self, seats: Iterable[Seat]) -> list[Heard]:
        """Return all that was said in the links with *seats*, by either side."""
        existing, heard = set(self.ids()), []
        for seat in seats:
            link = link_id(self._own.seat, seat)
            if link not in existing:
                continue
            heard += [
                self._heard(entry, entry.body, seat, link)
                for entry in load_machine(self._means.shelf, link).messages()
                if isinstance(entry, Shown) and isinstance(entry.body, CIRCLE_BODIES)
            ]
        return heard

    def _heard(self, entry: Shown, body: CircleBody, seat: Seat, link: bytes) -> Heard:
        return Heard(
            writer=self._own.seat.key if entry.is_own else seat.key,
            minute=entry.minute,
            lane=entry.lane,
            seq=entry.seq,
            hash=entry.hash,
            body=body,
            link=link,
            is_seen=entry.is_acknowledged,
            is_fork=entry.is_fork,
        )

    def paused(self, seats: Iterable[Seat]) -> dict[str, str]:
        """Return, by key of a seat, who paused the link with it: ``me`` or ``peer``."""
        existing, found = set(self.ids()), {}
        for seat in seats:
            link = link_id(self._own.seat, seat)
            if link in existing:
                state = load_machine(self._means.shelf, link).state
                if state.startswith("paused-by-"):
                    found[seat.key] = state.removeprefix("paused-by-")
        return found

    # --- writing ---------------------------------------------------------------------

    async def send(
        self,
        letters: Sequence[tuple[Seat, CircleBody | Freeze]],
        *,
        progress: Progress = no_progress,
    ) -> None:
        """Write *letters*, store them together with all that is on the shelf, hand them in.

        Args:
            letters: what is said to whom; several may be for one. Nothing goes to who has
                paused everything, or where one has oneself.
            progress: told after each.

        Raises:
            NodeUnreachableError: they are stored; the rest leaves with ``receive``.
        """
        means, now = self._means, self._means.clock.now()
        written: list[Written] = []
        for seat, body in letters:
            machine = self._machine(seat)
            if machine.state != "open":
                continue
            # A seat whose owner can never be written to must not keep others from hearing.
            with contextlib.suppress(KeyRefusedError):
                sent = machine.write(body, now=now, rng=means.rng)
                link = machine.talk.conversation
                handle = means.outbox.add_message(link, sent.hash, to=seat.node)
                written.append(Written(link, handle, sent.unstamped))
            means.shelf.apply(machine.take_changes())
        await means.shelf.save()
        await self._hand_in(written, progress)

    async def _hand_in(self, written: list[Written], progress: Progress = no_progress) -> None:
        means = self._means
        order = sorted(written, key=lambda _: means.rng.bytes(8))
        for done, one in enumerate(order, 1):
            if await means.outbox.try_send(one.handle, one.unstamped):
                await means.outbox.retry(one.link, self._write_again(one.link))
            progress(done, len(order))
            if done < len(order):
                await self._pause()

    async def _pause(self) -> None:
        random = int.from_bytes(self._means.rng.bytes(2), "big") / 2**16
        await self._means.pause(random * MAX_PAUSE_S)

    def _machine(self, seat: Seat) -> Machine:
        shelf, link = self._means.shelf, link_id(self._own.seat, seat)
        if link in self.ids():
            return load_machine(shelf, link)
        now = self._means.clock.now()
        return begin_link(self._own, seat, lane=shelf.lane(link), now=now)

    # --- reading ---------------------------------------------------------------------

    async def receive(self, seats: Callable[[], Sequence[Seat]]) -> None:
        """Send what was left, read the box, and do what is due in each link.

        Args:
            seats: whose letters are opened; asked again after each round, as a letter may
                bring further seats.
        """
        await self.resume()
        await keep_box(self._means, parse_base64url(self._own.seat.circle), self._box_key)
        for _ in range(MAX_ROUNDS):
            others = [seat for seat in seats() if seat.key != self._own.seat.key]
            machines = [self._machine(seat) for seat in others]
            for machine in machines:
                self._means.shelf.apply(machine.take_changes())
            reading = _Reading(self._means, machines)
            is_emptied = await self._means.reader.empty(self._box_key, reading.read)
            if is_emptied or not reading.has_opened:
                break
        await self._tick(others, is_emptied=is_emptied)

    async def resume(self) -> None:
        """Send what was written and could not be sent."""
        means = self._means
        for link in sorted(self.ids(), key=lambda _: means.rng.bytes(8)):
            if await means.outbox.resume(link, self._write_again(link)):
                await self._pause()

    def _write_again(self, link: bytes) -> WriteAgain:
        machine = load_machine(self._means.shelf, link)
        return lambda message: machine.resend(message, rng=self._means.rng).unstamped

    async def _tick(self, others: Iterable[Seat], *, is_emptied: bool) -> None:
        means, now = self._means, self._means.clock.now()
        written: list[Written] = []
        for seat in others:
            machine = self._machine(seat)
            due = machine.tick(now, is_emptied=is_emptied)
            sent = []
            for message in due.resend:
                with contextlib.suppress(UsageError, KeyRefusedError):  # its key is gone
                    sent.append(machine.resend(message, rng=means.rng))
            if due.rekey:
                with contextlib.suppress(KeyRefusedError):
                    body = Rekey(again=due.ask_again)
                    sent.append(machine.write(body, now=now, rng=means.rng))
            link = machine.talk.conversation
            means.shelf.apply(machine.take_changes())
            means.outbox.drop_seen(
                link,
                frozenset(
                    entry.hash
                    for entry in machine.messages()
                    if isinstance(entry, Shown) and entry.is_acknowledged
                ),
            )
            for one in sent:
                handle = means.outbox.add_message(link, one.hash, to=seat.node)
                written.append(Written(link, handle, one.unstamped))
        if written:
            await means.shelf.save()
            await self._hand_in(written)


class _Reading:
    """One round through the box."""

    def __init__(self, means: Correspondence, machines: Sequence[Machine]) -> None:
        self._means = means
        self._machines = {machine.talk.conversation: machine for machine in machines}
        self._has_synced = False
        self.has_opened = False

    async def read(self, letter: Letter) -> bool:
        """Take a letter in; return whether it may be acknowledged."""
        if self._open(letter):
            return True
        if not self._has_synced:
            # Perhaps for a key that another device has just made: look there once.
            self._has_synced = True
            await self._means.shelf.save()
            for link in self._machines:
                self._machines[link] = load_machine(self._means.shelf, link)
            if self._open(letter):
                return True
        if letter.stamped.envelope.day + KEPT_DAYS > self._means.today:
            return False
        now = self._means.clock.now()
        for machine in self._from(letter):
            machine.note_unreadable(now=now)
            self._means.shelf.apply(machine.take_changes())
        return True

    def _open(self, letter: Letter) -> bool:
        now = self._means.clock.now()
        for machine in self._from(letter):
            try:
                machine.receive(letter.stamped, node=letter.node, now=now)
            except DecryptionError:
                continue
            self._means.shelf.apply(machine.take_changes())
            self.has_opened = True
            return True
        return False

    def _from(self, letter: Letter) -> list[Machine]:
        machines = self._machines.values()
        return [machine for machine in machines if machine.talk.peer_node == letter.node]
