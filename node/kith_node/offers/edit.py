"""What an owner does with a live offer: look at it, change it, let it stand longer.

Changing needs the offer key alone; the node does not learn who asks. Extending also takes a
session, because the owner seal is renewed to the keyholders' present key. Each change makes a
draft that waits for release; at most one waits, and what was never released stays one creation.
"""

from __future__ import annotations

from collections.abc import Callable

import aiosqlite
import msgspec

from kith_crypto.seals import KIND_OFFER
from kith_node.http.route import MemberId
from kith_node.offers import store
from kith_node.offers.documents import (
    Draft,
    OwnOffer,
    encode_draft,
    etag_of,
    read_offer,
)
from kith_node.offers.release import Releases
from kith_node.offers.rules import Rules
from kith_node.offers.seals import OwnerSeals
from kith_node.offers.signing import Identity, sign_draft
from kith_node.offers.store import OfferRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import Day, day_of
from kith_protocol.errors import ExpiredError, GoneError, NotFoundError, StaleError
from kith_protocol.offer_content import OfferContent
from kith_protocol.release import Waiting, merge


class Editor:
    """Shows and changes live offers to whoever holds their key."""

    def __init__(
        self,
        objects: Database,
        *,
        rules: Rules,
        seals: OwnerSeals,
        releases: Releases,
        identity: Identity,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """Take the open ``objects.db`` and the room's parts.

        *wake* is called after each change: a release may be due.
        """
        self._objects = objects
        self._rules = rules
        self._seals = seals
        self._releases = releases
        self._identity = identity
        self._clock = clock
        self._wake = wake

    async def get(self, offer_id: bytes) -> OwnOffer:
        """Return the offer as it stands.

        Raises:
            NotFoundError: there is none.
            GoneError: it is being withdrawn.
            ExpiredError: it is over.
        """
        async with self._objects.read() as connection:
            return await self._load(connection, offer_id)

    async def edit(
        self, offer_id: bytes, content: OfferContent, *, if_match: str | None
    ) -> OwnOffer:
        """Return the offer with its new content, which waits for release.

        Args:
            offer_id: 16 bytes.
            content: all of it, as the owner wants it now.
            if_match: entity tag that the owner has seen, or None.

        Raises:
            NotFoundError: there is none; so ``GoneError`` and ``ExpiredError`` as in ``get``.
            StaleError: *if_match* is not the present tag.
            RemoteError: the content breaks a rule (``rules.py``).
        """
        async with self._releases.settled(), self._objects.transaction() as connection:
            offer = await self._load(connection, offer_id)
            if if_match not in {None, "*", etag_of(offer.draft)}:
                raise StaleError("If-Match")
            present = offer.draft.content
            draft = msgspec.structs.replace(
                offer.draft, content=self._rules.check_content(content, present=present)
            )
            changed = await self._put(connection, offer, draft)
        self._wake()
        return changed

    async def extend(self, offer_id: bytes, end_day: int, *, member: MemberId) -> OwnOffer:
        """Return the offer with its new end, its owner seal renewed.

        Args:
            offer_id: 16 bytes.
            end_day: not earlier than the present one.
            member: goes into the seal and nowhere else.

        Raises:
            NotFoundError: there is none; so ``GoneError`` and ``ExpiredError`` as in ``get``.
            MalformedError: *end_day* is out of bounds.
            NotReadyError: there is no keyholders' key to seal to.
        """
        today = day_of(self._clock.now())
        async with self._releases.settled(), self._objects.transaction() as connection:
            offer = await self._load(connection, offer_id)
            published = offer.draft.published_day
            self._rules.check_later_end(
                end_day,
                present=offer.draft.end_day,
                published=today if published is None else Day(published),
                today=today,
            )
            await self._seals.keep(connection, member, object_id=offer_id, kind=KIND_OFFER)
            draft = msgspec.structs.replace(offer.draft, end_day=end_day)
            changed = await self._put(connection, offer, draft)
        self._wake()
        return changed

    async def _load(self, connection: aiosqlite.Connection, offer_id: bytes) -> OwnOffer:
        row = await store.get_offer(connection, offer_id)
        if row is None:
            raise NotFoundError("no such offer")
        if row.state == "withdrawn":
            raise GoneError("the offer is being withdrawn")
        if row.end_day <= day_of(self._clock.now()):
            raise ExpiredError("the offer is over")
        return read_offer(row, development=self._rules.settings.development)

    async def _put(
        self, connection: aiosqlite.Connection, offer: OwnOffer, draft: Draft
    ) -> OwnOffer:
        """Let *draft* wait for release; nothing happens where it changes nothing."""
        if draft == offer.draft:
            return offer
        kind = _kind_of(offer.draft, draft)
        if offer.row.change == kind == "room":
            return await self._restore(connection, offer, draft)
        waiting = merge(offer.row.change, kind)
        if offer.row.change is None:
            draft = msgspec.structs.replace(draft, revision=draft.revision + 1)
        row = msgspec.structs.replace(
            offer.row,
            raw=encode_draft(draft),
            end_day=draft.end_day,
            state="draft",
            change=waiting,
        )
        await _update(connection, row)
        await store.put_change(connection, row.id, waiting)
        return OwnOffer(row, draft, None)

    async def _restore(
        self, connection: aiosqlite.Connection, offer: OwnOffer, draft: Draft
    ) -> OwnOffer:
        """Return to what was released last: the same bytes, signed anew.

        A room that was turned and turned back is where peers know it to be: announcing it
        would only tell that somebody was busy.
        """
        assert draft.updated_day is not None  # only what was released can be returned to
        released = msgspec.structs.replace(draft, revision=draft.revision - 1)
        updated = Day(draft.updated_day)
        raw = sign_draft(self._identity, offer.row.id, released, updated=updated)
        row = msgspec.structs.replace(offer.row, raw=raw, state="signed", change=None)
        await _update(connection, row)
        await store.delete_change(connection, row.id)
        return OwnOffer(row, released, raw)


async def _update(connection: aiosqlite.Connection, row: OfferRow) -> None:
    await store.update_offer(
        connection, row.id, raw=row.raw, end_day=row.end_day, state=row.state
    )


def _kind_of(before: Draft, after: Draft) -> Waiting:
    content = msgspec.structs.replace(before.content, room=after.content.room)
    is_room_alone = content == after.content and before.end_day == after.end_day
    return "room" if is_room_alone else "update"
