"""What stewards decide about offers."""

from __future__ import annotations

import msgspec

from kith_protocol.offer_content import Audience
from kith_protocol.release import ReleaseConfig


class OfferSettings(msgspec.Struct, frozen=True):
    """The community's rules for its own offers and profiles.

    Attributes:
        programme: of the community; every offer has this audience.
        allows_in_person: whether members may offer to meet.
        max_days: longest life an offer is given at once, in days, 1 to 365.
        new_offers: new offers a member may publish in 30 days; 0 lifts the limit.
        new_profiles: the same for profiles.
        floor: a topic that fewer live offers mention is put as its parent topic; 0 is off.
        release: when changes leave.
        development: loopback addresses are allowed in documents.
    """

    programme: Audience = "adults"
    allows_in_person: bool = False
    max_days: int = 90
    new_offers: int = 5
    new_profiles: int = 5
    floor: int = 0
    release: ReleaseConfig = ReleaseConfig()
    development: bool = False
