"""From a draft to the public object: dated, signed by the node, in the bytes that leave."""

from __future__ import annotations

from typing import Protocol

from kith_crypto.canonical import canonical_bytes
from kith_crypto.strict_json import JsonObject
from kith_node.offers.documents import Draft
from kith_protocol.day import Day
from kith_protocol.offer import Offer, build_offer
from kith_protocol.urls import Origin, offer_url


class Identity(Protocol):
    """The node as it signs (``federation.identity.NodeIdentity``)."""

    @property
    def origin(self) -> Origin:
        """Scheme and authority of every id."""
        ...

    @property
    def actor(self) -> str:
        """The actor's id."""
        ...

    def sign(self, document: JsonObject, *, day: Day) -> JsonObject:
        """Return *document* with a proof made on *day*."""
        ...


def sign_draft(identity: Identity, offer_id: bytes, draft: Draft, *, updated: Day) -> bytes:
    """Return the signed object (JCS) that *draft* becomes on the day *updated*.

    The same draft and day give the same bytes, as Ed25519 is deterministic.

    Args:
        identity: signs.
        offer_id: 16 bytes.
        draft: published on that day if it never was before.
        updated: the day of this release.
    """
    published = updated if draft.published_day is None else Day(draft.published_day)
    offer = Offer(
        id=offer_url(identity.origin, offer_id),
        author=identity.actor,
        published=published,
        updated=updated,
        end_day=Day(draft.end_day),
        revision=draft.revision,
        content=draft.content,
    )
    return canonical_bytes(identity.sign(build_offer(offer), day=updated))
