"""Reading what peers announced while nobody brought it to us.

Each peer's outbox is read from where we were: when the peering begins, when this node starts,
and now and then, since a delivery may have been lost for good. What is read goes the same way
as what arrives, from strict reading on. The cursor moves only after a page has been stored.

Source: SPEC.md, section on catching up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kith_crypto.errors import CryptoError, MalformedError, RemoteError, UnavailableError
from kith_crypto.randomness import Rng
from kith_node.federation import peer_store
from kith_node.federation.fetch import Fetcher
from kith_node.federation.inbox import Inbox
from kith_node.federation.keys import KeyBook
from kith_node.federation.pages import page_url, parse_page
from kith_node.federation.patience import Patience
from kith_node.federation.peer_store import PeerRow
from kith_node.federation.peers import PeerBook
from kith_node.federation.wave import Wave
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.chance import draw_below

PERIOD_S = 6 * 3600
PERIOD_JITTER_S = 3600
# A peer may have 200,000 offers, a page holds 200 of them: a log that goes on longer is a trap.
MAX_PAGES = 2000
IDLE_S = 300.0


class CatchUp:
    """Reads all peers' outboxes.

    Args:
        database: ``catalogue.db``.
        peers: who is known.
        keys: knows where their outboxes are.
        fetcher: reads them.
        inbox: takes what was read.
        clock: for periods.
        rng: for their jitter.
        wake: makes ``run_catch_up`` run now.
    """

    def __init__(
        self,
        database: Database,
        *,
        peers: PeerBook,
        keys: KeyBook,
        fetcher: Fetcher,
        inbox: Inbox,
        clock: Clock,
        rng: Rng,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._peers = peers
        self._keys = keys
        self._fetcher = fetcher
        self._inbox = inbox
        self._clock = clock
        self._rng = rng
        self._wake = wake
        self._next_at: dict[str, int] = {}  # of those that were read
        self._patience = Patience(clock=clock, rng=rng)
        self._wave = Wave(self._due, self._serve)

    def notice(self) -> None:
        """A peering may have begun: look at once."""
        self._wave.wake()
        self._wake()

    def hear(self, actor: str) -> None:
        """*actor* has just spoken to us: if it did not answer before, try again now."""
        if self._patience.hear(actor):
            self.notice()

    async def run_catch_up(self) -> float:
        """Read what is due, and return the seconds until something is due again."""
        await self._wave.run()
        now = self._clock.now()
        delays = [float(max(at - now, 0)) for at in self._next_at.values()]
        return min([*delays, *self._patience.delays_s(), IDLE_S])

    async def _due(self) -> Iterable[str]:
        peers = await self._peers.all()
        opened = [name for name, peer in peers.items() if peer.is_open]
        self._next_at = {name: at for name, at in self._next_at.items() if name in opened}
        self._patience.keep(opened)
        now = self._clock.now()
        # An empty cursor: the peering has just begun, perhaps for the second time.
        return [
            name
            for name in opened
            if self._patience.is_due(name)
            and (self._next_at.get(name, 0) <= now or not peers[name].log_cursor)
        ]

    async def _serve(self, actor: str) -> None:
        await self._keys.refresh(actor, is_own_idea=True)
        now = self._clock.now()
        try:
            await self._read(actor)
        except (UnavailableError, RemoteError, CryptoError) as error:
            self._patience.fail(actor, has_answered=not isinstance(error, UnavailableError))
            self._next_at.pop(actor, None)
        else:
            self._patience.succeed(actor)
            self._next_at[actor] = now + PERIOD_S + draw_below(PERIOD_JITTER_S, self._rng)
        self._peers.forget()

    async def _read(self, actor: str) -> None:
        outbox = (await self._keys.actor(actor)).actor.outbox
        if outbox is None:
            raise MalformedError("a peer without outbox")
        for _ in range(MAX_PAGES):
            async with self._database.read() as connection:
                peer = await peer_store.get_peer(connection, actor)
            if peer is None or not peer.is_open:
                return
            fetched = await self._fetcher.get(page_url(outbox, peer.log_cursor))
            page = parse_page(fetched.body, outbox=outbox)
            if not page.activities:
                await self._move(peer, page.cursor)
                return
            if page.cursor == peer.log_cursor:
                raise MalformedError("a log that does not go on")
            outcomes = await self._inbox.receive_log(actor, page.activities)
            if any(outcome.status == "later" for outcome in outcomes):
                raise UnavailableError("not all of a page could be verified")
            await self._move(peer, page.cursor)
        raise MalformedError("a log without end")

    async def _move(self, read: PeerRow, cursor: str) -> None:
        """Go on behind what was read, unless the peering ended or began anew meanwhile."""
        async with self._database.transaction() as connection:
            now = await peer_store.get_peer(connection, read.actor)
            if (
                now is not None
                and now.is_open
                and now.peering == read.peering
                and now.log_cursor == read.log_cursor
            ):
                await peer_store.set_cursor(connection, read.actor, cursor)
