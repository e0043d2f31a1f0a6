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

import contextlib
from collections.abc import Sequence
from typing import Protocol

import msgspec

from kith_client.correspondence import Correspondence
from kith_client.errors import ProblemError
from kith_client.mentorship.offering import draft_offer
from kith_client.mentorship.private import Private
from kith_client.mentorship.records import ANSWERS_KIND, AnswersRecord
from kith_client.mentorship.thanks import ThanksBook
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UnavailableError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.conversation.body import check_words
from kith_protocol.conversation.events import Entry, Shown
from kith_protocol.day import Day, day_of
from kith_protocol.mentorship.blind import (
    CLOSING_ROUND,
    OPENING_BYTES,
    Answers,
    BlindRound,
    commit_answers,
    reveal_of,
)
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Feeling,
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
from kith_protocol.mentorship.state import Mentorship, read_mentorship
from kith_protocol.offer_content import OfferContent

FIRST_DAYS = (7, 21)
EVERY_DAYS = 30  # after these

_MINUTE_S = 60


class CheckInDue(msgspec.Struct, frozen=True):
    """A check-in that waits for an answer.

    Attributes:
        number: from 1.
        day: on which it came.
    """

    number: int
    day: Day


class CheckedIn(msgspec.Struct, frozen=True):
    """One check-in as this side sees it.

    Attributes:
        number: from 1.
        mine: what one answered, shared or not; None if nothing.
        round: what was shared; None while nobody shared anything.
    """

    number: int
    mine: Answers | None
    round: BlindRound | None


class Talking(Protocol):
    """What is needed of a conversation."""

    @property
    def id(self) -> bytes: ...  # noqa: D102

    @property
    def is_mentee(self) -> bool: ...  # noqa: D102

    @property
    def messages(self) -> tuple[Entry, ...]: ...  # noqa: D102

    async def write(self, body: MentorshipBody) -> Shown: ...  # noqa: D102


class Mentoring(Private):
    """One side of one mentorship."""

    def __init__(self, talking: Talking, means: Correspondence) -> None:
        super().__init__(talking.id, means)
        self._talking = talking
        self._means = means

    @property
    def state(self) -> Mentorship:
        """Return the mentorship as the messages so far make it."""
        return read_mentorship(
            self._talking.messages, conversation=self._talking.id, role=self._role
        )

    @property
    def kept_until(self) -> Day | None:
        """Return the day on which this conversation will be deleted here, if there is one."""
        closing = self.state.closing
        return Day(closing.kept_until) if closing is not None and closing.kept_until else None

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

    # --- check-ins -----------------------------------------------------------------

    @property
    def due_check_in(self) -> CheckInDue | None:
        """Return the check-in that waits for one's answer, by one's own clock.

        They come 7 and 21 days after terms were first agreed, then every 30 days, until the
        mentorship is closed. Of several that were missed only the last one is asked.
        """
        state = self.state
        if state.stage != "agreed":
            return None
        agreed = day_of(state.agreement.first_minute * _MINUTE_S)
        passed = self._means.today - agreed
        numbers = [number for number, days in enumerate(FIRST_DAYS, 1) if passed >= days]
        if passed >= FIRST_DAYS[-1]:
            numbers.append(len(FIRST_DAYS) + (passed - FIRST_DAYS[-1]) // EVERY_DAYS)
        if not numbers or self._kept_answers(numbers[-1]) is not None:
            return None
        number = numbers[-1]
        return CheckInDue(number, Day(agreed + _days_of(number)))

    @property
    def check_ins(self) -> tuple[CheckedIn, ...]:
        """Return all check-ins that either side has answered, by number."""
        rounds = {one.number: one for one in self.state.check_ins}
        kept = self._all_answers()
        return tuple(
            CheckedIn(
                number,
                kept[number].answers if number in kept else None,
                rounds.get(number),
            )
            for number in sorted((rounds.keys() | kept.keys()) - {CLOSING_ROUND})
        )

    async def check_in(self, feeling: Feeling, words: str = "", *, share: bool = False) -> None:
        """Answer the check-in that is due.

        Args:
            feeling: ``fine``, ``unsure`` or ``help``.
            words: at most 800 characters.
            share: whether the other side shall see it, once they have answered, too. Without,
                it stays in the vault.

        Raises:
            UsageError: none is due.
        """
        due = self.due_check_in
        if due is None:
            raise UsageError("no check-in is due")
        check_words(words, _MAX_WORDS)
        answers = Answers(due.number, feeling, (words,) if words else ())
        commitment = await self._keep_answers(answers, share=share)
        if commitment:
            await self._write(CheckIn(due.number, commitment))
            await self.follow_up()  # the other side may have answered before

    # --- the end -------------------------------------------------------------------

    async def close(
        self, words: str = "", kept_until: int = 0, reflections: tuple[str, ...] = ()
    ) -> None:
        """Close the mentorship, for both; no reason and no answer is needed.

        Args:
            words: as one likes, at most 800 characters.
            kept_until: day on which both delete what was said, the earlier one of both
                wishes; 0 for no wish. It does not reach what somebody copied elsewhere.
            reflections: what one found looking back, at most 6 texts. The other side sees them
                once they have closed with theirs.
        """
        if kept_until and kept_until <= self._means.today:
            raise UsageError("what is kept can only be deleted on a day to come")
        commitment = ""
        if reflections:
            answers = Answers(CLOSING_ROUND, "", reflections)
            commitment = await self._keep_answers(answers, share=True)
        await self._write(Closing(words, kept_until, commitment))
        await self.follow_up()

    @property
    def reflections(self) -> Answers | None:
        """Return what one found oneself, looking back; None while one has said nothing."""
        kept = self._kept_answers(CLOSING_ROUND)
        return None if kept is None else kept.answers

    async def thank(self, text: str, *, may_show: bool = False) -> None:
        """Thank the mentor, to whom it then belongs.

        Args:
            text: at most 800 characters.
            may_show: whether they may show it to others, who see the words, not the writer.
        """
        await self._write(Thanks(text, may_show))

    def draft_offer(self, *, languages: tuple[str, ...] = ()) -> OfferContent:
        """Return an offer of what was learned here, to be changed and published as one likes.

        Raises:
            UsageError: no goal names a topic.
        """
        return draft_offer(self.state, languages=languages)

    async def tell_passed_on(self, words: str = "") -> None:
        """Tell the other side that one now offers on what was learned; names no offer."""
        await self._write(PassedOn(words))

    async def follow_up(self) -> None:
        """Do what follows from what was read; ``Conversation.receive`` calls this.

        Keeps what one was thanked for, and shows one's answers where both sides have given
        theirs. What cannot be sent now is sent another time.
        """
        if not any(
            isinstance(entry, Shown) and isinstance(entry.body, MENTORSHIP_BODIES)
            for entry in self._talking.messages
        ):
            return
        state = self.state
        if self._role == ROLE_MENTOR and ThanksBook(self._means.shelf).take(
            state, today=self._means.today
        ):
            await self._means.shelf.save()
        with contextlib.suppress(UsageError, UnavailableError, ProblemError):
            await self._reveal(state)

    async def _reveal(self, state: Mentorship) -> None:
        rounds = [*state.check_ins, *([state.closing.looking_back] if state.closing else [])]
        for one in rounds:
            kept = self._kept_answers(one.number)
            if one.is_to_reveal and kept is not None and kept.opening:
                await self._write(reveal_of(kept.answers, opening=kept.opening))

    # --- within --------------------------------------------------------------------

    @property
    def _role(self) -> int:
        return ROLE_MENTEE if self._talking.is_mentee else ROLE_MENTOR

    @property
    def _minute(self) -> int:
        return self._means.clock.now() // _MINUTE_S

    async def _write(self, body: MentorshipBody) -> Shown:
        return await self._talking.write(body)

    async def _keep_answers(self, answers: Answers, *, share: bool) -> str:
        """Keep *answers*, and return the commitment to them if they are to be shared.

        They are in the vault before the commitment leaves, so any device can open it.
        """
        opening = self._means.rng.bytes(OPENING_BYTES) if share else b""
        record = AnswersRecord(
            self._talking.id,
            answers.number,
            self._means.today,
            answers.feeling,
            answers.words,
            opening,
        )
        self._means.shelf.put(ANSWERS_KIND, self._answers_key(answers.number), record)
        await self._means.shelf.save()
        if not share:
            return ""
        return encode_base64url(
            commit_answers(
                answers,
                opening=opening,
                conversation=self._talking.id,
                role=self._role,
            )
        )

    def _kept_answers(self, number: int) -> AnswersRecord | None:
        return self._means.shelf.get(ANSWERS_KIND, self._answers_key(number), AnswersRecord)

    def _all_answers(self) -> dict[int, AnswersRecord]:
        found = self._means.shelf.all(ANSWERS_KIND, AnswersRecord).values()
        return {one.number: one for one in found if one.conversation == self._talking.id}

    def _answers_key(self, number: int) -> bytes:
        return self._talking.id + number.to_bytes(2, "big")


_MAX_WORDS = 800


def _name(raw: bytes) -> str:
    return encode_base64url(raw) if raw else ""


def _days_of(number: int) -> int:
    if number <= len(FIRST_DAYS):
        return FIRST_DAYS[number - 1]
    return FIRST_DAYS[-1] + EVERY_DAYS * (number - len(FIRST_DAYS))
