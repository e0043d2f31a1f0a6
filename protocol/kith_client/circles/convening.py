"""What only the convener of a circle does: invite, let in, remove, hand over, plan, archive.

Every change is a new roster, stored before anybody is told. Who is removed gets no letter after
that, and a kind word if one likes. People come in by an invitation in a conversation that one
has with them already; whoever wants to come in asks there, or knocks at the offer that
announces the circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from kith_client.circles.links import Progress, no_progress
from kith_client.conversation import Conversation
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.circle.bodies import (
    MAX_SEATS_TOLD,
    CircleBody,
    CircleDecline,
    CircleGoodbye,
    CircleInvite,
    CircleJoin,
    CircleRoster,
    CircleSession,
)
from kith_protocol.circle.roster import CircleTerms, Roster, next_roster, terms_hash
from kith_protocol.circle.rules import check_convener, refusal_of
from kith_protocol.circle.seat import Seat, seat_hash
from kith_protocol.circle.view import Circle as View
from kith_protocol.conversation.body import MAX_HINT_CHARACTERS, check_words
from kith_protocol.conversation.events import Shown

if TYPE_CHECKING:
    from kith_client.circles.circle import Circle


class Convener:
    """The convener's part in one circle."""

    def __init__(self, circle: Circle) -> None:
        self._circle = circle

    async def invite(self, conversation: Conversation, words: str = "") -> None:
        """Invite the other side of a conversation.

        Raises:
            UsageError: one does not convene the circle, no place is left, or the conversation
                is over.
        """
        view = self._circle.view
        roster = check_convener(view)
        if len(roster.seats) >= roster.terms.places:
            raise UsageError("no place is left in the circle; change its terms first")
        body = CircleInvite(self._circle.seat, roster.terms, len(roster.seats), words)
        await conversation.write(body)

    def pending(self, conversations: Iterable[Conversation]) -> tuple[Join, ...]:
        """Return who has accepted an invitation and has no seat yet."""
        view = self._circle.view
        if view.state != "open" or not view.me.is_convener:
            return ()
        seen = {seat for roster in view.chain.rosters for seat in roster.seats}
        joins = [
            join
            for conversation in conversations
            if (join := self._join_in(conversation)) is not None
        ]
        return tuple(join for join in joins if seat_hash(join.body.seat) not in seen)

    def _join_in(self, conversation: Conversation) -> Join | None:
        """Return what a conversation ends in: a join that answers one's invitation."""
        circle, found, is_invited = self._circle.seat.circle, None, False
        for entry in conversation.messages:
            body = entry.body if isinstance(entry, Shown) else None
            is_own = isinstance(entry, Shown) and entry.is_own
            if isinstance(body, CircleInvite) and is_own and body.seat.circle == circle:
                is_invited = True
            elif is_own:
                continue
            elif isinstance(body, CircleJoin) and body.seat.circle == circle and is_invited:
                found = Join(conversation, body)
            elif isinstance(body, CircleDecline) and body.circle == circle:
                found = None
        return found

    async def let_in(
        self, conversations: Iterable[Conversation], *, progress: Progress = no_progress
    ) -> tuple[Seat, ...]:
        """Give a seat to those who accepted, take it from those who left; return who came.

        Who accepted terms that have changed since is invited once more.
        """
        circle = self._circle
        pending = self.pending(conversations)
        async with circle.lock:
            view, seats = circle.read()
            if view.state != "open" or not view.me.is_convener:
                return ()
            came = self._seats_for(view, seats, pending)
            left = {place.seat.key for place in view.places if place.has_left}
            if came or left:
                stay = [place.seat for place in view.places if place.seat.key not in left]
                await self._change(view, [*stay, *came], came=came, progress=progress)
        for join in pending:
            if join.body.acknowledged != terms_hash(view.roster.terms) and join.is_last_word:
                await self.invite(join.conversation)
        return tuple(came)

    def _seats_for(
        self, view: View, seats: Sequence[Seat], pending: Sequence[Join]
    ) -> list[Seat]:
        came: list[Seat] = []
        now = {place.seat.key for place in view.places}
        # Not those of a roster that another one was preferred to: they may still come in.
        named = {name for roster in view.chain.rosters for name in roster.seats}
        former = {seat.key for seat in seats if seat_hash(seat) in named} - now
        room = view.roster.terms.places - len(view.roster.seats)
        for join in pending[:room]:
            node = join.conversation.node
            if not refusal_of(join.body, view, node=node, former=former, coming=came):
                came.append(join.body.seat)
        return came

    async def remove(
        self, seat: Seat, words: str = "", *, progress: Progress = no_progress
    ) -> None:
        """Take somebody's seat away, from the next letter on.

        Args:
            seat: of another member.
            words: to them, at most 200 characters.
            progress: told how many letters have left.
        """
        check_words(words, MAX_HINT_CHARACTERS)
        async with self._circle.lock:
            view = await self._current()
            if seat.key == self._circle.seat.key:
                raise UsageError("hand the circle over or archive it, then leave")
            stay = [place.seat for place in view.places if place.seat.key != seat.key]
            farewell = CircleGoodbye(self._circle.seat.circle, view.roster.epoch, words)
            await self._change(view, stay, goodbyes=[(seat, farewell)], progress=progress)

    async def hand_over(self, seat: Seat, *, progress: Progress = no_progress) -> None:
        """Let somebody else convene the circle from now on."""
        async with self._circle.lock:
            view = await self._current()
            await self._change(view, _seats(view), convener=seat.key, progress=progress)

    async def change_terms(
        self, terms: CircleTerms, *, progress: Progress = no_progress
    ) -> None:
        """Let the circle agree on other terms; everybody has to acknowledge them.

        Raises:
            UsageError: more people are in it than it would have places.
            MalformedError: they are not in order.
        """
        async with self._circle.lock:
            view = await self._current()
            await self._change(view, _seats(view), terms=terms, progress=progress)

    async def archive(self, *, progress: Progress = no_progress) -> None:
        """End the circle: nothing more is said, and all of it is deleted after a while."""
        async with self._circle.lock:
            view = await self._current()
            await self._change(view, _seats(view), is_archived=True, progress=progress)

    async def plan(
        self,
        start: int,
        minutes: int,
        where: str = "",
        *,
        session: str = "",
        is_cancelled: bool = False,
        progress: Progress = no_progress,
    ) -> str:
        """Plan a session, or move or cancel one, and return its name.

        Args:
            start: minute since 1970-01-01 UTC.
            minutes: how long, 5 to 600.
            where: how one gets there, at most 200 characters.
            session: name of one that is changed; a new one without.
            is_cancelled: whether it does not take place.
            progress: told how many letters have left.

        Raises:
            UsageError: there is no such session, or one does not convene the circle.
        """
        revision = 1
        if session:
            known = self._circle.find_meeting(session)
            session, revision = known.session, known.revision + 1
        name = session or encode_base64url(self._circle.means.rng.bytes(ID_BYTES))
        body = CircleSession("", 1, "", "", name, revision, start, minutes, where, is_cancelled)
        await self._circle.tell(body, progress=progress)
        return name

    async def announce_by(self, offer: bytes) -> None:
        """Keep which of one's offers announces the circle; knocks at it are for the circle."""
        book = self._circle.book
        book.put(msgspec.structs.replace(self._circle.record, offer=offer))
        await self._circle.means.shelf.save()

    # --- within --------------------------------------------------------------------

    async def _current(self) -> View:
        await self._circle.means.shelf.save()
        view = self._circle.view
        check_convener(view)
        if view.unknown:
            raise UsageError("the seats of some members have not come yet; look again later")
        return view

    async def _change(
        self,
        view: View,
        seats: Sequence[Seat],
        *,
        came: Sequence[Seat] = (),
        convener: str = "",
        terms: CircleTerms | None = None,
        is_archived: bool = False,
        goodbyes: Sequence[tuple[Seat, CircleBody]] = (),
        progress: Progress = no_progress,
    ) -> None:
        circle = self._circle
        roster = next_roster(
            view.roster,
            key=SigningKey.from_seed(circle.record.own.keys.seed),
            day=circle.means.today,
            seats=seats,
            convener=convener,
            terms=terms,
            is_archived=is_archived,
        )
        circle.book.put_roster(roster, came)
        circle.note_newest(circle.view)
        letters = [*goodbyes, *_tell_roster(roster, circle.seat, seats, came)]
        await circle.links.send(letters, progress=progress)


class Join(msgspec.Struct, frozen=True):
    """Somebody who accepted an invitation.

    Attributes:
        conversation: in which.
        body: what they wrote.
    """

    conversation: Conversation
    body: CircleJoin

    @property
    def is_last_word(self) -> bool:
        """Return whether no invitation was sent after it."""
        for entry in reversed(self.conversation.messages):
            if isinstance(entry, Shown) and entry.body == self.body:
                return True
            if isinstance(entry, Shown) and isinstance(entry.body, CircleInvite):
                return False
        return False


def _seats(view: View) -> list[Seat]:
    return [place.seat for place in view.places if not place.has_left]


def _tell_roster(
    roster: Roster, own: Seat, seats: Sequence[Seat], came: Sequence[Seat]
) -> list[tuple[Seat, CircleBody]]:
    """Return what tells each one the roster, and the seats they do not have yet."""
    letters: list[tuple[Seat, CircleBody]] = []
    for seat in seats:
        if seat.key == own.key:
            continue
        pool = seats if seat in came else came
        unknown = [one for one in pool if one.key not in (seat.key, own.key)]
        for start in range(0, max(1, len(unknown)), MAX_SEATS_TOLD):
            told = tuple(unknown[start : start + MAX_SEATS_TOLD])
            letters.append((seat, CircleRoster(roster, told)))
    return letters
