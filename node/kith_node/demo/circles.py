"""Circles of the demonstration: people who have met bring each other together.

Whoever has most conversations convenes a circle and invites those they talk with; they plan a
session, talk, somebody is removed in the middle, and in the end it is archived. Each step
counts only once everybody's own device shows it. The counts are these devices' own: no node
knows of any of this. Left to the caller: conversations that have begun.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from kith_client.circles.circle import Circle
from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, place_of
from kith_node.demo.stage import Stage
from kith_node.demo.talking import Talk
from kith_node.demo.waiting import patiently, run_together, wait_until
from kith_protocol.circle.roster import MIN_PLACES, CircleTerms
from kith_protocol.day import day_of

MOST = 2  # circles
LASTS_DAYS = 60
TIMEOUT_S = 60
POLL_S = 0.1
STEPS = 6  # of one circle that are waited for
AHEAD_MINUTES = 7 * 24 * 60

PURPOSE = "Practising with each other, kindly and without names"
RULES = "What is said here stays here. Nobody is asked for a name or a place."
FIRST, SECOND = "Good evening, all.", "Shall we begin on time?"


@dataclasses.dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is invited.

    Attributes:
        account: theirs.
        side: the convener's side of the conversation the two have.
    """

    account: Account
    side: Conversation


async def gather(stage: Stage, talks: Sequence[Talk]) -> int:
    """Let circles come together among those who talk; return how many.

    Args:
        stage: with nodes that serve.
        talks: conversations that go on.

    Raises:
        CheckError: somebody did not see what they must, or saw what they must not.
    """
    plans = choose(talks)
    label = f"{len(plans)} circles, from invitation to archive"
    with stage.progress.part("circle", label, steps=STEPS * len(plans)) as tick:
        for convener, guests in plans:
            await _Life(stage, convener, guests, tick).run()
    return len(plans)


def choose(talks: Sequence[Talk]) -> list[tuple[Account, list[Guest]]]:
    """Return who convenes, and whom they invite: who has most conversations; no one twice."""
    known: dict[tuple[int, int], list[Guest]] = {}
    accounts: dict[tuple[int, int], Account] = {}
    for talk in talks:
        mentee, mentor = talk.pair.mentee, talk.pair.mentor
        for account, guest in (
            (mentee, Guest(mentor, talk.mine)),
            (mentor, Guest(mentee, talk.theirs)),
        ):
            known.setdefault(place_of(account), []).append(guest)
            accounts[place_of(account)] = account
    chosen: list[tuple[Account, list[Guest]]] = []
    taken: set[tuple[int, int]] = set()
    for place in sorted(known, key=lambda place: (-len(known[place]), place)):
        unique = {place_of(guest.account): guest for guest in known[place]}
        guests = [guest for at, guest in sorted(unique.items()) if at not in taken]
        if place in taken or len(guests) < MIN_PLACES - 1 or len(chosen) == MOST:
            continue
        chosen.append((accounts[place], guests))
        taken |= {place, *(place_of(guest.account) for guest in guests)}
    return chosen


class _Life:
    """One circle while it goes on."""

    def __init__(
        self, stage: Stage, convener: Account, guests: Sequence[Guest], tick: Callable[[], None]
    ) -> None:
        self._stage = stage
        self._convener = convener
        self._guests = guests
        self._tick = tick
        self._sides: dict[tuple[int, int], Circle] = {}

    async def run(self) -> None:
        """Let it happen.

        Raises:
            CheckError: somebody did not see what they must, or saw what they must not.
        """
        circle = await self._begin()
        await self._meet(circle)
        await circle.say(FIRST)
        await self._all_see("what was said", lambda side: _has_said(side, FIRST))
        gone = await self._remove(circle)
        await circle.say(SECOND)
        await self._all_see("what was said then", lambda side: _has_said(side, SECOND))
        await _look(gone[0])
        if _has_said(gone[1], SECOND) or gone[1].view.state != "removed":
            raise CheckError("somebody who was removed from a circle reads what follows")
        self._tick()
        await circle.convener.archive()
        await self._all_see("the end of a circle", lambda side: side.view.state == "over")

    async def _begin(self) -> Circle:
        today = day_of(self._stage.clock.now())
        member = self._convener.member
        terms = CircleTerms(PURPOSE, today, today + LASTS_DAYS, rules=RULES)
        circle = await member.circles.convene(terms, name="Convener")
        self._sides[place_of(self._convener)] = circle
        for number, guest in enumerate(self._guests, 1):
            await circle.convener.invite(guest.side)
            joined = await self._join(guest.account.member, circle.id, f"Guest {number}")
            self._sides[place_of(guest.account)] = joined
        count = len(self._sides)
        await self._all_see("a circle", lambda side: _has_people(side, count))
        return circle

    async def _join(self, member: Member, circle: bytes, name: str) -> Circle:
        async def is_invited() -> bool:
            await patiently(member.conversations.check)
            return circle in {one.circle for one in member.circles.invitations}

        if not await wait_until(is_invited, timeout_s=TIMEOUT_S, every_s=POLL_S):
            raise CheckError("an invitation to a circle did not arrive")
        [invitation] = [one for one in member.circles.invitations if one.circle == circle]
        return await member.circles.join(invitation, name=name)

    async def _meet(self, circle: Circle) -> None:
        start = self._stage.clock.now() // 60 + AHEAD_MINUTES
        session = await circle.convener.plan(start, 60, "The link comes that day")
        await self._all_see("a session", lambda side: bool(side.view.meetings))
        for side in self._sides.values():
            await side.attend(session, "yes")
        count = len(self._sides)
        await self._all_see("who comes", lambda side: _attended(side, count))

    async def _remove(self, circle: Circle) -> tuple[Member, Circle]:
        """Remove the last one who came; return them and the circle as they have it."""
        guest = self._guests[-1]
        side = self._sides.pop(place_of(guest.account))
        await circle.convener.remove(circle.find_member(side.seat.name), "Farewell.")
        count = len(self._sides)
        await self._all_see("fewer people", lambda side: _has_people(side, count), ticks=False)
        return guest.account.member, side

    async def _all_see(
        self, what: str, holds: Callable[[Circle], bool], *, ticks: bool = True
    ) -> None:
        async def look(place: tuple[int, int], side: Circle) -> None:
            member = self._member(place)

            async def is_so() -> bool:
                await _look(member)
                return holds(side)

            if not await wait_until(is_so, timeout_s=TIMEOUT_S, every_s=POLL_S):
                raise CheckError(f"somebody in a circle does not see {what}")

        await run_together(look(place, side) for place, side in self._sides.items())
        if ticks:
            self._tick()

    def _member(self, place: tuple[int, int]) -> Member:
        accounts = [self._convener, *(guest.account for guest in self._guests)]
        return next(one.member for one in accounts if place_of(one) == place)


async def _look(member: Member) -> None:
    await patiently(member.conversations.check)
    await patiently(member.circles.check)


def _has_people(circle: Circle, count: int) -> bool:
    view = circle.view
    return len(view.places) == count and not view.unknown


def _has_said(circle: Circle, text: str) -> bool:
    return text in {words.text for words in circle.view.words}


def _attended(circle: Circle, count: int) -> bool:
    return any(len(meeting.attends) == count for meeting in circle.view.meetings)
