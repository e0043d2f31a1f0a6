"""A mentorship as its member lives it: agree, meet, note, look back, close, thank, pass on.

    mentoring = conversation.mentorship
    await mentoring.propose(Terms(goals=("Finish my CV",), cadence="weekly", sessions=3))
    …
    session = await mentoring.propose_session([Slot(minute, 45), Slot(minute + 60, 45)])
    await conversation.receive()
    print(mentoring.state.stage, mentoring.state.sessions)

``state`` is read from the messages each time, so both sides see the same (see
``kith_protocol.mentorship``). What cannot be done now raises a ``UsageError`` that says why,
and nothing is sent. Notes and goals of one's own and answers that are not shared stay in the
vault.
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_client.mentorship.answering import Answering, CheckedIn, CheckInDue
from kith_client.mentorship.forgetting import GRACE_DAYS, closing_read_day
from kith_client.mentorship.offering import draft_offer, own_languages
from kith_client.mentorship.thanks import ThanksBook
from kith_crypto.core import ROLE_MENTOR
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.records import Record
from kith_protocol.day import Day
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    AgreementAnswer,
    AgreementProposal,
    Goal,
    GoalState,
    MentorshipBody,
    Note,
    PassedOn,
    SessionEnd,
    SessionEnding,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)
from kith_protocol.mentorship.goals import SharedGoal, SharedNote
from kith_protocol.mentorship.sessions import Session
from kith_protocol.offer_content import OfferContent

__all__ = ["CheckInDue", "CheckedIn", "Mentoring"]

_MINUTE_S = 60


class Mentoring(Answering):
    """One side of one mentorship."""

    @property
    def kept_until(self) -> Day | None:
        """Return the day on which this conversation will be deleted here, if there is one.

        The earlier of both wishes; but that of the other side counts no sooner than
        ``forgetting.GRACE_DAYS`` after it was read here: nobody else can make what happened
        vanish before its owner has seen that, and could report or export it.
        """
        closing = self.state.closing
        if closing is None:
            return None
        wishes = []
        if closing.mine is not None and closing.mine.kept_until:
            wishes.append(closing.mine.kept_until)
        if closing.theirs is not None and closing.theirs.kept_until:
            known = closing_read_day(self._talking.messages, self._records())
            wishes.append(max(closing.theirs.kept_until, known + GRACE_DAYS))
        return Day(min(wishes)) if wishes else None

    def _records(self) -> list[Record]:
        return self._means.shelf.records_of(self._talking.id)

    # --- agreement -----------------------------------------------------------------

    async def propose(self, terms: Terms) -> None:
        """Propose *terms*: the first ones, others than those proposed, or a change."""
        head = self.state.agreement.head
        await self._write(AgreementProposal(terms, _name(head)))

    async def accept(self) -> None:
        """Accept the terms that the other side has proposed."""
        await self._answer(accepted=True)

    async def decline(self) -> None:
        """Say no to the terms proposed, or take one's own back."""
        await self._answer(accepted=False)

    async def _answer(self, *, accepted: bool) -> None:
        agreement = self.state.agreement
        if agreement.proposed is None:
            raise UsageError("no terms are proposed at the moment")
        await self._write(AgreementAnswer(accepted, _name(agreement.head)))

    # --- sessions ------------------------------------------------------------------

    async def propose_session(self, slots: Sequence[Slot], words: str = "") -> bytes:
        """Propose one to five times for a new session and return its name, 16 bytes.

        Args:
            slots: the earliest first, none in the past.
            words: at most 200 characters.
        """
        thing = self._means.rng.bytes(ID_BYTES)
        await self._propose_times(thing, slots, words, after="")
        return thing

    async def move_session(self, thing: bytes, slots: Sequence[Slot], words: str = "") -> None:
        """Propose other times for a session; what is agreed stays until one is picked."""
        await self._propose_times(thing, slots, words, after=_name(self._session(thing).head))

    async def pick(self, thing: bytes, start: int, offset: int | None = None) -> None:
        """Pick one of the times the other side has proposed.

        Args:
            thing: the session.
            start: of the slot, minutes since 1970-01-01 UTC.
            offset: what one's own clock shows then, minutes ahead of UTC, or None to keep it
                to oneself.
        """
        head = _name(self._session(thing).head)
        await self._write(SessionPick(encode_base64url(thing), head, start, offset))

    async def decline_times(self, thing: bytes, words: str = "") -> None:
        """Say no to the times proposed; what is agreed stays."""
        await self._end(thing, "declined", words)

    async def cancel_session(self, thing: bytes, words: str = "") -> None:
        """Cancel a session, whatever the other side does meanwhile."""
        await self._end(thing, "cancelled", words)

    async def session_took_place(self, thing: bytes) -> None:
        """Note that a session took place, once its time has come."""
        await self._end(thing, "took-place", "")

    async def _propose_times(
        self, thing: bytes, slots: Sequence[Slot], words: str, *, after: str
    ) -> None:
        if any(slot.start < self._minute for slot in slots):
            raise UsageError("a time lies in the past; propose one to come")
        name = encode_base64url(thing)
        await self._write(SessionProposal(name, tuple(slots), words, after))

    async def _end(self, thing: bytes, how: SessionEnding, words: str) -> None:
        head = _name(self._session(thing).head)
        await self._write(SessionEnd(encode_base64url(thing), head, how, words))

    def _session(self, thing: bytes) -> Session:
        for session in self.state.sessions:
            if session.thing == thing:
                return session
        raise UsageError("there is no such session")

    # --- goals and notes -----------------------------------------------------------

    async def add_goal(self, text: str, topics: tuple[str, ...] = ()) -> bytes:
        """Share a goal and return its name, 16 bytes.

        Args:
            text: at most 200 characters.
            topics: ids of what it is about, at most 4; they are what one may pass on.
        """
        thing = self._means.rng.bytes(ID_BYTES)
        await self._write(Goal(encode_base64url(thing), text, "open", topics))
        return thing

    async def edit_goal(self, thing: bytes, text: str) -> None:
        """Change the text of a shared goal, whoever began it."""
        goal = self._goal(thing)
        await self._put_goal(goal, text, goal.state)

    async def mark_goal(self, thing: bytes, state: GoalState) -> None:
        """Say that a shared goal is reached, dropped, or open again."""
        goal = self._goal(thing)
        await self._put_goal(goal, goal.text, state)

    async def _put_goal(self, goal: SharedGoal, text: str, state: GoalState) -> None:
        name, head = encode_base64url(goal.thing), _name(goal.head)
        await self._write(Goal(name, text, state, goal.topics, head))

    def _goal(self, thing: bytes) -> SharedGoal:
        for goal in self.state.goals:
            if goal.thing == thing:
                return goal
        raise UsageError("there is no such goal")

    async def add_note(self, text: str, session: bytes = b"") -> bytes:
        """Share a note and return its name, 16 bytes.

        Args:
            text: at most 4000 characters.
            session: that it is about, or nothing.
        """
        thing = self._means.rng.bytes(ID_BYTES)
        await self._write(Note(encode_base64url(thing), text, _name(session)))
        return thing

    async def edit_note(self, thing: bytes, text: str) -> None:
        """Change the text of a shared note, whoever began it."""
        note = self._note(thing)
        name, head = encode_base64url(thing), _name(note.head)
        await self._write(Note(name, text, _name(note.session), head))

    async def put_away_note(self, thing: bytes) -> None:
        """Put a shared note away, for both."""
        await self.edit_note(thing, "")

    def _note(self, thing: bytes) -> SharedNote:
        for note in self.state.notes:
            if note.thing == thing:
                return note
        raise UsageError("there is no such note")

    # --- the end -------------------------------------------------------------------

    async def thank(self, text: str, *, may_show: bool = False) -> None:
        """Thank the mentor, to whom it then belongs.

        Args:
            text: at most 800 characters.
            may_show: whether they may show it to others, who see the words, not the writer.
        """
        await self._write(Thanks(text, may_show))

    def draft_offer(self, *, languages: tuple[str, ...] = ()) -> OfferContent:
        """Return an offer of what was learned here, to be changed and published as one likes.

        Args:
            languages: BCP 47 tags; by default those of the card one has shown here, else
                English.

        Raises:
            UsageError: no goal names a topic.
        """
        spoken = languages or own_languages(self._talking.messages)
        return draft_offer(self.state, languages=spoken)

    async def tell_passed_on(self, words: str = "") -> None:
        """Tell the other side that one now offers on what was learned; names no offer."""
        await self._write(PassedOn(words))

    async def follow_up(self) -> None:
        """Do what follows from what was read; ``Conversation.receive`` calls this.

        Keeps what one was thanked for, and shows one's answers where both sides have given
        theirs. What cannot be sent now is sent another time.
        """
        if self._is_empty:
            return
        if self.keep_thanks():
            await self._means.shelf.save()
        await self._show_answers()

    def keep_thanks(self) -> bool:
        """Put what one was thanked for into one's own book; the caller saves.

        Returns:
            Whether there was anything new.
        """
        if self._role != ROLE_MENTOR or self._is_empty:
            return False
        return ThanksBook(self._means.shelf).take(self.state, today=self._means.today)

    @property
    def _is_empty(self) -> bool:
        return not any(
            isinstance(entry, Shown) and isinstance(entry.body, MENTORSHIP_BODIES)
            for entry in self._talking.messages
        )

    # --- within --------------------------------------------------------------------

    @property
    def _minute(self) -> int:
        return self._means.clock.now() // _MINUTE_S

    async def _write(self, body: MentorshipBody) -> Shown:
        return await self._talking.write(body)


def _name(raw: bytes) -> str:
    return encode_base64url(raw) if raw else ""
