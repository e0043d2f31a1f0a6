"""Invites: a code, a role and a last day in a link's fragment, of which a node keeps a hash.

The fragment never reaches a server's log. Using an invite up is left to the node.
Source: SPEC.md, section on invites: the hash is SHA-256(code ‖ role ‖ expiry day).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_protocol.day import MAX_DAY, Day
from kith_protocol.errors import ExpiredError
from kith_protocol.urls import Origin

Role: TypeAlias = Literal["member", "vetted", "intake", "moderator", "safeguarding", "admin"]
"""``vetted`` may publish in a youth programme; the last four are stewards."""

ROLES: tuple[Role, ...] = (
    "member",
    "vetted",
    "intake",
    "moderator",
    "safeguarding",
    "admin",
)  # the place of a role is its byte on the wire: append only
CODE_BYTES = 16

_INVITE_BYTES = CODE_BYTES + 1 + 4


class Invite(msgspec.Struct, frozen=True):
    """One invite. It is a secret: whoever has it may use it.

    Attributes:
        code: 16 random bytes.
        role: what the new member will be.
        expiry_day: it can be used until the end of this day.
    """

    code: bytes
    role: Role
    expiry_day: Day

    def __repr__(self) -> str:
        return "Invite(...)"


def encode_invite(invite: Invite) -> str:
    """Return *invite* as the 28 characters of a link."""
    return encode_base64url(_to_bytes(invite))


def parse_invite(text: str) -> Invite:
    """Return the invite in *text*, 28 characters of base64url.

    Raises:
        MalformedError: another length or alphabet, a role or day that does not exist.
    """
    raw = parse_base64url(text, size=_INVITE_BYTES)
    role, day = raw[CODE_BYTES], int.from_bytes(raw[CODE_BYTES + 1 :], "big")
    if role >= len(ROLES) or day > MAX_DAY:
        raise MalformedError("not an invite")
    return Invite(code=raw[:CODE_BYTES], role=ROLES[role], expiry_day=Day(day))


def invite_hash(invite: Invite) -> bytes:
    """Return the 32 bytes by which a node knows *invite*."""
    return sha256(_to_bytes(invite))


def invite_link(origin: Origin, invite: Invite) -> str:
    """Return the link to hand over, the invite in its fragment."""
    return f"{origin}/#i={encode_invite(invite)}"


def check_invite(invite: Invite, *, today: Day) -> None:
    """Return if *invite* can still be used.

    Raises:
        ExpiredError: its last day is over.
    """
    if invite.expiry_day < today:
        raise ExpiredError("the invite has expired")


def _to_bytes(invite: Invite) -> bytes:
    assert len(invite.code) == CODE_BYTES
    role = ROLES.index(invite.role).to_bytes(1, "big")
    return invite.code + role + invite.expiry_day.to_bytes(4, "big")
