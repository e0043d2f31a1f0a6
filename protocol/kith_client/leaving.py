"""Leaving: all that a member owns on their node goes, in an order that is safe to repeat.

Boxes are closed first, with what lies in them; then profiles and offers go, each by its own
key. Deleting the account, with the vault, is the caller's part, and the last one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from kith_client.boxes import Boxes
from kith_client.keystore import KeyStore
from kith_client.offers import Offers
from kith_client.profiles import Profiles
from kith_crypto.ed25519 import SigningKey
from kith_crypto.randomness import Rng
from kith_protocol.api import Receipt


@dataclasses.dataclass(frozen=True, slots=True)
class Withdrawn:
    """One offer that was withdrawn on leaving.

    Attributes:
        offer: its id, 16 bytes.
        receipts: what each peer had said when the account was deleted.
    """

    offer: bytes
    receipts: tuple[Receipt, ...]


async def withdraw_everything(
    *,
    keys: KeyStore,
    boxes: Boxes,
    box_keys: Iterable[SigningKey],
    profiles: Profiles,
    offers: Offers,
    rng: Rng,
) -> tuple[Withdrawn, ...]:
    """Close the boxes, withdraw profiles and offers, return the erasure receipts so far.

    Stops at the first call that fails; doing it again goes on from there. The keys of withdrawn
    offers are kept, so that receipts that are still pending can be asked for until the offers
    would have ended.

    Args:
        keys: of what is withdrawn.
        boxes: where boxes are closed.
        box_keys: of all boxes for answers, closed in random order; those of offers go with
            these.
        profiles: withdraws profiles.
        offers: withdraws offers.
        rng: for the order.
    """
    for key in sorted(box_keys, key=lambda _: rng.bytes(8)):
        await boxes.close(key)
    for profile in keys.profiles:
        await profiles.withdraw(profile.id)
    for offer in keys.offers:
        if offer.state != "withdrawn":
            await offers.withdraw(offer.id)
    return tuple(
        [Withdrawn(offer.id, await offers.receipts(offer.id)) for offer in keys.offers]
    )
