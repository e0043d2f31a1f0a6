"""The part of a run in which people meet: knocks, conversations, a block, reports."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import msgspec

from kith_node.demo import talking
from kith_node.demo.accusations import Accused, report_both
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, place_of
from kith_node.demo.latency import Spread, spread
from kith_node.demo.meetings import Meeting, choose_reported, plan_meetings
from kith_node.demo.scripts import ACCEPT, KNOCK, MESSAGES, Line, write_script
from kith_node.demo.stage import Stage
from kith_node.demo.talking import Pair, Talk
from kith_protocol.vocabulary import Vocabulary

SHOWN_LINES = 5
READERS = ("en",)


class Sample(msgspec.Struct, frozen=True):
    """The beginning of one conversation, for people.

    Attributes:
        mentee: name of the mentee's community.
        mentor: name of the mentor's community.
        lines: what they wrote, knock and answer first.
        left: how many messages follow.
        safety_words: that both sides see alike.
    """

    mentee: str
    mentor: str
    lines: tuple[Line, ...]
    left: int
    safety_words: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Encounters:
    """What came of all knocks.

    Attributes:
        talks: conversations in which everything that was written was read.
        messages: how many were read and compared, knocks and answers not counted.
        message_ms: from writing to shown.
        declined: how many knocks were declined.
        sample: one of the conversations.
    """

    talks: tuple[Talk, ...]
    messages: int
    message_ms: Spread
    declined: int
    sample: Sample


async def let_people_talk(stage: Stage, topics: Vocabulary) -> Encounters:
    """Let members knock, answer and talk; return what came of it.

    Raises:
        CheckError: something did not arrive, or otherwise than it was written.
        ProblemError: a node refused what it must not.
    """
    pairs = _pairs(stage, topics)
    label = f"Knocking {len(pairs)} times"
    with stage.progress.part("knock", label, steps=2 * len(pairs)) as tick:
        talks = await talking.meet(pairs, tick=tick)
    if not talks:
        raise CheckError("nobody met anybody")
    scripts = [
        write_script(talk.pair.topic, number=number, seed=stage.options.seed)
        for number, talk in enumerate(talks)
    ]
    count = sum(map(len, scripts))
    label = f"{len(talks)} conversations of {MESSAGES}"
    with stage.progress.part("talk", label, steps=count) as tick:
        talked = await talking.talk_all(talks, scripts, clock=stage.clock, tick=tick)
    with stage.progress.part("block", "Comparing safety words, blocking"):
        words = await talking.compare_safety_words(talks[0])
        await talking.block(talks[-1], _bystander(stage, talks[-1].pair))
    return Encounters(
        talks=tuple(talks),
        messages=sum(one.messages for one in talked),
        message_ms=spread([took for one in talked for took in one.took_ms]),
        declined=len(pairs) - len(talks),
        sample=_sample(stage, talks[0], scripts[0], words),
    )


async def report(stage: Stage, encounters: Encounters) -> Accused:
    """Let one report be proven and acted on, and one be refused.

    Raises:
        CheckError: one was judged otherwise than it must be.
    """
    with stage.progress.part("report", "Reporting twice"):
        # The first one is for visitors, and in the last one the mentor reads nothing any more.
        return await report_both(stage.nodes, encounters.talks[1:-1], means=stage.means)


def of_good_will(encounters: Encounters) -> tuple[Talk, ...]:
    """Return the conversations of which nothing will be reported and nobody was blocked.

    No two of them are of one mentee, so that each passes on an offer of their own.
    """
    talks = encounters.talks[:-1]
    places = [(place_of(talk.pair.mentee), place_of(talk.pair.mentor)) for talk in talks[1:]]
    chosen = choose_reported(places) or ()
    taken = {at + 1 for at in chosen}
    free = [talk for at, talk in enumerate(talks) if at not in taken]
    return tuple({place_of(talk.pair.mentee): talk for talk in reversed(free)}.values())[::-1]


def _pairs(stage: Stage, topics: Vocabulary) -> list[Pair]:
    accounts = {place_of(account): account for account in stage.filling.accounts}
    offers = stage.filling.offers
    owners = [
        (offer.planned.community, offer.planned.account)
        if offer.planned.fate == "stays"
        else None
        for offer in offers
    ]
    meetings = plan_meetings(list(accounts), owners, seed=stage.options.seed)

    def pair(meeting: Meeting) -> Pair:
        offer = offers[meeting.offer]
        return Pair(
            mentee=accounts[meeting.mentee],
            mentor=accounts[meeting.mentor],
            offer=offer,
            topic=topics.label(offer.planned.content.topics[0], READERS),
            accepted=meeting.accepted,
        )

    return [pair(meeting) for meeting in meetings]


def _bystander(stage: Stage, pair: Pair) -> Account:
    """Return the first account that is neither of *pair*."""
    taken = {place_of(pair.mentee), place_of(pair.mentor)}
    return next(one for one in stage.filling.accounts if place_of(one) not in taken)


def _sample(stage: Stage, talk: Talk, script: Sequence[Line], words: tuple[str, ...]) -> Sample:
    pair = talk.pair
    begun = (Line(True, KNOCK.format(topic=pair.topic)), Line(False, ACCEPT))
    return Sample(
        mentee=stage.nodes[pair.mentee.community].community.name,
        mentor=stage.nodes[pair.mentor.community].community.name,
        lines=(*begun, *script[:SHOWN_LINES]),
        left=len(script) - SHOWN_LINES,
        safety_words=words,
    )
