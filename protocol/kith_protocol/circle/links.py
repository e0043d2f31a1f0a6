"""Links: the conversation that each two members of a circle have for the circle alone.

Nothing is sealed for a group. Between each two members there is a one-to-one conversation that
began with no knock: everything that a knock and its answer fix follows from the two seats. The
smaller key has the mentee's role, only so that the two sides have different ones. From then on
reply keys, lanes, gaps and reports are those of every conversation, and no two envelopes of one
message have anything in common.

Source: SPEC.md, section on circles.
"""

from __future__ import annotations

import msgspec

from kith_crypto.core import LANE_BYTES, ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_crypto.objects import ID_BYTES
from kith_protocol.circle.seat import Seat, SeatKeys, key_of
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.records import ReplyKey, Seed, Talk

_LABEL = b"kith/circle-link/v1\0"
_FIRST_LANE = bytes(LANE_BYTES)  # no device's: a seat's reply key belongs to all of them
_NO_OFFER = bytes(ID_BYTES)


class OwnSeat(msgspec.Struct, frozen=True):
    """One's own seat with its keys. Its ``repr`` shows nothing.

    Attributes:
        seat: as others see it.
        keys: that own it.
        made_at: when it was made, seconds.
    """

    seat: Seat
    keys: SeatKeys
    made_at: int

    def __repr__(self) -> str:
        return "OwnSeat(...)"


def link_hash(circle: str, one: str, other: str) -> bytes:
    """Return the 32 bytes that name the link of two members; either order gives the same.

    Args:
        circle: 16 bytes as base64url.
        one: key of a seat, as base64url.
        other: that of the other seat.
    """
    keys = sorted(parse_base64url(key, size=32) for key in (one, other))
    return sha256(_LABEL + parse_base64url(circle, size=ID_BYTES) + b"".join(keys))


def link_id(own: Seat, seat: Seat) -> bytes:
    """Return the id of the conversation with the owner of *seat*, 16 bytes."""
    return link_hash(own.circle, own.key, seat.key)[:ID_BYTES]


def begin_link(own: OwnSeat, seat: Seat, *, lane: bytes, now: int) -> Conversation:
    """Return the conversation with the owner of *seat*, with its records to be stored.

    Every device of both sides begins the same one.

    Args:
        own: one's own seat.
        seat: the other one, checked (``check_seat``).
        lane: of this device, see ``records.lane_of``.
        now: seconds.

    Raises:
        UsageError: it is one's own, or of another circle.
    """
    if seat.circle != own.seat.circle or seat.key == own.seat.key:
        raise UsageError("a link is between two seats of one circle")
    peer_key, own_key = key_of(seat), SigningKey.from_seed(own.keys.seed).verify_key
    named = link_hash(own.seat.circle, own.seat.key, seat.key)
    talk = Talk(
        conversation=named[:ID_BYTES],
        role=ROLE_MENTEE if own_key < peer_key else ROLE_MENTOR,
        offer=_NO_OFFER,
        seed=own.keys.seed,
        box_seed=own.keys.box_seed,
        peer_key=peer_key,
        peer_box=parse_base64url(seat.box, size=ID_BYTES),
        peer_node=seat.node,
        first=ReplyKey(turn=0, lane=_FIRST_LANE, key=parse_base64url(seat.reply)),
        knock_hash=named,
        circle=parse_base64url(seat.circle, size=ID_BYTES),
    )
    # Number 0 has always been seen: whoever has the seat has the key.
    seed = Seed(
        conversation=talk.conversation,
        lane=_FIRST_LANE,
        turn=0,
        seed=own.keys.reply_seed,
        made_at=own.made_at,
        heard=0,
        seq=0,
    )
    return Conversation.begin(talk, lane=lane, messages=(), seeds=(seed,), proofs=(), now=now)
