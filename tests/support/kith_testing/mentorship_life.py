"""The life of one mentorship between two people, step by step, whatever happens to their nodes.

Each step is written by one side and waited for on the other; between two steps the caller may
restart nodes. Texts come from the caller, so that they can be looked for afterwards.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_client.system import SystemClock
from kith_protocol.mentorship.bodies import Slot, Terms
from kith_protocol.mentorship.state import Mentorship
from kith_testing.waiting import until

Write = Callable[[], str]
"""Returns a text that nobody else writes."""

MINUTE_S = 60
DAY_MINUTES = 24 * 60


def numbered_texts() -> Write:
    """Return a writer of texts of one length, all different."""
    numbers = itertools.count(1)
    return lambda: f"words of number {next(numbers):06}"


class Life:
    """Two sides of one mentorship.

    Args:
        mine: the mentee's side.
        theirs: the mentor's side.
        mentor: whose book of thanks is looked into.
        write: makes texts.
        topic: what it is about.
    """

    def __init__(
        self,
        mine: Conversation,
        theirs: Conversation,
        mentor: Member,
        *,
        write: Write,
        topic: str,
    ) -> None:
        self.mine = mine
        self.theirs = theirs
        self._mentor = mentor
        self._write = write
        self._topic = topic
        self._clock = SystemClock()

    async def agree(self) -> None:
        """Propose terms, answer with others, accept these, change them once more."""
        mine, theirs, write = self.mine, self.theirs, self._write
        first = Terms(goals=(write(), write()), cadence="weekly", sessions=3, minutes=45)
        await mine.mentorship.propose(first)
        await self.see(theirs, lambda it: it.agreement.proposed == first, "terms")
        other = Terms(
            goals=first.goals,
            cadence="fortnightly",
            sessions=3,
            minutes=60,
            channel=write(),
            boundaries=write(),
            confidentiality=write(),
            limits=write(),
            ending=write(),
        )
        await theirs.mentorship.propose(other)
        await self.see(mine, lambda it: it.agreement.proposed == other, "other terms")
        await mine.mentorship.accept()
        await self.see(theirs, lambda it: it.agreement.terms == other, "the agreement")
        changed = Terms(goals=other.goals, cadence="monthly", sessions=2, minutes=60)
        await mine.mentorship.propose(changed)
        await self.see(theirs, lambda it: it.agreement.proposed == changed, "a change")
        assert theirs.mentorship.state.agreement.terms == other
        await theirs.mentorship.accept()
        await self.see(mine, lambda it: it.agreement.terms == changed, "the change, agreed")

    async def plan_session(self) -> bytes:
        """Propose three times and pick one; return the session."""
        mine, theirs = self.mine, self.theirs
        first = self.minute() + DAY_MINUTES
        slots = tuple(Slot(first + 60 * at, 45, 60) for at in range(3))
        thing = await theirs.mentorship.propose_session(slots, self._write())
        await self.see(mine, lambda it: it.sessions[0].proposed == slots, "times")
        await mine.mentorship.pick(thing, slots[2].start, -300)
        await self.see(theirs, lambda it: it.sessions[0].picked == slots[2], "a session")
        return thing

    async def move_session(self, thing: bytes) -> None:
        """Move the session to this minute, and note that it took place."""
        mine, theirs = self.mine, self.theirs
        now = (Slot(self.minute(), 45),)
        await mine.mentorship.move_session(thing, now, self._write())
        await self.see(theirs, lambda it: it.sessions[0].proposed == now, "another time")
        await theirs.mentorship.pick(thing, now[0].start)
        await self.see(mine, lambda it: it.sessions[0].moves == 1, "a moved session")
        await mine.mentorship.session_took_place(thing)
        await self.see(theirs, lambda it: it.sessions[0].state == "took-place", "its end")

    async def cancel_another(self) -> None:
        """Agree on a second session and cancel it."""
        mine, theirs = self.mine, self.theirs
        slots = (Slot(self.minute() + 7 * DAY_MINUTES, 30),)
        thing = await mine.mentorship.propose_session(slots)
        await self.see(theirs, lambda it: len(it.sessions) == 2, "a second session")
        await theirs.mentorship.pick(thing, slots[0].start)
        await self.see(mine, lambda it: it.sessions[1].state == "agreed", "it is agreed")
        await theirs.mentorship.cancel_session(thing, self._write())
        await self.see(mine, lambda it: it.sessions[1].state == "cancelled", "it is off")

    async def work(self, session: bytes) -> None:
        """Set goals, reach one, write notes, shared and for oneself alone."""
        mine, theirs, write = self.mine, self.theirs, self._write
        goal = await mine.mentorship.add_goal(write(), topics=(self._topic,))
        await self.see(theirs, lambda it: len(it.goals) == 1, "a goal")
        await theirs.mentorship.mark_goal(goal, "reached")
        await self.see(mine, lambda it: it.goals[0].state == "reached", "it is reached")
        shared = write()
        await theirs.mentorship.add_note(shared, session=session)
        await self.see(mine, lambda it: it.notes[0].text == shared, "a note")
        await mine.mentorship.keep_note(write(), session=session)
        await theirs.mentorship.keep_note(write())

    async def close(self) -> None:
        """Close from both sides, and look back; neither reads the other's words before."""
        mine, theirs, write = self.mine, self.theirs, self._write
        found, found_too = write(), write()
        await mine.mentorship.close(write(), reflections=(found, write()))
        await self.see(theirs, lambda it: it.stage == "closed", "the closing")
        assert _found(theirs) == ()
        await theirs.mentorship.close(reflections=(found_too,))
        await self.see(mine, lambda _: _found(mine) == (found_too,), "what they found")
        await self.see(theirs, lambda _: _found(theirs)[:1] == (found,), "what was found")

    async def thank(self) -> None:
        """Thank the mentor, who keeps it."""
        text = self._write()
        await self.mine.mentorship.thank(text, may_show=True)
        await self.see(
            self.theirs,
            lambda _: text in {one.text for one in self._mentor.thanks.list()},
            "the thanks",
        )

    def minute(self) -> int:
        """Return the minute it is."""
        return self._clock.now() // MINUTE_S

    async def see(
        self, reader: Conversation, is_seen: Callable[[Mentorship], bool], what: str
    ) -> None:
        """Return once *reader* has received what makes *is_seen* true."""
        await until(self._looks(reader, is_seen), what)

    def _looks(
        self, reader: Conversation, is_seen: Callable[[Mentorship], bool]
    ) -> Callable[[], Awaitable[bool]]:
        async def looks() -> bool:
            await reader.receive()
            try:
                return is_seen(reader.mentorship.state)
            except IndexError:
                return False  # nothing of that kind yet

        return looks


def _found(side: Conversation) -> tuple[str, ...]:
    closing = side.mentorship.state.closing
    theirs = None if closing is None else closing.looking_back.theirs
    return () if theirs is None else theirs.words
