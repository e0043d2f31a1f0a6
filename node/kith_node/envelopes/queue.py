"""The way of envelopes out: each waits a random while, then those that are due go, shuffled.

The queue is the database; what is in memory is when each envelope is due and which nodes fail.
A restart draws all waits anew, so no time of anything is stored. A crash may hand an envelope
over twice, which the receiving node takes for one; it loses none. A node that is slow or silent
delays nobody else's envelopes, and after seven days of failures what waits for it has failed.
Envelopes for boxes of this very node wait like all others and end in the mailboxes room.

Source: SPEC.md, section on delays; kith_protocol.backoff.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import msgspec
import structlog

from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import parse_envelope
from kith_crypto.errors import CryptoError, RemoteError, UnavailableError
from kith_crypto.randomness import Rng
from kith_node.envelopes import store
from kith_node.envelopes.store import Waiting
from kith_node.federation.fetch import Reply
from kith_node.federation.introductions import Introductions
from kith_node.federation.patience import Patience
from kith_node.federation.wave import Wave
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.backoff import Outcome, classify, parse_retry_after
from kith_protocol.box_page import ENVELOPE_TYPE
from kith_protocol.chance import draw_below, shuffle
from kith_protocol.errors import TooManyError
from kith_protocol.sealed_api import EnvelopeState
from kith_protocol.urls import Origin, actor_url

# The least that an envelope waits, unless a steward chose less as the most.
MIN_DELAY_S = 5
# New envelopes are announced by ``add``; this often the queue is looked at all the same.
IDLE_S = 300.0
# Envelopes that may wait at once: some hundreds of megabytes, when nodes are silent for long.
MAX_WAITING = 20_000
RETRY_AFTER_S = 3600

_MS = 1000

Post = Callable[[str, bytes, str], Awaitable[Reply]]
"""Sends a body of a media type to an address, signed by this node."""

Reaches = Callable[[Origin], Awaitable[bool]]
"""Returns whether envelopes go to a node."""

Deliver = Callable[[Origin, bytes], Awaitable[None]]
"""Puts an envelope that the node of that origin delivers into a box of ours."""

_log = structlog.get_logger()


class Delays(msgspec.Struct, frozen=True):
    """How long envelopes wait.

    Attributes:
        delay_s: the most, in seconds; 0 sends at once.
        slow_s: the most for those that may take their time.
    """

    delay_s: int = 60
    slow_s: int = 1800


class _AnsweredError(UnavailableError):
    """The node answered, and asks for patience."""


class Queue:
    """Sends what was handed in.

    Args:
        database: ``catalogue.db``.
        origin: our own.
        post: sends to other nodes.
        deliver: takes what is for our own boxes.
        reaches: asked again when an envelope is due, as a node may have been blocked meanwhile.
        introductions: is told to whom something was handed over.
        delays: how long envelopes wait.
        clock: for due times and back-off.
        rng: for waits, order and jitter.
        wake: makes ``run_queue`` run now.
    """

    def __init__(
        self,
        database: Database,
        *,
        origin: Origin,
        post: Post,
        deliver: Deliver,
        reaches: Reaches,
        introductions: Introductions,
        delays: Delays,
        clock: Clock,
        rng: Rng,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._origin = origin
        self._post = post
        self._deliver = deliver
        self._reaches = reaches
        self._introductions = introductions
        self._delays = delays
        self._clock = clock
        self._rng = rng
        self._wake = wake
        self._patience = Patience(clock=clock, rng=rng)
        self._wave = Wave(self._due_peers, self._serve)
        # Peer to handle to the monotonic time from which it may go.
        self._due_at: dict[Origin, dict[bytes, float]] = {}
        self._is_loaded = False

    def check_room(self) -> None:
        """Return if another envelope may wait.

        Raises:
            TooManyError: too many do.
        """
        if sum(map(len, self._due_at.values())) >= MAX_WAITING:
            raise TooManyError("the queue is full", retry_after_s=RETRY_AFTER_S)

    def add(self, waiting: Waiting) -> None:
        """Let a stored envelope go when its time has come."""
        self._schedule(waiting)
        self._wave.wake()
        self._wake()

    def hear(self, actor: str) -> None:
        """*actor* has just spoken to us: if it did not answer before, try again now."""
        if self._patience.hear(actor):
            self._wave.wake()
            self._wake()

    async def run_queue(self) -> float:
        """Send what is due, and return the seconds until something may be due again."""
        await self._load()
        await self._wave.run()
        self._patience.keep([actor_url(peer) for peer in self._due_at])
        now = self._clock.monotonic()
        waits = [
            max(min(due.values()) - now, self._patience.delay_s(actor_url(peer)))
            for peer, due in self._due_at.items()
        ]
        return max(min([*waits, IDLE_S]), 0.0)

    async def drop_old(self, day: int) -> None:
        """Fail all that was handed in before *day* and still waits."""
        async with self._database.transaction() as connection:
            await store.give_up_before(connection, day)
            left = {one.handle for one in await store.list_queued(connection)}
        for peer, due in list(self._due_at.items()):
            for handle in due.keys() - left:
                self._remove(peer, handle)

    async def _load(self) -> None:
        if self._is_loaded:
            return
        async with self._database.read() as connection:
            for waiting in await store.list_queued(connection):
                if waiting.handle not in self._due_at.get(waiting.peer, {}):
                    self._schedule(waiting)
        self._is_loaded = True

    def _schedule(self, waiting: Waiting) -> None:
        due_at = self._clock.monotonic() + self._draw_s(is_slow=waiting.is_slow)
        self._due_at.setdefault(waiting.peer, {})[waiting.handle] = due_at

    def _draw_s(self, *, is_slow: bool) -> float:
        most = self._delays.slow_s if is_slow else self._delays.delay_s
        least = min(MIN_DELAY_S, most)
        return least + draw_below((most - least) * _MS + 1, self._rng) / _MS

    async def _due_peers(self) -> Iterable[Origin]:
        return [
            peer
            for peer in self._due_at
            if self._due(peer) and self._patience.is_due(actor_url(peer))
        ]

    def _due(self, peer: Origin) -> list[bytes]:
        now = self._clock.monotonic()
        return [h for h, due_at in self._due_at.get(peer, {}).items() if due_at <= now]

    async def _serve(self, peer: Origin) -> None:
        """Hand over what is due for *peer* until nothing is or a sending fails."""
        actor = actor_url(peer)
        while due := self._due(peer):
            for handle in shuffle(due, self._rng):
                try:
                    await self._send(peer, handle)
                except UnavailableError as error:
                    has_answered = isinstance(error, _AnsweredError)
                    await self._failed(
                        peer, has_answered=has_answered, retry_after_s=error.retry_after_s
                    )
                    return
                except (RemoteError, CryptoError):  # its address or answer is not in order
                    await self._failed(peer)
                    return
                self._patience.succeed(actor)

    async def _send(self, peer: Origin, handle: bytes) -> None:
        async with self._database.read() as connection:
            raw = await store.get_bytes(connection, handle)
        if raw is None:  # given up meanwhile
            self._remove(peer, handle)
            return
        outcome = await self._hand_over(peer, raw)
        await self._settle(peer, handle, "delivered" if outcome == "done" else "failed")

    async def _hand_over(self, peer: Origin, raw: bytes) -> Outcome:
        """Return ``done`` or ``drop``.

        Raises:
            UnavailableError: to be tried again.
        """
        if peer == self._origin:
            return await self._hand_over_here(raw)
        if not await self._reaches(peer):
            return "drop"
        box = encode_base64url(parse_envelope(raw).box)
        reply = await self._post(f"{peer}/mailboxes/{box}", raw, ENVELOPE_TYPE)
        outcome = classify(reply.status)
        if outcome == "retry":
            after = reply.retry_after or ""
            retry_after_s = parse_retry_after(after, now=self._clock.now())
            raise _AnsweredError(f"status {reply.status}", retry_after_s=retry_after_s)
        if outcome == "drop":
            _log.warning("envelopes.refused", error=f"status {reply.status}")
        return outcome

    async def _hand_over_here(self, raw: bytes) -> Outcome:
        try:
            await self._deliver(self._origin, raw)
        except (RemoteError, CryptoError):
            return "drop"
        return "done"

    async def _settle(self, peer: Origin, handle: bytes, state: EnvelopeState) -> None:
        async with self._database.transaction() as connection:
            await store.settle(connection, handle, state)
            if state == "delivered" and peer != self._origin:
                await self._introductions.note(connection, peer)
        self._remove(peer, handle)

    async def _failed(
        self, peer: Origin, *, has_answered: bool = True, retry_after_s: int | None = None
    ) -> None:
        has_given_up = self._patience.fail(
            actor_url(peer), has_answered=has_answered, retry_after_s=retry_after_s
        )
        if not has_given_up:
            return
        _log.warning("envelopes.given-up")
        handles = list(self._due_at.get(peer, {}))
        async with self._database.transaction() as connection:
            for handle in handles:
                await store.settle(connection, handle, "failed")
        for handle in handles:
            self._remove(peer, handle)

    def _remove(self, peer: Origin, handle: bytes) -> None:
        due = self._due_at.get(peer, {})
        due.pop(handle, None)
        if not due:
            self._due_at.pop(peer, None)
