"""The envelopes room put together, as routes, jobs and other rooms see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from kith_crypto.ed25519 import parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError
from kith_crypto.objects import ID_BYTES
from kith_crypto.randomness import Rng
from kith_crypto.recognition import derive_who, sign_who
from kith_crypto.sender_seal import unwrap_seal
from kith_crypto.stamp import parse_postmark, verify_postmark
from kith_node.envelopes import store
from kith_node.envelopes.handing import HandingIn, IsKnockBox
from kith_node.envelopes.keys import WeekKeys, WhoKeys, seconds_to_midnight
from kith_node.envelopes.queue import Delays, Deliver, Queue
from kith_node.envelopes.quota import Shares
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.service import Federation
from kith_node.http.route import MemberId
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import Day, day_of
from kith_protocol.errors import NotFoundError
from kith_protocol.sealed_api import EnvelopeState, WhoAnswer, WhoBody

# A day longer than anything is tried: so long a client may ask what became of it.
FORGET_DAYS = 8
GIVE_UP_DAYS = 7
FORGETTING_S = 3600.0


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """What the room needs of the rest of the node.

    Attributes:
        federation: sends, and knows the other nodes.
        is_knock_box: whether a box is named in a key bundle.
        deliver: takes what is for our own boxes.
        wake: makes ``run_queue`` run now.
    """

    federation: Federation
    is_knock_box: IsKnockBox
    deliver: Deliver
    wake: Callable[[], None]


class Envelopes:
    """Takes what members hand in and sends it on."""

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        handing: HandingIn,
        queue: Queue,
        shares: Shares,
        week_keys: WeekKeys,
        who_keys: WhoKeys,
        clock: Clock,
    ) -> None:
        """Take the parts, made by ``make_envelopes``."""
        self._database = database
        self._identity = identity
        self._handing = handing
        self._queue = queue
        self._shares = shares
        self._week_keys = week_keys
        self._who_keys = who_keys
        self._clock = clock

    async def hand_in(self, member: MemberId, handle: bytes, raw: bytes) -> EnvelopeState:
        """Stamp and queue what *member* hands in; see ``HandingIn.hand_in``."""
        return await self._handing.hand_in(member, handle, raw)

    async def state(self, handle: bytes) -> EnvelopeState:
        """Return where the envelope of *handle* is.

        Raises:
            NotFoundError: unknown, or forgotten.
        """
        async with self._database.read() as connection:
            known = await store.get_posted(connection, handle)
        if known is None:
            raise NotFoundError("no such envelope")
        return known.state

    def who(self, member: MemberId, body: WhoBody) -> WhoAnswer:
        """Return what lets the owner of an offer recognise *member*; nothing is stored.

        Raises:
            TooManyError: the member has asked too often.
            MalformedError, KeyRefusedError: no offer id, or no key that is taken.
        """
        offer = parse_base64url(body.offer, size=ID_BYTES)
        mentee_key = parse_verify_key(parse_base64url(body.mentee_key))
        self._shares.charge_who(member)
        today = day_of(self._clock.now())
        who = derive_who(self._who_keys.of_today(), member_id=member, offer_id=offer)
        signature = sign_who(
            self._identity.signing_key, who, offer_id=offer, mentee_key=mentee_key, day=today
        )
        return WhoAnswer(encode_base64url(who), encode_base64url(signature), today)

    async def unwrap(self, raw: bytes) -> bytes:
        """Return the sender seal, 1200 bytes, of a postmark with a stamp of this node.

        Args:
            raw: as ``kith_crypto.stamp.encode_postmark`` spells it.

        Raises:
            MalformedError: not spelt so.
            SignatureError: the stamp is none of ours.
            DecryptionError: the key of its week is destroyed, or did not wrap it.
        """
        postmark = parse_postmark(raw)
        own_keys = (self._identity.signing_key.verify_key,)
        verify_postmark(postmark, own_keys)
        week_key = self._week_keys.of_day(Day(postmark.day))
        if week_key is None:
            raise DecryptionError("the key of that week is destroyed")
        return unwrap_seal(week_key, postmark, own_keys=own_keys)

    def hear(self, actor: str) -> None:
        """*actor* has just spoken to us: what waits for it may go now."""
        self._queue.hear(actor)

    async def run_queue(self) -> float:
        """Send what is due; return the seconds until something may be due again."""
        return await self._queue.run_queue()

    async def run_keys(self) -> float:
        """Destroy keys whose time is over; return the seconds until the next day."""
        self._week_keys.turn()
        self._who_keys.turn()
        return seconds_to_midnight(self._clock)

    async def run_forgetting(self) -> float:
        """Give up and forget what is old; return the seconds until the next time."""
        today = day_of(self._clock.now())
        await self._queue.drop_old(today - GIVE_UP_DAYS)
        async with self._database.transaction() as connection:
            await store.forget_before(connection, today - FORGET_DAYS)
        return FORGETTING_S


def make_envelopes(
    database: Database,
    keys_dir: Path,
    identity: NodeIdentity,
    around: Around,
    *,
    delays: Delays,
    clock: Clock,
    rng: Rng,
    development: bool = False,
) -> Envelopes:
    """Return the room over the open ``catalogue.db`` and ``data_dir/keys``."""
    federation = around.federation
    week_keys = WeekKeys(keys_dir, clock=clock, rng=rng)
    shares = Shares(clock=clock, rng=rng)
    queue = Queue(
        database,
        origin=identity.origin,
        post=federation.fetcher.post,
        deliver=around.deliver,
        reaches=federation.standings.reaches,
        introductions=federation.introductions,
        delays=delays,
        clock=clock,
        rng=rng,
        wake=around.wake,
    )
    handing = HandingIn(
        database,
        identity,
        standings=federation.standings,
        is_knock_box=around.is_knock_box,
        keys=week_keys,
        shares=shares,
        queue=queue,
        clock=clock,
        rng=rng,
        development=development,
    )
    return Envelopes(
        database,
        identity,
        handing=handing,
        queue=queue,
        shares=shares,
        week_keys=week_keys,
        who_keys=WhoKeys(keys_dir, clock=clock, rng=rng),
        clock=clock,
    )
