"""All conversations of one member: list, open, look into every box, pause everything.

    async with member.conversations.watch(first.id) as happenings:
        async for conversation, events in happenings: …

Each box is asked for in a request of its own, in random order; see ``events`` for when.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from kith_client.blocks import Block, Blocks
from kith_client.conversation import Conversation
from kith_client.correspondence import Correspondence
from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.events import Events, Rounds
from kith_client.mentorship.forgetting import forget, forget_leftovers
from kith_client.session import Session
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KithError, UsageError
from kith_protocol.conversation.events import Event
from kith_protocol.conversation.records import IncomingKnock, Talk
from kith_protocol.day import Day

Happening = tuple[Conversation, tuple[Event, ...]]

_MAY_FREEZE = frozenset({"open", "closed-by-me", "closed-by-peer", "closed"})


class Conversations:
    """The conversations of one member."""

    def __init__(self, means: Correspondence, session: Session, blocks: Blocks) -> None:
        self._means = means
        self._session = session
        self._blocks = blocks

    def list(self) -> tuple[Conversation, ...]:
        """Return all conversations, in an order that says nothing."""
        talks = {one.conversation: one for one in self._talks()}
        return tuple(self._of(talks[key]) for key in sorted(talks))

    def open(self, conversation: bytes) -> Conversation:
        """Return the conversation of this id, 16 bytes.

        Raises:
            UsageError: there is none.
        """
        for one in self._talks():
            if one.conversation == conversation:
                return self._of(one)
        raise UsageError("there is no such conversation")

    @property
    def box_keys(self) -> tuple[SigningKey, ...]:
        """Return the keys of all boxes that conversations have."""
        return tuple(SigningKey.from_seed(one.box_seed) for one in self._talks())

    async def check(self) -> tuple[Happening, ...]:
        """Look into all boxes, in random order; return what happened, where anything did.

        Forgets what was to be kept until today at most; see ``tidy``.
        """
        await self._means.shelf.save()
        await self.tidy()
        order = sorted(self.list(), key=lambda _: self._means.rng.bytes(8))
        found = [(one, await one.receive()) for one in order]
        await self._means.outbox.follow()
        return tuple((one, events) for one, events in found if events)

    async def tidy(self) -> tuple[bytes, ...]:
        """Delete the conversations whose mentorship was to be kept until a day that has come.

        What lies in their boxes is read before, as there may be a thanks in it.

        Returns:
            Their ids.
        """
        means, gone = self._means, []
        await forget_leftovers(shelf=means.shelf, boxes=means.boxes, today=means.today)
        for one in self.list():
            if _is_due(one, means.today):
                with contextlib.suppress(KithError):  # what cannot be read goes, too
                    await one.receive()
                async with means.locks[one.id]:
                    one.mentorship.keep_thanks()
                    await forget(
                        one.id, shelf=means.shelf, boxes=means.boxes, today=means.today
                    )
                gone.append(one.id)
        return tuple(gone)

    async def block(self, conversation: Conversation) -> Block | None:
        """End a conversation without a word and block whoever knocked.

        Returns:
            The block, or None where one was the mentee: a mentor cannot knock.
        """
        block: Block | None = None
        for knock in self._means.shelf.records(IncomingKnock, kind="knocked"):
            if knock.conversation == conversation.id:
                block = Block(knock.offer, knock.node, knock.who, self._means.today)
                self._blocks.put(block)
        await conversation.block()
        return block

    async def freeze_all(self) -> int:
        """Tell every partner that everything is paused; return to how many it was sent.

        Nothing can be said in these conversations any more: going on needs a new knock.
        """
        order = sorted(self.list(), key=lambda _: self._means.rng.bytes(8))
        count = 0
        for one in order:
            if one.state in _MAY_FREEZE:
                await one.freeze()
                count += 1
        return count

    @contextlib.asynccontextmanager
    async def watch(
        self, conversation: bytes | None = None
    ) -> AsyncIterator[AsyncIterator[Happening]]:
        """Yield what happens, as it happens, until the block is left.

        Args:
            conversation: the one on the screen, looked at whenever anything arrives for
                anybody; all others have their turn within five minutes.
        """
        async with Events(self._session) as events:
            yield self._happenings(events, conversation)

    async def _happenings(
        self, events: Events, conversation: bytes | None
    ) -> AsyncIterator[Happening]:
        rounds: Rounds[bytes] = Rounds(clock=self._means.clock, rng=self._means.rng)
        while True:
            rounds.plan(one.id for one in self.list() if one.id != conversation)
            has_ticked = await events.wait(max(1.0, rounds.next_in_s()))
            due = rounds.take_due()
            if has_ticked and conversation is not None:
                due.insert(0, conversation)
            for key in due:
                one = self.open(key)
                with contextlib.suppress(NodeUnreachableError, ProblemError):
                    if happened := await one.receive():
                        yield one, happened

    def _talks(self) -> tuple[Talk, ...]:
        """Return what is fixed of each; the links of circles are none of these."""
        talks = self._means.shelf.records(Talk, kind="talk")
        return tuple(talk for talk in talks if not talk.circle)

    def _of(self, talk: Talk) -> Conversation:
        return Conversation(self._means, self._blocks, talk)


def _is_due(conversation: Conversation, today: Day) -> bool:
    kept_until = conversation.mentorship.kept_until
    return kept_until is not None and kept_until <= today
