"""What the bytes of a stored offer say: the owner's draft, or the object as signed.

A draft is what the owner wrote last and has not been released; it becomes a signed object at
release, when the node adds the day and its proof.
"""

from __future__ import annotations

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import parse_json_object
from kith_node.offers.store import OfferRow
from kith_protocol.api import OwnOfferAnswer
from kith_protocol.limits import MAX_ACTIVITY_BYTES
from kith_protocol.offer import Offer, parse_offer
from kith_protocol.offer_content import OfferContent

ETAG_BYTES = 16


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """An offer before it is signed.

    Attributes:
        content: what the owner chose.
        end_day: days since the Unix epoch.
        revision: from 1; that of the release that will bring it.
        published_day: of the first release, None before.
        updated_day: of the latest release, None before the first.
    """

    content: OfferContent
    end_day: int
    revision: int = 1
    published_day: int | None = None
    updated_day: int | None = None


class OwnOffer(msgspec.Struct, frozen=True):
    """An offer read from its row.

    Attributes:
        row: as stored.
        draft: its newest content.
        signed: the signed object's bytes, None while the newest content waits for release.
    """

    row: OfferRow
    draft: Draft
    signed: bytes | None

    @property
    def is_released(self) -> bool:
        """Whether a version of it has left."""
        return self.row.change != "create"


_encoder = msgspec.json.Encoder(order="sorted")
_draft_decoder = msgspec.json.Decoder(Draft)


def encode_draft(draft: Draft) -> bytes:
    """Return the bytes in which *draft* is stored."""
    return _encoder.encode(draft)


def read_offer(row: OfferRow, *, development: bool) -> OwnOffer:
    """Return what *row* says.

    Args:
        row: not ``withdrawn``.
        development: loopback addresses are allowed.
    """
    if row.state == "draft":
        return OwnOffer(row, _draft_decoder.decode(row.raw), None)
    offer = parse_own(row.raw, development=development)
    return OwnOffer(row, _draft_of(offer), row.raw)


def parse_own(raw: bytes, *, development: bool) -> Offer:
    """Return the signed object in *raw*, checked by the rules for objects that travel.

    Topics are not looked up: a vocabulary may have changed since the owner chose them.

    Raises:
        RemoteError: a rule is broken.
    """
    document = parse_json_object(raw, max_bytes=MAX_ACTIVITY_BYTES)
    return parse_offer(
        document, programme=None, is_known_topic=lambda _: True, development=development
    )


def _draft_of(offer: Offer) -> Draft:
    return Draft(
        content=offer.content,
        end_day=offer.end_day,
        revision=offer.revision,
        published_day=offer.published,
        updated_day=offer.updated,
    )


def etag_of(draft: Draft) -> str:
    """Return the entity tag of *draft*: the same before and after it is signed."""
    undated = msgspec.structs.replace(draft, published_day=None, updated_day=None)
    digest = sha256(_encoder.encode(undated))[:ETAG_BYTES]
    return f'"{encode_base64url(digest)}"'


def answer_of(offer: OwnOffer) -> OwnOfferAnswer:
    """Return *offer* as its owner sees it."""
    draft = offer.draft
    return OwnOfferAnswer(
        id=encode_base64url(offer.row.id),
        content=draft.content,
        end_day=draft.end_day,
        revision=draft.revision,
        released=offer.is_released,
        state="released" if offer.row.change is None else "waiting",
        published_day=draft.published_day if offer.is_released else None,
        object=msgspec.UNSET if offer.signed is None else msgspec.Raw(offer.signed),
    )
