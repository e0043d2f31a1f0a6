"""Knocks, answers and conversations between the demonstration's members.

Everything goes through ``kith_client``, as it would on two devices in two places. Each message
is read by the one it was for and compared, word by word, with what was written; nothing is
asked of a node but to carry it. Left to the caller: who meets whom, and what they write.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from typing import TypeVar

from kith_client.conversation import Conversation
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, Standing
from kith_node.demo.scripts import ACCEPT, AGAIN, DECLINE, KNOCK, OTHER, Line, turns_of
from kith_node.demo.waiting import run_together, wait_until
from kith_node.runtime.system import Clock
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Event, Received, Shown
from kith_protocol.conversation.incoming import words_of
from kith_protocol.conversation.records import IncomingKnock, OutgoingKnock

AT_ONCE = 4
TIMEOUT_S = 60
POLL_S = 0.02
CHECK_POLL_S = 0.3  # all of a member's boxes are asked for each time

K = TypeVar("K", IncomingKnock, OutgoingKnock)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts, one of which knocks at an offer of the other.

    Attributes:
        mentee: who knocks.
        mentor: who is asked.
        offer: at which.
        topic: its label, for what they write.
        accepted: what the mentor answers.
    """

    mentee: Account
    mentor: Account
    offer: Standing
    topic: str
    accepted: bool

    @property
    def is_across(self) -> bool:
        """Return whether they are of two communities."""
        return self.mentee.community != self.mentor.community


@dataclasses.dataclass(frozen=True, slots=True)
class Talk:
    """Both sides of one conversation.

    Attributes:
        pair: who they are.
        mine: the mentee's side.
        theirs: the mentor's side.
    """

    pair: Pair
    mine: Conversation
    theirs: Conversation


@dataclasses.dataclass(frozen=True, slots=True)
class Talked:
    """What was read in one conversation.

    Attributes:
        messages: how many were read by their addressees, each as it was written.
        took_ms: for each, from writing to shown.
    """

    messages: int
    took_ms: tuple[int, ...]


async def meet(pairs: Sequence[Pair], *, tick: Callable[[], None]) -> list[Talk]:
    """Let everybody knock and be answered; return the conversations of those accepted.

    Args:
        pairs: all of them.
        tick: called once for each knock and once for each answer that was read.

    Raises:
        CheckError: a knock or an answer did not arrive, or says something else.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def knock(pair: Pair) -> OutgoingKnock:
        async with gate:
            words = KNOCK.format(topic=pair.topic)
            made = await pair.mentee.member.knocks.knock(pair.offer.url, words)
        tick()
        return made

    async def answer(pair: Pair, made: OutgoingKnock) -> None:
        async with gate:
            came = await _wait_for_knock(pair, made.conversation)
            _require(words_of(came).words == KNOCK.format(topic=pair.topic), "a knock")
            knocks = pair.mentor.member.knocks
            if pair.accepted:
                await knocks.accept(came, ACCEPT)
            else:
                await knocks.decline(came, DECLINE)

    async def hear(pair: Pair, made: OutgoingKnock) -> Talk | None:
        async with gate:
            answered = await _wait_for_answer(pair, made.conversation)
        tick()
        _check_answer(pair, answered)
        if not pair.accepted:
            return None
        mine = pair.mentee.member.conversations.open(made.conversation)
        theirs = pair.mentor.member.conversations.open(made.conversation)
        return Talk(pair, mine, theirs)

    made = await run_together(knock(pair) for pair in pairs)
    both = list(zip(pairs, made, strict=True))
    await run_together(answer(pair, one) for pair, one in both)
    talks = await run_together(hear(pair, one) for pair, one in both)
    return [talk for talk in talks if talk is not None]


async def talk_all(
    talks: Sequence[Talk],
    scripts: Sequence[tuple[Line, ...]],
    *,
    clock: Clock,
    tick: Callable[[], None],
) -> list[Talked]:
    """Let everybody talk, each pair by its script, a few at the same time.

    Args:
        talks: conversations that have just begun.
        scripts: one for each.
        clock: measures.
        tick: called once for each message that was read.

    Raises:
        CheckError: a message did not arrive, or is not what was written.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def run(talk: Talk, script: tuple[Line, ...]) -> Talked:
        async with gate:
            return await _Course(talk, clock, tick).run(script)

    return await run_together(
        run(talk, script) for talk, script in zip(talks, scripts, strict=True)
    )


async def compare_safety_words(talk: Talk) -> tuple[str, ...]:
    """Return the words that both sides see.

    Raises:
        CheckError: they see different ones.
    """
    mine, theirs = await talk.mine.safety_words(), await talk.theirs.safety_words()
    _require(mine.words == theirs.words, "safety words")
    return mine.words


async def block(talk: Talk, bystander: Account) -> None:
    """Let the mentor block the mentee, who knocks once more and is recognised.

    A knock of somebody else at the same offer, made later, is shown; so the first one was
    there and was not shown because of whom it is from.

    Raises:
        CheckError: the blocked knock was shown, or the other one was not.
    """
    pair = talk.pair
    await pair.mentor.member.conversations.block(talk.theirs)
    again = await pair.mentee.member.knocks.knock(
        pair.offer.url, AGAIN.format(topic=pair.topic)
    )
    await _wait_until_delivered(pair.mentee, again.conversation)
    other = dataclasses.replace(pair, mentee=bystander, accepted=False)
    words = OTHER.format(topic=pair.topic)
    made = await bystander.member.knocks.knock(pair.offer.url, words)
    came = await _wait_for_knock(other, made.conversation)
    knocks = pair.mentor.member.knocks
    shown = {knock.conversation for knock in knocks.received}
    _require(again.conversation not in shown, "the knock of somebody blocked")
    await knocks.decline(came, DECLINE)


def texts_of(conversation: Conversation) -> list[str]:
    """Return what both sides wrote, in the order in which it is shown."""
    return [
        entry.body.text
        for entry in conversation.messages
        if isinstance(entry, Shown) and isinstance(entry.body, Text)
    ]


async def say_and_read(writer: Conversation, reader: Conversation, text: str) -> Shown:
    """Let one side write and the other read; return what the reader is shown.

    Raises:
        CheckError: it did not arrive in time.
    """
    await writer.say(text)
    came: list[Shown] = []

    async def is_read() -> bool:
        came.extend(_texts_in(await reader.receive()))
        return bool(came)

    if not await wait_until(is_read, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(f"a message did not arrive in {TIMEOUT_S} s")
    return came[0]


class _Course:
    """One conversation while it goes on."""

    def __init__(self, talk: Talk, clock: Clock, tick: Callable[[], None]) -> None:
        self._talk = talk
        self._clock = clock
        self._tick = tick
        self._took_ms: list[int] = []

    async def run(self, script: tuple[Line, ...]) -> Talked:
        """Return what was read, once all of *script* was written and read."""
        for turn in turns_of(script):
            await self._take_turn(turn)
        written = [line.text for line in script]
        for side in (self._talk.mine, self._talk.theirs):
            _require(texts_of(side) == written, "a conversation as a whole")
        return Talked(len(self._took_ms), tuple(self._took_ms))

    async def _take_turn(self, turn: tuple[Line, ...]) -> None:
        mine, theirs = self._talk.mine, self._talk.theirs
        writer, reader = (mine, theirs) if turn[0].by_mentee else (theirs, mine)
        waiting: list[tuple[str, float]] = []
        for line in turn:
            waiting.append((line.text, self._clock.monotonic()))
            await writer.say(line.text)

        async def are_read() -> bool:
            for shown in _texts_in(await reader.receive()):
                self._take(shown, waiting)
            return not waiting

        if not await wait_until(are_read, timeout_s=TIMEOUT_S, every_s=POLL_S):
            raise CheckError(f"{len(waiting)} messages did not arrive in {TIMEOUT_S} s")

    def _take(self, shown: Shown, waiting: list[tuple[str, float]]) -> None:
        _require(bool(waiting), "the number of messages")
        written, since = waiting.pop(0)
        _require(isinstance(shown.body, Text) and shown.body.text == written, "a message")
        self._took_ms.append(round((self._clock.monotonic() - since) * 1000))
        self._tick()


def _texts_in(events: Sequence[Event]) -> list[Shown]:
    """Return the texts that came with *events*, in their order."""
    return [
        event.message
        for event in events
        if isinstance(event, Received) and isinstance(event.message.body, Text)
    ]


async def _wait_for_knock(pair: Pair, conversation: bytes) -> IncomingKnock:
    knocks = pair.mentor.member.knocks

    async def has_come() -> bool:
        if not _named(knocks.tray, conversation):
            await knocks.check()
        return bool(_named(knocks.tray, conversation))

    if not await wait_until(has_come, timeout_s=TIMEOUT_S, every_s=CHECK_POLL_S):
        raise CheckError(f"a knock at {pair.offer.url} did not arrive in {TIMEOUT_S} s")
    return _named(knocks.tray, conversation)[0]


async def _wait_for_answer(pair: Pair, conversation: bytes) -> OutgoingKnock:
    return await _wait_for_state(pair.mentee, conversation, {"accepted", "declined"})


async def _wait_until_delivered(mentee: Account, conversation: bytes) -> None:
    await _wait_for_state(mentee, conversation, {"delivered"})


async def _wait_for_state(
    mentee: Account, conversation: bytes, states: set[str]
) -> OutgoingKnock:
    knocks = mentee.member.knocks

    def found() -> list[OutgoingKnock]:
        return [one for one in _named(knocks.made, conversation) if one.state in states]

    async def is_there() -> bool:
        if not found():
            await knocks.check()
        return bool(found())

    if not await wait_until(is_there, timeout_s=TIMEOUT_S, every_s=CHECK_POLL_S):
        raise CheckError(f"a knock was not {' or '.join(sorted(states))} in {TIMEOUT_S} s")
    return found()[0]


def _check_answer(pair: Pair, answered: OutgoingKnock) -> None:
    """Compare what the mentee reads with what the mentor answered."""
    answer = answered.answer
    _require(answer is not None and answer.accepted == pair.accepted, "an answer")
    assert answer is not None
    _require(answer.words == (ACCEPT if pair.accepted else DECLINE), "the words of an answer")


def _named(knocks: Sequence[K], conversation: bytes) -> list[K]:
    return [one for one in knocks if one.conversation == conversation]


def _require(is_right: bool, what: str) -> None:
    """Return if it is right.

    Raises:
        CheckError: it is not.
    """
    if not is_right:
        raise CheckError(f"{what} arrived otherwise than it was written")
