"""Handing in: quota, target, sender seal, wrapping and stamp, in the one moment of the call.

It is the only moment in which the node knows who sends. The member's id goes into the seal and
into a bucket in memory, under a hash of the process, and nowhere else; what is stored is keyed
by a handle that the client drew.

A repeated call under one handle is answered with the state of the first. Stamping draws
randomness, so the two are compared by a mark of what was handed in: a MAC under a key of the
week, which is in no backup and is destroyed. It equals nothing else that is stored anywhere.

Source: SPEC.md, section on handing in; docs/privacy.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kith_crypto.envelope import encode_envelope
from kith_crypto.hashes import hkdf_sha256, is_equal
from kith_crypto.objects import community_id
from kith_crypto.posting import post_envelope
from kith_crypto.randomness import Rng
from kith_crypto.seals import quarter_of
from kith_crypto.tokens import keyed_hash
from kith_node.envelopes import store
from kith_node.envelopes.keys import WeekKeys
from kith_node.envelopes.queue import Queue
from kith_node.envelopes.quota import Shares
from kith_node.envelopes.store import Posted, Waiting
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.standing import Standings
from kith_node.http.route import MemberId
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import day_of
from kith_protocol.errors import ConflictError, NotReadyError, UnreachableNodeError
from kith_protocol.hand_in import HandIn, parse_hand_in
from kith_protocol.sealed_api import EnvelopeState

IsKnockBox = Callable[[bytes], Awaitable[bool]]

_MARK_LABEL = b"kith/posted-mark/v1\0"


class HandingIn:
    """Takes envelopes from members.

    Args:
        database: ``catalogue.db``.
        identity: stamps, and holds the keyholders' public keys.
        standings: says to which nodes envelopes may go.
        is_knock_box: whether a box is named in a key bundle.
        keys: wrap sender seals.
        shares: how much a member may send.
        queue: takes what was stamped.
        clock: says what day it is.
        rng: for salts and nonces.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        database: Database,
        identity: NodeIdentity,
        *,
        standings: Standings,
        is_knock_box: IsKnockBox,
        keys: WeekKeys,
        shares: Shares,
        queue: Queue,
        clock: Clock,
        rng: Rng,
        development: bool = False,
    ) -> None:
        self._database = database
        self._identity = identity
        self._community = community_id(identity.actor)
        self._standings = standings
        self._is_knock_box = is_knock_box
        self._keys = keys
        self._shares = shares
        self._queue = queue
        self._clock = clock
        self._rng = rng
        self._development = development

    async def hand_in(self, member: MemberId, handle: bytes, raw: bytes) -> EnvelopeState:
        """Stamp and queue what *member* hands in, and return where it is.

        Args:
            member: goes nowhere but into the seal and the quota in memory.
            handle: 16 random bytes of the client's.
            raw: as ``kith_protocol.hand_in`` spells it.

        Raises:
            MalformedError: not spelt so.
            ConflictError: something else was handed in under this handle.
            UnreachableNodeError: no envelope goes to that node.
            NotReadyError: there is no keyholders' key for this quarter.
            TooManyError: the member's share is used up, or the queue is full.
        """
        hand_in = parse_hand_in(raw, development=self._development)
        async with self._database.read() as connection:
            known = await store.get_posted(connection, handle)
        if known is not None:
            return self._repeated(known, handle, raw)
        if await self._standings.of(hand_in.to) is None:
            raise UnreachableNodeError("no envelopes go to that node")
        keyholders_key = self._keyholders_key()
        self._queue.check_room()
        await self._charge(member, hand_in)
        return await self._post(member, handle, raw, hand_in, keyholders_key)

    async def _post(
        self,
        member: MemberId,
        handle: bytes,
        raw: bytes,
        hand_in: HandIn,
        keyholders_key: bytes,
    ) -> EnvelopeState:
        today = day_of(self._clock.now())
        week_key = self._keys.of_today()
        stamped = post_envelope(
            hand_in.unstamped,
            member_id=member,
            day=today,
            community=self._community,
            node_key=self._identity.signing_key,
            keyholders_key=keyholders_key,
            week_key=week_key,
            rng=self._rng,
        )
        waiting = Waiting(handle, hand_in.to, hand_in.is_slow)
        async with self._database.transaction() as connection:
            is_new = await store.add_posted(
                connection,
                waiting,
                day=today,
                mark=_mark(week_key, handle, raw),
                raw=encode_envelope(stamped.envelope),
            )
            known = None if is_new else await store.get_posted(connection, handle)
        if known is not None:  # the same call at the same moment
            return self._repeated(known, handle, raw)
        self._queue.add(waiting)
        return "queued"

    def _repeated(self, known: Posted, handle: bytes, raw: bytes) -> EnvelopeState:
        week_key = self._keys.of_day(known.day)
        if week_key is None or not is_equal(known.mark, _mark(week_key, handle, raw)):
            raise ConflictError("the handle is taken")
        return known.state

    def _keyholders_key(self) -> bytes:
        quarter = quarter_of(day_of(self._clock.now()))
        keyholders = self._identity.keyholders
        key = None if keyholders is None else keyholders.sealing_keys.get(quarter)
        if key is None:
            raise NotReadyError(f"no keyholders' key for quarter {quarter}")
        return key

    async def _charge(self, member: MemberId, hand_in: HandIn) -> None:
        is_knock = await self._is_knock_box(hand_in.unstamped.box)
        self._shares.charge(member, is_knock=is_knock)


def _mark(week_key: bytes, handle: bytes, raw: bytes) -> bytes:
    return keyed_hash(hkdf_sha256(week_key, _MARK_LABEL), handle + raw)
