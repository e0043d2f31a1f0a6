"""Whole mentorships of the demonstration's members: from terms to passing on what was learned.

Everything goes through ``kith_client``, on two devices in two communities, and each step counts
only once the other side reads it. What was learned is offered on, and looked for from a
community that had nothing to do with it. The counts are these members' own: no node knows of
any of this. Left to the caller: conversations that have begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_client.slots import show_slot
from kith_client.summaries import summarise
from kith_client.wording import Wording, wording
from kith_node.demo.errors import CheckError
from kith_node.demo.stage import Stage
from kith_node.demo.talking import Talk
from kith_node.demo.waiting import patiently, run_together, wait_until
from kith_protocol.conversation.events import Shown
from kith_protocol.mentorship.bodies import MENTORSHIP_BODIES, Slot, Terms
from kith_protocol.mentorship.state import Mentorship
from kith_protocol.query import Query
from kith_protocol.ranking import MAX_RANKED
from kith_protocol.urls import offer_url

AT_ONCE = 3
MOST = 6
MOST_PASSED_ON = 3
STEPS = 9  # of one mentorship that are waited for
TIMEOUT_S = 60
POLL_S = 0.02
MINUTE_S = 60
DAY_MINUTES = 24 * 60

TERMS = Terms(
    goals=("Finish the first piece", "Show it to somebody"),
    cadence="weekly",
    sessions=3,
    minutes=45,
    channel="Here, in writing",
    boundaries="Neither of us asks for names or places.",
    confidentiality="What we say stays between us.",
    limits="Whoever is in danger may tell somebody who can help.",
    ending="Either of us may stop at any time and need not say why.",
)
FOUND = "I learned to ask earlier."
FOUND_TOO = "Good questions teach whoever answers them."
THANKS = "You took your time, and you never made me feel slow."


class Lived(msgspec.Struct, frozen=True):
    """What came of the mentorships.

    Attributes:
        closed: how many both sides have closed, each with what the other found looking back.
        passed_on: how many offers of what was learned were found from another community.
        lines: one of the mentorships as its mentee sees it, one line for each step.
    """

    closed: int
    passed_on: int
    lines: tuple[str, ...]


async def live(stage: Stage, talks: Sequence[Talk]) -> Lived:
    """Let mentorships grow from the first few of *talks*; return what came of them.

    Args:
        stage: with nodes that serve; learns of the offers that are published.
        talks: conversations that go on, of different people.

    Raises:
        CheckError: a step did not arrive, or otherwise than it was meant.
    """
    chosen = talks[:MOST]
    gate = asyncio.Semaphore(AT_ONCE)
    label = f"{len(chosen)} mentorships, from terms to thanks"
    with stage.progress.part("mentor", label, steps=STEPS * len(chosen)) as tick:

        async def one(talk: Talk) -> None:
            async with gate:
                await _Life(talk, stage, tick).run()

        await run_together(one(talk) for talk in chosen)
    passing = chosen[:MOST_PASSED_ON]
    with stage.progress.part(
        "pass-on", f"{len(passing)} mentees pass on what they learned", steps=len(passing)
    ) as tick:
        for talk in passing:
            await _pass_on(talk, stage)
            tick()
    return Lived(
        closed=sum(_is_closed_by_both(talk) for talk in chosen),
        passed_on=len(passing),
        lines=_lines_of(chosen[0].mine, wording("en")),
    )


class _Life:
    """One mentorship while it goes on."""

    def __init__(self, talk: Talk, stage: Stage, tick: Callable[[], None]) -> None:
        self._mine = talk.mine
        self._theirs = talk.theirs
        self._mentor = talk.pair.mentor.member
        self._topic = talk.pair.offer.planned.content.topics[0]
        self._clock = stage.clock
        self._tick = tick

    async def run(self) -> None:
        await self._agree()
        await self._meet()
        await self._reach_goal()
        await self._close()
        await self._thank()

    async def _agree(self) -> None:
        mine, theirs = self._mine, self._theirs
        await mine.mentorship.propose(TERMS)
        await self._see(theirs, lambda it: it.agreement.proposed == TERMS, "terms")
        await theirs.mentorship.accept()
        await self._see(mine, lambda it: it.agreement.terms == TERMS, "an agreement")

    async def _meet(self) -> None:
        mine, theirs = self._mine, self._theirs
        tomorrow = self._minute() + DAY_MINUTES
        offered = tuple(Slot(tomorrow + at * 60, 45, 120) for at in range(3))
        thing = await theirs.mentorship.propose_session(offered)
        await self._see(mine, lambda it: it.sessions[0].proposed == offered, "times")
        await mine.mentorship.pick(thing, offered[1].start, -300)
        await self._see(theirs, lambda it: it.sessions[0].picked == offered[1], "a session")
        now = (Slot(self._minute(), 45),)  # so that it can have taken place
        await theirs.mentorship.move_session(thing, now)
        await self._see(mine, lambda it: it.sessions[0].proposed == now, "another time")
        await mine.mentorship.pick(thing, now[0].start)
        await self._see(theirs, lambda it: it.sessions[0].moves == 1, "a moved session")
        await theirs.mentorship.session_took_place(thing)
        await self._see(mine, lambda it: it.sessions[0].state == "took-place", "its end")

    async def _reach_goal(self) -> None:
        mine, theirs = self._mine, self._theirs
        goal = await mine.mentorship.add_goal(TERMS.goals[0], topics=(self._topic,))
        await self._see(theirs, lambda it: len(it.goals) == 1, "a goal")
        await theirs.mentorship.mark_goal(goal, "reached")
        await self._see(mine, lambda it: it.goals[0].state == "reached", "a goal reached")

    async def _close(self) -> None:
        mine, theirs = self._mine, self._theirs
        await mine.mentorship.close(reflections=(FOUND,))
        await self._see(theirs, lambda it: it.stage == "closed", "a closing")
        if _found_by_other(theirs):
            raise CheckError("a mentor read what the mentee found before saying their own")
        await theirs.mentorship.close(reflections=(FOUND_TOO,))
        await self._see(mine, lambda _: _found_by_other(mine) == (FOUND_TOO,), "a look back")
        await self._see(theirs, lambda _: _found_by_other(theirs) == (FOUND,), "a look back")

    async def _thank(self) -> None:
        await self._mine.mentorship.thank(THANKS, may_show=True)

        def is_kept(_: Mentorship) -> bool:
            return THANKS in {one.text for one in self._mentor.thanks.list()}

        await self._see(self._theirs, is_kept, "a thanks")

    async def _see(
        self, reader: Conversation, is_seen: Callable[[Mentorship], bool], what: str
    ) -> None:
        """Return once *reader* reads *what*."""
        await _wait_to_see(reader, is_seen, what)
        self._tick()

    def _minute(self) -> int:
        return self._clock.now() // MINUTE_S


async def _wait_to_see(
    reader: Conversation, is_seen: Callable[[Mentorship], bool], what: str
) -> None:
    async def has_come() -> bool:
        await reader.receive()
        return _holds(is_seen, reader.mentorship.state)

    if not await wait_until(has_come, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(f"{what} did not arrive in {TIMEOUT_S} s")


def _holds(is_seen: Callable[[Mentorship], bool], state: Mentorship) -> bool:
    try:
        return is_seen(state)
    except IndexError:
        return False  # nothing of that kind yet


async def _pass_on(talk: Talk, stage: Stage) -> None:
    """Let the mentee offer what they learned, somebody elsewhere find it, the mentor hear."""
    mentee = talk.pair.mentee
    draft = talk.mine.mentorship.draft_offer(
        languages=talk.pair.offer.planned.content.languages
    )
    offer = await patiently(lambda: mentee.member.offers.publish(draft))
    url = offer_url(mentee.member.community.node, offer.record.id)
    stage.passed_on.add(url)
    reader = _uninvolved(stage, talk)

    # All matches, on the device: of a topic that many offer, a page may not show the new one.
    query = Query(topics=draft.topics[:1], languages=draft.languages[:1], limit=MAX_RANKED)

    async def is_found() -> bool:
        answer = await patiently(lambda: reader.search.find_here(query))
        return url in {hit.id for hit in answer.hits}

    if not await wait_until(is_found, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError("an offer that passes on what was learned was not found elsewhere")
    await talk.mine.mentorship.tell_passed_on()
    await _wait_to_see(talk.theirs, lambda it: bool(it.passed_on), "that it was passed on")


def _uninvolved(stage: Stage, talk: Talk) -> Member:
    """Return a member of a community that neither side is of, if there is one."""
    involved = {talk.pair.mentee.community, talk.pair.mentor.community}
    readers = stage.readers()
    others = [reader for at, reader in enumerate(readers) if at not in involved]
    return (others or readers)[0]


def _found_by_other(side: Conversation) -> tuple[str, ...]:
    closing = side.mentorship.state.closing
    theirs = None if closing is None else closing.looking_back.theirs
    return () if theirs is None else theirs.words


def _is_closed_by_both(talk: Talk) -> bool:
    closings = [side.mentorship.state.closing for side in (talk.mine, talk.theirs)]
    return all(one is not None and one.mine and one.theirs for one in closings)


def _lines_of(side: Conversation, words: Wording) -> tuple[str, ...]:
    return tuple(
        summarise(entry.body, is_own=entry.is_own, words=words, show_time=_show)
        for entry in side.messages
        if isinstance(entry, Shown) and isinstance(entry.body, MENTORSHIP_BODIES)
    )


def _show(slot: Slot) -> str:
    return show_slot(msgspec.structs.replace(slot, offset=None), zone="UTC", language="en")
