"""What a circle keeps in its member's vault beside its messages.

The messages of its links are records of conversations. Here is what they do not say: one's own
seat and keys, how one came in, and the rosters and seats that one made or let in as convener,
which were perhaps sent to nobody. Rosters and seats never change, so devices need not agree on
who writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kith_client.shelf import Shelf
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.circle.links import OwnSeat
from kith_protocol.circle.roster import Roster, roster_hash
from kith_protocol.circle.seat import Seat, seat_hash

CIRCLE_KIND = "circle"
ROSTER_KIND = "circle-roster"
SEAT_KIND = "circle-seat"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all records here; shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class CircleRecord(_Kept, frozen=True):
    """A circle that one convened, or joined or wants to join.

    Attributes:
        own: one's own seat and keys.
        inviter: the seat of who convened it when one was invited; one's own if one began it.
        until_day: day on which it is forgotten if nobody ever lets one in.
        conversation: in which one was invited, 16 bytes; empty if one began it.
        acknowledged: hash of the terms one accepted, as base64url, likewise.
        offer: id of one's own offer that announces it, 16 bytes, or empty.
        newest: hash of the newest roster that was read here, as base64url.
        newest_day: on which it was first read, by one's own clock.
    """

    own: OwnSeat
    inviter: Seat
    until_day: int
    conversation: bytes = b""
    acknowledged: str = ""
    offer: bytes = b""
    newest: str = ""
    newest_day: int = 0


class RosterRecord(_Kept, frozen=True):
    """A roster that one made."""

    roster: Roster


class SeatRecord(_Kept, frozen=True):
    """The seat of somebody whom one let in."""

    seat: Seat


class CircleBook:
    """The circles in one vault."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def all(self) -> dict[bytes, CircleRecord]:
        """Return all circles by id, 16 bytes."""
        return self._shelf.all(CIRCLE_KIND, CircleRecord)

    def get(self, circle: bytes) -> CircleRecord:
        """Return one circle.

        Raises:
            UsageError: there is none of this id.
        """
        record = self._shelf.get(CIRCLE_KIND, circle, CircleRecord)
        if record is None:
            raise UsageError("you are in no such circle")
        return record

    def put(self, record: CircleRecord) -> None:
        """Add or replace a circle."""
        self._shelf.put(CIRCLE_KIND, circle_id(record.own.seat), record)

    def put_roster(self, roster: Roster, seats: Iterable[Seat] = ()) -> None:
        """Keep a roster that one made, and the seats of those who came with it."""
        self._shelf.put(ROSTER_KIND, _raw(roster_hash(roster)), RosterRecord(roster))
        for seat in seats:
            self._shelf.put(SEAT_KIND, _raw(seat_hash(seat)), SeatRecord(seat))

    def rosters(self, circle: bytes) -> list[Roster]:
        """Return the rosters of a circle that one made."""
        found = self._shelf.all(ROSTER_KIND, RosterRecord).values()
        return [one.roster for one in found if one.roster.circle == encode_base64url(circle)]

    def seats(self, circle: bytes) -> list[Seat]:
        """Return the seats of those whom one let into a circle."""
        found = self._shelf.all(SEAT_KIND, SeatRecord).values()
        return [one.seat for one in found if circle_id(one.seat) == circle]

    def drop(self, circle: bytes) -> None:
        """Remove a circle with its rosters and seats; its links are left to the caller."""
        for roster in self.rosters(circle):
            self._shelf.drop(ROSTER_KIND, _raw(roster_hash(roster)))
        for seat in self.seats(circle):
            self._shelf.drop(SEAT_KIND, _raw(seat_hash(seat)))
        self._shelf.drop(CIRCLE_KIND, circle)


def circle_id(seat: Seat) -> bytes:
    """Return the circle of *seat*, 16 bytes."""
    return parse_base64url(seat.circle)


def _raw(name: str) -> bytes:
    return parse_base64url(name)
