"""Bringing to peers what waits for them: letters first, then the outbox from where they are.

The queue is the database: letters that were not handed over, and for each peer a cursor into
the outbox. A crash may repeat a delivery but loses none; receipt is idempotent. What is only in
memory is which peers fail and when to try them again, so no time of anything is stored.

After a week of failures what waits is dropped, withdrawals are marked as unreachable, and the
peer will read our outbox when it is back.

Source: SPEC.md, section on delivery; kith_protocol.backoff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
import structlog

from kith_crypto.errors import CryptoError, RemoteError, UnavailableError
from kith_crypto.randomness import Rng
from kith_node.federation import peer_store, store
from kith_node.federation.fetch import Fetcher, Reply
from kith_node.federation.keys import KeyBook
from kith_node.federation.patience import Patience
from kith_node.federation.wave import Wave
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.actor import Actor
from kith_protocol.backoff import classify, parse_retry_after
from kith_protocol.batch import encode_batch, parse_results, split_batches
from kith_protocol.day import day_of
from kith_protocol.limits import MAX_BATCH_ITEMS

# Work is announced by ``notice``; this often it is looked for all the same.
IDLE_S = 300.0

_log = structlog.get_logger()


class _Work(msgspec.Struct, frozen=True):
    """What is sent next to one peer: a letter, or a line of the outbox, the other being 0."""

    activity: bytes
    letter: int = 0
    sequence: int = 0
    is_single: bool = False


class _AnsweredError(UnavailableError):
    """The peer answered, and asks for patience."""


class Delivery:
    """Delivers to all peers at once.

    Args:
        database: ``catalogue.db``.
        keys: knows where the peers' inboxes are.
        fetcher: sends.
        clock: for back-off.
        rng: for its jitter.
        wake: makes ``run_delivery`` run now.
    """

    def __init__(
        self,
        database: Database,
        *,
        keys: KeyBook,
        fetcher: Fetcher,
        clock: Clock,
        rng: Rng,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._keys = keys
        self._fetcher = fetcher
        self._clock = clock
        self._wake = wake
        self._patience = Patience(clock=clock, rng=rng)
        self._wave = Wave(self._due, self._serve)

    def notice(self) -> None:
        """Something waits: deliver now."""
        self._wave.wake()
        self._wake()

    def hear(self, actor: str) -> None:
        """*actor* has just spoken to us: if it did not answer before, try again now."""
        if self._patience.hear(actor):
            self.notice()

    async def run_delivery(self) -> float:
        """Deliver what is due, and return the seconds until something may be due again."""
        await self._wave.run()
        self._patience.keep(await self._waiting())
        return min([*self._patience.delays_s(), IDLE_S])

    async def _waiting(self) -> list[str]:
        async with self._database.read() as connection:
            addressees = await peer_store.list_addressees(connection)
            behind = await peer_store.list_behind(connection)
        return list(dict.fromkeys([*addressees, *behind]))

    async def _due(self) -> Iterable[str]:
        return [name for name in await self._waiting() if self._patience.is_due(name)]

    async def _serve(self, actor: str) -> None:
        """Send to *actor* until nothing waits or a sending fails."""
        while work := await self._next(actor):
            try:
                known = await self._keys.actor(actor)
                done = await self._send(known.actor, work)
            except UnavailableError as error:
                has_answered = isinstance(error, _AnsweredError)
                await self._failed(
                    actor, has_answered=has_answered, retry_after_s=error.retry_after_s
                )
                return
            except (RemoteError, CryptoError):  # its actor is not in order
                await self._failed(actor)
                return
            await self._arrived(actor, work[:done])
            if done < len(work):
                await self._failed(actor)
                return
            self._patience.succeed(actor)

    async def _next(self, actor: str) -> Sequence[_Work]:
        today = day_of(self._clock.now())
        async with self._database.read() as connection:
            letters = await peer_store.list_letters(connection, actor, MAX_BATCH_ITEMS)
            if letters:
                return _fitting(
                    [
                        _Work(one.activity, letter=one.number, is_single=not one.is_receipt)
                        for one in letters
                        if one.is_receipt == letters[0].is_receipt
                    ]
                )
            peer = await peer_store.get_peer(connection, actor)
            if peer is None or not peer.is_open:
                return []
            entries = await store.list_entries(connection, peer.sent, today, MAX_BATCH_ITEMS)
            last = await store.last_sequence(connection)
        if not entries and peer.sent < last:
            # All that is newer has ended.
            await self._arrived(actor, [_Work(b"", sequence=last)])
        return _fitting([_Work(one.activity, sequence=one.sequence) for one in entries])

    async def _send(self, actor: Actor, work: Sequence[_Work]) -> int:
        """Return how many of *work*, from the start, need not be sent again."""
        # Batches are taken from peers only, so how to become one is told singly.
        if actor.batch is None or work[0].is_single:
            return await self._send_singly(actor, work)
        body = encode_batch([one.activity for one in work])
        reply = await self._fetcher.post(actor.batch, body)
        self._check(reply)
        if classify(reply.status) == "drop":
            return len(work)
        return _count_done(reply.body, len(work))

    async def _send_singly(self, actor: Actor, work: Sequence[_Work]) -> int:
        for number, one in enumerate(work):
            reply = await self._fetcher.post(actor.inbox, one.activity)
            if classify(reply.status) == "retry":
                if number == 0:
                    self._check(reply)
                return number
            self._check(reply)
        return len(work)

    def _check(self, reply: Reply) -> None:
        verdict = classify(reply.status)
        if verdict == "retry":
            after = reply.retry_after or ""
            retry_after_s = parse_retry_after(after, now=self._clock.now())
            raise _AnsweredError(f"status {reply.status}", retry_after_s=retry_after_s)
        if verdict == "drop":
            _log.warning("delivery.refused", error=f"status {reply.status}")

    async def _arrived(self, actor: str, work: Sequence[_Work]) -> None:
        if not work:
            return
        async with self._database.transaction() as connection:
            await peer_store.delete_letters(
                connection, [one.letter for one in work if one.letter]
            )
            await peer_store.set_sent(connection, actor, max(one.sequence for one in work))

    async def _failed(
        self, actor: str, *, has_answered: bool = True, retry_after_s: int | None = None
    ) -> None:
        has_given_up = self._patience.fail(
            actor, has_answered=has_answered, retry_after_s=retry_after_s
        )
        if not has_given_up:
            return
        _log.warning("delivery.given-up")
        async with self._database.transaction() as connection:
            await peer_store.delete_letters_to(connection, actor)
            await peer_store.skip_to_end(connection, actor)
            await store.give_up_receipts(connection, actor)


def _fitting(work: Sequence[_Work]) -> Sequence[_Work]:
    """Return as much from the start of *work* as one batch may hold."""
    if not work:
        return work
    first = next(iter(split_batches(one.activity for one in work)))
    return work[: len(first)]


def _count_done(raw: bytes, count: int) -> int:
    """Return how many items of a batch of *count* come before the first to be sent again."""
    try:
        results = parse_results(raw, count=count)
    except RemoteError:
        return count  # taken, but answered in no form we know
    refused = sum(result.status == "refused" for result in results)
    if refused:
        _log.warning("delivery.refused", total=refused)
    statuses = [result.status for result in results]
    return statuses.index("later") if "later" in statuses else count
