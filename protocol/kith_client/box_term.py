"""Until when the node keeps the box of a conversation or a circle."""

from __future__ import annotations

import msgspec

from kith_client.boxes import RENEW_BELOW_MONTHS
from kith_client.correspondence import Correspondence
from kith_crypto.ed25519 import SigningKey
from kith_protocol.day import month_of

KIND = "box"


class BoxTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until which month a box is kept."""

    renew_by: int


async def keep_box(means: Correspondence, name: bytes, key: SigningKey) -> None:
    """Have the box of a conversation or circle kept on, about once a month.

    Args:
        means: to do so.
        name: id of the conversation or circle, 16 bytes.
        key: owner of the box.
    """
    term = means.shelf.get(KIND, name, BoxTerm)
    if term is not None and term.renew_by - month_of(means.today) >= RENEW_BELOW_MONTHS:
        return
    renew_by = means.reply_month()
    if not await means.boxes.renew(key, renew_by=renew_by):
        await means.boxes.create(key, "reply", renew_by=renew_by)
    means.shelf.put(KIND, name, BoxTerm(renew_by))
