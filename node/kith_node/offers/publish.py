"""Publishing: the one moment in which the node knows whose offer it is, and keeps only a seal.

Offer, owner seal and waiting change are one transaction. Creating is idempotent, as the id is
the hash of the offer key: the same content again is no new offer, other content is refused.
What happens next is ``release.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.seals import KIND_OFFER
from kith_node.http.quota import Quota
from kith_node.http.route import MemberId
from kith_node.offers import store
from kith_node.offers.documents import Draft, OwnOffer, encode_draft, read_offer
from kith_node.offers.rules import Rules
from kith_node.offers.seals import OwnerSeals
from kith_node.offers.store import OfferRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.api import OfferBody
from kith_protocol.day import day_of
from kith_protocol.errors import ConflictError


class Publisher:
    """Takes new offers."""

    def __init__(
        self,
        objects: Database,
        *,
        rules: Rules,
        seals: OwnerSeals,
        quota: Quota,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """Take the open ``objects.db`` and the room's parts.

        *wake* is called after each creation: a release may be due, and ``objects.db`` is to be
        rebuilt within the hour.
        """
        self._objects = objects
        self._rules = rules
        self._seals = seals
        self._quota = quota
        self._clock = clock
        self._wake = wake

    async def publish(
        self,
        body: OfferBody,
        *,
        offer_id: bytes,
        key: VerifyKey,
        member: MemberId,
        role: str | None,
    ) -> tuple[OwnOffer, bool]:
        """Return the offer as stored, and whether it is new.

        Args:
            body: what the owner wants to offer, and until when.
            offer_id: 16 bytes, the hash of *key*.
            key: the offer key.
            member: goes into the seal and, hashed, into the quota; nowhere else.
            role: the member's.

        Raises:
            ForbiddenError: this member may not publish here.
            RemoteError: the content or its end breaks a rule (``rules.py``).
            ConflictError: the id is there with other content.
            TooManyError: the member's quota is used up.
            NotReadyError: there is no keyholders' key to seal to.
        """
        self._rules.check_publisher(role)
        content = self._rules.check_content(body.content)
        self._rules.check_first_end(body.end_day, today=day_of(self._clock.now()))
        draft = Draft(content, body.end_day)
        async with self._objects.transaction() as connection:
            row = await store.get_offer(connection, offer_id)
            if row is not None:
                return self._same(row, body, draft), False
            raw = encode_draft(draft)
            await store.insert_offer(
                connection, offer_id=offer_id, key=key, raw=raw, end_day=draft.end_day
            )
            await store.put_change(connection, offer_id, "create")
            await self._seals.keep(connection, member, object_id=offer_id, kind=KIND_OFFER)
            self._quota.charge(member)
        self._wake()
        row = OfferRow(offer_id, key, raw, draft.end_day, "draft", "create")
        return OwnOffer(row, draft, None), True

    def _same(self, row: OfferRow, body: OfferBody, draft: Draft) -> OwnOffer:
        if row.state == "withdrawn":
            raise ConflictError("the offer is being withdrawn")
        offer = read_offer(row, development=self._rules.settings.development)
        # As sent, or as the floor has put it.
        contents = (body.content, draft.content)
        if offer.draft.content not in contents or offer.draft.end_day != body.end_day:
            raise ConflictError("the id is taken by another offer")
        return offer
