"""One's own answers in a mentorship: to check-ins, and to what one is asked at its end.

They are kept in the vault. Answers that are shared are committed to first, and shown once the
other side has committed to theirs; see ``kith_protocol.mentorship.blind``. Answers, opening
and commitment are stored in one piece before anything is sent. So whatever breaks, any device
can open what was committed to, and nothing counts as answered that was not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec

from kith_client.check_phrase import read_phrase, refuse_phrase
from kith_client.correspondence import Correspondence
from kith_client.mentorship.private import Private
from kith_client.mentorship.records import ANSWERS_KIND, AnswersRecord
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError, MalformedError, UsageError
from kith_protocol.conversation.body import MAX_KNOCK_CHARACTERS, check_body
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
    MAX_REFLECTIONS,
    CheckIn,
    Closing,
    Feeling,
    MentorshipBody,
    Reveal,
)
from kith_protocol.mentorship.state import Mentorship, read_mentorship

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

    async def write(  # noqa: D102
        self, body: MentorshipBody, *, also: Callable[[], None] = ...
    ) -> Shown: ...


class Answering(Private):
    """What one side of a mentorship answers, and when."""

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
            UsageError: none is due, or the words hold the check phrase.
            MalformedError: the words are too long or hold misleading characters.
        """
        await self._means.shelf.save()  # perhaps another device has answered meanwhile
        due = self.due_check_in
        if due is None:
            raise UsageError("no check-in is due")
        answers = Answers(due.number, feeling, (words,) if words else ())
        if share:
            await self._share(answers, lambda commitment: CheckIn(due.number, commitment))
            return
        _open(answers, bytes(OPENING_BYTES))  # it is never sent, but has the same bounds
        self._put_answers(answers, b"")
        await self._means.shelf.save()

    # --- the end -------------------------------------------------------------------

    async def close(
        self, words: str = "", kept_until: int = 0, reflections: tuple[str, ...] = ()
    ) -> None:
        """Close the mentorship, for both; no reason and no answer is needed.

        Args:
            words: as one likes, at most 800 characters.
            kept_until: day on which both delete what was said, the earlier one of both
                wishes; 0 for no wish. It does not reach what somebody copied elsewhere.
            reflections: what one found looking back, at most 6 texts of 800 characters. The
                other side sees them once they have closed with theirs.

        Raises:
            UsageError: one has closed it already, or that day has come.
            MalformedError: a text is too long or holds misleading characters.
        """
        if kept_until and kept_until <= self._means.today:
            raise UsageError("what is kept can only be deleted on a day to come")
        if not reflections:
            await self._talking.write(Closing(words, kept_until))
            return
        await self._means.shelf.save()  # perhaps another device has closed it meanwhile
        await self._share(
            Answers(CLOSING_ROUND, "", tuple(reflections)),
            lambda commitment: Closing(words, kept_until, commitment),
        )

    @property
    def reflections(self) -> Answers | None:
        """Return what one found oneself, looking back; None while one has said nothing."""
        kept = self._kept_answers(CLOSING_ROUND)
        return None if kept is None else kept.answers

    # --- within --------------------------------------------------------------------

    @property
    def _role(self) -> int:
        return ROLE_MENTEE if self._talking.is_mentee else ROLE_MENTOR

    async def _share(
        self, answers: Answers, commit: Callable[[str], CheckIn | Closing]
    ) -> None:
        """Send what *commit* makes of the commitment to *answers*, and keep these with it."""
        opening = self._means.rng.bytes(OPENING_BYTES)
        # What will be shown later has to be what may be sent: there is no other answer then.
        refuse_phrase(_open(answers, opening), read_phrase(self._means.shelf, self._talking.id))
        commitment = commit_answers(
            answers, opening=opening, conversation=self._talking.id, role=self._role
        )
        await self._talking.write(
            commit(encode_base64url(commitment)),
            also=partial(self._put_answers, answers, opening),
        )
        await self._show_answers()  # the other side may have answered before

    async def _show_answers(self) -> None:
        """Open one's answers where both sides have given theirs."""
        if not _to_reveal(self.state):
            return
        with contextlib.suppress(KithError):  # another time; it keeps nothing from being read
            await self._means.shelf.save()  # perhaps another device has shown them meanwhile
            for number in _to_reveal(self.state):
                kept = self._kept_answers(number)
                if kept is not None and kept.opening:
                    await self._show(kept)

    async def _show(self, kept: AnswersRecord) -> None:
        # An answer that does not fit what was committed to must not hold back the others.
        with contextlib.suppress(UsageError, MalformedError):
            await self._talking.write(_open(kept.answers, kept.opening))

    def _put_answers(self, answers: Answers, opening: bytes) -> None:
        record = AnswersRecord(
            self._talking.id,
            answers.number,
            self._means.today,
            answers.feeling,
            answers.words,
            opening,
        )
        self._means.shelf.put(ANSWERS_KIND, self._answers_key(answers.number), record)

    def _kept_answers(self, number: int) -> AnswersRecord | None:
        return self._means.shelf.get(ANSWERS_KIND, self._answers_key(number), AnswersRecord)

    def _all_answers(self) -> dict[int, AnswersRecord]:
        found = self._means.shelf.all(ANSWERS_KIND, AnswersRecord).values()
        return {one.number: one for one in found if one.conversation == self._talking.id}

    def _answers_key(self, number: int) -> bytes:
        return self._talking.id + number.to_bytes(2, "big")


def _open(answers: Answers, opening: bytes) -> Reveal:
    """Return what opens *answers*.

    Raises:
        MalformedError: they can't be sent.
    """
    try:
        reveal = reveal_of(answers, opening=opening)
    except msgspec.ValidationError as error:
        raise MalformedError(
            "a check-in is answered by fine, unsure or help; there are at most "
            f"{MAX_REFLECTIONS} texts, of at most {MAX_KNOCK_CHARACTERS} characters each"
        ) from error
    check_body(reveal)
    return reveal


def _to_reveal(state: Mentorship) -> list[int]:
    """Return the numbers of the rounds in which it is time to show one's own answer."""
    closing = () if state.closing is None else (state.closing.looking_back,)
    return [one.number for one in (*state.check_ins, *closing) if one.is_to_reveal]


def _days_of(number: int) -> int:
    if number <= len(FIRST_DAYS):
        return FIRST_DAYS[number - 1]
    return FIRST_DAYS[-1] + EVERY_DAYS * (number - len(FIRST_DAYS))
