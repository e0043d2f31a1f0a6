"""What seats and rosters have in common: canonical bytes that are signed.

Source: RFC 8785.
"""

from __future__ import annotations

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_protocol.conversation.body import BodyStruct


class Signed(BodyStruct, frozen=True):
    """Base of what is signed: its ``sign`` is over everything else in it."""


def signed_bytes(value: Signed) -> bytes:
    """Return what is signed and hashed of *value*: its canonical JSON without ``sign``."""
    plain = msgspec.json.decode(msgspec.json.encode(value))
    return canonical_bytes({name: part for name, part in plain.items() if name != "sign"})
