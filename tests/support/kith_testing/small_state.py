"""What the small node (``small_node.py``) holds, in plain sight for tests."""

from __future__ import annotations

import dataclasses

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.hashes import sha256
from kith_protocol import api


@dataclasses.dataclass
class Account:
    """What the node holds of a member."""

    auth: bytes
    recovery_auth: bytes
    slots: api.Slots

    def is_of(self, auth: bytes) -> bool:
        """Return whether *auth* signs in to it."""
        return self.auth == sha256(auth)


@dataclasses.dataclass
class HeldOffer:
    """What the node holds of an offer."""

    key: VerifyKey
    body: api.OfferBody
    revision: int = 1
    weeks: set[int] = dataclasses.field(default_factory=set)
    bundles: dict[int, bytes] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class HeldProfile:
    """What the node holds of a profile."""

    key: VerifyKey
    body: api.ProfileBody
    shown: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
