"""One circle: read what was said, say something, come to sessions, leave.

    circle = member.circles.open(id)
    await circle.receive()
    for words in circle.view.words: …
    await circle.say("Good morning, all")

What convening it takes is in ``circle.convener``. Everything is read from the vault for each
step, so that what another device did meanwhile counts.
"""

from __future__ import annotations

import asyncio
from functools import cached_property

import msgspec

from kith_client.circles.convening import Convener
from kith_client.circles.links import Links, Progress, no_progress
from kith_client.circles.records import CircleBook, CircleRecord
from kith_client.correspondence import Correspondence
from kith_client.machines import load_machine
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.circle.bodies import (
    Attendance,
    CircleAcknowledge,
    CircleAttend,
    CircleLeave,
    CircleRoster,
    CircleText,
    Told,
)
from kith_protocol.circle.links import link_id
from kith_protocol.circle.roster import Roster, roster_hash, seats_of, terms_hash
from kith_protocol.circle.rules import check_may_tell
from kith_protocol.circle.seat import Seat, check_seat, seat_hash
from kith_protocol.circle.state import read_circle
from kith_protocol.circle.view import Circle as View
from kith_protocol.circle.view import Heard, Meeting, Words
from kith_protocol.conversation.bodies import Freeze
from kith_protocol.conversation.body import MAX_HINT_CHARACTERS, check_words
from kith_protocol.conversation.events import Evidence


class News(msgspec.Struct, frozen=True):
    """What is new in a circle since it was looked at last. Its ``repr`` shows nothing.

    Attributes:
        words: that others said.
        entered: who came.
        gone: who left or was removed.
        meetings: sessions that are new or were changed.
        are_terms_new: whether it agrees on other terms now.
        was: state before.
        now: state now.
    """

    words: tuple[Words, ...]
    entered: tuple[Seat, ...]
    gone: tuple[Seat, ...]
    meetings: tuple[Meeting, ...]
    are_terms_new: bool
    was: str
    now: str

    @property
    def is_any(self) -> bool:
        """Return whether there is anything to tell."""
        lists = (self.words, self.entered, self.gone, self.meetings)
        return any(lists) or self.are_terms_new or self.was != self.now

    def __repr__(self) -> str:
        return "News(...)"


class Circle:
    """One circle of one member."""

    def __init__(self, means: Correspondence, circle: bytes) -> None:
        """Take what is needed.

        Args:
            means: of writing and reading.
            circle: its id, 16 bytes; it is in the vault.
        """
        self.id = circle
        self.means = means
        self.book = CircleBook(means.shelf)

    @property
    def record(self) -> CircleRecord:
        """Return what is kept of it beside its messages."""
        return self.book.get(self.id)

    @property
    def seat(self) -> Seat:
        """Return one's own seat."""
        return self.record.own.seat

    @property
    def links(self) -> Links:
        """Return the way to the others."""
        return Links(self.means, self.record.own)

    @property
    def lock(self) -> asyncio.Lock:
        """Return what keeps two tasks from writing at once."""
        return self.means.locks[self.id]

    @cached_property
    def convener(self) -> Convener:
        """Return what only the convener does."""
        return Convener(self)

    # --- what there is -------------------------------------------------------------

    @property
    def view(self) -> View:
        """Return all of it as it is now."""
        return self.read()[0]

    def read(self) -> tuple[View, tuple[Seat, ...]]:
        """Return all of it, and all seats that were ever seen in it."""
        record = self.record
        rosters, seats, heard = self._gather(record)
        view = read_circle(
            record.own.seat,
            convener=record.inviter.key,
            rosters=rosters,
            seats=seats,
            heard=heard,
            today=self.means.today,
        )
        return view, seats

    def _gather(
        self, record: CircleRecord
    ) -> tuple[list[Roster], tuple[Seat, ...], list[Heard]]:
        """Return rosters, seats and messages: each new seat may have a link with more."""
        links = self.links
        rosters = {roster_hash(one): one for one in self.book.rosters(self.id)}
        known = {seat_hash(record.own.seat): record.own.seat}
        ahead = [record.inviter, *self.book.seats(self.id)]
        heard: list[Heard] = []
        while ahead:
            fresh = {seat_hash(seat): seat for seat in ahead if seat_hash(seat) not in known}
            known |= fresh
            told = links.heard(fresh.values())
            heard += told
            ahead = []
            for one in told:
                if isinstance(one.body, CircleRoster):
                    rosters[roster_hash(one.body.roster)] = one.body.roster
                    ahead += [seat for seat in one.body.seats if self._is_new(seat, known)]
        return list(rosters.values()), tuple(known.values()), heard

    def _is_new(self, seat: Seat, known: dict[str, Seat]) -> bool:
        if seat_hash(seat) in known or seat.circle != encode_base64url(self.id):
            return False
        try:
            check_seat(seat)
        except KithError:
            return False
        return True

    @property
    def paused(self) -> tuple[Seat, ...]:
        """Return who has paused everything: they need a new invitation, the old seat goes."""
        others = [place.seat for place in self.view.places if not place.is_me]
        paused = self.links.paused(others)
        return tuple(seat for seat in others if paused.get(seat.key) == "peer")

    @property
    def unreached(self) -> tuple[Seat, ...]:
        """Return whom something could not be delivered to, as their node is no peer or gone."""
        view = self.view
        failed = {record.conversation for record in self.means.outbox.failed().values()}
        return tuple(
            place.seat
            for place in view.places
            if not place.is_me and link_id(self.seat, place.seat) in failed
        )

    def evidence(self, words: Words) -> Evidence | None:
        """Return what proves words that came, for 30 days; see ``member.reports``."""
        for link, message in words.hashes.items():
            return load_machine(self.means.shelf, link).evidence(message)
        return None

    def find_words(self, thing: str) -> Words:
        """Return what was said under this name, 16 bytes as base64url, or its beginning.

        Raises:
            UsageError: there is nothing, or more than one.
        """
        found = [one for one in self.view.words if one.thing.startswith(thing)]
        if len(found) != 1:
            raise UsageError("there are no such words in this circle, or several")
        return found[0]

    def find_member(self, name: str) -> Seat:
        """Return the seat of another member, by name or by the beginning of its key.

        Raises:
            UsageError: there is none, or several of that name: use the key.
        """
        others = [place.seat for place in self.view.places if not place.is_me]
        found = [seat for seat in others if seat.name.casefold() == name.casefold()]
        found = found or [seat for seat in others if seat.key.startswith(name)]
        if len(found) != 1:
            raise UsageError(
                "nobody in this circle has that name"
                if not found
                else "several people have that name; say whom by the key that is shown"
            )
        return found[0]

    def find_meeting(self, session: str) -> Meeting:
        """Return the session of this name, 16 bytes as base64url, or its beginning.

        Raises:
            UsageError: there is none, or more than one.
        """
        found = [one for one in self.view.meetings if one.session.startswith(session)]
        if len(found) != 1:
            raise UsageError("there is no such session in this circle, or several")
        return found[0]

    # --- what a member does --------------------------------------------------------

    async def say(self, text: str, *, progress: Progress = no_progress) -> Words:
        """Say something to all and return it as it stands.

        Takes a minute or two in a large circle, as the letters leave one by one.

        Args:
            text: at most 4000 characters.
            progress: told how many letters have left.

        Raises:
            UsageError: the circle is over, or has terms one has not acknowledged.
            MalformedError: the text is too long or holds misleading characters.
            NodeUnreachableError: it is stored and will be sent by ``receive``.
        """
        words = self.view.words
        follows = words[-1].thing if words else ""
        thing = await self.tell(CircleText("", 1, "", "", text, follows), progress=progress)
        return self.find_words(thing)

    async def attend(
        self, session: str, attends: Attendance, *, progress: Progress = no_progress
    ) -> None:
        """Say whether one comes to a session.

        Raises:
            UsageError: there is no such session, or it is cancelled.
        """
        meeting = self.find_meeting(session)
        if meeting.is_cancelled:
            raise UsageError("the session was cancelled")
        revision = meeting.revisions.get(self.seat.key, 0) + 1
        await self.tell(
            CircleAttend("", 1, "", "", meeting.session, revision, attends), progress=progress
        )

    async def acknowledge(self, *, progress: Progress = no_progress) -> None:
        """Say that one has read the terms as they are now; nothing if one has said so."""
        view = self.view
        if not view.me.has_acknowledged:
            wanted = terms_hash(view.roster.terms)
            await self.tell(CircleAcknowledge("", 1, "", "", wanted), progress=progress)

    async def leave(self, words: str = "", *, progress: Progress = no_progress) -> None:
        """Leave: nobody writes to one from now on. What was said is kept until it is purged.

        Raises:
            UsageError: one convenes it, and has neither handed it over nor archived it.
        """
        check_words(words, MAX_HINT_CHARACTERS)
        await self.tell(CircleLeave("", 1, "", "", words), progress=progress)
        await self.means.boxes.close(self.links.box_key)

    async def tell(self, body: Told, *, progress: Progress = no_progress) -> str:
        """Say *body* to all and return the name it was given, 16 bytes as base64url.

        Args:
            body: its circle, epoch, roster and thing are filled in.
            progress: told how many letters have left.
        """
        async with self.lock:
            await self.means.shelf.save()
            view = self.view
            check_may_tell(view, body)
            named = msgspec.structs.replace(
                body,
                circle=encode_base64url(self.id),
                epoch=view.roster.epoch,
                roster=view.chain.hashes[-1],
                thing=encode_base64url(self.means.rng.bytes(ID_BYTES)),
            )
            recipients = view.recipients()
            paused = self.links.paused(recipients)
            if "me" in paused.values():
                raise UsageError("you have paused everything: ask to be invited once more")
            if len(recipients) == len(paused) and not isinstance(body, CircleLeave):
                raise UsageError("nobody else is in the circle at the moment")
            letters = [(seat, named) for seat in recipients]
            await self.links.send(letters, progress=progress)
            return named.thing

    async def receive(self) -> News:
        """Fetch what has come, store it, do what is due, and return what is new.

        Also sends what a broken connection kept from being sent.
        """
        before = self.view
        if before.state in ("left", "removed"):
            await self.links.resume()
            return news_of(before, before)
        async with self.lock:
            await self.links.receive(self._writers)
            after = self.view
            self.note_newest(after)
        if after.state == "removed":
            await self.means.boxes.close(self.links.box_key)
        return news_of(before, after)

    def note_newest(self, view: View) -> None:
        """Keep on which day the newest roster was first read here, by one's own clock."""
        record = self.record
        if view.chain.hashes and record.newest != view.chain.hashes[-1]:
            today = self.means.today
            newest = view.chain.hashes[-1]
            self.book.put(msgspec.structs.replace(record, newest=newest, newest_day=today))

    def _writers(self) -> tuple[Seat, ...]:
        """Return whose letters are opened: who has a seat now, or let one in."""
        view, seats = self.read()
        newest = view.chain.newest
        return (self.record.inviter,) if newest is None else seats_of(newest, seats)

    async def freeze(self) -> int:
        """Tell all others that everything is paused; return how many it was sent to."""
        async with self.lock:
            recipients = self.view.recipients()
            await self.links.send([(seat, Freeze()) for seat in recipients])
        return len(recipients)


def news_of(before: View, after: View) -> News:
    """Return what *after* has that *before* had not."""
    known = {(one.writer, one.thing) for one in before.words}
    was = {place.seat.key: place.seat for place in before.places}
    now = {place.seat.key: place.seat for place in after.places}
    seen = {(one.session, one.revision, one.start) for one in before.meetings}
    me = next((place.seat.key for place in after.places if place.is_me), "")
    return News(
        words=tuple(
            one
            for one in after.words
            if (one.writer, one.thing) not in known and one.writer != me
        ),
        entered=tuple(now[key] for key in now if key not in was),
        gone=tuple(was[key] for key in was if key not in now),
        meetings=tuple(
            one for one in after.meetings if (one.session, one.revision, one.start) not in seen
        ),
        are_terms_new=before.terms is not None and before.terms != after.terms,
        was=before.state,
        now=after.state,
    )


def raw_id(text: str) -> bytes:
    """Return an id that was shown as base64url.

    Raises:
        MalformedError: it is none.
    """
    return parse_base64url(text, size=ID_BYTES)
